//! Commands whose arguments are not just their words.

use super::super::super::{Word, Words};
use super::arguments::{all, flat, word};
use super::commands::is_map;
use super::options;
use crate::extract::code::program::{Argument, Expression, Form};

/// The words after the name, of commands that take objects or lists in their own way.
pub fn words(name: &str, method: &str, given: &[&Argument]) -> Option<Words> {
    match name {
        "HSET" | "HMSET" => hash(given),
        // Objects among these are values, which the library writes as JSON.
        "SET" => valued(given, 2),
        "PUBLISH" | "SPUBLISH" | "LPUSH" | "RPUSH" | "LPUSHX" | "RPUSHX" | "SADD" | "SREM" | "SETEX" | "PSETEX"
        | "SETNX" | "GETSET" | "APPEND" | "LREM" | "LSET" | "LINSERT" | "SISMEMBER" | "HSETNX" | "JSON.SET" => {
            valued(given, given.len())
        }
        "MSET" | "MSETNX" => pairs(given),
        "ZADD" => members(given),
        "GEOADD" => places(given),
        "XADD" => entry(given),
        "XTRIM" => trimmed(given),
        "XREAD" => streams(given, 0),
        "XREADGROUP" => streams(given, 2),
        "EVAL" | "EVALSHA" | "EVAL_RO" | "EVALSHA_RO" | "FCALL" | "FCALL_RO" => script(given),
        "SUBSCRIBE" | "PSUBSCRIBE" | "SSUBSCRIBE" => subscribed(given, method),
        "ZUNION" | "ZINTER" | "ZDIFF" | "ZINTERCARD" | "SINTERCARD" | "LMPOP" | "ZMPOP" => counted(given, 0),
        "ZUNIONSTORE" | "ZINTERSTORE" | "ZDIFFSTORE" | "BLMPOP" | "BZMPOP" => counted(given, 1),
        "HEXPIRE" | "HPEXPIRE" | "HEXPIREAT" | "HPEXPIREAT" => field_expiry(given),
        _ => None,
    }
}

/// `scanStream({ match })`, `scanIterator({ MATCH })`, `hScanIterator(k)`, `scan(cursor, { MATCH })` need no rule.
pub fn scanning(method: &str, given: &[&Argument]) -> Option<Words> {
    let name = match method {
        "scanStream" | "scanBufferStream" | "scanIterator" => "SCAN",
        "hscanStream" | "hscanBufferStream" | "hScanIterator" | "hScanValuesIterator" | "hScanNoValuesIterator" => {
            "HSCAN"
        }
        "sscanStream" | "sscanBufferStream" | "sScanIterator" => "SSCAN",
        "zscanStream" | "zscanBufferStream" | "zScanIterator" => "ZSCAN",
        _ => return None,
    };
    let mut words = vec![Word::Literal(name.to_owned())];
    let mut rest = given;
    if name != "SCAN"
        && let Some((key, after)) = given.split_first()
    {
        words.push(word(key));
        rest = after;
    }
    words.push(Word::Literal("0".to_owned()));
    words.extend(all(rest));
    Some(words)
}

/// Values first, and then options.
fn valued(given: &[&Argument], values: usize) -> Option<Words> {
    let mut words = vec![];
    for (at, argument) in given.iter().enumerate() {
        match &argument.value.form {
            Form::Map(_) if at < values => words.push(word(argument)),
            _ => words.extend(all(&[argument])),
        }
    }
    Some(words)
}

/// `hset(k, { f: v })`, `hset(k, fields)`.
fn hash(given: &[&Argument]) -> Option<Words> {
    match given {
        [key, fields] if !key.spread && !fields.spread => match &fields.value.form {
            Form::List(_) => None,
            _ => Some(vec![word(key), Word::Pairs(fields.value.clone())]),
        },
        _ => None,
    }
}

/// `mset({ k: v })`, `mSet([[k, v], [k, v]])`.
fn pairs(given: &[&Argument]) -> Option<Words> {
    match given {
        [all] if !all.spread => match &all.value.form {
            Form::List(_) => None,
            _ => Some(vec![Word::Pairs(all.value.clone())]),
        },
        _ => None,
    }
}

