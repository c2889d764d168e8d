//! When the models were last trained, and which had drifted at the newest look: of all models in two statements.

use crate::registry::Kind;
use jiff::Timestamp;
use meschain_base::Result;
use meschain_shop::{Database, rows};

/// What the tables say.
#[derive(Debug, Default)]
pub(super) struct Past {
    trained: Vec<(String, Option<String>, Option<String>)>,
    drifted: Vec<(String, String)>,
}

impl Past {
    pub fn read(database: &Database) -> Result<Self> {
        let trained = "SELECT CAST(model_type AS CHAR), DATE_FORMAT(MAX(started_at), '%Y-%m-%dT%H:%i:%sZ'), DATE_FORMAT(MAX(IF( \
                       COALESCE(JSON_UNQUOTE(JSON_EXTRACT(detail, '$.mode')), 'full') <> 'update', started_at, NULL)), \
                       '%Y-%m-%dT%H:%i:%sZ') FROM meschain_ai_training_runs GROUP BY model_type";
        let drifted = "SELECT DISTINCT CAST(d.model_type AS CHAR), DATE_FORMAT(d.day, '%Y-%m-%d') FROM meschain_ai_drift d \
                       JOIN (SELECT model_type, MAX(day) AS day FROM meschain_ai_drift GROUP BY model_type) newest \
                       ON newest.model_type = d.model_type AND newest.day = d.day WHERE d.status = 'drifted'";
        let mut connection = database.reader()?;
        Ok(Self {
            trained: rows::all(&mut connection, trained, ())?,
            drifted: rows::all(&mut connection, drifted, ())?,
        })
    }

    /// The newest training.
    pub fn last(&self, kind: Kind) -> Option<Timestamp> {
        self.trained.iter().find(|(name, ..)| name == kind.name())?.1.as_ref()?.parse().ok()
    }

    /// The newest that was no update.
    pub fn last_full(&self, kind: Kind) -> Option<Timestamp> {
        self.trained.iter().find(|(name, ..)| name == kind.name())?.2.as_ref()?.parse().ok()
    }

    /// Whether the newest look at the model, taken on a day after `last`, found drift.
    pub fn has_drifted(&self, kind: Kind, last: Timestamp) -> bool {
        let day = last.strftime("%Y-%m-%d").to_string();
        self.drifted.iter().any(|(name, seen)| name == kind.name() && *seen > day)
    }
}
