//! `ci`, the baseline, and levels for parts of the registry, as a user of the command line meets them.

use serde_json::Value;

use crate::repository::{MODULE, Repository};

const SETTINGS: &str = "services/shop/keywire.toml";
const BASELINE: &str = "services/shop/keywire-baseline.toml";

/// A registry whose generated files are committed.
fn generated() -> Repository {
    let repository = Repository::new();
    assert_eq!(repository.keywire(&["generate"]).0, 0);
    repository.commit("generated");
    repository
}

/// A further key, which nobody reads.
fn with_news() -> String {
    MODULE.to_owned()
        + "  news:\n    key: shop:news\n    purpose: News.\n    type: string\n    value: text\n    operations: [SETEX]\n    retention: { ttl: 1h }\n"
}

/// The last lines of what was printed: one for each step.
fn steps(text: &str) -> String {
    text[text.find("shop: ").unwrap_or(0)..].to_owned()
}

#[test]
fn one_word_looks_at_all_and_ends_with_one_code() {
    let repository = generated();
    let (code, text) = repository.keywire(&["ci"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!("ci_clean", text);
    repository.module(&MODULE.replace("1h", "10m"));
    let (code, text) = repository.keywire(&["ci"]);
    assert_eq!(code, 1);
    assert!(text.contains("error[ttl-shortened]") && text.contains("error[generated-file-stale]"), "{text}");
    insta::assert_snapshot!("ci_not_clean", steps(&text));
    let (code, text) = repository.keywire(&["ci", "--only", "lint,breaking", "--mode", "forward"]);
    assert_eq!((code, text.lines().count()), (0, 3), "{text}");
    let (code, text) = repository.keywire(&["ci", "--skip", "generate,breaking", "--module", "shop"]);
    assert_eq!((code, text.contains("generate")), (0, false), "{text}");
}

#[test]
fn the_report_says_of_each_step_what_it_came_to() {
    let repository = generated();
    repository.module(&MODULE.replace("1h", "10m"));
    let (code, text) = repository.keywire(&["ci", "--format", "json"]);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, report["command"].as_str()), (1, Some("ci")));
    let steps = report["evidence"]["steps"].as_array().unwrap();
    let told: Vec<_> =
        steps.iter().map(|step| (step["step"].as_str().unwrap(), step["outcome"].as_str().unwrap())).collect();
    let expected = [
        ("lint", "clean"),
        ("generate", "findings"),
        ("breaking", "findings"),
        ("run", "not looked at"),
        ("verify", "not looked at"),
    ];
    assert_eq!(told, expected);
    assert_eq!(steps[2]["findings"], 1);
    assert_eq!(steps[2]["evidence"]["changes"], 1);
    assert!(jsonschema::is_valid(&keywire::report::json_schema(), &report));
}

#[test]
fn an_unsound_registry_is_told_by_lint_and_ends_it() {
    let repository = generated();
    repository.module(&MODULE.replace("bus: main", "bus: mian"));
    let (code, text) = repository.keywire(&["ci"]);
    assert_eq!(code, 2);
    assert!(text.contains("error[unknown-bus]"), "{text}");
    assert!(steps(&text).contains("generate  the registry is not sound"), "{text}");
    repository.module("module: [");
    let (code, text) = repository.keywire(&["ci"]);
    assert!(code == 2 && text.contains("invalid-registry"), "{text}");
}

