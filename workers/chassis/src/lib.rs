//! What every worker stands on, whatever it publishes.
//!
//! - [`bus`]: the connection to a Redis deployment, which comes back by itself, and what its failures ask of a worker
//! - [`ticker`]: when to work; knows nothing of the work
//! - [`contract`]: which contract is live on the bus
//! - [`program`]: help, exit codes and what else all programs say alike
//! - [`printed`]: commands as lines for people
//! - [`health`]: is it alive and ready, and its metrics, for operators
//! - [`settings`]: where texts of config variables come from
//! - [`logs`]: lines for people, or JSON
//! - [`stop`]: the word that it is time to end
//!
//! It knows no key and no provider: those are the business of the workers and of their generated wiring.

pub mod bus;
pub mod contract;
pub mod health;
pub mod logs;
pub mod printed;
pub mod program;
pub mod settings;
pub mod stop;
pub mod ticker;
