//! What every MesChain crate stands on: settings, the error type, clock and randomness, secrets, exact money,
//! progress, bounded buffers and words that processes share. Knows no PHP and no database.

pub mod atomic_file;
pub mod bounded;
pub mod clock;
pub mod error;
pub mod keys;
pub mod money;
pub mod progress;
pub mod random;
pub mod region;
pub mod ring;
pub mod secret;
pub mod settings;

pub use clock::{Clock, FixedClock, SystemClock};
pub use error::{DatabaseFault, Error, Result};
pub use money::Money;
pub use progress::Progress;
pub use region::Region;
pub use ring::Ring;
pub use secret::Secret;
pub use settings::Settings;
