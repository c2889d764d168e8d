//! Decisions: each is one conditional update and one row of the log, in one transaction.

use super::audit;
use super::row::{COLUMNS, REVISION, shown};
use super::{Status, Store, text_of, unknown};
use crate::settings::By;
use meschain_base::{Error, Result};
use meschain_shop::mysql::{Params, TxOpts, Value as Cell};
use meschain_shop::{Transaction, fault, rows};
use serde_json::{Value, json};

/// Minutes after which whoever was applying is taken for gone.
const PATIENCE_MINUTES: u32 = 10;
/// Suggestions that one call refuses at most.
pub const MOST_AT_ONCE: usize = 1_000;
/// What the server says when another one waits for the same thing: `pending_key` is unique.
const DUPLICATE_KEY: u16 = 1062;
/// What it says to the one of two transactions that it took back because each waited for the other.
const DEADLOCK: u16 = 1213;
/// How often such a transaction is tried.
const ATTEMPTS: usize = 5;
const STEP: &str = "this step of a suggestion";

/// How a suggestion is approved.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Approval {
    /// What a person puts in place of the suggested value: `{"price"}`, `{"quantity"}` or `{"category_id"}`.
    pub value: Option<Value>,
    /// The revision that was seen; none: what it says by now.
    pub revision: Option<u64>,
    /// Of a category's path.
    pub language_id: u32,
}

impl Store {
    /// Takes a waiting suggestion, to be written into the catalogue. Fails with [`Error::Unsupported`] when it no longer waits or no
    /// longer says what was approved, [`Error::NotFound`] when there is none, and an argument error when the value put in its place
    /// does not fit; then nothing has happened.
    pub fn begin(&self, id: u64, approval: &Approval, by: &By) -> Result<Value> {
        self.release_abandoned()?;
        let found = self.get(id)?;
        let suggested = found.get("suggested").cloned().unwrap_or_default();
        let value = approval.value.as_ref();
        let after = match value {
            Some(value) => self.replacement(&found, value, approval.language_id)?,
            None => suggested.clone(),
        };
        let changed = after != suggested;
        let told = if changed {
            json!({ "changed": true, "suggested": suggested })
        } else {
            json!({ "changed": false })
        };
        let set = "after_value = ?, is_changed = ?, decided_by = ?, decided_at = UTC_TIMESTAMP()";
        let values = vec![text_of(&after)?.into(), changed.into(), by.user_id.into()];
        // What was read is what is taken: a newer proposal that came in since has another revision.
        let revision = approval.revision.or_else(|| found.get("revision").and_then(Value::as_u64));
        let step = (Status::Pending, Status::Applying);
        self.step_of(id, revision, step, (set, values), ("approved", told), by)
    }

    /// Says that what [`Self::begin`] took is in the catalogue; `after` is what was written.
    pub fn applied(&self, id: u64, after: Option<&Value>, by: &By) -> Result<Value> {
        let after = after.map(text_of).transpose()?;
        let set = "after_value = COALESCE(?, after_value), decided_at = UTC_TIMESTAMP(), error = NULL";
        self.step(
            id,
            (Status::Applying, Status::Applied),
            (set, vec![after.into()]),
            ("applied", json!({})),
            by,
        )
    }

    /// Says that it could not be written, and why.
    pub fn failed(&self, id: u64, message: &str, by: &By) -> Result<Value> {
        self.ended(id, (Status::Applying, Status::Failed), ("failed", message), by)
    }

    /// Says that the catalogue holds something else by now, so nothing was written.
    pub fn stale(&self, id: u64, message: &str, by: &By) -> Result<Value> {
        self.ended(id, (Status::Applying, Status::Expired), ("stale", message), by)
    }

    /// Takes an applied suggestion, to be taken back.
    pub fn begin_undo(&self, id: u64, by: &By) -> Result<Value> {
        self.release_abandoned()?;
        self.step(
            id,
            (Status::Applied, Status::Undoing),
            ("error = NULL", Vec::new()),
            ("undoing", json!({})),
            by,
        )
    }

