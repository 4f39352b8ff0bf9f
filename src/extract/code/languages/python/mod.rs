//! Python: its syntax (`lower`), and its Redis libraries (`clients`).

mod clients;
mod declarations;
mod expressions;
mod layout;
mod library;
mod lower;
mod methods;
mod standard;
mod strings;

use std::path::Path;

use super::{Language, Target};

/// Python.
pub static PYTHON: Language = Language {
    name: "python",
    extensions: &["py", "pyi", "pyw"],
    lower: lower::lower,
    clients: &clients::CLIENTS,
    resolve,
    joint: ".",
    folder_is_module: false,
    constructors: &["__init__", "__post_init__", "__new__", "setup", "__aenter__"],
    fixtures: Some(("fixture", "conftest.py")),
    tests: &["tests", "test", "testing", "test_*.py", "*_test.py", "conftest.py", "tests.py"],
    entries: &[
        "__main__.py",
        "manage.py",
        "wsgi.py",
        "asgi.py",
        "main.py",
        "app.py",
        "celery.py",
        "tasks.py",
        "worker.py",
        "*_worker.py",
    ],
};

/// `a.b` may be `a/b.py` or the package `a/b/`; leading dots start at the folder of the file. What the standard library has stands
/// beside the file, or is no file of the program.
fn resolve(importer: &Path, from: &str) -> Vec<Target> {
    let rest = from.trim_start_matches('.');
    let dots = from.len() - rest.len();
    let path = rest.replace('.', "/");
    let files = |base: &str| {
        let base = base.trim_end_matches('/');
        if base.is_empty() {
            vec!["__init__.py".to_owned()]
        } else {
            vec![format!("{base}.py"), format!("{base}/__init__.py")]
        }
    };
    let importer = importer.to_string_lossy().replace('\\', "/");
    let mut folder = importer.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    if dots > 0 {
        for _ in 1..dots {
            folder = match folder.rsplit_once('/') {
                Some((outer, _)) => outer.to_owned(),
                None if folder.is_empty() => "..".to_owned(),
                None => String::new(),
            };
        }
        let base = if folder.is_empty() { path } else { format!("{folder}/{path}") };
        return files(&base).into_iter().map(Target::Exact).collect();
    }
    let beside = if folder.is_empty() { path.clone() } else { format!("{folder}/{path}") };
    let beside = files(&beside).into_iter().map(Target::Exact);
    let first = path.split('/').next().unwrap_or_default();
    if library::MODULES.binary_search(&first).is_ok() {
        return beside.collect();
    }
    beside.chain(files(&path).into_iter().map(Target::Suffix)).collect()
}
