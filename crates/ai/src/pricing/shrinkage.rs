//! How strongly products are drawn to their category, and categories to the store.

use super::fit::Within;
use super::linear::{Gram, dot};

/// Bounds of the evidence, in weeks, that a product's category (or a category's store) carries. The lower one was chosen on training rows
/// (five rolling origins, with all history and with eight weeks); the optimum is flat from 20 to 50. The upper one is of covariates.
const PSEUDO_WEEKS: (f64, f64) = (20.0, 100.0);
/// Elasticities of a category's products are never taken to be more alike than this variance, a standard deviation of 0.45: what a shop says of
/// it is rough. A bound in weeks would hold weeks with much evidence and weeks with little to the same pull. Chosen on generated shops of
/// other seeds than the measured one: below 0.1 intervals are too narrow, above 0.25 slow shops' elasticities scatter more than the true ones.
const LEAST_SPREAD: f64 = 0.2;
/// Past prices act alike in all products unless the data says otherwise: the most weeks that the category carries for them.
/// Chosen on training rows and on generated shops of other seeds than the measured one; flat from 60 to 1,000.
const PAST_PSEUDO_WEEKS: f64 = 240.0;
/// What the store knows of past prices before its first week, as so many weeks that say they do not matter: a few products with a few weeks
/// each would otherwise read the noise of their promotions into them. Chosen as [`PSEUDO_WEEKS`] was; flat from 100 to 1,000.
const STORE_PAST_WEEKS: f64 = 100.0;
/// Weeks repeat one another: this share of them counts as fresh evidence of how alike products are.
const FRESH: f64 = 0.5;

/// Minimiser of the squares plus the prior's pull.
pub(super) fn posterior(within: &Within, prior: &Gram, towards: &[f64]) -> Option<Vec<f64>> {
    let right: Vec<f64> =
        within.right.iter().zip(prior.times(towards)).map(|(own, pull)| own + pull).collect();
    within.gram.plus(prior).solve(&right)
}

pub(super) fn pooled<'a>(parts: impl Iterator<Item = &'a Within>, size: usize) -> Within {
    let zero =
        Within { gram: Gram::zero(size), right: vec![0.0; size], squares: 0.0, weight: 0.0, weeks: 0.0 };
    parts.fold(zero, |mut sum, part| {
        sum.gram = sum.gram.plus(&part.gram);
        sum.right.iter_mut().zip(&part.right).for_each(|(a, b)| *a += b);
        sum.squares += part.squares;
        sum.weight += part.weight;
        sum.weeks += part.weeks;
        sum
    })
}

/// The store's own prior: [`STORE_PAST_WEEKS`] for the last `past` coefficients; for the others a ridge that only keeps the system solvable
/// when a covariate never moves.
pub(super) fn store_prior(all: &Within, past: usize) -> Gram {
    let diagonals = all.gram.diagonals();
    let first_past = diagonals.len() - past.min(diagonals.len());
    let pull = |(at, diagonal): (usize, &f64)| {
        let weeks = if at < first_past { 0.0 } else { STORE_PAST_WEEKS / all.weeks.max(1.0) };
        (1e-6 + weeks) * diagonal + 1e-6
    };
    Gram::diagonal(&diagonals.iter().enumerate().map(pull).collect::<Vec<_>>())
}

/// For each coefficient, how many weeks of data the category is worth: noise over the variance between products, both
/// for the evidence of one average week.
pub(super) fn pseudo_weeks(within: &[Within], store: &[f64], noise: f64, past: usize) -> Vec<f64> {
    let mut result = Vec::with_capacity(store.len());
    for at in 0..store.len() {
        let most = if at + past < store.len() { PSEUDO_WEEKS.1 } else { PAST_PSEUDO_WEEKS };
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
        result.push(match at {
            // The elasticity comes first.
            0 if week > 0.0 => (1.0 / (between.max(LEAST_SPREAD) * week)).max(PSEUDO_WEEKS.0),
            _ if between > 0.0 && week > 0.0 => (1.0 / (between * week)).clamp(PSEUDO_WEEKS.0, most),
            _ => most,
        });
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(weeks: f64) -> Within {
        // What the weeks themselves say of both coefficients: 1 each.
        let gram = Gram::diagonal(&[weeks, weeks]);
        Within { right: vec![weeks, weeks], gram, squares: 0.0, weight: weeks, weeks }
    }

    #[test]
    fn few_weeks_say_little_of_past_prices_and_all_of_the_price() {
        let found = |weeks: f64, past: usize| {
            let all = evidence(weeks);
            all.gram.plus(&store_prior(&all, past)).solve(&all.right).unwrap()
        };
        let few = found(50.0, 1);
        assert!((few[0] - 1.0).abs() < 1e-3 && (few[1] - 1.0 / 3.0).abs() < 1e-3, "{few:?}");
        assert!(found(10_000.0, 1)[1] > 0.98);
        assert!(found(50.0, 0)[1] > 0.999);
    }
}
