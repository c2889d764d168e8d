//! What each shop keeps for itself below a data folder. The folder is a setting of the machine, the database often one of the shop:
//! several shops on one machine share the folder and must not share models or figures.

use crate::database::Target;
use crate::database::parse_target;
use meschain_base::{Result, Settings};
use std::path::PathBuf;

/// `<data_dir>/<name>/shop-<16 hex>`; `<data_dir>/<name>` where no database is set, and so no shop.
pub fn folder(settings: &Settings, name: &str) -> Result<PathBuf> {
    let folder = settings.require_data_dir()?.join(name);
    let Ok(url) = settings.require_database() else { return Ok(folder) };
    Ok(folder.join(shop_name(&parse_target("database_url", url)?, &settings.table_prefix)))
}

/// `shop-<16 hex>`: tells shops apart by server, database and table prefix, whoever asks.
pub(crate) fn shop_name(target: &Target, table_prefix: &str) -> String {
    let hash = blake3::hash(format!("{}\n{table_prefix}", place(target)).as_bytes()).to_hex();
    format!("shop-{}", hash.get(..16).unwrap_or_default())
}

/// One text for one database, whatever the page and the worker call it: a socket, `localhost` and `127.0.0.1` are this machine.
fn place(target: &Target) -> String {
    let host = target.host.to_ascii_lowercase();
    let here = target.socket.is_some() || matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1");
    let host = if here { "localhost" } else { &host };
    let port = if target.socket.is_some() { 3306 } else { target.port };
    format!("{host}:{port}/{}", target.database)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str, prefix: &str) -> PathBuf {
        let mut settings = Settings { data_dir: Some("/data".into()), ..Settings::default() };
        settings.set("table_prefix", prefix).unwrap();
        settings.set("database_url", url).unwrap();
        folder(&settings, "models").unwrap()
    }

    #[test]
    fn a_shop_has_one_folder_whoever_asks_and_however_its_database_is_called() {
        let shop = of("mysql://web:secret@localhost/shop", "oc_");
        assert!(shop.starts_with("/data/models") && shop != std::path::Path::new("/data/models"));
        for same in [
            "mysql://worker:other@127.0.0.1:3306/shop",
            "mysql://web@LOCALHOST/shop?ssl=true",
            "mariadb://web@db/shop?socket=/run/mysqld/mysqld.sock",
        ] {
            assert_eq!(of(same, "oc_"), shop, "{same}");
        }
    }

    #[test]
    fn shops_have_folders_of_their_own() {
        let all = [
            of("mysql://web@localhost/shop", "oc_"),
            of("mysql://web@localhost/shop", "b_"),
            of("mysql://web@localhost/other", "oc_"),
            of("mysql://web@localhost:3307/shop", "oc_"),
            of("mysql://web@db.example/shop", "oc_"),
        ];
        assert_eq!(std::collections::BTreeSet::from_iter(&all).len(), all.len());
        let nobody = Settings { data_dir: Some("/data".into()), ..Settings::default() };
        assert_eq!(folder(&nobody, "models").unwrap(), PathBuf::from("/data/models"));
    }
}
