//! A trained recommender, opened from its file.

use super::neighbors::Neighbors;
use super::rank::Settings;
use super::{FORMAT, KIND};
use crate::model_file::{ModelFile, Slice};
use meschain_base::Result;
use std::path::Path;
use std::sync::Arc;

/// A recommender over a mapped model file. Holds no lists of its own: processes share the pages.
#[derive(Debug, Clone)]
pub struct Recommender {
    file: Arc<ModelFile>,
    pub(super) items: Slice<u64>,
    pub(super) groups: Slice<u64>,
    pub(super) buyers: Slice<u32>,
    pub(super) recent: Slice<f32>,
    pub(super) lift: Slice<f32>,
    repeat_share: Slice<f32>,
    repeat_interval: Slice<f32>,
    pub(super) collaborative: Neighbors,
    /// What a purchase speaks against; files of older libraries have none.
    against: Option<Neighbors>,
    pub(super) content: Neighbors,
    pub(super) together: Neighbors,
    pub(super) settings: Settings,
}

impl Recommender {
    /// Opens and verifies a model file.
    pub fn open(path: &Path) -> Result<Self> {
        Self::of(ModelFile::open(path, KIND, FORMAT)?)
    }

    /// The model in `file`, checked for everything that answering relies on.
    pub fn of(file: Arc<ModelFile>) -> Result<Self> {
        let items: Slice<u64> = file.slice("items")?;
        let n = items.len();
        let settings = file.header().parameters.get("settings").cloned().unwrap_or_default();
        let settings: Settings = serde_json::from_value(settings).map_err(|_| file.corrupt("settings"))?;
        let model = Self {
            groups: file.slice_of("groups", n)?,
            buyers: file.slice_of("buyers", n)?,
            recent: file.slice_of("recent", n)?,
            lift: file.slice_of("lift", n)?,
            repeat_share: file.slice_of("repeat_share", n)?,
            repeat_interval: file.slice_of("repeat_interval", n)?,
            collaborative: Neighbors::read("collaborative", n, &file)?,
            against: Neighbors::read_if_there("against", n, &file)?,
            content: Neighbors::read("content", n, &file)?,
            together: Neighbors::read("together", n, &file)?,
            settings,
            items,
            file,
        };
        let numbers = [&model.recent, &model.lift, &model.repeat_share, &model.repeat_interval];
        let sound = model.settings.is_sound()
            && model.items.is_sorted()
            && numbers.iter().all(|slice| slice.iter().all(|number| number.is_finite()));
        if sound { Ok(model) } else { Err(model.file.corrupt("items")) }
    }

    /// The file it reads from.
    pub fn file(&self) -> &Arc<ModelFile> {
        &self.file
    }

    /// The place of a product, if the model knows it.
    pub(super) fn place(&self, item: u64) -> Option<u32> {
        self.items.binary_search(&item).ok().map(|place| place as u32)
    }

    /// The product at a place.
    pub(super) fn item(&self, place: u32) -> Option<u64> {
        self.items.get(place as usize).copied()
    }

    /// What a purchase speaks against, and how strongly.
    pub(super) fn against(&self, place: u32) -> impl Iterator<Item = (u32, f32)> {
        self.against.iter().flat_map(move |lists| lists.of(place))
    }

    /// Customers who bought a product.
    pub(super) fn buyers_of(&self, place: u32) -> u32 {
        self.buyers.get(place as usize).copied().unwrap_or(0)
    }

    /// A product's repeat share and interval in days.
    pub(super) fn habits(&self, place: u32) -> Option<(f32, f32)> {
        Some((*self.repeat_share.get(place as usize)?, *self.repeat_interval.get(place as usize)?))
    }
}
