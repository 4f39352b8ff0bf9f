//! Names to entries: which pattern claims a name. Fast enough for millions of names a second in all but hostile registries.

use std::collections::HashMap;

use regex::bytes::{Regex, RegexBuilder};

use super::model::{ModuleId, Registry};
use super::param::ParamKind;
use super::pattern::{Pattern, Token};

/// Bytes that the automata of one pattern may take.
const SIZE_LIMIT: usize = 10 << 20;

/// A pattern ready to match: of a key, a channel or a hash field. `T` says whose it is.
#[derive(Debug, Clone)]
pub struct Claim<T> {
    /// Whose pattern it is.
    pub target: T,
    pattern: Pattern,
    expression: String,
    regex: Regex,
    suffix: Vec<u8>,
    ranged: Vec<(usize, ParamKind)>,
}

impl<T> Claim<T> {
    /// Makes a pattern ready, with the params of its module.
    ///
    /// # Errors
    /// When the expressions of its params make it too large.
    pub fn new(target: T, pattern: &Pattern, registry: &Registry, module: ModuleId) -> Result<Self, String> {
        let kinds: Vec<ParamKind> = pattern.params().map(|name| registry.param(module, name).kind).collect();
        let expression = expression(pattern, &kinds);
        let regex = RegexBuilder::new(&format!("^(?:{expression})$"))
            .size_limit(SIZE_LIMIT)
            .build()
            .map_err(|_| format!("the pattern `{pattern}` is too large; simplify the expressions of its params"))?;
        let suffix = match pattern.tokens().last() {
            Some(Token::Literal(text)) => text.as_bytes().to_vec(),
            Some(Token::Param(_)) | None => Vec::new(),
        };
        let ranged = kinds.into_iter().enumerate().filter(|(_, kind)| kind.is_ranged()).collect();
        Ok(Self { target, pattern: pattern.clone(), expression, regex, suffix, ranged })
    }

    /// Does the pattern claim this name?
    #[must_use]
    pub fn matches(&self, name: &[u8]) -> bool {
        if !name.ends_with(&self.suffix) || !self.regex.is_match(name) {
            return false;
        }
        self.ranged.is_empty()
            || self.regex.captures(name).is_some_and(|groups| {
                self.ranged
                    .iter()
                    .all(|(at, kind)| groups.get(at + 1).is_some_and(|value| kind.accepts(value.as_bytes())))
            })
    }

    /// The values of the params in a name that it claims, in the pattern's order.
    #[must_use]
    pub fn values<'n>(&self, name: &'n [u8]) -> Vec<(&str, &'n [u8])> {
        let Some(groups) = self.regex.captures(name) else { return Vec::new() };
        self.pattern.params().zip(groups.iter().skip(1).flatten().map(|group| group.as_bytes())).collect()
    }

    /// The pattern.
    #[must_use]
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// The expression of the whole pattern, each param a group, for [`super::automaton::Language`].
    #[must_use]
    pub fn expression(&self) -> &str {
        &self.expression
    }
}

/// Each param is one capture group; groups of users' own expressions are made anonymous.
fn expression(pattern: &Pattern, kinds: &[ParamKind]) -> String {
    let mut kinds = kinds.iter();
    let mut expression = String::new();
    for token in pattern.tokens() {
        match token {
            Token::Literal(text) => expression.push_str(&regex::escape(text)),
            Token::Param(_) => {
                let kind = kinds.next().map(|kind| anonymous(&kind.regex())).unwrap_or_default();
                expression.push_str(&format!("({kind})"));
            }
        }
    }
    expression
}

/// Turns the capture groups of an expression into plain ones, so that positions of params hold.
fn anonymous(expression: &str) -> String {
    let mut out = String::with_capacity(expression.len());
    let mut rest = expression.chars().peekable();
    let mut in_class = 0usize;
    while let Some(c) = rest.next() {
        out.push(c);
        match c {
            '\\' => out.extend(rest.next()),
            '[' => in_class += 1,
            ']' => in_class = in_class.saturating_sub(1),
            '(' if in_class == 0 && rest.peek() != Some(&'?') => out.push_str("?:"),
            '(' if in_class == 0 => {
                // `(?P<name>` and `(?<name>` capture as well.
                let ahead: String = rest.clone().take(3).collect();
                if ahead.starts_with("?P<") || ahead.starts_with("?<") {
                    while rest.next().is_some_and(|c| c != '>') {}
                    out.push_str("?:");
                }
            }
            _ => {}
        }
    }
    out
}

/// All patterns of one kind on one bus, ready to find the one that claims a name.
#[derive(Debug, Clone)]
pub struct Matcher<T> {
    claims: Vec<Claim<T>>,
    /// Static names, which are always most specific.
    exact: HashMap<Vec<u8>, usize>,
    /// A trie over literal prefixes; node 0 is the root. At each node the dynamic patterns whose prefix ends there.
    nodes: Vec<PrefixNode>,
}