#[test]
fn the_base_is_found_as_the_ci_tells_it() {
    let repository = generated();
    repository.git(&["switch", "-q", "-c", "topic"]);
    repository.module(&MODULE.replace("1h", "10m"));
    repository.commit("shorter");
    let breaking = |variables: &[(&str, &str)]| {
        let (code, text) = repository.keywire_with(variables, "services/shop", &["ci", "--only", "breaking"]);
        (code, steps(&text).lines().nth(1).unwrap_or_default().trim().to_owned())
    };
    let broken = "breaks somebody (1 change)";
    assert_eq!(breaking(&[]), (1, format!("breaking  against main...: {broken}")));
    assert_eq!(breaking(&[("GITHUB_BASE_REF", "main")]), (1, format!("breaking  against main...: {broken}")));
    assert_eq!(breaking(&[("GITHUB_BASE_REF", "topic")]).0, 0);
    let (code, line) = breaking(&[("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "release/9")]);
    assert!(code == 3 && line.contains("does not hold `release/9`") && line.contains("GIT_DEPTH"), "{line}");
    // What has changed on main since is none of this branch's business.
    repository.git(&["switch", "-q", "main"]);
    repository.module(&MODULE.replace("key: shop:cart", "key: shop:basket"));
    repository.commit("renamed");
    repository.git(&["switch", "-q", "topic"]);
    assert_eq!(breaking(&[("GITHUB_BASE_REF", "main")]), (1, format!("breaking  against main...: {broken}")));
    repository.write(SETTINGS, "[ci]\nagainst = 'v1.0'\n");
    assert_eq!(breaking(&[("GITHUB_BASE_REF", "topic")]), (1, format!("breaking  against v1.0: {broken}")));
    // Before there was a registry, there is nothing to break.
    repository.git(&["switch", "-q", "--orphan", "empty"]);
    repository.git(&["commit", "-q", "--allow-empty", "-m", "empty"]);
    repository.git(&["switch", "-q", "topic"]);
    repository.write(SETTINGS, "[ci]\nagainst = 'empty'\n");
    assert_eq!(breaking(&[]), (0, "breaking  there was no registry at empty: all of it is new".to_owned()));
}

#[test]
fn a_level_may_hold_for_a_part_of_the_registry() {
    let repository = generated();
    let lint = |settings: &str| {
        repository.write(SETTINGS, settings);
        repository.keywire(&["lint", "--fail-on", "info"])
    };
    repository.module(&with_news());
    let (code, text) = lint("");
    assert!(code == 1 && text.contains("[no-consumer]"), "{text}");
    for part in ["rules = ['no-consumer']", "modules = ['sh*']", "patterns = ['shop:n*']", "patterns = ['news']"] {
        let (code, text) = lint(&format!("[[exceptions]]\n{part}\nlevel = 'off'\n"));
        assert_eq!((code, text.contains("no-consumer")), (0, false), "{part}: {text}");
    }
    for part in ["rules = ['naming']", "rules = ['no-consumer']\nkeys = ['shop:*']"] {
        let (code, text) = lint(&format!("[[exceptions]]\n{part}\nlevel = 'off'\n"));
        assert_eq!((code, text.contains("no-consumer")), (1, true), "{part}: {text}");
    }
    // The last that fits counts, and all of them before the level of the rule.
    let both = "[rules]\nno-consumer = 'off'\n[[exceptions]]\nmodules = ['shop']\nlevel = 'off'\n[[exceptions]]\npatterns = ['shop:news']\nlevel = 'error'\n";
    let (code, text) = lint(both);
    assert!(code == 1 && text.contains("error[no-consumer]"), "{text}");
    for (part, said) in [
        ("rules = ['no-consumers']", "did you mean `no-consumer`?"),
        ("modules = ['shpo']", "the module `shpo`, which is not in the registry; did you mean `shop`?"),
        ("patterns = ['shop:nwes']", "the pattern `shop:nwes`"),
        ("reason = 'all of it'", "about everything"),
        ("level2 = 'off'", "unknown field `level2`"),
    ] {
        let (code, text) = lint(&format!("[[exceptions]]\n{part}\nlevel = 'off'\n"));
        assert!(code == 2 && text.contains(said), "{part}: {text}");
    }
    let (code, text) = lint("[modules.shpo]\nrun = 'true'\n");
    assert!(code == 2 && text.contains("did you mean `shop`?"), "{text}");
    let (code, text) = lint("[ci]\nverify = ['mian']\n");
    assert!(code == 2 && text.contains("the bus `mian`"), "{text}");
}

#[test]
fn what_is_known_passes_until_its_day_is_over() {
    let repository = generated();
    repository.module(&with_news());
    let ci = || repository.keywire(&["ci", "--only", "lint,breaking", "--fail-on", "info"]);
    let (code, before) = ci();
    assert_eq!(code, 1, "{before}");
    let terms = ["--owner", "ana", "--reason", "moved in spring", "--expires", "2999-12-31"];
    let update = [&["baseline", "update", "--only", "lint,breaking"], &terms[..]].concat();
    let (code, text) = repository.keywire(&[&update[..], &["--dry-run"]].concat());
    assert!(code == 0 && text.contains("would be 1 added"), "{text}");
    assert_eq!(ci(), (1, before));
    let (code, text) = repository.keywire(&update);
    assert_eq!(code, 0);
    insta::assert_snapshot!("baseline_update", text);
    insta::assert_snapshot!("baseline_file", repository.read(BASELINE));
    let (code, text) = ci();
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("1 known finding is not shown: it is in the baseline"), "{text}");
    assert_eq!(repository.keywire(&["lint", "--fail-on", "info"]).0, 0, "every command knows it");
    // Twice is the same, and a comment stays.
    let by_hand = repository.read(BASELINE).replace("[[known]]", "# ask Ben\n[[known]]");
    repository.write(BASELINE, &by_hand);
    let (_, text) = repository.keywire(&update);
    assert!(text.contains("0 added, 0 removed"), "{text}");
    assert_eq!(repository.read(BASELINE), by_hand);
    let (_, text) = repository.keywire(&["baseline", "list"]);
    assert!(text.starts_with("until   2999-12-31  lint") && text.contains("ana: moved in spring"), "{text}");
    // What another kind of command knows is not known to this one.
    repository.write(BASELINE, &by_hand.replace("command = \"lint\"", "command = \"verify\""));
    assert_eq!(ci().0, 1);
    // Its day is over.
    repository.write(BASELINE, &by_hand.replace("2999-12-31", "2020-01-31"));
    let (code, text) = ci();
    assert!(code == 1 && text.contains("the baseline let it pass until 2020-01-31 (ana: moved in spring)"), "{text}");
    assert_eq!(repository.keywire(&["baseline", "list", "--expired"]).0, 1);
    // It is mended.
    repository.module(MODULE);
    let (_, text) = repository.keywire(&[&update[..], &["--keep"]].concat());
    assert!(text.contains("0 added, 0 removed"), "{text}");
    let (_, text) = repository.keywire(&update);
    assert!(text.contains("0 added, 1 removed"), "{text}");
    assert!(!repository.read(BASELINE).contains("[[known]]"));
}

#[test]
fn a_baseline_that_cannot_be_meant_is_refused() {
    let repository = generated();
    repository.write(SETTINGS, "baseline = 'known.toml'\n");
    let (code, text) = repository.keywire(&["lint"]);
    assert!(code == 2 && text.contains("known.toml"), "{text}");
    let entry = "[[known]]\nfingerprint = '00'\ncommand = 'lint'\nrule = 'namign'\nabout = 'x'\nowner = 'a'\nreason = 'r'\nexpires = 2999-01-01\n";
    repository.write("services/shop/known.toml", entry);
    let (code, text) = repository.keywire(&["lint"]);
    assert!(code == 2 && text.contains("`namign`, which is no rule; did you mean `naming`?"), "{text}");
    repository.write("services/shop/known.toml", &entry.replace("namign", "naming").replace("owner", "onwer"));
    let (code, text) = repository.keywire(&["lint"]);
    assert!(code == 2 && text.contains("unknown field `onwer`"), "{text}");
}
