//! Learning demand: products lean on their category, categories on the store, as far as the data says they are alike.

use super::fit::{LEAST, Product, Within};
use super::forgetting::Forgetting;
use super::history::{ProductHistory, TrainConfig};
use super::importance::importance;
use super::linear::Gram;
use super::model::{Calibration, Coefficients, Findings, PriceModel, PriceReport};
use super::shrinkage::{pooled, posterior, pseudo_weeks, store_prior};
use super::uncertainty::Uncertainty;
use crate::data::terms::Effects;
use crate::forecast::parallel;
use crate::model_file::nine_decimals;
use indexmap::IndexMap;
use meschain_base::{Error, Progress, Result};

/// Passes of reweighting and shrinkage of a full training.
const PASSES: usize = 4;
/// Weeks held out at the end of each product for the report.
const HELD_OUT: usize = 12;
/// Fewest product weeks with price changes.
const FEWEST: u64 = 30;
/// Everything learned on the way.
pub(super) struct Fit {
    pub products: Vec<Product>,
    within: Vec<Within>,
    groups: IndexMap<u64, Vec<f64>>,
    store: Vec<f64>,
    pub effects: IndexMap<i32, f64>,
    pub dispersion: f64,
    noise: f64,
    forgetting: Forgetting,
    /// Prior precision at unit noise for a product within its category.
    prior: Vec<f64>,
    /// [`pseudo_weeks`] of each coefficient.
    category_weeks: Vec<f64>,
    /// Whether dispersion and `category_weeks` are found here.
    is_searched: bool,
    /// How many of the last coefficients are those of past prices.
    pub past: usize,
}

impl PriceModel {
    /// Learns the demand of every product with at least one week. Progress: stage `demand`.
    ///
    /// Fails with [`Error::NotEnoughData`] when fewer than 30 product weeks have a price that differs within its product.
    pub fn train(
        products: &[ProductHistory],
        config: &TrainConfig,
        threads: usize,
        progress: &Progress,
    ) -> Result<Self> {
        Self::learn(products, config, None, threads, progress)
    }

    /// Learns anew from today's weeks and keeps the dispersion and the pull of categories that this model found; passes begin at its
    /// categories' coefficients, so that half of them are enough. A model that does not say what it found is no help: then as
    /// [`PriceModel::train`].
    pub fn update(
        &self,
        products: &[ProductHistory],
        config: &TrainConfig,
        threads: usize,
        progress: &Progress,
    ) -> Result<Self> {
        Self::learn(products, config, self.start(config), threads, progress)
    }

    /// The elasticity that the products of a store have in common, for guesses at its data. Fails as [`PriceModel::train`] does.
    pub fn store_elasticity(
        products: &[ProductHistory],
        config: &TrainConfig,
        threads: usize,
        progress: &Progress,
    ) -> Result<f64> {
        check(products, config)?;
        progress.stage("demand", PASSES as u64 * products.len() as u64)?;
        let fit = fit(products, config, None, Forgetting::default(), threads, progress)?;
        Ok(fit.store.first().copied().unwrap_or(LEAST))
    }

    fn learn(
        products: &[ProductHistory],
        config: &TrainConfig,
        start: Option<Start<'_>>,
        threads: usize,
        progress: &Progress,
    ) -> Result<Self> {
        check(products, config)?;
        progress.stage("demand", 2 * passes(start) as u64 * products.len() as u64)?;
        let (report, forgetting) = evaluate(products, config, start, threads, progress)?;
        let fit = fit(products, config, start, forgetting, threads, progress)?;
        let findings = Findings {
            report,
            importance: importance(&fit, &config.covariates),
            calibration: Some(fit.calibration()),
            terms: Effects::default(),
        };
        Ok(Self::new((config.covariates.clone(), config.past()), coefficients(&fit), findings, config.seed))
    }
}

fn check(products: &[ProductHistory], config: &TrainConfig) -> Result<()> {
    products.iter().try_for_each(|product| product.check(config.covariates.len()))?;
    let moved = |product: &ProductHistory| {
        let first = product.weeks.first().map_or(0.0, |week| week.price);
        product.weeks.iter().filter(|week| (week.price / first - 1.0).abs() > 0.005).count() as u64
    };
    let found: u64 = products.iter().map(moved).sum();
    if found < FEWEST {
        let (what, unit) = ("pricing", "product weeks with a changed price");
        return Err(Error::NotEnoughData { what, unit, needed: FEWEST, found });
    }
    Ok(())
}

/// Where the passes begin, and what is not searched for.
#[derive(Clone, Copy)]
pub(super) struct Start<'a> {
    pub model: &'a PriceModel,
    pub calibration: &'a Calibration,
}

/// Passes of reweighting and shrinkage.
fn passes(start: Option<Start<'_>>) -> usize {
    if start.is_some() { PASSES / 2 } else { PASSES }
}

