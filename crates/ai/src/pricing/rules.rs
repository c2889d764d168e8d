//! Business rules: they bound what may be suggested and are applied last.

use super::economics::PriceContext;
use meschain_base::{Error, Result};

/// What a shop allows. Ratios: 0.2 is 20 %.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// Largest change at once.
    pub change_limit: f64,
    /// Least profit on a unit as a share of its cost.
    pub margin_min: f64,
    /// Never below.
    pub floor: Option<f64>,
    /// Never above.
    pub ceiling: Option<f64>,
    /// Fraction that the price shoppers see ends with, such as 0.90.
    pub ending: Option<f64>,
    /// Days a price must have stood.
    pub min_days_between: f64,
    /// Least expected gain of profit.
    pub min_gain: f64,
    /// Goes above the cheapest competitor, or below it, by at most this; 0 matches it. None: competitors are ignored.
    pub competitor_band: Option<f64>,
    /// One-sided confidence with which the gain must be positive, 0.5 to 0.99.
    pub confidence: f64,
    /// Weeks of cover above which stock is to be cleared.
    pub clear_after_weeks: f64,
    /// Fewest units a week, weeks and price levels of history to act on.
    pub min_weekly_units: f64,
    /// Fewest weeks of history.
    pub min_weeks: u32,
    /// Fewest different prices.
    pub min_price_levels: u32,
    /// Prices tried.
    pub steps: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            change_limit: 0.2,
            margin_min: 0.1,
            floor: None,
            ceiling: None,
            ending: None,
            min_days_between: 7.0,
            min_gain: 0.01,
            competitor_band: None,
            confidence: 0.9,
            clear_after_weeks: 26.0,
            min_weekly_units: 1.0,
            min_weeks: 8,
            min_price_levels: 2,
            steps: 41,
        }
    }
}

impl Rules {
    pub(crate) fn check(&self) -> Result<()> {
        let amounts = [
            ("change_limit", Some(self.change_limit), 0.0, 0.9),
            ("margin_min", Some(self.margin_min), 0.0, 100.0),
            ("floor", self.floor, 0.0, 1e12),
            ("ceiling", self.ceiling, 0.0, 1e12),
            ("ending", self.ending, 0.0, 0.9999),
            ("min_days_between", Some(self.min_days_between), 0.0, 10_000.0),
            ("min_gain", Some(self.min_gain), 0.0, 10.0),
            ("competitor_band", self.competitor_band, 0.0, 10.0),
            ("confidence", Some(self.confidence), 0.5, 0.99),
            ("clear_after_weeks", Some(self.clear_after_weeks), 0.0, 10_000.0),
            ("min_weekly_units", Some(self.min_weekly_units), 0.0, 1e12),
            ("steps", Some(self.steps as f64), 3.0, 1001.0),
        ];
        for (name, value, least, most) in amounts {
            if let Some(value) = value.filter(|value| !(least..=most).contains(value)) {
                return Err(Error::argument(name, format!("{least} to {most}"), value.to_string()));
            }
        }
        Ok(())
    }
}

/// A bound on the price and the rule that set it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bound {
    pub price: f64,
    pub rule: &'static str,
}

/// The allowed range of prices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Range {
    pub low: Bound,
    pub high: Bound,
}

/// What a special saves at least, as a share of the catalogue's price: less is no special, and a shop must not claim one.
pub(crate) const LEAST_SAVING: f64 = 0.01;

