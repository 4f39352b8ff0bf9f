//! Where a server is, as users write it: URLs of all the usual schemes, a socket's path, or host:port.
//!
//! In: text. Out: an [`Endpoint`], which makes clients. It does not connect.

use std::path::PathBuf;
use std::{env, fmt, fs, path};

use anyhow::{Context, Result, anyhow, bail};
use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisConnectionInfo, TlsCertificates};

use super::redact::redact;

/// Names a file of CA certificates (PEM) that vouch for servers of `rediss://` URLs without `?cacert=`.
pub const CA_CERT_ENV: &str = "KEYWIRE_CA_CERT";

/// A server's address, read and found well-formed. `Display` shows it without its password.
#[derive(Clone)]
pub struct Endpoint {
    shown: String,
    info: ConnectionInfo,
    ca_cert: Option<PathBuf>,
}

impl Endpoint {
    /// The address and credentials as redis-rs takes them.
    pub fn info(&self) -> &ConnectionInfo {
        &self.info
    }

    /// The number of the database.
    pub fn database(&self) -> u32 {
        // redis-rs takes any number; a server has none below 0.
        u32::try_from(self.info.redis_settings().db()).unwrap_or(0)
    }

    /// The CA file of this URL, if it names one.
    pub fn ca_cert(&self) -> Option<&path::Path> {
        self.ca_cert.as_deref()
    }

    /// Whether the connection is encrypted.
    pub fn is_tls(&self) -> bool {
        matches!(self.info.addr(), ConnectionAddr::TcpTls { .. })
    }

    /// Another server that is reached as this one is: same credentials, database and options, and TLS where this one has it.
    #[must_use]
    pub fn sibling(&self, host: &str, port: u16) -> Self {
        let addr = match self.info.addr() {
            ConnectionAddr::TcpTls { insecure, tls_params, .. } => {
                let (insecure, tls_params) = (*insecure, tls_params.clone());
                ConnectionAddr::TcpTls { host: host.to_owned(), port, insecure, tls_params }
            }
            _ => ConnectionAddr::Tcp(host.to_owned(), port),
        };
        let scheme = if self.is_tls() { "rediss" } else { "redis" };
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let db = match self.info.redis_settings().db() {
            0 => String::new(),
            db => format!("/{db}"),
        };
        let shown = format!("{scheme}://{host}:{port}{db}");
        Self { shown, info: self.info.clone().set_addr(addr), ca_cert: self.ca_cert.clone() }
    }

    /// A client for connections of all kinds: multiplexed, monitor, pub/sub. For TLS it installs the cryptography and
    /// reads the CA file (`?cacert=`, else KEYWIRE_CA_CERT, else the system's).
    ///
    /// # Errors
    /// When the CA file cannot be read or holds no certificates.
    pub fn client(&self) -> Result<redis::Client> {
        if !self.is_tls() {
            return redis::Client::open(self.info.clone()).with_context(|| format!("the address {self} is not usable"));
        }
        // Err says that some provider is installed already, which is what is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let root_cert = self.root_certificates()?;
        let certificates = TlsCertificates { client_tls: None, root_cert };
        redis::Client::build_with_tls(self.info.clone(), certificates)
            .with_context(|| format!("the CA certificates for {self} cannot be used; are they in PEM form?"))
    }
}

impl Endpoint {
    /// The same server, for a connection that does not tell which library it is made with: servers that do not know
    /// that command would count it as failed.
    #[must_use]
    pub fn without_library_name(&self) -> Self {
        let settings = self.info.redis_settings().clone().set_skip_set_lib_name();
        Self { info: self.info.clone().set_redis_settings(settings), ..self.clone() }
    }

    /// The certificates, in PEM form, that vouch for the server; `None`: those of the system.
    pub(super) fn root_certificates(&self) -> Result<Option<Vec<u8>>> {
        let from_env = || env::var_os(CA_CERT_ENV).filter(|value| !value.is_empty()).map(PathBuf::from);
        self.ca_cert.clone().or_else(from_env).map(|file| read_certificates(&file)).transpose()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Endpoint {
    /// As `Display`: a derived one would show a password that was given in the user's place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.shown)
    }
}

fn read_certificates(file: &path::Path) -> Result<Vec<u8>> {
    let pem = fs::read(file).with_context(|| {
        format!("cannot read the CA certificates in {} (`?cacert=` or {CA_CERT_ENV})", file.display())
    })?;
    // redis-rs takes a file without certificates for an empty list, and then trusts no server at all.
    if !pem.windows(27).any(|window| window == b"-----BEGIN CERTIFICATE-----") {
        bail!("{} holds no certificate in PEM form (`?cacert=` or {CA_CERT_ENV})", file.display());
    }
    Ok(pem)
}

/// Reads an address.
///
/// - `redis://user:password@host:6379/0`, `valkey://...`; with TLS `rediss://...`, `valkeys://...`, and then optionally
///   `?cacert=PATH` or `#insecure` (no check of certificates, if built in). Port 6379 and database 0 unless given.
/// - `redis+unix:///path?db=0&user=u&pass=p`, `unix://`, `valkey+unix://`.
/// - Without a scheme: a path that starts with `/` or `.` or ends in `.sock`, else `host:port`.
///
/// Options are read by the names other clients have for them too (`username`, `password`, `ssl_ca_certs`); what is left is
/// passed over, since the same variable configures other programs. Special characters in passwords are percent-encoded.
///
/// # Errors
/// When it is none of these; the message says what was expected, and holds no password.
pub fn parse_url(text: &str) -> Result<Endpoint> {
    let text = text.trim();
    let shown = redact(text);
    if text.is_empty() {
        bail!("the server's address is empty; write for example redis://127.0.0.1:6379/0");
    }
    let parsed = match text.split_once("://").map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest)) {
        Some((scheme, rest)) => match scheme.as_str() {
            "redis" | "rediss" | "valkey" | "valkeys" => parse_tcp(&scheme, rest),
            "unix" | "redis+unix" | "valkey+unix" => parse_unix(rest),
            other if other.contains("sentinel") || other.contains("cluster") => {
                Err(anyhow!("give the URL of one node; keywire asks it about the others"))
            }
            _ => Err(anyhow!("its scheme is none of redis, rediss, valkey, valkeys, unix, redis+unix, valkey+unix")),
        },
        None if text.starts_with(['/', '.']) || text.ends_with(".sock") => plain_path(text),
        None => parse_tcp("redis", text),
    };
    let (info, ca_cert) = parsed.with_context(|| format!("`{shown}` is not the address of a server"))?;
    Ok(Endpoint { shown, info, ca_cert })
}

