//! Patterns: names with `{param}` for their variable parts. Text in, tokens out; knows nothing of what a param may hold.

use std::fmt;

/// One part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Token {
    /// Text that stands in every name.
    Literal(String),
    /// A variable part, by the param's name.
    Param(String),
}

/// A pattern as written, split into tokens. Neighbouring literals are one token.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    text: String,
    tokens: Vec<Token>,
}

impl Pattern {
    /// Reads a pattern. `{{` and `}}` are literal braces; three braces in a row are a literal one around a param, as in
    /// `{{{user}}}`.
    ///
    /// # Errors
    /// What is wrong, and what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut tokens = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if rest.starts_with("{{") || (rest.starts_with("}}")) {
                literal.push(c);
                rest = &rest[2..];
            } else if c == '{' {
                let Some(end) = rest.find('}') else {
                    return Err(format!("`{{` in `{text}` is not closed; a literal brace is `{{{{`"));
                };
                let name = &rest[1..end];
                check_param_name(name, text)?;
                if tokens.contains(&Token::Param(name.to_owned())) {
                    return Err(format!("`{{{name}}}` stands twice in `{text}`; name the parts apart"));
                }
                if !literal.is_empty() {
                    tokens.push(Token::Literal(std::mem::take(&mut literal)));
                }
                tokens.push(Token::Param(name.to_owned()));
                rest = &rest[end + 1..];
            } else if c == '}' {
                return Err(format!("`}}` in `{text}` closes nothing; a literal brace is `}}}}`"));
            } else {
                literal.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        if !literal.is_empty() {
            tokens.push(Token::Literal(literal));
        }
        if tokens.is_empty() {
            return Err("a pattern cannot be empty".to_owned());
        }
        Ok(Self { text: text.to_owned(), tokens })
    }

    /// As written in the registry.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The parts, in order.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Names of the params, in order.
    pub fn params(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter_map(|token| match token {
            Token::Param(name) => Some(name.as_str()),
            Token::Literal(_) => None,
        })
    }

    /// Has it no param, so that it is one name?
    #[must_use]
    pub fn is_static(&self) -> bool {
        self.tokens.iter().all(|token| matches!(token, Token::Literal(_)))
    }

    /// The literal text before the first param.
    #[must_use]
    pub fn literal_prefix(&self) -> &str {
        match self.tokens.first() {
            Some(Token::Literal(text)) => text,
            Some(Token::Param(_)) | None => "",
        }
    }

    /// The literal text after the last param.
    #[must_use]
    pub fn literal_suffix(&self) -> &str {
        match self.tokens.last() {
            Some(Token::Literal(text)) => text,
            Some(Token::Param(_)) | None => "",
        }
    }

    /// A quick no for most pairs: literal starts or ends that differ. Whether they do share a name, automata say.
    #[must_use]
    pub fn may_meet(&self, other: &Self) -> bool {
        let (starts, ends) =
            ([self.literal_prefix(), other.literal_prefix()], [self.literal_suffix(), other.literal_suffix()]);
        (starts[0].starts_with(starts[1]) || starts[1].starts_with(starts[0]))
            && (ends[0].ends_with(ends[1]) || ends[1].ends_with(ends[0]))
    }

    /// The pattern without the names of its params: the same for all that claim the same places.
    #[must_use]
    pub fn shape(&self) -> String {
        let part = |token: &Token| match token {
            Token::Literal(text) => text.replace('{', "{{"),
            Token::Param(_) => "{}".to_owned(),
        };
        self.tokens.iter().map(part).collect()
    }

    /// The name that these values of the params give, `None` when one is missing.
    #[must_use]
    pub fn format(&self, value: impl Fn(&str) -> Option<String>) -> Option<String> {
        let mut name = String::new();
        for token in &self.tokens {
            match token {
                Token::Literal(text) => name.push_str(text),
                Token::Param(param) => name.push_str(&value(param)?),
            }
        }
        Some(name)
    }

    /// Is the slot of a Redis Cluster the same for all names of this pattern and of `other`, whatever the params?
    /// True when both have a hash tag (`{{...}}`) of the same tokens.
    #[must_use]
    pub fn same_slot(&self, other: &Self) -> bool {
        match (self.hash_tag(), other.hash_tag()) {
            (Some(a), Some(b)) => a == b,
            _ => self.is_static() && self == other,
        }
    }

    /// The tokens between the first literal `{` and the next literal `}`, if there are any: what Redis Cluster hashes.
    #[must_use]
    pub fn hash_tag(&self) -> Option<Vec<Token>> {
        let mut tag: Option<Vec<Token>> = None;
        for token in &self.tokens {
            match (token, &mut tag) {
                (Token::Param(_), Some(inside)) => inside.push(token.clone()),
                (Token::Param(_), None) => {}
                (Token::Literal(text), _) => {
                    let mut rest = text.as_str();
                    if tag.is_none() {
                        let Some(open) = rest.find('{') else { continue };
                        rest = &rest[open + 1..];
                        tag = Some(Vec::new());
                    }
                    let inside = tag.get_or_insert_default();
                    if let Some(close) = rest.find('}') {
                        if close > 0 {
                            inside.push(Token::Literal(rest[..close].to_owned()));
                        }
                        return (!inside.is_empty()).then(|| std::mem::take(inside));
                    }
                    if !rest.is_empty() {
                        inside.push(Token::Literal(rest.to_owned()));
                    }
                }
            }
        }
        None
    }
}

fn check_param_name(name: &str, text: &str) -> Result<(), String> {
    let mut chars = name.chars();
    let starts_well = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if starts_well && chars.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(());
    }
    Err(if name.is_empty() {
        format!("`{{}}` in `{text}` has no name; write for example `{{id}}`")
    } else {
        format!("`{name}` in `{text}` is not a param's name: letters, digits and `_`, starting with a letter")
    })
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lit(text: &str) -> Token {
        Token::Literal(text.into())
    }

    fn par(name: &str) -> Token {
        Token::Param(name.into())
    }

    #[test]
    fn braces_double_to_be_literal() {
        let pattern = Pattern::parse("rate:{{{user}}}:win{{x}}").unwrap();
        assert_eq!(pattern.tokens(), [lit("rate:{"), par("user"), lit("}:win{x}")]);
        assert_eq!(pattern.hash_tag(), Some(vec![par("user")]));
        assert_eq!(pattern.format(|_| Some("7".into())).unwrap(), "rate:{7}:win{x}");
    }

    #[test]
    fn faults_are_explained() {
        for (text, part) in [("", "empty"), ("a:{", "not closed"), ("a:}", "closes nothing"), ("a:{}", "no name")] {
            assert!(Pattern::parse(text).unwrap_err().contains(part), "{text}");
        }
        assert!(Pattern::parse("a:{x}:{x}").unwrap_err().contains("twice"));
        assert!(Pattern::parse("a:{x-y}").is_err());
    }

    #[test]
    fn hash_tags_follow_the_cluster_rule() {
        let tag = |text: &str| Pattern::parse(text).unwrap().hash_tag();
        assert_eq!(tag("a:{{}}:b"), None);
        assert_eq!(tag("a:{{b}}:c"), Some(vec![lit("b")]));
        assert_eq!(tag("a:{{b{x}c}}:{{d}}"), Some(vec![lit("b"), par("x"), lit("c")]));
        assert_eq!(tag("a:{x}"), None);
    }
}
