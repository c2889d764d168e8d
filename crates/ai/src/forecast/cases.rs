//! What the candidates said at many origins beside what happened, and the normal equations of their weights.
//!
//! Most candidates say one level for all periods of an origin, times the season's index. Their products with each other
//! and with everything else are therefore summed once an origin: over its periods only indices, paths and what happened
//! are.

use super::outlook::{self, COUNT, FLATS, MOVING};

/// Positions of the normal equations: what happened, then the candidates.
pub(crate) const ROW: usize = 1 + COUNT;
/// [`FLATS`], filled up to whole registers.
const LEVELS: usize = 16;
/// Numbers of one period: what happened, the index, the paths, and one to fill the registers.
const PERIOD: usize = 2 + MOVING + 1;
/// What is summed with the levels of an origin: the flats' own products, what happened, the paths.
const FACTORS: usize = FLATS + 1 + MOVING;
/// Products that are summed at once.
const BLOCK: usize = 4;

/// Origins with what the candidates said at each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cases {
    /// Levels, importance and number of periods of each origin.
    origins: Vec<([f64; LEVELS], f64, usize)>,
    periods: Vec<[f64; PERIOD]>,
}

impl Cases {
    pub(crate) fn with_capacity(origins: usize, periods: usize) -> Self {
        Self { origins: Vec::with_capacity(origins), periods: Vec::with_capacity(periods) }
    }

    pub(crate) fn clear(&mut self) {
        self.origins.clear();
        self.periods.clear();
    }

    /// Adds an origin. Of each period: what happened (left out where it is unknown), index, and the candidates with a path.
    pub(crate) fn push(
        &mut self,
        levels: &[f64; FLATS],
        importance: f64,
        periods: impl Iterator<Item = (f64, f64, [f64; MOVING])>,
    ) {
        let before = self.periods.len();
        for (actual, index, [a, b, c, d, e]) in periods.filter(|(actual, ..)| !actual.is_nan()) {
            self.periods.push([actual, index, a, b, c, d, e, 0.0]);
        }
        let mut padded = [0.0; LEVELS];
        padded.iter_mut().zip(levels).for_each(|(cell, level)| *cell = *level);
        self.origins.push((padded, importance, self.periods.len() - before));
    }

    /// Mean of what happened.
    pub(crate) fn mean(&self) -> f64 {
        self.periods.iter().map(|[actual, ..]| actual).sum::<f64>() / self.periods.len().max(1) as f64
    }
}

/// Pinball loss at `tau`, rounded off below `floor`, around what weights (by position) make of a case; squared without.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Loss<'a> {
    pub weights: Option<&'a [f64; ROW]>,
    pub tau: f64,
    pub floor: f64,
}

impl Loss<'_> {
    /// Slope of the loss at an error, over that error.
    #[inline(always)]
    fn slope(&self, error: f64) -> f64 {
        let side = if error > 0.0 { self.tau } else { 1.0 - self.tau };
        if self.weights.is_some() { side / error.abs().max(self.floor) } else { 1.0 }
    }

    /// The weights of the levels, and of the numbers of a period.
    fn parts(&self) -> ([f64; LEVELS], [f64; PERIOD]) {
        let (mut levels, mut period) = ([0.0; LEVELS], [0.0; PERIOD]);
        let of = |position: usize| self.weights.and_then(|all| all.get(1 + position)).copied().unwrap_or(0.0);
        levels.iter_mut().take(FLATS).enumerate().for_each(|(at, weight)| *weight = of(outlook::flat_at(at)));
        period
            .iter_mut()
            .skip(2)
            .take(MOVING)
            .enumerate()
            .for_each(|(at, weight)| *weight = of(outlook::moving_at(at)));
        (levels, period)
    }
}

/// Weighted sums of products of the candidates with each other and with what happened.
#[derive(Debug, Clone)]
pub(crate) struct Normal(pub [[f64; ROW]; ROW]);

