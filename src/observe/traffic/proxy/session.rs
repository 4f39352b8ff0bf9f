//! What is known of a connection: who its client is, and how what the server sends on it is to be read.
//!
//! In: commands that succeeded, and confirmations of subscriptions. Out: the state after them. It holds no calls.

use std::sync::Arc;

use super::role::Role;
use crate::observe::traffic::Client;
use crate::observe::traffic::resp::Reply;

/// The state of one connection, as of the last reply.
#[derive(Debug)]
pub(super) struct Session {
    pub client: Arc<Client>,
    pub database: u32,
    protocol: u8,
    is_monitoring: bool,
    channels: u64,
    patterns: u64,
    shards: u64,
}

impl Session {
    pub fn new(client: Client, database: u32) -> Self {
        let (client, protocol) = (Arc::new(client), 2);
        Self { client, database, protocol, is_monitoring: false, channels: 0, patterns: 0, shards: 0 }
    }

    /// Changes what a command changes that succeeded.
    pub fn apply(&mut self, role: Role) {
        match role {
            Role::Select(database) => self.database = database,
            Role::Auth(user) => self.change(|client| client.user = Some(user)),
            Role::Name(name) => self.change(|client| client.name = name),
            Role::Hello(hello) => {
                self.protocol = hello.protocol.unwrap_or(self.protocol);
                if hello.user.is_some() || hello.name.is_some() {
                    self.change(|client| {
                        client.user = hello.user.or(client.user.take());
                        client.name = hello.name.unwrap_or(client.name.take());
                    });
                }
            }
            Role::Monitor => self.is_monitoring = true,
            Role::Reset => {
                let client = Client { name: None, user: None, ..(*self.client).clone() };
                *self = Self::new(client, 0);
            }
            _ => {}
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut Client)) {
        change(Arc::make_mut(&mut self.client));
    }

    /// Whether it takes nothing but messages and commands about them: subscribed, and of RESP2.
    pub fn is_subscriber(&self) -> bool {
        self.protocol == 2 && self.channels + self.patterns + self.shards > 0
    }

    /// Whether the server sends this of its own: a message of a channel, a line of MONITOR, an invalidation.
    pub fn is_unasked(&self, reply: &Reply) -> bool {
        match reply.kind {
            b'>' => true,
            b'*' if self.is_subscriber() => {
                matches!(reply.word.as_slice(), b"message" | b"pmessage" | b"smessage")
                    || matches!(reply.word.as_slice(), b"sunsubscribe" | b"unsubscribe" | b"punsubscribe")
            }
            b'+' => self.is_monitoring && reply.word.first().is_some_and(u8::is_ascii_digit),
            _ => false,
        }
    }

    /// Whether a reply of this form confirms a subscription.
    pub fn is_confirmation(&self, reply: &Reply, confirms: &[u8]) -> bool {
        (reply.kind == b'>' || (reply.kind == b'*' && self.protocol == 2)) && reply.word == confirms
    }

    /// How many confirmations a command without channels will get.
    pub fn subscribed(&self, confirms: &[u8]) -> u64 {
        match confirms {
            b"unsubscribe" => self.channels,
            b"punsubscribe" => self.patterns,
            _ => self.shards,
        }
        .max(1)
    }

    /// Counts a subscription, or the end of one: its confirmation says how many there are now.
    pub fn confirmed(&mut self, reply: &Reply) {
        let now = reply.last_integer.and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
        match reply.word.as_slice() {
            b"subscribe" | b"unsubscribe" => self.channels = now.saturating_sub(self.patterns),
            b"psubscribe" | b"punsubscribe" => self.patterns = now.saturating_sub(self.channels),
            b"ssubscribe" | b"sunsubscribe" => self.shards = now,
            _ => {}
        }
    }
}
