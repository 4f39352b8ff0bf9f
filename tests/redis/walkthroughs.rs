//! The guides are run: files are written, commands carried out in order, and their output is that of the page.
//!
//! A fenced block after `<!-- file: PATH -->` is written there. In a `console` block a line `$ COMMAND` is run, and what
//! follows is its output, where a line `...` stands for any lines. KEYWIRE_UPDATE=1 puts real output in place of what
//! differs. Commands are keywire (also `keywire ... > FILE` and `keywire ... || echo WORDS`), git, redis-cli (played by
//! this test), `cat FILE`, `rm FILE` and `echo $?`.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use keywire::server::embedded::EmbeddedServer;
use redis::Value;

use crate::database::save;
use crate::pages;
use crate::servers::for_each_server;

#[test]
fn getting_started_can_be_followed() {
    for_each_server(|server| follow("docs/guide/getting-started.md", server));
}

#[test]
fn writing_a_registry_can_be_followed() {
    for_each_server(|server| follow("docs/guide/writing-a-registry.md", server));
}

#[test]
fn the_guide_to_verify_can_be_followed() {
    for_each_server(|server| follow("docs/guide/verify.md", server));
}

#[test]
fn the_guide_to_the_baseline_can_be_followed() {
    for_each_server(|server| follow("docs/guide/baseline.md", server));
}

#[test]
fn the_guide_to_infer_can_be_followed() {
    for_each_server(|server| follow("docs/guide/infer.md", server));
}

#[test]
fn the_guide_to_import_can_be_followed() {
    for_each_server(|server| follow("docs/guide/import.md", server));
}

#[test]
fn the_guide_to_reconcile_can_be_followed() {
    for_each_server(|server| follow("docs/guide/reconcile.md", server));
}

#[test]
fn the_guide_to_traffic_can_be_followed() {
    for_each_server(|server| follow("docs/guide/traffic.md", server));
}

#[test]
fn the_guide_to_run_can_be_followed() {
    for_each_server(|server| follow("docs/guide/run.md", server));
}

#[test]
fn the_guide_to_generate_can_be_followed() {
    for_each_server(|server| follow("docs/guide/generate.md", server));
}

#[test]
fn the_guide_to_access_can_be_followed() {
    for_each_server(|server| follow("docs/guide/access.md", server));
}

#[test]
fn the_guide_to_change_can_be_followed() {
    for_each_server(|server| follow("docs/guide/change.md", server));
}

#[test]
fn the_guide_to_the_next_module_can_be_followed() {
    for_each_server(|server| follow("docs/guide/new-module.md", server));
}

/// A reader at work: a folder, a server, and how the last command ended.
struct Reader<'a> {
    folder: tempfile::TempDir,
    server: &'a EmbeddedServer,
    variables: Vec<String>,
    code: i32,
}

fn follow(page: &str, server: &EmbeddedServer) {
    let text = std::fs::read_to_string(pages::root().join(page)).unwrap();
    let variables = text.lines().filter_map(|line| line.trim().strip_prefix("env: ")).map(str::to_owned).collect();
    let mut reader = Reader { folder: tempfile::tempdir().unwrap(), server, variables, code: 0 };
    let mut renewed = String::new();
    let (mut shown, mut real) = (String::new(), String::new());
    let mut lines = text.lines().peekable();
    let mut file = None;
    while let Some(line) = lines.next() {
        writeln!(renewed, "{line}").unwrap();
        if let Some(path) = line.strip_prefix("<!-- file: ") {
            file = path.strip_suffix(" -->");
        } else if let Some(language) = line.strip_prefix("```") {
            let mut block = String::new();
            for line in lines.by_ref().take_while(|line| *line != "```") {
                writeln!(block, "{line}").unwrap();
            }
            if let Some(path) = file.take() {
                reader.write(path, &block);
            } else if language == "console" {
                let run = reader.console(&block);
                if run != block {
                    shown.push_str(&block);
                    real.push_str(&run);
                }
                block = run;
            }
            renewed.push_str(&block);
            renewed.push_str("```\n");
        }
    }
    if renewed != text {
        pages::renew(page, &renewed, &shown, &real);
    }
}

