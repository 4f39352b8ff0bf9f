//! Which file an import means.

use std::path::Path;

use super::clients;
use crate::extract::code::languages::Target;

const EXTENSIONS: &[&str] = &["ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts"];

/// Packages of the language and of frameworks whose names look like folders.
const PACKAGES: &[&str] =
    &["@nestjs", "@types", "@aws-sdk", "@upstash", "@vercel", "@redis", "@fastify", "@hono", "@db"];

/// The files that an import may mean: by relative path, by an alias of a folder (`@/lib/redis`, `~/keys`, `src/keys`), or as a
/// package of the same repository (`@acme/keys`).
pub fn resolve(importer: &Path, from: &str) -> Vec<Target> {
    if from == "." || from == ".." || from.starts_with("./") || from.starts_with("../") {
        let folder = importer.parent().unwrap_or(Path::new(""));
        let path = folder.join(from);
        return files(&normal(&path.to_string_lossy())).into_iter().map(Target::Exact).collect();
    }
    let first = from.split('/').next().unwrap_or_default();
    if clients::is_package(from) || PACKAGES.contains(&first) || from.contains(':') {
        return vec![];
    }
    let alias = ["@/", "~/", "#/", "~~/", "@@/", "$", "#"].iter().find_map(|prefix| from.strip_prefix(prefix));
    if let Some(rest) = alias {
        return suffixes(rest);
    }
    let Some((_, rest)) = from.split_once('/') else { return vec![] };
    if !first.starts_with('@') {
        // From the root of the sources: `src/keys`, `lib/redis`.
        return suffixes(from);
    }
    // `@app/keys`: an alias of a folder, or a package of this repository.
    let mut found = vec![];
    for path in [format!("{}/{rest}", first.trim_start_matches('@')), rest.to_owned()] {
        found.extend(suffixes(&path));
    }
    let (package, inside) = rest.split_once('/').unwrap_or((rest, "index"));
    for folder in ["src", "lib"] {
        found.extend(suffixes(&format!("{package}/{folder}/{inside}")));
    }
    found
}

fn suffixes(path: &str) -> Vec<Target> {
    files(&normal(path)).into_iter().map(Target::Suffix).collect()
}

/// The files that a path without its extension may mean. `./keys.js` may be written for `keys.ts`.
fn files(path: &str) -> Vec<String> {
    let mut found = vec![];
    let (stem, extension) = match path.rsplit_once('.') {
        Some((stem, extension)) if EXTENSIONS.contains(&extension) => (stem, Some(extension)),
        _ => (path, None),
    };
    if extension.is_some() {
        found.push(path.to_owned());
    }
    for base in [Some(path), extension.map(|_| stem)].into_iter().flatten() {
        if !base.is_empty() {
            found.extend(EXTENSIONS.iter().map(|extension| format!("{base}.{extension}")));
        }
        let folder = if base.is_empty() { String::new() } else { format!("{base}/") };
        found.extend(EXTENSIONS.iter().map(|extension| format!("{folder}index.{extension}")));
    }
    found
}

/// Without `.` and `..` where they can be taken away.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = vec![];
    let path = path.replace('\\', "/");
    for part in path.split('/') {
        match part {
            "." => {}
            "" if !parts.is_empty() => {}
            ".." if parts.last().is_some_and(|last| !last.is_empty() && *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
