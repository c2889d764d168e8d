//! The small tables of a shop: statuses, currencies, marketplaces, stores, languages and the settings that reports need.

use super::statuses::StatusSet;
use super::wall::WallClock;
use serde::{Deserialize, Serialize};

/// Everything small that gives the numbers of a snapshot their names. Text is plain, not HTML.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Dictionaries {
    /// Order statuses in every language.
    pub statuses: Vec<Status>,
    /// Currencies.
    pub currencies: Vec<Currency>,
    /// Marketplaces; always holds the own shop (1).
    pub marketplaces: Vec<Marketplace>,
    /// Stores; always holds the default one (0).
    pub stores: Vec<StoreName>,
    /// Languages.
    pub languages: Vec<Language>,
    /// Code of the currency all amounts are in, `config_currency`.
    pub default_currency: String,
    /// Language of product names, that of `config_language`.
    pub default_language_id: u32,
    /// `config_timezone`: the zone whose clock OpenCart's dates are written by; empty is UTC.
    #[serde(default)]
    pub timezone: String,
    /// `config_complete_status`.
    pub complete_statuses: Vec<u32>,
    /// `config_processing_status`.
    pub processing_statuses: Vec<u32>,
    /// `config_stock_checkout`: what is out of stock can be bought all the same.
    #[serde(default)]
    pub sells_without_stock: bool,
}

/// Name of an order status in one language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// `order_status_id`.
    pub status_id: u32,
    /// Language of the name.
    pub language_id: u32,
    /// Its name.
    pub name: String,
}

/// A currency.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Currency {
    /// `currency_id`.
    pub currency_id: u32,
    /// ISO 4217 code.
    pub code: String,
    /// What stands before an amount.
    pub symbol_left: String,
    /// What stands after an amount.
    pub symbol_right: String,
    /// Digits after the point when shown.
    pub decimals: u32,
}

/// A place orders come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Marketplace {
    /// `marketplace_id`; 1 is the own shop.
    pub marketplace_id: u32,
    /// Machine name.
    pub code: String,
    /// Name for people.
    pub name: String,
}

/// A store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoreName {
    /// `store_id`; 0 is the default store.
    pub store_id: u32,
    /// Its name.
    pub name: String,
}

/// A language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Language {
    /// `language_id`.
    pub language_id: u32,
    /// `en-gb`, `tr-tr`.
    pub code: String,
}

impl Dictionaries {
    /// Statuses of orders that count as sold: those of `config_complete_status` and `config_processing_status`; where a
    /// shop has neither, all that do not read like a failure. 0 never counts.
    pub fn counted_statuses(&self) -> StatusSet {
        let configured: Vec<u32> = self
            .complete_statuses
            .iter()
            .chain(&self.processing_statuses)
            .copied()
            .filter(|id| *id > 0)
            .collect();
        if !configured.is_empty() {
            return StatusSet::new(configured);
        }
        let lost = StatusSet::new(
            self.statuses.iter().filter(|s| super::statuses::is_lost(&s.name)).map(|s| s.status_id),
        );
        let kept = self.statuses.iter().map(|s| s.status_id).filter(|id| *id > 0 && !lost.contains(*id));
        StatusSet::new(kept)
    }

    /// The clock OpenCart's dates are written by.
    pub fn wall_clock(&self) -> WallClock {
        WallClock::new(self.zone())
    }

    /// Name of its zone.
    pub fn zone(&self) -> &str {
        if self.timezone.is_empty() { "UTC" } else { &self.timezone }
    }

    /// The currency all amounts are in; only its code is known when the currency itself was deleted.
    pub fn currency(&self) -> Currency {
        let found = self.currencies.iter().find(|currency| currency.code == self.default_currency).cloned();
        found.unwrap_or_else(|| Currency {
            code: self.default_currency.clone(),
            decimals: 2,
            ..Currency::default()
        })
    }

    /// Language with this code, such as `tr-tr`, or the shop's default.
    pub fn language_id(&self, code: Option<&str>) -> u32 {
        let same = |language: &&Language| code.is_some_and(|code| language.code.eq_ignore_ascii_case(code));
        self.languages.iter().find(same).map_or(self.default_language_id, |language| language.language_id)
    }

    /// Name of a status in a language, else in any.
    pub fn status_name(&self, status_id: u32, language_id: u32) -> &str {
        let of_id = || self.statuses.iter().filter(|status| status.status_id == status_id);
        let status = of_id().find(|status| status.language_id == language_id).or_else(|| of_id().next());
        status.map_or("", |status| &status.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop(names: &[(u32, &str)]) -> Dictionaries {
        let status = |(status_id, name): &(u32, &str)| Status {
            status_id: *status_id,
            language_id: 1,
            name: (*name).into(),
        };
        Dictionaries { statuses: names.iter().map(status).collect(), ..Dictionaries::default() }
    }

    #[test]
    fn settings_decide_and_zero_never_counts() {
        let mut shop = shop(&[(7, "Canceled")]);
        shop.complete_statuses = vec![5, 0];
        shop.processing_statuses = vec![2, 5];
        assert_eq!(shop.counted_statuses().ids(), [2, 5]);
    }

    #[test]
    fn without_settings_names_decide_in_english_and_turkish() {
        let shop = shop(&[
            (1, "Pending"),
            (2, "Canceled"),
            (3, "İPTAL EDİLDİ"),
            (4, "Başarısız"),
            (5, "Tamamlandı"),
            (6, "FAILED"),
            (7, "İade Edildi"),
            (8, "Kargoya Verildi"),
            (9, "Canceled Reversal"),
            (10, "Süresi Doldu"),
        ]);
        assert_eq!(shop.counted_statuses().ids(), [1, 5, 8]);
    }

    #[test]
    fn one_lost_name_in_any_language_is_enough() {
        let mut shop = shop(&[(7, "Storniert"), (5, "Complete")]);
        shop.statuses.push(Status { status_id: 7, language_id: 2, name: "Cancelled".into() });
        assert_eq!(shop.counted_statuses().ids(), [5]);
    }
}
