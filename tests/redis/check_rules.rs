//! Every rule about data against real servers: its bad example fires exactly this rule, its good one nothing.

use keywire::check::rules::RULES;
use keywire::finding::Finding;

use crate::database::{lines, open, registry, rules, run, verdict};
use crate::servers::for_each_server;

fn findings(example: &str, url: &str) -> Vec<Finding> {
    let (text, data) = example.split_once("# data\n").expect("an example has a line `# data`");
    let mut connection = open(url);
    run(&mut connection, "FLUSHALL");
    run(&mut connection, data);
    verdict(&registry(text), url).findings
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