/// `zAdd(k, { score, value })`, `zAdd(k, [{ score, value }], { NX: true })`, `zadd(k, { nx: true }, { score, member })`.
fn members(given: &[&Argument]) -> Option<Words> {
    let (key, rest) = given.split_first()?;
    let mut flags = vec![];
    let mut found = vec![];
    for argument in rest {
        match &argument.value.form {
            Form::Map(_) if options::has_field(&argument.value, &["score"]) => scored(&argument.value, &mut found),
            Form::Map(_) if rest.len() == 1 => found.push(Word::Reversed(argument.value.clone())),
            Form::Map(_) => flags.extend(options::words(&argument.value)),
            Form::List(elements) if elements.iter().any(is_map) => {
                elements.iter().for_each(|element| scored(element, &mut found));
            }
            Form::List(_) => flat(&argument.value, &mut found, 0),
            // A list of such objects: how many, nobody knows; one stands for all.
            Form::Comprehension { element, .. } => scored(element, &mut found),
            Form::Name(_) | Form::Attribute(..) | Form::Call(..) if rest.len() == 1 && !argument.spread => {
                found.push(Word::Literal("0".to_owned()));
                found.push(Word::Value(argument.value.clone()));
            }
            _ => found.push(word(argument)),
        }
    }
    let mut words = vec![word(key)];
    words.extend(flags);
    words.extend(found);
    Some(words)
}

fn scored(element: &Expression, found: &mut Words) {
    let score = options::field(element, "score");
    let member = options::field(element, "value").or_else(|| options::field(element, "member"));
    match (score, member) {
        (Some(score), Some(member)) => found.extend([Word::Value(score.clone()), Word::Value(member.clone())]),
        _ => found.extend([Word::Literal("0".to_owned()), Word::Value(element.clone())]),
    }
}

/// `geoAdd(k, { longitude, latitude, member })`.
fn places(given: &[&Argument]) -> Option<Words> {
    let (key, rest) = given.split_first()?;
    let mut words = vec![word(key)];
    for argument in rest {
        let elements = match &argument.value.form {
            Form::List(elements) => elements.as_slice(),
            Form::Map(_) => std::slice::from_ref(&argument.value),
            _ => return None,
        };
        for element in elements {
            if !options::has_field(element, &["longitude"]) {
                words.extend(options::words(element));
                continue;
            }
            for name in ["longitude", "latitude", "member"] {
                words.extend(options::field(element, name).map(|value| Word::Value(value.clone())));
            }
        }
    }
    Some(words)
}

/// `xAdd(k, "*", { f: v }, { TRIM: { ... } })`.
fn entry(given: &[&Argument]) -> Option<Words> {
    let [key, id, fields, rest @ ..] = given else { return None };
    if rest.len() > 1 || fields.spread || id.spread {
        return None;
    }
    // Of ioredis: `xadd(k, "*", "f", v)`, `xadd(k, "MAXLEN", "~", 1000, ...)`.
    if rest.iter().any(|options| !is_map(&options.value)) {
        return None;
    }
    let mut words = vec![word(key)];
    for options in rest {
        words.extend(options::words(&options.value));
    }
    words.push(word(id));
    match &fields.value.form {
        Form::List(_) => flat(&fields.value, &mut words, 0),
        _ => words.push(Word::Pairs(fields.value.clone())),
    }
    Some(words)
}

/// `xTrim(k, "MAXLEN", 1000, { strategyModifier: "~" })`, `xtrim(k, { strategy: "MAXLEN", threshold: 1000 })`.
fn trimmed(given: &[&Argument]) -> Option<Words> {
    match given {
        [key, strategy, threshold, settings] if is_map(&settings.value) => {
            let mut words = vec![word(key), word(strategy)];
            words.extend(options::field(&settings.value, "strategyModifier").map(|value| Word::Value(value.clone())));
            words.push(word(threshold));
            Some(words)
        }
        [key, settings] if is_map(&settings.value) => {
            let mut words = vec![word(key)];
            words.extend(options::trim(&settings.value));
            Some(words)
        }
        _ => None,
    }
}

