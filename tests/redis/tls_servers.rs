//! Servers that speak TLS, by certificates of a CA of our own. They are made for each run with the `openssl` program, so that no key
//! lies in the repository. The workers' tests include this file as well.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use keywire::server::embedded::EmbeddedServer;

use crate::servers::{all, say};

/// A CA and a server's certificate for 127.0.0.1; `None` without `openssl`.
pub fn certificates(folder: &Path) -> Option<()> {
    let openssl = |arguments: &str| {
        Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
            .then_some(())
    };
    std::fs::write(folder.join("server.ext"), "subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\n")
        .unwrap();
    const KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(&format!("req -x509 {KEY} -keyout ca.key -out ca.pem -days 2 -subj /CN=ca"))?;
    openssl(&format!("req {KEY} -keyout server.key -out server.csr -subj /CN=server"))?;
    openssl(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext -out server.pem",
    )
}

/// Runs the test on each server that can do TLS, with its port and the file of its CA.
pub fn for_each_tls_server(folder: &Path, test: impl Fn(&str, &str)) {
    if certificates(folder).is_none() {
        say("TLS test SKIPPED: no `openssl` program to make certificates with");
        return;
    }
    let file = |name: &str| folder.join(name).display().to_string();
    for binary in all() {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let (cert, key) = (file("server.pem"), file("server.key"));
        let arguments =
            ["--tls-port", &port, "--tls-cert-file", &cert, "--tls-key-file", &key, "--tls-auth-clients", "no"];
        let server = match EmbeddedServer::start(binary, &arguments) {
            Ok(server) => server,
            Err(error) if error.to_string().to_lowercase().contains("tls") => {
                say(&format!("TLS test on {binary} SKIPPED: it is built without TLS"));
                continue;
            }
            Err(error) => panic!("{error:#}"),
        };
        test(&port, &file("ca.pem"));
        server.stop().unwrap();
    }
}
