//! Every rule about data and traffic against real servers: its bad example fires exactly this rule, its good one nothing.

use std::collections::BTreeSet;

use keywire::check::rules::RULES;
use keywire::check::{Demand, failed_program, unmet};
use keywire::coverage::Coverage;
use keywire::finding::Finding;

use crate::database::{lines, open, registry, request, rules, run, verdict};
use crate::servers::for_each_server;
use crate::traffic::{self, Clients};

fn findings(example: &str, url: &str) -> Vec<Finding> {
    run(&mut open(url), "FLUSHALL");
    if let Some((text, data)) = example.split_once("# data\n") {
        run(&mut open(url), data);
        return verdict(&registry(text), url).findings;
    }
    let (text, calls) = example.split_once("# traffic\n").expect("an example has a line `# data` or `# traffic`");
    of_traffic(text, calls, url)
}

/// Besides commands, an example of traffic may demand something, or say how the program ended.
fn of_traffic(text: &str, lines: &str, url: &str) -> Vec<Finding> {
    let registry = registry(text);
    let mut clients = Clients::new(url);
    let calls = lines.lines().filter(|line| !line.starts_with('#')).flat_map(|line| clients.send(line)).collect();
    let verdict = traffic::verdict(&registry, request(&registry, url).bus, calls);
    let mut findings = verdict.findings;
    let parties: BTreeSet<String> =
        verdict.parties.iter().map(|party| registry.party_name(*party).to_owned()).collect();
    let coverage = Coverage::new(parties, verdict.coverage);
    for line in lines.lines() {
        let at_least = line.strip_prefix("# demand coverage ").map(|number| number.parse().unwrap());
        let expected: Vec<String> = line.strip_prefix("# demand expect ").map(str::to_owned).into_iter().collect();
        findings.extend(unmet(&Demand { registry: &registry, coverage: &coverage, at_least, expected: &expected }));
        findings.extend(line.strip_prefix("# program ").into_iter().flat_map(failed_program));
    }
    findings
}

#[test]
fn the_bad_example_fires_its_rule_only_and_the_good_one_nothing() {
    for_each_server(|server| {
        for rule in RULES {
            let name = rule.rule.name;
            let bad = findings(rule.rule.bad, &server.url());
            assert_eq!(rules(&bad), [name], "the bad example of {name}: {:#?}", lines(&bad));
            assert!(bad.iter().all(|finding| finding.hint.is_some() && !finding.message.is_empty()), "{name}: {bad:?}");
            let good = findings(rule.rule.good, &server.url());
            assert_eq!(lines(&good), Vec::<String>::new(), "the good example of {name}");
        }
    });
}
