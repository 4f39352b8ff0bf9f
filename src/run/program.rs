//! The program under contract: started with the buses' addresses in its environment, stopped by a limit or by who runs
//! keywire, and waited for. It never outlives keywire's own wish to end: who does not stop when asked is killed.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde::Serialize;
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

/// How long a program may take to stop once it is asked to.
const GRACE: Duration = Duration::from_secs(10);

/// A program and what it is to find.
#[derive(Debug, Clone)]
pub struct Program {
    /// Its name or path, and its arguments.
    pub words: Vec<OsString>,
    /// Variables that are set for it, besides those that keywire has itself.
    pub environment: BTreeMap<String, String>,
    /// Does what it prints go to standard error, because standard output is the report's?
    pub print_to_stderr: bool,
    /// It is asked to stop after this long.
    pub until: Option<Duration>,
}

/// What keywire itself is told, and passes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Ctrl-C (SIGINT).
    Interrupt,
    /// SIGTERM.
    Terminate,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ending {
    /// The program's name.
    pub program: String,
    /// Its exit code; `None` if a signal ended it.
    pub exit_code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Why it was stopped; `None` if it ended by itself.
    pub stopped: Option<&'static str>,
    /// How long it ran.
    pub seconds: f64,
}

impl Ending {
    /// Is the end a failure? What is asked to stop may say so by its code or by the signal.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        let asked = self.stopped.is_some_and(|why| why != KILLED);
        match (self.exit_code, self.signal) {
            (Some(0), _) => false,
            (Some(code), _) => !(asked && [128 + 2, 128 + 15].contains(&code)),
            (None, Some(signal)) => !(asked && [2, 15].contains(&signal)),
            (None, None) => true,
        }
    }

    /// In words: `exited with 3`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let how = match (self.exit_code, self.signal) {
            (Some(code), _) => format!("exited with {code}"),
            (None, Some(signal)) => format!("was ended by signal {signal}"),
            (None, None) => "ended".to_owned(),
        };
        let why = self.stopped.map_or_else(String::new, |why| format!(", {why}"));
        format!("{how}{why}")
    }
}

const KILLED: &str = "killed, because it did not stop when it was asked to";

