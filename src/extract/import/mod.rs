//! Documents -> a draft registry: wiring docs in Markdown, AsyncAPI documents, lists of keys.
//!
//! Each form of document is one file that reads into `record`; `compose` makes the draft. What could not be understood is
//! listed with its line.

mod asyncapi;
mod compose;
mod keys;
mod page;
mod places;
mod record;
mod wiring;

use std::path::PathBuf;

use anyhow::{Result, bail};

pub use compose::Plan;

use super::Draft;
use record::{Collected, Origin};

/// A document.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its path, for places.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// Longer documents are not read.
pub const LIMIT: usize = 64 << 20;

/// A form of documents.
pub struct Form {
    /// The word on the command line.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    fits: fn(&str) -> bool,
    read: fn(&Origin, &str, &Plan, &mut Collected) -> Result<()>,
}

/// All forms, those that are told by less after those that are told by more. To add one: a file, its `mod` line, its line
/// here.
pub static FORMS: [Form; 3] = [
    Form {
        name: "asyncapi",
        about: "An AsyncAPI document with Redis servers, YAML or JSON.",
        fits: asyncapi::fits,
        read: asyncapi::read,
    },
    Form {
        name: "keys",
        about: "Names of keys: one a line, a JSON list, or JSON lines.",
        fits: |text| keys::fits(text) || keys::is_plain_list(text),
        read: keys::read,
    },
    Form {
        name: "wiring",
        about: "A Markdown document with tables or lists of keys.",
        fits: |_| true,
        read: read_wiring,
    },
];

fn read_wiring(origin: &Origin, text: &str, plan: &Plan, collected: &mut Collected) -> Result<()> {
    wiring::read(origin, text, plan.module.as_deref(), collected);
    Ok(())
}

/// Reads documents into one draft. `form`: what they are; told by their content where it is `None`.
///
/// # Errors
/// When a document is not text, is too long, or breaks its own syntax.
pub fn import(documents: &[Document], form: Option<&Form>, plan: &Plan) -> Result<Draft> {
    let mut collected = Collected::default();
    for document in documents {
        let origin = Origin::new(&document.path);
        if document.text.len() > LIMIT {
            bail!("{} is longer than {} MiB; import its parts one by one", document.path.display(), LIMIT >> 20);
        }
        if document.text.contains('\0') {
            bail!("{} holds a NUL byte: it is no text document", document.path.display());
        }
        let told = || FORMS.iter().find(|form| (form.fits)(&document.text));
        let Some(form) = form.or_else(told) else { continue };
        (form.read)(&origin, &document.text, plan, &mut collected)?;
    }
    Ok(compose::compose(collected, plan))
}
