//! Prediction intervals: residuals of many products, each in units of its product's own error, taken together.
//!
//! Split conformal prediction (Vovk et al. 2005; Lei et al. 2018) with normalised scores, pooled over products of one
//! demand class and one part of the horizon, because one product alone has too few residuals to show its tails. The two
//! tails are calibrated together after the lower bound is cut at zero: for slow movers the lower tail is never missed,
//! and its share of the error goes to the upper one.

use super::classify::Class;
use super::smoothing::{sort_key, sorted_quantile};

/// Nominal levels that are calibrated; others are interpolated.
pub(crate) const LEVELS: [f64; 5] = [0.5, 0.8, 0.9, 0.95, 0.98];
/// Parts of the horizon.
pub(crate) const PARTS: usize = 3;
/// Demand classes with a table of their own.
pub(crate) const CLASSES: usize = 4;
/// Rows of the table.
pub(crate) const BUCKETS: usize = CLASSES * PARTS;
/// Fewest residuals for a bucket of its own.
const FEWEST: usize = 300;

/// One out-of-sample outcome.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outcome {
    pub bucket: usize,
    pub forecast: f64,
    pub spread: f64,
    pub actual: f64,
}

/// Lower and upper distance from the forecast in units of the product's spread, by bucket and level.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Intervals {
    /// `BUCKETS` rows of `LEVELS` lower distances (usually negative).
    pub lower: Vec<f64>,
    pub upper: Vec<f64>,
}

/// Row of the table for a period (0-based) of a horizon.
pub(crate) fn bucket(class: Class, period: usize, horizon: usize) -> usize {
    class.row() * PARTS + (period * PARTS / horizon.max(1)).min(PARTS - 1)
}

/// Spread of one period: grows with the square root of the season's index.
pub(crate) fn spread(scale: f64, index: f64) -> f64 {
    scale * index.max(0.05).sqrt()
}

impl Default for Intervals {
    /// Normal tails, for when nothing was measured.
    fn default() -> Self {
        let upper = [0.674, 1.282, 1.645, 1.960, 2.326];
        Self { lower: upper.map(|v| -v).repeat(BUCKETS), upper: upper.repeat(BUCKETS) }
    }
}

impl Intervals {
    /// Calibrates on outcomes; buckets with too few take what all outcomes say, and too few of those the normal tails.
    pub(crate) fn fit(outcomes: &[Outcome]) -> Self {
        const FEWEST_AT_ALL: usize = 20;
        let mut fitted = Self::default();
        if outcomes.len() < FEWEST_AT_ALL {
            return fitted;
        }
        let all = Scored::new(outcomes);
        let mut common = None;
        let rows =
            fitted.lower.chunks_exact_mut(LEVELS.len()).zip(fitted.upper.chunks_exact_mut(LEVELS.len()));
        for (own, (lower, upper)) in all.buckets().iter().zip(rows) {
            let bounds = match own.scores.len() {
                0..FEWEST => *common.get_or_insert_with(|| all.calibrate()),
                _ => own.calibrate(),
            };
            for ((lower, upper), (low, high)) in lower.iter_mut().zip(upper).zip(bounds) {
                (*lower, *upper) = (low, high);
            }
        }
        fitted
    }

    /// The interval around a forecast.
    pub(crate) fn bounds(&self, bucket: usize, level: f64, forecast: f64, spread: f64) -> (f64, f64) {
        let row = |table: &[f64]| {
            table.chunks_exact(LEVELS.len()).nth(bucket).map_or(0.0, |row| at_level(row, level))
        };
        let lower = (forecast + row(&self.lower) * spread).max(0.0);
        let upper = (forecast + row(&self.upper) * spread).max(0.0);
        (lower.min(forecast), upper.max(forecast))
    }
}

/// Linear interpolation between the calibrated levels; beyond them the outermost.
fn at_level(row: &[f64], level: f64) -> f64 {
    let points = LEVELS.iter().zip(row);
    let mut below = None;
    for (known, value) in points {
        if *known >= level {
            return match below {
                Some((before, low)) => low + (value - low) * (level - before) / (known - before),
                None => *value,
            };
        }
        below = Some((*known, *value));
    }
    below.map_or(0.0, |(_, value)| value)
}

/// Outcomes in the order of their scores: errors in units of the spread.
struct Scored<'a> {
    scores: Vec<f64>,
    outcomes: Vec<&'a Outcome>,
}

impl<'a> Scored<'a> {
    fn new(outcomes: &'a [Outcome]) -> Self {
        let score = |outcome: &'a Outcome| ((outcome.actual - outcome.forecast) / outcome.spread, outcome);
        let mut scored: Vec<(f64, &Outcome)> = outcomes.iter().map(score).collect();
        scored.sort_unstable_by_key(|(score, _)| sort_key(*score));
        let (scores, outcomes) = scored.into_iter().unzip();
        Self { scores, outcomes }
    }

