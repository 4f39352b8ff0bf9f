//! Values against what is declared of them. A value in, its faults out; rules make problems of faults.

use anyhow::{Context, Result};

use super::scalar_fault;
use crate::document::{Schema, Scratch, Verdict, Violation};
use crate::registry::{Registry, Scalar, Value};

/// How one value is judged.
pub(super) enum ValueCheck {
    Scalar(Scalar),
    Payload(Box<Schema>),
    /// Nothing is known of it.
    Unknown,
}

/// Something wrong with a key's contents. Holds names and pointers, never values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A value is not of its scalar type.
    Scalar {
        /// Which value: `the value`, `field frames`, `a member`, `a score`.
        part: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A payload is not JSON.
    NotJson {
        /// Which value.
        part: String,
        /// What is wrong, with the offset.
        reason: String,
    },
    /// A payload breaks its schema.
    Schema {
        /// Which value.
        part: String,
        /// Where in the payload, as a JSON pointer; indexes of arrays as `*`.
        pointer: String,
        /// The keyword that it breaks.
        keyword: String,
        /// What is wrong.
        reason: String,
    },
    /// A payload holds a member that its schema does not name.
    UndeclaredMember {
        /// Which value.
        part: String,
        /// Where the object stands in the payload.
        pointer: String,
        /// The member's name.
        name: String,
        /// Does the schema forbid it (`additionalProperties: false`)?
        forbidden: bool,
    },
    /// A payload holds one name twice.
    RepeatedMember {
        /// Which value.
        part: String,
        /// The name.
        name: String,
    },
    /// A hash or a stream entry holds a field that is not declared.
    UndeclaredField {
        /// The field's name, printable.
        name: String,
    },
    /// A hash or a stream entry lacks a field.
    MissingField {
        /// The field's name.
        name: String,
    },
}

impl ValueCheck {
    pub(super) fn new(value: &Value, registry: &Registry) -> Result<Self> {
        Ok(match value {
            Value::Scalar(scalar) => Self::Scalar(*scalar),
            Value::Unknown(_) => Self::Unknown,
            Value::Payload(id) => {
                let schema = Schema::compile(&registry.bundled_schema(*id));
                Self::Payload(Box::new(schema.with_context(|| format!("payload `{}`", registry.payload(*id).name))?))
            }
        })
    }

    /// Adds what is wrong with a value.
    pub(super) fn judge(
        &self,
        bytes: &[u8],
        part: &dyn Fn() -> String,
        scratch: &mut Scratch,
        faults: &mut Vec<Fault>,
    ) {
        match self {
            Self::Unknown => {}
            Self::Scalar(scalar) => {
                if let Some(reason) = scalar_fault(*scalar, bytes) {
                    faults.push(Fault::Scalar { part: part(), reason });
                }
            }
            Self::Payload(schema) => {
                let seen = schema.examine(scratch, bytes);
                match seen.verdict {
                    Verdict::Valid => {}
                    Verdict::NotJson(error) => faults.push(Fault::NotJson { part: part(), reason: error.to_string() }),
                    Verdict::Invalid(violations) => {
                        for violation in violations {
                            schema_faults(violation, &part(), faults);
                        }
                    }
                }
                for name in seen.undeclared {
                    let pointer = String::new();
                    faults.push(Fault::UndeclaredMember { part: part(), pointer, name, forbidden: false });
                }
                if let Some(name) = seen.duplicate_name {
                    faults.push(Fault::RepeatedMember { part: part(), name });
                }
            }
        }
    }
}

fn schema_faults(violation: Violation, part: &str, faults: &mut Vec<Fault>) {
    let pointer = without_indexes(&violation.instance_pointer);
    if violation.unexpected.is_empty() {
        let (part, keyword, reason) = (part.to_owned(), violation.keyword, violation.message);
        faults.push(Fault::Schema { part, pointer, keyword, reason });
        return;
    }
    for name in violation.unexpected {
        let (part, pointer) = (part.to_owned(), pointer.clone());
        faults.push(Fault::UndeclaredMember { part, pointer, name, forbidden: true });
    }
}

/// The same fault in many elements is one fault.
fn without_indexes(pointer: &str) -> String {
    let part = |part: &str| if part.parse::<u64>().is_ok() { "*".to_owned() } else { part.to_owned() };
    pointer.split('/').map(part).collect::<Vec<_>>().join("/")
}
