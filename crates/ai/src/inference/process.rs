//! From raw answers to what is shown: what is sure enough, at most so many, the surest first.

use serde_json::{Value, json};

/// How to narrow answers down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Narrow {
    /// Answers less sure than this go; an answer that carries no confidence stays.
    pub confidence_threshold: f64,
    /// Answers at most.
    pub limit: usize,
}

/// The answers that are sure enough, the surest first (equals in their order), each with `suggested` set.
pub fn narrow(answers: &[Value], by: Narrow) -> Vec<Value> {
    let sure = |answer: &Value| answer.get("confidence").and_then(Value::as_f64);
    let mut kept: Vec<Value> = answers
        .iter()
        .filter(|answer| answer.is_object() && sure(answer).is_none_or(|p| p >= by.confidence_threshold))
        .cloned()
        .collect();
    kept.sort_by(|a, b| sure(b).unwrap_or(1.0).total_cmp(&sure(a).unwrap_or(1.0)));
    kept.truncate(by.limit);
    for answer in &mut kept {
        if let Some(answer) = answer.as_object_mut() {
            answer.insert("suggested".to_owned(), json!(true));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_sure_ones_stay_surest_first() {
        let answers = [
            json!({"c": 1, "confidence": 0.7}),
            json!({"c": 2, "confidence": 0.9}),
            json!({"c": 3, "confidence": 0.2}),
            json!(5),
        ];
        let kept = narrow(&answers, Narrow { confidence_threshold: 0.5, limit: 5 });
        assert_eq!(kept.iter().map(|one| one["c"].clone()).collect::<Vec<_>>(), [2, 1]);
        assert!(kept.iter().all(|one| one["suggested"] == true));
        assert_eq!(narrow(&answers, Narrow { confidence_threshold: 0.0, limit: 1 }).len(), 1);
    }
}
