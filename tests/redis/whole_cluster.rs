//! `verify` against real clusters of three primaries: one verdict over all of them, and none over a part.

use std::cell::{Cell, RefCell};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use keywire::finding::Level;
use keywire::registry::Registry;
use keywire::server::embedded::{EmbeddedServer, ServerBinary};
use keywire::verify::verify;
use keywire::watch::{self, Progress, Server, watch_servers};
use redis::Connection;

use crate::database::{ask, judge, lines, open, registry, request, rules, run, verdict};
use crate::deployments::node;
use crate::servers::{all, say};

const REGISTRY: &str = r#"
# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: MAIN_REDIS_URL, topology: cluster, owns: ["app:*"] }
services:
  reader: { role: Reads what the module writes. }
# file: modules/app.yaml
module: app
role: Serves requests.
bus: main
params:
  id: { type: integer, min: 0, examples: ["7"] }
keys:
  item: { key: "app:item:{id}", purpose: An item., type: string, value: integer, operations: [SET], retention: { ttl: none }, cardinality: 300 }
  count: { key: app:count, purpose: How many., type: string, value: integer, operations: [SET], retention: { ttl: none }, required: true }
  total: { key: app:total, purpose: How much., type: string, value: integer, operations: [SET], retention: { ttl: none }, required: true }
"#;

/// The last slot of each node.
const LAST: [u16; 3] = [5460, 10_922, 16_383];

/// How long the nodes may take to know each other; they need some 2 s.
const LIMIT: Duration = Duration::from_secs(30);

pub struct Cluster {
    nodes: Vec<(EmbeddedServer, u16)>,
}

