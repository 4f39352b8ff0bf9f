//! The objects of the registry format. To add a field, add its line here, then read it where the object is resolved.

use super::leaves::{BOUND, COUNT, DURATION, PATTERN, TTL, VALUE, VERSION, WHOLE};
use super::{Kind, Object, optional, required};
use Kind::{Any, Flag, Leaf, List, Map, Schema, Short, Text, Word};

const TEXTS: Kind = List(&Text);

/// `registry.yaml`.
pub static REGISTRY: Object = Object {
    name: "the registry",
    about: "A keywire registry: the buses, the parties, and what all modules share.",
    fields: &[
        required("keywire", Leaf(&VERSION), "Version of the format: 1."),
        required("name", Text, "Name of the system, used in titles and schema ids."),
        optional("about", Text, "What the system is, for people."),
        required("buses", Map(&Kind::Object(&BUS)), "The Redis deployments, by name."),
        optional(
            "services",
            Map(&Kind::Object(&SERVICE)),
            "Parties that only consume and are not described as modules.",
        ),
        optional("params", Map(&Kind::Object(&PARAM)), "Variable parts of patterns that several modules use."),
        optional("payloads", Map(&Schema), "JSON Schemas that several modules use."),
        optional("config", Map(&Kind::Object(&CONFIG)), "Config variables that several modules use."),
    ],
};

static BUS: Object = Object {
    name: "a bus",
    about: "One Redis deployment. The same key name on two buses is two keys.",
    fields: &[
        optional("about", Text, "What the bus is for."),
        optional("env", Text, "Environment variable in which processes find its URL."),
        optional("default", Text, "URL when that variable is not set; never with a password."),
        optional("owns", TEXTS, "Globs of the names that are keywire's business; others there are not looked at."),
        optional("topology", Word(TOPOLOGY), "How the deployment is built; default standalone."),
        optional("config_path", Text, "Where the URL stands in a config file, for people."),
    ],
};

const TOPOLOGY: &[(&str, &str)] = &[
    ("standalone", "One server, perhaps with replicas."),
    ("sentinel", "Servers watched by Sentinel."),
    ("cluster", "A Redis Cluster: keys live in slots."),
];

static SERVICE: Object = Object {
    name: "a service",
    about: "A party that reads and is not described as a module.",
    fields: &[
        optional("role", Text, "What it does, in a sentence."),
        optional("bus", Text, "The bus it is connected to, if only one."),
        optional("scope", Word(SCOPE), "Which group of the connectivity graph it belongs to; default external."),
        optional("owner", Text, "Who answers for it."),
        optional("notes", Text, "Anything else."),
    ],
};

const SCOPE: &[(&str, &str)] = &[
    ("internal", "Part of this system."),
    ("external", "Another system that reads from this one."),
    ("admin", "People and tools that watch or debug."),
];

/// `modules/*.yaml`.
pub static MODULE: Object = Object {
    name: "a module",
    about: "A process that owns (writes) keys.",
    fields: &[
        required("module", Text, "Name of the module; the file is called like it."),
        optional("role", Text, "What it does, in a sentence."),
        required("bus", Text, "The bus it writes to."),
        optional("source", Text, "Its program or source file, for people."),
        optional("owner", Text, "Who answers for it."),
        optional("notes", Text, "Anything else."),
        optional("since", Text, "Version or date since which it exists."),
        optional("atomic", Flag, "Are the writes of one batch one MULTI/EXEC? Default false."),
        optional("clients", Kind::Object(&CLIENTS), "How its connections are told from others."),
        optional("config", Map(&Kind::Object(&CONFIG)), "Its config variables, by name."),
        optional("params", Map(&Kind::Object(&PARAM)), "Variable parts of its patterns, by name."),
        optional("payloads", Map(&Schema), "JSON Schemas of its payloads, by name."),
        optional("keys", Map(&Kind::Object(&KEY)), "The keys it owns, by entry name."),
        optional("channels", Map(&Kind::Object(&CHANNEL)), "The pub/sub channels it publishes to, by entry name."),
        optional("scenarios", List(&Kind::Object(&SCENARIO)), "What happens to the keys in operation, for people."),
        optional("flow", List(&Kind::Object(&STAGE)), "The pipeline this module is part of, stage by stage."),
    ],
};

static CLIENTS: Object = Object {
    name: "clients",
    about: "How the module's connections are told from others; by default by a client name or ACL user like the module.",
    fields: &[
        optional("names", TEXTS, "Globs of client names (CLIENT SETNAME)."),
        optional("users", TEXTS, "Names of ACL users."),
    ],
};