/// `xRead([{ key, id }], { BLOCK: 0 })`, `xReadGroup(group, consumer, { key, id })`, `xread([k], [id])`.
fn streams(given: &[&Argument], before: usize) -> Option<Words> {
    let first = given.get(before)?;
    let mut words = vec![];
    if let [group, consumer] = given.get(..before)? {
        words.extend([Word::Literal("GROUP".to_owned()), word(group), word(consumer)]);
        if matches!(&group.value.form, Form::Text(text) if text.eq_ignore_ascii_case("GROUP")) {
            return None;
        }
    }
    let elements = match &first.value.form {
        Form::List(elements) => elements.as_slice(),
        Form::Map(_) | Form::Name(_) | Form::Attribute(..) | Form::Template(_) | Form::Call(..) => {
            std::slice::from_ref(&first.value)
        }
        Form::Comprehension { element, .. } => std::slice::from_ref(element.as_ref()),
        _ if before > 0 => std::slice::from_ref(&first.value),
        _ => return None,
    };
    let objects = elements.iter().any(|element| options::has_field(element, &["key"]));
    let rest = given.get(before + 1..).unwrap_or_default();
    // Of @upstash: a key or keys, and as many ids.
    let pairs = !objects && rest.first().is_some_and(|ids| !is_map(&ids.value));
    if !objects && !pairs && !matches!(first.value.form, Form::Name(_) | Form::Attribute(..)) {
        return None;
    }
    for settings in rest.iter().filter(|settings| is_map(&settings.value)) {
        words.extend(options::words(&settings.value));
    }
    words.push(Word::Literal("STREAMS".to_owned()));
    if pairs {
        words.extend(all(&[first]));
        words.extend(all(rest.get(..1).unwrap_or_default()));
        return Some(words);
    }
    let part = |element: &Expression, name: &str| match options::field(element, name) {
        Some(value) => Word::Value(value.clone()),
        None => {
            let form = Form::Attribute(Box::new(element.clone()), name.to_owned());
            Word::Value(Expression { span: element.span.clone(), line: element.line, form })
        }
    };
    words.extend(elements.iter().map(|element| part(element, "key")));
    words.extend(elements.iter().map(|element| part(element, "id")));
    Some(words)
}

/// `eval(script, { keys: [k], arguments: [a] })`, `eval(script, [k], [a])`; ioredis gives the words themselves.
fn script(given: &[&Argument]) -> Option<Words> {
    let (text, rest) = given.split_first()?;
    let settings = rest.first()?;
    let (keys, values) = match &settings.value.form {
        Form::Map(_) => (options::field(&settings.value, "keys"), options::field(&settings.value, "arguments")),
        Form::List(_) => (Some(&settings.value), rest.get(1).map(|values| &values.value)),
        _ => return None,
    };
    let mut words = vec![word(text)];
    match keys {
        Some(keys) => match &keys.form {
            Form::List(elements) => {
                words.push(Word::Literal(elements.len().to_string()));
                flat(keys, &mut words, 0);
                if let Some(values) = values {
                    flat(values, &mut words, 0);
                }
            }
            _ => words.extend([Word::Count, Word::Spread(keys.clone())]),
        },
        None => words.push(Word::Literal("0".to_owned())),
    }
    Some(words)
}

/// `subscribe("a", listener)`, `subscribe(["a", "b"], listener)`, `subscribe("a", "b")`.
fn subscribed(given: &[&Argument], method: &str) -> Option<Words> {
    // Written in the manner of camels, it is node-redis, where the second argument is the listener.
    let camel = matches!(method, "pSubscribe" | "sSubscribe");
    if camel || given.iter().skip(1).any(|argument| matches!(argument.value.form, Form::Flag(_))) {
        return Some(all(given.get(..1)?));
    }
    None
}

/// Keys in a list, whose number comes first.
fn counted(given: &[&Argument], before: usize) -> Option<Words> {
    let keys = given.get(before)?;
    let numbered = matches!(keys.value.form, Form::Number(_));
    let (keys, rest) = match given.get(before + 1) {
        // Of @upstash: the number, and then a list.
        Some(list) if numbered && matches!(list.value.form, Form::List(_)) => (list, before + 2),
        _ if numbered => return None,
        _ => (keys, before + 1),
    };
    let Form::List(elements) = &keys.value.form else { return None };
    let mut words = all(given.get(..before)?);
    words.push(Word::Literal(elements.len().to_string()));
    for element in elements {
        // `{ key, weight }`.
        let key = options::field(element, "key").unwrap_or(element);
        flat(key, &mut words, 0);
    }
    words.extend(all(given.get(rest..).unwrap_or_default()));
    Some(words)
}

/// `hExpire(k, fields, 60)`: on the wire the seconds come first.
fn field_expiry(given: &[&Argument]) -> Option<Words> {
    let [key, fields, seconds, rest @ ..] = given else { return None };
    if rest.len() > 1 {
        return None;
    }
    let mut names = vec![];
    flat(&fields.value, &mut names, 0);
    let mut words = vec![word(key), word(seconds)];
    words.extend(all(rest));
    words.extend([Word::Literal("FIELDS".to_owned()), Word::Literal(names.len().to_string())]);
    words.extend(names);
    Some(words)
}
