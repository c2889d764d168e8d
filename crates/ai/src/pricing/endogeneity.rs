//! Whether prices go along with the course of a product's own demand.

use super::common::Common;
use super::forgetting::Forgetting;
use super::history::{ProductHistory, TrainConfig};
use super::linear::dot;
use super::price_index::PriceIndex;
use super::shrinkage::{of_store, precision_of_store};
use super::train::{Fit, fit};
use super::within::Within;
use meschain_base::{Progress, Result};

/// Products that are asked at most, evenly, and fewest whose prices moved: of fewer, errors are not known.
const MOST_PRODUCTS: usize = 1_000;
const FEWEST_PRODUCTS: usize = 20;
/// By how many standard errors the store's elasticity must change. A course too many costs a percent of profit, one too few most of it.
const SURE: f64 = 2.5;
/// Coefficient of the next week's price from which on prices are held to answer sales, if it is so many standard errors besides.
const MOST_FEEDBACK: f64 = 0.2;
const LIKELY: f64 = 2.0;

/// Whether levels are to bend.
///
/// Where prices do not go along with the courses, the store's elasticity is the same with courses and without, and those that know of none
/// are the more exact (Hausman 1978; errors by product). Where it differs, a course is right, unless prices answer the sales of the weeks
/// before: a course bends after those too, and takes what comes back by itself for the price's doing. The price of the next week, which nobody
/// has seen, then seems to matter (Wooldridge, "Econometric analysis of cross section and panel data", 2010, section 10.7.1); an innovation
/// beside a steady level does not mind such prices.
pub(super) fn has_course(
    products: &[ProductHistory],
    index: &PriceIndex,
    config: &TrainConfig,
    threads: usize,
) -> Result<bool> {
    let step = products.len().div_ceil(MOST_PRODUCTS).max(1);
    let sample: Vec<ProductHistory> = products.iter().step_by(step).cloned().collect();
    let fitted = |sample: &[ProductHistory], config: &TrainConfig, has_course: bool| {
        let common = Common { index: index.clone(), has_course };
        fit(sample, &common, config, None, Forgetting::default(), threads, &Progress::silent())
    };
    let steady = fitted(&sample, config, false)?;
    if steady.within.iter().filter(|within| within.has_moved()).count() < FEWEST_PRODUCTS {
        return Ok(false);
    }
    let bent = fitted(&sample, config, true)?;
    let (Some(steady), Some(bent)) = (Pooled::of(&steady, 0), Pooled::of(&bent, 0)) else {
        return Ok(false);
    };
    if !bent.differs_from(&steady) {
        return Ok(false);
    }
    let (sample, config) = with_next_price(sample, config);
    let next = Pooled::of(&fitted(&sample, &config, true)?, config.covariates.len());
    Ok(next.is_some_and(|next| !next.is_feedback()))
}

/// Weeks with one more covariate, the last: by how much the next week is dearer, in logs.
fn with_next_price(
    mut sample: Vec<ProductHistory>,
    config: &TrainConfig,
) -> (Vec<ProductHistory>, TrainConfig) {
    for product in &mut sample {
        let logs: Vec<f64> = product.weeks.iter().map(|week| week.price.ln()).collect();
        let next = logs.iter().skip(1).chain(logs.last());
        for ((week, log), next) in product.weeks.iter_mut().zip(&logs).zip(next) {
            week.covariates.push((next - log) as f32);
        }
    }
    let mut config = config.clone();
    config.covariates.push("next_price".to_owned());
    (sample, config)
}

/// A coefficient that all products share, and by how much each of them moved it.
struct Pooled {
    value: f64,
    influences: Vec<f64>,
}

impl Pooled {
    /// The coefficient at this place.
    fn of(fit: &Fit, place: usize) -> Option<Self> {
        let size = fit.within.first()?.right.len();
        let all = Within::pooled(fit.within.iter(), size);
        let store = of_store(&all, fit.past)?;
        let inverse = precision_of_store(&all, fit.past).inverse()?;
        let row = inverse.rows().nth(place)?;
        let influence = |within: &Within| {
            let left: Vec<f64> =
                within.right.iter().zip(within.gram.times(&store)).map(|(own, known)| own - known).collect();
            dot(row, &left)
        };
        Some(Self { value: *store.get(place)?, influences: fit.within.iter().map(influence).collect() })
    }

