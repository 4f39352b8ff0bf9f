//! TLS against real servers: a private CA is accepted when named, and only then.

use std::net::TcpListener;

use keywire::server::connect::{ConnectError, Problem, connect};
use keywire::server::embedded::EmbeddedServer;

use crate::database::{open, registry, run, verdict};
use crate::servers::{all, block_on, say};
use crate::tls_servers::{certificates, for_each_tls_server};

#[test]
fn a_private_ca_must_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let leaf = folder.path().join("server.pem").display().to_string();
    for_each_tls_server(folder.path(), |port, ca| {
        let url = format!("rediss://127.0.0.1:{port}");
        block_on(connect(&format!("{url}?cacert={ca}"))).unwrap();
        for unknown in [url.clone(), format!("{url}?cacert={leaf}")] {
            let error = block_on(connect(&unknown)).unwrap_err();
            let problem = error.downcast_ref::<ConnectError>().map(|error| error.problem);
            assert_eq!(problem, Some(Problem::Tls), "{error:#}");
            assert!(error.to_string().contains("KEYWIRE_CA_CERT"), "{error:#}");
        }
        let error = block_on(connect(&format!("redis://127.0.0.1:{port}"))).unwrap_err();
        assert!(error.to_string().contains("rediss://"), "{error:#}");
        // So far redis-rs is built without the feature; then the message must say so, and not that the server is bad.
        if let Err(error) = block_on(connect(&format!("{url}#insecure"))) {
            assert!(error.to_string().contains("insecure"), "{error:#}");
        }
    });
}

/// A cluster of one node, which announces its TLS port to whoever asks over TLS.
#[test]
fn nodes_of_a_cluster_are_reached_by_tls() {
    const APP: &str = r#"module: app
role: Serves requests.
bus: main
keys:
  count: { key: app:count, purpose: How many., type: string, value: integer, operations: [SET], retention: { ttl: none } }
"#;
    let folder = tempfile::tempdir().unwrap();
    if certificates(folder.path()).is_none() {
        say("TLS test of a cluster SKIPPED: no `openssl` program to make certificates with");
        return;
    }
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (cert, key, ca) = (file("server.pem"), file("server.key"), file("ca.pem"));
    for binary in all() {
        let ports = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let ports = ports.map(|listener| listener.local_addr().unwrap().port().to_string());
        let arguments =
            ["--bind", "127.0.0.1", "--port", &ports[0], "--tls-port", &ports[1], "--cluster-port", &ports[2]];
        let tls =
            ["--tls-cert-file", &cert, "--tls-key-file", &key, "--tls-ca-cert-file", &ca, "--tls-auth-clients", "no"];
        let arguments = [&arguments[..], &tls, &["--cluster-enabled", "yes", "--tls-cluster", "yes"]].concat();
        let server = match EmbeddedServer::start(binary, &arguments) {
            Ok(server) => server,
            Err(error) if error.to_string().to_lowercase().contains("tls") => {
                say(&format!("TLS test of a cluster on {binary} SKIPPED: it is built without TLS"));
                continue;
            }
            Err(error) => panic!("{error:#}"),
        };
        let mut connection = open(&server.url());
        run(&mut connection, "CLUSTER ADDSLOTSRANGE 0 16383");
        let start = std::time::Instant::now();
        while redis::cmd("SET").arg("app:count").arg(1).exec(&mut connection).is_err() {
            assert!(start.elapsed().as_secs() < 30, "the cluster did not come up");
            // Its own beat has no event to wait for.
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        let url = format!("rediss://127.0.0.1:{}?cacert={ca}", ports[1]);
        let clean = verdict(&registry(APP), &url);
        assert!(clean.evidence.complete && clean.evidence.keys_judged == 1, "{:?}", clean.evidence);
        assert!(clean.evidence.server.ends_with(" cluster of 1 primary"), "{:?}", clean.evidence);
    }
}
