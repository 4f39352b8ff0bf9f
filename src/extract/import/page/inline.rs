//! Text inside a block: pieces of words, code and stress.

/// Text with the little markup that carries meaning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::extract::import) struct Inline {
    pub(in crate::extract::import) pieces: Vec<Piece>,
}

/// A run of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::extract::import) struct Piece {
    pub(in crate::extract::import) kind: PieceKind,
    pub(in crate::extract::import) text: String,
}

/// What a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract::import) enum PieceKind {
    Text,
    Code,
    Strong,
    /// A line break inside a block.
    Break,
}

impl Inline {
    /// Adds text; runs of one kind are joined, but code spans are each a name of their own.
    pub(in crate::extract::import) fn push(&mut self, kind: PieceKind, text: &str) {
        match self.pieces.last_mut() {
            Some(last) if last.kind == kind && !matches!(kind, PieceKind::Code | PieceKind::Break) => {
                last.text.push_str(text);
            }
            _ => self.pieces.push(Piece { kind, text: text.to_owned() }),
        }
    }

    /// More of the piece that was begun last.
    pub(in crate::extract::import) fn extend(&mut self, text: &str) {
        if let Some(last) = self.pieces.last_mut() {
            last.text.push_str(text);
        }
    }

    pub(in crate::extract::import) fn is_empty(&self) -> bool {
        self.pieces.iter().all(|piece| piece.text.trim().is_empty())
    }

    /// The words alone, on one line.
    pub(in crate::extract::import) fn plain(&self) -> String {
        let text: String = self.pieces.iter().map(|piece| piece.text.as_str()).collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The code spans.
    pub(in crate::extract::import) fn codes(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter(|piece| piece.kind == PieceKind::Code).map(|piece| piece.text.as_str())
    }

    /// Without the spaces at its ends.
    pub(in crate::extract::import) fn trimmed(mut self) -> Self {
        let empty = |piece: &Piece| piece.text.trim().is_empty();
        while self.pieces.last().is_some_and(empty) {
            self.pieces.pop();
        }
        let leading = self.pieces.iter().take_while(|piece| empty(piece)).count();
        self.pieces.drain(..leading);
        self
    }

    /// Words without markup.
    pub(in crate::extract::import) fn words(text: &str) -> Self {
        let mut inline = Self::default();
        inline.push(PieceKind::Text, text);
        inline
    }

    /// What stands after so many bytes of the pieces' text.
    pub(in crate::extract::import) fn after(&self, bytes: usize) -> Self {
        let mut left = bytes;
        let mut rest = Self::default();
        for piece in &self.pieces {
            if left >= piece.text.len() {
                left -= piece.text.len();
                continue;
            }
            rest.push(piece.kind, piece.text.get(left..).unwrap_or(&piece.text));
            left = 0;
        }
        rest.trimmed()
    }

    /// The lines: what breaks part.
    pub(in crate::extract::import) fn lines(&self) -> Vec<Self> {
        let mut lines = vec![Self::default()];
        for piece in &self.pieces {
            if piece.kind == PieceKind::Break {
                lines.push(Self::default());
                continue;
            }
            let parts: Vec<&str> =
                if piece.kind == PieceKind::Code { vec![&piece.text] } else { piece.text.split('\n').collect() };
            for (at, part) in parts.into_iter().enumerate() {
                if at > 0 {
                    lines.push(Self::default());
                }
                if let Some(line) = lines.last_mut().filter(|_| !part.is_empty()) {
                    line.push(piece.kind, part);
                }
            }
        }
        lines.into_iter().map(Self::trimmed).filter(|line| !line.is_empty()).collect()
    }

    /// All text, spaces as they are.
    pub(in crate::extract::import) fn raw(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// The label before a colon, and what stands after it: `**Role:** x`, `Type: STRING`, `**TTL** – 5m`.
    pub(in crate::extract::import) fn labelled(&self) -> Option<(String, Self)> {
        let raw = self.raw();
        let strong = match self.pieces.first() {
            Some(piece) if piece.kind == PieceKind::Strong => piece.text.len(),
            Some(piece) if piece.kind == PieceKind::Code => return None,
            _ => 0,
        };
        let colon = raw.find([':', '：']).filter(|at| *at <= strong.max(40));
        let end = match colon {
            Some(at) if strong == 0 || at <= strong + 1 => at,
            _ if strong > 0 => strong,
            _ => return None,
        };
        let label = raw.get(..end)?.trim().trim_end_matches([':', '.', '-', '–', '—']).trim().to_owned();
        if label.is_empty() || label.split_whitespace().count() > 6 {
            return None;
        }
        let tail = raw.get(end..)?;
        let skip = tail.len() - tail.trim_start_matches([':', '：', ' ', '–', '—', '-', '=']).len();
        Some((label, self.after(end + skip)))
    }
}
