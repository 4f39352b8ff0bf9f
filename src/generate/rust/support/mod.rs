//! Run-time support of generated Rust: ordinary code, tested here, and handed out as text.

pub mod environment;
pub mod formats;
#[cfg(test)]
pub mod replies;
#[cfg(test)]
pub mod slots;
pub mod values;
#[cfg(test)]
pub mod wire;
#[cfg(test)]
pub mod words;

/// The files as nested modules, each with the names it gives away.
const FILES: &[(&str, &str)] = &[
    ("environment", include_str!("environment.rs")),
    ("formats", include_str!("formats.rs")),
    ("values", include_str!("values.rs")),
];

/// Text of the support for payloads, params and config: private modules and `pub use` of all they hold. Tests are left
/// out; the files' own heads become the modules' documentation.
#[must_use]
pub fn values_text() -> String {
    let module = |(name, text): &(&str, &str)| {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        format!("mod {name} {{\n{code}\n}}\npub use {name}::*;\n")
    };
    FILES.iter().map(module).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_text_is_rust() {
        let text = super::values_text();
        syn::parse_file(&text).unwrap();
        assert!(!text.contains("cfg(test)"));
    }
}
