//! Working responses: what a week says of the logarithm of its expected units, by the units it sold.

/// Expected units of a week from which on logarithms are taken.
const FEW: f64 = 8.0;
/// Most that a week of few expected units may lie above them: so many standard deviations, and these units besides. Counts that Poisson
/// sales reach now and then are below it, so that it moves no elasticity; a bulk order is above.
const MOST: (f64, f64) = (4.0, 2.0);
/// How low [`robust`] leans on average, for the logarithm of one more than the relative variance: within a twentieth of it for Poisson and
/// negative binomial sales of any dispersion up to 2.
const LEAN: f64 = 0.2125;
/// Least logarithm of sold over expected units that a drift is read from: a week that sold next to nothing is no sign of one.
const LEAST_LOG: f64 = -1.5;

/// For levels, week effects and residuals, which are not to follow a week far above the mean: it counts by its logarithm.
pub(super) fn robust(units: f64, mean: f64, log: f64) -> f64 {
    if units > mean { units.ln() } else { log + (units - mean) / mean }
}

/// For slopes. The logarithm of small counts leans low, the more the fewer are expected, which a slope takes for elasticity: of few the
/// response is linear. Of many it is [`robust`], which leans low too (`LEAN`): without that back, a price that
/// lifts sales from few to many would seem to do less. Its surprises are divided by its [`bite`]: it moves by less than the logarithm of
/// the mean does, and without that slopes come out too near to where they began and noise too small.
pub(super) fn of_slopes(units: f64, mean: f64, log: f64, dispersion: f64, bite: f64) -> f64 {
    if mean > FEW {
        let low = LEAN * (1.0 / mean + dispersion).ln_1p();
        log + (robust(units, mean, log) - log + low) / bite
    } else {
        log + few(units, mean, dispersion)
    }
}

/// For the drift of a level: of many the logarithm on both sides, so that levels that lie high or low look alike.
pub(super) fn of_drift(units: f64, mean: f64, log: f64, dispersion: f64) -> f64 {
    let surprise =
        if mean > FEW { ((units + 0.5) / mean).ln().max(LEAST_LOG) } else { few(units, mean, dispersion) };
    log + surprise
}

fn few(units: f64, mean: f64, dispersion: f64) -> f64 {
    let most = MOST.0 * (mean * (1.0 + dispersion * mean)).sqrt() + MOST.1;
    (units - mean).min(most) / mean
}

/// By how much [`robust`] moves with the logarithm of the mean, in a week of many expected units; None in one of few.
pub(super) fn bite(units: f64, mean: f64) -> Option<f64> {
    (mean > FEW).then(|| (units / mean).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_units_say_is_right_on_average() {
        // Poisson sales of a tenth of a unit a week, and of some more than few.
        for (mean, near) in [(0.1, 0.01), (8.5, 0.02), (30.0, 0.01)] {
            let likely = |units: i32| {
                let log_of_factorial: f64 = (1..=units).map(|one| f64::from(one).ln()).sum();
                (f64::from(units) * f64::ln(mean) - mean - log_of_factorial).exp()
            };
            let response: f64 = (0..200)
                .map(|units| likely(units) * of_slopes(f64::from(units), mean, mean.ln(), 0.0, 0.9))
                .sum();
            assert!((response - mean.ln()).abs() < near, "{mean}: {response}");
        }
        assert!(of_slopes(24.0, 0.1, 0.0, 0.0, 1.0) < 40.0, "a bulk order is held");
    }

    #[test]
    fn sales_that_scatter_widely_are_right_on_average_too() {
        for (mean, dispersion) in [(8.5_f64, 0.1_f64), (20.0, 0.5), (20.0, 1.0), (50.0, 2.0)] {
            // Negative binomial, each from the one before.
            let (size, share) = (1.0 / dispersion, dispersion * mean / (1.0 + dispersion * mean));
            let (mut likely, mut response) = ((1.0 - share).powf(size), 0.0);
            for units in 0..20_000 {
                let units = f64::from(units);
                response += likely * of_slopes(units, mean, mean.ln(), dispersion, 1.0);
                likely *= share * (units + size) / (units + 1.0);
            }
            assert!((response - mean.ln()).abs() < 0.02, "{mean} {dispersion}: {response}");
        }
    }

    #[test]
    fn many_units_count_by_their_logarithm_and_a_missing_half_by_half() {
        let low = LEAN * 1.2_f64.ln();
        assert!((of_slopes(20.0, 10.0, 10.0_f64.ln(), 0.1, 1.0) - 20.0_f64.ln() - low).abs() < 1e-12);
        assert!((of_slopes(5.0, 10.0, 2.0, 0.1, 0.5) - (2.0 - (0.5 - low) / 0.5)).abs() < 1e-12);
        assert_eq!((bite(5.0, 10.0), bite(20.0, 10.0), bite(1.0, 2.0)), (Some(0.5), Some(1.0), None));
        assert!((of_drift(0.0, 1e6, 0.0, 0.1) - LEAST_LOG).abs() < 1e-12);
    }
}
