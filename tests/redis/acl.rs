//! The users that `generate acl` makes, held against servers: by ACL DRYRUN, and by connections of their own.

use std::collections::BTreeSet;
use std::path::Path;

use keywire::access::{self, User};
use keywire::registry::{self, BusId, Operation, Registry};
use keywire::server::commands::{self, Argument, ArgumentKind, Command};
use redis::{Connection, Value};

use crate::database::{judge, lines, open, registry as example, request, run};
use crate::servers::{for_each_server, say};

fn registries() -> Vec<(String, Registry)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("schema")];
    folders.extend(std::fs::read_dir(root.join("tests/fixtures/registries")).unwrap().map(|item| item.unwrap().path()));
    folders.sort();
    let name = |folder: &Path| folder.file_name().unwrap().to_string_lossy().into_owned();
    folders.iter().filter_map(|folder| Some((name(folder), registry::load(folder).ok()?))).collect()
}

/// The shortest call of a command with these keys and channels where it takes them; everything else is `1`.
fn call(command: &Command, name: &str, source: &str) -> Vec<String> {
    let mut words: Vec<String> = command.name.split(' ').map(str::to_owned).collect();
    fill(command, &command.arguments, (name, source), &mut words);
    // A choice of which one alternative is marked optional needs one all the same.
    while words.len() < command.arity.unsigned_abs() as usize {
        words.push("1".to_owned());
    }
    words
}

/// A key that is only read, of a command that writes another, is the source.
fn fill(command: &Command, arguments: &[Argument], (name, source): (&str, &str), words: &mut Vec<String>) {
    let is_written = |spec: usize| command.key_specs[spec].writes();
    let writes = (0..command.key_specs.len()).any(is_written);
    for (at, argument) in arguments.iter().enumerate() {
        // What is optional is left out, but for the keys of EVAL.
        if argument.optional && (argument.kind != ArgumentKind::Key || argument.token.is_some()) {
            continue;
        }
        if let Some(token) = argument.token.as_ref().filter(|_| argument.kind != ArgumentKind::PureToken) {
            words.push(token.clone());
        }
        match argument.kind {
            ArgumentKind::PureToken => words.extend(argument.token.clone()),
            ArgumentKind::OneOf => fill(command, &argument.arguments[..1], (name, source), words),
            ArgumentKind::Block => fill(command, &argument.arguments, (name, source), words),
            ArgumentKind::Key if writes && argument.key_spec.is_some_and(|spec| !is_written(spec)) => {
                words.push(source.to_owned());
            }
            ArgumentKind::Key => words.push(name.to_owned()),
            ArgumentKind::String if argument.name.contains("channel") => words.push(name.to_owned()),
            ArgumentKind::Pattern if arguments.len() == 1 && at == 0 => words.push(name.to_owned()),
            _ => words.push("1".to_owned()),
        }
    }
}

fn is_known(connection: &mut Connection, command: &Command) -> bool {
    let about: Vec<Option<Value>> =
        redis::cmd("COMMAND").arg("INFO").arg(command.name.replace(' ', "|")).query(connection).unwrap();
    about.first().is_some_and(Option::is_some)
}

/// What ACL DRYRUN says: `OK`, or why not.
fn dry_run(connection: &mut Connection, user: &str, words: &[String]) -> String {
    let answer = redis::cmd("ACL").arg("DRYRUN").arg(user).arg(words).query::<Value>(connection);
    match answer {
        Ok(Value::Okay) => "OK".to_owned(),
        Ok(Value::BulkString(why)) => String::from_utf8_lossy(&why).into_owned(),
        Ok(Value::SimpleString(why)) => why,
        other => format!("{other:?}"),
    }
}

/// What a party is declared to do with a name, by one command.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Declared {
    party: String,
    command: String,
    name: String,
    writes: bool,
}

