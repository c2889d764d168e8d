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
pub(crate) fn error_of<'a>(known: impl Iterator<Item = (&'a Outlook, &'a [f64])>, weights: &[f64]) -> f64 {
    let mut path = Vec::new();
    known.map(|(outlook, actual)| combined_error(outlook, weights, actual, &mut path)).sum()
}

/// `path` is overwritten.
fn combined_error(outlook: &Outlook, weights: &[f64], actual: &[f64], path: &mut Vec<f64>) -> f64 {
    outlook.combine_into(weights, path);
    absolute_error(path.iter().copied(), actual)
}

impl Losses {
    /// Sums the errors of outlooks, each with what happened. None without any.
    pub(crate) fn sum<'a>(
        known: impl Iterator<Item = (&'a Outlook, &'a [f64])>,
        weights: &[f64],
    ) -> Option<Self> {
        let mut sum = Self { candidates: [0.0; COUNT], combined: 0.0, sold: 0.0, origins: 0 };
        let mut path = Vec::new();
        known.for_each(|(outlook, actual)| sum.add(outlook, weights, actual, &mut path));
        (sum.origins > 0).then_some(sum)
    }

    fn add(&mut self, outlook: &Outlook, weights: &[f64], actual: &[f64], path: &mut Vec<f64>) {
        outlook.each(|at, said| {
            if let Some(sum) = self.candidates.get_mut(at) {
                *sum += said.error(actual);
            }
        });
        self.combined += combined_error(outlook, weights, actual, path);
        self.sold += actual.iter().filter(|a| !a.is_nan()).sum::<f64>();
        self.origins += 1;
    }

    /// The two candidates with the smallest error (the earlier ones of equals), and the mean of their errors.
    pub(crate) fn best_pair(&self) -> ([usize; 2], f64) {
        let [mut first, mut second] = [(0, f64::INFINITY); 2];
        for found in self.candidates.iter().copied().enumerate() {
            if found.1 < first.1 {
                (first, second) = (found, first);
            } else if found.1 < second.1 {
                second = found;
            }
        }
        ([first.0, second.0], 0.5 * first.1 + 0.5 * second.1)
    }

    /// Final weights of the series: the catalogue's, blended with its own pair where that was clearly better.
    pub(crate) fn blended(&self, weights: &[f64], blend: Blend) -> Option<[f64; COUNT]> {
        let (pair, loss) = self.best_pair();
        let better = blend.own > 0.0 && self.combined > 0.0 && loss < (1.0 - blend.margin) * self.combined;
        let mut blended = [0.0; COUNT];
        for (at, (blended, weight)) in blended.iter_mut().zip(weights).enumerate() {
            let own = if pair.contains(&at) { blend.own * 0.5 } else { 0.0 };
            *blended = (1.0 - blend.own) * weight + own;
        }
        better.then_some(blended)
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
        let (pair, loss) = found.best_pair();
        assert!(pair.contains(&NAIVE) && loss < found.combined);
        assert!((error_of(known(), &DEFAULT) - found.combined).abs() < 1e-9);
        let doubled: Vec<f64> = DEFAULT.iter().map(|weight| 2.0 * weight).collect();
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
