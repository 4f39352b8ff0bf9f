//! Ctrl-C and SIGTERM: told once, a command ends early and reports what it has; told twice, it ends at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;

use super::Exit;
use crate::run::program::Told;
pub(super) use crate::watch::told;

/// Becomes true at the first Ctrl-C or SIGTERM: what was seen until then is still reported.
pub(super) fn watch() -> Result<tokio::sync::watch::Receiver<bool>> {
    let (sender, receiver) = tokio::sync::watch::channel(false);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            told_to_stop().await;
            sender.send_replace(true);
            // Told again, the process ends at once, as it would without us.
            told_to_stop().await;
            std::process::exit(i32::from(Exit::Interrupted.code()));
        });
    });
    Ok(receiver)
}

/// Signals for a program that runs under keywire: each is passed on, and keywire itself goes on until the program has
/// ended. Besides, whether there was any.
pub(super) fn pass_on() -> Result<(tokio::sync::mpsc::Receiver<Told>, tokio::sync::watch::Receiver<bool>)> {
    let (sender, told) = tokio::sync::mpsc::channel(4);
    let (any, interrupted) = tokio::sync::watch::channel(false);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            loop {
                let signal = told_to_stop().await;
                any.send_replace(true);
                // Nobody listens any more when the program has ended; the report is under way then.
                if sender.send(signal).await.is_err() {
                    std::process::exit(i32::from(Exit::Interrupted.code()));
                }
            }
        });
    });
    Ok((told, interrupted))
}

/// Ctrl-C or SIGTERM. Never, where the system has no signals to listen for.
async fn told_to_stop() -> Told {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => drop(terminate.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminated => Told::Terminate,
        Ok(()) = tokio::signal::ctrl_c() => Told::Interrupt,
    }
}

/// Becomes true when told to stop, for code that does not wait.
pub(super) fn flag(interrupted: tokio::sync::watch::Receiver<bool>) -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = flag.clone();
    std::thread::spawn(move || {
        if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() {
            runtime.block_on(told(interrupted));
            raised.store(true, Ordering::Relaxed);
        }
    });
    flag
}
