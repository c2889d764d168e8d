//! Effects of known events: a factor per event name, learned from the periods it touched.

use super::season;
use super::series::Event;
use super::smoothing::median;

/// Sales under an event, and what the periods around would have sold without it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Effect {
    pub sold: f64,
    pub expected: f64,
}

impl Effect {
    /// The factor on demand at full strength: `sold` over `expected`, both with `strength` units of the factor
    /// `towards`, bounded to 1/5 .. 5.
    pub(crate) fn factor(&self, towards: f64, strength: f64) -> f64 {
        let strength = strength.max(1e-9);
        ((self.sold + strength * towards) / (self.expected + strength)).clamp(0.2, 5.0)
    }
}

/// Measures one event on one series. The expectation is the median of the quiet periods within 28 of each event period,
/// times the season's index. Missing values are NaN; `phases` starts at the phase of the first value.
pub(crate) fn measure(values: &[f64], event: &Event, index: &[f64], first_phase: usize) -> Effect {
    const AROUND: usize = 28;
    let indices = index.iter().copied().cycle().skip(first_phase);
    let level: Vec<f64> = values
        .iter()
        .zip(&event.history)
        .zip(indices)
        .map(
            |((value, strength), index)| {
                if *strength > 0.0 || index < season::CLOSED { f64::NAN } else { value / index }
            },
        )
        .collect();
    let mut effect = Effect::default();
    let periods = values.iter().zip(&event.history).zip(index.iter().cycle().skip(first_phase)).enumerate();
    for (at, ((value, strength), index)) in periods.filter(|(_, ((v, s), _))| **s > 0.0 && !v.is_nan()) {
        let near = level.get(at.saturating_sub(AROUND)..(at + AROUND).min(level.len())).unwrap_or(&[]);
        let quiet: Vec<f64> = near.iter().copied().filter(|v| !v.is_nan()).collect();
        let base = if quiet.is_empty() {
            0.0
        } else {
            super::smoothing::mean(&quiet).min(3.0 * median(&quiet) + 1.0)
        };
        effect.sold += f64::from(*strength) * value;
        effect.expected += f64::from(*strength) * base * index;
    }
    effect
}

/// Divides an event's effect out of the history and multiplies it into the future's factors.
pub(crate) fn apply(values: &mut [f64], future: &mut [f64], event: &Event, factor: f64) {
    let at = |strength: f32| 1.0 + (factor - 1.0) * f64::from(strength);
    for (value, strength) in values.iter_mut().zip(&event.history) {
        *value /= at(*strength);
    }
    for (value, strength) in future.iter_mut().zip(&event.future) {
        *value *= at(*strength);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promotion_that_doubles_sales_is_measured_and_taken_out() {
        let history: Vec<f32> = (0..90).map(|t| f32::from(u8::from(t % 15 < 3))).collect();
        let mut values: Vec<f64> = history.iter().map(|s| if *s > 0.0 { 20.0 } else { 10.0 }).collect();
        let event = Event { name: "promotion".into(), history, future: vec![1.0, 0.0] };
        let effect = measure(&values, &event, &[1.0], 0);
        assert!((effect.factor(1.0, 1.0) - 2.0).abs() < 0.05, "{effect:?}");
        let mut future = vec![1.0, 1.0];
        apply(&mut values, &mut future, &event, 2.0);
        assert!(values.iter().all(|v| (v - 10.0).abs() < 1e-9));
        assert_eq!(future, vec![2.0, 1.0]);
    }

    #[test]
    fn without_evidence_the_factor_is_the_pooled_one() {
        assert_eq!(Effect::default().factor(1.7, 5.0), 1.7);
        assert_eq!(Effect { sold: 1e9, expected: 1.0 }.factor(1.0, 1.0), 5.0);
    }
}
