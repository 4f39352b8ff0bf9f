//! The client of the provider's universal snapshot: tickers in, rows out, within one deadline.
//! One request serves up to 250 tickers, so one tick is one request, or a few at the same time. Retrying is the caller's choice: this client never
//! repeats a request. It must not know symbols, prices or the bus.

pub mod chain;
mod error;
mod fetch;
mod key;
mod rows;

use std::collections::HashSet;
use std::time::Duration;

use anyhow::{Context as _, bail};
use futures_util::future::join_all;
use jiff::Timestamp;
use reqwest::Url;
use reqwest::redirect::Policy;

use crate::capture::Capture;

pub use error::{BadBody, ProviderError};
pub use key::ApiKey;
pub use rows::{LastMinute, LastTrade, Row, Session, Snapshot};

/// The most tickers one request may name; the provider's documented maximum of `limit` is the same.
pub const MAX_TICKERS: usize = 250;

/// The longest body that is read, in bytes after decompression. A full page of 250 rows has some 300 kB.
pub const MAX_BODY: usize = 8 * 1024 * 1024;

/// A client of one provider account. Connections are pooled, so one value should live as long as the process.
#[derive(Debug)]
pub struct Provider {
    client: reqwest::Client,
    snapshot_url: Url,
    status_url: Url,
    contracts_url: Url,
    api_key: ApiKey,
    timeout: Duration,
    capture: Option<Capture>,
}

impl Provider {
    /// A client of the provider at `base_url` (`https://api.massive.com`), giving each snapshot at most `timeout`.
    ///
    /// # Errors
    /// If the URL is not an absolute HTTP URL, carries credentials, or the timeout is zero.
    pub fn new(base_url: &str, api_key: ApiKey, timeout: Duration) -> anyhow::Result<Self> {
        if timeout.is_zero() {
            bail!("the provider's timeout is zero: give it some hundred milliseconds at least");
        }
        let snapshot_url = endpoint(base_url, "/v3/snapshot")?;
        let status_url = endpoint(base_url, "/v1/marketstatus/now")?;
        let contracts_url = endpoint(base_url, "/v3/reference/options/contracts")?;
        // An error only says that another part of the process installed a provider first, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("massive_client/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(timeout)
            // The API answers in place; following a redirect could carry the key to another origin.
            .redirect(Policy::none())
            .gzip(true);
        if is_loopback(&snapshot_url) {
            builder = builder.no_proxy();
        } else if snapshot_url.scheme() == "http" {
            tracing::warn!("the provider's URL is not https: the API key crosses the network in the clear");
        }
        let client = builder.build().context("cannot set up the HTTP client for the provider")?;
        Ok(Self { client, snapshot_url, status_url, contracts_url, api_key, timeout, capture: None })
    }

    /// The time that it gives each request.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The same client, which writes down all good answers.
    #[must_use]
    pub fn captured(self, capture: Capture) -> Self {
        Self { capture: Some(capture), ..self }
    }

    /// The current rows of `tickers` as the provider names them (`AAPL`, `I:SPX`), each asked for once.
    ///
    /// Rows come in the provider's order; tickers it does not know come as rows with an error. Beyond 250 tickers the
    /// list is cut into several requests, which go out at the same time. One that fails does not cost the others their
    /// rows: it stands in [`Snapshot::failed`].
    ///
    /// # Errors
    /// When every request failed, what was wrong with the first; see [`ProviderError`] for what each case asks of the caller.
    pub async fn snapshot(&self, tickers: &[String]) -> Result<Snapshot, ProviderError> {
        let mut seen = HashSet::new();
        let unique: Vec<&str> = tickers.iter().map(String::as_str).filter(|ticker| seen.insert(*ticker)).collect();
        let answers = join_all(unique.chunks(MAX_TICKERS).map(|chunk| self.chunk(chunk))).await;
        let mut snapshot = Snapshot { received_ms: Timestamp::now().as_millisecond(), ..Snapshot::default() };
        let mut good = answers.is_empty();
        for answer in answers {
            match answer {
                Ok(page) => {
                    snapshot.absorb(page);
                    good = true;
                }
                Err(error) => snapshot.failed = snapshot.failed.or(Some(error)),
            }
        }
        match snapshot.failed.take() {
            Some(error) if !good => Err(error),
            failed => Ok(Snapshot { failed, ..snapshot }),
        }
    }

    async fn chunk(&self, tickers: &[&str]) -> Result<Snapshot, ProviderError> {
        let request = self
            .client
            .get(self.snapshot_url.clone())
            .query(&[("ticker.any_of", tickers.join(",").as_str()), ("limit", "250")])
            .bearer_auth(self.api_key.expose());
        let body = self.body(request).await?;
        let page = rows::parse(&body)?;
        if let Some(capture) = &self.capture {
            capture.take(Timestamp::now().as_millisecond(), &body);
        }
        Ok(page)
    }

    /// Is any market open, before and after hours included? In doubt it is.
    ///
    /// # Errors
    /// As for [`Provider::snapshot`].
    pub async fn market_is_open(&self) -> Result<bool, ProviderError> {
        let request = self.client.get(self.status_url.clone()).bearer_auth(self.api_key.expose());
        let status: serde_json::Value = serde_json::from_slice(&self.body(request).await?)
            .map_err(|_| ProviderError::from(BadBody::NotASnapshot("the market status is no JSON".to_owned())))?;
        Ok(status.get("market").and_then(serde_json::Value::as_str) != Some("closed"))
    }

    async fn body(&self, request: reqwest::RequestBuilder) -> Result<Vec<u8>, ProviderError> {
        match tokio::time::timeout(self.timeout, fetch::body(request, self.timeout)).await {
            Ok(result) => result,
            Err(_elapsed) => Err(ProviderError::Timeout { after: self.timeout }),
        }
    }
}

/// The URL of an endpoint.
fn endpoint(base_url: &str, path: &str) -> anyhow::Result<Url> {
    // The URL itself stays out of the messages: a mistaken one may hold a key.
    let mut url = Url::parse(base_url).context("the provider's URL is not a URL such as https://api.massive.com")?;
    if !matches!(url.scheme(), "http" | "https") {
        bail!("the provider's URL must begin with https:// (or http:// for a mock)");
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
        bail!("the provider's URL must hold no credentials and no query: the key goes into MASSIVE_API_KEY");
    }
    let path = format!("{}{path}", url.path().trim_end_matches('/'));
    url.set_path(&path);
    url.set_fragment(None);
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}
