//! Who a call comes from and what it is a part of, line by line.

use super::super::line::Parser;
use super::*;

/// Tells lines `address | words`, and gives each call as `number name/user within`.
fn hear(connections: &mut Connections, text: &str) -> Vec<String> {
    let mut parser = Parser::new();
    let mut heard = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (address, words) = line.split_once(" | ").unwrap();
        let words: String = words.split(' ').map(|word| format!(" \"{word}\"")).collect();
        parser.feed(format!("1700000000.000001 [0 {address}]{words}").as_bytes());
        heard.push(shown(&connections.call(parser.end().unwrap().unwrap())));
    }
    heard
}

fn shown(call: &Call) -> String {
    let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "-".to_owned());
    format!("{} {}/{} {:?}", call.connection, word(&call.client.name), word(&call.client.user), call.within)
}

fn table(rows: &[(u64, &str, &str, &str)]) -> ClientTable {
    let rows =
        rows.iter().map(|(id, address, name, user)| format!("id={id} addr={address} fd=1 name={name} user={user}"));
    ClientTable::parse(rows.collect::<Vec<_>>().join("\n").as_bytes()).unwrap()
}

#[test]
fn transactions_belong_to_their_connection() {
    let heard = hear(
        &mut Connections::default(),
        "a:1 | MULTI
         b:1 | SET k v
         a:1 | SET k v
         a:1 | eval x 0
         lua | set k v
         a:1 | EXEC
         a:1 | SET k v
         a:1 | MULTI
         a:1 | DISCARD
         a:1 | GET k
         b:1 | EXEC
         b:1 | GET k",
    );
    let expected =
        "Nothing Nothing Transaction Transaction Script Nothing Nothing Nothing Nothing Nothing Nothing Nothing";
    let within: Vec<_> = heard.iter().map(|call| call.rsplit(' ').next().unwrap()).collect();
    assert_eq!(within.join(" "), expected);
    let numbers: String = heard.iter().map(|call| &call[..1]).collect();
    assert_eq!(numbers, "121111111122");
}

#[test]
fn scripts_are_their_callers() {
    let mut connections = Connections::recorded(table(&[(1, "a:1", "spot", "app"), (2, "b:1", "chain", "app")]));
    let heard = hear(&mut connections, "lua | get k\na:1 | EVALSHA x 0\nlua | get k\nb:1 | FCALL f 0\nlua | get k");
    assert_eq!(
        heard,
        ["0 -/- Script", "1 spot/app Nothing", "1 spot/app Script", "2 chain/app Nothing", "2 chain/app Script"]
    );
}

#[test]
fn what_connections_say_of_themselves_holds_from_then_on() {
    let mut connections = Connections::recorded(table(&[(1, "a:1", "old", "app")]));
    let heard = hear(
        &mut connections,
        "a:1 | GET k
         a:1 | CLIENT SETNAME new
         a:1 | AUTH bob s3cret
         a:1 | AUTH (redacted) (redacted)
         a:1 | MULTI
         a:1 | RESET
         a:1 | GET k
         a:1 | HELLO 3 AUTH amy s3cret SETNAME third
         unix:/s | CLIENT SETNAME one-of-many",
    );
    assert_eq!(
        heard,
        [
            "1 old/app Nothing",
            "1 new/app Nothing",
            "1 new/bob Nothing",
            "1 new/bob Nothing",
            "1 new/bob Nothing",
            "1 -/- Transaction",
            "1 -/- Nothing",
            "1 third/amy Nothing",
            "2 -/- Nothing",
        ]
    );
}

