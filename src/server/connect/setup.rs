//! Manners of a client that looks at other people's servers: it has a name, and what it reads leaves no trace.
//!
//! In: a connection. Out: which of the settings took, since old servers do not know them and an ACL may forbid them.

use redis::aio::ConnectionLike;
use redis::{Cmd, RedisResult, Value};

/// Which settings the server took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClientSetup {
    /// The connection is called `keywire` in CLIENT LIST.
    pub name: bool,
    /// Reading a key leaves its idle time and use count alone (CLIENT NO-TOUCH; Redis 7.2, Valkey 7.2).
    pub no_touch: bool,
    /// The connection is not closed to free memory (CLIENT NO-EVICT; Redis 7.0).
    pub no_evict: bool,
}

/// Introduces the connection and asks the server to let it read without a trace.
///
/// # Errors
/// Only when the connection fails: a refusal is an answer, and shows in the result.
pub async fn client_setup<C: ConnectionLike>(connection: &mut C) -> RedisResult<ClientSetup> {
    Ok(ClientSetup {
        name: takes(connection, ["SETNAME", "keywire"]).await?,
        no_touch: takes(connection, ["NO-TOUCH", "ON"]).await?,
        no_evict: takes(connection, ["NO-EVICT", "ON"]).await?,
    })
}

async fn takes<C: ConnectionLike>(connection: &mut C, arguments: [&str; 2]) -> RedisResult<bool> {
    let mut command = Cmd::new();
    command.arg("CLIENT").arg(&arguments);
    Ok(answer(connection, &command).await?.is_some())
}

/// The answer to a command, `None` if the server refused it: unknown to it, or forbidden to this user.
pub(crate) async fn answer<C: ConnectionLike>(connection: &mut C, command: &Cmd) -> RedisResult<Option<Value>> {
    match command.query_async::<Value>(connection).await {
        Ok(value) => Ok(Some(value)),
        // Only a server gives codes; what has none befell the connection.
        Err(error) if error.code().is_some() => Ok(None),
        Err(error) => Err(error),
    }
}