/// What each party of a bus is declared to do.
fn declared(registry: &Registry, bus: BusId) -> BTreeSet<Declared> {
    let mut declared = BTreeSet::new();
    let mut add = |party: &str, operations: &[Operation], names: &[String], writes: bool| {
        for (operation, name) in operations.iter().flat_map(|operation| names.iter().map(move |name| (operation, name)))
        {
            let (party, command, name) = (party.to_owned(), operation.name.clone(), name.clone());
            declared.insert(Declared { party, command, name, writes });
        }
    };
    for key in registry.keys.iter().filter(|key| key.bus == Some(bus)) {
        let names = registry.example_names(key.module, &key.pattern, 3);
        add(&registry.module(key.module).name, &key.operations, &names, true);
        for consumer in key.consumers.iter().filter(|consumer| !consumer.potential) {
            add(&consumer.name, &consumer.reads, &names, false);
        }
    }
    for channel in registry.channels.iter().filter(|channel| channel.bus == Some(bus)) {
        let names = registry.example_names(channel.module, &channel.pattern, 3);
        add(&registry.module(channel.module).name, &channel.operations, &names, true);
        for consumer in channel.consumers.iter().filter(|consumer| !consumer.potential) {
            let subscribe = [Operation::new("SUBSCRIBE", registry.name_span(&channel.address))];
            let reads = if consumer.reads.is_empty() { &subscribe[..] } else { &consumer.reads };
            add(&consumer.name, reads, &names, false);
        }
    }
    declared
}

/// Sends a line of ACL SETUSER. A selector is one word of the call, spaces and all.
fn set(connection: &mut Connection, line: &str, more: &[&str]) {
    let mut parts = line.split(" (");
    let mut words = parts.next().unwrap().split(' ');
    let mut command = redis::cmd(words.next().unwrap());
    words.for_each(|word| _ = command.arg(word));
    parts.for_each(|selector| _ = command.arg(format!("({selector}")));
    command.arg(more).query::<()>(connection).unwrap_or_else(|error| panic!("{line}: {error}"));
}

/// Gives a server the users, without the commands that it does not know.
fn make(connection: &mut Connection, users: &[User]) -> Vec<String> {
    let mut unknown = BTreeSet::new();
    for user in users {
        let mut user = user.clone();
        let selectors = user.selectors.iter_mut().map(|selector| &mut selector.commands);
        for names in selectors.chain([&mut user.commands]) {
            names.retain(|name| {
                let known = is_known(connection, commands::get(name).unwrap_or_else(|| panic!("{name}")));
                if !known {
                    unknown.insert(name.clone());
                }
                known
            });
        }
        user.selectors.retain(|selector| !selector.commands.is_empty());
        set(connection, &access::setuser_line(&user), &[">s3cret"]);
    }
    unknown.into_iter().collect()
}

#[test]
fn what_is_declared_is_allowed_and_nothing_else() {
    for_each_server(|server| {
        let mut connection = open(&server.url());
        for (folder, registry) in registries() {
            for bus in (0..registry.buses.len()).map(BusId) {
                let users = access::users(&registry, bus);
                let unknown = make(&mut connection, &users);
                if !unknown.is_empty() {
                    say(&format!("{folder}: this server does not know {}: left out", unknown.join(", ")));
                }
                compare(&mut connection, &registry, bus, &users, &unknown);
            }
        }
    });
}

fn compare(connection: &mut Connection, registry: &Registry, bus: BusId, users: &[User], unknown: &[String]) {
    let declared = declared(registry, bus);
    let (allowed, mut faults) = refused_and_declared(connection, &declared, users, unknown);
    let (refused, more) = allowed_and_undeclared(connection, &declared, users);
    faults.extend(more);
    let shown = faults[..faults.len().min(20)].join("\n");
    assert!(faults.is_empty(), "{} of {}: {shown}", faults.len(), allowed + refused);
    assert!(allowed > 0 && refused > allowed || users.is_empty(), "{allowed} allowed, {refused} refused");
}

/// Asks for everything that is declared; gives how often, and what was refused.
fn refused_and_declared(
    connection: &mut Connection,
    declared: &BTreeSet<Declared>,
    users: &[User],
    unknown: &[String],
) -> (usize, Vec<String>) {
    let (mut asked, mut faults) = (0, Vec::new());
    for Declared { party, command, name, writes } in declared {
        let Some(user) = users.iter().find(|user| user.party == *party) else {
            faults.push(format!("{party} has no user"));
            continue;
        };
        let spec = commands::get(command).unwrap_or_else(|| panic!("{command}"));
        let is_source = !writes && spec.key_specs.iter().any(|spec| spec.writes()) && spec.key_specs.len() > 1;
        if is_source || unknown.contains(&command.to_lowercase().replace(' ', "|")) {
            continue; // A source is asked for together with what is written from it.
        }
        let reads = |other: &&Declared| !other.writes && (&other.party, &other.command) == (party, command);
        let source = declared.iter().find(reads).map_or(name, |other| &other.name);
        let mut words = call(spec, name, source);
        if command == "PSUBSCRIBE" {
            // The pattern that is listened to must be the rule's own.
            let mut globs = user.selectors.iter().flat_map(|selector| &selector.channels);
            words[1].clone_from(globs.find(|glob| registry::glob_matches(glob.as_bytes(), name.as_bytes())).unwrap());
        }
        asked += 1;
        let answer = dry_run(connection, &user.name, &words);
        if answer != "OK" {
            faults.push(format!("{} is to be allowed {words:?}: {answer}", user.name));
        }
    }
    (asked, faults)
}

