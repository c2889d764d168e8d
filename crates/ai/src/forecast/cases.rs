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
/// Numbers of one period: what happened, the index, the paths.
const PERIOD: usize = 2 + MOVING;
/// What is summed with the levels of an origin: the flats' own products, what happened, the paths.
const FACTORS: usize = FLATS + 1 + MOVING;
/// Origins whose products are summed at once.
const BLOCK: usize = 4;
/// Numbers in a register.
const LANES: usize = 4;

/// Origins with what the candidates said at each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cases {
    /// Levels, importance and number of blocks of each origin.
    origins: Vec<([f64; LEVELS], f64, usize)>,
    blocks: Vec<Block>,
    /// Sum of what happened, and of how many periods.
    known: (f64, usize),
}

/// Some periods of one origin side by side; where there are fewer, zeros, which add nothing to any sum of products.
type Block = [[f64; LANES]; PERIOD];

impl Cases {
    pub(crate) fn with_capacity(origins: usize, periods: usize) -> Self {
        let blocks = origins + periods / LANES;
        Self { origins: Vec::with_capacity(origins), blocks: Vec::with_capacity(blocks), known: (0.0, 0) }
    }

    pub(crate) fn clear(&mut self) {
        self.origins.clear();
        self.blocks.clear();
        self.known = (0.0, 0);
    }

    /// Adds an origin. Of each period: what happened (left out where it is unknown), index, and the candidates with a path.
    pub(crate) fn push(
        &mut self,
        levels: &[f64; FLATS],
        importance: f64,
        periods: impl Iterator<Item = (f64, f64, [f64; MOVING])>,
    ) {
        let before = self.blocks.len();
        let mut lanes = LANES;
        for (actual, index, [a, b, c, d, e]) in periods.filter(|(actual, ..)| !actual.is_nan()) {
            if lanes == LANES {
                self.blocks.push([[0.0; LANES]; PERIOD]);
                lanes = 0;
            }
            for (row, value) in
                self.blocks.last_mut().into_iter().flatten().zip([actual, index, a, b, c, d, e])
            {
                if let Some(cell) = row.get_mut(lanes) {
                    *cell = value;
                }
            }
            lanes += 1;
            self.known = (self.known.0 + actual, self.known.1 + 1);
        }
        let mut padded = [0.0; LEVELS];
        padded.iter_mut().zip(levels).for_each(|(cell, level)| *cell = *level);
        self.origins.push((padded, importance, self.blocks.len() - before));
    }

    /// Mean of what happened.
    pub(crate) fn mean(&self) -> f64 {
        self.known.0 / self.known.1.max(1) as f64
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
        let size = if error.abs() > self.floor { error.abs() } else { self.floor };
        if self.weights.is_some() { side / size } else { 1.0 }
    }

    /// The weights of the levels, and of the paths.
    fn parts(&self) -> ([f64; LEVELS], [f64; MOVING]) {
        let (mut levels, mut paths) = ([0.0; LEVELS], [0.0; MOVING]);
        let of = |position: usize| self.weights.and_then(|all| all.get(1 + position)).copied().unwrap_or(0.0);
        levels.iter_mut().take(FLATS).enumerate().for_each(|(at, weight)| *weight = of(outlook::flat_at(at)));
        paths.iter_mut().enumerate().for_each(|(at, weight)| *weight = of(outlook::moving_at(at)));
        (levels, paths)
    }
}

/// Weighted sums of products of the candidates with each other and with what happened.
#[derive(Debug, Clone)]
pub(crate) struct Normal(pub [[f64; ROW]; ROW]);

impl Normal {
    /// Sums over all cases, each weighted by its importance and by the slope of the loss.
    #[inline(always)]
    pub(crate) fn sum(cases: &Cases, loss: Loss<'_>) -> Self {
        let (mut flats, mut moving) = ([[0.0; LEVELS]; FACTORS], [[[0.0; LANES]; 1 + MOVING]; MOVING]);
        let (level_weights, path_weights) = loss.parts();
        let mut rest = cases.blocks.as_slice();
        let mut slopes: Vec<[f64; LANES]> = Vec::new();
        for block in cases.origins.chunks(BLOCK) {
            slopes.clear();
            let mut ahead = rest.iter();
            for (own, _, count) in block {
                let level = dot(own, &level_weights);
                slopes
                    .extend(ahead.by_ref().take(*count).map(|periods| errors(periods, level, &path_weights)));
            }
            // A loop of its own: the compiler makes registers of lanes only where the chain of operations is short.
            for error in slopes.as_flattened_mut() {
                *error = loss.slope(*error);
            }
            let mut slopes = slopes.iter();
            let (mut factors, mut levels) = ([[0.0; FACTORS]; BLOCK], [[0.0; LEVELS]; BLOCK]);
            for ((&(ref own, importance, count), factors), levels) in
                block.iter().zip(&mut factors).zip(&mut levels)
            {
                let mut sums = [[0.0; LANES]; PERIOD];
                for (periods, slopes) in rest.iter().zip(slopes.by_ref()).take(count) {
                    let weights = slopes.map(|slope| importance * slope);
                    add_periods(periods, &weights, &mut sums, &mut moving);
                }
                rest = rest.get(count..).unwrap_or(&[]);
                let [actual, index, paths @ ..] = sums.map(together);
                let (flat_factors, others) = factors.split_at_mut(FLATS);
                flat_factors.iter_mut().zip(own).for_each(|(factor, level)| *factor = index * level);
                let sums = std::iter::once(actual).chain(paths);
                others.iter_mut().zip(sums).for_each(|(factor, sum)| *factor = sum);
                *levels = *own;
            }
            add(&mut flats, &factors, &levels);
        }
        let moving = moving.map(|sums| sums.map(together));
        Self::assembled(&flats, &moving)
    }

