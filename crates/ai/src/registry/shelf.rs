//! The model files of a shop on this node: `<data_dir>/models/shop-<16 hex>/<kind>/<version>.model` with a card beside each, and `current.json`,
//! which says which one serves, and which served before. Publishing is one rename, so a page sees the old model or the new one.

use super::{Card, Kind};
use crate::model_file::ModelFile;
use meschain_base::{Error, Result, Settings, atomic_file};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

const CURRENT: &str = "current.json";
/// A card is small; anything larger is not one of ours.
const LARGEST_CARD: u64 = 1 << 20;
/// Versions that `current.json` remembers to have served before.
const REMEMBERED: usize = 50;

/// The shelf of one shop.
#[derive(Debug, Clone)]
pub struct Shelf {
    root: PathBuf,
}

/// What `current.json` holds.
#[derive(Serialize, Deserialize)]
struct Serving {
    #[serde(flatten)]
    card: Card,
    /// Versions to go back to, the latest first; what was rolled back is not among them. `None` where an earlier library wrote the file.
    #[serde(default)]
    before: Option<Vec<String>>,
}

/// Held while a model is trained; one training of a kind at a time on a node.
pub struct TrainingLock(#[expect(dead_code, reason = "dropping the file releases the lock")] File);

impl Shelf {
    /// The shop's shelf under the data folder. Opens nothing.
    pub fn new(settings: &Settings) -> Result<Self> {
        Ok(Self { root: meschain_shop::folder(settings, "models")? })
    }

    fn folder(&self, kind: Kind) -> PathBuf {
        self.root.join(kind.name())
    }

    /// Where the file of a card lies.
    pub fn path(&self, card: &Card) -> PathBuf {
        self.folder(card.kind).join(&card.file)
    }

    /// Where a second file that serves with a card's lies.
    pub fn companion(&self, card: &Card, word: &str) -> PathBuf {
        self.folder(card.kind).join(format!("{}.{word}.model", card.version))
    }

    /// The model and its companions, as far as they are there.
    pub fn files(&self, card: &Card) -> Vec<PathBuf> {
        let prefix = format!("{}.", card.version);
        let entries = fs::read_dir(self.folder(card.kind)).into_iter().flatten().flatten();
        let is_file = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(&prefix) && name.ends_with(".model")
        };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_file).collect();
        files.sort();
        files
    }

    /// Where a file of a version that comes from elsewhere goes. A name that is not one of that version's is refused.
    pub fn place(&self, card: &Card, name: &str) -> Result<PathBuf> {
        let folder = self.folder(card.kind);
        let plain = |name: &str| Path::new(name).file_name().is_some_and(|file| file == name);
        let own = name.starts_with(&format!("{}.", card.version)) && name.ends_with(".model");
        if !plain(name) || !plain(&card.version) || !plain(&card.file) || !own {
            return Err(Error::corrupt(&folder, "a name that is no model file's"));
        }
        atomic_file::create_private_dir(&folder)?;
        Ok(folder.join(name))
    }

    /// The file that says what serves; its identity and time change with every publication.
    pub fn pointer(&self, kind: Kind) -> PathBuf {
        self.folder(kind).join(CURRENT)
    }

    /// The card of the model that serves, if there is one.
    pub fn current(&self, kind: Kind) -> Result<Option<Card>> {
        Ok(self.serving(kind)?.map(|serving| serving.card))
    }

    /// The cards to go back to from the current model, the latest first: what served before, without what was rolled back; all but
    /// the current one, the newest first, where nobody wrote down what did.
    pub fn before(&self, kind: Kind) -> Result<Vec<Card>> {
        let mut kept = self.history(kind)?;
        let Ok(Some(Serving { card, before })) = self.serving(kind) else { return Ok(kept) };
        kept.retain(|one| one.version != card.version);
        let Some(before) = before else { return Ok(kept) };
        let place = |card: &Card| before.iter().position(|version| *version == card.version);
        kept.retain(|card| place(card).is_some());
        kept.sort_by_key(place);
        Ok(kept)
    }

    fn serving(&self, kind: Kind) -> Result<Option<Serving>> {
        let path = self.pointer(kind);
        let serving: Option<Serving> = read(&path)?;
        serving.map(|serving| fits(&serving.card, kind, &path).map(|()| serving)).transpose()
    }

    /// All cards, newest first.
    pub fn history(&self, kind: Kind) -> Result<Vec<Card>> {
        let Ok(entries) = fs::read_dir(self.folder(kind)) else { return Ok(Vec::new()) };
        let is_card = |path: &PathBuf| {
            path.extension().is_some_and(|end| end == "json")
                && path.file_name().is_some_and(|name| name != CURRENT)
        };
        let paths = entries.flatten().map(|entry| entry.path()).filter(is_card);
        // A damaged card hides its version; it does not hide the others.
        let mut cards: Vec<Card> = paths.filter_map(|path| read_card(&path, kind).ok().flatten()).collect();
        cards.sort_by(|a, b| b.version.cmp(&a.version));
        Ok(cards)
    }

    /// Makes `card`, whose file must be on the shelf already, the one that serves, after checking the file.
    pub fn publish(&self, card: &Card) -> Result<()> {
        let path = self.path(card);
        let header = ModelFile::inspect(&path)?;
        if header.kind != card.kind.name() {
            return Err(Error::corrupt(&path, format!("holds a {} model", header.kind)));
        }
        // A pointer that is damaged has nothing to remember.
        let before = remembered(self.serving(card.kind).unwrap_or(None), &card.version);
        write(&self.folder(card.kind).join(format!("{}.json", card.version)), card)?;
        write(&self.pointer(card.kind), &Serving { card: card.clone(), before: Some(before) })
    }

    /// Removes all but the `keep` newest versions; the one that serves always stays.
    pub fn prune(&self, kind: Kind, keep: usize) -> Result<()> {
        let serving = self.current(kind)?.map(|card| card.version);
        let old =
            self.history(kind)?.into_iter().skip(keep).filter(|card| Some(&card.version) != serving.as_ref());
        for card in old {
            remove_version(&self.folder(kind), &card.version);
        }
        Ok(())
    }

    /// Takes the right to train a kind on this node, or fails with [`Error::Busy`].
    pub fn lock(&self, kind: Kind) -> Result<TrainingLock> {
        let folder = self.folder(kind);
        atomic_file::create_private_dir(&folder)?;
        let path = folder.join("training.lock");
        let file = File::create(&path).map_err(Error::io(&path, "create"))?;
        file.try_lock().map_err(|_| Error::Busy { what: "training this model" })?;
        Ok(TrainingLock(file))
    }

    /// Whether some process of this node trains this kind now.
    pub fn is_training(&self, kind: Kind) -> bool {
        let file = File::open(self.folder(kind).join("training.lock"));
        file.is_ok_and(|file| file.try_lock_shared().is_err())
    }
}

