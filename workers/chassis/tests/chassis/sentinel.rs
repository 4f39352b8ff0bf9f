//! The bus behind a real Sentinel: after a failover the next command goes to the new primary, under the worker's name.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chassis::bus::{Bus, Failure, failure};
use keywire::server::embedded::{EmbeddedServer, ServerBinary, find_all};
use redis::cmd;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(10);

struct Sentinel {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl Drop for Sentinel {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Sentinel {
    /// One that watches `main`.
    fn start(binary: &ServerBinary, primary: u16) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        let config = folder.path().join("sentinel.conf");
        let dir = folder.path().display();
        let text = format!("port {port}\nbind 127.0.0.1\ndir \"{dir}\"\nsentinel monitor main 127.0.0.1 {primary} 1\n");
        std::fs::write(&config, text).unwrap();
        let mut command = Command::new(&binary.program);
        command.arg(&config).arg("--sentinel").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let sentinel = Self { process: command.spawn().unwrap(), port, _folder: folder };
        let (client, start) = (redis::Client::open(sentinel.url()).unwrap(), Instant::now());
        while client.get_connection().is_err() {
            assert!(start.elapsed() < PATIENCE, "the Sentinel did not answer");
            // Another process's readiness has no event to wait for.
            std::thread::sleep(Duration::from_millis(20));
        }
        sentinel
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// The Sentinel's word is now that another server is the primary.
    fn point_to(&self, primary: u16) {
        let mut connection = redis::Client::open(self.url()).unwrap().get_connection().unwrap();
        cmd("SENTINEL").arg("REMOVE").arg("main").query::<()>(&mut connection).unwrap();
        let mut monitor = cmd("SENTINEL");
        monitor.arg("MONITOR").arg("main").arg("127.0.0.1").arg(primary).arg(1);
        monitor.query::<()>(&mut connection).unwrap();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn server(binary: &ServerBinary) -> (EmbeddedServer, u16) {
    let port = free_port();
    let server = EmbeddedServer::start(binary, &["--port", &port.to_string(), "--bind", "127.0.0.1"]).unwrap();
    (server, port)
}

#[test]
fn after_a_failover_the_next_command_goes_to_the_new_primary() {
    for binary in find_all().unwrap() {
        eprintln!("on {binary}");
        let ((old, old_port), (new, new_port)) = (server(&binary), server(&binary));
        let sentinel = Sentinel::start(&binary, old_port);
        let url = format!("redis+sentinel://127.0.0.1:1,127.0.0.1:{}/main/2", sentinel.port);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let mut bus = Bus::connect(&url, "chassis_test", PATIENCE).await.unwrap();
            cmd("SET").arg("where").arg("old").query_async::<()>(&mut bus).await.unwrap();
            sentinel.point_to(new_port);
            let mut demoted = redis::Client::open(old.url()).unwrap().get_connection().unwrap();
            cmd("REPLICAOF").arg("127.0.0.1").arg(1).query::<()>(&mut demoted).unwrap();
            let refusal = cmd("SET").arg("where").arg("new").query_async::<()>(&mut bus).await.unwrap_err();
            assert_eq!((failure(&refusal), bus.lost()), (Failure::ReadOnly, 1));
            cmd("SET").arg("where").arg("new").query_async::<()>(&mut bus).await.unwrap();
            let name: String = cmd("CLIENT").arg("GETNAME").query_async(&mut bus).await.unwrap();
            assert_eq!(name, "chassis_test");
            // The name of the database in the URL is the primary's.
            let mut direct = redis::Client::open(new.url()).unwrap().get_connection().unwrap();
            cmd("SELECT").arg(2).query::<()>(&mut direct).unwrap();
            assert_eq!(cmd("GET").arg("where").query::<String>(&mut direct).unwrap(), "new");
        });
    }
}
