//! Docs that cannot rot: reference pages are made from the tables, blocks in all pages are parsed or run.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use keywire::catalogue::{self, Group};
use keywire::registry::format::{Kind, MODULE, Object, REGISTRY, SCALARS};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a page with what it should be; with KEYWIRE_UPDATE=1 it is written instead.
fn is_up_to_date(path: &str, text: &str) {
    let path = root().join(path);
    if std::env::var_os("KEYWIRE_UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(known == text, "{} is stale; run KEYWIRE_UPDATE=1 cargo test --test offline docs", path.display());
}

const BANNER: &str = "<!-- Made from the program's own tables by a test; to renew it: KEYWIRE_UPDATE=1 cargo test --test offline docs -->\n\n";

#[test]
fn the_page_of_rules_is_made_from_the_table() {
    let mut page = format!(
        "{BANNER}# Rules\n\nThe level of a rule is set in keywire.toml: `[rules]`, then `NAME = \"off\"` (or info, warning, error).\n"
    );
    for group in [Group::Lint, Group::Check, Group::Access, Group::Reconcile, Group::Breaking, Group::Generate] {
        let title = match group {
            Group::Lint => "What `keywire lint` says of a registry",
            Group::Check => "What `keywire verify`, `watch`, `proxy` and `run` say of data and traffic",
            Group::Access => "What `keywire acl --check` says of the users of a server",
            Group::Reconcile => "What `keywire reconcile`, and drafts put into a registry, say of disagreements",
            Group::Breaking => "What `keywire breaking` says of a change",
            Group::Generate => "What `keywire ci` says of generated files",
        };
        write!(page, "\n## {title}\n\n| Rule | Level | What is wrong |\n| --- | --- | --- |\n").unwrap();
        let rules: Vec<_> = catalogue::rules().filter(|(of, _)| *of == group).map(|(_, rule)| rule).collect();
        for rule in &rules {
            // Of two rules of one name the second heading is told by a number.
            let second = group == Group::Check && catalogue::named(rule.name).count() > 1;
            let anchor = format!("{}{}", rule.name, if second { "-1" } else { "" });
            writeln!(page, "| [{}](#{anchor}) | {} | {} |", rule.name, rule.level.as_str(), rule.summary).unwrap();
        }
        for rule in rules {
            write!(page, "\n### {}\n\n{}.\n\n{}\n", rule.name, capital(rule.summary), rule.docs).unwrap();
            write!(page, "\nBad:\n\n```text\n{}```\n\nGood:\n\n```text\n{}```\n", rule.bad, rule.good).unwrap();
        }
    }
    is_up_to_date("docs/reference/rules.md", &page);
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[test]
fn the_page_of_the_format_is_made_from_the_table() {
    let mut page = format!(
        "{BANNER}# The registry format\n\nA registry is a folder with `registry.yaml` and `modules/*.yaml`. Unknown fields are refused.\n"
    );
    let mut open: Vec<&'static Object> = vec![&REGISTRY, &MODULE];
    let mut done: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < open.len() {
        let object = open[at];
        at += 1;
        if done.contains(&object.name) {
            continue;
        }
        done.push(object.name);
        let title = object.name.trim_start_matches("a ").trim_start_matches("the ");
        write!(
            page,
            "\n## {}\n\n{}\n\n| Field | Holds | Meaning |\n| --- | --- | --- |\n",
            capital(title),
            object.about
        )
        .unwrap();
        for field in object.fields {
            let name = if field.required { format!("**{}**", field.name) } else { field.name.to_owned() };
            writeln!(page, "| {name} | {} | {} |", holds(&field.kind, &mut open), field.about.replace('|', "\\|"))
                .unwrap();
        }
    }
    page.push_str("\nFields in bold must be there.\n\n## Scalar types\n\n| Type | Meaning |\n| --- | --- |\n");
    for (name, about) in SCALARS {
        writeln!(page, "| {name} | {about} |").unwrap();
    }
    is_up_to_date("docs/reference/registry.md", &page);
}

fn holds(kind: &'static Kind, open: &mut Vec<&'static Object>) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Flag => "`true` or `false`".to_owned(),
        Kind::Word(words) => words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        Kind::Leaf(leaf) => format!("{}: `{}`", leaf.about, leaf.examples.join("`, `").replace('|', "\\|")),
        Kind::List(item) => format!("a list of {}", holds(item, open)),
        Kind::Map(value) => format!("names, each with {}", holds(value, open)),
        Kind::Short(single, long) => format!("{}, or {}", holds(single, open), holds(long, open)),
        Kind::Schema => "a JSON Schema".to_owned(),
        Kind::Any => "anything".to_owned(),
        Kind::Object(object) => {
            open.push(object);
            format!("[{}](#{})", object.name, object.name.trim_start_matches("a ").to_lowercase().replace(' ', "-"))
        }
    }
}