#[derive(Debug, Clone, Default)]
struct PrefixNode {
    edges: Vec<(u8, u32)>,
    claims: Vec<usize>,
}

impl<T: Copy> Matcher<T> {
    /// Makes a matcher; where two patterns claim a name and neither is more specific, the earlier one wins.
    #[must_use]
    pub fn new(claims: Vec<Claim<T>>) -> Self {
        let mut order: Vec<usize> = (0..claims.len()).collect();
        // A linear order that agrees with "more specific": how many others a pattern is more specific than.
        let ranks: Vec<usize> = claims
            .iter()
            .map(|claim| claims.iter().filter(|other| more_specific(&other.pattern, &claim.pattern)).count())
            .collect();
        order.sort_by_key(|at| ranks[*at]);
        let mut matcher = Self { claims, exact: HashMap::new(), nodes: vec![PrefixNode::default()] };
        for at in order {
            let pattern = &matcher.claims[at].pattern;
            if pattern.is_static() {
                let name = pattern.literal_prefix().as_bytes().to_vec();
                matcher.exact.entry(name).or_insert(at);
            } else {
                let prefix = pattern.literal_prefix().to_owned();
                let node = matcher.node(prefix.as_bytes());
                matcher.nodes[node].claims.push(at);
            }
        }
        matcher
    }

    fn node(&mut self, prefix: &[u8]) -> usize {
        let mut at = 0;
        for byte in prefix {
            let known = self.nodes[at].edges.iter().find(|(edge, _)| edge == byte).map(|(_, next)| *next as usize);
            at = known.unwrap_or_else(|| {
                let next = self.nodes.len();
                self.nodes.push(PrefixNode::default());
                self.nodes[at].edges.push((*byte, u32::try_from(next).unwrap_or(0)));
                next
            });
        }
        at
    }

    /// The most specific pattern that claims a name.
    #[must_use]
    pub fn find(&self, name: &[u8]) -> Option<&Claim<T>> {
        if let Some(at) = self.exact.get(name) {
            return self.claims.get(*at);
        }
        let mut best = None;
        self.visit(name, |claim| {
            let better = best.is_none_or(|known: &Claim<T>| more_specific(&claim.pattern, &known.pattern));
            if better {
                best = Some(claim);
            }
        });
        best
    }

    /// All patterns that claim a name, the most specific first where they can be ordered.
    #[must_use]
    pub fn find_all(&self, name: &[u8]) -> Vec<&Claim<T>> {
        let mut found: Vec<&Claim<T>> = self.exact.get(name).and_then(|at| self.claims.get(*at)).into_iter().collect();
        self.visit(name, |claim| found.push(claim));
        found.sort_by(|a, b| more_specific(&b.pattern, &a.pattern).cmp(&more_specific(&a.pattern, &b.pattern)));
        found
    }

    fn visit<'a>(&'a self, name: &[u8], mut found: impl FnMut(&'a Claim<T>)) {
        let mut node = &self.nodes[0];
        let mut rest = name.iter();
        loop {
            for at in &node.claims {
                if self.claims[*at].matches(name) {
                    found(&self.claims[*at]);
                }
            }
            let Some(byte) = rest.next() else { return };
            let Some((_, next)) = node.edges.iter().find(|(edge, _)| edge == byte) else { return };
            node = &self.nodes[*next as usize];
        }
    }

    /// All patterns.
    #[must_use]
    pub fn claims(&self) -> &[Claim<T>] {
        &self.claims
    }
}

/// Is `a` more specific than `b`: literal where `b` has a param, segment by segment, and nowhere the other way round?
///
/// A matter of the written form alone; whether the two overlap is the automata's business.
#[must_use]
pub fn more_specific(a: &Pattern, b: &Pattern) -> bool {
    covers(b, a) && !covers(a, b)
}

/// Can each part of `narrow` be laid under `wide`: literals under the same literals or under params, params under params?
fn covers(wide: &Pattern, narrow: &Pattern) -> bool {
    let atoms = |pattern: &Pattern| -> Vec<Option<char>> {
        let chars = |token: &Token| match token {
            Token::Literal(text) => text.chars().map(Some).collect::<Vec<_>>(),
            Token::Param(_) => vec![None],
        };
        pattern.tokens().iter().flat_map(chars).collect()
    };
    let (wide, narrow) = (atoms(wide), atoms(narrow));
    // reachable[j]: the first i atoms of `wide` can lie over the first j of `narrow`. A param lies over one or more atoms.
    let mut reachable = vec![false; narrow.len() + 1];
    reachable[0] = true;
    for atom in &wide {
        let mut next = vec![false; narrow.len() + 1];
        for j in 0..narrow.len() {
            let fits = atom.is_none() || *atom == narrow[j];
            next[j + 1] = fits && (reachable[j] || (atom.is_none() && next[j]));
        }
        reachable = next;
    }
    reachable[narrow.len()]
}

