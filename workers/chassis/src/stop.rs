//! When to end: SIGTERM, Ctrl-C, or a time that was given. The first of them turns the word to true, for all who listen.

use std::io;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Listens from now on; the receiver holds true once it is time to end. Must be called within a tokio runtime.
///
/// # Errors
/// When the process cannot listen for signals.
pub fn told(after: Option<Duration>) -> io::Result<watch::Receiver<bool>> {
    let (word, told) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            () = elapsed(after) => {}
        }
        word.send_replace(true);
        // Without a sender, listeners would take the word for lost.
        word.closed().await;
    });
    Ok(told)
}

async fn elapsed(time: Option<Duration>) {
    match time {
        Some(time) => tokio::time::sleep(time).await,
        None => std::future::pending().await,
    }
}
