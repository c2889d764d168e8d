//! What the candidate methods said at one origin.

/// Names of the candidates.
pub const NAMES: [&str; COUNT] = [
    "ses_very_slow",
    "ses_slow",
    "ses_middle",
    "ses_fast",
    "ses",
    "ses_uncapped",
    "median_short",
    "median_middle",
    "median_long",
    "mean_short",
    "mean_middle",
    "half_trend",
    "ets_damped_trend",
    "dynamic_theta",
    "croston_sba",
    "tsb",
    "imapa",
    "seasonal_naive",
    "ets_additive_season",
];

/// Number of candidates.
pub const COUNT: usize = 19;

/// A candidate that says the same for every period, the season aside: its position among these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flat {
    SesVerySlow,
    SesSlow,
    SesMiddle,
    SesFast,
    Ses,
    SesUncapped,
    MedianShort,
    MedianMiddle,
    MedianLong,
    MeanShort,
    /// The candidate that does not lean, also where most periods are zero.
    MeanMiddle,
    CrostonSba,
    Tsb,
    Imapa,
}

/// A candidate with a path of its own: its position among these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moving {
    HalfTrend,
    DampedTrend,
    DynamicTheta,
    /// The baseline of back-tests.
    SeasonalNaive,
    AdditiveSeason,
}

/// Number of candidates that say the same for every period.
pub(crate) const FLATS: usize = 14;
/// Number of candidates with a path of their own.
pub(crate) const MOVING: usize = 5;
/// In [`NAMES`] the first flats come before the first paths, the other flats between those and the other paths.
const FIRST_FLATS: usize = Flat::MeanMiddle as usize + 1;
const FIRST_MOVING: usize = Moving::DynamicTheta as usize + 1;

/// Position among all of the flat candidate with this number.
pub(crate) const fn flat_at(number: usize) -> usize {
    if number < FIRST_FLATS { number } else { number + FIRST_MOVING }
}

/// Position among all of the candidate with a path with this number.
pub(crate) const fn moving_at(number: usize) -> usize {
    if number < FIRST_MOVING { number + FIRST_FLATS } else { number + FLATS }
}

/// Position of [`Flat::MeanMiddle`] among all.
pub(crate) const MEAN: usize = flat_at(Flat::MeanMiddle as usize);
/// Position of [`Moving::SeasonalNaive`] among all.
pub(crate) const NAIVE: usize = moving_at(Moving::SeasonalNaive as usize);

/// What the candidates said at one origin. All values are finite and at least 0.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outlook {
    levels: [f64; FLATS],
    /// `MOVING` paths of `horizon` values, then the seasonal indices.
    paths: Vec<f64>,
    pub horizon: usize,
    /// Typical one-step error at index 1, at least a small positive number.
    pub scale: f64,
}

/// Sum of the absolute errors of a path where it is known what happened.
#[inline(always)]
pub(crate) fn absolute_error(path: impl Iterator<Item = f64>, actual: &[f64]) -> f64 {
    path.zip(actual).map(|(said, actual)| if actual.is_nan() { 0.0 } else { (said - actual).abs() }).sum()
}

impl Outlook {
    pub(crate) fn new(horizon: usize) -> Self {
        Self { levels: [0.0; FLATS], paths: vec![0.0; (MOVING + 1) * horizon], horizon, scale: 0.0 }
    }

    /// What each candidate said, in the order of [`NAMES`].
    #[cfg(test)]
    pub(crate) fn said(&self) -> [Vec<f64>; COUNT] {
        let mut said = [const { Vec::new() }; COUNT];
        for (number, level) in self.levels.iter().enumerate() {
            said[flat_at(number)] = self.index().iter().map(|index| level * index).collect();
        }
        for (number, path) in self.moving().into_iter().enumerate() {
            said[moving_at(number)] = path.to_vec();
        }
        said
    }

    /// The levels of the flat candidates at index 1.
    pub(crate) fn levels(&self) -> &[f64; FLATS] {
        &self.levels
    }

    /// What each candidate with a path said, of all periods.
    pub(crate) fn moving(&self) -> [&[f64]; MOVING] {
        let mut rows = self.paths.chunks_exact(self.horizon.max(1));
        std::array::from_fn(|_| rows.next().unwrap_or(&[]))
    }

    /// Seasonal index of each period of the horizon.
    pub(crate) fn index(&self) -> &[f64] {
        self.paths.get(MOVING * self.horizon..).unwrap_or(&[])
    }

    /// Level of a candidate at index 1.
    pub(crate) fn level(&self, candidate: Flat) -> f64 {
        self.levels.get(candidate as usize).copied().unwrap_or(0.0)
    }

    pub(crate) fn path(&self, candidate: Moving) -> &[f64] {
        let from = candidate as usize * self.horizon;
        self.paths.get(from..from + self.horizon).unwrap_or(&[])
    }

    #[inline(always)]
    pub(crate) fn set(&mut self, candidate: Flat, level: f64) {
        if let Some(known) = self.levels.get_mut(candidate as usize) {
            *known = level;
        }
    }

    #[inline(always)]
    pub(crate) fn set_path(&mut self, candidate: Moving, path: impl Iterator<Item = f64>) {
        let from = candidate as usize * self.horizon;
        let row = self.paths.get_mut(from..from + self.horizon).unwrap_or(&mut []);
        row.iter_mut().zip(path).for_each(|(value, said)| *value = said);
    }

    /// Makes a path of a level: times the season's indices, bounded.
    #[inline(always)]
    pub(crate) fn set_level_path(&mut self, candidate: Moving, level: f64, ceiling: f64) {
        let (paths, index) = self.paths.split_at_mut(MOVING * self.horizon);
        if let Some(path) = paths.chunks_exact_mut(self.horizon.max(1)).nth(candidate as usize) {
            path.iter_mut()
                .zip(index)
                .for_each(|(value, index)| *value = (level * *index).clamp(0.0, ceiling));
        }
    }