#[test]
fn a_list_tells_who_is_new_and_who_has_gone() {
    let mut connections = Connections::default();
    hear(&mut connections, "a:1 | GET k\nb:1 | GET k\nc:1 | GET k");
    assert!(connections.has_strangers());
    let asked = connections.moment();
    hear(&mut connections, "c:1 | CLIENT SETNAME said\nd:1 | GET k");
    connections.refresh(table(&[(1, "a:1", "spot", "app"), (3, "c:1", "listed", "app")]), asked);
    assert!(connections.has_strangers(), "d came after the list");
    // b is gone, and its port is another's. What c said is newer than the list.
    let heard = hear(&mut connections, "a:1 | GET k\nb:1 | GET k\nc:1 | GET k\nd:1 | GET k");
    assert_eq!(heard, ["1 spot/app Nothing", "5 -/- Nothing", "3 said/- Nothing", "4 -/- Nothing"]);
    let rows = [(9, "a:1", "chain", "app"), (3, "c:1", "said", "app"), (4, "d:1", "", "default")];
    connections.refresh(table(&rows), connections.moment());
    assert!(!connections.has_strangers());
    let heard = hear(&mut connections, "a:1 | GET k\nc:1 | GET k\nd:1 | GET k");
    assert_eq!(heard, ["6 chain/app Nothing", "3 said/app Nothing", "4 -/default Nothing"]);
    connections.forget();
    assert_eq!(hear(&mut connections, "a:1 | GET k"), ["7 chain/app Nothing"]);
}

#[test]
fn calls_are_completed_with_who_their_connection_was_then() {
    let mut connections = Connections::default();
    let call = |connections: &mut Connections, words: &str| {
        let mut parser = Parser::new();
        parser.feed(format!("1700000000.000001 [0 a:1] {words}").as_bytes());
        connections.call(parser.end().unwrap().unwrap())
    };
    let mut calls = [
        r#""GET" "a""#,
        r#""AUTH" "(redacted)" "(redacted)""#,
        r#""GET" "b""#,
        r#""CLIENT" "SETNAME" "spot""#,
        r#""GET" "c""#,
    ]
    .map(|words| call(&mut connections, words));
    let settled = connections.refresh(table(&[(1, "a:1", "spot", "app")]), connections.moment());
    calls.iter_mut().for_each(|call| settled.complete(call));
    let expected = ["-/-", "-/app", "-/app", "spot/app", "spot/app"].map(|who| format!("1 {who} Nothing"));
    assert_eq!(calls.each_ref().map(shown), expected, "who it was before it logged in, no list tells");
    let settled = connections.refresh(table(&[(2, "a:1", "other", "app")]), connections.moment());
    calls.iter_mut().for_each(|call| settled.complete(call));
    assert_eq!(calls.each_ref().map(shown), expected, "the address is another's now");
}

#[test]
fn a_login_makes_the_user_unknown_until_a_list_tells() {
    let mut connections = Connections::default();
    let rows = table(&[(1, "a:1", "spot", "app")]);
    connections.refresh(rows.clone(), connections.moment());
    let asked = connections.moment();
    let heard = hear(&mut connections, "a:1 | GET k\na:1 | HELLO 3 AUTH (redacted) (redacted)\na:1 | GET k");
    assert_eq!(heard, ["1 spot/app Nothing", "1 spot/- Nothing", "1 spot/- Nothing"]);
    connections.refresh(rows, asked);
    assert_eq!(hear(&mut connections, "a:1 | GET k"), ["1 spot/- Nothing"], "the list is older");
    assert!(connections.has_strangers());
}

#[test]
fn only_so_many_connections_are_kept() {
    let mut connections = Connections::default();
    let mut parser = Parser::new();
    let mut say = |connections: &mut Connections, port: usize| {
        parser.feed(format!("1700000000.000001 [0 a:{port}] \"GET\" \"k\"").as_bytes());
        connections.call(parser.end().unwrap().unwrap()).connection
    };
    for port in 0..CONNECTION_LIMIT {
        say(&mut connections, port);
    }
    assert_eq!(say(&mut connections, 0), 1, "the first is the last that spoke");
    say(&mut connections, CONNECTION_LIMIT);
    assert!(connections.known.len() <= CONNECTION_LIMIT / 2 + 1);
    assert_eq!(say(&mut connections, 0), 1);
    assert_eq!(say(&mut connections, CONNECTION_LIMIT - 1), CONNECTION_LIMIT as u64);
    assert!(say(&mut connections, 1) > CONNECTION_LIMIT as u64, "it was silent for longest");
}
