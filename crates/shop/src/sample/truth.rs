//! The truth a sample was made from, as JSON beside it, so that tests can compare what a model found. Written product by
//! product. The shape is documented in `docs/sample-shop.md`.

use super::demand::{CATEGORY_WEEK_SHOCK, DAY_SHOCK, DISPERSION};
use super::price::OFFER_LIFT;
use super::product::{Group, Product};
use super::season::{PROFILES, WEEK, YEARLY_GROWTH};
use super::shelf_rows::{CategoryIds, Shelves};
use meschain_base::{Error, Result, atomic_file};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

/// What is written besides the products.
pub(super) struct Truth<'a> {
    pub shelves: &'a Shelves<'a>,
    pub categories: &'a CategoryIds,
    pub groups: &'a [Group],
    pub lost_units: &'a [u64],
    /// Size, seed and counts: the report without its file name and timing.
    pub report: Value,
    /// UTC offset etc.: the shop's time zone by name.
    pub timezone: &'a str,
}

/// Writes the file through a temporary one.
pub(super) fn write(path: &Path, truth: &Truth<'_>) -> Result<()> {
    atomic_file::write(path, |out| {
        let failed =
            |_| Error::Io { path: path.to_path_buf(), action: "write", kind: std::io::ErrorKind::Other };
        let io = |error: std::io::Error| Error::io(path, "write")(error);
        out.write_all(b"{\n\"format\": 1,\n").map_err(io)?;
        for (name, value) in head(truth) {
            write!(out, "\"{name}\": ").map_err(io)?;
            serde_json::to_writer(&mut *out, &value).map_err(failed)?;
            out.write_all(b",\n").map_err(io)?;
        }
        out.write_all(b"\"products\": [").map_err(io)?;
        for (at, product) in truth.shelves.products.iter().enumerate() {
            out.write_all(if at == 0 { b"\n" } else { b",\n" }).map_err(io)?;
            serde_json::to_writer(&mut *out, &of_product(truth, at, product)).map_err(failed)?;
        }
        out.write_all(b"\n]\n}\n").map_err(io)
    })
}

fn head(truth: &Truth<'_>) -> [(&'static str, Value); 6] {
    let calendar = truth.shelves.calendar;
    let events: Vec<Value> = calendar
        .events
        .iter()
        .map(|event| json!({"name": event.name, "from": event.from.to_string(), "to": event.to.to_string()}))
        .collect();
    let names: std::collections::BTreeSet<&str> = calendar.events.iter().map(|event| event.name).collect();
    let profile = |profile: &super::season::Profile| {
        let factors: serde_json::Map<String, Value> =
            names.iter().map(|name| ((*name).to_owned(), json!(profile.event_factor(name)))).collect();
        (profile.name.to_owned(), json!({"months": profile.months(), "events": factors}))
    };
    let profiles: serde_json::Map<String, Value> = PROFILES.iter().map(profile).collect();
    let ids = |members: &[usize]| members.iter().map(|at| truth.shelves.product_id(*at)).collect::<Vec<_>>();
    let groups: Vec<Value> = truth
        .groups
        .iter()
        .map(|group| json!({"products": ids(&group.members), "strength": group.strength}))
        .collect();
    [
        ("sample", truth.report.clone()),
        ("timezone", json!(truth.timezone)),
        (
            "model",
            json!({
                "week": WEEK, "yearly_growth": YEARLY_GROWTH, "offer_lift": OFFER_LIFT, "dispersion": DISPERSION,
                "day_shock_sd": DAY_SHOCK, "category_week_shock_sd": CATEGORY_WEEK_SHOCK,
                "growth_is_1_on_day": calendar.days.len() as f64 / 2.0,
            }),
        ),
        ("profiles", Value::Object(profiles)),
        ("events", Value::Array(events)),
        ("affinity_groups", Value::Array(groups)),
    ]
}

fn of_product(truth: &Truth<'_>, at: usize, product: &Product) -> Value {
    let shelves = truth.shelves;
    let day = |at: usize| shelves.calendar.days.get(at).map(ToString::to_string);
    let span = |from: usize, to: usize| json!({"from": day(from), "to": day(to)});
    let prices: Vec<Value> = product
        .periods
        .iter()
        .map(|period| {
            json!({
                "from": day(period.first), "to": day(period.last), "gross": period.price.gross.to_string(),
                "net": period.price.net.to_string(), "offer": period.offer,
            })
        })
        .collect();
    let leaf = shelves.catalogue.leaves.get(product.leaf);
    let season = leaf.and_then(|leaf| shelves.catalogue.middles.get(leaf.middle)).map(|middle| middle.season);
    json!({
        "product_id": shelves.product_id(at),
        "model": product.model,
        "category_id": truth.categories.leaves.get(product.leaf),
        "category": leaf.map(|leaf| leaf.key),
        "kind": product.kind,
        "elasticity": product.elasticity,
        "category_elasticity": leaf.map(|leaf| leaf.elasticity),
        "base_price": product.base_price,
        "base_lines_per_day": product.base_lines,
        "units_per_line": product.units_per_line,
        "season": season,
        "kdv": product.kdv,
        "cost": product.cost.to_string(),
        "at_optimum": product.at_optimum,
        "first_day": day(product.first),
        "last_day": day(product.last),
        "cycle_days": product.cycle_days,
        "return_rate": product.return_rate,
        "taste": product.taste,
        "affinity_group": product.group,
        "lost_units": truth.lost_units.get(at),
        "stock_outs": product.stock_outs.iter().map(|(from, to)| span(*from, *to)).collect::<Vec<_>>(),
        "prices": prices,
    })
}
