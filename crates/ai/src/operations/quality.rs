//! How good the data of a training was: what was used, what was left out and why. The figures stay with the run; rejected rows and
//! a bounded sample of the used ones go into `meschain_ai_training_data`, where each training replaces those of the one before.

use crate::data::Scope;
use crate::data::catalogue::Catalogue;
use crate::data::cleaning::{product_refusal, product_score, retail_limits};
use crate::data::feedback;
use crate::registry::Kind;
use crate::training::Workshop;
use crate::training::categorization::MOST_PRODUCTS;
use indexmap::{IndexMap, IndexSet};
use meschain_base::{Progress, Result};
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::mysql::{Params, TxOpts, Value as Cell};
use meschain_shop::{Database, fault, rows};
use serde::Serialize;
use serde_json::{Value, json};

/// Rejected rows, and used rows, that are kept at most.
const KEPT: usize = 200;
/// Examples that pages show.
const SHOWN: usize = 20;
/// Decisions about suggestions that are kept as training rows at most, the newest.
const FEEDBACK: u32 = 1000;

/// One row as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Example {
    /// Product, or order line.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Why it was left out; `None` when it was used.
    pub reason: Option<&'static str>,
    /// 0 to 1.
    pub score: f64,
}

/// The data of one training.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Quality {
    /// Rows looked at.
    pub rows: u64,
    /// Rows learnt from.
    pub used: u64,
    /// Used rows that a person has confirmed, which count more.
    pub confirmed: u64,
    /// Rows left out, by reason.
    pub reasons: IndexMap<&'static str, u64>,
    #[serde(skip)]
    refused: Vec<Example>,
    #[serde(skip)]
    sample: Vec<Example>,
}

impl Quality {
    fn take(&mut self, id: u64, reason: Option<&'static str>, score: f64, name: impl FnOnce() -> String) {
        self.rows += 1;
        match reason {
            Some(reason) => {
                *self.reasons.entry(reason).or_default() += 1;
                if self.refused.len() < KEPT {
                    self.refused.push(Example { id, name: name(), reason: Some(reason), score: 0.0 });
                }
            }
            None => {
                self.used += 1;
                if self.sample.len() < KEPT {
                    self.sample.push(Example { id, name: name(), reason: None, score });
                }
            }
        }
    }

    /// As it stays with the run.
    pub fn summary(&self) -> Value {
        let examples: Vec<&Example> = self.refused.iter().take(SHOWN).collect();
        json!({
            "rows": self.rows, "used": self.used, "confirmed": self.confirmed, "reasons": self.reasons,
            "examples": examples,
        })
    }
}

/// Looks through the rows that a training of this kind reads.
pub fn measure(workshop: &Workshop<'_>, kind: Kind, progress: &Progress) -> Result<Quality> {
    match kind {
        Kind::Categorization => of_catalogue(workshop, progress),
        Kind::Pricing | Kind::Forecasting | Kind::Recommendation => of_lines(workshop, kind),
    }
}

fn of_catalogue(workshop: &Workshop<'_>, progress: &Progress) -> Result<Quality> {
    let language = workshop.snapshot.dictionaries().default_language_id;
    let catalogue = Catalogue::read(workshop.database, language, MOST_PRODUCTS, progress)?;
    let (mut quality, mut seen) = (Quality::default(), IndexSet::new());
    let now = workshop.clock.now().as_second();
    let confirmed = feedback::confirmed(workshop.database, &catalogue, now)?;
    for (product, category) in &catalogue.products {
        let reason = product_refusal(product, *category, &mut seen);
        quality.confirmed += u64::from(reason.is_none() && confirmed.contains(&product.product_id));
        let id = product.product_id.unsigned_abs();
        quality.take(id, reason, product_score(product), || product.name.clone());
    }
    Ok(quality)
}

fn of_lines(workshop: &Workshop<'_>, kind: Kind) -> Result<Quality> {
    let snapshot = workshop.snapshot;
    let (orders, lines, products) = (snapshot.orders(), snapshot.lines(), snapshot.products());
    let counted = snapshot.dictionaries().counted_statuses();
    let limits = retail_limits(snapshot, |order| orders.is_sold(order, &counted));
    let slips = if kind == Kind::Recommendation { IndexSet::new() } else { slips(workshop)? };
    let mut quality = Quality::default();
    for (row, order) in lines.order_index.iter().map(|order| *order as usize).enumerate() {
        let product = lines.product_index.get(row).map_or(usize::MAX, |product| *product as usize);
        let quantity = lines.quantity.get(row).copied().unwrap_or(0);
        let status = orders.status.get(order).copied().unwrap_or(0);
        let reason = if status == 0 {
            Some("unfinished_order")
        } else if !counted.contains(status) {
            Some("cancelled_or_returned")
        } else if orders.is_test(order) {
            Some("test_order")
        } else if quantity <= 0 {
            Some("no_quantity")
        } else if kind == Kind::Recommendation {
            None
        } else if limits.get(product).is_some_and(|limit| quantity > *limit) {
            Some("wholesale")
        } else if slips.contains(&row) {
            Some("mistyped_price")
        } else if kind == Kind::Pricing && lines.price.get(row).is_none_or(|price| *price <= 0) {
            Some("no_price")
        } else {
            None
        };
        let known = products.known.get(product).is_some_and(|known| *known == 1);
        let id = lines.order_product_id.get(row).copied().unwrap_or(0);
        let name = || products.name.get(product).to_owned();
        quality.take(u64::from(id), reason, if known { 1.0 } else { 0.6 }, name);
    }
    Ok(quality)
}