    /// Puts the sums at the positions of the candidates, both triangles.
    fn assembled(flats: &[[f64; LEVELS]; FACTORS], moving: &[[f64; 1 + MOVING]; MOVING]) -> Self {
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
        for (number, sums) in moving.iter().enumerate() {
            let [actual, paths @ ..] = sums;
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

/// What happened less what the weights make of a level and of the paths.
#[inline(always)]
fn errors(periods: &Block, level: f64, weights: &[f64; MOVING]) -> [f64; LANES] {
    let [actual, index, paths @ ..] = periods;
    let mut said = index.map(|index| level * index);
    for (path, weight) in paths.iter().zip(weights) {
        said.iter_mut().zip(path).for_each(|(said, value)| *said += weight * value);
    }
    let mut errors = *actual;
    errors.iter_mut().zip(said).for_each(|(error, said)| *error -= said);
    errors
}

/// Adds weighted periods: to `sums` their numbers by their index, to `moving` the products of each path with what happened
/// and with the paths up to itself.
#[inline(always)]
fn add_periods(
    periods: &Block,
    weights: &[f64; LANES],
    sums: &mut [[f64; LANES]; PERIOD],
    moving: &mut [[[f64; LANES]; 1 + MOVING]; MOVING],
) {
    let [actual, index, paths @ ..] = periods;
    let by_index = times(weights, index);
    sums.iter_mut().zip(periods).for_each(|(sums, row)| plus(sums, &by_index, row));
    let [a, b, c, d, e] = paths;
    let [of_a, of_b, of_c, of_d, of_e] = moving;
    products(of_a, times(weights, a), [actual, a]);
    products(of_b, times(weights, b), [actual, a, b]);
    products(of_c, times(weights, c), [actual, a, b, c]);
    products(of_d, times(weights, d), [actual, a, b, c, d]);
    products(of_e, times(weights, e), [actual, a, b, c, d, e]);
}

/// Adds the products of one row with some.
#[inline(always)]
fn products<const N: usize>(
    sums: &mut [[f64; LANES]; 1 + MOVING],
    one: [f64; LANES],
    rows: [&[f64; LANES]; N],
) {
    sums.iter_mut().zip(rows).for_each(|(sums, row)| plus(sums, &one, row));
}

#[inline(always)]
fn times(a: &[f64; LANES], b: &[f64; LANES]) -> [f64; LANES] {
    let mut products = *a;
    products.iter_mut().zip(b).for_each(|(product, b)| *product *= b);
    products
}

#[inline(always)]
fn plus(sums: &mut [f64; LANES], a: &[f64; LANES], b: &[f64; LANES]) {
    sums.iter_mut().zip(a).zip(b).for_each(|((sum, a), b)| *sum += a * b);
}

#[inline(always)]
fn together([a, b, c, d]: [f64; LANES]) -> f64 {
    (a + b) + (c + d)
}

/// Adds products of factors and levels, at least those of the lower triangle, a part of the sums at a time in the registers.
#[inline(always)]
fn add(
    sums: &mut [[f64; LEVELS]; FACTORS],
    factors: &[[f64; FACTORS]; BLOCK],
    levels: &[[f64; LEVELS]; BLOCK],
) {
    let parts = levels.each_ref().map(|levels| levels.as_chunks::<LANES>().0);
    for (at, sums) in sums.iter_mut().enumerate() {
        let factors = factors.each_ref().map(|factors| factors.get(at).copied().unwrap_or(0.0));
        for (part, sums) in sums.as_chunks_mut::<LANES>().0.iter_mut().enumerate().take(at / LANES + 1) {
            let mut running = *sums;
            for (levels, factor) in parts.iter().zip(&factors) {
                let Some(levels) = levels.get(part) else { continue };
                running.iter_mut().zip(levels).for_each(|(sum, level)| *sum += factor * level);
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
    together(sums)
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
