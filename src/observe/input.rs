//! Files and standard input as origins: plain, gzip or zstd by their first bytes, read as a stream whatever their size.

use std::fs::File;
use std::io::{self, BufReader, Chain, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, bail};
use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

/// The path that stands for standard input.
pub const STANDARD_INPUT: &str = "-";

/// Bytes that are asked of a file at once.
const CHUNK: usize = 256 << 10;

/// An open input.
pub struct Input {
    /// Its bytes, uncompressed.
    pub reader: Box<dyn Read + Send>,
    /// Bytes read of the file itself so far: compressed ones, where it is.
    pub read: Arc<AtomicU64>,
    /// Size of the file itself; `None` where it cannot be told, as of a pipe.
    pub size: Option<u64>,
}

/// Opens a file, or standard input for `-`.
///
/// # Errors
/// When it cannot be opened, or its first bytes cannot be read.
pub fn open(path: &Path) -> Result<Input> {
    if path == Path::new(STANDARD_INPUT) {
        return decompressed(io::stdin(), None).context("cannot read standard input");
    }
    let open = || -> Result<Input> {
        let file = File::open(path)?;
        let about = file.metadata()?;
        if about.is_dir() {
            bail!("it is a folder");
        }
        decompressed(file, about.is_file().then_some(about.len()))
    };
    open().with_context(|| format!("cannot read {}", path.display()))
}

/// Bytes as they are, or decompressed if they begin as gzip or zstd do.
fn decompressed(source: impl Read + Send + 'static, size: Option<u64>) -> Result<Input> {
    let read = Arc::new(AtomicU64::new(0));
    let mut source = BufReader::with_capacity(CHUNK, Counted { source, read: read.clone() });
    let mut head = Vec::new();
    source.by_ref().take(4).read_to_end(&mut head)?;
    let is_gzip = head.starts_with(&[0x1f, 0x8b]);
    let is_zstd = head == [0x28, 0xb5, 0x2f, 0xfd];
    let whole = Cursor::new(head).chain(source);
    let reader: Box<dyn Read + Send> = if is_gzip {
        Box::new(BufReader::with_capacity(CHUNK, MultiGzDecoder::new(whole)))
    } else if is_zstd {
        Box::new(BufReader::with_capacity(CHUNK, ZstdFrames { decoder: Some(StreamingDecoder::new(whole)?) }))
    } else {
        Box::new(whole)
    };
    Ok(Input { reader, read, size })
}

/// Counts what is read.
struct Counted<R> {
    source: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

type Whole<R> = Chain<Cursor<Vec<u8>>, R>;

/// All frames of a zstd file, one after the other: tools that compress in parallel write several.
struct ZstdFrames<R: Read> {
    decoder: Option<StreamingDecoder<Whole<R>, ruzstd::decoding::FrameDecoder>>,
}

impl<R: Read> Read for ZstdFrames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            let count = decoder.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            self.decoder = match self.decoder.take() {
                Some(ended) => next_frame(ended.into_inner())?,
                None => None,
            };
        }
        Ok(0)
    }
}

/// The frame after one that has ended, if there is one.
fn next_frame<R: Read>(
    rest: Whole<R>,
) -> io::Result<Option<StreamingDecoder<Whole<R>, ruzstd::decoding::FrameDecoder>>> {
    let (mut head, mut source) = rest.into_inner();
    let mut first = Vec::new();
    head.read_to_end(&mut first)?;
    let missing = 1usize.saturating_sub(first.len());
    source.by_ref().take(missing as u64).read_to_end(&mut first)?;
    if first.is_empty() {
        return Ok(None);
    }
    StreamingDecoder::new(Cursor::new(first).chain(source)).map(Some).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read_back(bytes: &[u8]) -> Vec<u8> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut input = open(file.path()).unwrap();
        let mut back = Vec::new();
        input.reader.read_to_end(&mut back).unwrap();
        assert_eq!(input.read.load(Ordering::Relaxed), bytes.len() as u64);
        assert_eq!(input.size, Some(bytes.len() as u64));
        back
    }

    #[test]
    fn plain_gzip_and_zstd_read_the_same() {
        let text = b"0.1 [0 127.0.0.1:1] \"PING\"\n".repeat(20_000);
        assert_eq!(read_back(&text), text);
        assert_eq!(read_back(b"ab"), b"ab");
        assert_eq!(read_back(b""), b"");
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&text).unwrap();
        let gzip = gzip.finish().unwrap();
        assert_eq!(read_back(&gzip), text);
        assert_eq!(read_back(&[gzip.clone(), gzip].concat()), text.repeat(2), "two members");
        let level = ruzstd::encoding::CompressionLevel::Fastest;
        let zstd = ruzstd::encoding::compress_to_vec(text.as_slice(), level);
        assert_eq!(read_back(&zstd), text);
        assert_eq!(read_back(&[zstd.clone(), zstd].concat()), text.repeat(2), "two frames");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let missing = format!("{:#}", open(Path::new("/nowhere/at/all")).err().unwrap());
        assert!(missing.contains("/nowhere/at/all"), "{missing}");
        let folder = tempfile::tempdir().unwrap();
        assert!(format!("{:#}", open(folder.path()).err().unwrap()).contains("folder"));
    }
}
