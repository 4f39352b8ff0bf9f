//! Observations on their way to who judges them: in portions, and bounded, so that a slow judge slows the reading down
//! instead of filling memory.

use tokio::sync::mpsc;

use super::super::Seen;
use super::super::portion::Portion;

/// Where observations go.
pub(super) struct Portions {
    out: mpsc::Sender<Vec<Seen>>,
    portion: Portion,
}

impl Portions {
    pub(super) fn new(out: mpsc::Sender<Vec<Seen>>) -> Self {
        Self { out, portion: Portion::new() }
    }

    /// Adds one; sends what waits when it is enough.
    pub(super) async fn push(&mut self, seen: Seen) {
        if let Some(portion) = self.portion.add(seen) {
            self.send(portion).await;
        }
    }

    /// Sends what waits.
    pub(super) async fn flush(&mut self) {
        let portion = self.portion.take();
        self.send(portion).await;
    }

    async fn send(&self, portion: Vec<Seen>) {
        // Nobody listens any more only after an interruption, which ends the reading by itself.
        let _ = self.out.send(portion).await;
    }

    /// Has the other side gone?
    pub(super) fn is_closed(&self) -> bool {
        self.out.is_closed()
    }
}
