//! What terms add to the logarithm of a price.

use super::Terms;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// By marketplace, customer group, quantity and options; terms that are not there add nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "Vec<Effect>", from = "Vec<Effect>")]
pub struct Effects(BTreeMap<(usize, u16), f64>);

/// One of them, as it stands in a model's header.
#[derive(Serialize, Deserialize)]
struct Effect {
    /// 0 marketplace, 1 customer group, 2 power of two below the quantity.
    terms: usize,
    value: u16,
    effect: f64,
}

impl Effects {
    pub(super) fn set(&mut self, which: usize, value: u16, effect: f64) {
        self.0.insert((which, value), effect);
    }

    pub(super) fn of(&self, terms: &Terms) -> f64 {
        let of = |(which, value): (usize, u16)| self.0.get(&(which, value));
        terms.0.into_iter().enumerate().filter_map(of).sum()
    }
}

impl From<Effects> for Vec<Effect> {
    fn from(effects: Effects) -> Self {
        effects.0.into_iter().map(|((terms, value), effect)| Effect { terms, value, effect }).collect()
    }
}

impl From<Vec<Effect>> for Effects {
    fn from(effects: Vec<Effect>) -> Self {
        Self(effects.into_iter().map(|one| ((one.terms, one.value), one.effect)).collect())
    }
}
