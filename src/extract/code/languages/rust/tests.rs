//! What Rust is lowered to.

use std::path::Path;
use std::sync::Arc;

use super::super::shown;
use super::lower;

fn show(text: &str) -> String {
    shown::unit(&lower(Path::new("src/store.rs"), Arc::from(text)))
}

#[test]
fn keys_and_their_parts() {
    insta::assert_snapshot!(show(
        r##"
use crate::keys::{self, LATEST, Keys as K};
use super::*;
use redis::{AsyncCommands, aio::ConnectionManager};
mod other;
const PREFIX: &str = "app";
static LAZY: LazyLock<String> = LazyLock::new(|| format!("{PREFIX}:lazy"));
lazy_static! { static ref OLD: String = format!("{}:{:>5}", PREFIX, 7_u32); }
pub struct Keys { prefix: String, id: u64 }
impl Keys {
    pub fn new(prefix: impl Into<String>) -> Self { Self { prefix: prefix.into(), id: 1 } }
    fn latest(&self, symbol: &str) -> String { format!("{}:{symbol}:{{x}}{n}", self.prefix, n = self.id) }
    fn grown(&self) -> String {
        let mut key = String::from("a:");
        key.push_str(&self.prefix);
        key.push(':');
        write!(key, "{}", self.id).unwrap();
        key + "\u{e9}" + r#"raw"#
    }
}
enum Kind { Spot, Trade(u8) }
impl Kind {
    fn as_str(&self) -> &'static str { match self { Self::Spot => "spot", Kind::Trade(_) => "trade" } }
}
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self { Kind::Spot => write!(f, "spot:{}", 1), Kind::Trade(n) => f.write_str("trade") }
    }
}
fn url() -> String { std::env::var("REDIS_URL").unwrap_or_else(|_| "redis://localhost/1".into()) }
fn full() -> String { crate::keys::latest(super::ID, keys::inner::X) }
"##
    ));
}

#[test]
fn calls_in_all_places() {
    insta::assert_snapshot!(show(
        r#"
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let client = redis::Client::open(url())?;
    let mut con: MultiplexedConnection = client.get_multiplexed_async_connection().await?;
    let _: () = con.set_ex(format!("a:{}", 1), "v", 60).await?;
    let key = if let Some(id) = ids.first() { let p = prefix(); format!("{p}:{id}") } else { "none".to_string() };
    match con.get::<_, Option<String>>(&key).await { Ok(Some(v)) => use_it(v), Err(e) => return Err(e.into()), _ => {} }
    for (name, id) in &names { con.hset(name, "f", id).await?; }
    while let Some(msg) = stream.next().await { con.del(msg.get_channel_name()).await?; }
    tokio::spawn(async move { con.incr("n", 1).await });
    tokio::select! {
        m = rx.recv() => { con.publish("chan", m).await?; }
        _ = tick.tick() => con.ping().await?,
    }
    let mut cmd = redis::cmd("XADD");
    cmd.arg("s");
    if trim { cmd.arg("MAXLEN").arg("~").arg(1000); }
    cmd.arg("*").arg(&[("k", "v")]);
    cmd.query_async(&mut con).await?;
    let table = HashMap::from([("a", "x:1"), ("b", "x:2")]);
    let own = my_key!("x", id);
    Ok(())
}
async fn handler<C: AsyncCommands>(State(st): State<Arc<App>>, con: &mut C, Path((a, b)): Path<(String, u32)>) {
    con.set(&a, b).await.ok();
}
"#
    ));
}

#[test]
fn an_error_does_not_stop_the_file() {
    let shown = show("fn a() { con.set(\"a\", 1); }\nfn b( { let = ; }\nfn c() { con.set(\"c\", 1); }\n");
    assert!(
        shown.contains("con.set(\"a\", 1)") && shown.contains("con.set(\"c\", 1)") && shown.contains("faults"),
        "{shown}"
    );
}

#[test]
fn depth_is_bounded() {
    for text in [
        format!("fn f() {{ {}1{}; }}", "(".repeat(20_000), ")".repeat(20_000)),
        format!("fn f() {{ {} }}", "{".repeat(20_000)),
        format!("fn f() {{ x{}; }}", ".a(1)".repeat(20_000)),
        format!("fn f() {{ x{}; }}", " + y".repeat(20_000)),
        format!("fn f() {{ {}1{}; }}", "vec![".repeat(500), "]".repeat(500)),
        format!("fn f() {{ if a {{}} {} }}", "else if b {}".repeat(5_000)),
        format!("use {}a{};", "a::{".repeat(5_000), "}".repeat(5_000)),
        format!("fn f(x: {}u8{}) {{}}", "Option<".repeat(5_000), ">".repeat(5_000)),
        "mod a { ".repeat(5_000),
    ] {
        let unit = lower(Path::new("a.rs"), Arc::from(text.as_str()));
        drop(unit);
    }
}
