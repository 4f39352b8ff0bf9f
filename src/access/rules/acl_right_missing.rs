//! Rights that are declared and not given.

use super::Subject;
use super::some;
use crate::access::compare::AccessRule;
use crate::finding::{Finding, Level};
use crate::rule::Rule;

/// The rule.
pub static RULE: AccessRule = AccessRule {
    rule: Rule {
        name: "acl-right-missing",
        level: Level::Error,
        summary: "a user may not do what the registry declares",
        docs: "\
The server answers NOPERM, in production and perhaps only on a rare path.

Give the user the rights of its line in `keywire acl`. A right to several keys of one call must stand in one selector.",
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
user app on >one resetchannels -@all +ping +client|id +client|getname +client|setname +multi +exec +discard
user reader on >two resetchannels -@all +ping +client|id +client|getname +client|setname (%R~app:visits +get)
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
    for (user, account) in subject.pairs().filter(|(_, account)| account.on) {
        let mut missing = Vec::new();
        let may =
            |command: &str, key, channel| account.allowed.iter().any(|allowed| allowed.allows(command, key, channel));
        missing.extend(user.commands.iter().filter(|command| !may(command, None, None)).cloned());
        for selector in &user.selectors {
            for command in &selector.commands {
                for (glob, rights) in
                    selector.keys.iter().filter(|(glob, rights)| !may(command, Some((glob, **rights)), None))
                {
                    missing.push(format!("{command} {glob}{}", if rights.write { "" } else { " (read)" }));
                }
                missing.extend(
                    selector
                        .channels
                        .iter()
                        .filter(|glob| !may(command, None, Some(glob)))
                        .map(|glob| format!("{command} {glob}")),
                );
            }
        }
        if missing.is_empty() {
            continue;
        }
        let mut finding = RULE.rule.finding(format!("the user `{}` may not: {}", user.name, some(&missing)));
        finding.module = Some(user.party.clone());
        finding.subject.clone_from(&user.name);
        finding.count = missing.len() as u64;
        finding.hint = Some("give it the rules of its line in `keywire acl`".to_owned());
        findings.push(finding);
    }
    findings
}
