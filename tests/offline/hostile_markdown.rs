//! Whatever a registry says, its pages keep their form: rows keep their columns, charts their grammar, fences their ends.

use std::path::PathBuf;
use std::sync::LazyLock;

use keywire::generate::markdown::TARGET;
use keywire::registry::{ModuleId, load_texts};
use keywire::settings::GenerateSettings;
use proptest::prelude::*;
use regex::Regex;
use serde_json::{Value, json};

/// Pages of a registry in which every text a person writes is hostile. JSON is YAML.
fn pages(words: &[String]) -> Vec<String> {
    let word = |at: usize| words[at % words.len()].as_str();
    // Names must differ, and be there.
    let name = |at: usize| format!("n{at}{}", word(at));
    let pattern = |at: usize, rest: &str| format!("k{at}{}{rest}", word(at).replace('{', "{{").replace('}', "}}"));
    let registry = json!({
        "keywire": 1, "name": word(0), "about": word(1),
        "buses": { "main": { "about": word(2), "env": word(3), "default": word(4), "owns": [word(5)], "config_path": word(6) } },
        "services": { name(7): { "role": word(7), "notes": word(8), "owner": word(9), "scope": "admin" }, name(8): { "scope": "internal" } },
    });
    let consumers = json!([
        { "name": name(7), "reads": ["GET", word(10)], "for": word(11), "needs": [word(12)], "examples": [word(13)], "via": word(14) },
        { "name": name(8), "reads": ["SUBSCRIBE"], "potential": true }, { "name": name(9), "for": word(15) },
    ]);
    let module = json!({
        "module": name(10), "role": word(16), "source": word(17), "bus": "main", "owner": word(18), "notes": word(19), "since": word(20),
        "config": { name(11): { "type": "list", "default": [word(21), word(22)], "about": word(23) }, name(12): { "type": "string", "default": word(24) } },
        "params": { "p": { "from": [name(11)], "examples": [word(25)], "about": word(26) }, "q": { "type": "enum", "values": ["a|b", word(27)] } },
        "payloads": { name(13): { "title": word(28), "description": word(29), "required": [word(30)],
            "properties": { word(30): { "enum": [word(31)], "description": word(32) }, name(14): { "default": word(33), "type": "array", "items": { "$ref": "#/x" } } },
            "oneOf": [{ "title": word(34), "properties": { name(15): { "const": word(35) } } }, {}] } },
        "keys": {
            name(16): { "key": pattern(16, ""), "purpose": word(36), "type": "string", "value": name(13), "operations": ["SET", "PUBLISH", word(37)],
                "retention": { "ttl": "none", "lifecycle": "overwritten" }, "consumers": consumers, "notes": word(38), "examples": [word(39)],
                "deprecated": { "since": word(40), "replacement": word(41), "remove_after": word(42) } },
            name(17): { "key": pattern(17, ":{p}:{q}"), "type": "hash", "fields": { name(18).replace(['{', '}'], "."): { "type": "integer", "purpose": word(43) } }, "operations": ["HSET"] },
            name(18): { "key": pattern(18, ""), "type": "stream", "entry": { "payload": name(13) }, "operations": ["XADD"], "groups": [word(44)] },
        },
        "channels": { name(19): { "channel": pattern(19, ""), "message": name(13), "purpose": word(45), "consumers": consumers } },
        "scenarios": [{ "condition": word(46), "impact": word(47), "handling": word(48), "action": word(49) }],
        "flow": [{ "stage": word(50), "example": word(51) }],
    });
    let text = |value: Value| value.to_string();
    let files = [(PathBuf::from("registry.yaml"), text(registry)), (PathBuf::from("modules/m-->.yaml"), text(module))];
    let registry = load_texts(files).unwrap_or_else(|error| panic!("{error}"));
    let pages = (TARGET.generate)(&registry, &[ModuleId(0)], &GenerateSettings::default()).unwrap();
    pages.into_iter().map(|page| page.text).collect()
}

/// The lines outside fenced blocks, and the content of the blocks in Mermaid.
fn split(page: &str) -> (Vec<&str>, Vec<Vec<&str>>) {
    let (mut outside, mut charts, mut fence) = (Vec::new(), Vec::new(), None::<(String, bool)>);
    for line in page.lines() {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        match &fence {
            Some((open, is_chart)) => {
                if line == open {
                    fence = None;
                } else if *is_chart {
                    charts.last_mut().map(|chart: &mut Vec<&str>| chart.push(line)).unwrap();
                }
            }
            None if ticks.len() >= 3 && !line[ticks.len()..].contains('`') => {
                let is_chart = &line[ticks.len()..] == "mermaid";
                if is_chart {
                    charts.push(Vec::new());
                }
                fence = Some((ticks, is_chart));
            }
            None => outside.push(line),
        }
    }
    assert!(fence.is_none(), "a fence is not closed");
    (outside, charts)
}

