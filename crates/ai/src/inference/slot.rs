//! One loaded model that follows the shelf: replaced when another version is published, kept when the new one is bad.

use crate::registry::{Card, Kind, Shelf};
use meschain_base::{Error, Result};
use parking_lot::Mutex;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;

/// Identity of the pointer file; a new publication is a new file.
type Stamp = (u64, i64, i64);

struct State<T> {
    seen: Option<Stamp>,
    loaded: Option<(Card, Arc<T>)>,
}

/// A model of one kind in this process. Looking whether it is still the right one costs one `stat`.
pub struct Slot<T> {
    kind: Kind,
    state: Mutex<State<T>>,
}

impl<T> Slot<T> {
    /// Nothing loaded yet.
    pub fn new(kind: Kind) -> Self {
        Self { kind, state: Mutex::new(State { seen: None, loaded: None }) }
    }

    /// The model that serves; `None` when none was ever published. A model that does not open leaves the last good one
    /// in place, and is not tried again until the next publication.
    pub fn get(
        &self,
        shelf: &Shelf,
        open: impl FnOnce(&Card) -> Result<T>,
    ) -> Result<Option<(Card, Arc<T>)>> {
        let stamp = fs::metadata(shelf.pointer(self.kind))
            .ok()
            .map(|data| (data.ino(), data.mtime(), data.mtime_nsec()));
        let mut state = self.state.lock();
        if stamp.is_some() && stamp != state.seen {
            match load(shelf, self.kind, open) {
                Ok(loaded) => *state = State { seen: stamp, loaded },
                Err(error) if state.loaded.is_none() => return Err(error),
                Err(_) => state.seen = stamp,
            }
        }
        Ok(state.loaded.clone())
    }
}

fn load<T>(
    shelf: &Shelf,
    kind: Kind,
    open: impl FnOnce(&Card) -> Result<T>,
) -> Result<Option<(Card, Arc<T>)>> {
    let Some(card) = shelf.current(kind)? else { return Ok(None) };
    let model = open(&card)?;
    Ok(Some((card, Arc::new(model))))
}

/// Whether an error means that the model is unusable rather than absent.
pub fn is_refused(error: &Error) -> bool {
    matches!(error, Error::Corrupt { .. } | Error::Io { .. })
}
