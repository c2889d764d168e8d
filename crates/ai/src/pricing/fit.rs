//! The demand of one product: log-linear in the log price and the covariates, within the product.

use super::forgetting::Forgetting;
use super::history::ProductHistory;
use super::level::{Left, middle};
use super::linear::{Gram, dot};
use indexmap::IndexMap;

/// Expected units of a week from which the logarithm of what sold does not lean.
const FEW: f64 = 8.0;
/// Most that a week may be above what was expected, in units of that. Chosen on sample shops by the error of held-out weeks: without
/// a bound single weeks decide, at 3 and less elasticities are overstated.
const MOST_SURPRISE: f64 = 4.0;
/// Least elasticity: demand never rises with the price.
pub(crate) const LEAST: f64 = -0.1;

/// Takes the mean row off each row of `size` values, and says it.
fn less_means(rows: &mut [f64], size: usize) -> Vec<f64> {
    let mut means = vec![0.0; size];
    let count = (rows.len() / size.max(1)).max(1) as f64;
    for row in rows.chunks_exact(size.max(1)) {
        means.iter_mut().zip(row).for_each(|(mean, value)| *mean += value / count);
    }
    for row in rows.chunks_exact_mut(size.max(1)) {
        row.iter_mut().zip(&means).for_each(|(value, mean)| *value -= mean);
    }
    means
}

/// Logs of a product's weeks.
#[derive(Debug, Clone)]
pub(crate) struct Product {
    pub id: u64,
    pub group: u64,
    /// Rows of `size` regressors, less `means`: log price, the covariates, then the logs of the prices before over this one.
    pub rows: Vec<f64>,
    /// The product's mean regressors. Rows are beside them, so that no currency and no measure moves what the fit bounds.
    means: Vec<f64>,
    pub units: Vec<f64>,
    pub weeks: Vec<i32>,
    pub size: usize,
    /// Current coefficients and level (mean log demand at mean regressors).
    pub coefficients: Vec<f64>,
    pub level: f64,
}

/// Cross products within a product (all variables less their weighted means).
#[derive(Debug, Clone)]
pub(crate) struct Within {
    pub gram: Gram,
    pub right: Vec<f64>,
    pub squares: f64,
    pub weight: f64,
    pub weeks: f64,
}

impl Product {
    pub(crate) fn new(history: &ProductHistory, size: usize, past: usize) -> Self {
        let regressors = |(at, week): (usize, &super::PriceWeek)| {
            let log = week.price.ln();
            let before = history.prices_before(at).into_iter().take(past).map(move |price| price.ln() - log);
            let covariates: Vec<f64> = week.covariates.iter().map(|v| f64::from(*v)).collect();
            std::iter::once(log).chain(covariates).chain(before)
        };
        let units: Vec<f64> = history.weeks.iter().map(|week| week.units).collect();
        let mean = units.iter().sum::<f64>() / units.len().max(1) as f64;
        let mut rows: Vec<f64> = history.weeks.iter().enumerate().flat_map(regressors).collect();
        let means = less_means(&mut rows, size);
        Self {
            id: history.id,
            group: history.group,
            rows,
            means,
            units,
            weeks: history.weeks.iter().map(|week| week.week).collect(),
            size,
            coefficients: vec![0.0; size],
            level: mean.max(0.05).ln(),
        }
    }

    /// Begins at these coefficients.
    pub(crate) fn begin_at(&mut self, coefficients: Option<&[f64]>) {
        let Some(coefficients) = coefficients.filter(|known| known.len() == self.size) else { return };
        self.coefficients = coefficients.to_vec();
    }

    /// Mean log demand at zero regressors.
    pub(crate) fn level_at_zero(&self) -> f64 {
        self.level - dot(&self.means, &self.coefficients)
    }

