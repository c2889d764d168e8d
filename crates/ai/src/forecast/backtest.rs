//! Rolling-origin back-test of the candidates on one series, and the pair it favours.

use super::outlook::{COUNT, NAIVE, Outlook, absolute_error};
use super::prepare::Prepared;

/// Summed absolute errors over the origins of one series.
#[derive(Debug, Clone)]
pub(crate) struct Losses {
    /// One sum per candidate.
    pub candidates: [f64; COUNT],
    /// The catalogue's combination.
    pub combined: f64,
    /// Units sold in the periods tested.
    pub sold: f64,
    pub origins: usize,
    /// The two candidates with the smallest error (the earlier ones of equals), and the mean of their errors.
    pub pair: ([usize; 2], f64),
}

/// How one series was combined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Blend {
    /// Weight of the series' own best pair against the catalogue's combination.
    pub own: f64,
    /// Share by which the pair must have been better in the back-test.
    pub margin: f64,
}

impl Default for Blend {
    fn default() -> Self {
        Self { own: 0.5, margin: 0.1 }
    }
}

/// Cuts of at most `origins` origins, one horizon apart, the newest first; fewer where the series is too short.
pub(crate) fn cuts(prepared: &Prepared, horizon: usize, origins: usize) -> impl Iterator<Item = usize> {
    (1..=origins).map(move |origin| origin * horizon).take_while(|cut| long_enough(prepared, *cut))
}

/// Whether the candidates have something to go by before an origin.
pub(crate) fn long_enough(prepared: &Prepared, cut: usize) -> bool {
    prepared.values.len() >= cut + (2 * prepared.season).max(super::classify::SHORTEST)
}

/// Error of a combination of outlooks, each with what happened.
pub(crate) fn error_of<'a>(
    known: impl Iterator<Item = (&'a Outlook, &'a [f64])>,
    weights: &[f64; COUNT],
) -> f64 {
    let mut path = Vec::new();
    known.map(|(outlook, actual)| combined_error(outlook, weights, actual, &mut path)).sum()
}

/// `path` is overwritten.
fn combined_error(outlook: &Outlook, weights: &[f64; COUNT], actual: &[f64], path: &mut Vec<f64>) -> f64 {
    path.resize(outlook.horizon, 0.0);
    outlook.combine_into(weights, path);
    absolute_error(path.iter().copied(), actual)
}

fn best_pair(errors: &[f64; COUNT]) -> ([usize; 2], f64) {
    let [mut first, mut second] = [(0, f64::INFINITY); 2];
    for found in errors.iter().copied().enumerate() {
        if found.1 < first.1 {
            (first, second) = (found, first);
        } else if found.1 < second.1 {
            second = found;
        }
    }
    ([first.0, second.0], 0.5 * first.1 + 0.5 * second.1)
}

impl Losses {
    /// Sums the errors of outlooks, each with what happened. None without any.
    pub(crate) fn sum<'a>(
        known: impl Iterator<Item = (&'a Outlook, &'a [f64])>,
        weights: &[f64; COUNT],
    ) -> Option<Self> {
        let mut sum =
            Self { candidates: [0.0; COUNT], combined: 0.0, sold: 0.0, origins: 0, pair: ([0; 2], 0.0) };
        let mut path = Vec::new();
        known.for_each(|(outlook, actual)| sum.add(outlook, weights, actual, &mut path));
        sum.pair = best_pair(&sum.candidates);
        (sum.origins > 0).then_some(sum)
    }

    fn add(&mut self, outlook: &Outlook, weights: &[f64; COUNT], actual: &[f64], path: &mut Vec<f64>) {
        self.candidates.iter_mut().zip(outlook.errors(actual)).for_each(|(sum, error)| *sum += error);
        self.combined += combined_error(outlook, weights, actual, path);
        self.sold += actual.iter().filter(|a| !a.is_nan()).sum::<f64>();
        self.origins += 1;
    }

    /// Final weights of the series: the catalogue's, blended with its own pair where that was clearly better.
    pub(crate) fn blended(&self, weights: &[f64; COUNT], blend: Blend) -> Option<[f64; COUNT]> {
        self.is_own_better(blend).then(|| self.with_own(weights, blend.own))
    }

    /// Whether the series' own best pair was better by the margin.
    pub(crate) fn is_own_better(&self, blend: Blend) -> bool {
        let (_, loss) = self.pair;
        blend.own > 0.0 && self.combined > 0.0 && loss < (1.0 - blend.margin) * self.combined
    }

    /// Weights of which `own` is the series' own best pair.
    pub(crate) fn with_own(&self, weights: &[f64; COUNT], own: f64) -> [f64; COUNT] {
        let (pair, _) = self.pair;
        let mut blended = weights.map(|weight| (1.0 - own) * weight);
        for at in pair {
            if let Some(weight) = blended.get_mut(at) {
                *weight += own * 0.5;
            }
        }
        blended
    }

    /// Error of the (seasonal) naive forecast.
    pub(crate) fn naive(&self) -> f64 {
        self.candidates.get(NAIVE).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::experts::outlooks;
    use crate::forecast::shared::Shared;
    use crate::forecast::stack::DEFAULT;
    use crate::forecast::{Granularity, SeriesInput};

    #[test]
    fn a_pure_repetition_favours_the_seasonal_naive_method() {
        let history = (0..140).map(|t| [1.0, 9.0, 2.0, 30.0, 4.0, 0.0, 55.0][t % 7]).collect();
        let shared = Shared::default();
        let prepared = Prepared::new(&SeriesInput::new(history, Granularity::Day), 14, &shared);
        let cuts: Vec<usize> = cuts(&prepared, 14, 3).collect();
        let outlooks = outlooks(&prepared, &cuts, &shared, 14);
        let known = || outlooks.iter().map(|(cut, outlook)| (outlook, prepared.actual(*cut, 14)));
        let found = Losses::sum(known(), &DEFAULT).unwrap();
        assert_eq!((found.origins, found.naive()), (3, 0.0));
        let (pair, loss) = found.pair;
        assert!(pair.contains(&NAIVE) && loss < found.combined);
        assert!((error_of(known(), &DEFAULT) - found.combined).abs() < 1e-9);
        let doubled = DEFAULT.map(|weight| 2.0 * weight);
        assert!(
            (error_of(known(), &doubled) - found.combined).abs() > 1.0,
            "the error of the weights that are given"
        );
        assert!(found.blended(&DEFAULT, Blend { own: 0.5, margin: 0.1 }).is_some());
        assert!(found.blended(&DEFAULT, Blend { own: 0.0, margin: 0.1 }).is_none());
    }

    #[test]
    fn a_short_series_has_no_back_test() {
        let shared = Shared::default();
        let prepared = Prepared::new(&SeriesInput::new(vec![1.0; 10], Granularity::Week), 4, &shared);
        assert_eq!(cuts(&prepared, 4, 3).count(), 0);
        assert!(Losses::sum(std::iter::empty(), &DEFAULT).is_none());
    }
}