/// Intersects all rules. `cover` is the stock in weeks of demand. None when no price satisfies them all.
pub(crate) fn range(context: &PriceContext, rules: &Rules, cover: Option<f64>) -> Option<Range> {
    let price = context.price;
    let mut range = Range {
        low: Bound { price: price * (1.0 - rules.change_limit), rule: "change_limit" },
        high: Bound { price: price * (1.0 + rules.change_limit), rule: "change_limit" },
    };
    range.at_least(context.least_price(rules.margin_min), "margin_min");
    range.at_least(rules.floor, "floor");
    range.at_most(rules.ceiling, "ceiling");
    let beside = context.list_price.filter(|_| context.list_follows.is_none());
    range.at_most(beside.map(|price| price * (1.0 - LEAST_SAVING)), "list_price");
    if let (Some(band), false) = (rules.competitor_band, context.competitors.is_empty()) {
        let cheapest = context.competitors.iter().copied().fold(f64::INFINITY, f64::min);
        // A competitor beyond the reach of one change is followed as far as that goes. Whole cents, so that a match can be kept.
        let unit = unit(context.decimals);
        let bound = |share: f64| ((cheapest * share + 1e-9) * unit).floor() / unit;
        let (least, most) = (price * (1.0 - rules.change_limit), price * (1.0 + rules.change_limit));
        range.at_least(Some(bound(1.0 - band).min(most)), "competitor_guard");
        range.at_most(Some(bound(1.0 + band).max(least)), "competitor_guard");
    }
    if let Some(cover) = cover {
        if cover < context.lead_time_weeks {
            // About to sell out: a discount would only empty the shelf sooner.
            range.at_least(Some(price), "stock_cover");
        } else if cover > rules.clear_after_weeks {
            range.at_most(Some(price), "stock_cover");
        }
    }
    (range.low.price <= range.high.price * (1.0 + 1e-12)).then_some(range)
}

/// Smallest amounts in one of the currency.
fn unit(decimals: u32) -> f64 {
    10f64.powi(i32::try_from(decimals).unwrap_or(2))
}

/// Digits that OpenCart keeps of a price.
const KEPT: u32 = 4;

impl Range {
    fn at_least(&mut self, price: Option<f64>, rule: &'static str) {
        if let Some(price) = price.filter(|price| *price > self.low.price) {
            self.low = Bound { price, rule };
        }
    }

    fn at_most(&mut self, price: Option<f64>, rule: &'static str) {
        if let Some(price) = price.filter(|price| *price < self.high.price) {
            self.high = Bound { price, rule };
        }
    }

    /// Prices to try, ascending and all within the range: of the currency's digits, or such that shoppers see the wanted ending.
    pub(crate) fn grid(&self, rules: &Rules, context: &PriceContext) -> Vec<f64> {
        let (cents, kept) = (unit(context.decimals), unit(KEPT));
        let shown = context.shown_share();
        let width = (self.high.price - self.low.price) / (rules.steps - 1) as f64;
        let mut prices: Vec<f64> = (0..rules.steps)
            .map(|step| self.low.price + step as f64 * width)
            .map(|price| match rules.ending {
                Some(ending) if shown == 1.0 => (price - ending).round() + ending,
                Some(ending) => (((price * shown - ending).round() + ending) / shown * kept).round() / kept,
                None => (price * cents).round() / cents,
            })
            .filter(|price| *price > 0.0 && (self.low.price..=self.high.price).contains(price))
            .collect();
        prices.dedup();
        prices
    }