    /// Rows, working responses and weights of a quasi-likelihood with variance mean + `dispersion` mean squared (Wedderburn 1974):
    /// Poisson for slow movers, constant relative noise for fast ones; zero weeks need no invented logarithm. `response` makes the
    /// response out of units, their mean and its logarithm.
    fn responses<'a>(
        &'a self,
        effects: &'a IndexMap<i32, f64>,
        dispersion: f64,
        response: impl Fn(f64, f64, f64) -> f64 + 'a,
    ) -> impl Iterator<Item = (&'a [f64], f64, f64)> + 'a {
        let rows = self.rows.chunks_exact(self.size.max(1));
        rows.zip(&self.units).zip(&self.weeks).map(move |((row, units), week)| {
            let effect = effects.get(week).copied().unwrap_or(0.0);
            let log = (self.level + dot(row, &self.coefficients) + effect).clamp(-7.0, 30.0);
            let mean = log.exp();
            (row, response(*units, mean, log) - effect, mean / (1.0 + dispersion * mean))
        })
    }

    /// For levels, effects and residuals, which are not to follow a week far above the mean: it counts by its logarithm.
    pub(super) fn working<'a>(
        &'a self,
        effects: &'a IndexMap<i32, f64>,
        dispersion: f64,
    ) -> impl Iterator<Item = (&'a [f64], f64, f64)> + 'a {
        let robust =
            |units: f64, mean: f64, log| if units > mean { units.ln() } else { log + (units - mean) / mean };
        self.responses(effects, dispersion, robust)
    }

    /// For slopes. The logarithm of small counts leans low, the more the fewer are expected, which a slope takes for elasticity:
    /// below [`FEW`] expected units the response is linear and held at [`MOST_SURPRISE`].
    fn unbiased<'a>(
        &'a self,
        effects: &'a IndexMap<i32, f64>,
        dispersion: f64,
    ) -> impl Iterator<Item = (&'a [f64], f64, f64)> + 'a {
        let unbiased = |units: f64, mean: f64, log| {
            if units > mean && mean > FEW {
                units.ln()
            } else {
                log + ((units - mean) / mean).min(MOST_SURPRISE)
            }
        };
        self.responses(effects, dispersion, unbiased)
    }

    pub(crate) fn within(&self, effects: &IndexMap<i32, f64>, dispersion: f64) -> Within {
        let (mut weight, mut response) = (0.0, 0.0);
        let mut means = vec![0.0; self.size];
        for (row, value, w) in self.unbiased(effects, dispersion) {
            weight += w;
            response += w * value;
            means.iter_mut().zip(row).for_each(|(mean, x)| *mean += w * x);
        }
        let total = weight.max(f64::MIN_POSITIVE);
        means.iter_mut().for_each(|mean| *mean /= total);
        response /= total;
        let mut gram = Gram::zero(self.size);
        let mut right = vec![0.0; self.size];
        let mut squares = 0.0;
        for (row, value, w) in self.unbiased(effects, dispersion) {
            let centred: Vec<f64> = row.iter().zip(&means).map(|(x, mean)| x - mean).collect();
            gram.add(&centred, w);
            right.iter_mut().zip(&centred).for_each(|(sum, x)| *sum += w * x * (value - response));
            squares += w * (value - response).powi(2);
        }
        Within { gram, right, squares, weight, weeks: self.units.len() as f64 }
    }

    /// Sets the level to what [`Self::level_after`] all weeks says.
    pub(crate) fn relevel(&mut self, forgetting: Forgetting, effects: &IndexMap<i32, f64>, dispersion: f64) {
        let level = self.level_after(self.units.len(), forgetting, effects, dispersion);
        self.level = level.unwrap_or(self.level);
    }

    /// Whether counts are so small that their medians are coarse.
    pub(crate) fn is_slow(&self) -> bool {
        self.units.iter().sum::<f64>() < 3.0 * self.units.len() as f64
    }

    /// The level after the first `weeks`: the mean of two middles of what the coefficients leave over, which forget at different speeds; for slow movers
    /// the ratio of sales to what the coefficients expect.
    pub(crate) fn level_after(
        &self,
        weeks: usize,
        forgetting: Forgetting,
        effects: &IndexMap<i32, f64>,
        dispersion: f64,
    ) -> Option<f64> {
        if self.is_slow() {
            return self.ratio(weeks, effects);
        }
        let mut left: Vec<Left> = self
            .working(effects, dispersion)
            .take(weeks)
            .zip((0..weeks).rev())
            .map(|((row, value, weight), ago)| {
                let value = value - dot(row, &self.coefficients);
                Left { value, weight, weeks_ago: ago as f64 }
            })
            .collect();
        left.sort_by(|a, b| a.value.total_cmp(&b.value));
        let [remembering, following] = forgetting.0.map(|fall| middle(&left, fall));
        Some(f64::midpoint(remembering?, following?).clamp(-12.0, 40.0))
    }

    fn ratio(&self, weeks: usize, effects: &IndexMap<i32, f64>) -> Option<f64> {
        let rows = self.rows.chunks_exact(self.size.max(1)).zip(&self.weeks).take(weeks);
        let expected = |(row, week): (&[f64], &i32)| {
            (dot(row, &self.coefficients) + effects.get(week).unwrap_or(&0.0)).clamp(-40.0, 40.0).exp()
        };
        let expected: f64 = rows.map(expected).sum();
        let sold = self.units.iter().take(weeks).sum::<f64>();
        (expected > 0.0).then(|| (sold.max(0.05) / expected).ln().clamp(-60.0, 60.0))
    }

    /// Prediction error in logs of each week, with its weight: what week effects are made of.
    pub(crate) fn residuals<'a>(&'a self, dispersion: f64) -> impl Iterator<Item = (i32, f64, f64)> + 'a {
        static NONE: std::sync::LazyLock<IndexMap<i32, f64>> = std::sync::LazyLock::new(IndexMap::new);
        let working = self.working(&NONE, dispersion).zip(&self.weeks);
        working.map(|((row, value, weight), week)| {
            (*week, value - self.level - dot(row, &self.coefficients), weight)
        })
    }

    /// Number of clearly different prices (1 % apart).
    pub(crate) fn price_levels(&self) -> u32 {
        let mut logs: Vec<f64> =
            self.rows.chunks_exact(self.size.max(1)).filter_map(|row| row.first()).copied().collect();
        logs.sort_by(f64::total_cmp);
        let mut levels = 0;
        let mut last = f64::NEG_INFINITY;
        for log in logs {
            if log - last > 0.01 {
                levels += 1;
                last = log;
            }
        }
        levels
    }
}
