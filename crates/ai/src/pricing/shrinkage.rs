//! How strongly products are drawn to their category, and categories to the store.

use super::hierarchy::Priors;
use super::linear::{Gram, dot};
use super::spread::Spread;
use super::within::Within;

/// Bounds of the evidence, in weeks, that a product's category (or a category's store) carries. The lower one was chosen on training rows
/// (five rolling origins, with all history and with eight weeks); the optimum is flat from 20 to 50. The upper one is of covariates.
const PSEUDO_WEEKS: (f64, f64) = (20.0, 100.0);
/// So many weeks of all products raise that upper bound by one, to this at most: of few weeks, covariates that act alike in all products are not
/// told from such that seem to.
const WEEKS_OF_ONE: f64 = 50.0;
const MOST_PSEUDO_WEEKS: f64 = 1_000.0;
/// Elasticities of a category's products are never taken to be more alike than this variance, a standard deviation of a quarter: curves of demand
/// are rough, which no spread says. Chosen on generated shops whose products are alike: from 0.09 on intervals are too wide.
const LEAST_SPREAD: f64 = 0.06;
/// Past prices act alike in all products unless the data says otherwise: the most weeks that the category carries for them.
/// Chosen on training rows and on generated shops of other seeds than the measured one; flat from 60 to 1,000.
const PAST_PSEUDO_WEEKS: f64 = 240.0;
/// What the store knows of past prices before its first week, as so many weeks that say they do not matter: a few products with a few weeks
/// each would otherwise read the noise of their promotions into them. Chosen as [`PSEUDO_WEEKS`] was; flat from 100 to 1,000.
const STORE_PAST_WEEKS: f64 = 100.0;
/// A coefficient that is everybody's, whatever a product's weeks seem to say.
const ALIKE_WEEKS: f64 = 3_000.0;
/// Weeks repeat one another: this share of them counts as fresh evidence of how alike products are.
const FRESH: f64 = 0.5;

/// How strongly.
#[derive(Debug, Clone)]
pub(super) struct Pull {
    /// For each coefficient, how many weeks of data the category is worth.
    pub weeks: Vec<f64>,
    /// Of elasticities.
    pub spread: Spread,
}

impl Pull {
    pub(super) fn none(size: usize) -> Self {
        Self { weeks: vec![1.0; size], spread: Spread::default() }
    }

    /// With the coefficients at these places the same for all products.
    pub(super) fn alike(mut self, places: &[usize]) -> Self {
        for at in places {
            self.weeks.get_mut(*at).into_iter().for_each(|weeks| *weeks = ALIKE_WEEKS);
        }
        self
    }

    /// With the spread of elasticities that was measured, within what is taken for possible; `week` is the evidence of one average week on an
    /// elasticity.
    pub(super) fn with_spread(&mut self, measured: Spread, noise: f64, week: f64) {
        let most = noise / (PSEUDO_WEEKS.0 * week).max(1e-12);
        let products = measured.products.max(LEAST_SPREAD).min(most);
        self.spread = Spread { products, categories: measured.categories.min(most) };
        if let Some(first) = self.weeks.first_mut() {
            *first = (noise / (products * week).max(1e-12)).min(1e6);
        }
    }

    /// The precisions that this makes, at unit noise; elasticities by their spread, the others by weeks.
    pub(super) fn priors(&self, all: &Within, noise: f64, past: usize) -> Priors {
        let others = precisions(all, &self.weeks);
        let with = |variance: f64| {
            let mut prior = others.clone();
            prior.iter_mut().take(1).for_each(|first| *first = noise / variance.max(1e-6));
            prior
        };
        let Spread { products, categories } = self.spread;
        Priors { product: with(products), category: with(categories), store: store_prior(all, past) }
    }
}

/// Precision of so many average weeks, for each coefficient.
pub(super) fn precisions(all: &Within, weeks: &[f64]) -> Vec<f64> {
    let week = all.gram.diagonals().into_iter().map(|evidence| evidence / all.weeks.max(1.0));
    week.zip(weeks).map(|(week, weeks)| (week * weeks).max(1e-9)).collect()
}