impl Normal {
    /// Sums over all cases, each weighted by its importance and by the slope of the loss.
    #[inline(always)]
    pub(crate) fn sum(cases: &Cases, loss: Loss<'_>) -> Self {
        let mut flats = [[0.0; LEVELS]; FACTORS];
        let mut period_factors = Vec::with_capacity(cases.periods.len());
        let (level_weights, period_weights) = loss.parts();
        let mut periods = cases.periods.as_slice();
        for block in cases.origins.chunks(BLOCK) {
            let (mut factors, mut levels) = ([[0.0; FACTORS]; BLOCK], [[0.0; LEVELS]; BLOCK]);
            for (((own, importance, count), factors), levels) in
                block.iter().zip(&mut factors).zip(&mut levels)
            {
                let Some((of_origin, rest)) = periods.split_at_checked(*count) else { continue };
                periods = rest;
                let level = dot(own, &level_weights);
                let mut sums = [0.0; PERIOD];
                for period in of_origin {
                    let [actual, index, ..] = period;
                    let error = actual - (level * index + dot(period, &period_weights));
                    let weight = importance * loss.slope(error);
                    let by_index = weight * index;
                    sums.iter_mut().zip(period).for_each(|(sum, value)| *sum += by_index * value);
                    period_factors.push(weight);
                }
                let [actual, index, a, b, c, d, e, _] = sums;
                let (flat_factors, others) = factors.split_at_mut(FLATS);
                flat_factors.iter_mut().zip(own).for_each(|(factor, level)| *factor = index * level);
                others.iter_mut().zip([actual, a, b, c, d, e]).for_each(|(factor, sum)| *factor = sum);
                *levels = *own;
            }
            add(&mut flats, factors.each_ref(), levels.each_ref());
        }
        Self::assembled(&flats, &moving(&cases.periods, &period_factors))
    }

    /// Puts the sums at the positions of the candidates, both triangles.
    fn assembled(flats: &[[f64; LEVELS]; FACTORS], moving: &[[f64; PERIOD]; PERIOD]) -> Self {
        let mut all = Self([[0.0; ROW]; ROW]);
        let path_row = |number: usize| 1 + outlook::moving_at(number);
        for (factor, sums) in flats.iter().enumerate() {
            let row = match factor.checked_sub(FLATS) {
                None => 1 + outlook::flat_at(factor),
                Some(0) => 0,
                Some(number) => path_row(number - 1),
            };
            for (flat, sum) in sums.iter().take(if factor < FLATS { factor + 1 } else { FLATS }).enumerate() {
                all.set(row, 1 + outlook::flat_at(flat), *sum);
            }
        }
        for (number, sums) in moving.iter().skip(2).take(MOVING).enumerate() {
            let [actual, _, paths @ ..] = sums;
            all.set(path_row(number), 0, *actual);
            for (other, sum) in paths.iter().take(number + 1).enumerate() {
                all.set(path_row(number), path_row(other), *sum);
            }
        }
        all
    }

    fn set(&mut self, row: usize, column: usize, sum: f64) {
        for (row, column) in [(row, column), (column, row)] {
            if let Some(cell) = self.0.get_mut(row).and_then(|row| row.get_mut(column)) {
                *cell = sum;
            }
        }
    }
}

/// Weighted sums of products of the numbers of a period with each other.
#[inline(always)]
fn moving(periods: &[[f64; PERIOD]], weights: &[f64]) -> [[f64; PERIOD]; PERIOD] {
    let mut sums = [[0.0; PERIOD]; PERIOD];
    for (periods, weights) in periods.chunks(BLOCK).zip(weights.chunks(BLOCK)) {
        let (mut values, mut scaled) = ([[0.0; PERIOD]; BLOCK], [[0.0; PERIOD]; BLOCK]);
        for (((period, weight), values), scaled) in
            periods.iter().zip(weights).zip(&mut values).zip(&mut scaled)
        {
            *values = *period;
            scaled.iter_mut().zip(period).for_each(|(scaled, value)| *scaled = weight * value);
        }
        add(&mut sums, scaled.each_ref(), values.each_ref());
    }
    sums
}

