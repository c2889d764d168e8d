//! Where the middle of a product's weeks lies, when old weeks count less and odd ones are not followed.

/// Residuals beyond so many median deviations are held at that. A median alone wastes a third of few weeks; a mean follows each
/// promotion that was not announced. Chosen on training rows of eight sets (two rolling origins, with all history and with eight
/// weeks): flat from 1 to 2.
const HELD: f64 = 1.5;

/// What a week leaves over once prices and covariates are taken out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Left {
    pub value: f64,
    pub weight: f64,
    pub weeks_ago: f64,
}

/// One step from the median towards the mean of what lies near it (Huber's estimator in one step; Bickel 1975), weights falling by `fall` a
/// week. `left` is sorted by value; `None` when it weighs nothing.
pub(super) fn middle(left: &[Left], fall: f64) -> Option<f64> {
    let recent = |one: &Left| Left { weight: one.weight * (-fall * one.weeks_ago).exp(), ..*one };
    let left: Vec<Left> = left.iter().map(recent).collect();
    let median = median(&left)?;
    let mut off: Vec<Left> =
        left.iter().map(|one| Left { value: (one.value - median).abs(), ..*one }).collect();
    off.sort_by(|a, b| a.value.total_cmp(&b.value));
    let held = HELD * self::median(&off)?;
    let (step, weight) = left.iter().fold((0.0, 0.0), |(step, weight), one| {
        (step + one.weight * (one.value - median).clamp(-held, held), weight + one.weight)
    });
    (weight > 0.0).then_some(median + step / weight)
}

/// Of sorted values.
fn median(sorted: &[Left]) -> Option<f64> {
    let mut rest = sorted.iter().map(|one| one.weight).sum::<f64>() / 2.0;
    let reaches_half = |one: &&Left| {
        rest -= one.weight;
        rest <= 0.0
    };
    sorted.iter().find(reaches_half).map(|one| one.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn middle_of(values: &[f64], fall: f64) -> f64 {
        let newest = values.len() - 1;
        let left =
            |(at, value): (usize, &f64)| Left { value: *value, weight: 1.0, weeks_ago: (newest - at) as f64 };
        let mut left: Vec<Left> = values.iter().enumerate().map(left).collect();
        left.sort_by(|a, b| a.value.total_cmp(&b.value));
        middle(&left, fall).unwrap()
    }

    #[test]
    fn weeks_near_the_median_are_averaged() {
        // Their median is 2, their mean 2.2.
        assert!((middle_of(&[1.0, 2.0, 3.0, 1.7, 3.3], 0.0) - 2.2).abs() < 1e-9);
    }

    #[test]
    fn a_week_that_is_far_off_moves_it_no_further() {
        let near = middle_of(&[1.0, 2.0, 3.0, 2.5, 9.0], 0.0);
        let far = middle_of(&[1.0, 2.0, 3.0, 2.5, 900.0], 0.0);
        assert!(near == far && near < 3.0, "{near} {far}");
    }

    #[test]
    fn old_weeks_count_less() {
        let values = [1.0, 1.1, 0.9, 1.0, 5.0, 5.1, 4.9];
        assert!(middle_of(&values, 0.0) < 2.0 && middle_of(&values, 1.0) > 4.5);
    }

    #[test]
    fn weeks_that_are_all_alike_are_their_middle_and_none_has_none() {
        assert!((middle_of(&[2.0; 5], 0.1) - 2.0).abs() < 1e-12);
        assert_eq!(middle(&[], 0.1), None);
        assert_eq!(middle(&[Left { value: 1.0, weight: 0.0, weeks_ago: 0.0 }], 0.1), None);
    }
}