    /// The rule at whose bound a price stands (nearer than one grid step).
    pub(crate) fn bound_by(&self, price: f64, rules: &Rules) -> Option<&'static str> {
        let near = (self.high.price - self.low.price) / (rules.steps - 1) as f64 * 1.001 + 1e-9;
        if price - self.low.price < near {
            Some(self.low.rule)
        } else {
            (self.high.price - price < near).then_some(self.high.rule)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::Off;

    #[test]
    fn the_tightest_rule_bounds() {
        let context = PriceContext { cost: Some(80.0), kdv_rate: 0.0, ..PriceContext::new(100.0) };
        let found = range(&context, &Rules { ceiling: Some(105.0), ..Rules::default() }, None).unwrap();
        assert_eq!((found.low.rule, found.high.rule), ("margin_min", "ceiling"));
        assert!((found.low.price - 88.0).abs() < 1e-9);
        let short = range(&context, &Rules::default(), Some(1.0)).unwrap();
        assert_eq!((short.low.price, short.low.rule), (100.0, "stock_cover"));
        let slow = range(&context, &Rules::default(), Some(80.0)).unwrap();
        assert_eq!(slow.high.price, 100.0);
        let conflict = Rules { floor: Some(500.0), ..Rules::default() };
        assert_eq!(range(&context, &conflict, None), None);
    }

    #[test]
    fn a_special_stays_below_the_price_beside_it() {
        let context = PriceContext { list_price: Some(110.0), ..PriceContext::new(100.0) };
        let found = range(&context, &Rules::default(), None).unwrap();
        assert_eq!(found.high.rule, "list_price");
        assert!((found.high.price - 108.9).abs() < 1e-9 && found.low.rule == "change_limit");
        let tied = PriceContext { list_follows: Some(Off::Share), ..context.clone() };
        assert_eq!(range(&tied, &Rules::default(), None).unwrap().high.rule, "change_limit", "it moves, too");
        let far = PriceContext { list_price: Some(300.0), ..context };
        assert_eq!(range(&far, &Rules::default(), None).unwrap().high.rule, "change_limit");
    }

    fn guarded(price: f64, competitors: &[f64], band: f64) -> Range {
        let context = PriceContext { competitors: competitors.to_vec(), ..PriceContext::new(price) };
        range(&context, &Rules { competitor_band: Some(band), ..Rules::default() }, None).unwrap()
    }

    #[test]
    fn the_guard_keeps_to_the_cheapest_competitor() {
        let found = guarded(100.0, &[104.0, 95.0], 0.02);
        assert_eq!((found.low.rule, found.high.rule), ("competitor_guard", "competitor_guard"));
        assert_eq!((found.low.price, found.high.price), (93.1, 96.9));
        let matched = guarded(100.0, &[95.0], 0.0);
        let context = PriceContext::new(100.0);
        assert_eq!(matched.grid(&Rules::default(), &context), [95.0]);
        // 100 with 20 % of tax: no price of whole cents is exactly that without.
        assert_eq!(guarded(80.0, &[100.0 / 1.2], 0.0).grid(&Rules::default(), &context), [83.33]);
    }

    #[test]
    fn a_competitor_out_of_reach_is_followed_as_far_as_one_change_goes() {
        let far = guarded(100.0, &[50.0], 0.05);
        assert_eq!((far.low.price, far.high.price, far.high.rule), (80.0, 80.0, "competitor_guard"));
        let dear = guarded(100.0, &[200.0], 0.05);
        assert_eq!((dear.low.price, dear.high.price, dear.low.rule), (120.0, 120.0, "competitor_guard"));
    }

    #[test]
    fn endings_stay_inside() {
        let context = PriceContext::new(20.0);
        let rules = Rules { ending: Some(0.9), ..Rules::default() };
        let grid = range(&context, &rules, None).unwrap().grid(&rules, &context);
        assert!(
            !grid.is_empty()
                && grid.iter().all(|p| (16.0..=24.0).contains(p) && (p.fract() - 0.9).abs() < 1e-9)
        );
    }

    #[test]
    fn endings_are_of_the_price_that_shoppers_see() {
        for ending in [0.9, 0.99] {
            let rules = Rules { ending: Some(ending), ..Rules::default() };
            let context =
                PriceContext { price_includes_kdv: false, kdv_rate: 0.2, ..PriceContext::new(100.0) };
            let grid = range(&context, &rules, None).unwrap().grid(&rules, &context);
            assert!(grid.len() > 20 && grid.iter().all(|price| (80.0..=120.0).contains(price)));
            for price in grid {
                let cents = (price * 1.2 * 100.0).round();
                assert_eq!(cents % 100.0, (ending * 100.0).round(), "{price}");
                assert_eq!(price, (price * 1e4).round() / 1e4, "what OpenCart can keep");
            }
            let without = PriceContext { shows_kdv: false, ..context };
            let grid = range(&without, &rules, None).unwrap().grid(&rules, &without);
            assert!(grid.iter().all(|price| (price.fract() - ending).abs() < 1e-9));
        }
    }
}
