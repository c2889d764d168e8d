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
    /// in place, or at the start of a process the newest kept version that opens, and is not tried again until the next
    /// publication.
    pub fn get(&self, shelf: &Shelf, open: impl Fn(&Card) -> Result<T>) -> Result<Option<(Card, Arc<T>)>> {
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

fn load<T>(shelf: &Shelf, kind: Kind, open: impl Fn(&Card) -> Result<T>) -> Result<Option<(Card, Arc<T>)>> {
    let current = shelf.current(kind).and_then(|card| card.map(|card| opened(card, &open)).transpose());
    let Err(error) = current else { return current };
    // A process that starts with a bad file goes on with the newest version that opens.
    let good = shelf.history(kind)?.into_iter().find_map(|card| opened(card, &open).ok());
    good.map(Some).ok_or(error)
}

fn opened<T>(card: Card, open: impl Fn(&Card) -> Result<T>) -> Result<(Card, Arc<T>)> {
    let model = open(&card)?;
    Ok((card, Arc::new(model)))
}

/// Whether an error means that the model is unusable rather than absent.
pub fn is_refused(error: &Error) -> bool {
    matches!(error, Error::Corrupt { .. } | Error::Io { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_base::Settings;

    fn card(version: &str) -> Card {
        Card::bare(Kind::Pricing, version)
    }

    fn shelf_with(versions: &[&str]) -> (tempfile::TempDir, Shelf) {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { data_dir: Some(folder.path().to_path_buf()), ..Settings::default() };
        let shelf = Shelf::new(&settings).unwrap();
        let models = folder.path().join("models/pricing");
        fs::create_dir_all(&models).unwrap();
        for version in versions {
            let text = serde_json::to_vec(&card(version)).unwrap();
            fs::write(models.join(format!("{version}.json")), &text).unwrap();
            fs::write(models.join("current.json"), &text).unwrap();
        }
        (folder, shelf)
    }

    #[test]
    fn a_process_that_starts_with_a_bad_file_serves_the_newest_good_one() {
        let (_folder, shelf) = shelf_with(&["1", "2", "3"]);
        let open = |card: &Card| {
            if card.version == "3" {
                Err(Error::corrupt(&shelf.path(card), "torn"))
            } else {
                Ok(card.version.clone())
            }
        };
        let slot = Slot::new(Kind::Pricing);
        let (served, model) = slot.get(&shelf, open).unwrap().unwrap();
        assert_eq!((served.version.as_str(), model.as_str()), ("2", "2"));
        let none: Slot<String> = Slot::new(Kind::Pricing);
        assert!(none.get(&shelf, |card| Err(Error::corrupt(&shelf.path(card), "torn"))).is_err());
    }
}