fn check_rows(outside: &[&str]) {
    let pipes = |line: &str| line.replace(r"\|", "").matches('|').count();
    let mut columns = None;
    for line in outside {
        let row = line.starts_with('|');
        assert!(row || !line.contains('|'), "a pipe outside tables: {line}");
        columns = row.then(|| columns.unwrap_or_else(|| pipes(line)));
        assert!(columns.is_none_or(|columns| columns == pipes(line)), "columns differ: {line}");
    }
}

/// The lines that a chart may have.
static CHART_LINES: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    let label = r#""[^"`<>\[\]\\|%;]*(?:#[0-9]+;[^"`<>\[\]\\|%;]*)*""#;
    let node = format!(r"^  n\d+(?:\[\[{label}\]\]|\[{label}\]|\(\[{label}\]\)|\({label}\)):::[a-z]+$");
    let edge = format!(r"^  n\d+ (?:-->|-\.->)(?:\|{label}\|)? n\d+$");
    let style = r"^  classDef [a-z]+ fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#[0-9a-f]{6}$";
    [node.as_str(), edge.as_str(), style].map(|line| Regex::new(line).unwrap())
});

fn check_chart(chart: &[&str]) {
    assert!(chart[0].starts_with("%%{init:") && chart[1] == "flowchart LR");
    for line in &chart[2..] {
        assert!(CHART_LINES.iter().any(|expression| expression.is_match(line)), "not a line of a chart: {line}");
    }
}

fn check(words: &[String]) {
    let code = Regex::new(r"<code>[^<|`]*</code>|<br>").unwrap();
    for page in pages(words) {
        let (head, body) = page.split_once("-->").unwrap();
        assert!(head.starts_with("<!-- ") && body.starts_with("\n\n# "), "{page}");
        assert!(body.ends_with('\n') && !body.ends_with("\n\n"));
        let (outside, charts) = split(body);
        charts.iter().for_each(|chart| check_chart(chart));
        assert!(!charts.is_empty());
        check_rows(&outside);
        for line in outside {
            assert_eq!(line.trim_end(), line, "spaces at the end");
            let prose = without_code(line);
            assert!(!code.replace_all(&prose, "").contains('<'), "markup leaks: {line}");
        }
        for (at, line) in body.lines().enumerate() {
            let next = body.lines().skip(at + 1).find(|line| !line.is_empty());
            let depth = |line: &str| line.chars().take_while(|c| *c == '#').count();
            let empty =
                line.starts_with('#') && next.is_none_or(|next| next.starts_with('#') && depth(next) <= depth(line));
            assert!(!empty, "nothing under {line}");
        }
    }
}

static TICKS: LazyLock<Regex> = LazyLock::new(|| Regex::new("`+").unwrap());

/// A line without its code spans.
fn without_code(line: &str) -> String {
    let mut rest = line;
    let mut plain = String::new();
    while let Some(start) = rest.find('`') {
        // An escaped tick opens nothing.
        if rest[..start].ends_with('\\') {
            plain.push_str(&rest[..=start]);
            rest = &rest[start + 1..];
            continue;
        }
        plain.push_str(&rest[..start]);
        let ticks = rest[start..].chars().take_while(|c| *c == '`').count();
        let inside = &rest[start + ticks..];
        let fence = "`".repeat(ticks);
        match TICKS.find_iter(inside).find(|run| run.as_str() == fence) {
            Some(run) => rest = &inside[run.end()..],
            None => panic!("a code span is not closed: {line}"),
        }
    }
    plain + rest
}

#[test]
fn hostile_texts_one_by_one() {
    for word in [
        "a | b",
        "`",
        "``x``",
        "a`b|c",
        "\\",
        "a\\|b",
        "line\nbreak\r\n| x | y |",
        "</td><script>alert(1)</script>",
        "<!-- x -->",
        "--> x",
        "\"]",
        "end",
        "{}",
        "{{}}",
        "%%{init}%%",
        "```",
        "```\n# x",
        "~~~",
        "[x](y)",
        "#34;",
        "# heading",
        "- item",
        "1. item",
        "> quote",
        "| --- |",
        "subgraph",
        "click",
        ":::",
        "-.->",
        "a\tb",
        "\u{2028}",
        "\u{0}x",
        "  ",
        "ünï©ödé",
        "*b* _i_ ~s~ $m$",
        "&lt;",
        "n0",
        "'; rm -rf /",
        "$(x)",
        "$",
        "x\\",
    ] {
        check(&[format!("x{word}")]);
        check(&[format!("{word}x"), "plain".to_owned()]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_texts_together(words in prop::collection::vec(r#"[a-z]([|`\\<>"'\[\]{}()#;%&*_~$ \n-]|end|<br>|-->|```|x){0,8}[a-z`|\\>"]"#, 1..12)) {
        check(&words);
    }
}
