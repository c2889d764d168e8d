//! What one price suggestion is made of, gathered from model, snapshot and database.

use super::Advisor;
use super::market::{Market, OWN_SHOP, Wanted};
use super::models::Pools;
use super::price::PriceSettings;
use crate::data::price_change::{last_change, last_seen_change};
use crate::data::sales::Sale;
use crate::data::terms::to_usual;
use crate::data::{Calendar, Known, Scope};
use crate::forecast::{Config, Granularity, forecast, parallel};
use crate::pricing::{
    Demand, LEAST_SAVING, Off, PlanFeatures, PriceContext, PriceModel, PriceWeek, Rules, Suggestion,
    features, optimise,
};
use crate::training::price_weeks::{last_week, weeks};
use crate::training::series;
use meschain_base::{Progress, Result};
use meschain_shop::columns::{NO_COST, Paid, Special};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Weeks over which the expected units are averaged.
const WEEKS: usize = 4;
/// The group of a product whose categories the model does not know: it sells like the store on average.
const STORE: u64 = u64::MAX;
const DAY: f64 = 86_400.0;
/// A special that ends sooner is a campaign, which is over before its price could be judged.
const STANDS_DAYS: i32 = 28;

/// The models and the scope of sales, fetched once for any number of products.
pub(crate) struct Pricer<'a> {
    advisor: &'a Advisor<'a>,
    pub model: Arc<PriceModel>,
    /// Version of the model.
    pub version: String,
    pools: Option<Arc<Pools>>,
    scope: Scope<'a>,
    marketplace_id: u32,
    today: i32,
}

/// One product as the optimiser takes it.
pub(crate) struct Case {
    pub demand: Demand,
    pub context: PriceContext,
    weeks: Vec<PriceWeek>,
    group: u64,
}

impl<'a> Pricer<'a> {
    /// `None` without a model of prices.
    pub fn new(advisor: &'a Advisor<'a>, marketplace_id: u32) -> Result<Option<Self>> {
        let Some((card, model)) = advisor.models.prices()? else { return Ok(None) };
        // A pool that is refused must not take the price with it.
        let pools = advisor.models.pools().unwrap_or(None).map(|(_, pools)| pools);
        let today = Calendar::new(advisor.timezone)?.day(advisor.now.as_second());
        let scope = advisor.scope(None)?;
        let version = card.version;
        Ok(Some(Self { advisor, model, version, pools, scope, marketplace_id, today }))
    }

    /// Suggestions for product rows, which ascend, on all cores; `None` for one without a price.
    pub fn suggest(
        &self,
        rows: &[usize],
        settings: &PriceSettings,
        progress: &Progress,
    ) -> Result<Vec<Option<Suggestion>>> {
        let ends = rows.first().zip(rows.last());
        let Some((first, last)) =
            ends.map(|(a, b)| (self.advisor.product_id(*a), self.advisor.product_id(*b)))
        else {
            return Ok(Vec::new());
        };
        let unseen = rows.iter().any(|row| self.is_unseen(*row));
        let market = self.market(first..=last, &settings.rules, unseen)?;
        parallel::map(rows, self.advisor.threads, progress, |row| {
            let case = self.case(*row, None, &market)?;
            if case.context.price <= 0.0 {
                return Ok(None);
            }
            let rules = self.advisor.rules_at(case.context.price, settings);
            optimise(&case.demand, &case.context, &rules).map(Some)
        })
    }

    /// What the database says about the products of these ids, as far as the rules and the model need it.
    pub fn market(&self, ids: RangeInclusive<u32>, rules: &Rules, unseen: bool) -> Result<Market> {
        let wanted = Wanted {
            marketplace_id: self.marketplace_id,
            guard: rules.competitor_band.is_some(),
            ending: rules.ending.is_some(),
            categories: unseen,
        };
        Market::read(self.advisor.database, ids, &wanted)
    }

    /// Whether the model has not seen this product.
    pub fn is_unseen(&self, row: usize) -> bool {
        !self.model.has_product(u64::from(self.advisor.product_id(row)))
    }

    /// A product row at `current`, the catalogue's price when not given.
    pub fn case(&self, row: usize, current: Option<f64>, market: &Market) -> Result<Case> {
        let id = self.advisor.product_id(row);
        let mut sales = self.scope.sales_of(row)?;
        to_usual(&mut sales, self.model.terms());
        let group = self.group(id, market);
        let context = self.context(row, current, market, &sales);
        let demand = self.model.demand(u64::from(id), group);
        Ok(Case { demand, context, weeks: weeks(&sales, self.scope.last_day()), group })
    }

