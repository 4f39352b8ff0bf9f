//! Users that anybody can be.

use super::Subject;
use crate::access::compare::AccessRule;
use crate::finding::{Finding, Level};
use crate::rule::Rule;

/// The rule.
pub static RULE: AccessRule = AccessRule {
    rule: Rule {
        name: "acl-user-open",
        level: Level::Warning,
        summary: "a user can log in without a password",
        docs: "\
Whoever reaches the server is that user. With the user `default`, which every new connection is, no other rule holds anything.

Give it a password, or turn it off when all programs have users of their own: `ACL SETUSER default off`.",
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
user reader on >two resetchannels -@all +ping +client|id +client|getname +client|setname (%R~app:visits +get)
user default on nopass ~* &* +@all
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
    let open = subject.accounts.iter().filter(|account| account.on && account.nopass);
    open.map(|account| {
        let mut finding = RULE.rule.finding(format!("the user `{}` can log in without a password", account.name));
        finding.subject.clone_from(&account.name);
        finding.hint = Some(format!("ACL SETUSER {} resetpass >PASSWORD, or off", account.name));
        finding
    })
    .collect()
}