/// Rows of lines that were sold at a mistyped price.
fn slips(workshop: &Workshop<'_>) -> Result<IndexSet<usize>> {
    let scope = Scope::new(workshop.snapshot, workshop.timezone, workshop.clock.now().as_second(), None)?;
    let mut found = IndexSet::new();
    for product in 0..workshop.snapshot.products().len() {
        found.extend(scope.slips_of(product)?);
    }
    Ok(found)
}

/// Replaces the kept rows of this kind, and those of the feedback it learns from, in one transaction.
pub fn keep(database: &Database, kind: Kind, quality: &Quality) -> Result<()> {
    let mut connection = database.connection()?;
    let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
    transaction
        .exec_drop("DELETE FROM meschain_ai_training_data WHERE model_type = ?", (kind.name(),))
        .map_err(fault)?;
    let all: Vec<&Example> = quality.refused.iter().chain(&quality.sample).collect();
    for batch in all.chunks(100) {
        let sql = format!(
            "INSERT INTO meschain_ai_training_data \
             (model_type, input_features, expected_output, data_source, quality_score, is_validated) VALUES {}",
            vec!["(?, ?, ?, 'training', ?, ?)"; batch.len()].join(", ")
        );
        let values = batch.iter().flat_map(|example| cells(kind, example)).collect();
        transaction.exec_drop(sql, Params::Positional(values)).map_err(fault)?;
    }
    if kind == Kind::Categorization {
        transaction.exec_drop(FEEDBACK_ROWS, (FEEDBACK,)).map_err(fault)?;
    }
    transaction.commit().map_err(fault)
}

fn cells(kind: Kind, example: &Example) -> [Cell; 5] {
    let input = json!({ "id": example.id, "name": example.name }).to_string();
    let output = json!({ "used": example.reason.is_none(), "reason": example.reason }).to_string();
    let score = format!("{:.2}", example.score);
    [kind.name().into(), input.into(), output.into(), score.into(), example.reason.is_none().into()]
}

/// An applied suggestion has put its category into the catalogue, a refused one has confirmed the one that was there: the training
/// reads both from the catalogue, where they count more ([`feedback`]). Here they are kept as what was learnt from whom.
const FEEDBACK_ROWS: &str = "INSERT INTO meschain_ai_training_data \
    (model_type, input_features, expected_output, data_source, quality_score, is_validated) \
    SELECT 'categorization', JSON_OBJECT('id', product_id, 'suggestion_id', suggestion_id), \
    CASE WHEN status = 'applied' THEN COALESCE(after_value, suggested_value) ELSE before_value END, 'feedback', 1.00, 1 \
    FROM meschain_ai_suggestions WHERE kind = 'category' AND status IN ('applied', 'rejected', 'undone') \
    ORDER BY suggestion_id DESC LIMIT ?";

/// The answer of `AI::quality()`: the data of the newest training of this kind.
pub fn quality(database: &Database, kind: Kind) -> Result<Value> {
    let sql = "SELECT CAST(JSON_EXTRACT(detail, '$.quality') AS CHAR), DATE_FORMAT(finished_at, '%Y-%m-%dT%H:%i:%sZ') \
               FROM meschain_ai_training_runs WHERE model_type = ? \
               AND JSON_EXTRACT(detail, '$.quality.rows') IS NOT NULL ORDER BY run_id DESC LIMIT 1";
    let found: Option<(String, Option<String>)> =
        rows::first(&mut database.connection()?, sql, (kind.name(),))?;
    let Some((text, checked_at)) = found else { return Ok(crate::inference::unavailable("not_trained")) };
    let kept: Value = serde_json::from_str(&text).unwrap_or_default();
    let number = |key: &str| kept.get(key).and_then(Value::as_u64).unwrap_or(0);
    let (rows, used) = (number("rows"), number("used"));
    let mut reasons: Vec<(String, u64)> = kept
        .get("reasons")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(reason, count)| (reason.clone(), count.as_u64().unwrap_or(0)))
        .collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let reasons: Vec<Value> =
        reasons.into_iter().map(|(reason, count)| json!({ "reason": reason, "count": count })).collect();
    Ok(json!({
        "available": true,
        "rows": rows,
        "used": used,
        "confirmed": number("confirmed"),
        "share": if rows == 0 { 0.0 } else { used as f64 / rows as f64 },
        "reasons": reasons,
        "examples": kept.get("examples").cloned().unwrap_or_else(|| json!([])),
        "checked_at": checked_at,
    }))
}