/// Adds products of factors and values, at least those of the lower triangle, a part of the sums at a time in the registers.
#[inline(always)]
fn add<const ROWS: usize, const COLUMNS: usize, const N: usize>(
    sums: &mut [[f64; COLUMNS]; ROWS],
    factors: [&[f64; ROWS]; N],
    values: [&[f64; COLUMNS]; N],
) {
    const LANES: usize = 4;
    let parts = values.map(|values| values.as_chunks::<LANES>().0);
    for (at, sums) in sums.iter_mut().enumerate() {
        let factors = factors.map(|factors| factors.get(at).copied().unwrap_or(0.0));
        for (part, sums) in sums.as_chunks_mut::<LANES>().0.iter_mut().enumerate().take(at / LANES + 1) {
            let mut running = *sums;
            for (values, factor) in parts.iter().zip(&factors) {
                let Some(values) = values.get(part) else { continue };
                running.iter_mut().zip(values).for_each(|(sum, value)| *sum += factor * value);
            }
            *sums = running;
        }
    }
}

/// Sum of products, four by four.
#[inline(always)]
fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    let mut sums = [0.0; 4];
    for (a, b) in a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0) {
        sums.iter_mut().zip(a).zip(b).for_each(|((sum, a), b)| *sum += a * b);
    }
    let [a, b, c, d] = sums;
    (a + b) + (c + d)
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_base::random::seeded;
    use rand::RngExt;

    #[test]
    fn sums_by_origin_are_those_over_all_periods() {
        let mut random = seeded(6, 0);
        let mut cases = Cases::default();
        let mut rows: Vec<([f64; ROW], f64)> = Vec::new();
        for case in 0..BLOCK * 3 + 2 {
            let levels: [f64; FLATS] = std::array::from_fn(|_| random.random_range(0.0..9.0));
            let importance = random.random_range(0.1..1.0);
            let periods: Vec<(f64, f64, [f64; MOVING])> = (0..case % 4)
                .map(|_| {
                    let mut number = || random.random_range(0.0..9.0);
                    (number(), number(), std::array::from_fn(|_| number()))
                })
                .collect();
            for (actual, index, moving) in &periods {
                let mut row = [0.0; ROW];
                row[0] = *actual;
                levels
                    .iter()
                    .enumerate()
                    .for_each(|(at, level)| row[1 + outlook::flat_at(at)] = level * index);
                moving.iter().enumerate().for_each(|(at, value)| row[1 + outlook::moving_at(at)] = *value);
                rows.push((row, importance));
            }
            cases.push(&levels, importance, periods.into_iter().chain([(f64::NAN, 1.0, [1.0; MOVING])]));
        }
        let mut weights = [0.0; ROW];
        weights.iter_mut().skip(1).step_by(3).for_each(|weight| *weight = 0.1);
        for weights in [None, Some(&weights)] {
            let loss = Loss { weights, tau: 0.6, floor: 0.1 };
            let found = Normal::sum(&cases, loss);
            for (at, sums) in found.0.iter().enumerate() {
                for (other, sum) in sums.iter().enumerate().filter(|(other, _)| at + other > 0) {
                    let product = |(row, importance): &([f64; ROW], f64)| {
                        let said: f64 =
                            weights.map_or(0.0, |all| all.iter().zip(row).map(|(w, v)| w * v).sum());
                        row[at] * row[other] * importance * loss.slope(row[0] - said)
                    };
                    let expected: f64 = rows.iter().map(product).sum();
                    assert!((sum - expected).abs() < 1e-9 * expected, "{at}, {other}: {sum} {expected}");
                }
            }
        }
    }
}