    /// The path of a weighted combination of candidates.
    pub(crate) fn combine(&self, weights: &[f64; COUNT]) -> Vec<f64> {
        let mut path = vec![0.0; self.horizon];
        self.combine_into(weights, &mut path);
        path
    }

    /// As [`Outlook::combine`], into a path of `horizon` periods.
    pub(crate) fn combine_into(&self, weights: &[f64; COUNT], path: &mut [f64]) {
        const AT_ONCE: usize = 4;
        let (blocks, rest) = path.as_chunks_mut::<AT_ONCE>();
        let first = blocks.len() * AT_ONCE;
        for (number, block) in blocks.iter_mut().enumerate() {
            *block = self.combined(weights, number * AT_ONCE);
        }
        for (number, value) in rest.iter_mut().enumerate() {
            [*value] = self.combined(weights, first + number);
        }
    }

    /// The combination for `N` periods, summed in the order of [`NAMES`].
    #[inline(always)]
    fn combined<const N: usize>(&self, weights: &[f64; COUNT], first: usize) -> [f64; N] {
        let of = |row: usize| -> [f64; N] {
            let row = self.paths.get(row * self.horizon + first..).and_then(<[f64]>::first_chunk);
            row.copied().unwrap_or([0.0; N])
        };
        let index = of(MOVING);
        let mut sums = [0.0; N];
        let mut add = |weight: f64, said: [f64; N]| {
            sums.iter_mut().zip(said).for_each(|(sum, value)| *sum += weight * value);
        };
        let (flats, other_flats) = self.levels.split_at(FIRST_FLATS);
        let (flat_weights, rest) = weights.split_at(FIRST_FLATS);
        let (path_weights, rest) = rest.split_at(FIRST_MOVING);
        let (other_flat_weights, other_path_weights) = rest.split_at(FLATS - FIRST_FLATS);
        for (level, weight) in flats.iter().zip(flat_weights) {
            add(*weight, index.map(|index| level * index));
        }
        for (number, weight) in path_weights.iter().enumerate() {
            add(*weight, of(number));
        }
        for (level, weight) in other_flats.iter().zip(other_flat_weights) {
            add(*weight, index.map(|index| level * index));
        }
        for (number, weight) in other_path_weights.iter().enumerate() {
            add(*weight, of(FIRST_MOVING + number));
        }
        sums
    }

    /// Sum of the absolute errors of each candidate, in the order of [`NAMES`], where it is known what happened.
    pub(crate) fn errors(&self, actual: &[f64]) -> [f64; COUNT] {
        let (mut flats, mut moving) = ([0.0; FLATS], [0.0; MOVING]);
        for ((period, actual), index) in actual.iter().enumerate().zip(self.index()) {
            if actual.is_nan() {
                continue;
            }
            let levels = flats.iter_mut().zip(&self.levels);
            levels.for_each(|(sum, level)| *sum += (level * index - actual).abs());
            for (sum, path) in moving.iter_mut().zip(self.paths.chunks_exact(self.horizon.max(1))) {
                *sum += path.get(period).map_or(0.0, |said| (said - actual).abs());
            }
        }
        let mut all = [0.0; COUNT];
        let mut set = |at: usize, sum: f64| {
            if let Some(cell) = all.get_mut(at) {
                *cell = sum;
            }
        };
        flats.iter().enumerate().for_each(|(number, sum)| set(flat_at(number), *sum));
        moving.iter().enumerate().for_each(|(number, sum)| set(moving_at(number), *sum));
        all
    }

    /// Sets the seasonal indices, bounds levels and the paths of levels, and multiplies the season into the latter.
    #[inline(always)]
    pub(crate) fn bound(&mut self, phases: impl Iterator<Item = f64>, ceiling: f64) {
        self.levels.iter_mut().for_each(|level| *level = level.clamp(0.0, ceiling));
        let (paths, index) = self.paths.split_at_mut(MOVING * self.horizon);
        index.iter_mut().zip(phases).for_each(|(index, phase)| *index = phase);
        for path in paths.chunks_exact_mut(self.horizon.max(1)).take(FIRST_MOVING) {
            path.iter_mut()
                .zip(&*index)
                .for_each(|(level, index)| *level = level.clamp(0.0, ceiling) * index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_base::random::seeded;
    use rand::RngExt;

    #[test]
    fn combinations_and_errors_are_those_of_each_candidate_by_itself() {
        for horizon in 1..11 {
            let mut random = seeded(7, horizon as u64);
            let mut number = || random.random_range(0.0..9.0);
            let mut outlook = Outlook::new(horizon);
            outlook.levels = std::array::from_fn(|_| number());
            outlook.paths.iter_mut().for_each(|value| *value = number());
            let weights: [f64; COUNT] = std::array::from_fn(|at| if at % 3 == 0 { 0.0 } else { number() });
            let mut actual: Vec<f64> = (0..horizon).map(|_| number()).collect();
            actual[horizon / 2] = f64::NAN;
            let (mut combined, mut errors) = (vec![0.0; horizon], [0.0; COUNT]);
            for (at, path) in outlook.said().into_iter().enumerate() {
                combined.iter_mut().zip(&path).for_each(|(sum, value)| *sum += weights[at] * value);
                errors[at] = absolute_error(path.into_iter(), &actual);
            }
            assert_eq!(outlook.combine(&weights), combined);
            assert_eq!(outlook.errors(&actual), errors);
        }
    }
}