impl Reader<'_> {
    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// The block with the real output of each command whose output is not as shown.
    fn console(&mut self, block: &str) -> String {
        let mut renewed = String::new();
        for part in block.split_inclusive('\n').fold(Vec::new(), by_command) {
            let (command, shown) = part.split_once('\n').unwrap();
            let real = self.run(command.trim_start_matches("$ "));
            let output = if agrees(shown, &real) { shown } else { &real };
            write!(renewed, "{command}\n{output}").unwrap();
        }
        renewed
    }

    fn run(&mut self, command: &str) -> String {
        let words = words(command);
        let rest: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        match words[0].as_str() {
            "keywire" => match rest.iter().position(|word| ["||", ">"].contains(word)) {
                Some(at) => self.keywire_and(&rest[..at], &rest[at..]),
                None => self.keywire(&rest),
            },
            "git" => self.git(&rest),
            "redis-cli" => self.redis_cli(&rest),
            "rm" => {
                std::fs::remove_file(self.folder.path().join(rest[0])).unwrap();
                String::new()
            }
            "cat" => std::fs::read_to_string(self.folder.path().join(rest[0])).unwrap(),
            "echo" => format!("{}\n", self.code),
            other => panic!("`{other}` is no command that this test can run"),
        }
    }

    fn keywire(&mut self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keywire"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command.env("KEYWIRE_SERVER", &self.server.binary().program);
        for variable in &self.variables {
            command.env(variable, self.server.url());
        }
        let output = command.output().unwrap();
        self.code = output.status.code().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        pages::as_shown(&text, self.server)
    }

    /// As somebody, and without the settings of whoever runs the tests.
    fn git(&mut self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]).args(arguments);
        command.current_dir(self.folder.path()).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        let output = command.output().unwrap();
        self.code = output.status.code().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    }

    /// With its output in a file, or with an echo where it fails.
    fn keywire_and(&mut self, arguments: &[&str], then: &[&str]) -> String {
        let output = self.keywire(arguments);
        match then {
            [">", file] => {
                self.write(file, &output);
                String::new()
            }
            ["||", "echo", echo @ ..] if self.code != 0 => format!("{output}{}\n", echo.join(" ")),
            ["||", ..] => output,
            other => panic!("{other:?} is no form that this test knows"),
        }
    }

    fn redis_cli(&mut self, arguments: &[&str]) -> String {
        let mut connection = redis::Client::open(self.server.url()).unwrap().get_connection().unwrap();
        if let ["--rdb", file] = arguments {
            std::fs::copy(save(&mut connection), self.folder.path().join(file)).unwrap();
            return "Transfer finished with success\n".to_owned();
        }
        let mut command = redis::Cmd::new();
        command.arg(arguments);
        match command.query(&mut connection).unwrap() {
            Value::Okay => "OK\n".to_owned(),
            Value::Int(number) => format!("(integer) {number}\n"),
            Value::BulkString(text) => format!("\"{}\"\n", String::from_utf8_lossy(&text)),
            other => panic!("{other:?} has no form here"),
        }
    }
}

/// Lines of a block, gathered by the `$` that they follow.
fn by_command(mut parts: Vec<String>, line: &str) -> Vec<String> {
    match parts.last_mut() {
        Some(part) if !line.starts_with("$ ") => part.push_str(line),
        _ => parts.push(line.to_owned()),
    }
    parts
}

/// Is this the output, numbers aside? `...` stands for any lines.
fn agrees(shown: &str, real: &str) -> bool {
    let real = pages::canonical(real);
    let shown = pages::canonical(shown);
    let mut pieces = shown.split("...").map(str::trim);
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = real.strip_prefix(first) else { return false };
    let mut last = None;
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
        last = Some(piece);
    }
    rest.trim().is_empty() || last.is_some_and(str::is_empty)
}

/// A command line in words, as a shell takes it as far as quotes go.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (c, quote) {
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (' ', None) => words.push(String::new()),
            (c, _) => words.last_mut().unwrap().push(c),
        }
    }
    words
}

#[test]
fn output_agrees_numbers_and_dots_aside() {
    assert!(agrees("12 keys\n", "7 keys\n") && agrees("a\n...\nd\n", "a\nb\nc\nd\n") && agrees("a\n...\n", "a\nb\n"));
    assert!(!agrees("a\n", "a\nb\n") && !agrees("a\n...\nd\n", "a\nb\n") && !agrees("b\n", "a\nb\n"));
    assert!(Path::new(&words("rm 'a b'")[1]) == Path::new("a b"));
}
