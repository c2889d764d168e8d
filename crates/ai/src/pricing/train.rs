//! Learning demand: products lean on their category, categories on the store, as far as the data says they are alike.

use super::common::Common;
use super::fit::{LEAST, Product};
use super::forgetting::Forgetting;
use super::group_price::{BRAND_PRICE, CATEGORY_PRICE};
use super::hierarchy::Hierarchy;
use super::history::{ProductHistory, TrainConfig};
use super::importance::importance;
use super::linear::dot;
use super::model::{Calibration, Coefficients, Findings, PriceModel, PriceReport};
use super::noise::Noise;
use super::shrinkage::{Pull, of_store, precisions, pseudo_weeks};
use super::spread::{Estimate, Spread};
use super::week_effects::WeekEffects;
use super::within::{Own, Within};
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
    /// Variance of each product's elasticity.
    variances: Vec<f64>,
    pub within: Vec<Within>,
    shared: Hierarchy,
    pub effects: WeekEffects,
    pub noise: Noise,
    /// Variance that nothing explains, at unit weight.
    unexplained: f64,
    forgetting: Forgetting,
    pull: Pull,
    /// Whether noise and pull are found here.
    is_searched: bool,
    /// How many of the last coefficients are those of past prices.
    pub past: usize,
    /// Which ones are those of the prices of categories and brands.
    groups: Vec<usize>,
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

    /// Learns anew from today's weeks and keeps the dispersion, its drift and the pull of categories that this model found; passes begin at its
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

    /// As [`PriceModel::train`], without what is held out for its report: for guesses at the data, to which its calibration says whether levels bend.
    pub fn sketch(
        products: &[ProductHistory],
        config: &TrainConfig,
        threads: usize,
        progress: &Progress,
    ) -> Result<Self> {
        check(products, config)?;
        progress.stage("demand", PASSES as u64 * products.len() as u64)?;
        let common = Common::of(products, config, None, threads)?;
        let fit = fit(products, &common, config, None, Forgetting::default(), threads, progress)?;
        let calibration = Some(fit.calibration());
        Ok(fit.model(config, Findings { calibration, index: common.index, ..Findings::default() }))
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
        let common = Common::of(products, config, start, threads)?;
        let (report, forgetting) = evaluate(products, &common, config, start, threads, progress)?;
        let fit = fit(products, &common, config, start, forgetting, threads, progress)?;
        let findings = Findings {
            report,
            importance: importance(&fit, &config.covariates),
            calibration: Some(fit.calibration()),
            terms: Effects::default(),
            index: common.index,
        };
        Ok(fit.model(config, findings))
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

/// Places of the coefficients of what categories and brands ask.
fn of_groups(config: &TrainConfig) -> Vec<usize> {
    let is_group = |name: &str| name == CATEGORY_PRICE || name == BRAND_PRICE;
    let places = config.covariates.iter().enumerate().filter(|(_, name)| is_group(name));
    places.map(|(at, _)| at + 1).collect()
}

/// Passes over `histories` until coefficients, levels, week effects and noise agree.
pub(super) fn fit(
    histories: &[ProductHistory],
    common: &Common,
    config: &TrainConfig,
    start: Option<Start<'_>>,
    forgetting: Forgetting,
    threads: usize,
    progress: &Progress,
) -> Result<Fit> {
    let size = 1 + config.covariates.len() + config.past();
    let known = histories.iter().filter(|history| !history.weeks.is_empty());
    let mut products: Vec<Product> =
        known.map(|history| Product::new(history, size, config.past(), &common.index)).collect();
    if let Some(start) = start {
        products.iter_mut().for_each(|product| product.begin_at(start.model.shared(product.group)));
    }
    let mut fit = Fit {
        variances: vec![Spread::default().products; products.len()],
        within: Vec::new(),
        products,
        shared: Hierarchy::nothing(size),
        effects: WeekEffects::default(),
        noise: start.map_or_else(
            || Noise { has_course: common.has_course, ..Noise::default() },
            |start| start.calibration.noise_of_weeks(),
        ),
        unexplained: 1.0,
        forgetting,
        pull: start.map_or_else(|| Pull::none(size), |start| start.calibration.pull()),
        is_searched: start.is_none(),
        past: config.past(),
        groups: of_groups(config),
    };
    for _ in 0..passes(start) {
        let (effects, noise) = (&fit.effects, &fit.noise);
        fit.within = parallel::map(&fit.products, threads, progress, |product| {
            Ok(Within::of(product, effects, noise))
        })?;
        fit.shrink();
        fit.relevel(forgetting);
        if config.week_effects {
            fit.effects = WeekEffects::of(&fit.products, fit.noise.dispersion);
        }
        fit.noise = if fit.is_searched {
            Noise::measured(&fit.products, &fit.effects, common.has_course)
        } else {
            fit.noise.biting(&fit.products, &fit.effects)
        };
        fit.follow();
    }
    fit.relevel(forgetting);
    Ok(fit)
}

impl Fit {
    /// Sets all levels by today's coefficients and week effects.
    fn relevel(&mut self, forgetting: Forgetting) {
        self.forgetting = forgetting;
        for product in &mut self.products {
            product.relevel(forgetting, &self.effects, self.noise.dispersion);
        }
    }

    /// Sets all courses.
    fn follow(&mut self) {
        self.products.iter_mut().for_each(|product| product.follow(&self.effects, &self.noise));
    }

    /// Empirical Bayes: how far coefficients lie apart beyond their noise sets how strongly products are drawn to their category and
    /// categories to the store.
    fn shrink(&mut self) {
        let size = self.pull.weeks.len();
        let all = Within::pooled(self.within.iter(), size);
        let Some(mut store) = of_store(&all, self.past) else { return };
        let freedom: f64 = self.within.iter().map(|within| (within.weeks - 1.0).max(0.0)).sum();
        let noise = ((all.squares - dot(&store, &all.right)) / freedom.max(1.0)).max(1e-6);
        store.iter_mut().take(1).for_each(|elasticity| *elasticity = negative(*elasticity));
        if self.is_searched {
            let spread = self.pull.spread;
            let weeks = pseudo_weeks(&self.within, &store, noise, self.past);
            self.pull = Pull { weeks, spread }.alike(&self.groups);
        }
        let others = precisions(&all, &self.pull.weeks);
        let mut categories: IndexMap<u64, Vec<Own>> = IndexMap::new();
        for (one, within) in self.products.iter().zip(&self.within) {
            categories.entry(one.group).or_default().extend(Own::of(within, &others, &store));
        }
        let owns = categories.values().flatten();
        self.unexplained = noise * Own::inflation(owns, noise, self.pull.spread.products);
        if self.is_searched {
            let week = all.gram.cells.first().copied().unwrap_or(0.0) / all.weeks.max(1.0);
            self.pull.with_spread(spread(&categories, self.unexplained), self.unexplained, week);
        }
        self.settle(&all);
    }

    /// Sets the coefficients of all levels.
    fn settle(&mut self, all: &Within) {
        let noise = self.unexplained;
        let priors = self.pull.priors(all, noise, self.past);
        let (shared, found) = Hierarchy::of(&self.products, &self.within, &priors, noise, negative);
        self.shared = shared;
        for ((one, variance), found) in self.products.iter_mut().zip(&mut self.variances).zip(found) {
            *variance = found.variance;
            one.coefficients = found.coefficients;
        }
    }

    fn calibration(&self) -> Calibration {
        Calibration {
            dispersion: nine_decimals(self.noise.dispersion),
            drift: self.noise.drift,
            has_course: self.noise.has_course,
            noise: nine_decimals(self.unexplained),
            between: nine_decimals(self.pull.spread.products),
            between_categories: nine_decimals(self.pull.spread.categories),
            category_weeks: self.pull.weeks.iter().copied().map(nine_decimals).collect(),
            forgetting: self.forgetting.0,
        }
    }

    fn model(&self, config: &TrainConfig, findings: Findings) -> PriceModel {
        let names = (config.covariates.clone(), config.past());
        PriceModel::new(names, self.coefficients(), findings, config.seed)
    }

    fn coefficients(&self) -> Vec<Coefficients> {
        let Spread { products, categories } = self.pull.spread;
        let store = &self.shared.store;
        // Of what training has not seen: what is shared, and how far it may lie from that.
        let unseen = store.variance() + categories + products;
        let mut rows = vec![Coefficients::shared(None, &store.coefficients, unseen)];
        rows.extend(self.shared.categories.iter().map(|(group, found)| {
            Coefficients::shared(Some(*group), &found.coefficients, found.variance() + products)
        }));
        let newest =
            self.products.iter().filter_map(|product| product.weeks.last()).max().copied().unwrap_or(0);
        let own = self.products.iter().zip(&self.variances);
        rows.extend(own.map(|(product, variance)| Coefficients::product(product, *variance, newest)));
        rows
    }
}

/// What the products' weeks say of how far elasticities lie apart.
fn spread(categories: &IndexMap<u64, Vec<Own>>, noise: f64) -> Spread {
    let estimate = |own: &Own| Estimate { value: own.value, variance: noise * own.variance };
    let estimates: Vec<Vec<Estimate>> =
        categories.values().map(|owns| owns.iter().map(estimate).collect()).collect();
    Spread::of(estimates.iter().map(Vec::as_slice))
}

fn negative(elasticity: f64) -> f64 {
    elasticity.clamp(-12.0, LEAST)
}

/// Learns without the last weeks of each product and predicts them. The weeks before those choose how fast levels forget, unless the
/// start brings it along.
fn evaluate(
    products: &[ProductHistory],
    common: &Common,
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
    let mut fit = fit(&shortened, common, config, start, kept.unwrap_or_default(), threads, progress)?;
    if kept.is_none() {
        fit.relevel(Forgetting::chosen(&fit.products, &fit.effects, fit.noise.dispersion));
    }
    let forgetting = fit.forgetting;
    let model = fit.model(config, Findings { index: common.index.clone(), ..Findings::default() });
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