    /// Says that the catalogue holds again what it held before.
    pub fn undone(&self, id: u64, by: &By) -> Result<Value> {
        let set = "decided_at = UTC_TIMESTAMP(), decided_by = ?";
        self.step(
            id,
            (Status::Undoing, Status::Undone),
            (set, vec![by.user_id.into()]),
            ("undone", json!({})),
            by,
        )
    }

    /// Says that it could not be taken back: it stays applied.
    pub fn undo_failed(&self, id: u64, message: &str, by: &By) -> Result<Value> {
        self.ended(id, (Status::Undoing, Status::Applied), ("undo_failed", message), by)
    }

    /// Refuses waiting suggestions, each while it still has the revision that was seen, where one is given; gives the numbers of those
    /// that were refused.
    pub fn reject(&self, seen: &[(u64, Option<u64>)], note: &str, by: &By) -> Result<Vec<u64>> {
        if seen.len() > MOST_AT_ONCE {
            return Err(Error::argument(
                "ids",
                format!("at most {MOST_AT_ONCE}"),
                format!("{} ids", seen.len()),
            ));
        }
        let set = "decided_by = ?, decided_at = UTC_TIMESTAMP()";
        let mut refused = Vec::new();
        for (id, revision) in seen {
            let detail = json!({ "note": note.chars().take(500).collect::<String>() });
            let step = (Status::Pending, Status::Rejected);
            let change = (set, vec![by.user_id.into()]);
            match self.step_of(*id, *revision, step, change, ("rejected", detail), by) {
                Ok(_) => refused.push(*id),
                Err(Error::Unsupported { .. } | Error::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(refused)
    }

    /// Lets a refused suggestion wait again, while it has the revision that was seen, where one is given. Fails with
    /// [`Error::Unsupported`] when it is not refused, says something else, or another one waits for the same thing by now.
    pub fn reopen(&self, id: u64, revision: Option<u64>, by: &By) -> Result<Value> {
        let set = "decided_by = NULL, decided_at = NULL";
        let step = (Status::Rejected, Status::Pending);
        match self.step_of(id, revision, step, (set, Vec::new()), ("reopened", json!({})), by) {
            Err(Error::Database { code: Some(DUPLICATE_KEY), .. }) => Err(Error::Unsupported {
                what: STEP,
                reason: "a newer one for the same product waits".to_owned(),
            }),
            other => other,
        }
    }

    /// Closes what is too old and gives back what was taken and never finished; the number of rows.
    pub fn tidy(&self) -> Result<u64> {
        let old = "status = 'pending' AND valid_until < UTC_TIMESTAMP()";
        let set = "status = 'expired', error = 'too_old'";
        let expired = self.change_all(old, set, "expired")?;
        Ok(expired + self.release_abandoned()?)
    }

    fn release_abandoned(&self) -> Result<u64> {
        let abandoned = format!(
            "status IN ('applying', 'undoing') AND updated_at < CURRENT_TIMESTAMP - INTERVAL {PATIENCE_MINUTES} MINUTE"
        );
        let set = "status = IF(status = 'applying', 'pending', 'applied')";
        self.change_all(&abandoned, set, "released")
    }

    /// Changes all that fit, and writes a row of the log for each in the same transaction. Nobody decided: the name is MesChain's.
    fn change_all(&self, which: &str, set: &str, action: &str) -> Result<u64> {
        let mut changed = 0;
        loop {
            match again(|| self.change_some(which, set, action))? {
                0 => return Ok(changed),
                some => changed += some,
            }
        }
    }

    fn change_some(&self, which: &str, set: &str, action: &str) -> Result<u64> {
        // What somebody holds is being decided about: to wait for it here would hold what he needs next.
        let find = format!(
            "SELECT suggestion_id, product_id, CAST(status AS CHAR) FROM meschain_ai_suggestions WHERE {which} \
             LIMIT {MOST_AT_ONCE} FOR UPDATE SKIP LOCKED"
        );
        let mut connection = self.database.connection()?;
        let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
        let found: Vec<(u64, u32, String)> = rows::all(&mut transaction, &find, ())?;
        if found.is_empty() {
            return Ok(0);
        }
        let marks = vec!["?"; found.len()].join(", ");
        let sql = format!("UPDATE meschain_ai_suggestions SET {set} WHERE suggestion_id IN ({marks})");
        let ids = found.iter().map(|(id, ..)| (*id).into()).collect();
        let changed = rows::change(&mut transaction, &sql, Params::Positional(ids))?;
        for (id, product, status) in &found {
            let detail = json!({ "was": status });
            audit::write(&mut transaction, action, (*id, *product), &machine(), &detail)?;
        }
        transaction.commit().map_err(fault)?;
        Ok(changed)
    }

    fn ended(&self, id: u64, step: (Status, Status), action: (&str, &str), by: &By) -> Result<Value> {
        let message: String = action.1.chars().take(500).collect();
        let detail = json!({ "error": &message });
        self.step(id, step, ("error = ?", vec![message.into()]), (action.0, detail), by)
    }

    fn step(
        &self,
        id: u64,
        step: (Status, Status),
        change: (&str, Vec<Cell>),
        log: (&str, Value),
        by: &By,
    ) -> Result<Value> {
        self.step_of(id, None, step, change, log, by)
    }

    /// A step that is taken only while the suggestion says what `revision` says.
    fn step_of(
        &self,
        id: u64,
        revision: Option<u64>,
        step: (Status, Status),
        change: (&str, Vec<Cell>),
        log: (&str, Value),
        by: &By,
    ) -> Result<Value> {
        again(|| self.try_step(id, revision, step, &change, &log, by))
    }

    fn try_step(
        &self,
        id: u64,
        revision: Option<u64>,
        (from, to): (Status, Status),
        (set, values): &(&str, Vec<Cell>),
        (action, detail): &(&str, Value),
        by: &By,
    ) -> Result<Value> {
        let mut connection = self.database.connection()?;
        let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
        let sql = format!(
            "UPDATE meschain_ai_suggestions SET {set}, status = ?, updated_at = CURRENT_TIMESTAMP \
             WHERE suggestion_id = ? AND status = ? \
             AND (? IS NULL OR CRC32(CONCAT(before_value, suggested_value)) = ?)"
        );
        let mut values = values.clone();
        values.extend([to.name().into(), id.into(), from.name().into(), revision.into(), revision.into()]);
        let won = rows::change(&mut transaction, &sql, Params::Positional(values))? == 1;
        let found = one(&mut transaction, id)?.ok_or_else(|| unknown(id))?;
        if !won {
            let status = found.get("status").and_then(Value::as_str).unwrap_or_default().to_owned();
            let reason = if status == from.name() {
                "it says something else by now".to_owned()
            } else {
                format!("it is {status}")
            };
            return Err(Error::Unsupported { what: STEP, reason });
        }
        let product = found.get("product_id").and_then(Value::as_u64).and_then(|id| u32::try_from(id).ok());
        audit::write(&mut transaction, action, (id, product.unwrap_or(0)), by, detail)?;
        transaction.commit().map_err(fault)?;
        Ok(found)
    }

    /// One suggestion.
    pub fn get(&self, id: u64) -> Result<Value> {
        let mut connection = self.database.connection()?;
        let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
        one(&mut transaction, id)?.ok_or_else(|| unknown(id))
    }
}

/// A transaction that is taken back whole may go again.
fn again<T>(transaction: impl Fn() -> Result<T>) -> Result<T> {
    for _ in 1..ATTEMPTS {
        match transaction() {
            Err(Error::Database { code: Some(DEADLOCK), .. }) => {}
            other => return other,
        }
    }
    transaction()
}

/// Who is named where nobody decided.
fn machine() -> By {
    By { user_id: None, user_name: "MesChain".to_owned() }
}

fn one(transaction: &mut Transaction<'_>, id: u64) -> Result<Option<Value>> {
    let sql =
        format!("SELECT {COLUMNS}, {REVISION} FROM meschain_ai_suggestions s WHERE s.suggestion_id = ?");
    let row: Option<meschain_shop::mysql::Row> = rows::first(transaction, &sql, (id,))?;
    row.map(|mut row| shown(&mut row)).transpose()
}
