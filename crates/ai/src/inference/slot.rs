//! One loaded model that follows the shelf: replaced when another version is published, kept when the new one is bad.

use crate::registry::{Card, Kind, Shelf};
use meschain_base::{Error, Result};
use parking_lot::Mutex;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a refusal holds: reading a file through to refuse it again is too dear for every page, and somebody may put it right in place.
const REFUSAL: Duration = Duration::from_secs(10);

/// Identity of the pointer file; a new publication is a new file.
type Stamp = (u64, i64, i64);

struct State<T> {
    seen: Option<Stamp>,
    loaded: Option<(Card, Arc<T>)>,
    /// Why nothing is loaded, and since when.
    refused: Option<(Error, Instant)>,
}

/// A model of one kind in this process. Looking whether it is still the right one costs one `stat`.
pub struct Slot<T> {
    kind: Kind,
    state: Mutex<State<T>>,
}

impl<T> Slot<T> {
    /// Nothing loaded yet.
    pub fn new(kind: Kind) -> Self {
        Self { kind, state: Mutex::new(State { seen: None, loaded: None, refused: None }) }
    }

    /// The model that serves; `None` when none was ever published. A model that does not open leaves the last good one
    /// in place, or at the start of a process the one before it that opens, and is not tried again until the next
    /// publication; where none opens, until ten seconds have passed.
    pub fn get(&self, shelf: &Shelf, open: impl Fn(&Card) -> Result<T>) -> Result<Option<(Card, Arc<T>)>> {
        let stamp = fs::metadata(shelf.pointer(self.kind))
            .ok()
            .map(|data| (data.ino(), data.mtime(), data.mtime_nsec()));
        let mut state = self.state.lock();
        let is_over = state.refused.as_ref().is_some_and(|(_, since)| since.elapsed() >= REFUSAL);
        if stamp.is_some() && (stamp != state.seen || is_over) {
            state.seen = stamp;
            let current =
                shelf.current(self.kind).and_then(|card| card.map(|card| opened(card, &open)).transpose());
            let found = match current {
                Err(error) if state.loaded.is_none() => last_good(shelf, self.kind, &open, error).map(Some),
                current => current,
            };
            match found {
                Ok(loaded) => (state.loaded, state.refused) = (loaded, None),
                Err(error) if state.loaded.is_none() => state.refused = Some((error, Instant::now())),
                Err(_) => {}
            }
        }
        match &state.refused {
            Some((error, _)) => Err(error.clone()),
            None => Ok(state.loaded.clone()),
        }
    }
}

/// A process that starts with a bad file goes on with the last one before it that opens.
fn last_good<T>(
    shelf: &Shelf,
    kind: Kind,
    open: &impl Fn(&Card) -> Result<T>,
    error: Error,
) -> Result<(Card, Arc<T>)> {
    shelf.before(kind)?.into_iter().find_map(|card| opened(card, open).ok()).ok_or(error)
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
    fn a_process_that_starts_with_a_bad_file_serves_the_last_good_one() {
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

    #[test]
    fn a_bad_publication_leaves_what_serves_also_where_a_newer_version_was_rolled_back() {
        let (_folder, shelf) = shelf_with(&["1", "2"]);
        let publish = |version: &str| {
            fs::remove_file(shelf.pointer(Kind::Pricing)).unwrap();
            fs::write(shelf.pointer(Kind::Pricing), serde_json::to_vec(&card(version)).unwrap()).unwrap();
        };
        let open = |card: &Card| match card.version.as_str() {
            "3" => Err(Error::corrupt(&shelf.path(card), "torn")),
            version => Ok(version.to_owned()),
        };
        let slot = Slot::new(Kind::Pricing);
        let serves = || slot.get(&shelf, open).unwrap().unwrap().0.version;
        assert_eq!(serves(), "2");
        for (published, served) in [("1", "1"), ("3", "1"), ("2", "2")] {
            publish(published);
            assert_eq!(serves(), served, "after {published}");
        }
    }

    #[test]
    fn a_refused_file_is_not_read_by_every_call_but_a_publication_is_seen_at_once() {
        let (_folder, shelf) = shelf_with(&["1"]);
        let slot: Slot<String> = Slot::new(Kind::Pricing);
        let reads = std::cell::Cell::new(0);
        let torn = |card: &Card| {
            reads.set(reads.get() + 1);
            Err(Error::corrupt(&shelf.path(card), "torn"))
        };
        let refusals = [slot.get(&shelf, torn).unwrap_err(), slot.get(&shelf, torn).unwrap_err()];
        assert_eq!(refusals[0], refusals[1]);
        assert_eq!(reads.get(), 1, "once, and there is no other");

        fs::remove_file(shelf.pointer(Kind::Pricing)).unwrap();
        fs::write(shelf.pointer(Kind::Pricing), serde_json::to_vec(&card("1")).unwrap()).unwrap();
        let (_, model) = slot.get(&shelf, |card| Ok(card.version.clone())).unwrap().unwrap();
        assert_eq!(model.as_str(), "1");
        assert!(slot.get(&shelf, torn).is_ok());
    }
}
