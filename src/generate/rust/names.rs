//! Names of the registry as identifiers of Rust.

/// `spot_latest`, from whatever separates words.
#[must_use]
pub fn snake(name: &str) -> String {
    let mut words = String::new();
    let mut lower_before = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            if c.is_ascii_uppercase() && lower_before {
                words.push('_');
            }
            lower_before = c.is_ascii_lowercase() || c.is_ascii_digit();
            words.push(c.to_ascii_lowercase());
        } else {
            lower_before = false;
            if !words.is_empty() && !words.ends_with('_') {
                words.push('_');
            }
        }
    }
    let words = words.trim_end_matches('_');
    if words.is_empty() || words.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("n{words}");
    }
    words.to_owned()
}

/// `SpotLatest`.
#[must_use]
pub fn pascal(name: &str) -> String {
    let mut text = String::new();
    for word in snake(name).split('_') {
        let mut chars = word.chars();
        text.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        text.push_str(chars.as_str());
    }
    text
}

/// The name, as a raw identifier where it is a keyword.
#[must_use]
pub fn ident(name: &str) -> String {
    match name {
        "self" | "super" | "crate" | "Self" | "_" => format!("{name}_"),
        _ if syn::parse_str::<syn::Ident>(name).is_err() => format!("r#{name}"),
        _ => name.to_owned(),
    }
}
