//! How fast the proxy is against one that copies bytes and looks at nothing, before the same server, in one run.
//!
//! `make bench` runs it. KEYWIRE_BENCH_CALLS sets the number of calls of a round (default 1,000,000), KEYWIRE_BENCH_ROUNDS
//! the rounds (default 5). Each round runs both one after the other, so that a busy machine slows both.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and ends at the first fault")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Instant;

use keywire::observe::traffic::proxy::{Listen, Proxy, ProxyOptions};
use keywire::server::connect::parse_url;
use keywire::server::embedded::{EmbeddedServer, find_all};
use tokio::io::copy_bidirectional_with_sizes;
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::mpsc;

/// Calls that each client has under way at once.
const PIPELINE: usize = 16;
const CLIENTS: usize = 16;

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// One client: batches of one command, each read to its end. `reply` is the length of one reply.
fn client(address: SocketAddr, command: &[u8], reply: usize, batches: usize) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    let request = command.repeat(PIPELINE);
    let mut replies = vec![0; reply * PIPELINE];
    for _ in 0..batches {
        stream.write_all(&request).unwrap();
        stream.read_exact(&mut replies).unwrap();
    }
}

/// Calls in a second.
fn speed(address: SocketAddr, command: &[u8], reply: usize, calls: usize) -> f64 {
    let batches = calls / CLIENTS / PIPELINE;
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| client(address, command, reply, batches));
        }
    });
    (batches * CLIENTS * PIPELINE) as f64 / start.elapsed().as_secs_f64()
}

/// The floor: bytes are copied both ways, with buffers as large as the proxy's.
async fn plain(listener: TcpListener, server: PathBuf) {
    loop {
        let (mut client, _) = listener.accept().await.unwrap();
        client.set_nodelay(true).unwrap();
        let mut server = UnixStream::connect(&server).await.unwrap();
        tokio::spawn(async move {
            let _ = copy_bidirectional_with_sizes(&mut client, &mut server, 64 << 10, 64 << 10).await;
        });
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn main() {
    let (calls, rounds) = (number("KEYWIRE_BENCH_CALLS", 1_000_000), number("KEYWIRE_BENCH_ROUNDS", 5).max(1));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    for binary in find_all().unwrap() {
        let server = EmbeddedServer::start::<&str>(&binary, &[]).unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let floor = listener.local_addr().unwrap();
        let copying = runtime.spawn(plain(listener, server.socket().to_owned()));

        let listen: Listen = "127.0.0.1:0".parse().unwrap();
        let proxy = runtime.block_on(Proxy::bind(&[listen])).unwrap();
        let Listen::Tcp(address) = proxy.addresses()[0] else { return };
        let options = ProxyOptions { upstream: parse_url(&server.url()).unwrap(), module: None, gate: None };
        let (sender, mut portions) = mpsc::channel(64);
        let serving = runtime.spawn(proxy.serve(options, sender, std::future::pending()));
        let taking = runtime.spawn(async move { while portions.recv().await.is_some() {} });

        println!("{binary}, {CLIENTS} clients, {PIPELINE} calls under way each, calls/s:");
        let set = b"*3\r\n$3\r\nSET\r\n$8\r\nbench:10\r\n$16\r\n0123456789abcdef\r\n";
        let get = b"*2\r\n$3\r\nGET\r\n$8\r\nbench:10\r\n";
        for (name, command, reply) in [("SET", &set[..], "+OK\r\n".len()), ("GET", &get[..], "$16\r\n\r\n".len() + 16)]
        {
            let (mut copied, mut overheard, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..rounds {
                copied.push(speed(floor, command, reply, calls));
                overheard.push(speed(address, command, reply, calls));
                ratios.push(overheard[overheard.len() - 1] / copied[copied.len() - 1]);
            }
            let (copied, overheard, ratio) = (median(copied), median(overheard), median(ratios));
            println!("  {name}: bytes copied {copied:.0}, overheard {overheard:.0}, ratio {ratio:.2}");
        }
        for task in [copying.abort_handle(), serving.abort_handle(), taking.abort_handle()] {
            task.abort();
        }
    }
}
