//! Documents are imported into drafts.

use std::path::{Path, PathBuf};

use keywire::extract::import::{Document, Plan, import};
use keywire::extract::{Draft, draft};
use keywire::registry::{Registry, load_texts};

mod idioms;
mod round_trip;
mod shared;

/// The draft of documents.
fn draft_of(documents: &[(&str, String)]) -> Draft {
    let document = |(path, text): &(&str, String)| Document { path: PathBuf::from(path), text: text.clone() };
    import(&documents.iter().map(document).collect::<Vec<_>>(), None, &Plan::default()).unwrap()
}

/// A draft as texts, read back.
fn registry_of(draft: &Draft) -> Registry {
    load_texts(draft::write(draft)).unwrap_or_else(|error| panic!("{error}"))
}

/// A draft as people see it, with what was not understood.
fn picture(draft: &Draft) -> String {
    let mut picture = String::new();
    for (path, text) in draft::write(draft) {
        picture.push_str(&format!("# {}\n{text}\n", path.display()));
    }
    for one in &draft.unresolved {
        picture.push_str(&format!("? {}:{}: {} -- {}\n", one.place.file.display(), one.place.line, one.text, one.why));
    }
    picture
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import")
}