    /// The outcomes of each bucket.
    fn buckets(&self) -> Vec<Self> {
        let none = || Self { scores: Vec::new(), outcomes: Vec::new() };
        let mut buckets: Vec<Self> = std::iter::repeat_with(none).take(BUCKETS).collect();
        for (score, outcome) in self.scores.iter().zip(&self.outcomes) {
            if let Some(bucket) = buckets.get_mut(outcome.bucket) {
                bucket.scores.push(*score);
                bucket.outcomes.push(outcome);
            }
        }
        buckets
    }

    /// Distances for each level that cover just that share of the outcomes.
    fn calibrate(&self) -> [(f64, f64); LEVELS.len()] {
        LEVELS.map(|level| {
            let mut tails = (0.0, 1.0 - level);
            let mut bounds = (0.0, 0.0);
            for _ in 0..14 {
                let tail = (tails.0 + tails.1) / 2.0;
                let tried = self.quantiles(tail, 1.0 - tail);
                if self.covered(tried) >= level {
                    tails.0 = tail
                } else {
                    tails.1 = tail
                }
                bounds = tried;
            }
            if self.covered(bounds) < level {
                bounds = self.quantiles(tails.0, 1.0 - tails.0);
            }
            bounds
        })
    }

    fn quantiles(&self, low: f64, high: f64) -> (f64, f64) {
        (sorted_quantile(&self.scores, low), sorted_quantile(&self.scores, high))
    }

    /// Share of the outcomes inside the interval. A score tells, save where it nearly is the bound: there the rounding of
    /// the interval itself decides.
    fn covered(&self, (low, high): (f64, f64)) -> f64 {
        let (least, most) = (low.min(0.0), high.max(0.0));
        let below = |bound: f64| self.scores.partition_point(|score| *score < bound);
        let near = |bound: f64| 1e-9 * bound.abs().max(1.0);
        let (outer, inner) = (below(least - near(least)), below(least + near(least)));
        let (last, end) = (below(most - near(most)).max(inner), below(most + near(most)).max(inner));
        let unsure = [outer..inner, last..end].into_iter().filter_map(|range| self.outcomes.get(range));
        let inside = unsure.flatten().filter(|outcome| outcome.is_inside(low, high)).count() + last - inner;
        inside as f64 / self.outcomes.len().max(1) as f64
    }
}

impl Outcome {
    fn is_inside(&self, low: f64, high: f64) -> bool {
        let lower = (self.forecast + low * self.spread).max(0.0);
        let upper = self.forecast + high * self.spread;
        (lower.min(self.forecast)..=upper.max(self.forecast)).contains(&self.actual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_base::random::seeded;
    use rand::RngExt;

    fn outcomes(count: usize, seed: u64) -> Vec<Outcome> {
        let mut random = seeded(seed, 0);
        (0..count)
            .map(|at| {
                let spread: f64 = random.random_range(0.5..4.0);
                let forecast = random.random_range(0.0..6.0);
                let noise: f64 = (0..12).map(|_| random.random_range(-0.5..0.5)).sum();
                Outcome {
                    bucket: at % BUCKETS,
                    forecast,
                    spread,
                    actual: (forecast + noise * spread).max(0.0),
                }
            })
            .collect()
    }

    #[test]
    fn fresh_outcomes_are_covered_as_promised() {
        let fitted = Intervals::fit(&outcomes(12_000, 1));
        for level in [0.8, 0.9, 0.95] {
            let fresh = outcomes(12_000, 2);
            let inside = fresh.iter().filter(|o| {
                let (lower, upper) = fitted.bounds(o.bucket, level, o.forecast, o.spread);
                (lower..=upper).contains(&o.actual)
            });
            let share = inside.count() as f64 / fresh.len() as f64;
            assert!((share - level).abs() < 0.02, "{level}: {share}");
        }
    }

    #[test]
    fn without_outcomes_the_tails_are_normal_and_levels_interpolate() {
        let plain = Intervals::fit(&[]);
        assert_eq!(plain.bounds(0, 0.9, 10.0, 2.0), (10.0 - 3.29, 10.0 + 3.29));
        let (lower, upper) = plain.bounds(0, 0.85, 10.0, 2.0);
        assert!(lower > 10.0 - 3.29 && upper < 10.0 + 3.29 && upper > 12.56);
        assert_eq!(plain.bounds(0, 0.9, 1.0, 2.0).0, 0.0);
    }

    #[test]
    fn the_scores_count_what_the_intervals_hold() {
        let mut outcomes = outcomes(2000, 3);
        // Many that are the same, on the bounds.
        outcomes.iter_mut().step_by(3).for_each(|outcome| outcome.actual = 0.0);
        outcomes.iter_mut().step_by(4).for_each(|outcome| (outcome.forecast, outcome.spread) = (3.0, 0.7));
        let scored = Scored::new(&outcomes);
        for tail in [0.0, 0.01, 0.1, 0.25, 0.4, 0.5, 0.7] {
            for bounds in [
                scored.quantiles(tail, 1.0 - tail),
                scored.quantiles(tail, 0.5),
                scored.quantiles(0.5, 1.0 - tail),
            ] {
                let inside = outcomes.iter().filter(|outcome| outcome.is_inside(bounds.0, bounds.1)).count();
                assert_eq!(scored.covered(bounds), inside as f64 / 2000.0, "{tail}");
            }
        }
    }
}
