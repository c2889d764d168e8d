//! Weights of the candidates, learned over the catalogue.
//!
//! Non-negative weights that minimise the pinball loss of the combined forecast over all series, origins and periods:
//! quantile regression (Koenker and Bassett 1978) by iteratively reweighted least squares, each step a non-negative
//! least squares problem on normal equations solved by coordinate descent. The loss is in units, as the error (WAPE) is.

use super::cases::{Cases, Loss, Normal, ROW};
use super::outlook::COUNT;
use crate::wide::wide;

/// Used where there is no catalogue to learn from: a level that follows slowly, half of it robust.
pub(crate) const DEFAULT: [f64; COUNT] =
    [0.0, 0.1, 0.1, 0.0, 0.25, 0.0, 0.0, 0.05, 0.0, 0.0, 0.1, 0.0, 0.1, 0.2, 0.0, 0.0, 0.1, 0.0, 0.0];

/// Passes of reweighting; the loss moves by little after ten.
const PASSES: usize = 12;

/// Learns the weights at `tau` (0.5: least absolute error; above: forecasts lean up). None when nothing was sold.
pub(crate) fn learn(cases: &Cases, tau: f64) -> Option<[f64; COUNT]> {
    let mean = cases.mean();
    if mean <= 0.0 {
        return None;
    }
    let mut weights: Option<[f64; ROW]> = None;
    for _ in 0..PASSES {
        let loss = Loss { weights: weights.as_ref(), tau, floor: 0.01 * mean };
        let normal = wide(
            #[inline(always)]
            || Normal::sum(cases, loss),
        );
        weights = Some(wide(
            #[inline(always)]
            || solve(&normal, weights),
        ));
    }
    let [_, weights @ ..] = weights?;
    (weights.iter().all(|w| w.is_finite()) && weights.iter().sum::<f64>() > 0.0).then_some(weights)
}

/// Non-negative solution by cyclic coordinate descent, with a small ridge against twins among the candidates.
#[inline(always)]
fn solve(Normal(gram): &Normal, start: Option<[f64; ROW]>) -> [f64; ROW] {
    let mut diagonal = [0.0; ROW];
    for (at, (cell, row)) in diagonal.iter_mut().zip(gram).enumerate().skip(1) {
        *cell = row.get(at).copied().unwrap_or(0.0);
    }
    let ridge = 1e-6 * diagonal.iter().sum::<f64>() / COUNT as f64 + f64::MIN_POSITIVE;
    let mut weights = start.unwrap_or([1.0 / COUNT as f64; ROW]);
    // What the weights leave of the products with what happened.
    let [mut rest, ..] = *gram;
    for (weight, row) in weights.iter().zip(gram).skip(1) {
        rest.iter_mut().zip(row).for_each(|(rest, product)| *rest -= weight * product);
    }
    for _ in 0..400 {
        let mut moved = 0f64;
        for (at, ((weight, row), diagonal)) in weights.iter_mut().zip(gram).zip(&diagonal).enumerate().skip(1)
        {
            let own = rest.get(at).copied().unwrap_or(0.0) + diagonal * *weight;
            let next = if own > 0.0 { own / (diagonal + ridge) } else { 0.0 };
            let step = next - *weight;
            if step != 0.0 {
                moved = moved.max(step.abs());
                *weight = next;
                rest.iter_mut().zip(row).for_each(|(rest, product)| *rest -= step * product);
            }
        }
        if moved < 1e-6 {
            break;
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::outlook::{FLATS, MOVING};
    use meschain_base::random::seeded;
    use rand::RngExt;

    #[test]
    fn the_right_candidate_gets_the_weight() {
        let mut random = seeded(5, 0);
        let mut cases = Cases::default();
        for _ in 0..2000 {
            let truth: f64 = random.random_range(1.0..50.0);
            let mut levels: [f64; FLATS] = std::array::from_fn(|_| random.random_range(0.0..50.0));
            levels[3] = truth;
            let moving = std::array::from_fn(|_| random.random_range(0.0..50.0));
            let actual = truth * random.random_range(0.9..1.1);
            cases.push(&levels, 1.0, [(actual, 1.0, moving), (f64::NAN, 1.0, [1.0; MOVING])].into_iter());
        }
        let weights = learn(&cases, 0.5).unwrap();
        assert!((weights[3] - 1.0).abs() < 0.05, "{weights:?}");
        assert!(weights.iter().all(|w| *w >= 0.0));
    }

    #[test]
    fn tau_leans_the_forecast() {
        let mut cases = Cases::default();
        for at in 0..1000 {
            cases.push(&[1.0; FLATS], 1.0, std::iter::once((f64::from(at % 10), 1.0, [1.0; MOVING])));
        }
        let total = |tau| learn(&cases, tau).unwrap().iter().sum::<f64>();
        assert!((total(0.5) - 4.5).abs() < 0.6 && total(0.9) > 7.5);
        assert_eq!(learn(&Cases::default(), 0.5), None);
    }
}
