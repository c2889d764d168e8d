//! The four models of this process.

use super::slot::Slot;
use crate::categorizer::Categorizer;
use crate::forecast::Pool;
use crate::model_file::ModelFile;
use crate::pricing::PriceModel;
use crate::recommend::Recommender;
use crate::registry::{Card, Kind, Shelf};
use crate::training::forecasting::WEEKLY;
use meschain_base::{Result, Settings};
use std::sync::Arc;

/// The forecaster's two pools.
pub struct Pools {
    /// For days.
    pub day: Pool,
    /// For weeks.
    pub week: Pool,
}

/// The models as the shelf has them; each is mapped at first use and follows publications.
pub struct Models {
    shelf: Shelf,
    categorizer: Slot<Categorizer>,
    pools: Slot<Pools>,
    prices: Slot<PriceModel>,
    recommender: Slot<Recommender>,
}

fn open_pools(shelf: &Shelf, card: &Card) -> Result<Pools> {
    let week = Pool::open(&shelf.companion(card, WEEKLY))?;
    Ok(Pools { day: Pool::open(&shelf.path(card))?, week })
}

/// Opens the model of a card, to see whether it does: files whole, of this kind and format, of the shapes they say.
pub fn opens(shelf: &Shelf, card: &Card) -> Result<()> {
    let path = shelf.path(card);
    match card.kind {
        Kind::Categorization => Categorizer::open(&path).map(|_| ()),
        Kind::Pricing => PriceModel::open(&path).map(|_| ()),
        Kind::Forecasting => open_pools(shelf, card).map(|_| ()),
        Kind::Recommendation => Recommender::open(&path).map(|_| ()),
    }
}

/// Whether a file of this kind and format has the shapes it says.
pub(crate) fn fits(file: Arc<ModelFile>, kind: Kind) -> Result<()> {
    match kind {
        Kind::Categorization => Categorizer::of(file).map(|_| ()),
        Kind::Pricing => PriceModel::of(file).map(|_| ()),
        Kind::Forecasting => Pool::of(file).map(|_| ()),
        Kind::Recommendation => Recommender::of(file).map(|_| ()),
    }
}

/// A model with its card.
pub type Serving<T> = Option<(Card, Arc<T>)>;

impl Models {
    /// Loads nothing yet.
    pub fn new(settings: &Settings) -> Result<Self> {
        Ok(Self {
            shelf: Shelf::new(settings)?,
            categorizer: Slot::new(Kind::Categorization),
            pools: Slot::new(Kind::Forecasting),
            prices: Slot::new(Kind::Pricing),
            recommender: Slot::new(Kind::Recommendation),
        })
    }

    /// The version that serves, for the prediction log: `None` without a model that opens.
    pub fn version(&self, kind: Kind) -> Option<String> {
        let card = match kind {
            Kind::Categorization => self.categorizer().ok()??.0,
            Kind::Pricing => self.prices().ok()??.0,
            Kind::Forecasting => self.pools().ok()??.0,
            Kind::Recommendation => self.recommender().ok()??.0,
        };
        Some(card.version)
    }

    /// The shelf they lie on.
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// Which category.
    pub fn categorizer(&self) -> Result<Serving<Categorizer>> {
        self.categorizer.get(&self.shelf, |card| Categorizer::open(&self.shelf.path(card)))
    }

    /// How much will sell.
    pub fn pools(&self) -> Result<Serving<Pools>> {
        self.pools.get(&self.shelf, |card| open_pools(&self.shelf, card))
    }

    /// What price.
    pub fn prices(&self) -> Result<Serving<PriceModel>> {
        self.prices.get(&self.shelf, |card| PriceModel::open(&self.shelf.path(card)))
    }

    /// What goes with it.
    pub fn recommender(&self) -> Result<Serving<Recommender>> {
        self.recommender.get(&self.shelf, |card| Recommender::open(&self.shelf.path(card)))
    }
}
