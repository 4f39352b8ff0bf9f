//! The `.arg(..)` calls of single words, and how much room they need: a command's memory is asked for once.

use super::names;
use crate::registry::{Amount, Scalar, Value};

/// Room for a number that is only known at run time.
const NUMBER: usize = 20;

/// How much room the words of a command need: what is known, and expressions for the rest.
#[derive(Debug, Default)]
pub(super) struct Room {
    pub words: usize,
    pub bytes: usize,
    pub more_words: Vec<String>,
    pub more_bytes: Vec<String>,
}

impl Room {
    /// Expressions for the number of words and of bytes.
    pub(super) fn sums(&self) -> (String, String) {
        let sum = |known: usize, more: &[String]| {
            std::iter::once(known.to_string()).chain(more.iter().cloned()).collect::<Vec<_>>().join(" + ")
        };
        (sum(self.words, &self.more_words), sum(self.bytes, &self.more_bytes))
    }

    pub(super) fn literal(&mut self, text: &str) -> String {
        self.words += 1;
        self.bytes += text.len();
        format!(".arg({text:?})")
    }

    pub(super) fn number(&mut self, expression: &str) -> String {
        self.words += 1;
        self.bytes += NUMBER;
        format!(".arg({expression})")
    }

    pub(super) fn amount(&mut self, amount: &Amount<u64>, fixed: impl Fn(u64) -> i128, call: &str) -> String {
        match amount {
            Amount::Fixed(count) => self.literal(&fixed(*count).to_string()),
            Amount::Config(name) => {
                self.number(&call.replace("{}", &format!("self.{}", names::ident(&names::snake(name)))))
            }
        }
    }

    pub(super) fn value(&mut self, value: &Value, name: &str) -> String {
        let sized = |room: &mut Self, expression: String| {
            room.words += 1;
            room.more_bytes.push(format!("{expression}.len()"));
            format!(".arg({expression})")
        };
        match value {
            Value::Payload(_) => sized(self, format!("{name}.as_bytes()")),
            Value::Scalar(Scalar::Text | Scalar::Bytes | Scalar::DateTime) | Value::Unknown(_) => {
                sized(self, name.to_owned())
            }
            Value::Scalar(Scalar::Json) => self.number(&format!("{name}.to_string()")),
            Value::Scalar(Scalar::Boolean) => self.number(&format!("if {name} {{ \"true\" }} else {{ \"false\" }}")),
            Value::Scalar(
                Scalar::Integer | Scalar::Number | Scalar::EpochS | Scalar::EpochMs | Scalar::EpochUs | Scalar::EpochNs,
            ) => self.number(name),
        }
    }
}
