//! The gate of `--enforce`: which requests reach the server. It sees a request before the server does, and what it
//! refuses is answered as a server refuses.
//!
//! In: requests in order. Out: a [`Verdict`]. It sees no replies, so inside of MULTI it supposes that MULTI succeeded.

use std::sync::Arc;

use super::role::Role;
use crate::observe::traffic::Call;

/// Says why a call must not reach the server, or `None` if it may.
///
/// The call's outcome is unknown yet. Of a request larger than [`super::super::CALL_LIMIT`] it decides before all is
/// there: words that are still to come are empty, and marked in [`Call::cut`].
pub type Gate = Arc<dyn Fn(&Call) -> Option<String> + Send + Sync>;

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is forwarded.
    Pass,
    /// It is answered with this error line.
    Refuse(String),
    /// DISCARD is forwarded in its place, and it is answered with this error line.
    Abort(String),
}

/// A gate, and what it must remember of a connection.
pub(super) struct Keeper {
    gate: Gate,
    in_multi: bool,
    /// Something was refused since MULTI.
    is_spoilt: bool,
}

impl Keeper {
    pub fn new(gate: Gate) -> Self {
        Self { gate, in_multi: false, is_spoilt: false }
    }

    /// Judges a request.
    pub fn judge(&mut self, call: &Call, role: &Role) -> Verdict {
        match role {
            Role::Multi => {
                self.in_multi = true;
                return Verdict::Pass;
            }
            Role::Exec | Role::Discard | Role::Reset => {
                self.in_multi = false;
                let is_spoilt = std::mem::take(&mut self.is_spoilt);
                if is_spoilt && *role == Role::Exec {
                    let text = "-EXECABORT Transaction discarded because of previous errors.";
                    return Verdict::Abort(text.to_owned());
                }
                return Verdict::Pass;
            }
            // What follows on such a connection could not be judged.
            Role::Replication => return self.refuse("replication does not pass where the contract is enforced"),
            _ => {}
        }
        match (self.gate)(call) {
            Some(reason) => self.refuse(&reason),
            None => Verdict::Pass,
        }
    }

    fn refuse(&mut self, reason: &str) -> Verdict {
        self.is_spoilt = self.in_multi;
        // An error is one line.
        Verdict::Refuse(format!("-KEYWIRE {}", reason.replace(['\r', '\n'], " ")))
    }
}
