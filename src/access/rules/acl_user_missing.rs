//! Parties without a user.

use super::Subject;
use crate::access::compare::AccessRule;
use crate::finding::{Finding, Level};
use crate::rule::Rule;

/// The rule.
pub static RULE: AccessRule = AccessRule {
    rule: Rule {
        name: "acl-user-missing",
        level: Level::Error,
        summary: "a module or consumer has no user of its own, or one that is off",
        docs: "\
Its programs log in as somebody else, whose rights say nothing of them, or not at all.

Make the user with the line of `keywire acl`, give it a password, and let the programs log in by it.",
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

fn judge(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for user in subject.users {
        let what = match subject.account(&user.name) {
            None => "does not exist",
            Some(account) if !account.on => "is off",
            Some(_) => continue,
        };
        let mut finding = RULE.rule.finding(format!("the user `{}` {what}; {} needs it", user.name, user.party));
        finding.module = Some(user.party.clone());
        finding.subject.clone_from(&user.name);
        finding.hint = Some("make it by its line of `keywire acl`, and give it a password".to_owned());
        findings.push(finding);
    }
    findings
}
