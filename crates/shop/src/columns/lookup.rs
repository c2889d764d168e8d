//! Reads the small tables that give numbers their names.

use super::dictionaries::{Currency, Dictionaries, Language, Marketplace, Status, StoreName};
use super::read::Reader;
use super::row::{id, text};
use super::texts::plain;
use meschain_base::Result;
use mysql::Row;

fn words(row: &Row, column: usize) -> String {
    plain(&text(row, column)).into_owned()
}

impl Reader<'_> {
    /// Whether a table of this exact name is in the database.
    pub(super) fn has_table(&mut self, name: &str) -> Result<bool> {
        use mysql::prelude::Queryable;
        let statement = "SELECT COUNT(*) FROM `information_schema`.`TABLES` \
             WHERE `TABLE_SCHEMA` = DATABASE() AND `TABLE_NAME` = ?";
        let found: Option<u64> =
            self.connection.exec_first(statement, (name,)).map_err(crate::database::fault)?;
        Ok(found.unwrap_or(0) > 0)
    }

    /// Whether a table has a column.
    pub(super) fn has_column(&mut self, table: &str, column: &str) -> Result<bool> {
        use mysql::prelude::Queryable;
        let statement = "SELECT COUNT(*) FROM `information_schema`.`COLUMNS` \
             WHERE `TABLE_SCHEMA` = DATABASE() AND `TABLE_NAME` = ? AND `COLUMN_NAME` = ?";
        let found: Option<u64> =
            self.connection.exec_first(statement, (table, column)).map_err(crate::database::fault)?;
        Ok(found.unwrap_or(0) > 0)
    }

    /// All of them.
    pub(super) fn dictionaries(&mut self) -> Result<Dictionaries> {
        let mut found = Dictionaries::default();
        let table = |reader: &Self, name: &str| reader.database.table(name);
        let sql = format!(
            "SELECT `order_status_id`, `language_id`, `name` FROM {} ORDER BY `order_status_id`, `language_id`",
            table(self, "order_status")
        );
        self.rows(&sql, |row| {
            found.statuses.push(Status {
                status_id: id(row, 0)?,
                language_id: id(row, 1)?,
                name: words(row, 2),
            });
            Ok(())
        })?;
        let sql = format!(
            "SELECT `currency_id`, `code`, `symbol_left`, `symbol_right`, CAST(`decimal_place` AS SIGNED) FROM {} \
             ORDER BY `currency_id`",
            table(self, "currency")
        );
        self.rows(&sql, |row| {
            found.currencies.push(Currency {
                currency_id: id(row, 0)?,
                code: words(row, 1),
                symbol_left: words(row, 2),
                symbol_right: words(row, 3),
                decimals: id(row, 4)?,
            });
            Ok(())
        })?;
        let sql =
            format!("SELECT `language_id`, `code` FROM {} ORDER BY `language_id`", table(self, "language"));
        self.rows(&sql, |row| {
            found.languages.push(Language { language_id: id(row, 0)?, code: words(row, 1) });
            Ok(())
        })?;
        found.marketplaces = self.marketplaces()?;
        self.settings(&mut found)?;
        Ok(found)
    }

    fn marketplaces(&mut self) -> Result<Vec<Marketplace>> {
        let mut found = Vec::new();
        if self.has_table("meschain_marketplaces")? {
            let sql = "SELECT `marketplace_id`, `code`, `marketplace_name` FROM `meschain_marketplaces` \
                 ORDER BY `marketplace_id`";
            self.rows(sql, |row| {
                let (marketplace_id, code, name) = (id(row, 0)?, words(row, 1), words(row, 2));
                found.push(Marketplace { marketplace_id, code, name });
                Ok(())
            })?;
        }
        if !found.iter().any(|marketplace| marketplace.marketplace_id == 1) {
            found.insert(
                0,
                Marketplace { marketplace_id: 1, code: "own".to_owned(), name: "Own shop".to_owned() },
            );
        }
        Ok(found)
    }

    /// The settings of the default store that reports need, and the stores.
    fn settings(&mut self, found: &mut Dictionaries) -> Result<()> {
        let sql = format!(
            "SELECT `key`, `value` FROM {} WHERE `store_id` = 0 AND `key` IN ('config_name', 'config_currency', \
             'config_language', 'config_timezone', 'config_complete_status', 'config_processing_status', \
             'config_stock_checkout') ORDER BY `setting_id`",
            self.database.table("setting")
        );
        let (mut name, mut language) = (String::new(), String::new());
        self.rows(&sql, |row| {
            let value = text(row, 1);
            match text(row, 0).as_ref() {
                "config_name" => name = plain(&value).into_owned(),
                "config_currency" => found.default_currency = value.into_owned(),
                "config_language" => language = value.into_owned(),
                "config_timezone" => found.timezone = value.trim().to_owned(),
                "config_complete_status" => found.complete_statuses = ids(&value),
                "config_processing_status" => found.processing_statuses = ids(&value),
                "config_stock_checkout" => found.sells_without_stock = value.trim() == "1",
                _ => {}
            }
            Ok(())
        })?;
        let first = found.languages.first().map_or(1, |language| language.language_id);
        let same = found.languages.iter().find(|known| known.code.eq_ignore_ascii_case(&language));
        found.default_language_id = same.map_or(first, |language| language.language_id);
        found.stores.push(StoreName { store_id: 0, name });
        let sql =
            format!("SELECT `store_id`, `name` FROM {} WHERE `store_id` > 0", self.database.table("store"));
        self.rows(&format!("{sql} ORDER BY `store_id`"), |row| {
            found.stores.push(StoreName { store_id: id(row, 0)?, name: words(row, 1) });
            Ok(())
        })?;
        Ok(())
    }
}

/// A list of ids as OpenCart stores it: JSON, of texts or of numbers. What is no id is left out.
fn ids(json: &str) -> Vec<u32> {
    let list: Vec<serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
    let id = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.trim().parse().ok(),
        other => other.as_u64().and_then(|id| u32::try_from(id).ok()),
    };
    let mut ids: Vec<u32> = list.iter().filter_map(id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests {
    use super::ids;

    #[test]
    fn lists_of_ids_in_either_form() {
        assert_eq!(ids(r#"["5","1", 3, 5, "x", -2]"#), [1, 3, 5]);
        assert_eq!(ids(""), Vec::<u32>::new());
    }
}
