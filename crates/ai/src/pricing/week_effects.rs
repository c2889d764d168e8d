//! What products share in a week: the store's season and campaigns, and what a category does beside the store.

use super::fit::Product;
use indexmap::IndexMap;

/// Average product weeks that the effect of a store's week is drawn to nothing by.
const PSEUDO: f64 = 5.0;
/// Fewest products of a category whose weeks are looked at: of fewer, a week's effect is hardly more than the product's own price.
const FEWEST: usize = 8;
/// By how many standard errors categories must differ from the store.
const SURE: f64 = 3.0;

/// Weeks that are looked at, at most: the newest twenty years.
const MOST_WEEKS: i32 = 1_040;

/// Logarithms by week.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct WeekEffects {
    /// The week that all begin with.
    first: i32,
    store: Vec<f64>,
    /// Of categories whose products share more than the store does: the store's and their own together.
    categories: IndexMap<u64, Vec<f64>>,
}

/// Those of one category.
#[derive(Debug, Clone, Copy)]
pub(super) struct OfCategory<'a> {
    first: i32,
    effects: &'a [f64],
}

impl OfCategory<'_> {
    /// 0 in a week that was not seen.
    pub(super) fn at(self, week: i32) -> f64 {
        place(week, self.first).and_then(|at| self.effects.get(at)).copied().unwrap_or(0.0)
    }
}

fn place(week: i32, first: i32) -> Option<usize> {
    usize::try_from(week.checked_sub(first)?).ok()
}

/// Residuals of a week.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    sum: f64,
    weight: f64,
    squares: f64,
    count: f64,
}

impl Cell {
    fn add(&mut self, value: f64, weight: f64) {
        self.sum += weight * value;
        self.weight += weight;
        self.squares += weight * value * value;
        self.count += 1.0;
    }

    fn mean(&self) -> f64 {
        self.sum / self.weight.max(1e-12)
    }
}

impl WeekEffects {
    /// What a category's products share.
    pub(super) fn of_category(&self, group: u64) -> OfCategory<'_> {
        OfCategory { first: self.first, effects: self.categories.get(&group).unwrap_or(&self.store) }
    }

    /// Of what the coefficients leave over. The store's weeks have a mean of zero.
    pub(super) fn of(products: &[Product], dispersion: f64) -> Self {
        let weeks = || products.iter().flat_map(|product| &product.weeks).copied();
        let Some((oldest, newest)) = weeks().min().zip(weeks().max()) else { return Self::default() };
        let first = oldest.max(newest.saturating_sub(MOST_WEEKS - 1));
        let count = place(newest, first).map_or(0, |last| last + 1);
        let store = of_store(products, (first, count), dispersion);
        let categories = of_categories(products, (first, &store), dispersion);
        Self { first, store, categories }
    }
}

fn of_store(products: &[Product], (first, count): (i32, usize), dispersion: f64) -> Vec<f64> {
    let mut cells = vec![Cell::default(); count];
    for (week, left, weight) in products.iter().flat_map(|product| product.residuals(dispersion)) {
        if let Some(cell) = place(week, first).and_then(|at| cells.get_mut(at)) {
            cell.add(left, weight);
        }
    }
    let (weight, count) =
        cells.iter().fold((0.0, 0.0), |(weight, count), cell| (weight + cell.weight, count + cell.count));
    let pseudo = PSEUDO * weight / f64::max(count, 1.0);
    let effect = |cell: &Cell| cell.sum / (cell.weight + pseudo).max(1e-12);
    let known = || cells.iter().filter(|cell| cell.count > 0.0);
    let mean = known().map(effect).sum::<f64>() / known().count().max(1) as f64;
    cells.iter().map(|cell| if cell.count > 0.0 { effect(cell) - mean } else { 0.0 }).collect()
}

