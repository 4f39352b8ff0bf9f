//! readers.rs: functions that read entries as typed values, one per command with which a consumer reads.

use std::fmt::Write as _;

use super::batch::parameters;
use super::plan::{Argument, ArgumentKind, EntryId, ReadMethod, Reply};
use super::records;
use super::sentence::Scene;
use super::types::Place;
use super::{keys, names, types};
use crate::registry::{ModuleId, Registry, Scalar, Token, Value};

const FRONT: &str = "//! The readers: values as the registry types them; what is not so is an error, never a guess.\n//!\n\
    //! A reader that waits needs a connection of its own, without a response timeout.\n\n";

/// The whole file, unformatted.
pub(super) fn text(registry: &Registry, module: ModuleId, methods: &[ReadMethod]) -> String {
    let mut text = String::from(FRONT);
    let mut done = Vec::new();
    let mut messages = Vec::new();
    for method in methods {
        let record =
            matches!(method.reply, Reply::Fields | Reply::NamedFields | Reply::Entries | Reply::EntriesByStream);
        if record && !done.contains(&method.entry) {
            done.push(method.entry);
            text.push_str(&records::text(registry, module, method.entry));
        }
        match &method.reply {
            Reply::Subscription(message) => {
                subscription(registry, module, method, &mut text);
                if !messages.contains(&method.entry) {
                    messages.push(method.entry);
                    message_reader(registry, module, method, message.as_ref(), &mut text);
                }
            }
            _ => reader(registry, module, method, &mut text),
        }
    }
    super::with_imports(&text, &["keys", "params", "payloads"])
}

fn head(registry: &Registry, method: &ReadMethod, text: &mut String) {
    text.push_str(&super::doc(method.entry.purpose(registry).unwrap_or("An entry of the registry.")));
    let _ = writeln!(text, "///\n/// Sends `{}`.", method.wire(registry));
}

fn reader(registry: &Registry, module: ModuleId, method: &ReadMethod, text: &mut String) {
    let pattern_params: Vec<String> = method.entry.pattern(registry).params().map(str::to_owned).collect();
    let scene = Scene { registry, module, entry: method.entry, params: &method.params, arguments: &method.arguments };
    head(registry, method, text);
    text.push_str("///\n/// # Errors\n/// When the server refuses or cannot be reached, or the answer is not what the registry says.\n");
    let (returned, received, made) = reply(registry, module, method);
    let parameters = match method.params.is_empty() {
        true => all_parameters(Place { registry, module }, &pattern_params, &method.arguments),
        false => parameters(Place { registry, module }, &method.params, &method.arguments),
    };
    let _ = writeln!(
        text,
        "pub async fn {}(conn: &mut impl ConnectionLike{parameters}) -> Result<{returned}, ReadError> {{",
        names::ident(&method.name),
    );
    text.push_str(&scene.prelude());
    for argument in &method.arguments {
        text.push_str(&early(&scene, argument, &pattern_params));
    }
    let sentence = scene.sentence(&method.sent.words);
    // The first word is the command's name.
    let call = sentence.args.replacen(".arg(", "redis::cmd(", 1);
    let _ = writeln!(text, "let reply: {received} = {call}.query_async(conn).await?;\n{made}\n}}\n");
}

/// Parameters of a read of many keys: the names' type needs the pattern's params.
fn all_parameters(place: Place<'_>, params: &[String], arguments: &[Argument]) -> String {
    let typed = |argument: &Argument| {
        format!(", {}: {}", names::ident(&argument.name), types::argument(place, argument, params))
    };
    arguments.iter().map(typed).collect()
}

/// Statements for arguments that name many: nothing asked, nothing sent.
fn early(scene: &Scene<'_>, argument: &Argument, params: &[String]) -> String {
    let name = names::ident(&argument.name);
    match argument.kind {
        ArgumentKind::Names => {
            let variables: Vec<String> = params.iter().map(|param| types::variable(param)).collect();
            let builder = match variables.as_slice() {
                [_] => scene.key_call(params).split('(').next().unwrap_or_default().to_owned(),
                _ => format!("|({})| {}", variables.join(", "), scene.key_call(params)),
            };
            format!(
                "if {name}.is_empty() {{ return Ok(Vec::new()); }}\n\
                 let all_keys: Vec<String> = {name}.iter().map({builder}).collect();\n"
            )
        }
        ArgumentKind::Texts => format!("if {name}.is_empty() {{ return Ok(0); }}\n"),
        _ => String::new(),
    }
}