/// Runs a program to its end.
///
/// # Errors
/// When it cannot be started.
pub async fn run(program: &Program, mut told: mpsc::Receiver<Told>) -> Result<Ending> {
    let started = Instant::now();
    let group = !std::io::stdin().is_terminal();
    let mut child = start(program, group)?;
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let mut deadline = program.until.map(|until| started + until);
    let mut stopped = None;
    let status = loop {
        let limit = async {
            match deadline {
                Some(moment) => tokio::time::sleep_until(moment.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            status = child.wait() => break status.context("cannot wait for the program")?,
            Some(signal) = told.recv() => {
                // Who is told twice is in a hurry. At a terminal Ctrl-C has reached the program already.
                let hurry = stopped.replace("stopped on request").is_some();
                if hurry || group || signal == Told::Terminate {
                    send(pid, group, if hurry { Signal::KILL } else { signal.into() });
                }
                deadline = Some(Instant::now() + GRACE);
            }
            () = limit => {
                let signal = if stopped.is_none() { Signal::TERM } else { Signal::KILL };
                send(pid, group, signal);
                stopped = Some(if stopped.is_none() { "stopped after the time given" } else { KILLED });
                deadline = Some(Instant::now() + GRACE);
            }
        }
    };
    if group {
        // What it started, and left behind, goes with it.
        send(pid, group, Signal::KILL);
    }
    Ok(ending(program, status, stopped, started.elapsed()))
}

impl From<Told> for Signal {
    fn from(told: Told) -> Self {
        match told {
            Told::Interrupt => Self::INT,
            Told::Terminate => Self::TERM,
        }
    }
}

fn start(program: &Program, group: bool) -> Result<Child> {
    let Some((name, arguments)) = program.words.split_first() else { bail!("there is no program to run") };
    let mut command = Command::new(name);
    command.args(arguments).envs(&program.environment).stdin(Stdio::inherit()).kill_on_drop(true);
    if program.print_to_stderr {
        let stderr = std::io::stderr().as_fd().try_clone_to_owned().context("cannot use standard error twice")?;
        command.stdout(stderr);
    }
    if group {
        command.process_group(0);
    }
    let shown = name.to_string_lossy();
    command.spawn().with_context(|| format!("cannot start `{shown}`; is it there, and may it be run?"))
}

/// Sends a signal to the program, or to all that it started. That it has just ended is no error.
fn send(pid: Option<Pid>, group: bool, signal: Signal) {
    let Some(pid) = pid else { return };
    let _ = if group { kill_process_group(pid, signal) } else { kill_process(pid, signal) };
}

fn ending(program: &Program, status: ExitStatus, stopped: Option<&'static str>, ran: Duration) -> Ending {
    let name = program.words.first().map(|name| name.to_string_lossy().into_owned());
    Ending {
        program: name.unwrap_or_default(),
        exit_code: status.code(),
        signal: status.signal(),
        stopped,
        seconds: (ran.as_secs_f64() * 1000.0).round() / 1000.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Program {
        Program {
            words: ["sh", "-c", script].map(OsString::from).to_vec(),
            environment: BTreeMap::from([("GREETING".to_owned(), "hello".to_owned())]),
            print_to_stderr: false,
            until: None,
        }
    }

    fn outcome(program: &Program, tell: &[Told]) -> Ending {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (sender, receiver) = mpsc::channel(4);
            for told in tell {
                sender.send(*told).await.unwrap();
            }
            run(program, receiver).await.unwrap()
        })
    }

    #[test]
    fn the_program_finds_its_variables_and_its_code_is_told() {
        let ended = outcome(&shell(r#"test "$GREETING" = hello && exit 3"#), &[]);
        assert_eq!((ended.exit_code, ended.stopped), (Some(3), None));
        assert!(ended.is_failure() && ended.in_words() == "exited with 3");
        assert!(!outcome(&shell("exit 0"), &[]).is_failure());
    }

    #[test]
    fn a_limit_stops_it_and_that_is_no_failure() {
        // One that ends itself by the signal, and one that says goodbye properly.
        let until = Some(Duration::from_millis(100));
        let by_signal = outcome(&Program { until, ..shell("exec sleep 60") }, &[]);
        assert_eq!((by_signal.signal, by_signal.stopped), (Some(15), Some("stopped after the time given")));
        assert!(!by_signal.is_failure());
        let script = "trap 'exit 0' TERM; while :; do sleep 0.01; done";
        let politely = outcome(&Program { until, ..shell(script) }, &[]);
        assert_eq!((politely.exit_code, politely.is_failure()), (Some(0), false));
        let badly = outcome(&Program { until, ..shell("trap 'exit 7' TERM; while :; do sleep 0.01; done") }, &[]);
        assert_eq!((badly.exit_code, badly.is_failure()), (Some(7), true));
    }

    #[test]
    fn signals_are_passed_on_and_the_second_kills() {
        let ended = outcome(&shell("exec sleep 60"), &[Told::Terminate]);
        assert!(ended.signal == Some(15) && !ended.is_failure(), "{ended:?}");
        // The pipe tells when the script has made itself deaf.
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("ready");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let script = format!("trap '' TERM INT; echo > '{}'; while :; do sleep 0.01; done", pipe.display());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let stubborn = runtime.block_on(async {
            let (sender, receiver) = mpsc::channel(4);
            let told = async {
                tokio::task::spawn_blocking(move || std::fs::read(pipe).unwrap()).await.unwrap();
                sender.send(Told::Interrupt).await.unwrap();
                sender.send(Told::Terminate).await.unwrap();
            };
            let program = shell(&script);
            tokio::join!(run(&program, receiver), told).0.unwrap()
        });
        assert_eq!(stubborn.signal, Some(9), "{stubborn:?}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let program = Program { words: vec!["keywire-no-such-program".into()], ..shell("") };
        let error = runtime.block_on(run(&program, mpsc::channel(1).1)).unwrap_err();
        assert!(format!("{error:#}").contains("keywire-no-such-program"));
    }
}
