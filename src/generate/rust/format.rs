//! Layout of generated Rust: checked by syn, laid out by prettyplease, then by rustfmt where there is one, under the
//! user's own rustfmt.toml. Text in, text with the banner out.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, anyhow};

use crate::generate::BANNER;

/// The edition of generated code.
const EDITION: &str = "2024";

/// Lays out a text, unless it is only compared, and puts the banner in front. `what` and `source` are for people: the module and file it is, and the
/// registry's file it comes from.
///
/// # Errors
/// When the text is not Rust: a fault of keywire, with the place.
pub(super) fn file(text: &str, what: &str, source: &Path, compare_only: bool) -> Result<String> {
    let root = Path::new(".");
    let parsed = syn::parse_file(text).map_err(|error| {
        // syn tells no line outside of the compiler; rustfmt does.
        let place = rustfmt(text, root).err().and_then(|complaint| place(&complaint, text)).unwrap_or_default();
        anyhow!("keywire made Rust that does not parse, which is a fault of keywire: {what}{place}: {error}")
    })?;
    let banner = format!(
        "// {BANNER}\n// From {}; to make it anew: `keywire generate`.\n",
        source.display().to_string().replace('\\', "/")
    );
    // rustfmt keeps plain comments, so that it is given the text as it was written.
    let formatted = if compare_only { text.to_owned() } else { rustfmt(text, root).unwrap_or_else(|_| plain(parsed)) };
    Ok(format!("{banner}\n{}", formatted.trim_start()))
}

/// A Rust text as rustfmt lays it out, if there is one.
pub fn lay_out(text: &str) -> Option<String> {
    rustfmt(text, Path::new(".")).ok()
}

/// prettyplease's layout, with groups of `use` lines apart: a rustfmt that comes later does not mix them then, so that the
/// code stays the same.
fn plain(parsed: syn::File) -> String {
    let mut pieces: Vec<(Option<u8>, syn::File)> = Vec::new();
    let mut attrs = parsed.attrs;
    for item in parsed.items {
        let group = group(&item);
        match pieces.last_mut() {
            Some((last, piece)) if *last == group => piece.items.push(item),
            _ => {
                let attrs = std::mem::take(&mut attrs);
                pieces.push((group, syn::File { shebang: None, frontmatter: None, attrs, items: vec![item] }));
            }
        }
    }
    pieces.iter().map(|(_, piece)| prettyplease::unparse(piece)).collect::<Vec<_>>().join("\n")
}

/// Whose names a `use` brings in; `None` for other items.
fn group(item: &syn::Item) -> Option<u8> {
    let syn::Item::Use(syn::ItemUse { tree: syn::UseTree::Path(path), .. }) = item else { return None };
    Some(match path.ident.to_string().as_str() {
        "std" => 0,
        "super" | "self" | "crate" => 2,
        _ => 1,
    })
}

/// What rustfmt makes of a text, or its complaint; empty when it cannot be run.
fn rustfmt(text: &str, root: &Path) -> Result<String, String> {
    let mut command = Command::new("rustfmt");
    command.args(["--edition", EDITION, "--emit", "stdout", "--quiet"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if root.is_dir() {
        command.current_dir(root);
    }
    let Ok(mut child) = command.spawn() else { return Err(String::new()) };
    let input = child.stdin.take();
    // Written aside: rustfmt may answer before it has read all.
    let written = std::thread::scope(|scope| {
        let writer = scope.spawn(move || input.is_some_and(|mut input| input.write_all(text.as_bytes()).is_ok()));
        let output = child.wait_with_output();
        (writer.join().unwrap_or(false), output)
    });
    match written {
        (true, Ok(output)) if output.status.success() && !output.stdout.is_empty() => {
            String::from_utf8(output.stdout).map_err(|error| error.to_string())
        }
        (_, Ok(output)) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        (_, Err(_)) => Err(String::new()),
    }
}

/// The line of a complaint, with what stands there: `, line 12 (fn)`.
fn place(complaint: &str, text: &str) -> Option<String> {
    let (_, behind) = complaint.split_once("<stdin>:")?;
    let line: usize = behind.split(':').next()?.parse().ok()?;
    let excerpt = text.lines().nth(line.checked_sub(1)?).unwrap_or_default().trim();
    Some(format!(", line {line} ({excerpt})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_does_not_parse_is_an_error_with_its_place() {
        let error = file("fn a() {}\nfn (", "m/keys.rs", Path::new("m.yaml"), false).unwrap_err();
        assert!(error.to_string().contains("m/keys.rs, line 2"), "{error}");
    }

    #[test]
    fn the_layout_without_rustfmt_survives_a_later_one() {
        let text = "//! Docs.\nuse std::fmt;\nuse redis::Cmd;\nuse super::a;\n/// A.\npub fn b(c: Cmd) -> fmt::Result { a(c) }";
        let parsed = syn::parse_file(text).unwrap();
        let plain = plain(parsed.clone());
        let Ok(later) = rustfmt(&plain, Path::new(".")) else { return };
        assert_eq!(prettyplease::unparse(&syn::parse_file(&later).unwrap()), prettyplease::unparse(&parsed));
    }

    #[test]
    fn laying_out_twice_changes_nothing() {
        let once = file("//! Docs.\nfn a(){let b=1;}", "m", Path::new("m.yaml"), false).unwrap();
        assert!(once.contains(BANNER) && once.contains("    let b = 1;"), "{once}");
        let body = once.split_once("\n\n").unwrap().1;
        let twice = file(body, "m", Path::new("m.yaml"), false).unwrap();
        assert_eq!(once, twice);
    }
}