static CONFIG: Object = Object {
    name: "a config variable",
    about: "A variable that the module reads from its environment.",
    fields: &[
        required("type", Word(CONFIG_TYPE), "What it holds."),
        optional("default", Any, "Its value when it is not set; left out: it must be set."),
        optional("about", Text, "What it decides."),
        optional("values", TEXTS, "For an enum: the allowed words."),
        optional("min", Any, "For numbers and times: the smallest allowed value."),
        optional("max", Any, "For numbers and times: the largest allowed value."),
        optional("secret", Flag, "Never printed, never with a default."),
        optional("optional", Flag, "May stay unset even without a default."),
    ],
};

const CONFIG_TYPE: &[(&str, &str)] = &[
    ("string", "Text."),
    ("integer", "A whole number."),
    ("number", "A decimal number."),
    ("boolean", "true or false."),
    ("list", "Words separated by commas."),
    ("seconds", "A time in seconds, whole or fractional."),
    ("milliseconds", "A time in whole milliseconds."),
    ("url", "A URL."),
    ("path", "A path in the file system."),
    ("enum", "One of `values`."),
];

static PARAM: Object = Object {
    name: "a param",
    about: "A typed variable part of a pattern.",
    fields: &[
        optional("type", Word(PARAM_TYPE), "What its values look like; default string."),
        optional("pattern", Text, "For a string: a regular expression for the whole value."),
        optional("values", TEXTS, "For an enum: the allowed words."),
        optional("min", Leaf(&WHOLE), "For an integer: the smallest value."),
        optional("max", Leaf(&WHOLE), "For an integer: the largest value."),
        optional("length", Leaf(&WHOLE), "For hex: the number of digits."),
        optional("from", TEXTS, "Config variables that list its values."),
        optional("examples", TEXTS, "A few values."),
        optional("about", Text, "What it stands for."),
    ],
};

const PARAM_TYPE: &[(&str, &str)] = &[
    ("string", "Text; by default one or more characters other than `:`."),
    ("integer", "A whole number in decimal."),
    ("uuid", "A UUID with hyphens."),
    ("hex", "Hexadecimal digits."),
    ("date", "A date, YYYY-MM-DD."),
    ("epoch_ms", "Milliseconds since 1970-01-01 UTC."),
    ("enum", "One of `values`."),
    ("rest", "One or more characters of any kind, `:` too."),
];

static KEY: Object = Object {
    name: "a key",
    about: "A pattern with at most one Redis type.",
    fields: &[
        required("key", Leaf(&PATTERN), "The name, with `{param}` for its variable parts."),
        optional("purpose", Text, "What it is for, in a sentence."),
        optional("type", Text, "Its Redis type: string, hash, list, set, zset, stream, ..."),
        optional("bus", Text, "Its bus, when it is not the module's."),
        optional("value", Leaf(&VALUE), "For a string: what it holds."),
        optional("fields", FIELDS, "For a hash: its fields; a name may be a pattern."),
        optional("element", Leaf(&VALUE), "For a list: what an element is."),
        optional("member", Leaf(&VALUE), "For a set or zset: what a member is."),
        optional("score", Leaf(&VALUE), "For a zset: what the score is."),
        optional("entry", FIELDS, "For a stream: the fields of an entry."),
        optional(
            "groups",
            GROUPS,
            "For a stream: the consumer groups that read it, by name; a list of names sets no limits.",
        ),
        optional(
            "found_by",
            Text,
            "The entry whose value names the key that is wanted: readers go by it and never search.",
        ),
        optional("operations", TEXTS, "The Redis commands with which the module writes it."),
        optional("retention", Kind::Object(&RETENTION), "How the data is bounded."),
        optional("required", Flag, "Must it be there while the module runs? Default: true for static keys."),
        optional("cardinality", Leaf(&COUNT), "At most so many keys of this pattern."),
        optional("freshness", Leaf(&DURATION), "Older than this is stale."),
        optional("consumers", List(&Kind::Object(&CONSUMER)), "Who reads it."),
        optional("owner", Text, "Who answers for it."),
        optional("notes", Text, "Anything else."),
        optional("examples", TEXTS, "Names that it claims, or values of interest."),
        optional("since", Text, "Version or date since which it exists."),
        optional("deprecated", Kind::Object(&DEPRECATED), "It is going away."),
    ],
};

const FIELDS: Kind = Map(&Short(&Leaf(&VALUE), &Kind::Object(&FIELD)));

const GROUPS: Kind = Short(&TEXTS, &Map(&Kind::Object(&GROUP)));