fn fit(
    histories: &[ProductHistory],
    config: &TrainConfig,
    start: Option<Start<'_>>,
    forgetting: Forgetting,
    threads: usize,
    progress: &Progress,
) -> Result<Fit> {
    let size = 1 + config.covariates.len() + config.past();
    let known = histories.iter().filter(|history| !history.weeks.is_empty());
    let mut products: Vec<Product> =
        known.map(|history| Product::new(history, size, config.past())).collect();
    if let Some(start) = start {
        products.iter_mut().for_each(|product| product.begin_at(start.model.shared(product.group)));
    }
    let mut fit = Fit {
        within: Vec::new(),
        products,
        groups: IndexMap::new(),
        store: vec![0.0; size],
        effects: IndexMap::new(),
        dispersion: start.map_or(0.1, |start| start.calibration.dispersion),
        noise: 1.0,
        forgetting,
        prior: vec![1.0; size],
        category_weeks: start.map_or_else(Vec::new, |start| start.calibration.category_weeks.clone()),
        is_searched: start.is_none(),
        past: config.past(),
    };
    for _ in 0..passes(start) {
        let (effects, dispersion) = (&fit.effects, fit.dispersion);
        fit.within = parallel::map(&fit.products, threads, progress, |product| {
            Ok(product.within(effects, dispersion))
        })?;
        fit.shrink();
        fit.relevel(forgetting);
        if config.week_effects {
            fit.effects = week_effects(&fit.products, dispersion);
        }
        if fit.is_searched {
            fit.dispersion = measured_dispersion(&fit.products, &fit.effects);
        }
    }
    fit.relevel(forgetting);
    Ok(fit)
}

impl Fit {
    /// Sets all levels by today's coefficients and week effects.
    fn relevel(&mut self, forgetting: Forgetting) {
        self.forgetting = forgetting;
        for product in &mut self.products {
            product.relevel(forgetting, &self.effects, self.dispersion);
        }
    }

    /// Empirical Bayes: the spread of coefficients between products beyond their noise (DerSimonian and Laird 1986) sets how
    /// strongly products are drawn to their category and categories to the store.
    fn shrink(&mut self) {
        let size = self.store.len();
        let all = pooled(self.within.iter(), size);
        let Some(store) = all.gram.plus(&store_prior(&all, self.past)).solve(&all.right) else { return };
        let freedom: f64 = self.within.iter().map(|within| (within.weeks - 1.0).max(0.0)).sum();
        let explained = super::linear::dot(&store, &all.right);
        let noise = ((all.squares - explained) / freedom.max(1.0)).max(1e-6);
        self.store = negative(store);
        self.noise = noise;
        // Evidence of one average week on each coefficient.
        let week: Vec<f64> = all.gram.diagonals().iter().map(|d| d / all.weeks.max(1.0)).collect();
        if self.is_searched {
            self.category_weeks = pseudo_weeks(&self.within, &self.store, noise, self.past);
        }
        let pseudo = &self.category_weeks;
        self.prior = week.iter().zip(pseudo).map(|(week, pseudo)| (week * pseudo).max(1e-9)).collect();
        let prior = Gram::diagonal(&self.prior);
        let mut members: IndexMap<u64, Vec<&Within>> = IndexMap::new();
        for (product, within) in self.products.iter().zip(&self.within) {
            members.entry(product.group).or_default().push(within);
        }
        self.groups = members
            .into_iter()
            .map(|(group, members)| {
                let sum = pooled(members.into_iter(), size);
                let own = posterior(&sum, &prior, &self.store).unwrap_or_else(|| self.store.clone());
                (group, negative(own))
            })
            .collect();
        for (product, within) in self.products.iter_mut().zip(&self.within) {
            let towards = self.groups.get(&product.group).unwrap_or(&self.store);
            product.coefficients =
                negative(posterior(within, &prior, towards).unwrap_or_else(|| towards.clone()));
        }
    }

    /// Variance of elasticities between the products of a category.
    fn between(&self) -> f64 {
        self.prior.first().map_or(0.0, |precision| self.noise / precision)
    }

    fn calibration(&self) -> Calibration {
        Calibration {
            dispersion: nine_decimals(self.dispersion),
            noise: nine_decimals(self.noise),
            between: nine_decimals(self.between()),
            category_weeks: self.category_weeks.iter().copied().map(nine_decimals).collect(),
            forgetting: self.forgetting.0,
        }
    }
}

fn negative(mut coefficients: Vec<f64>) -> Vec<f64> {
    if let Some(elasticity) = coefficients.first_mut() {
        *elasticity = elasticity.clamp(-12.0, LEAST);
    }
    coefficients
}