/// Asks for every command that the registry speaks of on every name that it speaks of, and for some that no program should
/// use, where that is not declared; gives how often, and what was allowed.
fn allowed_and_undeclared(
    connection: &mut Connection,
    declared: &BTreeSet<Declared>,
    users: &[User],
) -> (usize, Vec<String>) {
    let (mut asked, mut faults) = (0, Vec::new());
    let names: BTreeSet<&String> = declared.iter().map(|known| &known.name).collect();
    let never = ["FLUSHALL", "KEYS", "CONFIG SET", "DEL", "SCAN", "MONITOR", "RENAME", "GETDEL"];
    let spoken: BTreeSet<&str> = declared.iter().map(|known| known.command.as_str()).chain(never).collect();
    for user in users {
        for command in &spoken {
            let spec = commands::get(command).unwrap_or_else(|| panic!("{command}"));
            for name in &names {
                let declares = |known: &&Declared| {
                    // A command that takes no key is declared for all of them.
                    let same = spec.key_specs.is_empty() && !spec.name.ends_with("SUBSCRIBE") && spec.name != "PUBLISH";
                    known.party == user.party
                        && known.command == *command
                        && (same || allows_name(user, &known.name, name))
                };
                if declared.iter().any(|known| declares(&known)) {
                    continue;
                }
                asked += 1;
                let words = call(spec, name, name);
                if dry_run(connection, &user.name, &words) == "OK" {
                    faults.push(format!("{} is to be refused {words:?}", user.name));
                }
            }
        }
    }
    (asked, faults)
}

/// Names of one pattern share its glob, and a glob may take in names of other patterns: `*` knows no params.
fn allows_name(user: &User, declared: &str, name: &str) -> bool {
    let globs = || user.selectors.iter().flat_map(|selector| selector.keys.keys().chain(&selector.channels));
    declared == name
        || globs().any(|glob| {
            registry::glob_matches(glob.as_bytes(), declared.as_bytes())
                && registry::glob_matches(glob.as_bytes(), name.as_bytes())
        })
}

/// The accounts of a server after these lines of an ACL file, and what is wrong with them.
fn findings(connection: &mut Connection, text: &str, users: &str) -> Vec<keywire::finding::Finding> {
    let registry = example(text);
    for line in users.lines() {
        let line = line.strip_prefix("user ").unwrap();
        let more: &[&str] = if line.starts_with("default") { &[] } else { &["clearselectors"] };
        // What is left of the example before goes first.
        let (name, rules) = line.split_once(' ').unwrap();
        if !more.is_empty() {
            set(connection, &format!("ACL SETUSER {name} reset"), &[]);
        }
        set(connection, &format!("ACL SETUSER {name} {}", rules.replace('#', ">")), &[]);
    }
    let lines: Vec<String> = redis::cmd("ACL").arg("LIST").query(connection).unwrap();
    let accounts: Vec<_> = lines.iter().map(|line| access::account(line).unwrap()).collect();
    access::compare(&access::Subject { users: &access::users(&registry, BusId(0)), accounts: &accounts })
}

#[test]
fn the_bad_example_of_an_access_rule_fires_it_only_and_the_good_one_nothing() {
    for_each_server(|server| {
        // Stays logged in as the user of everybody, who is turned off in most examples.
        let mut connection = open(&server.url());
        for rule in access::rules::RULES.iter().map(|rule| &rule.rule) {
            for (example, expected) in [(rule.bad, vec![rule.name]), (rule.good, vec![])] {
                let (text, users) = example.split_once("# acl\n").unwrap();
                for name in ["app", "reader"] {
                    run(&mut connection, &format!("ACL DELUSER {name}"));
                }
                let found = findings(&mut connection, text, users);
                let names: Vec<&str> = found.iter().map(|finding| finding.rule).collect();
                assert_eq!(names, expected, "{}: {:?}", rule.name, lines(&found));
                assert!(found.iter().all(|finding| finding.hint.is_some()));
            }
        }
    });
}

