//! `meschain_ai_models`: every version that was ever trained, for people and for the other nodes.

use super::{Card, Kind};
use meschain_base::{Error, Result};
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::mysql::{TxOpts, params};
use meschain_shop::{Database, fault, rows};

/// Writes `card` down as the active version of its kind; the versions before it become inactive. One transaction.
pub fn record(database: &Database, card: &Card) -> Result<()> {
    let mut connection = database.connection()?;
    let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
    transaction
        .exec_drop(
            "UPDATE meschain_ai_models SET status = 'inactive' WHERE model_type = ? AND status <> 'inactive'",
            (card.kind.name(),),
        )
        .map_err(fault)?;
    transaction
        .exec_drop(
            "INSERT INTO meschain_ai_models (model_name, model_type, model_version, model_path, accuracy_score, \
             training_data_size, last_trained, status) \
             VALUES (:name, :kind, :version, :path, :score, :size, UTC_TIMESTAMP(), 'active') \
             ON DUPLICATE KEY UPDATE status = 'active'",
            params! {
                "name" => card.kind.title(),
                "kind" => card.kind.name(),
                "version" => &card.version,
                "path" => format!("models/{}/{}", card.kind.name(), card.file),
                "score" => score(card),
                "size" => card.data_size.min(i32::MAX as u64),
            },
        )
        .map_err(fault)?;
    transaction.commit().map_err(fault)
}

/// `accuracy_score` is `decimal(5,4)`: errors such as WAPE go in as they are, anything that does not fit as null.
fn score(card: &Card) -> Option<String> {
    let value = card.metric.as_ref()?.value;
    (0.0..10.0).contains(&value).then(|| format!("{value:.4}"))
}

/// The id of a version, for the prediction log.
pub fn model_id(database: &Database, kind: Kind, version: &str) -> Result<u32> {
    let sql = "SELECT model_id FROM meschain_ai_models WHERE model_name = ? AND model_version = ?";
    let found: Option<u32> = rows::first(&mut database.connection()?, sql, (kind.title(), version))?;
    found.ok_or_else(|| Error::NotFound { what: "model version", id: version.to_owned() })
}
