//! contract.rs: every write as data, so that a test can drive the generated writers and read back what they wrote.

use std::fmt::Write as _;

use super::plan::{Argument, ArgumentKind, EntryId, ReadMethod, Reply, WriteMethod};
use super::types::Place;
use super::{batch, names, types};
use crate::registry::{ModuleId, ParamKind, Registry};
use crate::server::commands;

const FRONT: &str = "//! Every write as data: what a contract test drives the writers with, and how it reads back.\n\n";

/// The whole file, unformatted.
pub(super) fn text(registry: &Registry, module: ModuleId, writes: &[WriteMethod], reads: &[ReadMethod]) -> String {
    let mut text = String::from(FRONT);
    if writes.is_empty() {
        text.push_str(OF_NONE);
        return super::with_imports(&text, &[]);
    }
    text.push_str(
        "/// One write with its arguments. In JSON the method's name holds them: \
         `{\"method\": {\"argument\": ...}}`; times are seconds.\n\
         #[derive(Debug, Clone, serde::Deserialize)]\n\
         #[allow(clippy::enum_variant_names, reason = \"named by their entries\")]\npub enum Write {\n",
    );
    for method in writes {
        variant(Place { registry, module }, writes, method, &mut text);
    }
    text.push_str(
        "}\n\nimpl Write {\n/// Adds the write to a batch.\n///\n/// # Errors\n\
         /// When an argument is not what the registry allows; nothing is added then.\n\
         #[allow(deprecated, clippy::too_many_lines, reason = \"one arm for each write\")]\npub fn add_to(&self, batch: &mut Batch) -> Result<(), Invalid> {\n",
    );
    text.push_str("match self {\n");
    for method in writes {
        add(Place { registry, module }, writes, method, &mut text);
    }
    text.push_str("}\nOk(())\n}\n}\n\n");
    read_back(registry, writes, reads, &mut text);
    super::with_imports(&text, &["params", "payloads", "readers"])
}

const OF_NONE: &str = r"
/// One write with its arguments; this module has none.
#[derive(Debug, Clone, serde::Deserialize)]
pub enum Write {}

impl Write {
    /// Adds the write to a batch.
    ///
    /// # Errors
    /// Never.
    pub fn add_to(&self, _batch: &mut Batch) -> Result<(), Invalid> {
        match *self {}
    }
}

/// Reads back the entry that a write wrote.
///
/// # Errors
/// Never.
pub async fn read_back(_conn: &mut impl ConnectionLike, write: &Write) -> Result<usize, ReadError> {
    match *write {}
}
";

/// The variant of a method; methods whose names differ in underscores alone are told apart by a number.
fn variant_name(writes: &[WriteMethod], method: &WriteMethod) -> String {
    let name = names::pascal(&method.name);
    let before = writes.iter().take_while(|other| other.name != method.name);
    match before.filter(|other| names::pascal(&other.name) == name).count() {
        0 => name,
        number => format!("{name}V{}", number + 1),
    }
}

fn variant(place: Place<'_>, writes: &[WriteMethod], method: &WriteMethod, text: &mut String) {
    let wire = method.wire(place.registry);
    let first = wire.first().map_or("", String::as_str);
    let _ = writeln!(text, "/// `{first}`\n#[serde(rename = {:?})]\n{} {{", method.name, variant_name(writes, method));
    for param in &method.params {
        let variable = types::variable(param);
        let same = variable.trim_start_matches("r#") == param;
        let rename = if same { String::new() } else { format!("#[serde(rename = {param:?})]\n") };
        let read = read_by(place, param);
        let _ = writeln!(text, "/// Param of the name.\n{rename}{read}{variable}: {},", types::param(place, param));
    }
    for argument in &method.arguments {
        let kind = types::in_contract(place, argument);
        let about = about(argument);
        let read = if let ArgumentKind::Param(param) = &argument.kind { read_by(place, param) } else { "" };
        let _ = writeln!(text, "/// {about}\n{read}{}: {kind},", names::ident(&argument.name));
    }
    text.push_str("},\n");
}

/// Params that are numbers may be given as they stand in names, too: as texts.
fn read_by(place: Place<'_>, param: &str) -> &'static str {
    match place.registry.param(place.module, param).kind {
        ParamKind::Integer { .. } | ParamKind::EpochMs => "#[serde(deserialize_with = \"support::param_value\")]\n",
        ParamKind::String { .. }
        | ParamKind::Uuid
        | ParamKind::Hex { .. }
        | ParamKind::Date
        | ParamKind::Enum(_)
        | ParamKind::Rest => "",
    }
}

fn about(argument: &Argument) -> &'static str {
    match argument.kind {
        ArgumentKind::Value(_) | ArgumentKind::OptionalValue(_) => "The value.",
        ArgumentKind::Score(_) => "The score.",
        ArgumentKind::Param(_) => "Param of the field's name.",
        ArgumentKind::Ttl(_) | ArgumentKind::Wait | ArgumentKind::OptionalWait => "Seconds.",
        ArgumentKind::Texts | ArgumentKind::Raw | ArgumentKind::Names => "Words.",
        ArgumentKind::Integer
        | ArgumentKind::Count
        | ArgumentKind::Number
        | ArgumentKind::Flag
        | ArgumentKind::Text
        | ArgumentKind::Bound
        | ArgumentKind::Limit => "As the command has it.",
    }
}

