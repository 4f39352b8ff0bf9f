//! The bus behind a real Sentinel: after a failover the next command goes to the new primary, under the worker's name.

use std::time::Duration;

use chassis::bus::{Bus, Failure, failure};
use keywire::server::embedded::{EmbeddedServer, ServerBinary};
use redis::cmd;

use crate::deployments::{Sentinel, free_port};
use crate::servers::all;

const PATIENCE: Duration = Duration::from_secs(10);

/// The Sentinel's word is now that another server is the primary.
fn point(sentinel: &Sentinel, primary: u16) {
    let mut connection = redis::Client::open(sentinel.url()).unwrap().get_connection().unwrap();
    cmd("SENTINEL").arg("REMOVE").arg("main").query::<()>(&mut connection).unwrap();
    let mut monitor = cmd("SENTINEL");
    monitor.arg("MONITOR").arg("main").arg("127.0.0.1").arg(primary).arg(1);
    monitor.query::<()>(&mut connection).unwrap();
}

fn server(binary: &ServerBinary) -> (EmbeddedServer, u16) {
    let port = free_port().unwrap();
    let server = EmbeddedServer::start(binary, &["--port", &port.to_string(), "--bind", "127.0.0.1"]).unwrap();
    (server, port)
}

#[test]
fn after_a_failover_the_next_command_goes_to_the_new_primary() {
    for binary in all() {
        let ((old, old_port), (new, new_port)) = (server(binary), server(binary));
        let sentinel = Sentinel::start(binary, free_port().unwrap(), old_port);
        let url = format!("redis+sentinel://127.0.0.1:1,127.0.0.1:{}/main/2", sentinel.port);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let mut bus = Bus::connect(&url, "chassis_test", PATIENCE).await.unwrap();
            cmd("SET").arg("where").arg("old").query_async::<()>(&mut bus).await.unwrap();
            point(&sentinel, new_port);
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
