//! What contradicts: told with both values, at the place of the one that is written.

use super::super::write::one_line;
use super::super::{Node, scalar::Context};
use super::agree;
use super::recognise::Entry;
use crate::extract::Kind;
use crate::finding::{Finding, Level};
use crate::registry::{Key, Registry, Scalar};
use crate::source::{self, Span};
use crate::types;

/// What speaks against a drafted entry, and which of its fields are not to be added for that.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub findings: Vec<Finding>,
    pub refused: Vec<&'static str>,
}

/// Makes a finding of rule, level, message and path within the entry.
type Base<'f> = dyn Fn(&'static str, Level, String, &[&str]) -> Finding + 'f;

/// The parts of which at most one value is told.
const SINGLE: [&str; 5] = ["value", "element", "member", "score", "message"];

/// Compares a drafted entry with the declared one that it is.
pub(super) fn between(
    (registry, declared): (&Registry, &Entry<'_>),
    (found, drafted): (&Registry, &Entry<'_>),
    is_owner: bool,
    is_same: bool,
    node: &Node,
) -> Found {
    let mut out = Found::default();
    let base = |rule: &'static str, level: Level, message: String, path: &[&str]| Finding {
        bus: Some(declared.bus.clone()),
        module: Some(registry.module(declared.module).name.clone()),
        entry: Some(declared.name.to_owned()),
        pattern: Some(declared.pattern.as_str().to_owned()),
        ..Finding::new(rule, level, message).at(registry.span(declared.address, path))
    };
    let field = if declared.kind == Kind::Key { "key" } else { "channel" };
    if !is_same {
        let message =
            format!("`{}` is known by itself, and declared only as one of `{}`", drafted.pattern, declared.pattern);
        let finding = base("pattern-differs", Level::Info, message, &[field]).subject(drafted.pattern.as_str());
        out.findings.push(finding.hint("give it an entry of its own if it differs from the others of the pattern"));
    }
    let other = &found.module(drafted.module).name;
    if declared.kind == Kind::Key && !is_owner && node.get("operations").is_some() {
        let owner = &registry.module(declared.module).name;
        let message = format!("`{}` is declared of `{owner}`, and `{other}` writes it", declared.pattern);
        let finding = base("written-by-two", Level::Warning, message, &[field])
            .subject(other)
            .caret(format!("owned by `{owner}`"));
        out.findings.push(finding.hint("name the owner that is right, or give each writer a name of its own"));
    }
    let (Some(key), Some(draft)) = (key(registry, declared), key(found, drafted)) else {
        out.singles(node, registry, declared, &base);
        return out;
    };
    out.types((registry, declared, key), draft, &base);
    out.limits((registry, declared, key), (found, draft), node, &base);
    out.singles(node, registry, declared, &base);
    out
}

impl Found {
    /// Types that exclude one another, and fields that do not fit the type that is declared.
    fn types(&mut self, (registry, declared, key): (&Registry, &Entry<'_>, &Key), draft: &Key, base: &Base<'_>) {
        if let (Some(own), Some(seen)) = (key.redis_type, draft.redis_type)
            && own.reply != seen.reply
        {
            let message = format!("`{}` is declared as {}, and is a {}", declared.pattern, own.name, seen.name);
            let finding =
                base("type-differs", Level::Error, message, &["type"]).caret(format!("declared as {}", own.name));
            self.findings.push(finding.subject("type").hint("one of the two is wrong; a key has one type"));
            // What works on the other type cannot be right here either.
            self.refused.extend(["retention", "operations", "consumers"]);
        }
        if let Some(own) = key.redis_type {
            self.refused.extend(parts().filter(|part| !own.parts.contains(part)));
        } else if let (Some(seen), Some(written)) = (draft.redis_type, written(registry, declared))
            && written
                .entries()
                .iter()
                .any(|entry| parts().any(|part| part == entry.name) && !seen.parts.contains(&entry.name.as_str()))
        {
            self.refused.push("type");
            self.refused.extend(parts());
        }
    }

    /// Times to live and bounds.
    fn limits(
        &mut self,
        (registry, declared, key): (&Registry, &Entry<'_>, &Key),
        (found, draft): (&Registry, &Key),
        node: &Node,
        base: &Base<'_>,
    ) {
        let readers = ((registry, key.module), (found, draft.module));
        let told = |path: &[&str]| told(registry, declared, node, path);
        if let (Some(own), Some(seen)) = (&key.retention.ttl, &draft.retention.ttl)
            && !agree::ttl((own, readers.0), (seen, readers.1))
        {
            let (own, seen) = told(&["retention", "ttl"]);
            let message = format!("the TTL of `{}` is declared as `{own}`, and is `{seen}`", declared.pattern);
            let finding =
                base("ttl-differs", Level::Warning, message, &["retention", "ttl"]).caret(format!("found: {seen}"));
            self.findings.push(finding.subject("ttl"));
        }
        if let (Some(own), Some(seen)) = (&key.retention.max_entries, &draft.retention.max_entries)
            && !agree::bound((own, readers.0), (seen, readers.1))
        {
            let (own, seen) = told(&["retention", "max_entries"]);
            let message = format!("the bound of `{}` is declared as `{own}`, and is `{seen}`", declared.pattern);
            let finding = base("bound-differs", Level::Warning, message, &["retention", "max_entries"])
                .caret(format!("found: {seen}"));
            self.findings.push(finding.subject("max_entries"));
        }
    }

    fn singles(&mut self, node: &Node, registry: &Registry, declared: &Entry<'_>, base: &Base<'_>) {
        for part in SINGLE {
            let own = written(registry, declared).and_then(|written| written.get(part)).and_then(source::Node::text);
            let Some((own, seen)) = own.zip(node.get(part)) else { continue };
            let seen = one_line(seen, Context::Flow, 0);
            if self.refused.contains(&part) || !contradict(own, &seen) {
                continue;
            }
            let message = format!("the {part} of `{}` is declared as `{own}`, and is `{seen}`", declared.pattern);
            let finding = base("payload-differs", Level::Warning, message, &[part]).caret(format!("found: {seen}"));
            self.findings.push(finding.subject(part));
        }
    }
}

/// Two values that cannot both be right. Text, bytes and json are what anything may be taken for; of two payloads only their
/// schemas can tell.
fn contradict(own: &str, seen: &str) -> bool {
    let vague = |word: &str| matches!(Scalar::from_word(word), Some(Scalar::Text | Scalar::Bytes | Scalar::Json));
    let number = |word: &str| {
        use Scalar::{EpochMs, EpochNs, EpochS, EpochUs, Integer, Number};
        matches!(Scalar::from_word(word), Some(Integer | Number | EpochS | EpochMs | EpochUs | EpochNs))
    };
    match (Scalar::from_word(own), Scalar::from_word(seen)) {
        _ if own == seen || vague(own) || vague(seen) => false,
        // A witness sees numbers, and not what they count.
        (Some(_), Some(_)) => !(number(own) && number(seen)),
        (None, None) => false,
        (Some(_), None) | (None, Some(_)) => true,
    }
}

/// Shares names with a declared pattern, and neither is more specific.
pub(super) fn crossing(registry: &Registry, declared: &Entry<'_>, drafted: &Entry<'_>) -> Finding {
    let field = if declared.kind == Kind::Key { "key" } else { "channel" };
    let message = format!(
        "`{}` and the declared `{}` claim some of the same names, and neither is more specific",
        drafted.pattern, declared.pattern
    );
    Finding {
        bus: Some(declared.bus.clone()),
        module: Some(registry.module(declared.module).name.clone()),
        entry: Some(declared.name.to_owned()),
        pattern: Some(declared.pattern.as_str().to_owned()),
        ..Finding::new("pattern-differs", Level::Warning, message)
            .at(registry.span(declared.address, &[field]))
            .subject(drafted.pattern.as_str())
            .hint("not added; narrow one of the two by the types of its params")
    }
}

/// Something that the layout of the text has no place for.
pub(super) fn not_added(root: &source::Node, what: &str) -> Finding {
    let span = root.entries().first().map_or(root.span, |entry| entry.name_span);
    super::rules::NOT_ADDED
        .finding(format!("could not be added to the text as it is laid out: {what}"))
        .at(Span { end: span.start, ..span })
        .subject(what)
        .hint("add it by hand; `--out` writes the draft as files of its own")
}

fn key<'r>(registry: &'r Registry, entry: &Entry<'_>) -> Option<&'r Key> {
    registry.keys.iter().find(|key| entry.kind == Kind::Key && key.address == *entry.address)
}

fn written<'r>(registry: &'r Registry, entry: &Entry<'_>) -> Option<&'r source::Node> {
    super::at_path(&registry.trees[entry.address.tree], &entry.address.path)
}

/// Both values as they are written.
fn told(registry: &Registry, declared: &Entry<'_>, draft: &Node, path: &[&str]) -> (String, String) {
    let own = path.iter().try_fold(written(registry, declared), |node, name| Some(node?.get(name)));
    let own = own.flatten().map_or_else(String::new, |node| one_line(&Node::from(&node.to_json()), Context::Block, 0));
    let seen = path.iter().try_fold(draft, |node, name| node.get(name));
    (bare(own), bare(seen.map_or_else(String::new, |node| one_line(node, Context::Block, 0))))
}

fn bare(text: String) -> String {
    text.trim_matches('"').to_owned()
}

/// The fields that describe parts of some type.
fn parts() -> impl Iterator<Item = &'static str> {
    types::TYPES.iter().flat_map(|of| of.parts).copied()
}
