//! What is said of drafts that cannot be put into a text whole.

use crate::finding::Level;
use crate::rule::Rule;

/// Something that the layout of a text has no place for.
pub(super) static NOT_ADDED: Rule = Rule {
    name: "draft-not-added",
    level: Level::Warning,
    summary: "a part of a draft could not be added to the text as it is laid out",
    docs: "\
`--into` edits YAML in place and keeps each line that is there. Where that leaves no place for an addition, as in a list
that is an alias of another one, or where the addition would make the registry invalid, the text stays as it is, and what
was to be added is told. Additions to other places are made all the same.

Write the list out, or add the part by hand; `--out` writes the whole draft as files of its own.",
    bad: "\
module: app
bus: main
keys:
  mode: { key: app:mode, type: string, operations: &own [SET], retention: { ttl: none } }
  state: { key: app:state, type: string, operations: *own, retention: { ttl: none } }
# draft
module: app
bus: main
keys:
  state: { key: app:state, type: string, operations: [SET, DEL], retention: { ttl: none } }
",
    good: "\
module: app
bus: main
keys:
  mode: { key: app:mode, type: string, operations: [SET], retention: { ttl: none } }
  state: { key: app:state, type: string, operations: [SET], retention: { ttl: none } }
# draft
module: app
bus: main
keys:
  state: { key: app:state, type: string, operations: [SET, DEL], retention: { ttl: none } }
",
};

/// All rules; others that drafts may break are those of `reconcile`.
pub static RULES: [&Rule; 1] = [&NOT_ADDED];