/// Random effects of a category's weeks beside the store's, drawn to nothing as far as they scatter by chance (method of moments); none where
/// the weeks of categories differ no more than that.
fn of_categories(
    products: &[Product],
    (first, store): (i32, &[f64]),
    dispersion: f64,
) -> IndexMap<u64, Vec<f64>> {
    let mut sizes: IndexMap<u64, usize> = IndexMap::new();
    products.iter().for_each(|product| *sizes.entry(product.group).or_default() += 1);
    let mut cells: IndexMap<u64, Vec<Cell>> = IndexMap::new();
    for product in products.iter().filter(|one| sizes.get(&one.group).is_some_and(|size| *size >= FEWEST)) {
        let weeks = cells.entry(product.group).or_insert_with(|| vec![Cell::default(); store.len()]);
        for (week, left, weight) in product.residuals(dispersion) {
            let at = place(week, first);
            if let Some((cell, effect)) = at.and_then(|at| Some((weeks.get_mut(at)?, store.get(at)?))) {
                cell.add(left - effect, weight);
            }
        }
    }
    let Some(pull) = pull(cells.values().flatten()) else { return IndexMap::new() };
    let together = |weeks: Vec<Cell>| {
        let own = weeks.iter().map(|cell| cell.sum / (cell.weight + pull));
        store.iter().zip(own).map(|(store, own)| store + own).collect()
    };
    cells.into_iter().map(|(group, weeks)| (group, together(weeks))).collect()
}

/// The weight at which a cell's mean counts half: the variance of residuals within cells over that between them. None where cells do not
/// clearly differ.
fn pull<'a>(cells: impl Iterator<Item = &'a Cell>) -> Option<f64> {
    let (mut between, mut within, mut weight, mut freedom, mut count) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for cell in cells.filter(|cell| cell.count > 1.0) {
        let square = cell.weight * cell.mean().powi(2);
        between += square;
        within += cell.squares - square;
        weight += cell.weight;
        freedom += cell.count - 1.0;
        count += 1.0;
    }
    let noise = within / f64::max(freedom, 1.0);
    let differ = between > count * noise * (1.0 + SURE * (2.0 / f64::max(count, 1.0)).sqrt());
    (differ && noise > 0.0).then(|| noise * weight / (between - count * noise))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::price_index::PriceIndex;
    use crate::pricing::tests::normal;
    use crate::pricing::{PriceWeek, ProductHistory};
    use meschain_base::random::seeded;

    const WEEKS: i32 = 60;

    fn season(group: u64, week: i32) -> f64 {
        (f64::from(week) / 8.0 + 3.0 * group as f64).sin()
    }

    /// Products of two categories of `size` that sell about 400 a week, with a season of their category's of this height, in logs.
    fn products(size: u64, height: f64) -> Vec<Product> {
        let mut random = seeded(3, 0);
        let product = |id: u64| {
            let group = 1 + id % 2;
            let week = |week: i32| {
                let log = 6.0 + height * season(group, week) + 0.2 * normal(&mut random);
                PriceWeek { week, units: log.exp().round(), price: 1.0, covariates: Vec::new() }
            };
            let history = ProductHistory { id, group, weeks: (0..WEEKS).map(week).collect() };
            let mut product = Product::new(&history, 1, 0, &PriceIndex::default());
            product.level = 6.0;
            product
        };
        (0..2 * size).map(product).collect()
    }

    #[test]
    fn a_season_of_a_category_is_told_from_the_stores() {
        let found = WeekEffects::of(&products(12, 0.5), 0.04);
        for week in [5, 25, 50] {
            let apart = season(1, week) - season(2, week);
            let between = found.of_category(1).at(week) - found.of_category(2).at(week);
            assert!((between - 0.5 * apart).abs() < 0.2, "{week}: {between} for {}", 0.5 * apart);
        }
        assert_eq!(found.of_category(1).at(WEEKS), 0.0, "a week that was not seen");
    }

    #[test]
    fn categories_without_a_season_and_small_ones_have_none() {
        for (size, height) in [(12, 0.0), (FEWEST as u64 - 1, 0.5)] {
            assert!(WeekEffects::of(&products(size, height), 0.04).categories.is_empty(), "{size} {height}");
        }
    }
}
