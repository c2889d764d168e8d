//! What the models did for the shop: what waits, what was decided, what it earned.

use super::Store;
use super::realised::{realised, too_early};
use crate::inference::Advisor;
use meschain_base::Result;
use meschain_shop::rows;
use serde_json::{Value, json};

/// The figures of the dashboard: `counts`, `decided` (30 and 90 days), `acceptance`, `estimated_gain`, `realised`, `alerts`.
pub fn overview(advisor: Option<&Advisor<'_>>, store: &Store) -> Result<Value> {
    store.tidy()?;
    let decided = |days: u32| -> Result<Value> {
        let sql = "SELECT COALESCE(SUM(status = 'applied'), 0), COALESCE(SUM(status = 'applied' AND is_changed), 0), \
                   COALESCE(SUM(status = 'rejected'), 0), COALESCE(SUM(status = 'undone'), 0), \
                   COALESCE(CAST(SUM(IF(status = 'applied', expected_gain, 0)) AS DOUBLE), 0) \
                   FROM meschain_ai_suggestions WHERE decided_at >= UTC_TIMESTAMP() - INTERVAL ? DAY";
        let found: Option<(u64, u64, u64, u64, f64)> =
            rows::first(&mut store.database.connection()?, sql, (days,))?;
        let (applied, changed, rejected, undone, gain) = found.unwrap_or_default();
        let all = applied + rejected + undone;
        let acceptance = (all > 0).then(|| applied as f64 / all as f64);
        Ok(
            json!({ "days": days, "applied": applied, "changed": changed, "rejected": rejected, "undone": undone,
            "acceptance": acceptance, "estimated_gain": gain }),
        )
    };
    let alerts: Vec<(u64, String, String, String)> = rows::all(
        &mut store.database.connection()?,
        "SELECT alert_id, severity, title, DATE_FORMAT(created_at, '%Y-%m-%dT%TZ') FROM meschain_system_alerts \
         WHERE is_resolved = 0 ORDER BY alert_id DESC LIMIT 10",
        (),
    )?;
    let alerts: Vec<Value> = alerts
        .into_iter()
        .map(|(id, severity, title, at)| json!({ "alert_id": id, "severity": severity, "title": title, "at": at }))
        .collect();
    Ok(json!({
        "counts": store.counts()?,
        "decided": [decided(30)?, decided(90)?],
        "realised": advisor.map(|advisor| realised(advisor, store)).transpose()?.unwrap_or_else(too_early),
        "alerts": alerts,
    }))
}