static GROUP: Object = Object {
    name: "a consumer group",
    about: "What a consumer group of a stream keeps to.",
    fields: &[
        optional("max_lag", Leaf(&COUNT), "At most so many entries that it was not given yet."),
        optional("max_pending", Leaf(&COUNT), "At most so many entries that it was given and has not acknowledged."),
        optional("max_consumers", Leaf(&COUNT), "At most so many consumers."),
        optional("required", Flag, "Must it be there while the stream is? Default false: its consumers make it."),
        optional("about", Text, "What it is for."),
    ],
};

static FIELD: Object = Object {
    name: "a field",
    about: "A field of a hash or of a stream entry.",
    fields: &[
        required("type", Leaf(&VALUE), "What it holds: a payload or a scalar."),
        optional("purpose", Text, "What it is for."),
        optional("required", Flag, "Must it be there? Default: true in stream entries, false in hashes."),
        optional("operations", TEXTS, "Those of the key's operations that write this field."),
    ],
};

static RETENTION: Object = Object {
    name: "a retention",
    about: "How the data is bounded, or that it is not, on purpose.",
    fields: &[
        optional("ttl", Short(&Leaf(&TTL), &Kind::Object(&TTL_RANGE)), "Time to live of the key."),
        optional("max_entries", Leaf(&BOUND), "At most so many elements; `~` allows approximate trimming."),
        optional("max_length", Leaf(&COUNT), "For a string: at most so many bytes."),
        optional("max_age", Leaf(&DURATION), "Elements older than this are removed."),
        optional("lifecycle", Word(LIFECYCLE), "What becomes of old data."),
    ],
};

static TTL_RANGE: Object = Object {
    name: "a TTL range",
    about: "The TTL set by a write lies between these.",
    fields: &[
        required("min", Leaf(&DURATION), "The shortest TTL a write may set."),
        required("max", Leaf(&DURATION), "The longest TTL a write may set."),
    ],
};

const LIFECYCLE: &[(&str, &str)] = &[
    ("overwritten", "Each write replaces the last."),
    ("cumulative", "It grows or counts on purpose, for ever."),
    ("pruned", "Writers remove old elements."),
    ("expiring", "The server removes it when its TTL runs out."),
];

static CONSUMER: Object = Object {
    name: "a consumer",
    about: "A module or service that reads this.",
    fields: &[
        required("name", Text, "A module or a service of the registry."),
        optional("reads", TEXTS, "The Redis commands with which it reads."),
        optional("for", Text, "What it needs it for."),
        optional("needs", TEXTS, "The payload fields it relies on; `a.b` for nested ones."),
        optional("examples", TEXTS, "Parts of the consumer that read it."),
        optional("via", Text, "How it comes to read it."),
        optional("bus", Text, "The bus on which it reads, when it is not its own."),
        optional("potential", Flag, "It may come to read this, but is not known to do so yet."),
    ],
};

static CHANNEL: Object = Object {
    name: "a channel",
    about: "A pub/sub channel.",
    fields: &[
        required("channel", Leaf(&PATTERN), "The name, with `{param}` for its variable parts."),
        optional("purpose", Text, "What it is for, in a sentence."),
        optional("bus", Text, "Its bus, when it is not the module's."),
        optional("message", Leaf(&VALUE), "What a message is."),
        optional("operations", TEXTS, "How the module publishes; default PUBLISH."),
        optional("consumers", List(&Kind::Object(&CONSUMER)), "Who subscribes."),
        optional("owner", Text, "Who answers for it."),
        optional("notes", Text, "Anything else."),
        optional("examples", TEXTS, "Names that it claims."),
        optional("since", Text, "Version or date since which it exists."),
        optional("deprecated", Kind::Object(&DEPRECATED), "It is going away."),
    ],
};

static DEPRECATED: Object = Object {
    name: "a deprecation",
    about: "It is going away: since when, what to use, and when it is gone.",
    fields: &[
        required("since", Text, "Version or date."),
        optional("replacement", Text, "What to use instead."),
        optional("remove_after", Text, "Date after which it may be removed, YYYY-MM-DD."),
    ],
};

static SCENARIO: Object = Object {
    name: "a scenario",
    about: "A condition in operation, and what it does to the keys.",
    fields: &[
        required("condition", Text, "What happens."),
        required("impact", Text, "What it does to the keys."),
        required("handling", Text, "What the module does about it."),
        required("action", Text, "What a person does about it."),
    ],
};

static STAGE: Object = Object {
    name: "a stage",
    about: "One stage of the pipeline.",
    fields: &[
        required("stage", Text, "Name of the stage."),
        optional("example", Text, "What it does with the data, by example."),
    ],
};
