//! Reads an input ahead on a thread of its own: decompressing and judging overlap, and a stop is heard even while a pipe
//! gives nothing.
//!
//! In: any reader, and a future that says when to stop. Out: the same bytes, which end early when told to.

use std::cell::Cell;
use std::io::{self, Read};
use std::pin::Pin;
use std::thread;

use tokio::runtime::Runtime;
use tokio::sync::mpsc;

/// Bytes that are read at once.
const CHUNK: usize = 256 << 10;
/// Chunks that may wait.
const WAITING: usize = 4;

/// The bytes of a reader, which another thread reads ahead.
pub struct Ahead<'a> {
    chunks: mpsc::Receiver<io::Result<Vec<u8>>>,
    chunk: Vec<u8>,
    at: usize,
    runtime: &'a Runtime,
    stop: Pin<&'a mut dyn Future<Output = ()>>,
    stopped: &'a Cell<bool>,
}

impl<'a> Ahead<'a> {
    /// Starts reading. When `stop` ends, `stopped` becomes true and the bytes are at their end. The thread ends with the
    /// reader's bytes, with its first error, or when it has read one more chunk after this was dropped.
    ///
    /// # Errors
    /// When there can be no thread.
    pub fn start(
        reader: Box<dyn Read + Send>,
        runtime: &'a Runtime,
        stop: Pin<&'a mut dyn Future<Output = ()>>,
        stopped: &'a Cell<bool>,
    ) -> io::Result<Self> {
        let (sender, chunks) = mpsc::channel(WAITING);
        thread::Builder::new().name("reading ahead".to_owned()).spawn(move || send_all(reader, &sender))?;
        Ok(Self { chunks, chunk: Vec::new(), at: 0, runtime, stop, stopped })
    }
}

fn send_all(mut reader: Box<dyn Read + Send>, sender: &mpsc::Sender<io::Result<Vec<u8>>>) {
    loop {
        let mut chunk = Vec::new();
        let read = reader.by_ref().take(CHUNK as u64).read_to_end(&mut chunk);
        let ended = chunk.is_empty() || read.is_err();
        // What came before an error is given first: the place of the error counts from it.
        if !chunk.is_empty() && sender.blocking_send(Ok(chunk)).is_err() {
            return;
        }
        if let Err(error) = read {
            // Nobody listens any more only after a stop.
            let _ = sender.blocking_send(Err(error));
        }
        if ended {
            return;
        }
    }
}

impl Read for Ahead<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stopped.get() {
            return Ok(0);
        }
        if self.at == self.chunk.len() {
            let (chunks, stop) = (&mut self.chunks, self.stop.as_mut());
            let next = self.runtime.block_on(async {
                tokio::select! {
                    biased;
                    () = stop => None,
                    next = chunks.recv() => Some(next),
                }
            });
            match next {
                None => {
                    self.stopped.set(true);
                    return Ok(0);
                }
                Some(None) => return Ok(0),
                Some(Some(chunk)) => (self.chunk, self.at) = (chunk?, 0),
            }
        }
        let count = buffer.len().min(self.chunk.len() - self.at);
        buffer[..count].copy_from_slice(&self.chunk[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    struct Faulty(usize);

    impl Read for Faulty {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = buffer.len().min(self.0);
            if count == 0 {
                return Err(io::Error::other("the disk is gone"));
            }
            buffer[..count].fill(7);
            self.0 -= count;
            Ok(count)
        }
    }

    #[test]
    fn all_bytes_come_before_an_error_does() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let stopped = Cell::new(false);
        let mut stop = pin!(std::future::pending());
        let mut ahead = Ahead::start(Box::new(Faulty(1_000_000)), &runtime, stop.as_mut(), &stopped).unwrap();
        let mut bytes = Vec::new();
        let error = ahead.read_to_end(&mut bytes).unwrap_err();
        assert_eq!((bytes.len(), error.to_string().as_str()), (1_000_000, "the disk is gone"));
    }

    #[test]
    fn a_stop_is_heard_while_a_pipe_gives_nothing() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (reader, writer) = io::pipe().unwrap();
        let stopped = Cell::new(false);
        let mut stop = pin!(std::future::ready(()));
        let mut ahead = Ahead::start(Box::new(reader), &runtime, stop.as_mut(), &stopped).unwrap();
        assert_eq!(ahead.read(&mut [0; 8]).unwrap(), 0);
        assert_eq!(ahead.read(&mut [0; 8]).unwrap(), 0, "a future that has ended is not asked again");
        assert!(stopped.get());
        drop(writer);
    }
}
