//! A worker's program as operators meet it: what its log says, what it serves, and whether guide, unit and image agree with it.
//! The workers' tests include this file.

use std::path::Path;

use chassis::health::Metric;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::ChildStderr;

/// The next log line with this message.
pub async fn logged(lines: &mut Lines<BufReader<ChildStderr>>, message: &str) -> Value {
    loop {
        let line = lines.next_line().await.unwrap().unwrap_or_else(|| panic!("ended without {message:?}"));
        let line: Value = serde_json::from_str(&line).unwrap();
        if line["message"].as_str().is_some_and(|said| said.contains(message)) {
            return line;
        }
    }
}

/// The status line and the body of what is served under a path.
pub async fn get(address: &str, path: &str) -> (String, String) {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: worker\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

fn of_the_repository(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)).unwrap()
}

/// The guide names each metric, and whatever else can stand in one.
pub fn the_guide_names(metrics: &[Metric], words: &[&str]) {
    let guide = of_the_repository("docs/guide/operate.md");
    for name in metrics.iter().map(|metric| metric.name).chain(words.iter().copied()) {
        assert!(guide.contains(&format!("`{name}")), "{name} is not in docs/guide/operate.md");
    }
}

/// The unit and the image of a worker set variables that it knows, as many as are expected.
pub fn unit_and_image_set(worker: &str, known: &[&str], expected: usize) {
    let mut set = 0;
    for file in [format!("{worker}.service"), "Dockerfile".to_owned()] {
        let text = of_the_repository(&format!("workers/{worker}/deploy/{file}"));
        let lines = text.lines().filter_map(|line| line.strip_prefix("Environment=").or(line.strip_prefix("ENV ")));
        for (name, _) in lines.map(|line| line.split_once('=').unwrap()) {
            assert!(known.contains(&name.trim_end_matches("_FILE")), "{file}: {name}");
            set += 1;
        }
    }
    assert_eq!(set, expected);
}
