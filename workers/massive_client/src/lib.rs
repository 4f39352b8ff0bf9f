//! The provider as the workers see it: a client, a record of what it answered, and a mock that answers like it.
//!
//! - [`provider`]: the client of the provider; knows HTTP, not prices
//! - [`capture`]: raw answers of the provider as files; [`playback`]: such files in the place of the provider
//! - [`pacer`]: when the provider may be asked again after a failure
//! - [`hours`]: how often to ask while the market is closed
//! - [`live`]: its WebSocket, of which the newest price of each ticker is taken
//! - [`patience`]: asking again within a time limit
//! - [`time`]: the provider's moments, and those of the pipeline
//! - [`mock`]: a provider on loopback for tests and demonstrations
//!
//! It must not know the bus, nor what workers make of the answers.

pub mod capture;
pub mod hours;
pub mod live;
pub mod mock;
pub mod pacer;
pub mod patience;
pub mod playback;
pub mod provider;
pub mod time;
