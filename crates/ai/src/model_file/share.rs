//! What a model goes by, as its header says it.

use serde::{Deserialize, Serialize};

/// A feature, or a part of a model, and what it has to say. Each model's documentation says what was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureShare {
    /// Short machine name.
    pub feature: String,
    /// Above 0, to nine decimals, which every reader of JSON takes exactly; all shares of a model sum to one.
    pub importance: f64,
}

/// Parts as shares of their sum, the largest first. What is not above zero has nothing to say and is left out.
pub fn shares<S: Into<String>>(parts: impl IntoIterator<Item = (S, f64)>) -> Vec<FeatureShare> {
    let parts = parts.into_iter().filter(|(_, part)| part.is_finite() && *part > 0.0);
    let mut shares: Vec<FeatureShare> =
        parts.map(|(feature, importance)| FeatureShare { feature: feature.into(), importance }).collect();
    let whole: f64 = shares.iter().map(|share| share.importance).sum();
    shares.iter_mut().for_each(|share| share.importance = nine_decimals(share.importance / whole));
    shares.sort_by(|a, b| b.importance.total_cmp(&a.importance).then_with(|| a.feature.cmp(&b.feature)));
    shares
}

/// A number of a header that comes back as it was from any JSON reader.
pub fn nine_decimals(number: f64) -> f64 {
    (number * 1e9).round() / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_one_and_what_says_nothing_is_left_out() {
        let found = shares([("a", 1.0), ("b", 3.0), ("c", 0.0), ("d", -2.0), ("e", f64::NAN)]);
        let found: Vec<(&str, f64)> =
            found.iter().map(|one| (one.feature.as_str(), one.importance)).collect();
        assert_eq!(found, [("b", 0.75), ("a", 0.25)]);
        assert_eq!(shares([("a", 0.0)]), []);
    }
}
