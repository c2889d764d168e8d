//! The dynamic optimised theta model.

use super::beginnings::Recursion;

/// Smoothing constants that run side by side.
const ALPHAS: [f64; 4] = [0.05, 0.1, 0.2, 0.4];
/// One more: its thetas run side by side instead, so that each fills a register.
const FASTEST: f64 = 0.6;

/// Shares of the line's drift, 1 - 1 / theta, for the thetas 1 (simple exponential smoothing), 1.5, 2 and 4.
const SHARES: [f64; 4] = [0.0, 1.0 - 1.0 / 1.5, 0.5, 0.75];

/// The straight line fitted to all values so far, updated value by value.
#[derive(Debug, Clone, Copy)]
struct Line {
    count: f64,
    /// 1 over the next count: a division that waits for no value, where those of the line's numbers would wait for each other.
    share: f64,
    mean: f64,
    slope: f64,
    intercept: f64,
}

impl Line {
    /// A line through `count` values that are all the same.
    fn flat(count: f64, mean: f64) -> Self {
        Self { count, share: 1.0 / (count + 1.0), mean, slope: 0.0, intercept: mean }
    }

    #[inline(always)]
    fn update(&mut self, value: f64) {
        let next = self.count + 1.0;
        let after = 1.0 / (next + 1.0);
        let change = (value - self.mean) * self.share;
        self.mean += change;
        self.slope = ((next - 2.0) * self.slope + 6.0 * change) * after;
        self.intercept = self.mean - self.slope * (next + 1.0) * 0.5;
        (self.count, self.share) = (next, after);
    }

    /// What the line adds to the next value at an infinite theta. `inverse` is 1 over alpha, `decay` (1 - alpha)^count, `next` that of
    /// the next count.
    #[inline(always)]
    fn drift(&self, inverse: f64, decay: f64, next: f64) -> f64 {
        decay * self.intercept + (1.0 - next) * inverse * self.slope
    }
}

/// Smoothing with some constants at once.
#[derive(Debug, Clone, Copy)]
struct Levels<const N: usize> {
    levels: [f64; N],
    /// (1 - alpha)^count
    decays: [f64; N],
}

impl<const N: usize> Levels<N> {
    fn new(alphas: [f64; N], first: f64) -> Self {
        Self {
            levels: alphas.map(|alpha| (1.0 + alpha) * first / 2.0),
            decays: alphas.map(|alpha| 1.0 - alpha),
        }
    }

    /// Takes a value in; one-step error of the level and drift of the line before it, for each constant.
    #[inline(always)]
    fn step(&mut self, alphas: &[f64; N], line: &Line, value: f64) -> ([f64; N], [f64; N]) {
        let (mut errors, mut drifts) = ([0.0; N], [0.0; N]);
        let states = self.levels.iter_mut().zip(&mut self.decays).zip(alphas);
        for (((level, decay), alpha), (error, drift)) in states.zip(errors.iter_mut().zip(&mut drifts)) {
            let next = *decay * (1.0 - alpha);
            *error = value - *level;
            *drift = line.drift(1.0 / alpha, *decay, next);
            *level += alpha * *error;
            *decay = next;
        }
        (errors, drifts)
    }
}

/// The dynamic optimised theta model (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler 2016) with all constants of the
/// grid at once. The values have no gaps and no season.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DynamicTheta {
    line: Line,
    slow: Levels<4>,
    fastest: Levels<1>,
    /// Summed squared one-step errors of each theta with each of [`ALPHAS`].
    slow_squares: [[f64; 4]; 4],
    /// The same of each theta with [`FASTEST`].
    fastest_squares: [f64; 4],
}

impl DynamicTheta {
    /// Before any value.
    pub(crate) fn new() -> Self {
        Self::after(Line::flat(0.0, 0.0))
    }

    fn after(line: Line) -> Self {
        Self {
            line,
            slow: Levels::new(ALPHAS, line.mean),
            fastest: Levels::new([FASTEST], line.mean),
            slow_squares: [[0.0; 4]; 4],
            fastest_squares: [0.0; 4],
        }
    }

