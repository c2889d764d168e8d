//! Campaigns of a whole category or brand: what the other products of it ask.
//!
//! A category on offer is on the front page as well, and its products sell more than their own prices make them; of several cheap ones only one is
//! bought. Either way the price of the others matters, and where a shop cuts prices by category or by brand, a product's own price would pass for it.
//! With the mean of the group beside it, what is learnt of the own price is what differs within the group (Mundlak, "On the pooling of time series
//! and cross section data", Econometrica 1978).

use super::history::ProductHistory;
use indexmap::IndexMap;

/// Names of the covariates.
pub const CATEGORY_PRICE: &str = "category_price";
pub const BRAND_PRICE: &str = "brand_price";
/// Fewest products of a group that say what it asks in a week, this one among them.
const FEWEST: f64 = 3.0;

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    total: f64,
    count: f64,
}

impl Sum {
    fn add(&mut self, value: f64) {
        self.total += value;
        self.count += 1.0;
    }

    fn without(self, value: f64) -> Self {
        Self { total: self.total - value, count: self.count - 1.0 }
    }

    fn mean(self) -> f64 {
        self.total / self.count.max(1.0)
    }
}

/// Gives every week one more covariate, the last: the mean log price of the other products of its `group`, each beside its own mean over its
/// weeks, less the same of all products. 0 in groups of one or two, and in none (0).
pub fn add_group_prices(products: &mut [ProductHistory], group: impl Fn(&ProductHistory) -> u64) {
    let logs: Vec<Vec<f64>> = products.iter().map(beside_mean).collect();
    let mut groups: IndexMap<(u64, i32), Sum> = IndexMap::new();
    let mut store: IndexMap<i32, Sum> = IndexMap::new();
    for (product, logs) in products.iter().zip(&logs) {
        let group = group(product);
        for (week, log) in product.weeks.iter().zip(logs) {
            groups.entry((group, week.week)).or_default().add(*log);
            store.entry(week.week).or_default().add(*log);
        }
    }
    for (product, logs) in products.iter_mut().zip(logs) {
        let group = group(product);
        for (week, log) in product.weeks.iter_mut().zip(logs) {
            let of = groups.get(&(group, week.week)).filter(|of| group != 0 && of.count >= FEWEST);
            let all = store.get(&week.week).copied().unwrap_or_default();
            let others = of.map_or(0.0, |of| of.without(log).mean() - all.mean());
            week.covariates.push(others as f32);
        }
    }
}

/// Logarithms of the prices beside their mean.
fn beside_mean(product: &ProductHistory) -> Vec<f64> {
    let logs: Vec<f64> = product.weeks.iter().map(|week| week.price.max(1e-6).ln()).collect();
    let mean = logs.iter().sum::<f64>() / logs.len().max(1) as f64;
    logs.into_iter().map(|log| log - mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::tests::{normal, poisson};
    use crate::pricing::{PriceModel, PriceWeek, TrainConfig};
    use meschain_base::Progress;
    use meschain_base::random::seeded;
    use rand::RngExt;

    fn product(group: u64, prices: [f64; 2]) -> ProductHistory {
        let week = |(week, price)| PriceWeek { week, units: 1.0, price, covariates: vec![7.0] };
        ProductHistory { id: 1, group, weeks: (0..).zip(prices).map(week).collect() }
    }

    fn added(products: &mut [ProductHistory]) -> Vec<Vec<f32>> {
        add_group_prices(products, |product| product.group);
        let last = |product: &ProductHistory| {
            assert!(product.weeks.iter().all(|week| week.covariates.len() == 2 && week.covariates[0] == 7.0));
            product.weeks.iter().map(|week| week.covariates[1]).collect()
        };
        products.iter().map(last).collect()
    }

    #[test]
    fn what_the_others_of_a_group_do_beside_the_store_is_told() {
        let mut shop = vec![product(1, [10.0, 10.0]), product(1, [10.0, 5.0]), product(1, [40.0, 20.0])];
        shop.extend(vec![product(2, [3.0, 3.0]); 3]);
        let found = added(&mut shop);
        let half = 0.5_f64.ln();
        // Two of six products halved their prices: beside their means they are half of a half above and below.
        let store = -half / 2.0 * 2.0 / 6.0;
        let near = |found: f32, expected: f64| (f64::from(found) - expected).abs() < 1e-6;
        assert!(near(found[0][0], -half / 2.0 - store) && near(found[0][1], half / 2.0 + store), "{found:?}");
        assert!(near(found[1][0], -half / 4.0 - store), "one of its two others: {found:?}");
        assert!(near(found[3][0], -store) && near(found[3][1], store), "{found:?}");
    }

    /// Products of elasticity -2 whose prices change now and then, in eight categories that are a fifth cheaper one fortnight in seven, when half as much
    /// again is sold as prices make.
    fn shop_of_campaigns() -> Vec<ProductHistory> {
        let mut random = seeded(9, 0);
        let mut product = |id: u64| {
            let (group, size) = (1 + id % 8, 30.0 * (0.5 * normal(&mut random)).exp());
            let mut off: f64 = 1.0;
            let week = |week: i32| {
                if random.random_bool(0.2) {
                    off = [1.0, 0.9, 0.8][random.random_range(0..3)];
                }
                let is_campaign = (week / 2 + 3 * group as i32) % 7 == 0;
                let (asked, lift) = if is_campaign { (0.8, 1.5) } else { (off, 1.0) };
                let mean = size * lift * asked.powi(-2) * (0.2 * normal(&mut random)).exp();
                let units = poisson(&mut random, mean);
                PriceWeek { week, units, price: 10.0 * asked, covariates: Vec::new() }
            };
            ProductHistory { id, group, weeks: (0..60).map(week).collect() }
        };
        (0..120).map(&mut product).collect()
    }

    #[test]
    fn what_a_campaign_sells_besides_its_prices_is_not_its_prices_doing() {
        let mut shop = shop_of_campaigns();
        let learnt = |shop: &[ProductHistory], covariates: &[&str]| {
            let covariates = covariates.iter().map(|name| (*name).to_owned()).collect();
            let config = TrainConfig { covariates, ..TrainConfig::default() };
            let model = PriceModel::train(shop, &config, 1, &Progress::silent()).unwrap();
            model.demand(u64::MAX, u64::MAX).elasticity.value
        };
        let plain = learnt(&shop, &[]);
        assert!(plain < -2.35, "{plain}");
        add_group_prices(&mut shop, |product| product.group);
        let found = learnt(&shop, &[CATEGORY_PRICE]);
        assert!((found + 2.0).abs() < 0.15, "{found}");
    }

    #[test]
    fn all_at_once_small_groups_and_none_say_nothing() {
        let mut shop = vec![product(1, [10.0, 5.0]); 4];
        assert!(added(&mut shop).iter().flatten().all(|value| value.abs() < 1e-6));
        let mut shop = vec![product(1, [10.0, 5.0]), product(1, [10.0, 5.0])];
        shop.extend(vec![product(0, [9.0, 9.0]); 3]);
        assert!(added(&mut shop).iter().flatten().all(|value| *value == 0.0));
        assert!(added(&mut []).is_empty());
    }
}
