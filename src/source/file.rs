//! Files as they were read, and places in them: byte spans in, lines and columns out.

use std::ops::Range;
use std::path::{Path, PathBuf};

/// A range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file that holds the range.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range as `usize`, for slicing.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Index of a file in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A place that people and editors can open: path, line and column, both counted from 1 (columns in characters).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Path as given by the user, relative paths kept relative.
    pub path: PathBuf,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// One file as it was read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path as given by the user.
    pub path: PathBuf,
    /// The whole text.
    pub text: String,
    line_starts: Vec<u32>,
}

impl SourceFile {
    /// Wraps a text; `path` is only a name and need not exist.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, text: String) -> Self {
        let line_starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| to_u32(at + 1)))
            .collect();
        Self { path: path.into(), text, line_starts }
    }

    /// Line and column of a byte offset, both from 1; offsets past the end give the end.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let offset = offset.min(to_u32(self.text.len()));
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[line - 1] as usize;
        let column = self.text.get(start..offset as usize).map_or(1, |before| before.chars().count() + 1);
        (line, column)
    }
}

/// All files of one load. Spans point into it.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file and gives its id.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(to_u32(self.files.len() - 1))
    }

    /// The file of an id that came from [`Sources::add`] of this collection.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The file with this path, if it was read.
    #[must_use]
    pub fn by_path(&self, path: &Path) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// All files, in the order in which they were read.
    #[must_use]
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// Where a span starts.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        let file = self.file(span.file);
        let (line, column) = file.line_column(span.start);
        Place { path: file.path.clone(), line, column }
    }
}

/// Registry files are far below 4 GiB; a longer text is cut off at that point rather than wrapped.
fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let file = SourceFile::new("a.yaml", "é: x\nb: ü!".to_owned());
        assert_eq!(file.line_column(0), (1, 1));
        assert_eq!(file.line_column(4), (1, 4));
        assert_eq!(file.line_column(6), (2, 1));
        assert_eq!(file.line_column(11), (2, 5));
        assert_eq!(file.line_column(999), (2, 6));
    }
}
