//! Recommendations as pages take them: only what can be bought, with name, price and why.

use super::Advisor;
use super::slot::is_refused;
use crate::data::interactions;
use crate::recommend::{History, Query, Recommendation};
use indexmap::IndexSet;
use meschain_base::{Money, Result};
use meschain_shop::columns::{NO_DATE, OrderFilter, Products};
use serde_json::{Value, json};

/// Diversity where the caller has not said: a list of near twins helps nobody.
const DIVERSITY: f64 = 0.2;
/// Orders that "what sold best lately" looks at where there is no model.
const LATEST_ORDERS: usize = 20_000;

/// What is asked for.
pub enum Ask<'q> {
    /// For a customer.
    Customer(u32),
    /// Like a product.
    Similar(u32),
    /// With these.
    Together(&'q [u32]),
    /// To a basket of these.
    Basket(&'q [u32]),
    /// Now.
    Trending,
}

/// What may be among the answers.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Products at most.
    pub limit: usize,
    /// Only what this store shows.
    pub store_id: Option<u32>,
}

impl Wanted {
    /// So many, whatever store shows them.
    pub fn most(limit: usize) -> Self {
        Self { limit, store_id: None }
    }
}

impl Advisor<'_> {
    /// At most `limit` products that can be bought now, best first; never one that was asked about. Without a model:
    /// what sold best lately. A model whose file is refused is an error, but for [`Ask::Trending`]: what sells, the shop knows itself.
    pub fn recommend(&self, ask: &Ask<'_>, wanted: Wanted) -> Result<Vec<Value>> {
        let Wanted { limit, store_id } = wanted;
        let asked: Vec<u32> = match ask {
            Ask::Similar(product) => vec![*product],
            Ask::Together(products) | Ask::Basket(products) => products.to_vec(),
            Ask::Customer(_) | Ask::Trending => Vec::new(),
        };
        let (products, stores) = (self.snapshot.products(), self.snapshot.product_stores());
        // Versions of a product are products of their own in OpenCart, and follow it.
        let master = |row: usize| products.master_id.get(row).copied().filter(|master| *master > 0);
        let family = |item: u64| {
            let row = u32::try_from(item).ok().and_then(|id| products.find(id));
            row.and_then(master).map_or(item, u64::from)
        };
        let families: Vec<u64> = asked.iter().map(|id| family(u64::from(*id))).collect();
        let allowed = |item: u64| {
            u32::try_from(item).is_ok_and(|id| {
                // Most questions are about no product: there is no family to look up then.
                (families.is_empty() || !families.contains(&family(item)))
                    && self.can_be_bought(&products, id)
                    && store_id.is_none_or(|store| stores.holds(id, store))
            })
        };
        let model = match self.models.recommender() {
            Err(error) if is_refused(&error) && matches!(ask, Ask::Trending) => None,
            other => other?,
        };
        let found = match model {
            Some((_, model)) => {
                let query = Query {
                    diversity: DIVERSITY,
                    repeat: true,
                    family: &family,
                    ..Query::new(limit, self.now.as_second(), &allowed)
                };
                let ids = |products: &[u32]| products.iter().map(|id| u64::from(*id)).collect::<Vec<_>>();
                match ask {
                    Ask::Customer(customer) => model.recommend(&self.history(*customer), &query),
                    Ask::Similar(product) => model.similar(u64::from(*product), &query),
                    Ask::Together(products) => model.bought_together(&ids(products), &query),
                    Ask::Basket(products) => model.for_basket(&ids(products), &query),
                    Ask::Trending => model.trending(&query),
                }
            }
            None => return Ok(self.best_sellers(&allowed, &family, limit)),
        };
        let row = |item: &Recommendation| {
            item_row(&products, u32::try_from(item.item).ok()?, item.score, item.reason.code())
        };
        Ok(found.iter().filter_map(row).collect())
    }

    /// As OpenCart's basket has it: on sale from its day on, and in stock, whether or not the product counts it, unless the shop sells without.
    fn can_be_bought(&self, products: &Products<'_>, product_id: u32) -> bool {
        let Some(row) = products.find(product_id) else { return false };
        let is = |column: &[u8]| column.get(row).is_some_and(|flag| *flag == 1);
        let here = || products.quantity.get(row).is_some_and(|left| *left > 0);
        let from = products.date_available.get(row).copied().unwrap_or(NO_DATE);
        is(products.known)
            && is(products.status)
            && from <= self.now.as_second()
            && (here() || self.snapshot.dictionaries().sells_without_stock)
    }

    fn history(&self, customer: u32) -> Vec<History> {
        let bought = interactions::history(self.snapshot, customer);
        bought.into_iter().map(|(item, times, last)| History { item: item.into(), times, last }).collect()
    }

    fn best_sellers(
        &self,
        allowed: &dyn Fn(u64) -> bool,
        family: &dyn Fn(u64) -> u64,
        limit: usize,
    ) -> Vec<Value> {
        let orders: Vec<usize> = self.snapshot.select(&OrderFilter::sold(self.snapshot)).collect();
        let (lines, products) = (self.snapshot.lines(), self.snapshot.products());
        let mut counts = vec![0_u32; products.len()];
        for order in orders.iter().rev().take(LATEST_ORDERS) {
            for product in lines.product_index.get(self.snapshot.lines_of(*order)).unwrap_or_default() {
                if let Some(count) = counts.get_mut(*product as usize) {
                    *count += 1;
                }
            }
        }
        let mut ranked: Vec<(u32, u32)> =
            counts.into_iter().zip(products.product_id.iter().copied()).collect();
        ranked.retain(|(count, id)| *count > 0 && allowed(u64::from(*id)));
        ranked.sort_by_key(|(count, id)| (std::cmp::Reverse(*count), *id));
        let mut seen = IndexSet::new();
        let rows = ranked.into_iter().filter(|(_, id)| seen.insert(family(u64::from(*id)))).take(limit);
        rows.filter_map(|(count, id)| item_row(&products, id, f64::from(count), "popular")).collect()
    }
}

fn item_row(products: &Products<'_>, product_id: u32, score: f64, reason: &str) -> Option<Value> {
    let row = products.find(product_id)?;
    Some(json!({
        "product_id": product_id,
        "name": products.name.get(row),
        "model": products.model.get(row),
        "price": Money::from_raw(*products.price.get(row)?).to_string(),
        "score": score,
        "reason": reason,
    }))
}