/// What all products share in a week, shrunk by the weight of five average product weeks, mean zero.
fn week_effects(products: &[Product], dispersion: f64) -> IndexMap<i32, f64> {
    let mut sums: IndexMap<i32, (f64, f64, f64)> = IndexMap::new();
    for (week, left, weight) in products.iter().flat_map(|product| product.residuals(dispersion)) {
        let entry = sums.entry(week).or_default();
        entry.0 += weight * left;
        entry.1 += weight;
        entry.2 += 1.0;
    }
    let (weight, count) =
        sums.values().fold((0.0, 0.0), |(w, n), (_, weight, count)| (w + weight, n + count));
    let pseudo = 5.0 * weight / f64::max(count, 1.0);
    let mut effects: IndexMap<i32, f64> =
        sums.into_iter().map(|(week, (sum, weight, _))| (week, sum / (weight + pseudo).max(1e-12))).collect();
    let mean = effects.values().sum::<f64>() / effects.len().max(1) as f64;
    effects.values_mut().for_each(|effect| *effect -= mean);
    effects
}

/// Dispersion by moments: how much the squared errors exceed the Poisson variance, relative to the squared mean.
fn measured_dispersion(products: &[Product], effects: &IndexMap<i32, f64>) -> f64 {
    let (mut excess, mut squares) = (0.0, 0.0);
    for product in products {
        let rows = product.rows.chunks_exact(product.size.max(1));
        for ((row, units), week) in rows.zip(&product.units).zip(&product.weeks) {
            let log = product.level
                + super::linear::dot(row, &product.coefficients)
                + effects.get(week).copied().unwrap_or(0.0);
            let mean = log.clamp(-7.0, 30.0).exp();
            // One share a product week, so that a few huge sellers do not decide for all.
            let scale = mean.max(1.0).powi(2);
            excess += (((units - mean).powi(2) - mean) / scale).min(9.0);
            squares += mean * mean / scale;
        }
    }
    (excess / f64::max(squares, 1e-9)).clamp(0.001, 2.0)
}

fn coefficients(fit: &Fit) -> Vec<Coefficients> {
    let prior = Gram::diagonal(&fit.prior);
    let places = fit.products.iter().map(|product| product.group);
    let placed: Vec<(u64, &Within)> = places.zip(&fit.within).collect();
    let uncertainty = Uncertainty::new(&prior, fit.noise, fit.between(), fit.past, &placed);
    let group = |(group, values): (&u64, &Vec<f64>)| {
        Coefficients::shared(Some(*group), values, uncertainty.of_group(*group))
    };
    let mut rows: Vec<Coefficients> = vec![Coefficients::shared(None, &fit.store, uncertainty.of_store())];
    rows.extend(fit.groups.iter().map(group));
    let newest = fit.products.iter().filter_map(|product| product.weeks.last()).max().copied().unwrap_or(0);
    for (product, within) in fit.products.iter().zip(&fit.within) {
        let variance = uncertainty.of_product(product.group, within);
        rows.push(Coefficients::product(product, variance, newest));
    }
    rows
}

/// Learns without the last weeks of each product and predicts them. The weeks before those choose how fast levels forget, unless the
/// start brings it along.
fn evaluate(
    products: &[ProductHistory],
    config: &TrainConfig,
    start: Option<Start<'_>>,
    threads: usize,
    progress: &Progress,
) -> Result<(PriceReport, Forgetting)> {
    let shortened: Vec<ProductHistory> = products
        .iter()
        .map(|product| {
            let kept = product.weeks.len().saturating_sub(HELD_OUT.min(product.weeks.len() / 3));
            let weeks = product.weeks.iter().take(kept).cloned().collect();
            ProductHistory { weeks, ..*product }
        })
        .collect();
    let kept = start.map(|start| Forgetting(start.calibration.forgetting));
    let mut fit = fit(&shortened, config, start, kept.unwrap_or_default(), threads, progress)?;
    if kept.is_none() {
        fit.relevel(Forgetting::chosen(&fit.products, &fit.effects, fit.dispersion));
    }
    let forgetting = fit.forgetting;
    let model = PriceModel::new(
        (config.covariates.clone(), config.past()),
        coefficients(&fit),
        Findings::default(),
        config.seed,
    );
    let mut report = PriceReport { products: products.len() as u64, ..PriceReport::default() };
    let (mut error, mut naive, mut sold) = (0.0, 0.0, 0.0);
    for (product, known) in products.iter().zip(&shortened) {
        let recent = known.weeks.len().saturating_sub(8);
        let last: Vec<f64> = known.weeks.iter().skip(recent).map(|week| week.units).collect();
        let mean = last.iter().sum::<f64>() / last.len().max(1) as f64;
        for (at, week) in product.weeks.iter().enumerate().skip(known.weeks.len()) {
            error += (model.predict(product.id, week, product.prices_before(at)) - week.units).abs();
            naive += (mean - week.units).abs();
            sold += week.units;
            report.held_out += 1;
        }
    }
    if sold > 0.0 {
        (report.wape, report.baseline_wape) = (error / sold, naive / sold);
    } else {
        report.held_out = 0;
    }
    Ok((report, forgetting))
}
