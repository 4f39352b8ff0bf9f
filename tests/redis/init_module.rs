//! A new module as a stranger makes it: it builds, runs under contract, and leaves a keyspace that verifies clean.

use std::path::Path;
use std::process::{Command, Output};

use crate::pages::root;
use crate::servers::{for_each_server, say};

fn keywire(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywire"));
    command.args(arguments).current_dir(folder).env_remove("REDIS_URL").envs(variables.iter().copied());
    command.output().unwrap()
}

fn clean(output: &Output) {
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

#[test]
fn it_builds_runs_under_contract_and_verifies() {
    let Ok(cargo) = std::env::var("CARGO") else {
        say("the skeleton of a module is NOT built here: the variable CARGO does not say where cargo is");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    clean(&keywire(folder, &["init"], &[]));
    clean(&keywire(folder, &["init", "module", "price_worker"], &[]));
    clean(&keywire(folder, &["lint"], &[]));
    clean(&keywire(folder, &["generate", "--check"], &[]));
    // The crates of this repository, which are here already, and a target folder that is kept.
    std::fs::copy(root().join("Cargo.lock"), folder.join("workers/price_worker/Cargo.lock")).unwrap();
    let target = Path::new(env!("CARGO_BIN_EXE_keywire")).ancestors().nth(2).unwrap().join("skeleton");
    let mut build = Command::new(cargo);
    build.args(["build", "--offline", "--manifest-path", "workers/price_worker/Cargo.toml"]);
    clean(
        &build.env("RUSTFLAGS", "-D warnings").env("CARGO_TARGET_DIR", &target).current_dir(folder).output().unwrap(),
    );
    let worker = target.join("debug/price_worker").display().to_string();
    for_each_server(|server| {
        let variables =
            [("KEYWIRE_SERVER", server.binary().program.to_str().unwrap()), ("PRICE_WORKER_INTERVAL_SEC", "0.1")];
        let run = ["run", "--as", "price_worker", "--fail-on-coverage-below", "100", "--", &worker, "--run-for", "1"];
        clean(&keywire(folder, &run, &variables));
        let url = server.url();
        let once = Command::new(&worker).arg("--once").env("REDIS_URL", &url).output().unwrap();
        clean(&once);
        clean(&keywire(folder, &["verify", "--module", "price_worker", "--redis", &url], &[]));
        // A bus that is not there is an error of one tick, and said without the password.
        let lost =
            Command::new(&worker).arg("--once").env("REDIS_URL", "redis://:pa55word@127.0.0.1:1").output().unwrap();
        let said = String::from_utf8_lossy(&lost.stderr).into_owned();
        assert!(!lost.status.success() && !said.is_empty() && !said.contains("pa55word"), "{said}");
    });
}