    /// Share, constant, level and decay of the smallest squared one-step error.
    fn best(&self) -> (f64, f64, f64, f64) {
        let [first, second, third, fourth] = &self.slow_squares;
        let squares =
            first.iter().zip(second).zip(third).zip(fourth).map(|(((a, b), c), d)| [*a, *b, *c, *d]);
        let squares = squares.chain([self.fastest_squares]);
        let levels = self.slow.levels.iter().chain(&self.fastest.levels);
        let decays = self.slow.decays.iter().chain(&self.fastest.decays);
        let constants = ALPHAS.iter().chain(&[FASTEST]).zip(levels).zip(decays);
        let mut best = (f64::INFINITY, (0.0, 1.0, 0.0, 0.0));
        for (((alpha, level), decay), squares) in constants.zip(squares) {
            for (share, squares) in SHARES.iter().zip(squares) {
                if squares < best.0 {
                    best = (squares, (*share, *alpha, *level, *decay));
                }
            }
        }
        best.1
    }

    /// Path of the constants with the smallest squared one-step error.
    pub(crate) fn path(&self) -> impl Iterator<Item = f64> {
        let mut line = self.line;
        let (share, alpha, mut level, mut decay) = self.best();
        std::iter::repeat_with(move || {
            let next = decay * (1.0 - alpha);
            let expected = level + share * line.drift(1.0 / alpha, decay, next);
            level += alpha * (expected - level);
            decay = next;
            line.update(expected);
            expected
        })
    }
}

impl Recursion for DynamicTheta {
    #[inline(always)]
    fn step(&mut self, value: f64) {
        if self.line.count == 0.0 {
            *self = Self::after(Line::flat(1.0, value));
            return;
        }
        let (errors, drifts) = self.slow.step(&ALPHAS, &self.line, value);
        let ([error], [drift]) = self.fastest.step(&[FASTEST], &self.line, value);
        // The line is undefined until three values are in; their errors would only measure the start.
        if self.line.count >= 3.0 {
            for (squares, share) in self.slow_squares.iter_mut().zip(&SHARES) {
                for ((sum, error), drift) in squares.iter_mut().zip(&errors).zip(&drifts) {
                    let rest = error - share * drift;
                    *sum += rest * rest;
                }
            }
            for (sum, share) in self.fastest_squares.iter_mut().zip(&SHARES) {
                let rest = error - share * drift;
                *sum += rest * rest;
            }
        }
        self.line.update(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(values: &[f64], horizon: usize) -> Vec<f64> {
        let mut theta = DynamicTheta::new();
        values.iter().for_each(|value| theta.step(*value));
        theta.path().take(horizon).collect()
    }

    #[test]
    fn a_level_stays_and_a_line_rises() {
        let flat = path(&[7.0; 40], 5);
        assert!(flat.iter().all(|v| (v - 7.0).abs() < 0.2), "{flat:?}");
        let line: Vec<f64> = (0..60).map(|t| 5.0 + f64::from(t)).collect();
        let path = path(&line, 10);
        assert!(path[9] > path[0] && path[0] > 60.0 && path[9] < 76.0, "{path:?}");
    }

    #[test]
    fn the_line_is_the_one_of_least_squares() {
        let values: Vec<f64> = (0..200).map(|t| 40.0 + f64::from(t * t % 17) - 0.1 * f64::from(t)).collect();
        let mut line = Line::flat(1.0, values[0]);
        for (at, value) in values.iter().enumerate().skip(1) {
            line.update(*value);
            let known = &values[..=at];
            let middle = at as f64 / 2.0;
            let mean = known.iter().sum::<f64>() / known.len() as f64;
            let of = |t: usize| t as f64 - middle;
            let variance: f64 = (0..=at).map(|t| of(t) * of(t)).sum();
            let slope = known.iter().enumerate().map(|(t, value)| of(t) * value).sum::<f64>() / variance;
            assert!((line.mean - mean).abs() < 1e-9 && (line.slope - slope).abs() < 1e-9, "{at}: {line:?}");
            assert!((line.intercept - (mean - slope * (middle + 1.0))).abs() < 1e-9, "{at}: {line:?}");
        }
    }

    #[test]
    fn one_value_and_none() {
        assert_eq!(path(&[], 2), [0.0, 0.0]);
        assert!(path(&[3.0], 2).iter().all(|v| v.is_finite()));
    }
}