/// A fenced block of a page: its language, its text, and the line where it starts.
struct Block {
    place: String,
    language: String,
    text: String,
}

fn pages() -> Vec<PathBuf> {
    fn walk(folder: &Path, pages: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, pages);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    let mut pages = vec![root().join("README.md")];
    walk(&root().join("docs"), &mut pages);
    pages.sort();
    pages
}

fn blocks(page: &Path) -> Vec<Block> {
    let text = std::fs::read_to_string(page).unwrap();
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (at, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => {
                let place = format!("{}:{}", page.display(), at + 1);
                open = Some(Block { place, language: language.trim().to_owned(), text: String::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{}: a block is not closed", page.display());
    blocks
}

#[test]
fn blocks_of_all_pages_are_what_they_claim_to_be() {
    for block in pages().iter().flat_map(|page| blocks(page)) {
        let place = &block.place;
        match block.language.as_str() {
            "yaml" => registry_block(&block),
            "toml" => {
                toml::from_str::<keywire::settings::Settings>(&block.text)
                    .unwrap_or_else(|error| panic!("{place}: {error}"));
            }
            "json" => {
                serde_json::from_str::<serde_json::Value>(&block.text)
                    .unwrap_or_else(|error| panic!("{place}: {error}"));
            }
            "rust" => {
                let wrapped = format!("async fn example() {{ {} }}", block.text);
                let good = syn::parse_file(&block.text).is_ok() || syn::parse_file(&wrapped).is_ok();
                assert!(good, "{place}: not Rust");
            }
            "sh" | "console" => commands(&block),
            "text" | "mermaid" => {}
            other => panic!("{place}: a block in `{other}` is checked by nothing; add it here or call it text"),
        }
    }
}

/// A whole registry, a module, or entries of one: it must conform to the format.
fn registry_block(block: &Block) {
    let text =
        if block.text.contains("\nmodule:") || block.text.starts_with("module:") || block.text.contains("keywire: 1") {
            block.text.clone()
        } else {
            format!("module: app\nbus: main\n{}", block.text)
        };
    let object = if text.contains("keywire: 1") { &REGISTRY } else { &MODULE };
    let mut sources = keywire::source::Sources::default();
    let file = sources.add(keywire::source::SourceFile::new("block.yaml", text.clone()));
    let tree = keywire::source::parse(file, &text).unwrap_or_else(|errors| panic!("{}: {errors:?}", block.place));
    let faults = keywire::registry::format::conform(&tree, object);
    assert!(faults.is_empty(), "{}: {faults:?}", block.place);
}

/// Each `keywire ...` line must be a command line that the program takes.
fn commands(block: &Block) {
    for line in block.text.lines() {
        let line = line.trim_start_matches("$ ").split("  #").next().unwrap_or_default();
        let Some(arguments) = line.strip_prefix("keywire ") else { continue };
        let arguments = arguments.split(" > ").next().unwrap_or_default().split(" || ").next().unwrap_or_default();
        // What follows `--` is another program's.
        let arguments = arguments.split(" -- ").next().unwrap_or_default();
        let words: Vec<String> = arguments.split_whitespace().map(|word| word.trim_matches('\'').to_owned()).collect();
        // With --help at the end the line is parsed and not run.
        let output = Command::new(env!("CARGO_BIN_EXE_keywire")).args(&words).arg("--help").output().unwrap();
        assert!(output.status.success(), "{}: `{line}`: {}", block.place, String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for (_, rest) in text.match_indices("](").map(|(at, _)| text.split_at(at + 2)) {
            let target = rest.split(')').next().unwrap_or_default();
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            if path.contains("://") || target.contains(' ') || target.contains('|') {
                continue;
            }
            let place = format!("{}: {target} leads nowhere", page.display());
            let path = if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
            assert!(path.exists(), "{place}");
            let is_page = path.extension().is_some_and(|extension| extension == "md");
            assert!(anchor.is_empty() || !is_page || anchors(&path).contains(&anchor.to_owned()), "{place}");
        }
    }
}

/// The anchors that GitHub gives to the headings of a page.
fn anchors(page: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(page).unwrap();
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let keep = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let anchors = headings
        .map(|line| line.trim_start_matches('#').trim().to_lowercase().chars().filter(keep).collect::<String>())
        .map(|text| text.replace(' ', "-"));
    // Of equal headings the second is told by a number.
    let mut found: Vec<String> = Vec::new();
    for anchor in anchors {
        let again = found.iter().filter(|known| **known == anchor).count();
        found.push(if again == 0 { anchor } else { format!("{anchor}-{again}") });
    }
    found
}
