//! The rows a shop needs before it can sell: languages, currencies, statuses, country, zones, taxes, settings. Found where
//! they are, made where they are not.

use super::rows::{Cells, add_unless, find_or_add, time_value};
use crate::{Database, fault};
use jiff::civil::{DateTime, date};
use meschain_base::Result;
use mysql::prelude::Queryable;
use mysql::{PooledConn, Value};

/// Order statuses with OpenCart's ids, in English and Turkish.
const ORDER_STATUSES: [(u32, &str, &str); 14] = [
    (1, "Pending", "Beklemede"),
    (2, "Processing", "Hazırlanıyor"),
    (3, "Shipped", "Kargoya Verildi"),
    (5, "Complete", "Tamamlandı"),
    (7, "Canceled", "İptal Edildi"),
    (8, "Denied", "Reddedildi"),
    (9, "Canceled Reversal", "İptal Geri Alındı"),
    (10, "Failed", "Başarısız"),
    (11, "Refunded", "İade Edildi"),
    (12, "Reversed", "Geri Çevrildi"),
    (13, "Chargeback", "Ters İbraz"),
    (14, "Expired", "Süresi Doldu"),
    (15, "Processed", "İşlendi"),
    (16, "Voided", "Geçersiz"),
];
const STOCK_STATUSES: [(u32, &str, &str); 4] = [
    (5, "Out Of Stock", "Stokta Yok"),
    (6, "2-3 Days", "2-3 Gün"),
    (7, "In Stock", "Stokta"),
    (8, "Pre-Order", "Ön Sipariş"),
];
const RETURN_STATUSES: [(u32, &str, &str); 3] =
    [(1, "Pending", "Beklemede"), (2, "Awaiting Products", "Ürün Bekleniyor"), (3, "Complete", "Tamamlandı")];
const RETURN_ACTIONS: [(u32, &str, &str); 3] = [
    (1, "Refunded", "Ücret İadesi"),
    (2, "Credit Issued", "Hesaba Alacak"),
    (3, "Replacement Sent", "Değişim Gönderildi"),
];
const RETURN_REASONS: [(u32, &str, &str); 5] = [
    (1, "Dead On Arrival", "Arızalı Geldi"),
    (2, "Received Wrong Item", "Yanlış Ürün"),
    (3, "Order Error", "Sipariş Hatası"),
    (4, "Faulty", "Kusurlu"),
    (5, "Other", "Diğer"),
];

/// When reference rows say they were made.
pub(super) const LONG_AGO: DateTime = date(2020, 1, 1).at(0, 0, 0, 0);

/// A currency: code, title, symbol left, symbol right, value of one unit of the shop's currency in it.
pub(super) struct Currency {
    pub code: &'static str,
    pub title: &'static str,
    pub left: &'static str,
    pub right: &'static str,
    pub value: f64,
}

/// What kind of shop is being set up.
pub(super) struct Setup<'a> {
    pub name: &'a str,
    /// The shop's own currency first.
    pub currencies: &'a [Currency],
    /// ISO code, three-letter code and name of the shop's country.
    pub country: (&'a str, &'a str, &'a str),
    pub default_language: &'a str,
    /// Whether OpenCart was there before, so that only what must change is changed.
    pub installed: bool,
}

/// Ids of what [`prepare`] found or made.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    pub english: u32,
    pub turkish: u32,
    /// In the order of the setup.
    pub currencies: Vec<u32>,
    pub country: u32,
    pub customer_group: u32,
    pub weight_class: u32,
    pub length_class: u32,
}

