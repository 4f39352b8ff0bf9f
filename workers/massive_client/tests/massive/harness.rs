//! A client and a server on loopback for tests of the provider. The tests of spot_worker include this file as well.

use std::time::Duration;

use massive_client::mock::http::{Reply, Request, Server};
use massive_client::provider::Provider;
use tokio::net::TcpListener;

/// Long enough for a busy machine, and never waited out in a test that passes.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A client with a key that must never show.
pub fn provider(url: &str, timeout: Duration) -> Provider {
    Provider::new(url, "s3cret-key".parse().unwrap(), timeout).unwrap()
}

pub fn tickers(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A server that answers everything as told, and its base URL.
pub async fn serve(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> (Server, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::start(listener, answer).unwrap();
    let url = format!("http://{}", server.address());
    (server, url)
}
