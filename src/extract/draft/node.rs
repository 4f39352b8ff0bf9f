//! A node of a draft: a value of the registry format, with its evidence.

/// A value and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// What it rests on, a line each; written as comments.
    pub evidence: Vec<String>,
}

/// The shapes of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number, as it is to be written.
    Number(String),
    /// Text; quoted where YAML needs it.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Names with values, in order.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// A value without evidence.
    #[must_use]
    pub fn new(value: Value) -> Self {
        Self { value, evidence: Vec::new() }
    }

    /// A text without evidence.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Value::Text(text.into()))
    }

    /// A list of texts without evidence.
    #[must_use]
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::new(Value::List(texts.into_iter().map(Self::text).collect()))
    }

    /// A mapping without evidence.
    #[must_use]
    pub fn map<N: Into<String>>(entries: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::new(Value::Map(entries.into_iter().map(|(name, node)| (name.into(), node)).collect()))
    }

    /// The same value, resting on this as well.
    #[must_use]
    pub fn because(mut self, evidence: impl Into<String>) -> Self {
        self.evidence.push(evidence.into());
        self
    }

    /// The value under a name of a mapping.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|(known, _)| known == name).map(|(_, node)| node),
            Value::Null | Value::Flag(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => None,
        }
    }
}

impl From<&serde_json::Value> for Node {
    fn from(json: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        Self::new(match json {
            Json::Null => Value::Null,
            Json::Bool(flag) => Value::Flag(*flag),
            Json::Number(number) => Value::Number(number.to_string()),
            Json::String(text) => Value::Text(text.clone()),
            Json::Array(items) => Value::List(items.iter().map(Self::from).collect()),
            Json::Object(fields) => {
                Value::Map(fields.iter().map(|(name, value)| (name.clone(), Self::from(value))).collect())
            }
        })
    }
}
