//! One request -> the bytes of a good answer, or the error it stands for. Reads no more than the limit, decides by status
//! first and by the body's own words second. Knows nothing of rows.

use std::error::Error as _;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

use super::{BadBody, MAX_BODY, ProviderError};

/// A longer wait than this is a mistake of the clock or of the provider.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// How much of the provider's words goes into an error, in characters.
const LONGEST_MESSAGE: usize = 200;

/// Sends the request and returns the body of an answer that is JSON of status 200.
pub(super) async fn body(request: RequestBuilder, deadline: Duration) -> Result<Vec<u8>, ProviderError> {
    let response = request.send().await.map_err(|error| transport(error, deadline))?;
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = match read_limited(response, deadline).await {
        // What the status says holds even if the body that explains it breaks off.
        Err(ProviderError::BadBody(_)) if status != 200 => Vec::new(),
        other => other?,
    };
    if status == 200 && looks_like_html(&headers, &body) {
        return Err(BadBody::Html.into());
    }
    match refusal(status, &headers, &body) {
        Some(error) => Err(error),
        None => Ok(body),
    }
}

async fn read_limited(mut response: Response, deadline: Duration) -> Result<Vec<u8>, ProviderError> {
    let too_large = || ProviderError::from(BadBody::TooLarge { limit: MAX_BODY });
    if response.content_length().is_some_and(|length| length > MAX_BODY as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MAX_BODY => return Err(too_large()),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) if error.is_timeout() => return Err(ProviderError::Timeout { after: deadline }),
            Err(_) => return Err(BadBody::Truncated.into()),
        }
    }
}

/// What went wrong before an answer began.
fn transport(error: reqwest::Error, deadline: Duration) -> ProviderError {
    if error.is_timeout() {
        return ProviderError::Timeout { after: deadline };
    }
    let error = error.without_url();
    // The innermost cause is what a person can act on ("Connection refused"); the outer ones only frame it.
    let mut cause = error.to_string();
    let mut next = error.source();
    while let Some(inner) = next {
        cause = inner.to_string();
        next = inner.source();
    }
    ProviderError::Connect { message: printable(&cause) }
}

/// The error that status and body stand for; None for a good answer.
fn refusal(status: u16, headers: &HeaderMap, body: &[u8]) -> Option<ProviderError> {
    let words = Words::read(body);
    let message = words.text(status);
    let rate_limited = || ProviderError::RateLimited { retry_after: retry_after(headers) };
    match status {
        200 if words.is_verdict("NOT_AUTHORIZED") => Some(ProviderError::NotEntitled { message }),
        // A rate limit has been seen under status 200, too.
        200 if words.is_verdict("ERROR") && message.contains("maximum requests") => Some(rate_limited()),
        200 if words.is_verdict("ERROR") => Some(BadBody::NotASnapshot(message).into()),
        200 => None,
        401 => Some(ProviderError::Unauthorized { message }),
        // An older report has 400 for a missing key.
        400 if message.contains("API Key") => Some(ProviderError::Unauthorized { message }),
        403 => Some(ProviderError::NotEntitled { message }),
        429 => Some(rate_limited()),
        499.. => Some(ProviderError::Server { status, message }),
        _ => Some(ProviderError::Refused { status, message }),
    }
}

/// The provider's own words about an error; its texts stand under two different keys.
struct Words {
    status: Option<String>,
    text: Option<String>,
    has_results: bool,
}

impl Words {
    fn read(body: &[u8]) -> Self {
        // A whole snapshot need not be parsed twice: only short bodies can be error bodies.
        let value = if body.len() <= 4096 { serde_json::from_slice(body).unwrap_or(Value::Null) } else { Value::Null };
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(printable);
        Self {
            status: text("status"),
            text: text("error").or_else(|| text("message")),
            has_results: value.get("results").is_some(),
        }
    }

    fn is_verdict(&self, verdict: &str) -> bool {
        !self.has_results && self.status.as_deref() == Some(verdict)
    }

    fn text(&self, status: u16) -> String {
        self.text.clone().unwrap_or_else(|| format!("status {status} without an explanation"))
    }
}

/// Text of others, made fit for one line of a log.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_MESSAGE).collect()
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
            // A moment already past asks for no wait at all.
            Duration::try_from(until.duration_since(Timestamp::now())).unwrap_or(Duration::ZERO)
        }
    };
    Some(wait.min(LONGEST_WAIT))
}

fn looks_like_html(headers: &HeaderMap, body: &[u8]) -> bool {
    let declared = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    declared.starts_with("text/html") || body.trim_ascii_start().first() == Some(&b'<')
}
