//! A section of the dashboard as CSV (RFC 4180): numbers stay numbers, text is made harmless for spreadsheets.

mod labels;
mod options;

pub use options::CsvOptions;

use crate::dashboard::Dashboard;
use crate::figure::Figure;
use meschain_base::{Error, Result};
use std::borrow::Cow;

/// Sections that can be written.
pub const SECTIONS: [&str; 4] = ["kpis", "series", "top_products", "marketplaces"];

/// A cell: text is guarded, numbers are written as they are.
enum Cell<'a> {
    Text(Cow<'a, str>),
    Number(String),
    Empty,
}

fn text(value: &str) -> Cell<'_> {
    Cell::Text(value.into())
}

fn number(value: Figure) -> Cell<'static> {
    Cell::Number(value.to_string())
}

fn whole(value: u32) -> Cell<'static> {
    Cell::Number(value.to_string())
}

fn ratio(value: Option<f64>) -> Cell<'static> {
    value.map_or(Cell::Empty, |value| Cell::Number(value.to_string()))
}

/// Header and rows of a section.
type Table<'a> = (&'static [&'static str], Vec<Vec<Cell<'a>>>);

/// One section as UTF-8 text: a header of column names, then the rows, lines ending in CR LF.
pub fn csv(dashboard: &Dashboard, section: &str, options: &CsvOptions) -> Result<Vec<u8>> {
    let (header, rows) = match section {
        "kpis" => kpis(dashboard, options),
        "series" => series(dashboard),
        "top_products" => top_products(dashboard),
        "marketplaces" => marketplaces(dashboard),
        other => return Err(Error::argument("section", format!("one of {}", SECTIONS.join(", ")), other)),
    };
    let out = if options.bom { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    let mut writer = ::csv::WriterBuilder::new()
        .delimiter(options.separator)
        .terminator(::csv::Terminator::CRLF)
        .from_writer(out);
    let failed = |error: ::csv::Error| Error::internal("csv", error.to_string());
    writer.write_record(header.iter().map(|name| options.label(name))).map_err(failed)?;
    for row in rows {
        let cells = row.into_iter().map(|cell| match cell {
            Cell::Text(value) => harmless(&value),
            Cell::Number(value) if options.decimal_comma => value.replace('.', ","),
            Cell::Number(value) => value,
            Cell::Empty => String::new(),
        });
        writer.write_record(cells).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Error::internal("csv", error.to_string()))
}

fn kpis<'a>(dashboard: &'a Dashboard, options: &CsvOptions) -> Table<'a> {
    let header = &["figure", "unit", "value", "previous", "last_year", "change_previous", "change_last_year"];
    let row = |kpi: &'a crate::figure::Kpi| {
        vec![
            text(options.label(kpi.id)),
            text(if kpi.unit == "money" { &dashboard.currency.code } else { "" }),
            number(kpi.value),
            number(kpi.previous),
            number(kpi.last_year),
            ratio(kpi.change_previous),
            ratio(kpi.change_last_year),
        ]
    };
    (header, dashboard.kpis.iter().map(row).collect())
}

fn series(dashboard: &Dashboard) -> Table<'_> {
    let row = |point: &'_ crate::dashboard::Point| {
        let previous = point.previous_revenue.map_or(Cell::Empty, number);
        let key = Cell::Text(point.key.clone().into());
        vec![key, number(point.revenue), number(point.orders), number(point.units), previous]
    };
    (
        &["period", "revenue", "orders", "units", "previous_revenue"],
        dashboard.series.iter().map(row).collect(),
    )
}

fn top_products(dashboard: &Dashboard) -> Table<'_> {
    let rows = dashboard.top_products.iter().map(|product| {
        vec![
            whole(product.product_id),
            text(&product.name),
            text(&product.model),
            number(product.units),
            number(product.orders),
            number(product.revenue),
            ratio(Some(product.share)),
        ]
    });
    (&["product_id", "name", "model", "units", "orders", "revenue", "share"], rows.collect())
}

fn marketplaces(dashboard: &Dashboard) -> Table<'_> {
    let rows = dashboard.marketplaces.iter().map(|place| {
        vec![
            whole(place.marketplace_id),
            text(&place.code),
            text(&place.name),
            number(place.orders),
            number(place.units),
            number(place.revenue),
            number(place.average_order_value),
            ratio(Some(place.share)),
        ]
    });
    let header =
        &["marketplace_id", "code", "name", "orders", "units", "revenue", "average_order_value", "share"];
    (header, rows.collect())
}

/// Puts an apostrophe before text that a spreadsheet would take for a formula: one that begins, after any blanks, with
/// `= + - @`, their full-width forms, a tab or a line break (OWASP, "CSV Injection").
fn harmless(value: &str) -> String {
    let dangerous = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let breaks = value.starts_with(['\t', '\r', '\n']);
    let first = value
        .trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}')
        .chars()
        .next();
    if breaks || first.is_some_and(dangerous) { format!("'{value}") } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        for bad in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\nx",
            "  =1",
            "\u{a0}=1",
            "\u{3000}＝1",
            "＠x",
            "\u{feff}=1",
        ] {
            assert!(harmless(bad).starts_with('\''), "{bad:?}");
        }
        for good in ["", "Çay - 250 g", "a=b", "1+1", "'=1", "5-li set"] {
            assert_eq!(harmless(good), good);
        }
    }
}
