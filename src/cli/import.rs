//! `keywire import`.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use clap::builder::PossibleValuesParser;

use super::{Exit, ReportArgs, draft, usage};
use crate::extract::Draft;
use crate::extract::draft::Node;
use crate::extract::import::{self, Document, FORMS, LIMIT, Plan};

/// Arguments of `import`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire import docs/redis.md                         a draft registry of a wiring document
  keywire import docs/wiring/*.md --out schema         several documents, one registry
  keywire import asyncapi.yaml --bus main              an AsyncAPI document with Redis servers
  redis-cli --scan | keywire import - --from keys      names of keys, one a line

What could not be understood is listed with its line, and nothing is left out silently.")]
pub(super) struct ImportArgs {
    /// Documents to read; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// What the documents are [default: told by their content]
    #[arg(long, value_name = "FORM", value_parser = forms())]
    from: Option<String>,
    /// Bus of what names none [default: the only one that is named, else main]
    #[arg(long, value_name = "NAME")]
    bus: Option<String>,
    /// Module of what names none [default: what the title says]
    #[arg(long, value_name = "NAME")]
    module: Option<String>,
    #[command(flatten)]
    draft: draft::DraftArgs,
    #[command(flatten)]
    report: ReportArgs,
}

fn forms() -> PossibleValuesParser {
    PossibleValuesParser::new(FORMS.iter().map(|form| form.name))
}

pub(super) fn run(args: &ImportArgs) -> Result<Exit> {
    args.report.format.check()?;
    let documents = args.files.iter().map(|path| read(path)).collect::<Result<Vec<Document>>>()?;
    let form = args.from.as_deref().and_then(|name| FORMS.iter().find(|form| form.name == name));
    let plan = Plan { bus: args.bus.clone(), module: args.module.clone() };
    let mut draft = import::import(&documents, form, &plan).map_err(|error| usage(format!("{error:#}")))?;
    if args.draft.name != DEFAULT_NAME {
        rename(&mut draft, &args.draft.name);
    }
    if args.draft.out.is_none()
        && args.draft.into.is_none()
        && args.report.format.write_own("json", || format!("{:#}\n", as_json(&draft)))?
    {
        return Ok(Exit::Clean);
    }
    draft::finish(&draft, &args.draft, "import", &args.report)
}

/// What `--name` is where it is not given: the documents say a better one.
const DEFAULT_NAME: &str = "draft";

fn rename(draft: &mut Draft, name: &str) {
    for (_, node) in draft.registry.iter_mut().filter(|(field, _)| field == "name") {
        *node = Node::text(name);
    }
}

/// The files of the draft by path, and what was not understood.
fn as_json(draft: &Draft) -> serde_json::Value {
    let files = crate::extract::draft::write(draft);
    let files: serde_json::Map<String, serde_json::Value> =
        files.into_iter().map(|(path, text)| (path.display().to_string(), text.into())).collect();
    serde_json::json!({ "keywire": env!("CARGO_PKG_VERSION"), "command": "import", "files": files, "unresolved": draft.unresolved })
}

/// A document as text; never more of it than is read.
fn read(path: &Path) -> Result<Document> {
    let is_input = path.as_os_str() == "-";
    let mut bytes = Vec::new();
    let limit = u64::try_from(LIMIT).unwrap_or(u64::MAX).saturating_add(1);
    if is_input {
        std::io::stdin().take(limit).read_to_end(&mut bytes).context("cannot read standard input")?;
    } else {
        let file =
            std::fs::File::open(path).map_err(|error| usage(format!("cannot read {}: {error}", path.display())))?;
        file.take(limit)
            .read_to_end(&mut bytes)
            .map_err(|error| usage(format!("cannot read {}: {error}", path.display())))?;
    }
    let path = if is_input { PathBuf::from("standard input") } else { path.to_owned() };
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        usage(format!("{} is not UTF-8 text: byte {at} is none of it", path.display()))
    })?;
    Ok(Document { path, text })
}
