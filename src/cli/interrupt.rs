//! Ctrl-C and SIGTERM: told once, a command ends early and reports what it has; told twice, it ends at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use tokio::sync::mpsc;

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

/// Ctrl-C and SIGTERM for programs that run under keywire, one after the other.
pub(super) struct Relay {
    program: Arc<Mutex<Option<mpsc::Sender<Told>>>>,
    /// Becomes true at the first signal.
    pub any: tokio::sync::watch::Receiver<bool>,
}

impl Relay {
    /// The signals for the next program: each is passed on, and keywire itself goes on until the program has ended.
    pub(super) fn for_program(&self) -> mpsc::Receiver<Told> {
        let (sender, told) = mpsc::channel(4);
        *self.program.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        told
    }
}

/// Listens to signals from now on. Where no program runs, the first is noted, and the second ends the process at once.
pub(super) fn relay() -> Result<Relay> {
    let program: Arc<Mutex<Option<mpsc::Sender<Told>>>> = Arc::default();
    let (any, interrupted) = tokio::sync::watch::channel(false);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let current = program.clone();
    std::thread::spawn(move || {
        runtime.block_on(async {
            loop {
                let signal = told_to_stop().await;
                let again = any.send_replace(true);
                let listener = current.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let heard = match listener {
                    Some(program) => program.send(signal).await.is_ok(),
                    None => false,
                };
                if again && !heard {
                    std::process::exit(i32::from(Exit::Interrupted.code()));
                }
            }
        });
    });
    Ok(Relay { program, any: interrupted })
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