/// Redis's own glob: `*`, `?`, `[abc]`, `[^a]`, `[a-z]`, `\` escapes. In time linear in both for each star.
#[must_use]
pub fn glob_matches(glob: &[u8], name: &[u8]) -> bool {
    let (mut g, mut n) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let step = if g < glob.len() && glob[g] == b'*' {
            retry = Some((g + 1, n));
            g += 1;
            continue;
        } else if n < name.len() {
            one(&glob[g..], name[n])
        } else if g == glob.len() {
            return true;
        } else {
            None
        };
        match (step, &mut retry) {
            (Some(used), _) => {
                g += used;
                n += 1;
            }
            (None, Some((after_star, from))) if *from < name.len() => {
                *from += 1;
                g = *after_star;
                n = *from;
            }
            (None, _) => return false,
        }
    }
}

/// The expression of a glob, for [`super::automaton::Language`]. Each place is asked for every byte, so that it is no
/// second reading of the syntax.
#[must_use]
pub fn glob_expression(glob: &[u8]) -> String {
    let mut expression = String::new();
    let mut at = 0;
    while at < glob.len() {
        if glob[at] == b'*' {
            expression.push_str("(?s-u:.)*");
            at += 1;
            continue;
        }
        let matching: Vec<(u8, usize)> =
            (0..=u8::MAX).filter_map(|byte| Some((byte, one(&glob[at..], byte)?))).collect();
        let class: String = matching.iter().map(|(byte, _)| format!("\\x{byte:02x}")).collect();
        // A place that no byte fits, such as `[]`, makes a glob that matches nothing.
        expression.push_str(&if class.is_empty() { "[a&&b]".to_owned() } else { format!("(?-u:[{class}])") });
        at += matching.first().map_or(glob.len(), |(_, used)| *used);
    }
    expression
}

/// How many bytes of the glob match this one byte, if they do.
fn one(glob: &[u8], byte: u8) -> Option<usize> {
    match glob.first()? {
        b'?' => Some(1),
        b'\\' if glob.len() > 1 => (glob[1] == byte).then_some(2),
        b'[' => {
            let negated = glob.get(1) == Some(&b'^');
            let mut at = if negated { 2 } else { 1 };
            let mut found = false;
            while at < glob.len() && glob[at] != b']' {
                if glob[at] == b'\\' && at + 1 < glob.len() {
                    found |= glob[at + 1] == byte;
                    at += 2;
                } else if glob.get(at + 1) == Some(&b'-') && at + 2 < glob.len() {
                    let (low, high) = (glob[at].min(glob[at + 2]), glob[at].max(glob[at + 2]));
                    found |= (low..=high).contains(&byte);
                    at += 3;
                } else {
                    found |= glob[at] == byte;
                    at += 1;
                }
            }
            (found != negated).then_some((at + 1).min(glob.len()))
        }
        literal => (*literal == byte).then_some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::parse(text).unwrap()
    }

    #[test]
    fn literal_before_param_segment_by_segment() {
        let more = |a, b| more_specific(&pattern(a), &pattern(b));
        assert!(more("a:b", "a:{x}"));
        assert!(more("a:{x}:trail", "a:{rest}"));
        assert!(more("a:{x}:{y}", "a:{rest}"));
        assert!(!more("a:{x}", "a:{y}"));
        assert!(!more("a:{x}:c", "a:b:{y}"));
        assert!(!more("a:b:{y}", "a:{x}:c"));
        assert!(more("a:b:{y}", "a:{x}:{y}"));
    }

    #[test]
    fn globs_are_those_of_redis() {
        for (glob, name, expected) in [
            ("massive:*", "massive:spot", true),
            ("massive:*", "massiv", false),
            ("*", "", true),
            ("a?c", "abc", true),
            ("a[b-d]c", "acc", true),
            ("a[^b]c", "abc", false),
            ("a\\*c", "a*c", true),
            ("a\\*c", "abc", false),
            ("*a*b*c", "xaybzc", true),
            ("*a*b*c", "xaybz", false),
        ] {
            assert_eq!(glob_matches(glob.as_bytes(), name.as_bytes()), expected, "{glob} {name}");
        }
        for (glob, name) in [("a?c*", "abcd"), ("a[b-d]\\*", "ac*"), ("a[^b]", "a\\"), ("*:x", "y:x")] {
            let expression = regex::bytes::Regex::new(&format!("^(?:{})$", glob_expression(glob.as_bytes()))).unwrap();
            assert!(glob_matches(glob.as_bytes(), name.as_bytes()) && expression.is_match(name.as_bytes()), "{glob}");
            assert!(!expression.is_match(b"other"), "{glob}");
        }
        let hostile = "*a".repeat(50);
        assert!(!glob_matches(hostile.as_bytes(), "a".repeat(49).as_bytes()));
    }

    #[test]
    fn users_groups_do_not_shift_the_params() {
        assert_eq!(anonymous(r"(I:)?[(]\((?P<x>a)(?:b)(?<y>c)"), r"(?:I:)?[(]\((?:a)(?:b)(?:c)");
    }
}