    /// Of the same products by another model.
    fn differs_from(&self, other: &Self) -> bool {
        let apart = self.influences.iter().zip(&other.influences).map(|(own, other)| own - other);
        (self.value - other.value).abs() > SURE * root_of_squares(apart)
    }

    /// As the coefficient of the next price.
    fn is_feedback(&self) -> bool {
        let error = root_of_squares(self.influences.iter().copied());
        self.value >= MOST_FEEDBACK && self.value >= LIKELY * error
    }
}

fn root_of_squares(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|value| value * value).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::tests::{normal, poisson};
    use crate::pricing::{PriceModel, PriceWeek};
    use meschain_base::random::seeded;
    use rand::RngExt;

    const WEEKS: i32 = 70;

    /// Log demand a week after a product came out, over a life of 60 weeks.
    fn life(age: i32) -> f64 {
        if age < 25 { 0.0 } else { -0.06 * f64::from(age - 25) }
    }

    /// What makes a shop change a price: by how much, knowing the product's age and whether it sold less than expected lately.
    type Reason = fn(age: i32, is_low: bool, choice: usize) -> f64;

    /// Products of elasticity -2 with or without a life, and prices that change now and then.
    fn shop(lives: bool, reason: Reason) -> Vec<ProductHistory> {
        let mut random = seeded(21, 0);
        let mut product = |id: u64| {
            let (born, mut off, mut is_low) = (random.random_range(0..40), 1.0, false);
            let size = 30.0 * (0.5 * normal(&mut random)).exp();
            let weeks = (born..WEEKS)
                .map(|week| {
                    if random.random_bool(0.25) {
                        off = reason(week - born, is_low, random.random_range(0..3));
                    }
                    let course = if lives { life(week - born) } else { 0.0 };
                    let mean = size * course.exp() * f64::powf(off, -2.0) * (0.2 * normal(&mut random)).exp();
                    let units = poisson(&mut random, mean);
                    is_low = units < 0.9 * size * f64::powf(off, -2.0);
                    PriceWeek { week, units, price: 10.0 * off, covariates: Vec::new() }
                })
                .collect();
            ProductHistory { id, group: 1 + id % 4, weeks }
        };
        (0..120).map(&mut product).collect()
    }

    fn decided(products: &[ProductHistory]) -> bool {
        has_course(products, &PriceIndex::default(), &TrainConfig::default(), 1).unwrap()
    }

    const BY_CHANCE: Reason = |_, _, choice| [1.0, 0.9, 0.8][choice];
    const BY_AGE: Reason = |age, _, choice| if age < 40 { [1.0, 1.0, 1.1][choice] } else { 0.8 };
    const BY_SALES: Reason = |_, is_low, _| if is_low { 0.8 } else { 1.0 };

    #[test]
    fn prices_that_go_along_with_a_life_ask_for_a_course() {
        assert!(decided(&shop(true, BY_AGE)));
    }

    #[test]
    fn elasticities_of_a_shop_that_clears_are_found_and_updates_go_on_with_courses() {
        let shop = shop(true, BY_AGE);
        let config = TrainConfig::default();
        let elasticity = |model: &PriceModel| model.demand(u64::MAX, u64::MAX).elasticity.value;
        let model = PriceModel::train(&shop, &config, 1, &Progress::silent()).unwrap();
        assert!((elasticity(&model) + 2.0).abs() < 0.3, "{}", elasticity(&model));
        let updated = model.update(&shop, &config, 1, &Progress::silent()).unwrap();
        assert!(updated.calibration().unwrap().has_course);
        assert!((elasticity(&updated) + 2.0).abs() < 0.3, "{}", elasticity(&updated));
    }

    #[test]
    fn lives_alone_and_prices_alone_do_not() {
        assert!(!decided(&shop(true, BY_CHANCE)));
        assert!(!decided(&shop(false, BY_AGE)));
    }

    #[test]
    fn prices_that_answer_last_weeks_sales_are_no_course() {
        assert!(!decided(&shop(false, BY_SALES)));
    }

    #[test]
    fn few_products_do_not_say() {
        assert!(!decided(&shop(true, BY_AGE)[..FEWEST_PRODUCTS - 1]));
        assert!(!decided(&[]));
    }
}
