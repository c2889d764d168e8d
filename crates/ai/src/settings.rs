//! Settings of the models that workers and pages share, kept row by row in `meschain_ai_settings`.

mod rule;
mod store;

use rule::Rule;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use store::By;

/// How the models suggest, train and are watched. Ratios are of one: 0.2 is twenty percent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AiSettings {
    /// How sure a category must be to be suggested.
    pub confidence_threshold: f64,
    /// Categories suggested for a product at most.
    pub max_categories: usize,
    /// Largest change of a price at once.
    pub price_change_limit: f64,
    /// Least margin over cost.
    pub profit_margin_min: f64,
    /// Seconds a price suggestion holds.
    pub price_update_seconds: u64,
    /// Least gain of profit worth a change.
    pub price_min_gain: f64,
    /// How prices end: empty, `.00`, `.90`, `.95` or `.99`.
    pub price_ending: String,
    /// Lowest price as a ratio of the current one.
    pub price_floor: Option<f64>,
    /// Highest price as a ratio of the current one.
    pub price_ceiling: Option<f64>,
    /// Stays within this ratio above or below the cheapest competitor's price.
    pub competitor_guard: Option<f64>,
    /// What sending one piece costs, in the shop's currency.
    pub shipping_cost: f64,
    /// Days from order to delivery of new stock.
    pub lead_days: usize,
    /// Days between two looks at the stock.
    pub review_days: usize,
    /// Chance of not running out between two deliveries.
    pub service_level: f64,
    /// Whether models are trained again on their own.
    pub retrain_enabled: bool,
    /// Hour of the shop's day from which they are.
    pub retrain_hour: u8,
    /// Days between two full trainings.
    pub retrain_days: u32,
    /// Days between two updates between full trainings; 0 for none.
    pub update_days: u32,
    /// Population stability index from which an input has drifted.
    pub drift_psi_limit: f64,
    /// Error since training over error at training from which a model has drifted.
    pub drift_error_ratio: f64,
    /// Versions of each model that are kept.
    pub keep_versions: usize,
    /// Share by which a challenger must beat the model that serves.
    pub challenger_margin: f64,
    /// Share of predictions that are logged.
    pub prediction_log_sample: f64,
    /// Days that logged predictions are kept.
    pub prediction_log_days: u32,
}

impl Default for AiSettings {
    fn default() -> Self {
        Self {
            confidence_threshold: 0.8,
            max_categories: 3,
            price_change_limit: 0.2,
            profit_margin_min: 0.1,
            price_update_seconds: 3600,
            price_min_gain: 0.01,
            price_ending: String::new(),
            price_floor: None,
            price_ceiling: None,
            competitor_guard: None,
            shipping_cost: 0.0,
            lead_days: 7,
            review_days: 7,
            service_level: 0.95,
            retrain_enabled: true,
            retrain_hour: 3,
            retrain_days: 7,
            update_days: 0,
            drift_psi_limit: 0.25,
            drift_error_ratio: 1.25,
            keep_versions: 5,
            challenger_margin: 0.0,
            prediction_log_sample: 0.05,
            prediction_log_days: 30,
        }
    }
}

/// What each setting takes, in the order in which they are shown.
const RULES: [(&str, Rule); 24] = [
    ("confidence_threshold", Rule::Number(0.0, 1.0)),
    ("max_categories", Rule::Whole(1, 50)),
    ("price_change_limit", Rule::Number(0.0, 0.9)),
    ("profit_margin_min", Rule::Number(0.0, 10.0)),
    ("price_update_seconds", Rule::Whole(60, 31_536_000)),
    ("price_min_gain", Rule::Number(0.0, 1.0)),
    ("price_ending", Rule::OneOf(&["", ".00", ".90", ".95", ".99"])),
    ("price_floor", Rule::NumberOrNull(0.01, 1.0)),
    ("price_ceiling", Rule::NumberOrNull(1.0, 100.0)),
    ("competitor_guard", Rule::NumberOrNull(0.0, 10.0)),
    ("shipping_cost", Rule::Number(0.0, 1e9)),
    ("lead_days", Rule::Whole(0, 365)),
    ("review_days", Rule::Whole(1, 365)),
    ("service_level", Rule::Number(0.5, 0.999)),
    ("retrain_enabled", Rule::Flag),
    ("retrain_hour", Rule::Whole(0, 23)),
    ("retrain_days", Rule::Whole(1, 365)),
    ("update_days", Rule::Whole(0, 365)),
    ("drift_psi_limit", Rule::Number(0.01, 10.0)),
    ("drift_error_ratio", Rule::Number(1.0, 100.0)),
    ("keep_versions", Rule::Whole(1, 100)),
    ("challenger_margin", Rule::Number(0.0, 0.5)),
    ("prediction_log_sample", Rule::Number(0.0, 1.0)),
    ("prediction_log_days", Rule::Whole(1, 3650)),
];

impl AiSettings {
    /// The settings with `changes` in place. Fails with an argument error that names the setting; then nothing is changed.
    pub fn with(&self, changes: &Map<String, Value>) -> meschain_base::Result<Self> {
        let mut all = self.to_map();
        for (name, value) in rule::checked(changes, &RULES)? {
            all.insert(name, value);
        }
        serde_json::from_value(Value::Object(all))
            .map_err(|error| meschain_base::Error::internal("the models' settings", error.to_string()))
    }

    fn to_map(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(map)) => map,
            _ => Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn changes(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn every_setting_has_a_rule_that_its_default_obeys() {
        let defaults = AiSettings::default();
        let names: Vec<_> = RULES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(defaults.to_map().keys().cloned().collect::<Vec<_>>(), names);
        assert_eq!(defaults.with(&defaults.to_map()).unwrap(), defaults);
    }

    #[test]
    fn what_forms_send_is_taken() {
        let sent = json!({"retrain_hour": "4", "service_level": "0.9", "price_floor": "", "price_ceiling": "1.5",
            "price_ending": ".99", "retrain_enabled": ""});
        let settings = AiSettings::default().with(&changes(sent)).unwrap();
        assert_eq!((settings.retrain_hour, settings.service_level), (4, 0.9));
        assert_eq!((settings.price_floor, settings.price_ceiling), (None, Some(1.5)));
        assert!(!settings.retrain_enabled);
        assert_eq!(settings.price_ending, ".99");
    }

    #[test]
    fn refusals_name_the_setting_and_what_it_takes() {
        for (sent, name) in [
            (json!({"retrain_hour": 24}), "changes[\"retrain_hour\"]"),
            (json!({"service_level": "high"}), "changes[\"service_level\"]"),
            (json!({"price_ending": ".50"}), "changes[\"price_ending\"]"),
            (json!({"retrain_enabled": 2}), "changes[\"retrain_enabled\"]"),
            (json!({"lead_days": 1.5}), "changes[\"lead_days\"]"),
            (json!({"magic": 1}), "changes"),
        ] {
            match AiSettings::default().with(&changes(sent)).unwrap_err() {
                meschain_base::Error::Argument { name: given, .. } => assert_eq!(given, name),
                other => panic!("{other:?}"),
            }
        }
    }
}