#[test]
fn the_users_that_are_made_pass_their_own_check() {
    for_each_server(|server| {
        let mut connection = open(&server.url());
        let registry = registry::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schema")).unwrap();
        for bus in (0..registry.buses.len()).map(BusId) {
            let users = access::users(&registry, bus);
            make(&mut connection, &users);
            run(&mut connection, "ACL SETUSER default resetpass >x");
            let list: Vec<String> = redis::cmd("ACL").arg("LIST").query(&mut connection).unwrap();
            let accounts: Vec<_> = list.iter().map(|line| access::account(line).unwrap()).collect();
            let found = access::compare(&access::Subject { users: &users, accounts: &accounts });
            assert_eq!(lines(&found), Vec::<String>::new());
            // A password of ours: the next bus is the same server.
            run(&mut connection, "ACL SETUSER default nopass");
            for user in &users {
                run(&mut connection, &format!("ACL DELUSER {}", user.name));
            }
        }
    });
}

#[test]
fn connections_of_the_users_may_do_their_work_and_verify_its_own() {
    const APP: &str = "module: app
role: Serves requests.
bus: main
params: { id: { type: integer, min: 0, examples: ['7'] } }
keys:
  text: { key: 'app:text:{id}', purpose: A value., type: string, value: text, operations: [SET], retention: { ttl: 300s }, cardinality: 10, consumers: [{ name: reader, reads: [GET] }] }
  spaced: { key: 'app:two words', purpose: A value., type: string, value: text, operations: [SET], retention: { ttl: none } }
  stream: { key: 'app:stream', purpose: Entries., type: stream, entry: { n: integer }, groups: [g], operations: [XADD], retention: { ttl: none, max_entries: ~10 } }
  hash: { key: 'app:hash', purpose: Fields., type: hash, fields: { n: integer }, operations: [HSET], retention: { ttl: none } }
  zset: { key: 'app:zset', purpose: Members., type: zset, member: text, score: epoch_s, operations: [ZADD], retention: { ttl: none, max_age: 1h } }
channels:
  news: { channel: 'app:news', message: text, consumers: [{ name: reader, for: news }] }
";
    for_each_server(|server| {
        let mut admin = open(&server.url());
        let registry = example(APP);
        let mut users = access::users(&registry, BusId(0));
        users.extend(access::observers(&registry, BusId(0)));
        assert_eq!(make(&mut admin, &users), Vec::<String>::new());
        let as_user = |name: &str| format!("{}?user={name}&pass=s3cret", server.url());
        let refused = |name: &str, words: &[&str]| {
            let answer = redis::cmd(words[0]).arg(&words[1..]).query::<Value>(&mut open(&as_user(name)));
            answer.err().and_then(|error| error.code().map(str::to_owned)).as_deref() == Some("NOPERM")
        };
        for words in [
            &["SET", "app:text:1", "a", "EX", "300"][..],
            &["SET", "app:two words", "a"],
            &["XADD", "app:stream", "MAXLEN", "~", "10", "*", "n", "1"],
            &["HSET", "app:hash", "n", "1"],
            &["ZADD", "app:zset", "1767225600", "a"],
            &["PUBLISH", "app:news", "a"],
        ] {
            assert!(!refused("app", words), "{words:?}");
        }
        for words in [
            &["GET", "app:text:1"][..],
            &["SET", "app:text:1", "a", "GET"],
            &["SET", "other", "a"],
            &["SET", "app:hash", "a"],
            &["HSET", "app:text:1", "n", "1"],
            &["DEL", "app:hash"],
            &["PUBLISH", "app:other", "a"],
            &["FLUSHALL"],
            &["KEYS", "*"],
            &["CONFIG", "GET", "*"],
        ] {
            assert!(refused("app", words), "{words:?}");
        }
        assert!(!refused("reader", &["GET", "app:text:1"]) && refused("reader", &["SET", "app:text:1", "b"]));
        assert!(refused("reader", &["GET", "app:hash"]) && refused("reader", &["PUBLISH", "app:news", "a"]));
        let all = judge(&registry, &request(&registry, &server.url())).unwrap();
        run(&mut admin, "ACL LOG RESET");
        let few = judge(&registry, &request(&registry, &as_user("keywire_verify"))).unwrap();
        assert_eq!(lines(&few.findings), lines(&all.findings));
        assert_eq!((few.evidence.keys_judged, few.evidence.keys_judged > 4), (all.evidence.keys_judged, true));
        let log: Vec<Vec<Value>> = redis::cmd("ACL").arg("LOG").query(&mut admin).unwrap();
        // What verify asks to stay unseen is of Redis 7.2 and later; it goes on without.
        let told = format!("{log:?}");
        assert!(log.iter().all(|_| told.contains("no-touch") || told.contains("setinfo")), "{told}");
    });
}