/// What all products' weeks say together.
pub(super) fn of_store(all: &Within, past: usize) -> Option<Vec<f64>> {
    precision_of_store(all, past).solve(&all.right)
}

/// What it is solved with.
pub(super) fn precision_of_store(all: &Within, past: usize) -> Gram {
    all.gram.plus(&Gram::diagonal(&store_prior(all, past)))
}

/// The store's own prior: [`STORE_PAST_WEEKS`] for the last `past` coefficients; for the others a ridge that only keeps the system solvable
/// when a covariate never moves.
fn store_prior(all: &Within, past: usize) -> Vec<f64> {
    let diagonals = all.gram.diagonals();
    let first_past = diagonals.len() - past.min(diagonals.len());
    let pull = |(at, diagonal): (usize, &f64)| {
        let weeks = if at < first_past { 0.0 } else { STORE_PAST_WEEKS / all.weeks.max(1.0) };
        (1e-6 + weeks) * diagonal + 1e-6
    };
    diagonals.iter().enumerate().map(pull).collect()
}

/// For each coefficient, how many weeks of data the category is worth: noise over the variance between products, both
/// for the evidence of one average week.
pub(super) fn pseudo_weeks(within: &[Within], store: &[f64], noise: f64, past: usize) -> Vec<f64> {
    let mut result = Vec::with_capacity(store.len());
    let all: f64 = within.iter().map(|one| one.weeks).sum();
    let most_of_covariates = (all / WEEKS_OF_ONE).clamp(PSEUDO_WEEKS.1, MOST_PSEUDO_WEEKS);
    for at in 0..store.len() {
        let most = if at + past < store.len() { most_of_covariates } else { PAST_PSEUDO_WEEKS };
        let (mut excess, mut evidence, mut squares, mut weeks) = (0.0, 0.0, 0.0, 0.0);
        for one in within {
            let diagonal = one.gram.diagonals().get(at).copied().unwrap_or(0.0);
            if diagonal <= 1e-9 || one.weeks < 8.0 {
                continue;
            }
            let pull = one.right.get(at).copied().unwrap_or(0.0)
                - one.gram.rows().nth(at).map_or(0.0, |row| dot(row, store));
            // Deviation of the product's own coefficient, squared and weighted by its precision.
            excess += FRESH * pull * pull / diagonal / noise - 1.0;
            evidence += diagonal / noise;
            squares += (diagonal / noise).powi(2);
            weeks += one.weeks;
        }
        let between = excess / FRESH / (evidence - squares / evidence.max(1e-12)).max(1e-12);
        let week = evidence / weeks.max(1.0);
        let found = if between > 0.0 && week > 0.0 { 1.0 / (between * week) } else { most };
        result.push(found.clamp(PSEUDO_WEEKS.0, most));
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(weeks: f64) -> Within {
        // What the weeks themselves say of both coefficients: 1 each.
        let gram = Gram::diagonal(&[weeks, weeks]);
        Within { right: vec![weeks, weeks], gram, weeks, ..Within::none(2) }
    }

    #[test]
    fn a_covariate_that_acts_alike_in_many_weeks_is_everybody_s() {
        let found = |products: usize| {
            let within = vec![evidence(50.0); products];
            pseudo_weeks(&within, &[1.0, 1.0], 1.0, 0)[1]
        };
        assert_eq!((found(20), found(200), found(2_000)), (100.0, 200.0, 1_000.0));
    }

    #[test]
    fn few_weeks_say_little_of_past_prices_and_all_of_the_price() {
        let found = |weeks: f64, past: usize| of_store(&evidence(weeks), past).unwrap();
        let few = found(50.0, 1);
        assert!((few[0] - 1.0).abs() < 1e-3 && (few[1] - 1.0 / 3.0).abs() < 1e-3, "{few:?}");
        assert!(found(10_000.0, 1)[1] > 0.98);
        assert!(found(50.0, 0)[1] > 0.999);
    }
}