/// Makes sure that everything [`Reference`] names is there and that the shop's currency is `setup`'s.
pub(super) fn prepare(database: &Database, conn: &mut PooledConn, setup: &Setup<'_>) -> Result<Reference> {
    let english = language(database, conn, "English", "en-gb", "en-gb,en", true)?;
    let turkish =
        language(database, conn, "Türkçe", "tr-tr", "tr_TR.UTF-8,tr_TR,tr-tr,turkish", !setup.installed)?;
    let languages = [english, turkish];
    for (table, id, rows) in [
        ("order_status", "order_status_id", ORDER_STATUSES.as_slice()),
        ("stock_status", "stock_status_id", STOCK_STATUSES.as_slice()),
        ("return_status", "return_status_id", RETURN_STATUSES.as_slice()),
        ("return_action", "return_action_id", RETURN_ACTIONS.as_slice()),
        ("return_reason", "return_reason_id", RETURN_REASONS.as_slice()),
    ] {
        named_in_two_languages(database, conn, table, id, rows, languages)?;
    }
    let now = time_value(LONG_AGO);
    let mut currencies = Vec::new();
    for currency in setup.currencies {
        currencies.push(set_currency(database, conn, currency, &now)?);
    }
    let (iso2, iso3, name) = setup.country;
    let rest: Cells = &[
        ("name", name.into()),
        ("iso_code_3", iso3.into()),
        ("address_format_id", 1.into()),
        ("status", 1.into()),
    ];
    let country = find_or_add(database, conn, "country", "country_id", &[("iso_code_2", iso2.into())], rest)?;
    let customer_group = customer_group(database, conn, languages)?;
    let weight_class = measure(database, conn, "weight_class", ("Kilogram", "Kilogram", "kg"), languages)?;
    let length_class =
        measure(database, conn, "length_class", ("Centimeter", "Santimetre", "cm"), languages)?;
    let reference =
        Reference { english, turkish, currencies, country, customer_group, weight_class, length_class };
    settings(database, conn, setup, &reference)?;
    Ok(reference)
}

fn language(
    database: &Database,
    conn: &mut PooledConn,
    name: &str,
    code: &str,
    locale: &str,
    active: bool,
) -> Result<u32> {
    let rest: Cells = &[
        ("name", name.into()),
        ("locale", locale.into()),
        ("extension", "".into()),
        ("sort_order", 1.into()),
        ("status", u8::from(active).into()),
    ];
    find_or_add(database, conn, "language", "language_id", &[("code", code.into())], rest)
}

fn named_in_two_languages(
    database: &Database,
    conn: &mut PooledConn,
    table: &str,
    id: &str,
    rows: &[(u32, &str, &str)],
    [english, turkish]: [u32; 2],
) -> Result<()> {
    for (number, en, tr) in rows {
        for (language, name) in [(english, en), (turkish, tr)] {
            let key: Cells = &[(id, (*number).into()), ("language_id", language.into())];
            add_unless(database, conn, table, key, &[("name", (*name).into())])?;
        }
    }
    Ok(())
}

fn set_currency(database: &Database, conn: &mut PooledConn, currency: &Currency, now: &Value) -> Result<u32> {
    let rest: Cells = &[
        ("title", currency.title.into()),
        ("symbol_left", currency.left.into()),
        ("symbol_right", currency.right.into()),
        ("decimal_place", "2".into()),
        ("value", currency.value.into()),
        ("status", 1.into()),
        ("date_modified", now.clone()),
    ];
    let id = find_or_add(database, conn, "currency", "currency_id", &[("code", currency.code.into())], rest)?;
    let update = format!(
        "UPDATE {} SET `value` = ?, `status` = 1 WHERE `currency_id` = ?",
        database.table("currency")
    );
    conn.exec_drop(update, (currency.value, id)).map_err(fault)?;
    Ok(id)
}

fn customer_group(database: &Database, conn: &mut PooledConn, languages: [u32; 2]) -> Result<u32> {
    let group = find_or_add(
        database,
        conn,
        "customer_group",
        "customer_group_id",
        &[("approval", 0.into())],
        &[("sort_order", 1.into())],
    )?;
    for (language, name) in languages.into_iter().zip(["Default", "Varsayılan"]) {
        let key: Cells = &[("customer_group_id", group.into()), ("language_id", language.into())];
        add_unless(database, conn, "customer_group_description", key, &[("name", name.into())])?;
    }
    Ok(group)
}

/// The unit of value 1 of `weight_class` or `length_class`.
fn measure(
    database: &Database,
    conn: &mut PooledConn,
    table: &str,
    names: (&str, &str, &str),
    languages: [u32; 2],
) -> Result<u32> {
    let id = format!("{table}_id");
    let (en, tr, unit) = names;
    let class = find_or_add(database, conn, table, &id, &[("value", "1.00000000".into())], &[])?;
    for (language, title) in languages.into_iter().zip([en, tr]) {
        let key: Cells = &[(&id, class.into()), ("language_id", language.into())];
        add_unless(
            database,
            conn,
            &format!("{table}_description"),
            key,
            &[("title", title.into()), ("unit", unit.into())],
        )?;
    }
    Ok(class)
}

