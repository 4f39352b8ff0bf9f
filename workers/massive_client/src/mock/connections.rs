//! The connections of a mock server: so many at a time, each a task that ends with the listener.

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// The most connections that are served at a time; others wait.
const MOST: usize = 64;

/// Serves what comes in at a listener, for ever. Dropping the future ends all connections.
pub(super) async fn accept<S>(listener: TcpListener, serve: impl Fn(TcpStream) -> S)
where
    S: Future<Output: Send> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        while connections.len() >= MOST {
            connections.join_next().await;
        }
        tokio::select! {
            accepted = listener.accept() => match accepted {
                // A client that went away is its own affair: what its task says is not looked at.
                Ok((stream, _peer)) => drop(connections.spawn(serve(stream))),
                // Out of descriptors, say: let a connection end before the next attempt.
                Err(_) => {
                    if connections.join_next().await.is_none() {
                        tokio::task::yield_now().await;
                    }
                }
            },
            Some(_ended) = connections.join_next() => {}
        }
    }
}