impl Cluster {
    /// Three primaries with a third of the slots each; `None` where no ports can be had.
    pub fn start(binary: &ServerBinary) -> Option<Self> {
        let nodes: Vec<(EmbeddedServer, u16)> = (0..3).map(|_| node(binary)).collect::<Option<_>>()?;
        let cluster = Self { nodes };
        let mut first = 0;
        for (at, last) in LAST.into_iter().enumerate() {
            run(
                &mut cluster.open(at),
                &format!("CLUSTER ADDSLOTSRANGE {first} {last}\nCLUSTER SET-CONFIG-EPOCH {}", at + 1),
            );
            first = last + 1;
        }
        for (server, port) in &cluster.nodes[1..] {
            let bus: Vec<String> = ask(&mut open(&server.url()), "CONFIG GET cluster-port");
            run(&mut cluster.open(0), &format!("CLUSTER MEET 127.0.0.1 {port} {}", bus[1]));
        }
        let start = Instant::now();
        let is_ready = |at| {
            let info: String = ask(&mut cluster.open(at), "CLUSTER INFO");
            // Without full coverage required a node is ok before it has heard whose the other slots are.
            let wanted =
                ["cluster_state:ok", "cluster_known_nodes:3", "cluster_size:3", "cluster_slots_assigned:16384"];
            wanted.iter().all(|line| info.contains(line))
        };
        while !(0..3).all(is_ready) {
            assert!(start.elapsed() < LIMIT, "the cluster did not come together");
            // The nodes' gossip has no event to wait for.
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(cluster)
    }

    /// Waits until what CLUSTER NODES says at each node is as wanted: nodes tell one another by and by.
    fn wait_until(&self, what: &str, is_so: impl Fn(&str) -> bool) {
        let start = Instant::now();
        while !(0..3).all(|at| is_so(&ask::<String>(&mut self.open(at), "CLUSTER NODES"))) {
            assert!(start.elapsed() < LIMIT, "the nodes did not come to {what}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn open(&self, at: usize) -> Connection {
        open(&self.nodes[at].0.url())
    }

    pub fn url(&self, at: usize) -> String {
        format!("redis://127.0.0.1:{}", self.nodes[at].1)
    }

    /// Which node holds a key.
    fn owner(&self, key: &str) -> usize {
        let slot: u16 = ask(&mut self.open(0), &format!("CLUSTER KEYSLOT {key}"));
        LAST.iter().position(|last| slot <= *last).unwrap()
    }

    /// So many items, and the keys that must be there; how many items each node got.
    pub fn fill(&self, items: usize) -> [usize; 3] {
        let mut counts = [0; 3];
        let mut connections: Vec<Connection> = (0..3).map(|at| self.open(at)).collect();
        for id in 0..items {
            let key = format!("app:item:{id}");
            let owner = self.owner(&key);
            counts[owner] += 1;
            run(&mut connections[owner], &format!("SET {key} {id}"));
        }
        for key in ["app:count", "app:total"] {
            run(&mut connections[self.owner(key)], &format!("SET {key} 1"));
        }
        counts
    }

    /// A key of an item that lies on the node.
    fn item_on(&self, at: usize) -> String {
        (0..1000).map(|id| format!("app:item:{id}")).find(|key| self.owner(key) == at).unwrap()
    }
}

fn for_each_cluster(test: impl Fn(&mut Cluster, &Registry)) {
    for binary in all() {
        match Cluster::start(binary) {
            Some(mut cluster) => test(&mut cluster, &registry(REGISTRY)),
            None => say(&format!("cluster test on {binary} SKIPPED: no port of 127.0.0.1 can be had")),
        }
    }
}

#[test]
fn all_primaries_are_one_keyspace() {
    for_each_cluster(|cluster, registry| {
        let counts = cluster.fill(300);
        assert!(counts.iter().all(|count| *count > 50), "{counts:?}");
        for at in 0..3 {
            let clean = verdict(registry, &cluster.url(at));
            assert_eq!(lines(&clean.findings), Vec::<String>::new());
            assert!(clean.evidence.complete && clean.evidence.server.ends_with(" cluster of 3 primaries"));
            let evidence = clean.evidence;
            assert_eq!(evidence.keys_in_database, Some(302));
            // SCAN may give a name twice while a table grows.
            assert!(evidence.keys_scanned >= 302 && evidence.keys_judged == evidence.keys_scanned, "{evidence:?}");
        }
        let by_socket = verdict(registry, &cluster.nodes[1].0.url());
        assert!(by_socket.evidence.complete && by_socket.evidence.keys_judged >= 302, "{:?}", by_socket.evidence);

        for at in 0..3 {
            let names =
                "CONFIG SET cluster-announce-hostname localhost\nCONFIG SET cluster-preferred-endpoint-type hostname";
            run(&mut cluster.open(at), names);
        }
        cluster.wait_until("know the names of all", |nodes| nodes.matches(",localhost").count() == 3);
        let by_name = verdict(registry, &cluster.url(0));
        assert!(by_name.evidence.complete && by_name.evidence.keys_judged >= 302, "{:?}", by_name.evidence);

        let output = keywire(&cluster.url(2));
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && text.contains(" cluster of 3 primaries at redis://127.0.0.1:"),
            "{output:?}"
        );

        // One more than declared, with no node near the bound by itself.
        let more = "app:item:300";
        run(&mut cluster.open(cluster.owner(more)), &format!("SET {more} 1"));
        let full = verdict(registry, &cluster.url(0));
        assert_eq!(rules(&full.findings), ["cardinality-exceeded"], "{:?}", lines(&full.findings));
        run(&mut cluster.open(cluster.owner(more)), &format!("DEL {more}"));

        let gone = cluster.owner("app:total");
        run(&mut cluster.open(gone), "DEL app:total");
        let missing = verdict(registry, &cluster.url((gone + 1) % 3));
        assert_eq!(rules(&missing.findings), ["missing-key"], "{:?}", lines(&missing.findings));
    });
}

#[test]
fn drift_is_found_wherever_it_is() {
    for_each_cluster(|cluster, registry| {
        cluster.fill(30);
        for at in 0..3 {
            let key = cluster.item_on(at);
            run(&mut cluster.open(at), &format!("SET {key} 1 EX 1000"));
            let one = verdict(registry, &cluster.url(0));
            let found: Vec<_> = one.findings.iter().map(|it| (it.rule, it.count, it.examples.len())).collect();
            assert_eq!(found, [("ttl-unexpected", 1, 1)], "node {at}: {:?}", lines(&one.findings));
            run(&mut cluster.open(at), &format!("PERSIST {key}"));
        }
        for at in 0..3 {
            let key = cluster.item_on(at);
            run(&mut cluster.open(at), &format!("DEL {key}\nRPUSH {key} 1"));
        }
        let all = verdict(registry, &cluster.url(2));
        assert_eq!(all.findings.iter().map(|it| (it.rule, it.count)).collect::<Vec<_>>(), [("wrong-type", 3)]);
    });
}

/// Servers close idle connections, and a node idles while others have their turn.
#[test]
fn a_connection_that_was_closed_meanwhile_is_made_anew() {
    for_each_cluster(|cluster, registry| {
        cluster.fill(30);
        let others = RefCell::new([cluster.open(1), cluster.open(2)]);
        let cut = Cell::new(false);
        let close = |_, _| {
            if !cut.replace(true) {
                others.borrow_mut().iter_mut().for_each(|other| run(other, "CLIENT KILL TYPE normal SKIPME yes"));
            }
        };
        let clean = verify(registry, &request(registry, &cluster.url(0)), std::future::pending(), close).unwrap();
        assert!(cut.get() && clean.evidence.complete && clean.evidence.keys_judged == 32, "{:?}", clean.evidence);
    });
}

#[test]
fn a_part_of_the_cluster_is_no_verdict() {
    for_each_cluster(|cluster, registry| {
        cluster.fill(30);
        let of_slot = |slot: u16| -> usize { ask(&mut cluster.open(0), &format!("CLUSTER COUNTKEYSINSLOT {slot}")) };
        let empty = (0..LAST[0]).find(|slot| of_slot(*slot) == 0).unwrap();
        run(&mut cluster.open(0), &format!("CLUSTER DELSLOTS {empty}"));
        let hole = verdict(registry, &cluster.url(0));
        assert!(!hole.evidence.complete, "a slot has no owner");
        assert!(
            hole.evidence.server.ends_with("cluster of 3 primaries with 16383 of 16384 slots"),
            "{:?}",
            hole.evidence
        );
        run(&mut cluster.open(0), &format!("CLUSTER ADDSLOTS {empty}"));

        // A slot that goes to another node while the scan runs.
        let node: String = ask(&mut cluster.open(1), "CLUSTER MYID");
        let connection = RefCell::new(cluster.open(0));
        let give_away = |_, _| run(&mut connection.borrow_mut(), &format!("CLUSTER SETSLOT {empty} NODE {node}"));
        let moved = verify(registry, &request(registry, &cluster.url(0)), std::future::pending(), give_away).unwrap();
        assert!(!moved.evidence.complete, "the owners changed");

        let (dead, port) = cluster.nodes.pop().unwrap();
        drop(dead);
        let error = judge(registry, &request(registry, &cluster.url(0))).unwrap_err();
        let message = format!("{error:#}");
        assert!(
            message.contains(&format!("127.0.0.1:{port}")) && message.contains("a primary of the cluster"),
            "{message}"
        );
        let output = keywire(&cluster.url(0));
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(&format!("127.0.0.1:{port}")), "{output:?}");
    });
}

/// `keywire verify` as users run it.
fn keywire(url: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("modules")).unwrap();
    for file in REGISTRY.split("# file: ").skip(1) {
        let (name, text) = file.split_once('\n').unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywire"));
    command.current_dir(folder.path()).args(["verify", "--registry", ".", "--redis", url]);
    command.output().unwrap()
}

#[test]
fn credentials_and_rights_hold_for_all_nodes() {
    for_each_cluster(|cluster, registry| {
        cluster.fill(30);
        for at in 0..3 {
            run(
                &mut cluster.open(at),
                "ACL SETUSER keywire on >s3cret-word ~* +@read +ping +info +cluster|slots
                 ACL SETUSER blind on >s3cret-word ~* +@read +ping
                 ACL SETUSER half on >s3cret-word ~* +@read +ping +info
                 ACL SETUSER default off",
            );
        }
        let url = |user: &str| format!("redis://{user}:s3cret-word@127.0.0.1:{}", cluster.nodes[0].1);
        let clean = verdict(registry, &url("keywire"));
        assert_eq!((clean.evidence.complete, clean.evidence.keys_judged, clean.findings.len()), (true, 32, 0));
        let error = format!("{:#}", judge(registry, &request(registry, &url("half"))).unwrap_err());
        assert!(error.contains("+cluster|slots") && !error.contains("s3cret-word"), "{error}");
        let error = format!("{:#}", judge(registry, &request(registry, &url("default"))).unwrap_err());
        assert!(error.to_lowercase().contains("password"), "{error}");
    });
}

#[test]
fn the_traffic_of_all_primaries_is_watched() {
    for_each_cluster(|cluster, registry| {
        let bus = request(registry, &cluster.url(0)).bus;
        let servers = [Server { request: watch::Request::new(bus, "cluster"), url: cluster.url(2) }];
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let (began, begun) = std::sync::mpsc::channel();
        let mut outcome = std::thread::scope(|scope| {
            let thread = scope.spawn(|| {
                let told = |progress| {
                    if matches!(progress, Progress::Began(_)) {
                        began.send(()).unwrap();
                    }
                };
                watch_servers(registry, &servers, None, &stopped, told)
            });
            begun.recv().unwrap();
            // A name on each node that nobody declares, and under what the bus owns.
            for at in 0..3 {
                let item = cluster.item_on(at);
                run(&mut cluster.open(at), &format!("SET app:rogue:{{{item}}} 1"));
            }
            stop.send_replace(true);
            thread.join().unwrap().unwrap().remove(0)
        });
        // What an old server does not know of a client's greeting is told as info.
        outcome.findings.retain(|finding| finding.level > Level::Info);
        assert_eq!(rules(&outcome.findings), ["undeclared-key"], "{:?}", lines(&outcome.findings));
        assert_eq!(outcome.findings.iter().map(|finding| finding.count).sum::<u64>(), 3, "{:?}", outcome.evidence);
    });
}
