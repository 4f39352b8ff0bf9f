//! A provider that plays captured answers back: the same rows in the same order, at any speed. Lines of `capture` in,
//! snapshots out; it reads on only as far as it is due, so that memory holds one answer.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::Value;
use tokio::time::Instant;

use crate::capture;
use crate::provider::{MAX_BODY, Snapshot};

/// The longest line: a whole answer and its frame.
const MAX_LINE: u64 = MAX_BODY as u64 + 64;

/// Plays captured answers.
#[derive(Debug)]
pub struct Playback {
    files: VecDeque<PathBuf>,
    lines: Option<BufReader<File>>,
    next: Option<Frame>,
    /// Captured time that passes in a unit of real time; 0: an answer at each question.
    speed: f64,
    start: Option<(Instant, i64)>,
    skipped: u64,
}

#[derive(Debug)]
struct Frame {
    at_ms: i64,
    snapshot: Snapshot,
}

impl Playback {
    /// Plays a file, or all files of a folder of captures.
    ///
    /// # Errors
    /// When there is nothing to play, or the speed is no number from 0 up.
    pub fn open(path: &Path, speed: f64) -> anyhow::Result<Self> {
        if !(speed.is_finite() && speed >= 0.0) {
            bail!("the speed of a playback must be a number from 0 up, such as 1 or 10");
        }
        let files: VecDeque<PathBuf> = match path.is_dir() {
            true => capture::files(path)?.into_iter().map(|(_, path)| path).collect(),
            false => VecDeque::from([path.to_owned()]),
        };
        if files.is_empty() {
            bail!("{} holds no captures: their names are spot-NUMBER.jsonl", path.display());
        }
        let mut playback = Self { files, lines: None, next: None, speed, start: None, skipped: 0 };
        playback.next = playback.read()?;
        Ok(playback)
    }

    /// All rows that are due at a moment, counted from the first question; `None` once everything was played.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn due(&mut self, now: Instant) -> anyhow::Result<Option<Snapshot>> {
        let Some(first) = &self.next else { return Ok(None) };
        let (start, first_ms) = *self.start.get_or_insert((now, first.at_ms));
        let passed = now.duration_since(start).mul_f64(self.speed);
        let mut due = Snapshot::default();
        while let Some(frame) = self.next.take() {
            let age = Duration::from_millis(u64::try_from(frame.at_ms.saturating_sub(first_ms)).unwrap_or(0));
            if self.speed > 0.0 && age > passed {
                self.next = Some(frame);
                break;
            }
            due.received_ms = frame.at_ms;
            due.absorb(frame.snapshot);
            self.next = self.read()?;
            if self.speed == 0.0 {
                break;
            }
        }
        Ok(Some(due))
    }

    /// Lines that were no answers of the provider.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// The next frame of all files.
    fn read(&mut self) -> anyhow::Result<Option<Frame>> {
        loop {
            let Some(lines) = &mut self.lines else {
                let Some(path) = self.files.pop_front() else { return Ok(None) };
                let file = File::open(&path).with_context(|| format!("cannot open the capture {}", path.display()))?;
                self.lines = Some(BufReader::new(file));
                continue;
            };
            let mut line = Vec::new();
            let read = lines.by_ref().take(MAX_LINE).read_until(b'\n', &mut line).context("cannot read a capture")?;
            if read == 0 {
                self.lines = None;
                continue;
            }
            match frame(&line) {
                Some(frame) => return Ok(Some(frame)),
                None => self.skipped += 1,
            }
        }
    }
}

fn frame(line: &[u8]) -> Option<Frame> {
    let value: Value = serde_json::from_slice(line).ok()?;
    let at_ms = value.get("at_ms")?.as_i64()?;
    let snapshot = Snapshot::of(value.get("body")?).ok()?;
    Some(Frame { at_ms, snapshot })
}
