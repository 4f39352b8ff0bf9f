//! Many patterns beside many witnesses: each is in its row, and few pairs are looked at closely.
//!
//! Measured unoptimised on two busy cores: 500 patterns beside 4 witnesses take about 11 s.

use std::fmt::Write as _;

use super::{Case, Witness, WitnessKind};
use crate::registry::{Registry, load_texts};

const PATTERNS: usize = 500;

/// A registry of many patterns; all begin with a param, so that nothing but automata tells them apart by their fronts.
fn registry(param: &str) -> Registry {
    let mut module = format!("module: app\nbus: main\nparams: {{ {param}: {{ type: string }} }}\nkeys:\n");
    for at in 0..PATTERNS {
        let pattern = match at % 3 {
            0 => format!("{{{param}}}:part{at}:{{{param}_id}}"),
            1 => format!("app:{{{param}}}:part{at}"),
            _ => format!("app:part{at}:{{{param}}}"),
        };
        writeln!(
            module,
            "  key{at}: {{ key: '{pattern}', type: string, operations: [SET], consumers: [{{ name: app }}] }}"
        )
        .unwrap();
    }
    let registry = "keywire: 1\nname: many\nbuses: { main: {} }\n".to_owned();
    load_texts([("registry.yaml".into(), registry), ("modules/app.yaml".into(), module)]).unwrap()
}

#[test]
fn many_patterns_find_their_rows() {
    let declared = registry("one");
    let witnesses: Vec<Witness> =
        WitnessKind::ALL.into_iter().map(|kind| Witness::of_registry(kind, kind.as_str(), registry("other"))).collect();
    let case = Case::new(&declared, &witnesses);
    assert_eq!(case.rows.len(), PATTERNS);
    assert!(case.rows.iter().all(|row| row.declared.is_some() && row.seen.len() == witnesses.len()));
    let findings: Vec<String> = case.findings().into_iter().map(|finding| finding.message).collect();
    assert_eq!(findings, [""; 0]);
}