/// What a reader gives, what it asks the client for, and how it makes the one of the other.
fn reply(registry: &Registry, module: ModuleId, method: &ReadMethod) -> (String, String, String) {
    let bytes = "Option<Vec<u8>>".to_owned();
    let plain = |kind: &str| (kind.to_owned(), kind.to_owned(), "Ok(reply)".to_owned());
    let record = || records::name(registry, module, method.entry);
    let place = Place { registry, module };
    let decode = |value: &Value| types::decoder(place, value);
    let owned = |value: &Value| types::owned(place, value);
    let of_record = |call: &str| format!("{call}(reply, {}::from_fields)", record());
    match &method.reply {
        Reply::Optional(value) => {
            (format!("Option<{}>", owned(value)), bytes, format!("support::optional(reply, {})", decode(value)))
        }
        Reply::PerKey(value) => (
            format!("Vec<Option<{}>>", owned(value)),
            "Vec<Option<Vec<u8>>>".to_owned(),
            format!("support::optionals(reply, {})", decode(value)),
        ),
        Reply::Many(value) => (
            format!("Vec<{}>", owned(value)),
            "Vec<Vec<u8>>".to_owned(),
            format!("support::all(reply, {})", decode(value)),
        ),
        Reply::Popped(value) => (
            format!("Option<{}>", owned(value)),
            "Option<(Vec<u8>, Vec<u8>)>".to_owned(),
            format!("support::optional(reply.map(|(_, value)| value), {})", decode(value)),
        ),
        Reply::Scored { member, score } => (
            format!("Vec<({}, {})>", owned(member), types::score(score)),
            "Vec<(Vec<u8>, f64)>".to_owned(),
            format!("support::scored(reply, {}, {})", decode(member), score_of(score)),
        ),
        Reply::OptionalScore(score) => (
            format!("Option<{}>", types::score(score)),
            "Option<f64>".to_owned(),
            if types::is_whole_score(score) { "Ok(reply.map(support::whole))" } else { "Ok(reply)" }.to_owned(),
        ),
        Reply::Fields => (format!("Option<{}>", record()), "Pairs".to_owned(), whole_record(&record())),
        Reply::NamedFields => (
            format!("Option<{}>", record()),
            "Vec<Option<Vec<u8>>>".to_owned(),
            named_pairs(registry, method.entry) + &whole_record(&record()),
        ),
        Reply::Entries => {
            (format!("Vec<(String, {})>", record()), "RawEntries".to_owned(), of_record("support::entries"))
        }
        Reply::EntriesByStream => (
            format!("Vec<(String, {})>", record()),
            "Vec<(Vec<u8>, RawEntries)>".to_owned(),
            format!(
                "let reply = reply.into_iter().flat_map(|(_, entries)| entries).collect();\n{}",
                of_record("support::entries")
            ),
        ),
        Reply::Count => plain("u64"),
        Reply::OptionalCount => plain("Option<u64>"),
        Reply::Integer => plain("i64"),
        Reply::Flag => plain("bool"),
        Reply::Texts => plain("Vec<String>"),
        Reply::Raw | Reply::Subscription(_) => plain("redis::Value"),
    }
}

fn whole_record(record: &str) -> String {
    format!("if reply.is_empty() {{ return Ok(None); }}\nOk(Some({record}::from_fields(reply)?))")
}

fn score_of(score: &Value) -> &'static str {
    if types::is_whole_score(score) { "support::whole" } else { "support::decimal" }
}

/// Puts the names to the answers of HMGET.
fn named_pairs(registry: &Registry, entry: EntryId) -> String {
    let EntryId::Key(id) = entry else { return String::new() };
    let crate::registry::Shape::Fields(fields) = &registry.key(id).shape else { return String::new() };
    let literal = |field: &crate::registry::FieldShape| field.name.format(|_| None);
    let names: Vec<String> = fields.iter().filter_map(literal).map(|name| format!("{name:?}")).collect();
    format!(
        "let names = [{}];\nlet reply: Pairs = names.into_iter().zip(reply)\n\
         .filter_map(|(name, value)| Some((name.as_bytes().to_vec(), value?))).collect();\n",
        names.join(", ")
    )
}

fn subscription(registry: &Registry, module: ModuleId, method: &ReadMethod, text: &mut String) {
    head(registry, method, text);
    text.push_str("///\n/// # Errors\n/// When the server refuses or cannot be reached.\n");
    let pattern = method.entry.pattern(registry);
    let scene = Scene { registry, module, entry: method.entry, params: &method.params, arguments: &method.arguments };
    let by_pattern = method.command == "PSUBSCRIBE";
    let channel = if by_pattern {
        format!("{:?}", glob(pattern.tokens()))
    } else if pattern.is_static() {
        format!("keys::{}", keys::name(registry, method.entry, module).to_uppercase())
    } else {
        scene.key_call(&method.params)
    };
    let _ = writeln!(
        text,
        "pub async fn {}(pubsub: &mut redis::aio::PubSub{}) -> Result<(), RedisError> {{\n\
         pubsub.{}({channel}).await\n}}\n",
        names::ident(&method.name),
        parameters(Place { registry, module }, &method.params, &method.arguments),
        method.command.to_lowercase()
    );
}

/// The glob of all names of a pattern.
fn glob(tokens: &[Token]) -> String {
    let mut glob = String::new();
    for token in tokens {
        match token {
            Token::Param(_) => glob.push('*'),
            Token::Literal(text) => {
                for c in text.chars() {
                    if matches!(c, '*' | '?' | '[' | ']' | '\\') {
                        glob.push('\\');
                    }
                    glob.push(c);
                }
            }
        }
    }
    glob
}

fn message_reader(
    registry: &Registry,
    module: ModuleId,
    method: &ReadMethod,
    message: Option<&Value>,
    text: &mut String,
) {
    let value = message.cloned().unwrap_or(Value::Scalar(Scalar::Bytes));
    let place = Place { registry, module };
    let name = super::plan::entry_name(registry, method.entry, module);
    let _ = writeln!(
        text,
        "/// A message of `{}`.\n///\n/// # Errors\n/// When it is not what the registry says.\n\
         pub fn {name}_message(message: &redis::Msg) -> Result<{}, ReadError> {{\n\
         Ok({}(message.get_payload_bytes())?)\n}}\n",
        method.entry.pattern(registry).as_str(),
        types::owned(place, &value),
        types::decoder(place, &value)
    );
}
