//! Two servers and the worker between them, as the program that it is.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use keywire::server::embedded::{EmbeddedServer, ServerBinary};
use redis::Connection;
use redis::streams::StreamRangeReply;
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(30);

pub const STREAM: &str = "massive:spot:stream";

/// A server behind a name that stays when it is replaced.
pub struct Bus {
    server: EmbeddedServer,
    name: PathBuf,
}

impl Bus {
    fn start(binary: &ServerBinary, name: PathBuf) -> Self {
        let server = EmbeddedServer::start::<&str>(binary, &[]).unwrap();
        let bus = Self { server, name };
        bus.lead();
        bus
    }

    fn lead(&self) {
        let new = self.name.with_extension("new");
        std::os::unix::fs::symlink(self.server.socket(), &new).unwrap();
        std::fs::rename(new, &self.name).unwrap();
    }

    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.name.display())
    }

    /// Another server, which is empty, in its place; `between` happens while there is none.
    pub fn replace(&mut self, between: impl FnOnce()) {
        let binary = self.server.binary().clone();
        let empty = EmbeddedServer::start::<&str>(&binary, &[]).unwrap();
        std::mem::replace(&mut self.server, empty).stop().unwrap();
        between();
        self.lead();
    }
}

/// The bus that is read, the bus that is written.
pub struct Scene {
    pub from: Bus,
    pub to: Bus,
    _folder: tempfile::TempDir,
}

/// A worker that does not outlive its test.
pub struct Worker(pub Child);

impl Worker {
    pub fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    pub fn ends_well(&mut self) {
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Of one that has ended that is an error, and none of ours.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn open(bus: &Bus) -> Connection {
    redis::Client::open(bus.server.url()).unwrap().get_connection().unwrap()
}

pub fn price(number: usize) -> Value {
    json!({
        "symbol": if number.is_multiple_of(2) { "SPX" } else { "SPY" }, "value": 6000.0 + number as f64,
        "ts": format!("2026-01-30T14:30:{:02}.000Z", number % 60), "source": "massive", "timeframe": "REAL-TIME",
    })
}

impl Scene {
    /// Two servers of this program.
    pub fn new(binary: &ServerBinary) -> Self {
        let folder = tempfile::Builder::new().prefix("kw").tempdir_in("/tmp").unwrap();
        let bus = |name| Bus::start(binary, folder.path().join(name));
        Self { from: bus("from"), to: bus("to"), _folder: folder }
    }

    /// Adds prices to the stream, `pause_ms` apart.
    pub fn add(&self, numbers: Range<usize>, pause_ms: usize) {
        add(&self.from, numbers, pause_ms);
    }

    /// The worker, between the two.
    pub fn worker(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Worker {
        let mut command = Command::new(env!("CARGO_BIN_EXE_replay_worker"));
        command.args(["--redis", &self.from.url()]).args(arguments).env("RUST_LOG", "error");
        if !arguments.contains(&"--file") {
            command.args(["--to", &self.to.url()]);
        }
        Worker(command.envs(variables.iter().copied()).stdin(Stdio::null()).spawn().unwrap())
    }

    /// The values of the replayed stream, in order.
    pub fn replayed(&self) -> Vec<f64> {
        let reply: StreamRangeReply =
            redis::cmd("XRANGE").arg(STREAM).arg("-").arg("+").query(&mut open(&self.to)).unwrap();
        reply.ids.iter().map(|entry| value(&entry.get::<String>("payload").unwrap())).collect()
    }

    pub fn pending(&self) -> u64 {
        pending(&self.from)
    }

    pub fn counted(&self, field: &str) -> i64 {
        let count: Option<i64> =
            redis::cmd("HGET").arg("massive:replay:analytics").arg(field).query(&mut open(&self.from)).unwrap();
        count.unwrap_or(0)
    }
}

/// Adds prices to the stream of a bus, `pause_ms` apart.
pub fn add(bus: &Bus, numbers: Range<usize>, pause_ms: usize) {
    let mut connection = open(bus);
    for number in numbers {
        let mut add = redis::cmd("XADD");
        add.arg(STREAM).arg(format!("{}-0", 1_769_783_400_000 + number * pause_ms)).arg("payload");
        let () = add.arg(price(number).to_string()).query(&mut connection).unwrap();
    }
}

/// Entries that nobody has acknowledged; 0 without a group.
pub fn pending(bus: &Bus) -> u64 {
    let reply: Result<redis::Value, _> = redis::cmd("XPENDING").arg(STREAM).arg("replay").query(&mut open(bus));
    let Ok(redis::Value::Array(parts)) = reply else { return 0 };
    redis::from_redis_value(parts.into_iter().next().unwrap()).unwrap()
}

pub fn value(payload: &str) -> f64 {
    let price: Value = serde_json::from_str(payload).unwrap();
    price["value"].as_f64().unwrap()
}

/// The values of a file of lines, in order.
pub fn lines(path: &Path) -> Vec<f64> {
    let text = std::fs::read_to_string(path).unwrap();
    let line = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(line["id"].is_string());
        line["price"]["value"].as_f64().unwrap()
    };
    text.lines().map(line).collect()
}

pub fn values(numbers: Range<usize>) -> Vec<f64> {
    numbers.map(|number| 6000.0 + number as f64).collect()
}

/// Looks until it is so; a look is a command that waits for the server.
pub fn until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        std::thread::yield_now();
    }
}