/// Removes the model, its companions and its card.
fn remove_version(folder: &Path, version: &str) {
    let prefix = format!("{version}.");
    let of_version =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix));
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    for path in entries.filter(of_version) {
        let _ = fs::remove_file(path);
    }
}

/// What is there to go back to from `version`, which follows `serving`: back from there, where it is a return.
fn remembered(serving: Option<Serving>, version: &str) -> Vec<String> {
    let Some(Serving { card, before }) = serving else { return Vec::new() };
    let line: Vec<String> = std::iter::once(card.version).chain(before.into_iter().flatten()).collect();
    let from = line.iter().position(|known| known == version).map_or(0, |at| at + 1);
    line.into_iter().skip(from).take(REMEMBERED).collect()
}

fn read_card(path: &Path, kind: Kind) -> Result<Option<Card>> {
    let card: Option<Card> = read(path)?;
    card.map(|card| fits(&card, kind, path).map(|()| card)).transpose()
}

fn fits(card: &Card, kind: Kind, path: &Path) -> Result<()> {
    let plain = Path::new(&card.file).file_name().is_some_and(|name| name == card.file.as_str());
    if card.kind == kind && plain { Ok(()) } else { Err(Error::corrupt(path, "names another model")) }
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let Ok(metadata) = fs::metadata(path) else { return Ok(None) };
    if metadata.len() > LARGEST_CARD {
        return Err(Error::corrupt(path, "too large for a model card"));
    }
    let text = fs::read(path).map_err(Error::io(path, "read"))?;
    serde_json::from_slice(&text).map(Some).map_err(|error| Error::corrupt(path, error.to_string()))
}

