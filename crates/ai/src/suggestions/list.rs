//! Reading the inbox. Sort keys and filters are whitelisted; what a person types is only ever a parameter.

use super::row::{COLUMNS, REVISION, shown};
use super::{Kind, Status, Store};
use meschain_base::{Error, Result};
use meschain_shop::mysql::{Params, Value as Cell};
use meschain_shop::rows::{self, take};
use serde_json::{Map, Value, json};

/// The order of the list; equal ones by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The most expected gain first.
    #[default]
    Gain,
    /// The surest first.
    Confidence,
    /// The newest first.
    Newest,
    /// By product.
    Product,
}

impl Sort {
    /// From its name.
    pub fn parse(field: &str, name: &str) -> Result<Self> {
        match name {
            "gain" => Ok(Self::Gain),
            "confidence" => Ok(Self::Confidence),
            "newest" => Ok(Self::Newest),
            "product" => Ok(Self::Product),
            _ => Err(Error::argument(field, "gain, confidence, newest or product", format!("\"{name}\""))),
        }
    }

    pub(super) fn sql(self) -> &'static str {
        match self {
            // Orders of stock carry no gain: what runs out first comes first.
            Self::Gain => {
                "s.expected_gain DESC, COALESCE(JSON_UNQUOTE(JSON_EXTRACT(s.reason, '$.stock_out_date')), '9999'), \
                 s.confidence DESC, s.suggestion_id"
            }
            Self::Confidence => "s.confidence DESC, s.suggestion_id",
            Self::Newest => "COALESCE(s.decided_at, s.created_at) DESC, s.suggestion_id DESC",
            Self::Product => "s.product_id, s.suggestion_id",
        }
    }
}

/// Which suggestions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only these; none: all.
    pub status: Option<Status>,
    /// Part of a product's name or model.
    pub search: String,
    /// The order.
    pub sort: Sort,
    /// Rows to pass over.
    pub start: u32,
    /// Rows.
    pub limit: u32,
}

impl Store {
    /// FROM and WHERE of what fits the filter, with their cells; product names (`d`) in `language_id`, else in the first language that
    /// has one.
    pub(super) fn fitting(&self, filter: &Filter, language_id: u32) -> (String, Vec<Cell>) {
        let [product, text] = ["product", "product_description"].map(|name| self.database.table(name));
        let search = Some(filter.search.trim()).filter(|search| !search.is_empty());
        let (kind, status) = (filter.kind.map(Kind::name), filter.status.map(Status::name));
        let from = format!(
            "FROM meschain_ai_suggestions s LEFT JOIN {product} p ON p.product_id = s.product_id \
             LEFT JOIN {text} d ON d.product_id = s.product_id AND d.language_id = \
             (SELECT o.language_id FROM {text} o WHERE o.product_id = s.product_id \
             ORDER BY o.language_id = ? DESC, o.language_id LIMIT 1) \
             WHERE (? IS NULL OR s.kind = ?) AND (? IS NULL OR s.status = ?) \
             AND (? IS NULL OR LOCATE(?, d.name) > 0 OR LOCATE(?, p.model) > 0)"
        );
        let mut cells: Vec<Cell> = vec![language_id.into()];
        cells.extend([Cell::from(kind), kind.into(), status.into(), status.into()]);
        cells.extend([Cell::from(search), search.into(), search.into()]);
        (from, cells)
    }

    /// A page of the inbox with product names in `language_id`: `items`, `total`.
    pub fn list(&self, filter: &Filter, language_id: u32) -> Result<Value> {
        let (from, mut cells) = self.fitting(filter, language_id);
        let mut connection = self.database.connection()?;
        let count = format!("SELECT COUNT(*) {from}");
        let total: Option<u64> = rows::first(&mut connection, &count, Params::Positional(cells.clone()))?;
        let sql = format!(
            "SELECT {COLUMNS}, {REVISION}, d.name AS name, p.model AS model {from} ORDER BY {} LIMIT ? OFFSET ?",
            filter.sort.sql()
        );
        cells.extend([Cell::from(filter.limit), filter.start.into()]);
        let mut items = Vec::new();
        rows::each(&mut connection, &sql, Params::Positional(cells), |mut row| {
            let mut item = shown(&mut row)?;
            if let Some(item) = item.as_object_mut() {
                item.insert("name".to_owned(), json!(take::<Option<String>>(&mut row, "name")?));
                item.insert("model".to_owned(), json!(take::<Option<String>>(&mut row, "model")?));
            }
            items.push(item);
            Ok(())
        })?;
        Ok(json!({ "items": items, "total": total.unwrap_or(0) }))
    }

    /// How many there are of each kind and status, and what the waiting ones are expected to gain a week.
    pub fn counts(&self) -> Result<Value> {
        let sql = "SELECT kind, status, COUNT(*), COALESCE(CAST(SUM(expected_gain) AS DOUBLE), 0) \
                   FROM meschain_ai_suggestions GROUP BY kind, status";
        let found: Vec<(String, String, u64, f64)> = rows::all(&mut self.database.connection()?, sql, ())?;
        let mut counts = Map::new();
        for kind in Kind::ALL {
            let mut of_kind = Map::new();
            for (_, status, count, gain) in found.iter().filter(|(name, ..)| name == kind.name()) {
                of_kind.insert(status.clone(), json!(count));
                if status == Status::Pending.name() {
                    of_kind.insert("gain".to_owned(), json!(gain));
                }
            }
            of_kind.entry("pending").or_insert(json!(0));
            of_kind.entry("gain").or_insert(json!(0.0));
            counts.insert(kind.name().to_owned(), Value::Object(of_kind));
        }
        Ok(Value::Object(counts))
    }
}
