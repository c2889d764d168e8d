//! What is kept of an answer: the decision and what it rests on, not the explanation.

use crate::registry::Kind;
use serde_json::{Map, Value, json};

/// Categories, and products, of one answer that are kept.
const MOST_CATEGORIES: usize = 5;
const MOST_PRODUCTS: usize = 20;

/// The part of an answer that is kept.
pub struct Summary {
    /// Small JSON.
    pub result: Value,
    /// How sure the model was, where it says so.
    pub confidence: Option<f64>,
}

/// Where the page of a product keeps the answer of this kind.
pub fn page_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Categorization => "category",
        Kind::Pricing => "price_suggestion",
        Kind::Forecasting => "forecast",
        Kind::Recommendation => "related",
    }
}

/// The summary of an answer, whichever call it comes from; `None` when there was no answer.
pub fn of(kind: Kind, answer: &Value) -> Option<Summary> {
    let answer = answer.get("result").unwrap_or(answer);
    if answer.get("available").and_then(Value::as_bool) == Some(false) || answer.is_null() {
        return None;
    }
    Some(match kind {
        Kind::Categorization => categories(rows(answer, "suggestions")),
        Kind::Recommendation => {
            let ids = rows(answer, "items").iter().filter_map(|item| item.get("product_id"));
            let ids: Vec<&Value> = ids.take(MOST_PRODUCTS).collect();
            Summary { result: json!({ "items": ids }), confidence: None }
        }
        Kind::Pricing => {
            let keys = ["current_price", "suggested_price", "change_percentage", "reason", "bound_by"];
            Summary {
                result: part(answer, &keys),
                confidence: answer.get("confidence").and_then(Value::as_f64),
            }
        }
        Kind::Forecasting => {
            let keys = ["granularity", "horizon", "total", "class", "method"];
            Summary { result: part(answer, &keys), confidence: None }
        }
    })
}

/// The answer as a list, or the list under this key.
fn rows<'a>(answer: &'a Value, key: &str) -> &'a [Value] {
    let list = answer.as_array().or_else(|| answer.get(key)?.as_array());
    list.map_or(&[], Vec::as_slice)
}

fn categories(found: &[Value]) -> Summary {
    let kept: Vec<Value> =
        found.iter().take(MOST_CATEGORIES).map(|one| part(one, &["category_id", "confidence"])).collect();
    let confidence = found.first().and_then(|best| best.get("confidence")?.as_f64());
    Summary { result: json!({ "categories": kept }), confidence }
}

fn part(answer: &Value, keys: &[&str]) -> Value {
    let found = keys.iter().filter_map(|key| Some(((*key).to_owned(), answer.get(*key)?.clone())));
    Value::Object(found.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_shape_whichever_call_answered() {
        let rows = json!([{"category_id": 3, "category": "A > B", "confidence": 0.9}, {"category_id": 4, "confidence": 0.1}]);
        let wrapped = json!({ "result": { "available": true, "suggestions": rows } });
        for answer in [rows, wrapped] {
            let summary = of(Kind::Categorization, &answer).unwrap();
            assert_eq!(summary.confidence, Some(0.9));
            assert_eq!(summary.result["categories"][0], json!({ "category_id": 3, "confidence": 0.9 }));
        }
        let items = json!([{"product_id": 7, "name": "Çay"}]);
        assert_eq!(of(Kind::Recommendation, &items).unwrap().result, json!({ "items": [7] }));
        let price = json!({"available": true, "suggested_price": 4.5, "confidence": 0.7, "elasticity": {}});
        let price = of(Kind::Pricing, &price).unwrap();
        assert_eq!((price.result, price.confidence), (json!({ "suggested_price": 4.5 }), Some(0.7)));
    }

    #[test]
    fn no_answer_is_no_prediction() {
        for kind in Kind::ALL {
            assert!(of(kind, &crate::inference::unavailable("no_model")).is_none());
            assert!(of(kind, &Value::Null).is_none());
        }
    }
}