fn write(path: &Path, card: &impl Serialize) -> Result<()> {
    let text = serde_json::to_vec_pretty(card)
        .map_err(|error| Error::internal("a model card", error.to_string()))?;
    atomic_file::write(path, |out| out.write_all(&text).map_err(Error::io(path, "write")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model_file::{Header, ModelWriter};
    use indexmap::IndexMap;

    fn shelf() -> (tempfile::TempDir, Shelf) {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { data_dir: Some(folder.path().to_path_buf()), ..Settings::default() };
        let shelf = Shelf::new(&settings).unwrap();
        (folder, shelf)
    }

    fn trained(shelf: &Shelf, kind: Kind, version: &str) -> Card {
        let header = Header {
            kind: kind.name().to_owned(),
            format: 1,
            created: String::new(),
            seed: 1,
            training_size: 1,
            metrics: IndexMap::new(),
            parameters: serde_json::Value::Null,
        };
        let card = Card::bare(kind, version);
        ModelWriter::new(header).unwrap().write(&shelf.path(&card)).unwrap();
        card
    }

    #[test]
    fn the_last_published_serves_and_any_kept_one_can_come_back() {
        let (_folder, shelf) = shelf();
        assert_eq!(shelf.current(Kind::Pricing).unwrap(), None);
        let (first, second) = (trained(&shelf, Kind::Pricing, "1"), trained(&shelf, Kind::Pricing, "2"));
        shelf.publish(&first).unwrap();
        shelf.publish(&second).unwrap();
        assert_eq!(shelf.current(Kind::Pricing).unwrap(), Some(second.clone()));
        shelf.publish(&first).unwrap();
        assert_eq!(shelf.current(Kind::Pricing).unwrap(), Some(first.clone()));
        assert_eq!(shelf.history(Kind::Pricing).unwrap(), vec![second, first]);
    }

    #[test]
    fn what_was_rolled_back_is_nothing_to_go_back_to() {
        let (_folder, shelf) = shelf();
        let cards: Vec<_> = ["1", "2", "3", "4"].iter().map(|v| trained(&shelf, Kind::Pricing, v)).collect();
        let before = || -> Vec<String> {
            shelf.before(Kind::Pricing).unwrap().into_iter().map(|card| card.version).collect()
        };
        let publish = |version: usize| shelf.publish(&cards[version - 1]).unwrap();
        publish(1);
        assert!(before().is_empty());
        publish(2);
        publish(3);
        assert_eq!(before(), ["2", "1"]);
        publish(2);
        assert_eq!(before(), ["1"], "3 was rolled back");
        publish(2);
        assert_eq!(before(), ["1"]);
        publish(4);
        assert_eq!(before(), ["2", "1"]);
        publish(3);
        assert_eq!(before(), ["4", "2", "1"], "a person wants it after all");
        fs::write(shelf.pointer(Kind::Pricing), b"torn").unwrap();
        assert_eq!(before(), ["4", "3", "2", "1"], "nobody knows");
        publish(4);
        assert!(before().is_empty());
    }

    #[test]
    fn a_damaged_file_does_not_replace_the_model_that_serves() {
        let (_folder, shelf) = shelf();
        let good = trained(&shelf, Kind::Pricing, "1");
        shelf.publish(&good).unwrap();
        let bad = trained(&shelf, Kind::Pricing, "2");
        fs::write(shelf.path(&bad), b"torn").unwrap();
        assert!(shelf.publish(&bad).is_err());
        let other = Card { kind: Kind::Pricing, ..trained(&shelf, Kind::Forecasting, "3") };
        assert!(shelf.publish(&other).is_err());
        assert_eq!(shelf.current(Kind::Pricing).unwrap(), Some(good));
    }

    #[test]
    fn pruning_keeps_the_newest_and_the_one_that_serves() {
        let (_folder, shelf) = shelf();
        let cards: Vec<_> = ["1", "2", "3", "4"].iter().map(|v| trained(&shelf, Kind::Pricing, v)).collect();
        cards.iter().for_each(|card| shelf.publish(card).unwrap());
        shelf.publish(&cards[0]).unwrap();
        shelf.prune(Kind::Pricing, 2).unwrap();
        let kept: Vec<_> =
            shelf.history(Kind::Pricing).unwrap().into_iter().map(|card| card.version).collect();
        assert_eq!(kept, ["4", "3", "1"]);
        assert!(!shelf.path(&cards[1]).exists());
    }

    #[test]
    fn one_training_of_a_kind_at_a_time() {
        let (_folder, shelf) = shelf();
        assert!(!shelf.is_training(Kind::Pricing));
        let held = shelf.lock(Kind::Pricing).unwrap();
        assert!(shelf.is_training(Kind::Pricing));
        assert!(matches!(shelf.lock(Kind::Pricing), Err(Error::Busy { .. })));
        assert!(shelf.lock(Kind::Forecasting).is_ok());
        drop(held);
        assert!(shelf.lock(Kind::Pricing).is_ok());
    }

    #[test]
    fn a_card_cannot_point_out_of_its_folder() {
        let (_folder, shelf) = shelf();
        let card = Card { file: "../../etc/passwd".to_owned(), ..trained(&shelf, Kind::Pricing, "1") };
        write(&shelf.pointer(Kind::Pricing), &card).unwrap();
        assert!(matches!(shelf.current(Kind::Pricing), Err(Error::Corrupt { .. })));
    }
}
