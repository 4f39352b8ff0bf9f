//! README shows what `keywire demo` says: its real output, cut to one screen, numbers aside.
//!
//! KEYWIRE_UPDATE=1 writes the block anew.

use std::path::Path;
use std::process::Command;

use crate::pages;
use crate::servers::say;

const BEGIN: &str = "<!-- demo -->\n";
const END: &str = "<!-- /demo -->";

#[test]
fn the_readme_shows_what_the_demo_says() {
    let keywire = Path::new(env!("CARGO_BIN_EXE_keywire"));
    for program in ["spot_worker", "mock_provider"] {
        if !keywire.with_file_name(program).is_file() {
            say(&format!(
                "the demo's output SKIPPED: {program} is not beside keywire; `cargo build --workspace --all-features` builds it"
            ));
            return;
        }
    }
    let output = Command::new(keywire).args(["demo", "--seconds", "2"]).current_dir(pages::root()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let block = format!("```text\n{}```\n", excerpt(&said));

    let readme = std::fs::read_to_string(pages::root().join("README.md")).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("README.md has the marker <!-- demo -->");
    let (shown, after) = rest.split_once(END).expect("README.md has the marker <!-- /demo -->");
    if pages::canonical(shown) != pages::canonical(&block) {
        pages::renew("README.md", &format!("{before}{BEGIN}{block}{END}{after}"), shown, &block);
    }
}

/// What fits a screen: all steps but the last, which only names files, and of the findings the first and the last.
fn excerpt(said: &str) -> String {
    let steps = said.split("\n7. ").next().unwrap_or_default();
    let is_finding = |paragraph: &&str| paragraph.lines().any(|line| line.starts_with("   error["));
    let paragraphs: Vec<&str> = steps.split("\n\n").collect();
    let first = paragraphs.iter().position(is_finding).expect("the demo has findings");
    let last = paragraphs.iter().rposition(is_finding).unwrap_or(first);
    let mut kept = paragraphs[..=first].to_vec();
    kept.push("   ...");
    kept.extend(&paragraphs[last..]);
    kept.join("\n\n").trim_end().to_owned() + "\n"
}
