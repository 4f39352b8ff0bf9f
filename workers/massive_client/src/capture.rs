//! Raw answers of the provider as JSON lines, for diagnostics and for playing them back: `{"at_ms": ..., "body": ...}`.
//! A thread writes; when the disk is slower than the provider, answers are left out and counted. The files of a folder
//! never hold more than the limit: the oldest is removed as a new one begins.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use anyhow::Context as _;

/// Files that share the limit.
const FILES: u64 = 4;

/// Answers that may wait for the disk.
const WAITING: usize = 32;

/// Writes answers to a folder. Dropping it waits for what is under way.
#[derive(Debug)]
pub struct Capture {
    sender: Option<SyncSender<Vec<u8>>>,
    writer: Option<JoinHandle<()>>,
    left_out: AtomicU64,
}

impl Capture {
    /// Captures to a folder, which is made if need be, at most `limit` bytes in all.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn start(folder: &Path, limit: u64) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {} to capture to", folder.display()))?;
        let number = files(folder)?.last().map_or(0, |(number, _)| *number);
        let (sender, receiver) = sync_channel(WAITING);
        let mut files = Files { folder: folder.to_owned(), number, file: None, size: 0, limit: (limit / FILES).max(1) };
        let write = move || {
            if let Err(error) = files.write_all(&receiver) {
                tracing::error!(%error, "nothing more is captured");
            }
        };
        let writer =
            std::thread::Builder::new().name("capture".to_owned()).spawn(write).context("cannot start a thread")?;
        Ok(Self { sender: Some(sender), writer: Some(writer), left_out: AtomicU64::new(0) })
    }

    /// Takes an answer, which must be JSON, as it came at a moment.
    pub fn take(&self, at_ms: i64, body: &[u8]) {
        let Some(sender) = &self.sender else { return };
        let mut line = format!("{{\"at_ms\":{at_ms},\"body\":").into_bytes();
        // In JSON a line's end can only be white space: within texts it is escaped.
        line.extend(body.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }));
        line.extend_from_slice(b"}\n");
        match sender.try_send(line) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) if self.left_out.fetch_add(1, Ordering::Relaxed) == 0 => {
                tracing::warn!("the disk is slower than the provider: answers are left out of the capture");
            }
            // The writer has said why it ended.
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
        }
    }

    /// Answers that were left out because the disk was too slow.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out.load(Ordering::Relaxed)
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        drop(self.sender.take());
        if let Some(writer) = self.writer.take() {
            // It has logged what went wrong.
            let _ = writer.join();
        }
    }
}

struct Files {
    folder: PathBuf,
    number: u64,
    file: Option<File>,
    size: u64,
    limit: u64,
}

impl Files {
    fn write_all(&mut self, lines: &Receiver<Vec<u8>>) -> io::Result<()> {
        while let Ok(line) = lines.recv() {
            let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
            let mut file = match self.file.take() {
                Some(file) if self.size + length <= self.limit => file,
                _ => self.next()?,
            };
            file.write_all(&line)?;
            self.size += length;
            self.file = Some(file);
        }
        Ok(())
    }

    /// Begins a file, and removes the oldest of those that are too many.
    fn next(&mut self) -> io::Result<File> {
        self.number += 1;
        self.size = 0;
        let file = File::create_new(self.folder.join(format!("spot-{:08}.jsonl", self.number)))?;
        for (number, path) in files(&self.folder).map_err(io::Error::other)? {
            if number + FILES <= self.number {
                fs::remove_file(path)?;
            }
        }
        Ok(file)
    }
}

/// The captured files of a folder with their numbers, oldest first.
///
/// # Errors
/// When the folder cannot be read.
pub fn files(folder: &Path) -> anyhow::Result<Vec<(u64, PathBuf)>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
    let numbered = |entry: fs::DirEntry| {
        let name = entry.file_name();
        let number = name.to_str()?.strip_prefix("spot-")?.strip_suffix(".jsonl")?.parse().ok()?;
        Some((number, entry.path()))
    };
    let mut files: Vec<(u64, PathBuf)> = entries.filter_map(Result::ok).filter_map(numbered).collect();
    files.sort();
    Ok(files)
}
