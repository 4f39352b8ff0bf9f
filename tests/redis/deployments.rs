//! What deployments of several processes are made of: Sentinels, nodes of clusters, free ports. The workers' tests include
//! this file as well.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use keywire::server::embedded::{EmbeddedServer, ServerBinary};
use tempfile::TempDir;

/// How long a Sentinel may take to answer; it needs some 50 ms.
const LIMIT: Duration = Duration::from_secs(10);

/// A Sentinel on 127.0.0.1; dropping it ends it.
pub struct Sentinel {
    process: Child,
    pub port: u16,
    _folder: TempDir,
}

impl Drop for Sentinel {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Sentinel {
    /// One at a port, which watches the primary at another as `main`.
    pub fn start(binary: &ServerBinary, port: u16, primary: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("sentinel.conf");
        let dir = folder.path().display();
        let text = format!("port {port}\nbind 127.0.0.1\ndir \"{dir}\"\nsentinel monitor main 127.0.0.1 {primary} 1\n");
        std::fs::write(&config, text).unwrap();
        let mut command = Command::new(&binary.program);
        command.arg(&config).arg("--sentinel").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let sentinel = Self { process: command.spawn().unwrap(), port, _folder: folder };
        let client = redis::Client::open(sentinel.url()).unwrap();
        let start = Instant::now();
        while client.get_connection().is_err() {
            assert!(start.elapsed() < LIMIT, "the Sentinel did not answer");
            // Another process's readiness has no event to wait for.
            std::thread::sleep(Duration::from_millis(20));
        }
        sentinel
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

/// A node on free ports of 127.0.0.1. Between asking for a port and taking it somebody else may take it: it is tried again.
pub fn node(binary: &ServerBinary) -> Option<(EmbeddedServer, u16)> {
    let mut failure = None;
    for _ in 0..5 {
        let (port, bus) = (free_port()?, free_port()?);
        let (port_text, bus_text) = (port.to_string(), bus.to_string());
        let arguments = ["--port", &port_text, "--cluster-port", &bus_text, "--bind", "127.0.0.1"];
        let cluster =
            ["--cluster-enabled", "yes", "--cluster-require-full-coverage", "no", "--cluster-node-timeout", "5000"];
        match EmbeddedServer::start(binary, &[&arguments[..], &cluster[..]].concat()) {
            Ok(server) => return Some((server, port)),
            Err(error) => failure = Some(error),
        }
    }
    panic!("{:#}", failure.unwrap())
}

pub fn free_port() -> Option<u16> {
    Some(TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port())
}

/// A cluster of one node, which has all slots, and the node's port. `None` when no port can be had.
#[allow(dead_code, reason = "for the workers' tests")]
pub fn cluster_of_one(binary: &ServerBinary) -> Option<(EmbeddedServer, u16)> {
    let (server, port) = node(binary)?;
    let mut connection = redis::Client::open(server.url()).unwrap().get_connection().unwrap();
    redis::cmd("CLUSTER").arg("ADDSLOTSRANGE").arg(0).arg(16_383).query::<()>(&mut connection).unwrap();
    let start = Instant::now();
    while !redis::cmd("CLUSTER").arg("INFO").query::<String>(&mut connection).unwrap().contains("cluster_state:ok") {
        assert!(start.elapsed() < LIMIT, "the cluster did not come together");
        // The state of a cluster has no event to wait for.
        std::thread::sleep(Duration::from_millis(5));
    }
    Some((server, port))
}
