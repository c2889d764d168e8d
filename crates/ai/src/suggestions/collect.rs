//! Asks the models about the whole catalogue and puts what they would change into the inbox. A job's work.

use super::prices::survey;
use super::reorders::reorders;
use super::{Kind, NewSuggestion, Offered, Store};
use crate::categorizer::{Misplaced, PredictOptions};
use crate::data::catalogue::{Catalogue, text_of};
use crate::inference::Advisor;
use crate::inference::price::PriceSettings;
use meschain_base::{Error, Progress, Result};
use meschain_shop::read;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// Products whose texts are read at most.
const MOST_PRODUCTS: usize = 500_000;
/// Rows that go into the inbox at a time.
const BATCH: usize = 200;
/// Days that a proposal stands.
const VALID_DAYS: [(Kind, u32); 3] = [(Kind::Category, 90), (Kind::Price, 14), (Kind::Reorder, 7)];

/// What to collect.
#[derive(Debug, Clone)]
pub struct CollectOptions {
    /// Which kinds.
    pub kinds: Vec<Kind>,
    /// Proposals of each kind at most, the best ones.
    pub limit: usize,
}

/// Collects and offers. The counts by kind: `{"price": {"new", "refreshed", "muted"}, ...}`. Without a model a kind gives nothing.
pub fn collect(advisor: &Advisor<'_>, options: &CollectOptions, progress: &Progress) -> Result<Value> {
    let database = advisor.database.ok_or(Error::NotConfigured { setting: "database_url" })?;
    let store = Store::new(database);
    store.tidy()?;
    let mut report = serde_json::Map::new();
    for kind in &options.kinds {
        progress.stage(stage(*kind), 0)?;
        let mut found = match kind {
            Kind::Category => categories(advisor, progress)?,
            Kind::Price => {
                let settings = PriceSettings::of(&advisor.settings);
                survey(advisor, &settings, options.limit, progress)?
                    .map(|survey| survey.best)
                    .unwrap_or_default()
            }
            Kind::Reorder => reorders(advisor, database, progress)?,
        };
        let offered = offer(&store, &mut found, options.limit, progress)?;
        report.insert(kind.name().to_owned(), json!(offered));
    }
    Ok(Value::Object(report))
}

/// Leaves the `limit` proposals that are worth the most, the best first.
pub(super) fn keep_best(found: &mut Vec<NewSuggestion>, limit: usize) {
    let worth = |one: &NewSuggestion| (one.expected_gain.unwrap_or(0.0), one.confidence.unwrap_or(0.0));
    found.sort_by(|a, b| {
        let ((a, b), (c, d)) = (worth(b), worth(a));
        a.total_cmp(&c).then(b.total_cmp(&d))
    });
    found.truncate(limit);
}

/// Puts the best of them into the inbox.
pub(super) fn offer(
    store: &Store,
    found: &mut Vec<NewSuggestion>,
    limit: usize,
    progress: &Progress,
) -> Result<Offered> {
    keep_best(found, limit);
    let mut offered = Offered::default();
    for batch in found.chunks(BATCH) {
        progress.check()?;
        let one = store.offer(batch)?;
        offered.new += one.new;
        offered.refreshed += one.refreshed;
        offered.muted += one.muted;
    }
    Ok(offered)
}

pub(super) fn stage(kind: Kind) -> &'static str {
    match kind {
        Kind::Category => "suggestions: categories",
        Kind::Price => "suggestions: prices",
        Kind::Reorder => "suggestions: reorders",
    }
}

pub(super) fn valid_days(kind: Kind) -> u32 {
    VALID_DAYS.into_iter().find(|(known, _)| *known == kind).map_or(14, |(_, days)| days)
}

fn categories(advisor: &Advisor<'_>, progress: &Progress) -> Result<Vec<NewSuggestion>> {
    let (Some((card, model)), Some(database)) = (advisor.models.categorizer()?, advisor.database) else {
        return Ok(Vec::new());
    };
    let catalogue = Catalogue::read(database, advisor.language_id(), MOST_PRODUCTS, progress)?;
    let places = read::product_categories(database, progress)?;
    let path = |id: i64| catalogue.categories.get(&id).map(|category| category.path.clone());
    let named = |id: i64| json!({ "category_id": id, "path": path(id) });
    let in_now = |product: u64| -> Vec<i64> {
        let id = i64::try_from(product).unwrap_or(0);
        places.get(&id).cloned().unwrap_or_default()
    };
    // A version of a product that is where that one is goes with it.
    let known: HashSet<i64> = catalogue.products.iter().map(|(product, _)| product.product_id).collect();
    let versions = catalogue.products.iter().filter(|(product, _)| known.contains(&product.master_id));
    let product_of: HashMap<u64, u64> =
        versions.map(|(one, _)| (one.product_id.unsigned_abs(), one.master_id.unsigned_abs())).collect();
    let make = |product: u64, to: u64, from: Option<u64>, confidence: f64, reason: Value| {
        let (to, from) = (i64::try_from(to).ok()?, from.and_then(|from| i64::try_from(from).ok()));
        let now = in_now(product);
        if now.contains(&to) || product_of.get(&product).is_some_and(|master| in_now(*master) == now) {
            return None;
        }
        Some(NewSuggestion {
            kind: Kind::Category,
            product_id: u32::try_from(product).ok()?,
            marketplace_id: 1,
            before: json!({ "categories": now.iter().map(|id| named(*id)).collect::<Vec<_>>() }),
            suggested: json!({
                "add": [named(to)], "remove": from.map(named).into_iter().collect::<Vec<_>>(),
            }),
            reason,
            confidence: Some(confidence),
            expected_gain: None,
            model_version: Some(card.version.clone()),
            valid_days: valid_days(Kind::Category),
        })
    };
    let least = advisor.settings.confidence_threshold;
    let ask = PredictOptions { confidence_threshold: least, max_categories: 1 };
    let mut found = Vec::new();
    for (product, _) in catalogue.products.iter().filter(|(_, category)| *category == 0) {
        progress.check()?;
        let best = model.predict(&text_of(product), &ask).into_iter().find(|best| best.confidence >= least);
        let id = product.product_id.unsigned_abs();
        let reason = || json!({ "code": "no_category" });
        found.extend(best.and_then(|best| make(id, best.category_id, None, best.confidence, reason())));
    }
    // Judged in training, by models that had not seen the product; one that has moved since is left alone.
    let odd = model.misplaced()?;
    let stands = |one: &&Misplaced| {
        let current = i64::try_from(one.current).unwrap_or(0);
        one.confidence >= least && in_now(one.product_id).contains(&current)
    };
    found.extend(odd.iter().filter(stands).filter_map(|one| {
        let reason = json!({
            "code": "wrong_category", "current_confidence": one.current_confidence, "words": one.reasons,
        });
        make(one.product_id, one.suggested, Some(one.current), one.confidence, reason)
    }));
    Ok(found)
}
