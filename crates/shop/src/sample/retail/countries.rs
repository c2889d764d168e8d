//! The countries of the file.

use super::super::rows::find_or_add;
use super::read::Source;
use crate::Database;
use meschain_base::Result;
use mysql::PooledConn;

/// Countries of the file by ISO code; the others get no row of `country`.
const COUNTRIES: [(&str, &str, &str); 36] = [
    ("United Kingdom", "GB", "GBR"),
    ("France", "FR", "FRA"),
    ("Australia", "AU", "AUS"),
    ("Netherlands", "NL", "NLD"),
    ("Germany", "DE", "DEU"),
    ("Norway", "NO", "NOR"),
    ("EIRE", "IE", "IRL"),
    ("Switzerland", "CH", "CHE"),
    ("Spain", "ES", "ESP"),
    ("Poland", "PL", "POL"),
    ("Portugal", "PT", "PRT"),
    ("Italy", "IT", "ITA"),
    ("Belgium", "BE", "BEL"),
    ("Lithuania", "LT", "LTU"),
    ("Japan", "JP", "JPN"),
    ("Iceland", "IS", "ISL"),
    ("Channel Islands", "JE", "JEY"),
    ("Denmark", "DK", "DNK"),
    ("Cyprus", "CY", "CYP"),
    ("Sweden", "SE", "SWE"),
    ("Austria", "AT", "AUT"),
    ("Israel", "IL", "ISR"),
    ("Finland", "FI", "FIN"),
    ("Bahrain", "BH", "BHR"),
    ("Greece", "GR", "GRC"),
    ("Hong Kong", "HK", "HKG"),
    ("Singapore", "SG", "SGP"),
    ("Lebanon", "LB", "LBN"),
    ("United Arab Emirates", "AE", "ARE"),
    ("Saudi Arabia", "SA", "SAU"),
    ("Czech Republic", "CZ", "CZE"),
    ("Canada", "CA", "CAN"),
    ("Brazil", "BR", "BRA"),
    ("USA", "US", "USA"),
    ("Malta", "MT", "MLT"),
    ("RSA", "ZA", "ZAF"),
];

/// Ids of the countries of the file, in its order; 0 for those without a code.
pub(super) fn countries(database: &Database, conn: &mut PooledConn, source: &Source) -> Result<Vec<u32>> {
    let mut ids = Vec::new();
    for name in &source.countries {
        let Some((_, iso2, iso3)) = COUNTRIES.iter().find(|(known, ..)| known == name) else {
            ids.push(0);
            continue;
        };
        let rest = [
            ("name", name.as_str().into()),
            ("iso_code_3", (*iso3).into()),
            ("address_format_id", 1.into()),
            ("status", 1.into()),
        ];
        ids.push(find_or_add(
            database,
            conn,
            "country",
            "country_id",
            &[("iso_code_2", (*iso2).into())],
            &rest,
        )?);
    }
    Ok(ids)
}
