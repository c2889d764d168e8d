//! The dynamic optimised theta model.

/// Smoothing constants tried.
const ALPHAS: [f64; 5] = [0.05, 0.1, 0.2, 0.4, 0.6];
/// Thetas tried; 1 is simple exponential smoothing.
const THETAS: [f64; 4] = [1.0, 1.5, 2.0, 4.0];

/// The straight line fitted to all values so far, updated value by value.
#[derive(Clone, Copy)]
struct Line {
    count: f64,
    mean: f64,
    slope: f64,
    intercept: f64,
}

impl Line {
    fn update(&mut self, value: f64) {
        let next = self.count + 1.0;
        let before = self.mean;
        self.mean = (self.count * before + value) / next;
        self.slope = ((next - 2.0) * self.slope + 6.0 * (value - before) / next) / (next + 1.0);
        self.intercept = self.mean - self.slope * (next + 1.0) / 2.0;
        self.count = next;
    }
}

/// The smoothed level for one constant.
#[derive(Clone, Copy)]
struct Level {
    alpha: f64,
    value: f64,
    /// (1 - alpha)^count
    decay: f64,
}

impl Level {
    fn update(&mut self, value: f64) {
        self.value += self.alpha * (value - self.value);
        self.decay *= 1.0 - self.alpha;
    }

    /// What the line adds to the next value at an infinite theta.
    fn drift(&self, line: &Line) -> f64 {
        self.decay * line.intercept + (1.0 - self.decay * (1.0 - self.alpha)) * line.slope / self.alpha
    }
}

/// Path of the dynamic optimised theta model (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler 2016), the constants
/// chosen on a grid by squared one-step error. The values have no gaps and no season.
pub(crate) fn dynamic_theta(values: &[f64], horizon: usize) -> Vec<f64> {
    let Some((first, rest)) = values.split_first() else { return vec![0.0; horizon] };
    let mut line = Line { count: 1.0, mean: *first, slope: 0.0, intercept: *first };
    let mut levels =
        ALPHAS.map(|alpha| Level { alpha, value: (1.0 + alpha) * first / 2.0, decay: 1.0 - alpha });
    let mut squares = [[0.0; THETAS.len()]; ALPHAS.len()];
    let shares = THETAS.map(|theta| 1.0 - 1.0 / theta);
    for (seen, value) in rest.iter().enumerate() {
        for (level, squares) in levels.iter_mut().zip(&mut squares) {
            // The line is undefined until three values are in; their errors would only measure the start.
            if seen >= 2 {
                let (error, drift) = (value - level.value, level.drift(&line));
                for (sum, share) in squares.iter_mut().zip(&shares) {
                    *sum += (error - share * drift).powi(2);
                }
            }
            level.update(*value);
        }
        line.update(*value);
    }
    let fits = levels.iter().zip(&squares).flat_map(|(level, squares)| {
        shares.iter().zip(squares).map(move |(share, squares)| (*level, *share, *squares))
    });
    let Some((mut level, share, _)) = fits.min_by(|a, b| a.2.total_cmp(&b.2)) else {
        return vec![*first; horizon];
    };
    (0..horizon)
        .map(|_| {
            let expected = level.value + share * level.drift(&line);
            level.update(expected);
            line.update(expected);
            expected
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_stays_and_a_line_rises() {
        let flat = dynamic_theta(&[7.0; 40], 5);
        assert!(flat.iter().all(|v| (v - 7.0).abs() < 0.2), "{flat:?}");
        let line: Vec<f64> = (0..60).map(|t| 5.0 + f64::from(t)).collect();
        let path = dynamic_theta(&line, 10);
        assert!(path[9] > path[0] && path[0] > 60.0 && path[9] < 76.0, "{path:?}");
    }

    #[test]
    fn one_value_and_none() {
        assert_eq!(dynamic_theta(&[], 2), vec![0.0, 0.0]);
        assert!(dynamic_theta(&[3.0], 2).iter().all(|v| v.is_finite()));
    }
}