    /// The figures beside the suggestion.
    pub fn features(&self, case: &Case) -> PlanFeatures {
        let newest = last_week(self.scope.last_day());
        features(&case.weeks, newest, self.model.category(case.group), &case.context)
    }

    /// A product's category in the model: the one it was trained in, else its own nearest category that the model knows.
    fn group(&self, id: u32, market: &Market) -> u64 {
        if let Some(group) = self.model.category_of(u64::from(id)) {
            return group;
        }
        match market.categories(id) {
            [] => 0,
            known => known.iter().find(|id| self.model.has_category(**id)).copied().unwrap_or(STORE),
        }
    }

    fn context(&self, row: usize, current: Option<f64>, market: &Market, sales: &[Sale]) -> PriceContext {
        let advisor = self.advisor;
        let products = advisor.snapshot.products();
        let id = advisor.product_id(row);
        let money = |raw: i64| raw as f64 / 1e4;
        let catalogue = products.price.get(row).map_or(0.0, |raw| money(*raw));
        // A price that was given is asked; the catalogue's own is not while a special stands in its place.
        let own = self.marketplace_id == OWN_SHOP && current.is_none();
        let special = advisor.snapshot.specials_of(id).on(self.today).filter(|_| own);
        let standing = special.and_then(|special| self.standing(special, catalogue));
        let mut context = PriceContext::new(current.or(standing).unwrap_or(catalogue));
        context.list_price = standing.map(|_| catalogue);
        context.list_follows = special.filter(|_| standing.is_some()).and_then(|special| off(special.paid));
        context.on_offer = special.is_some() && standing.is_none();
        context.cost = products.cost.get(row).filter(|raw| **raw != NO_COST).map(|raw| money(*raw));
        context.stock = advisor.counted(row).map(f64::from);
        context.weekly_units = self.weekly_units(sales, Known::of(advisor.snapshot, id));
        context.shipping = advisor.settings.shipping_cost;
        context.lead_time_weeks = advisor.settings.lead_days as f64 / 7.0;
        // Catalogue prices, paid prices and costs are all without KDV.
        context.price_includes_kdv = false;
        context.kdv_rate = market.tax_rate(id);
        context.shows_kdv = market.shows_tax;
        (context.commission, context.fixed_fee) = (market.commission, market.fixed_fee);
        let with_tax = 1.0 + context.kdv_rate;
        context.competitors = market.competitors(id).iter().map(|price| price / with_tax).collect();
        context.last_change_days = self.last_change_days(id, &context, market, sales);
        context
    }

    /// The price of a special that takes the place of the catalogue's for good, or for long, and saves something.
    fn standing(&self, special: Special, catalogue: f64) -> Option<f64> {
        let stands = special.last >= self.today.saturating_add(STANDS_DAYS);
        special.paid.beside(catalogue).filter(|paid| stands && *paid <= catalogue * (1.0 - LEAST_SAVING))
    }

    fn weekly_units(&self, sales: &[Sale], known: Known<'_>) -> Option<f64> {
        let series = series::input(sales, known, self.scope.last_day(), Granularity::Week, WEEKS)?;
        let pool = self.pools.as_ref().map(|pools| &pools.week);
        let result = forecast(&series, WEEKS, &Config::default(), pool).ok()?;
        Some(result.total / WEEKS as f64)
    }

    /// Since MesChain wrote the price, since the catalogue was seen to ask another, or since sales show another; the shortest of them. The
    /// price of a marketplace is neither in the catalogue nor in the sales: those are of all places together.
    fn last_change_days(
        &self,
        id: u32,
        context: &PriceContext,
        market: &Market,
        sales: &[Sale],
    ) -> Option<f64> {
        let written = market.changed_at(id).map(|at| (self.advisor.now.as_second() - at) as f64 / DAY);
        let own = self.marketplace_id == OWN_SHOP;
        let sold = own.then(|| last_change(sales, context.price)).flatten();
        // What is kept are prices of the catalogue.
        let kept = own && (context.list_price.is_none() || context.list_follows.is_some());
        let seen = kept.then(|| last_seen_change(self.advisor.snapshot.prices_of(id), self.today)).flatten();
        let days = sold.into_iter().chain(seen).map(|day| f64::from(self.today - day));
        written.into_iter().chain(days).map(|days| days.max(0.0)).reduce(f64::min)
    }
}

/// What a special takes off the catalogue's price; `None` where it has a price of its own.
fn off(paid: Paid) -> Option<Off> {
    match paid {
        Paid::Share(_) => Some(Off::Share),
        Paid::Amount(_) => Some(Off::Amount),
        Paid::Price(_) | Paid::Unknown => None,
    }
}
