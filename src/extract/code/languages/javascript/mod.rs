//! JavaScript, JSX, TypeScript and TSX.

mod clients;
mod lower;
mod resolve;

use super::Language;
pub use lower::lower;

/// Paths of tests.
const TESTS: &[&str] = &[
    "test",
    "tests",
    "__tests__",
    "__mocks__",
    "spec",
    "specs",
    "e2e",
    "cypress",
    "*.test.*",
    "*.spec.*",
    "*.e2e-spec.*",
    "*.e2e.*",
    "*.mock.*",
    "*.stories.*",
    "test.*",
    "jest.*",
    "vitest.*",
];

/// Files that frameworks and package managers run.
const ENTRIES: &[&str] = &[
    "main.*",
    "server.*",
    "app.*",
    "index.*",
    "worker.*",
    "cli.*",
    "route.*",
    "page.*",
    "layout.*",
    "middleware.*",
    "handler.*",
    "lambda.*",
    "bin",
    "pages",
    "functions",
];

/// JavaScript.
pub static JAVASCRIPT: Language = BOTH;

/// What both have in common; they differ in their names alone.
const BOTH: Language = Language {
    name: "javascript",
    extensions: &["js", "jsx", "mjs", "cjs"],
    lower,
    clients: &clients::CLIENTS,
    resolve: resolve::resolve,
    joint: "/",
    folder_is_module: false,
    constructors: &["constructor"],
    fixtures: None,
    tests: TESTS,
    entries: ENTRIES,
};

/// TypeScript.
pub static TYPESCRIPT: Language = Language { name: "typescript", extensions: &["ts", "tsx", "mts", "cts"], ..BOTH };