fn add(place: Place<'_>, writes: &[WriteMethod], method: &WriteMethod, text: &mut String) {
    let params = method.params.iter().map(|param| types::variable(param));
    let bound: Vec<String> =
        params.clone().chain(method.arguments.iter().map(|argument| names::ident(&argument.name))).collect();
    let passed: Vec<String> = params
        .chain(method.arguments.iter().map(|argument| types::from_contract(argument, &names::ident(&argument.name))))
        .collect();
    let tried = if batch::is_fallible(place, method) { "?" } else { "" };
    let _ = writeln!(
        text,
        "Self::{} {{ {} }} => {{ batch.{}({}){tried}; }}",
        variant_name(writes, method),
        bound.join(", "),
        names::ident(&method.name),
        passed.join(", ")
    );
}

fn read_back(registry: &Registry, writes: &[WriteMethod], reads: &[ReadMethod], text: &mut String) {
    text.push_str(
        "/// Reads back the entry that a write wrote, with every reader that needs no more than its params; gives how \
         many readers there were. Each answer is checked as the readers do.\n///\n/// # Errors\n\
         /// When a read fails, or finds what the registry does not allow.\n",
    );
    let mut arms = String::new();
    let mut any = false;
    for method in writes {
        let calls: Vec<String> = reads
            .iter()
            .filter(|read| read.entry == method.entry && matches!(read.entry, EntryId::Key(_)))
            .filter_map(|read| call(registry, read))
            .collect();
        any |= !calls.is_empty();
        let used = calls.iter().any(|call| call.contains(", "));
        let bound: Vec<String> =
            method.params.iter().filter(|_| used).map(|param| format!("{}, ", types::variable(param))).collect();
        let calls_text: String = calls.iter().map(|call| format!("{call};\n")).collect();
        let _ = writeln!(
            arms,
            "Write::{} {{ {}.. }} => {{ {calls_text} {} }}",
            variant_name(writes, method),
            bound.concat(),
            calls.len()
        );
    }
    let conn = if any { "conn" } else { "_conn" };
    let _ = writeln!(
        text,
        "#[allow(clippy::too_many_lines, reason = \"one arm for each write\")]\n\
         pub async fn read_back({conn}: &mut impl ConnectionLike, write: &Write) -> Result<usize, ReadError> {{\n\
         Ok(match write {{\n{arms}}})\n}}"
    );
}

/// The call of a reader with the widest range; `None` when it needs what only a caller can know, or changes something.
fn call(registry: &Registry, read: &ReadMethod) -> Option<String> {
    let changes = commands::get(&read.command).is_some_and(|command| command.is_write());
    if changes || matches!(read.reply, Reply::Raw | Reply::Subscription(_)) {
        return None;
    }
    let mut arguments = vec!["conn".to_owned()];
    arguments.extend(read.params.iter().map(|param| types::variable(param)));
    for argument in &read.arguments {
        arguments.push(match (&argument.kind, argument.name.as_str()) {
            (ArgumentKind::Integer, "stop") => "-1".to_owned(),
            (ArgumentKind::Integer | ArgumentKind::Count, _) => "0".to_owned(),
            (ArgumentKind::Bound, "min") => "f64::NEG_INFINITY".to_owned(),
            (ArgumentKind::Bound, _) => "f64::INFINITY".to_owned(),
            (ArgumentKind::Text, "start") => "\"-\"".to_owned(),
            (ArgumentKind::Text, "end") => "\"+\"".to_owned(),
            (ArgumentKind::Text, "after") => "\"0\"".to_owned(),
            (ArgumentKind::Limit | ArgumentKind::OptionalWait, _) => "None".to_owned(),
            (ArgumentKind::Names, _) => names_of_one(registry, read),
            _ => return None,
        });
    }
    let call = format!("readers::{}({}).await", names::ident(&read.name), arguments.join(", "));
    let of_many_writes = matches!(read.reply, Reply::Fields | Reply::NamedFields);
    Some(if of_many_writes { format!("support::so_far({call})?") } else { format!("{call}?") })
}

fn names_of_one(registry: &Registry, read: &ReadMethod) -> String {
    let params = read.entry.pattern(registry).params();
    let values: Vec<String> = params.map(types::variable).collect();
    match values.as_slice() {
        [only] => format!("std::slice::from_ref({only})"),
        _ => {
            format!("&[({})]", values.iter().map(|name| format!("Clone::clone({name})")).collect::<Vec<_>>().join(", "))
        }
    }
}
