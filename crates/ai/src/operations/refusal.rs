//! Why the model that should serve does not: its file is refused by this version of the library.

use crate::inference::models;
use crate::model_file::ModelFile;
use crate::registry::{Kind, Shelf};
use meschain_base::Error;

/// What is wrong with the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// Torn, altered, gone, or its card is.
    Damaged(Error),
    /// Of a format before ours: the library was upgraded since.
    Older(u32),
    /// Of a format after ours: another node is ahead of this one.
    Newer(u32),
}

impl Refusal {
    /// Whether a training helps. What a newer library wrote must not be trained away by an older one: the two would take turns.
    pub fn calls_for_training(&self) -> bool {
        !matches!(self, Self::Newer(_))
    }
}

/// Reads the files of the model that serves through. `None` when they open, or when nothing was ever published.
pub fn refusal(shelf: &Shelf, kind: Kind) -> Option<Refusal> {
    let card = match shelf.current(kind) {
        Ok(card) => card?,
        Err(error) => return Some(Refusal::Damaged(error)),
    };
    let error = models::opens(shelf, &card).err()?;
    // A file that is whole and of this kind, but of another format.
    let format = ModelFile::inspect(&shelf.path(&card)).ok().filter(|header| header.kind == kind.name());
    Some(match format.map(|header| header.format) {
        Some(format) if format < kind.format() => Refusal::Older(format),
        Some(format) if format > kind.format() => Refusal::Newer(format),
        _ => Refusal::Damaged(error),
    })
}

/// The kinds whose file calls for a training.
pub fn to_train(shelf: &Shelf) -> Vec<Kind> {
    let calls = |kind: &Kind| refusal(shelf, *kind).is_some_and(|refusal| refusal.calls_for_training());
    Kind::ALL.into_iter().filter(calls).collect()
}
