//! Rights that are given and not declared.

use super::Subject;
use super::some;
use crate::access::compare::AccessRule;
use crate::access::compare::covers;
use crate::finding::{Finding, Level};
use crate::rule::Rule;

/// The rule.
pub static RULE: AccessRule = AccessRule {
    rule: Rule {
        name: "acl-right-undeclared",
        level: Level::Warning,
        summary: "a user may do more than the registry declares",
        docs: "\
A fault in its programs, or whoever gets hold of its password, reaches what is none of its business.

Take the rules of its line in `keywire acl`, which begin by taking everything away. A command that the program does need belongs
in the registry, among the operations of its keys.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  visits:
    key: app:visits
    purpose: Visits so far.
    type: string
    value: integer
    operations: [INCR]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [GET] }]
# acl
user app on >one resetchannels -@all +ping +client|id +client|getname +client|setname +multi +exec +discard (~app:visits +incr)
user reader on >two resetchannels -@all +ping +client|id +client|getname +client|setname (%R~app:visits +get +getdel)
user default off
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  visits:
    key: app:visits
    purpose: Visits so far.
    type: string
    value: integer
    operations: [INCR]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [GET] }]
# acl
user app on >one resetchannels -@all +ping +client|id +client|getname +client|setname +multi +exec +discard (~app:visits +incr)
user reader on >two resetchannels -@all +ping +client|id +client|getname +client|setname (%R~app:visits +get)
user default off
",
    },
    judge,
};

/// What servers allow everybody, whatever the rules.
const ALWAYS: [&str; 4] = ["auth", "hello", "quit", "reset"];

fn judge(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (user, account) in subject.pairs().filter(|(_, account)| account.on) {
        let declares = |command: &String| {
            ALWAYS.contains(&command.as_str())
                || user.commands.contains(command)
                || user.selectors.iter().any(|selector| selector.commands.contains(command))
        };
        let commands =
            account.allowed.iter().flat_map(|allowed| &allowed.commands).filter(|command| !declares(command));
        let globs = || user.selectors.iter().flat_map(|selector| selector.keys.keys().chain(&selector.channels));
        let given = account
            .allowed
            .iter()
            .flat_map(|allowed| allowed.keys.iter().map(|(glob, _)| glob).chain(&allowed.channels));
        let wide = given
            .filter(|glob| !globs().any(|declared| covers(declared, glob)))
            .map(|glob| format!("names like {glob}"));
        let mut more: Vec<String> = wide.chain(commands.cloned()).collect();
        more.dedup();
        if more.is_empty() {
            continue;
        }
        let mut finding = RULE.rule.finding(format!("the user `{}` may also: {}", user.name, some(&more)));
        finding.module = Some(user.party.clone());
        finding.subject.clone_from(&user.name);
        finding.count = more.len() as u64;
        finding.hint = Some("take the rules of its line in `keywire acl`, or declare what it does".to_owned());
        findings.push(finding);
    }
    findings
}
