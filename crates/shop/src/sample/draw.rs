//! The draws the generator makes, over the library's seeded randomness.

use meschain_base::random::{Random, seeded};
use rand::{Rng, RngExt};
use rand_distr::{Distribution, Gamma, Poisson, StandardNormal};

/// A stream of draws.
pub(super) struct Draw(Random);

impl Draw {
    /// The draws of `seed` for one use of it.
    pub fn new(seed: u64, stream: u64) -> Self {
        Self(seeded(seed, stream))
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in [low, high).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Uniform in 0..n; 0 when n is 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { self.0.random_range(0..n) }
    }

    /// Uniform in low..=high.
    pub fn days(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of `items`; `None` when there is none.
    pub fn one<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// Index drawn with the given weights.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        weights
            .iter()
            .position(|weight| {
                left -= weight;
                left < 0.0
            })
            .unwrap_or(0)
    }

    /// Normal with the given mean and standard deviation.
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let z: f64 = StandardNormal.sample(&mut self.0);
        mean + deviation * z
    }

    /// A count with mean `mean` and variance mean + mean^2 / `dispersion` (negative binomial as a gamma-mixed Poisson).
    pub fn negative_binomial(&mut self, mean: f64, dispersion: f64) -> u32 {
        if mean <= 0.0 {
            return 0;
        }
        let scale = mean / dispersion;
        let rate = Gamma::new(dispersion, scale).map_or(mean, |gamma| gamma.sample(&mut self.0));
        self.poisson(rate)
    }

    /// A Poisson count.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        if mean <= 0.0 {
            return 0;
        }
        if mean > 30.0 {
            return Poisson::new(mean).map_or(0.0, |poisson| poisson.sample(&mut self.0)) as u32;
        }
        let mut left = self.unit() - (-mean).exp();
        let mut probability = (-mean).exp();
        let mut count = 0;
        while left > 0.0 && count < 200 {
            count += 1;
            probability *= mean / f64::from(count);
            left -= probability;
        }
        count
    }

    /// Puts `items` in random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last + 1);
            items.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_the_mean_and_variance_they_promise() {
        let mut draw = Draw::new(3, 1);
        let counts: Vec<f64> = (0..40_000).map(|_| f64::from(draw.negative_binomial(1.5, 3.0))).collect();
        let mean = counts.iter().sum::<f64>() / counts.len() as f64;
        let variance = counts.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / counts.len() as f64;
        assert!((mean - 1.5).abs() < 0.05, "{mean}");
        assert!((variance - (1.5 + 1.5 * 1.5 / 3.0)).abs() < 0.12, "{variance}");
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let draws = |seed| {
            let mut draw = Draw::new(seed, 5);
            (draw.unit().to_bits(), draw.normal(0.0, 1.0).to_bits(), draw.poisson(40.0), draw.below(9))
        };
        assert_eq!(draws(1), draws(1));
        assert_ne!(draws(1), draws(2));
    }
}
