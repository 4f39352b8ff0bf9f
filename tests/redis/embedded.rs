//! The embedded server: it starts, it answers, and nothing of it stays, whatever becomes of this process.

use std::io::{BufRead, BufReader, Lines};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use keywire::server::embedded::EmbeddedServer;
use keywire::server::{connect, embedded};
use tokio::signal::unix::{SignalKind, signal};

use crate::servers::{all, block_on, for_each_server, for_each_server_with, process_id};

/// Tells the test that it is to be the victim: hold a server, and wait to be killed.
const VICTIM: &str = "KEYWIRE_TEST_VICTIM";

fn is_alive(pid: u32) -> bool {
    // Signal 0 asks whether the process is there; a zombie counts, so that it also proves the reaping.
    Command::new("kill").args(["-0", &pid.to_string()]).stderr(Stdio::null()).status().unwrap().success()
}

/// Another process's end has no event to wait for here: asks again and again, for at most 10 s.
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(10), "not within 10 s: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_server_answers_and_leaves_nothing_behind() {
    for binary in all() {
        let server = EmbeddedServer::start::<&str>(binary, &[]).unwrap();
        let (pid, folder) = (process_id(&server), server.socket().parent().unwrap().to_owned());
        assert!(is_alive(pid) && folder.is_dir());
        assert!(server.socket().as_os_str().len() < 104, "{}", server.socket().display());
        drop(server);
        assert!(!is_alive(pid), "{binary} outlived its handle");
        assert!(!folder.exists(), "{} stayed", folder.display());
    }
}

#[test]
fn servers_are_apart_and_keep_nothing_on_disk() {
    for_each_server(|one| {
        let other = EmbeddedServer::start::<&str>(one.binary(), &[]).unwrap();
        block_on(async {
            let mut first = connect::connect(&one.url()).await.unwrap();
            let mut second = connect::connect(&other.url()).await.unwrap();
            let () = redis::cmd("SET").arg("k").arg("v").query_async(&mut first).await.unwrap();
            let there: bool = redis::cmd("EXISTS").arg("k").query_async(&mut second).await.unwrap();
            assert!(!there);
            let (_, save): (String, String) =
                redis::cmd("CONFIG").arg("GET").arg("save").query_async(&mut first).await.unwrap();
            assert_eq!(save, "");
        });
        other.stop().unwrap();
    });
}

#[test]
fn arguments_reach_the_server() {
    for_each_server_with(&["--maxmemory", "123mb"], |server| {
        block_on(async {
            let mut connection = connect::connect(&server.url()).await.unwrap();
            let (_, limit): (String, u64) =
                redis::cmd("CONFIG").arg("GET").arg("maxmemory").query_async(&mut connection).await.unwrap();
            assert_eq!(limit, 123 << 20);
        });
    });
}

#[test]
fn a_server_that_refuses_its_arguments_is_quoted() {
    for binary in all() {
        let error = EmbeddedServer::start(binary, &["--no-such-option", "1"]).unwrap_err().to_string();
        assert!(error.contains("ended before it answered") && error.contains("no-such-option"), "{error}");
    }
}

#[test]
fn a_server_that_ends_by_itself_is_noticed() {
    for binary in all() {
        let mut server = EmbeddedServer::start::<&str>(binary, &[]).unwrap();
        let (pid, folder) = (process_id(&server), server.socket().parent().unwrap().to_owned());
        assert!(server.is_running());
        assert!(Command::new("kill").arg(pid.to_string()).status().unwrap().success());
        eventually("the shell ends with its server", || !server.is_running());
        assert!(!is_alive(pid) && !folder.exists());
        let error = server.stop().unwrap_err().to_string();
        assert!(error.contains("had ended before"), "{error}");
    }
}

/// Started again as a process of its own by the tests below; by itself it has nothing to do. It holds a server until
/// it is interrupted, and then says whether that still answers.
#[test]
fn victim() {
    let Some(program) = std::env::var_os(VICTIM) else { return };
    let binary = all().iter().find(|binary| binary.program == Path::new(&program)).unwrap();
    let server = EmbeddedServer::start::<&str>(binary, &[]).unwrap();
    let pid = process_id(&server);
    block_on(async {
        let mut interrupts = signal(SignalKind::interrupt()).unwrap();
        eprintln!("victim {pid} {}", server.socket().display());
        interrupts.recv().await;
        let mut connection = connect::connect(&server.url()).await.unwrap();
        let answer: String = redis::cmd("PING").query_async(&mut connection).await.unwrap();
        eprintln!("after the interrupt: {answer}");
    });
}

/// A process that holds a server, and what it says.
struct Victim {
    process: Child,
    says: Lines<BufReader<ChildStderr>>,
    server: u32,
    folder: PathBuf,
}

fn start_victim(binary: &embedded::ServerBinary) -> Victim {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["embedded::victim", "--exact", "--nocapture"])
        .env(VICTIM, &binary.program)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .unwrap();
    let mut says = BufReader::new(process.stderr.take().unwrap()).lines();
    let line = says.by_ref().map(Result::unwrap).find(|line| line.starts_with("victim ")).expect("a server starts");
    let (pid, socket) = line["victim ".len()..].split_once(' ').unwrap();
    let folder = Path::new(socket).parent().unwrap().to_owned();
    Victim { process, says, server: pid.parse().unwrap(), folder }
}

#[test]
fn the_server_dies_with_a_process_that_is_killed() {
    for binary in all() {
        for signal in ["KILL", "TERM", "HUP"] {
            let mut victim = start_victim(binary);
            assert!(is_alive(victim.server));
            Command::new("kill").args([&format!("-{signal}"), &victim.process.id().to_string()]).status().unwrap();
            assert!(victim.process.wait().unwrap().signal().is_some());
            eventually("the server and its folder go", || !is_alive(victim.server) && !victim.folder.exists());
        }
    }
}

#[test]
fn an_interrupt_at_the_terminal_leaves_the_server_to_keywire() {
    for binary in all() {
        let mut victim = start_victim(binary);
        // Ctrl-C goes to all of the foreground group, which the victim leads here.
        Command::new("kill").args(["-INT", "--", &format!("-{}", victim.process.id())]).status().unwrap();
        let answer = victim.says.by_ref().map(Result::unwrap).find(|line| line.starts_with("after the interrupt"));
        assert_eq!(answer.as_deref(), Some("after the interrupt: PONG"));
        assert!(victim.process.wait().unwrap().success());
        assert!(!is_alive(victim.server) && !victim.folder.exists());
    }
}
