//! At least once, whatever dies: the worker, another worker, either bus, the stream itself.

use crate::scene::{STREAM, Scene, add, lines, open, pending, until, values};
use crate::servers::{for_each_server, signal};

#[test]
fn what_is_there_is_replayed_once_and_acknowledged() {
    for_each_server(|server| {
        let scene = Scene::new(server.binary());
        scene.add(0..250, 1);
        let mut worker = scene.worker(&["--once"], &[("REPLAY_SPEED", "0")]);
        worker.ends_well();
        assert_eq!((scene.replayed(), scene.pending()), (values(0..250), 0));
        assert_eq!(scene.counted("replayed"), 250);
        // Nothing is left for a second run.
        let mut worker = scene.worker(&["--once"], &[("REPLAY_SPEED", "0")]);
        worker.ends_well();
        assert_eq!(scene.replayed().len(), 250);
    });
}

#[test]
fn killed_at_any_moment_it_goes_on_where_it_was() {
    for_each_server(|server| {
        let scene = Scene::new(server.binary());
        scene.add(0..60, 20);
        for killed_at in [5, 20, 40] {
            let mut worker = scene.worker(&[], &[]);
            until("entries", || scene.replayed().len() >= killed_at);
            worker.kill();
        }
        let mut worker = scene.worker(&["--once"], &[("REPLAY_SPEED", "0")]);
        worker.ends_well();
        let mut replayed = scene.replayed();
        assert_eq!(scene.pending(), 0);
        // Each death may have left a written entry unacknowledged, and no more than those due together.
        assert!((60..=63).contains(&replayed.len()), "{replayed:?}");
        replayed.dedup();
        assert_eq!(replayed, values(0..60));
    });
}

#[test]
fn what_a_dead_worker_held_is_taken_over() {
    for_each_server(|server| {
        let scene = Scene::new(server.binary());
        scene.add(0..10, 1);
        let mut connection = open(&scene.from);
        let () = redis::cmd("XGROUP").arg(&["CREATE", STREAM, "replay", "0"]).query(&mut connection).unwrap();
        let _: redis::Value = redis::cmd("XREADGROUP")
            .arg(&["GROUP", "replay", "dead", "COUNT", "4", "STREAMS", STREAM, ">"])
            .query(&mut connection)
            .unwrap();
        let () = redis::cmd("XTRIM").arg(&[STREAM, "MINID", "1769783400001-0"]).query(&mut connection).unwrap();
        let mut worker = scene.worker(&[], &[("REPLAY_SPEED", "0"), ("REPLAY_CLAIM_IDLE_SEC", "0.3")]);
        // What was done is counted after it is acknowledged.
        let counted = || scene.counted("claimed") > 0;
        until("all but the trimmed one", || scene.pending() == 0 && scene.replayed().len() == 9 && counted());
        worker.kill();
        let mut replayed = scene.replayed();
        replayed.sort_by(f64::total_cmp);
        assert_eq!(replayed, values(1..10));
        assert_eq!(scene.counted("claimed"), 3);
    });
}

#[test]
fn entries_that_wait_are_not_taken_from_a_worker_that_lives() {
    for_each_server(|server| {
        let scene = Scene::new(server.binary());
        scene.add(0..4, 700);
        let brief = ("REPLAY_CLAIM_IDLE_SEC", "0.3");
        let mut first = scene.worker(&[], &[brief]);
        until("the first entry", || !scene.replayed().is_empty());
        let mut second = scene.worker(&[], &[brief, ("REPLAY_CONSUMER", "replay-2"), ("REPLAY_SPEED", "0")]);
        until("all entries", || scene.replayed().len() >= 4 && scene.pending() == 0);
        for worker in [&mut first, &mut second] {
            worker.kill();
        }
        assert_eq!((scene.replayed(), scene.counted("claimed")), (values(0..4), 0));
    });
}

#[test]
fn what_is_no_price_is_left_out_and_holds_up_nothing() {
    for_each_server(|server| {
        let scene = Scene::new(server.binary());
        scene.add(0..1, 1);
        let mut connection = open(&scene.from);
        for fields in [["payload", "{\"symbol\": \"SPX\"}"], ["payload", "\u{0}no JSON"], ["other", "1"]] {
            let () = redis::cmd("XADD").arg(STREAM).arg("*").arg(&fields).query(&mut connection).unwrap();
        }
        let mut worker = scene.worker(&["--once"], &[("REPLAY_SPEED", "0")]);
        worker.ends_well();
        assert_eq!((scene.replayed(), scene.pending(), scene.counted("refused")), (values(0..1), 0, 3));
    });
}

#[test]
fn a_bus_that_goes_and_comes_costs_nothing() {
    for_each_server(|server| {
        let mut scene = Scene::new(server.binary());
        scene.add(0..10, 1);
        let mut worker = scene.worker(&[], &[("REPLAY_SPEED", "0")]);
        until("the first entries", || scene.replayed().len() == 10 && scene.pending() == 0);
        let Scene { from, to, .. } = &mut scene;
        to.replace(|| {
            add(from, 10..20, 1);
            until("entries that are held", || pending(from) > 0);
        });
        until("the others", || scene.replayed().len() >= 10 && scene.pending() == 0);
        assert_eq!(scene.replayed(), values(10..20));
        // Its own bus comes back without stream and group.
        scene.from.replace(|| {});
        scene.add(20..30, 1);
        until("those of the new stream", || scene.replayed().len() == 20);
        worker.kill();
        assert_eq!(scene.replayed(), values(10..30));
    });
}

#[test]
fn a_file_grows_by_whole_lines() {
    for_each_server(|server| {
        let scene = Scene::new(server.binary());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("day.jsonl");
        let file = ["--file", path.to_str().unwrap(), "--once"];
        scene.add(0..5, 1);
        scene.worker(&file, &[("REPLAY_SPEED", "0")]).ends_well();
        assert_eq!(lines(&path), values(0..5));
        // A crash cut the last line.
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &text[..text.len() - 20]).unwrap();
        scene.add(5..8, 1);
        scene.worker(&file, &[("REPLAY_SPEED", "0")]).ends_well();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 8);
        assert!(text.lines().skip(5).all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    });
}

#[test]
fn told_to_stop_it_ends_within_a_pause_and_keeps_what_it_held() {
    for_each_server(|server| {
        let scene = Scene::new(server.binary());
        scene.add(0..2, 50_000);
        let mut worker = scene.worker(&[], &[]);
        until("the first entry", || scene.replayed().len() == 1);
        signal("-TERM", worker.0.id());
        worker.ends_well();
        assert_eq!((scene.replayed(), scene.pending()), (values(0..1), 1));
    });
}

#[test]
fn a_replay_onto_itself_is_refused() {
    for_each_server(|server| {
        let scene = Scene::new(server.binary());
        let program = env!("CARGO_BIN_EXE_replay_worker");
        let url = scene.from.url();
        let output = std::process::Command::new(program).args(["--redis", &url, "--to", &url]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert!(output.status.code() == Some(2) && said.contains("feed itself"), "{said}");
    });
}
