//! Payloads and what makes them invalid. A stand-in: the half of the generator that writes payloads brings its own.

use std::marker::PhantomData;
use std::sync::Arc;

/// Why a value is not what the registry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// Where in the value.
    pub at: String,
    /// What is wrong there.
    pub reason: String,
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.at, self.reason)
    }
}

impl std::error::Error for Invalid {}

/// A payload that was checked and serialised, once.
#[derive(Debug)]
pub struct Encoded<T> {
    bytes: Arc<[u8]>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Encoded<T> {
    fn clone(&self) -> Self {
        Self { bytes: self.bytes.clone(), of: PhantomData }
    }
}

impl<T> Encoded<T> {
    /// The JSON as it goes over the wire.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// A JSON value that a schema describes.
pub trait Payload: Sized + serde::Serialize + serde::de::DeserializeOwned {
    /// Checks it against its schema.
    ///
    /// # Errors
    /// The first thing that is wrong.
    fn validate(&self) -> Result<(), Invalid>;

    /// Checks and serialises it.
    ///
    /// # Errors
    /// The first thing that is wrong.
    fn encode(&self) -> Result<Encoded<Self>, Invalid> {
        self.validate()?;
        let bytes = serde_json::to_vec(self).map_err(|e| Invalid { at: "$".into(), reason: e.to_string() })?;
        Ok(Encoded { bytes: bytes.into(), of: PhantomData })
    }

    /// Reads and checks it.
    ///
    /// # Errors
    /// The first thing that is wrong.
    fn decode(bytes: &[u8]) -> Result<Self, Invalid> {
        let value: Self =
            serde_json::from_slice(bytes).map_err(|e| Invalid { at: "$".into(), reason: e.to_string() })?;
        value.validate()?;
        Ok(value)
    }
}
