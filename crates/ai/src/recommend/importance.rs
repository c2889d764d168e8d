//! What each part of the recommender adds: what NDCG@20, of new products and repeats together, loses on held-out customers when the part is
//! taken away and the rest stays (an ablation).

use super::neighbors::Lists;
use super::rank::Settings;
use super::slice::Slice;
use super::tune::HELD_OUT;
use crate::model_file::{FeatureShare, shares};

/// So long that all purchases count alike.
const FOR_EVER: f32 = 1e6;

impl Slice {
    /// `co_purchase` (against what sells best), `recency` of a customer's purchases, `trend` of the shop, `repeat`, the largest first. What
    /// loses nothing is left out. Texts of new products are not in it: nobody had bought them before the slice.
    pub(super) fn importance(&self, near: &Lists, settings: &Settings) -> Vec<FeatureShare> {
        let score = |near, settings: &Settings| self.score(near, settings, HELD_OUT, true).0;
        let whole = score(Some(near), settings);
        let without = [
            ("co_purchase", score(None, settings)),
            ("recency", score(Some(near), &Settings { history_days: FOR_EVER, ..*settings })),
            ("trend", score(Some(near), &Settings { trend_power: 0.0, ..*settings })),
            ("repeat", score(Some(near), &Settings { repeat_weight: 0.0, ..*settings })),
        ];
        shares(without.map(|(part, ndcg)| (part, whole - ndcg)))
    }
}