/// Settings: the currency always, since every amount is in it; the rest only where nothing is set. The address of the shop is none of them:
/// OpenCart knows where it is served, and a row would send its pages elsewhere.
fn settings(
    database: &Database,
    conn: &mut PooledConn,
    setup: &Setup<'_>,
    reference: &Reference,
) -> Result<()> {
    let currency = setup.currencies.first().map_or("TRY", |currency| currency.code);
    // Amounts are in this currency and dates are UTC, whatever the shop had.
    let update = format!(
        "UPDATE {} SET `value` = ? WHERE `store_id` = 0 AND `code` = 'config' AND `key` = ?",
        database.table("setting")
    );
    let of_the_data = [(currency, "config_currency"), ("UTC", "config_timezone")];
    conn.exec_batch(update, of_the_data).map_err(fault)?;
    let id = |id: u32| id.to_string();
    let defaults: [(&str, String, u8); 19] = [
        ("config_currency", currency.to_owned(), 0),
        ("config_name", setup.name.to_owned(), 0),
        ("config_meta_title", setup.name.to_owned(), 0),
        ("config_owner", setup.name.to_owned(), 0),
        ("config_email", "shop@example.com".to_owned(), 0),
        ("config_language", setup.default_language.to_owned(), 0),
        ("config_language_admin", "en-gb".to_owned(), 0),
        ("config_timezone", "UTC".to_owned(), 0),
        ("config_country_id", id(reference.country), 0),
        ("config_customer_group_id", id(reference.customer_group), 0),
        ("config_weight_class_id", id(reference.weight_class), 0),
        ("config_length_class_id", id(reference.length_class), 0),
        ("config_tax", "1".to_owned(), 0),
        ("config_order_status_id", "1".to_owned(), 0),
        ("config_processing_status", r#"["5","1","2","12","3"]"#.to_owned(), 1),
        ("config_complete_status", r#"["5","3"]"#.to_owned(), 1),
        ("config_return_status_id", "2".to_owned(), 0),
        ("config_invoice_prefix", "INV-".to_owned(), 0),
        ("config_pagination_admin", "20".to_owned(), 0),
    ];
    for (key, value, serialized) in defaults {
        let of_key: Cells = &[("store_id", 0.into()), ("code", "config".into()), ("key", key.into())];
        add_unless(
            database,
            conn,
            "setting",
            of_key,
            &[("value", value.into()), ("serialized", serialized.into())],
        )?;
    }
    Ok(())
}

/// Tax classes with one rate each for goods at 1, 10 and 20 % KDV, in the order given.
pub(super) fn tax_classes(
    database: &Database,
    conn: &mut PooledConn,
    reference: &Reference,
    rates: &[u8],
) -> Result<Vec<u32>> {
    let now = time_value(LONG_AGO);
    let dates = |now: &Value| [("date_added", now.clone()), ("date_modified", now.clone())];
    let with_dates = |cells: Cells| -> Vec<(String, Value)> {
        cells.iter().cloned().chain(dates(&now)).map(|(name, value)| (name.to_owned(), value)).collect()
    };
    let add = |conn: &mut PooledConn, table: &str, id: &str, key: Cells, rest: Cells| {
        let rest = with_dates(rest);
        let rest: Vec<(&str, Value)> =
            rest.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        find_or_add(database, conn, table, id, key, &rest)
    };
    let zone = add(
        conn,
        "geo_zone",
        "geo_zone_id",
        &[("name", "Türkiye KDV".into())],
        &[("description", "KDV".into())],
    )?;
    let all: Cells = &[("country_id", reference.country.into()), ("geo_zone_id", zone.into())];
    add(conn, "zone_to_geo_zone", "zone_to_geo_zone_id", all, &[("zone_id", 0.into())])?;
    let mut classes = Vec::new();
    for rate in rates {
        let name = format!("KDV %{rate}");
        let class = add(
            conn,
            "tax_class",
            "tax_class_id",
            &[("title", name.clone().into())],
            &[("description", name.clone().into())],
        )?;
        let percent = format!("{rate}.0000");
        let rest: Cells = &[("rate", percent.into()), ("type", "P".into())];
        let tax = add(
            conn,
            "tax_rate",
            "tax_rate_id",
            &[("name", name.into()), ("geo_zone_id", zone.into())],
            rest,
        )?;
        let group: Cells =
            &[("tax_rate_id", tax.into()), ("customer_group_id", reference.customer_group.into())];
        add_unless(database, conn, "tax_rate_to_customer_group", group, &[])?;
        let rule: Cells = &[("tax_class_id", class.into()), ("tax_rate_id", tax.into())];
        find_or_add(
            database,
            conn,
            "tax_rule",
            "tax_rule_id",
            rule,
            &[("based", "shipping".into()), ("priority", 1.into())],
        )?;
        classes.push(class);
    }
    Ok(classes)
}
