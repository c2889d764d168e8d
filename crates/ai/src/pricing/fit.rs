//! The demand of one product: log-linear in the log price and the covariates, within the product.

use super::forgetting::Forgetting;
use super::history::ProductHistory;
use super::level::{Left, middle};
use super::linear::dot;
use super::noise::Noise;
use super::price_index::PriceIndex;
use super::response;
use super::week_effects::WeekEffects;

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
    /// Rows of `size` regressors, less `means`: log price in today's money, the covariates, then the logs of the prices before over this one.
    pub rows: Vec<f64>,
    /// The product's mean regressors. Rows are beside them, so that no currency and no measure moves what the fit bounds.
    means: Vec<f64>,
    pub units: Vec<f64>,
    pub weeks: Vec<i32>,
    pub size: usize,
    /// Number of clearly different prices that somebody paid; those of weeks without sales may be guesses.
    pub price_levels: u32,
    /// Current coefficients and level (mean log demand at mean regressors).
    pub coefficients: Vec<f64>,
    pub level: f64,
    /// The level of each week where it bends; empty where it does not.
    pub course: Vec<f64>,
}

impl Product {
    pub(crate) fn new(history: &ProductHistory, size: usize, past: usize, index: &PriceIndex) -> Self {
        let regressors = |(at, week): (usize, &super::PriceWeek)| {
            let log = week.price.ln();
            let before = history.prices_before(at).into_iter().take(past).map(move |price| price.ln() - log);
            let covariates: Vec<f64> = week.covariates.iter().map(|v| f64::from(*v)).collect();
            std::iter::once(log - index.at(week.week)).chain(covariates).chain(before)
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
            price_levels: price_levels(history),
            coefficients: vec![0.0; size],
            level: mean.max(0.05).ln(),
            course: Vec::new(),
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
    pub(super) fn responses<'a>(
        &'a self,
        effects: &'a WeekEffects,
        dispersion: f64,
        response: impl Fn(f64, f64, f64) -> f64 + 'a,
    ) -> impl Iterator<Item = (&'a [f64], f64, f64)> + 'a {
        let rows = self.rows.chunks_exact(self.size.max(1));
        let effects = effects.of_category(self.group);
        rows.zip(&self.units).zip(&self.weeks).enumerate().map(move |(at, ((row, units), week))| {
            let effect = effects.at(*week);
            let log = (self.level_in(at) + dot(row, &self.coefficients) + effect).clamp(-7.0, 30.0);
            let mean = log.exp();
            (row, response(*units, mean, log) - effect, mean / (1.0 + dispersion * mean))
        })
    }

    /// The level at the week of this place.
    pub(super) fn level_in(&self, at: usize) -> f64 {
        self.course.get(at).copied().unwrap_or(self.level)
    }

    /// Responses less what the coefficients say.
    pub(super) fn less_coefficients<'a>(
        &'a self,
        responses: impl Iterator<Item = (&'a [f64], f64, f64)> + 'a,
    ) -> impl Iterator<Item = (&'a [f64], f64, f64)> + 'a {
        responses.map(|(row, value, weight)| (row, value - dot(row, &self.coefficients), weight))
    }

    /// For levels, effects and residuals.
    pub(super) fn working<'a>(
        &'a self,
        effects: &'a WeekEffects,
        dispersion: f64,
    ) -> impl Iterator<Item = (&'a [f64], f64, f64)> + 'a {
        self.responses(effects, dispersion, response::robust)
    }

    /// For slopes.
    pub(super) fn of_slopes<'a>(
        &'a self,
        effects: &'a WeekEffects,
        noise: &Noise,
    ) -> impl Iterator<Item = (&'a [f64], f64, f64)> + 'a {
        let Noise { dispersion, bite, .. } = *noise;
        let response = move |units, mean, log| response::of_slopes(units, mean, log, dispersion, bite);
        self.responses(effects, dispersion, response)
    }

    /// Sets the level to what [`Self::level_after`] all weeks says.
    pub(crate) fn relevel(&mut self, forgetting: Forgetting, effects: &WeekEffects, dispersion: f64) {
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
        effects: &WeekEffects,
        dispersion: f64,
    ) -> Option<f64> {
        if self.is_slow() {
            return self.ratio(weeks, effects);
        }
        let mut left: Vec<Left> = self
            .less_coefficients(self.working(effects, dispersion))
            .take(weeks)
            .zip((0..weeks).rev())
            .map(|((_, value, weight), ago)| Left { value, weight, weeks_ago: ago as f64 })
            .collect();
        left.sort_by(|a, b| a.value.total_cmp(&b.value));
        let [remembering, following] = forgetting.0.map(|fall| middle(&left, fall));
        Some(f64::midpoint(remembering?, following?).clamp(-12.0, 40.0))
    }

    fn ratio(&self, weeks: usize, effects: &WeekEffects) -> Option<f64> {
        let rows = self.rows.chunks_exact(self.size.max(1)).zip(&self.weeks).take(weeks);
        let effects = effects.of_category(self.group);
        let expected = |(row, week): (&[f64], &i32)| {
            (dot(row, &self.coefficients) + effects.at(*week)).clamp(-40.0, 40.0).exp()
        };
        let expected: f64 = rows.map(expected).sum();
        let sold = self.units.iter().take(weeks).sum::<f64>();
        (expected > 0.0).then(|| (sold.max(0.05) / expected).ln().clamp(-60.0, 60.0))
    }

    /// Prediction error in logs of each week, with its weight: what week effects are made of.
    pub(crate) fn residuals<'a>(&'a self, dispersion: f64) -> impl Iterator<Item = (i32, f64, f64)> + 'a {
        static NONE: std::sync::LazyLock<WeekEffects> = std::sync::LazyLock::new(WeekEffects::default);
        let left = self.less_coefficients(self.working(&NONE, dispersion)).zip(&self.weeks).enumerate();
        left.map(|(at, ((_, value, weight), week))| (*week, value - self.level_in(at), weight))
    }
}

/// Number of prices, 1 % apart, of weeks with sales.
fn price_levels(history: &ProductHistory) -> u32 {
    let paid = history.weeks.iter().filter(|week| week.units > 0.0);
    let mut logs: Vec<f64> = paid.map(|week| week.price.ln()).collect();
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
