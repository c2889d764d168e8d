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

/// What one candidate said.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Said<'a> {
    /// This level times the season's indices.
    Level(f64, &'a [f64]),
    Path(&'a [f64]),
}

impl Said<'_> {
    /// Calls `each` with the value of every period, in order.
    #[inline(always)]
    pub(crate) fn with(self, mut each: impl FnMut(f64)) {
        match self {
            Self::Level(level, index) => index.iter().for_each(|index| each(level * index)),
            Self::Path(path) => path.iter().for_each(|value| each(*value)),
        }
    }

    /// Sum of the absolute errors where it is known what happened.
    #[inline(always)]
    pub(crate) fn error(self, actual: &[f64]) -> f64 {
        match self {
            Self::Level(level, index) => absolute_error(index.iter().map(|index| level * index), actual),
            Self::Path(path) => absolute_error(path.iter().copied(), actual),
        }
    }
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

    /// Calls `hear` with what each candidate said, in the order of [`NAMES`].
    #[inline(always)]
    pub(crate) fn each<'a>(&'a self, mut hear: impl FnMut(usize, Said<'a>)) {
        let (flats, other_flats) = self.levels.split_at(FIRST_FLATS);
        let (paths, rest) = self.paths.split_at(FIRST_MOVING * self.horizon);
        let (other_paths, index) = rest.split_at((MOVING - FIRST_MOVING) * self.horizon);
        let horizon = self.horizon.max(1);
        for (at, level) in flats.iter().enumerate() {
            hear(at, Said::Level(*level, index));
        }
        for (at, path) in paths.chunks_exact(horizon).enumerate() {
            hear(FIRST_FLATS + at, Said::Path(path));
        }
        for (at, level) in other_flats.iter().enumerate() {
            hear(FIRST_FLATS + FIRST_MOVING + at, Said::Level(*level, index));
        }
        for (at, path) in other_paths.chunks_exact(horizon).enumerate() {
            hear(FLATS + FIRST_MOVING + at, Said::Path(path));
        }
    }

    /// The levels of the flat candidates at index 1.
    pub(crate) fn levels(&self) -> &[f64; FLATS] {
        &self.levels
    }

    /// Index, and what each candidate with a path said, of a period (0-based).
    pub(crate) fn period(&self, period: usize) -> (f64, [f64; MOVING]) {
        let mut said = [0.0; MOVING];
        let mut rows =
            self.paths.chunks_exact(self.horizon.max(1)).map(|row| row.get(period).copied().unwrap_or(0.0));
        said.iter_mut().zip(&mut rows).for_each(|(cell, value)| *cell = value);
        (rows.next().unwrap_or(0.0), said)
    }

    /// Seasonal index of each period of the horizon.
    pub(crate) fn index(&self) -> &[f64] {
        self.paths.get(MOVING * self.horizon..).unwrap_or(&[])
    }

    /// Level of a candidate at index 1.
    pub(crate) fn level(&self, candidate: Flat) -> f64 {
        self.levels.get(candidate as usize).copied().unwrap_or(0.0)
    }

    pub(crate) fn flat(&self, candidate: Flat) -> Said<'_> {
        Said::Level(self.level(candidate), self.index())
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

    /// The path of a weighted combination of candidates.
    pub(crate) fn combine(&self, weights: &[f64]) -> Vec<f64> {
        let mut path = Vec::new();
        self.combine_into(weights, &mut path);
        path
    }

    /// As [`Outlook::combine`], into what held another path.
    pub(crate) fn combine_into(&self, weights: &[f64], path: &mut Vec<f64>) {
        path.clear();
        path.resize(self.horizon, 0.0);
        self.each(|at, said| {
            let Some(weight) = weights.get(at).filter(|weight| **weight != 0.0) else { return };
            let mut periods = path.iter_mut();
            said.with(|value| {
                if let Some(sum) = periods.next() {
                    *sum += weight * value;
                }
            });
        });
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
