//! The text of a baseline after a look: what is new is added, what is gone is removed, what people wrote stays.

use std::collections::HashSet;

use anyhow::Result;
use jiff::civil::Date;

use super::{Baseline, Entry};
use crate::finding::Finding;

const HEAD: &str = "\
# Findings that are known: they fail no run until they expire. `keywire baseline update` adds what is new and removes what
# is gone; owner, reason and expires are for people to change.
";

/// What is said of findings that are new.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Who answers for them.
    pub owner: String,
    /// Why they may stay.
    pub reason: String,
    /// The last day on which they may.
    pub expires: Date,
}

/// A baseline after a look.
#[derive(Debug)]
pub struct Updated {
    /// Its text.
    pub text: String,
    /// What is new.
    pub added: Vec<Entry>,
    /// What is gone.
    pub removed: Vec<Entry>,
}

/// Puts the findings of commands into the text of a baseline. `looked` names the commands that looked at all: what they no
/// longer find is removed.
///
/// # Errors
/// When the text is no baseline.
pub fn update(text: &str, found: &[(&'static str, Finding)], looked: &[&str], terms: &Terms) -> Result<Updated> {
    let known = Baseline::parse(text)?;
    let found_now: HashSet<(String, &str)> =
        found.iter().map(|(command, finding)| (finding.fingerprint(), *command)).collect();
    let (mut kept, mut removed) = (String::new(), Vec::new());
    for block in blocks(text) {
        let entry = Baseline::parse(block).ok().and_then(|one| one.entries().first().map(|entry| (*entry).clone()));
        match entry {
            Some(entry)
                if looked.contains(&entry.command.as_str())
                    && !found_now.contains(&(entry.fingerprint.clone(), entry.command.as_str())) =>
            {
                removed.push(entry);
            }
            _ => kept.push_str(block),
        }
    }
    let mut added: Vec<Entry> = Vec::new();
    for (command, finding) in found {
        let fingerprint = finding.fingerprint();
        let is_there = known.of(&fingerprint).any(|entry| entry.command == *command)
            || added.iter().any(|entry| entry.fingerprint == fingerprint && entry.command == *command);
        if !is_there {
            added.push(Entry {
                fingerprint,
                command: (*command).to_owned(),
                rule: finding.rule.to_owned(),
                about: about(finding),
                owner: terms.owner.clone(),
                reason: terms.reason.clone(),
                expires: terms.expires,
            });
        }
    }
    added.sort_by(|a, b| (&a.command, &a.rule, &a.about).cmp(&(&b.command, &b.rule, &b.about)));
    if kept.trim().is_empty() {
        HEAD.clone_into(&mut kept);
    }
    for entry in &added {
        if !kept.ends_with("\n\n") {
            kept.push_str(if kept.ends_with('\n') { "\n" } else { "\n\n" });
        }
        kept.push_str(&table(entry));
    }
    Ok(Updated { text: kept, added, removed })
}

/// The pieces of a text, of which each but the first is one table with the comments before it.
fn blocks(text: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let (mut at, mut comment): (usize, Option<usize>) = (0, None);
    for line in text.split_inclusive('\n') {
        let word = line.trim_start();
        if word.starts_with("[[") {
            starts.push(comment.unwrap_or(at));
            comment = None;
        } else if word.starts_with('#') {
            comment = comment.or(Some(at));
        } else {
            comment = None;
        }
        at += line.len();
    }
    starts.push(text.len());
    starts.windows(2).map(|pair| &text[pair[0]..pair[1]]).filter(|block| !block.is_empty()).collect()
}

fn about(finding: &Finding) -> String {
    let place = [&finding.bus, &finding.module];
    let place = place.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ");
    let what = finding.pattern.as_ref().or(finding.entry.as_ref()).or(finding.key.as_ref());
    let what = what.filter(|what| !finding.message.contains(what.as_str()));
    let parts = [Some(place.as_str()).filter(|place| !place.is_empty()), what.map(String::as_str)];
    let parts = parts.into_iter().flatten().chain([finding.message.as_str()]);
    parts.collect::<Vec<_>>().join(": ")
}

fn table(entry: &Entry) -> String {
    let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
    format!(
        "[[known]]\nfingerprint = {}\ncommand = {}\nrule = {}\nabout = {}\nowner = {}\nreason = {}\nexpires = {}\n",
        text(&entry.fingerprint),
        text(&entry.command),
        text(&entry.rule),
        text(&entry.about),
        text(&entry.owner),
        text(&entry.reason),
        entry.expires
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Level;

    fn finding(rule: &'static str, subject: &str) -> (&'static str, Finding) {
        ("lint", Finding::new(rule, Level::Warning, format!("about \"{subject}\"")).subject(subject))
    }

    fn terms() -> Terms {
        Terms { owner: "ana".into(), reason: "old \"things\"\nof ours".into(), expires: "2027-01-31".parse().unwrap() }
    }

    #[test]
    fn what_people_wrote_stays_and_what_is_gone_goes() {
        let (one, two) = (finding("naming", "one"), finding("naming", "two"));
        let first = update("", &[one.clone(), two.clone(), one.clone()], &["lint"], &terms()).unwrap();
        assert_eq!((first.added.len(), first.removed.len()), (2, 0));
        insta::assert_snapshot!(first.text);
        let again = update(&first.text, &[two.clone(), one.clone()], &["lint"], &terms()).unwrap();
        assert_eq!((again.text.as_str(), again.added.len(), again.removed.len()), (first.text.as_str(), 0, 0));
        let by_hand =
            first.text.replacen("[[known]]", "# Ana's: see the plan.\n  [[ known ]]", 1).replace("ana", "ben");
        let less = update(&by_hand, std::slice::from_ref(&one), &["lint"], &terms()).unwrap();
        assert_eq!((less.added.len(), less.removed.len()), (0, 1));
        assert!(less.text.contains("# Ana's: see the plan.\n  [[ known ]]") && less.text.contains("owner = \"ben\""));
        assert!(!less.text.contains("two"), "{}", less.text);
        // A command that did not look removes nothing.
        let other = update(&first.text, &[], &["verify"], &terms()).unwrap();
        assert_eq!((other.text, other.removed.len()), (first.text, 0));
    }

    #[test]
    fn two_commands_may_know_the_same() {
        let (command, found) = finding("ttl-missing", "one");
        let both = [(command, found.clone()), ("verify", found)];
        let updated = update("", &both, &["lint", "verify"], &terms()).unwrap();
        assert_eq!(updated.added.len(), 2);
        let less = update(&updated.text, &both[..1], &["lint", "verify"], &terms()).unwrap();
        assert_eq!(less.removed.len(), 1);
        assert_eq!(Baseline::parse(&less.text).unwrap().entries().len(), 1);
    }
}