type Parsed = (ConnectionInfo, Option<PathBuf>);

fn plain_path(text: &str) -> Result<Parsed> {
    let socket = path::absolute(text).context("it is no path")?;
    Ok((ConnectionAddr::Unix(socket).into_connection_info()?, None))
}

fn parse_tcp(scheme: &str, rest: &str) -> Result<Parsed> {
    const EXPECTED: &str = "expected redis://user:password@host:6379/0, with special characters of the password \
                            percent-encoded (`@` as %40, `/` as %2F, `#` as %23, `?` as %3F)";
    if rest.starts_with('/') {
        bail!("it has no host (for a Unix socket write redis+unix:///path); {EXPECTED}");
    }
    let url = redis::parse_redis_url(&format!("{scheme}://{rest}")).context(EXPECTED)?;
    let options = Options::read(url.query_pairs());
    let has_db = !url.path().trim_matches('/').is_empty();
    let info = url.into_connection_info().map_err(|error| anyhow!("{}; {EXPECTED}", reason(&error)))?;
    let db = if has_db { None } else { options.db.clone() };
    options.apply(info, db)
}

fn parse_unix(rest: &str) -> Result<Parsed> {
    const EXPECTED: &str = "expected redis+unix:///path/to/socket?db=0&user=name&pass=password, with three slashes \
                            before an absolute path and special characters percent-encoded";
    // A form of other clients that the URL crate refuses: credentials before a socket's path.
    let head = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (credentials, path) = match head.strip_suffix('@') {
        Some(credentials) => (credentials, &rest[head.len()..]),
        None => ("", rest),
    };
    if !path.starts_with('/') {
        bail!(EXPECTED);
    }
    let url = redis::parse_redis_url(&format!("redis+unix://{path}")).context(EXPECTED)?;
    let options = Options::read(url.query_pairs());
    let mut info = url.into_connection_info().map_err(|error| anyhow!("{}; {EXPECTED}", reason(&error)))?;
    if !credentials.is_empty() {
        let (given, _) = parse_tcp("redis", &format!("{credentials}@localhost")).context(EXPECTED)?;
        let (db, protocol) = (info.redis_settings().db(), info.redis_settings().protocol());
        info = info.set_redis_settings(given.redis_settings().clone().set_db(db).set_protocol(protocol));
    }
    options.apply(info, None)
}

/// What redis-rs says was wrong, without its own name for the class of error.
fn reason(error: &redis::RedisError) -> String {
    let text = error.to_string();
    text.split(" - InvalidClientConfig").next().unwrap_or_default().to_lowercase()
}

/// The options of a query, by the names that Redis clients have for them.
#[derive(Default)]
struct Options {
    db: Option<String>,
    user: Option<String>,
    password: Option<String>,
    ca_cert: Option<PathBuf>,
}

impl Options {
    fn read<A: AsRef<str>, B: AsRef<str>>(pairs: impl Iterator<Item = (A, B)>) -> Self {
        let mut options = Self::default();
        for (name, value) in pairs {
            let value = value.as_ref().to_owned();
            match name.as_ref() {
                "db" => options.db = Some(value),
                "user" | "username" => options.user = Some(value),
                "pass" | "password" => options.password = Some(value),
                "cacert" | "ssl_ca_certs" => options.ca_cert = Some(PathBuf::from(value)),
                _ => {}
            }
        }
        options
    }

    /// Adds to what redis-rs has read by itself.
    fn apply(self, info: ConnectionInfo, db: Option<String>) -> Result<Parsed> {
        let mut settings: RedisConnectionInfo = info.redis_settings().clone();
        if let Some(db) = db {
            settings = settings.set_db(db.parse().context("`db` is not the number of a database")?);
        }
        if let Some(user) = self.user.filter(|_| settings.username().is_none()) {
            settings = settings.set_username(user);
        }
        if let Some(password) = self.password.filter(|_| settings.password().is_none()) {
            settings = settings.set_password(password);
        }
        Ok((info.set_redis_settings(settings), self.ca_cert))
    }
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
