use super::*;
use crate::model_file::ModelFile;
use meschain_base::Progress;
use meschain_base::random::seeded;
use proptest::prelude::*;
use rand::RngExt;

/// A catalogue with weekdays, levels that wander and Poisson-like noise.
fn catalogue(count: usize, days: usize, seed: u64) -> Vec<SeriesInput> {
    let mut random = seeded(seed, 0);
    (0..count)
        .map(|_| {
            let mut level: f64 = random.random_range(0.3..20.0);
            let history = (0..days)
                .map(|day| {
                    level *= random.random_range(0.97..1.031);
                    let expected = level * [0.7, 0.8, 0.9, 1.0, 1.1, 1.4, 1.1][day % 7];
                    (0..20).filter(|_| random.random_range(0.0..20.0) < expected.min(20.0)).count() as f64
                })
                .collect();
            SeriesInput::new(history, Granularity::Day)
        })
        .collect()
}

/// Products that sell once in ten days or more rarely: for a single day, nothing is the best guess.
fn slow_catalogue(count: usize, days: usize, seed: u64) -> Vec<SeriesInput> {
    let mut random = seeded(seed, 0);
    (0..count)
        .map(|_| {
            let rate = random.random_range(0.02..0.12);
            let unit = |_| if random.random_bool(rate) { f64::from(random.random_range(1..4)) } else { 0.0 };
            SeriesInput::new((0..days).map(unit).collect(), Granularity::Day)
        })
        .collect()
}

/// Products that sell on a third of 500 days, in amounts from one to nine.
fn bursts(count: usize, seed: u64) -> Vec<SeriesInput> {
    let mut random = seeded(seed, 0);
    (0..count)
        .map(|_| {
            let unit = |_| if random.random_bool(0.3) { f64::from(random.random_range(1..10)) } else { 0.0 };
            SeriesInput::new((0..500).map(unit).collect(), Granularity::Day)
        })
        .collect()
}

#[test]
fn a_shop_that_was_closed_at_the_end_has_nothing_held_out() {
    let mut series = catalogue(30, 120, 5);
    for one in &mut series {
        one.history.iter_mut().rev().take(28).for_each(|units| *units = 0.0);
    }
    let pool = Pool::train(&series, 28, &Config::default(), 1, &Progress::silent()).unwrap();
    assert_eq!((pool.report().wape, pool.report().held_out), (0.0, 0));
}

#[test]
fn the_days_of_slow_products_add_up_to_what_is_sold() {
    let (known, future) = split(&slow_catalogue(200, 400, 9), 28);
    let pool = assert_right_in_total(&known, &future);
    assert!(pool.report().bias.abs() < 0.1, "{:?}", pool.report());
}

#[test]
fn a_newcomer_at_the_end_of_the_catalogue_does_not_set_its_level() {
    let known = catalogue(40, 400, 3);
    let mut longer = known.clone();
    longer.push(SeriesInput::new(vec![1.0; 10], Granularity::Day));
    let config = Config::default();
    let without = Pool::train(&known, 14, &config, 2, &Progress::silent()).unwrap();
    let with = Pool::train(&longer, 14, &config, 2, &Progress::silent()).unwrap();
    let (without, with) = (without.level, with.level);
    assert!((with.factor / without.factor - 1.0).abs() < 0.05, "{with:?} after {without:?}");
    assert_eq!(with.mean, 0.0);
}

#[test]
fn an_import_of_many_products_is_not_taken_for_growth() {
    let (mut known, future) = split(&catalogue(100, 400, 11), 28);
    for (at, one) in known.iter_mut().enumerate().filter(|(at, _)| at % 5 > 0) {
        one.history.drain(..one.history.len() - 90 - at % 3);
    }
    assert_right_in_total(&known, &future);
}

#[test]
fn what_was_taken_off_sale_does_not_narrow_the_intervals_of_what_sells() {
    let living = bursts(60, 13);
    let mut all = living.clone();
    for mut ended in bursts(240, 14) {
        ended.history.iter_mut().skip(200).for_each(|units| *units = 0.0);
        all.push(ended);
    }
    let (known, future) = split(&living, 28);
    let config = Config::default();
    let pool = Pool::train(&split(&all, 28).0, 28, &config, 2, &Progress::silent()).unwrap();
    let forecasts = forecast_batch(&known, 28, &config, Some(&pool), 2, &Progress::silent()).unwrap();
    let inside = |(forecast, future): (&Forecast, &Vec<f64>)| {
        let bounds = forecast.lower.iter().zip(&forecast.upper).zip(future);
        bounds.filter(|((lower, upper), sold)| (**lower..=**upper).contains(*sold)).count()
    };
    let covered = forecasts.iter().zip(&future).map(inside).sum::<usize>() as f64 / (60.0 * 28.0);
    assert!((0.85..=0.97).contains(&covered), "{covered}");
}

#[test]
fn no_safety_stock_is_kept_of_what_has_ended() {
    let mut ended = catalogue(1, 400, 15).remove(0);
    let living = forecast(&ended, 28, &Config::default(), None).unwrap();
    ended.history.iter_mut().skip(300).for_each(|units| *units = 0.0);
    let ended = forecast(&ended, 28, &Config::default(), None).unwrap();
    assert_eq!((ended.reasons.first(), living.reasons.contains(&"ended")), (Some(&"ended"), false));
    assert!(
        ended.spread.scale < 0.3 * living.spread.scale,
        "{} of {}",
        ended.spread.scale,
        living.spread.scale
    );
}

/// That all forecasts together come near what was sold, by a pool that learns from `known`.
fn assert_right_in_total(known: &[SeriesInput], future: &[Vec<f64>]) -> Pool {
    let config = Config::default();
    let pool = Pool::train(known, 28, &config, 2, &Progress::silent()).unwrap();
    let forecasts = forecast_batch(known, 28, &config, Some(&pool), 2, &Progress::silent()).unwrap();
    let sold: f64 = future.iter().flatten().sum();
    let expected: f64 = forecasts.iter().map(|forecast| forecast.total).sum();
    assert!((expected / sold - 1.0).abs() < 0.1, "{expected} for {sold}");
    pool
}

fn split(series: &[SeriesInput], horizon: usize) -> (Vec<SeriesInput>, Vec<Vec<f64>>) {
    let cut = |one: &SeriesInput| {
        let mut known = one.clone();
        let future = known.history.split_off(known.history.len() - horizon);
        (known, future)
    };
    series.iter().map(cut).unzip()
}

#[test]
fn a_pool_beats_the_naive_forecast_and_covers_what_it_promises() {
    let (known, future) = split(&catalogue(150, 300, 4), 14);
    let config = Config::default();
    let pool = Pool::train(&known, 14, &config, 2, &Progress::silent()).unwrap();
    let forecasts = forecast_batch(&known, 14, &config, Some(&pool), 2, &Progress::silent()).unwrap();
    let (mut error, mut naive, mut inside, mut count, mut sold, mut expected) = (0.0, 0.0, 0, 0, 0.0, 0.0);
    for ((forecast, future), known) in forecasts.iter().zip(&future).zip(&known) {
        let last = &known.history[known.history.len() - 7..];
        for (at, actual) in future.iter().enumerate() {
            error += (forecast.values[at] - actual).abs();
            naive += (last[at % 7] - actual).abs();
            inside += usize::from((forecast.lower[at]..=forecast.upper[at]).contains(actual));
            count += 1;
            sold += actual;
            expected += forecast.values[at];
        }
    }
    assert!(error < 0.85 * naive, "{error} against {naive}");
    let coverage = inside as f64 / f64::from(count);
    assert!((0.85..=0.95).contains(&coverage), "{coverage}");
    assert!((expected / sold - 1.0).abs() < 0.1, "{expected} for {sold}");
    let report = pool.report();
    assert!(report.wape < report.baseline_wape && report.held_out == 150 * 14, "{report:?}");
    assert!(pool.shared.is_seasonal() && pool.shared.indices.iter().any(|index| *index > 1.2));
}

#[test]
fn training_is_deterministic_on_any_number_of_threads_and_survives_a_file() {
    let series = catalogue(30, 150, 9);
    let config = Config::default();
    let one = Pool::train(&series, 7, &config, 1, &Progress::silent()).unwrap();
    let two = Pool::train(&series, 7, &config, 2, &Progress::silent()).unwrap();
    assert_eq!(one, two);
    let writer = one.writer("2026-11-22T00:00:00Z".into(), 1).unwrap();
    assert_eq!(Pool::of(writer.in_memory().unwrap()).unwrap(), one);
    let header = writer.in_memory().unwrap().header().clone();
    let (first, weights) = (&header.parameters["importance"][0], one.weights());
    let (name, most) = weights.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    let whole: f64 = weights.iter().map(|(_, weight)| weight).sum();
    assert_eq!(first["feature"], *name);
    assert!((first["importance"].as_f64().unwrap() - most / whole).abs() < 1e-9);
    assert_eq!(header.parameters["calibration"]["held_out"], one.report().held_out);
    let bytes = writer.to_bytes().unwrap();
    assert_eq!(bytes, two.writer("2026-11-22T00:00:00Z".into(), 1).unwrap().to_bytes().unwrap());
    for at in (0..bytes.len()).step_by(bytes.len() / 97) {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        assert!(ModelFile::from_bytes(&altered, KIND, FORMAT).is_err(), "byte {at}");
    }
}

#[test]
fn stock_outs_are_not_zeros() {
    let mut series = SeriesInput::new(vec![10.0; 120], Granularity::Day);
    series.history[100..].fill(0.0);
    let config = Config::default();
    let naive = forecast(&series, 7, &config, None).unwrap();
    series.censored = (0..120).map(|day| day >= 100).collect();
    let told = forecast(&series, 7, &config, None).unwrap();
    assert!(naive.total < 20.0 && (told.total - 70.0).abs() < 2.0, "{} {}", naive.total, told.total);
    assert!(told.reasons.contains(&"stock_outs_ignored"));
}

#[test]
fn a_known_promotion_lifts_its_days() {
    let promoted = |day: usize| day % 30 < 3;
    let mut series =
        SeriesInput::new((0..180).map(|d| if promoted(d) { 30.0 } else { 10.0 }).collect(), Granularity::Day);
    series.events.push(Event {
        name: "promotion".into(),
        history: (0..180).map(|d| f32::from(u8::from(promoted(d)))).collect(),
        future: vec![0.0, 1.0, 0.0],
    });
    let found = forecast(&series, 3, &Config::default(), None).unwrap();
    assert!(found.values[1] > 2.0 * found.values[0] && found.reasons.contains(&"known_event"), "{found:?}");
}

#[test]
fn a_new_product_starts_at_its_category_and_leaves_it() {
    let prior = Prior { level: 6.0, profile: vec![0.5, 0.5, 0.5, 0.5, 1.0, 2.0, 2.0] };
    let mut series = SeriesInput::new(Vec::new(), Granularity::Day);
    series.prior = Some(prior);
    let config = Config::default();
    let first = forecast(&series, 7, &config, None).unwrap();
    assert_eq!((first.method, first.total.round()), ("category", 42.0));
    assert!(first.values[5] > 3.0 * first.values[0] && first.upper[0] > first.values[0]);
    series.history = vec![0.0, 0.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0];
    let later = forecast(&series, 7, &config, None).unwrap();
    assert_eq!(later.method, "new_product");
    assert!(later.total > 80.0);
}

#[test]
fn too_small_a_catalogue_and_bad_input_are_refused() {
    let config = Config::default();
    let few = Pool::train(&catalogue(3, 100, 1), 7, &config, 1, &Progress::silent());
    assert!(matches!(few, Err(Error::NotEnoughData { found: 3, .. })));
    let mut sold_out = catalogue(20, 100, 1);
    sold_out.iter_mut().for_each(|series| series.censored = vec![true; series.history.len()]);
    let unknown = Pool::train(&sold_out, 7, &config, 1, &Progress::silent());
    assert!(matches!(unknown, Err(Error::NotEnoughData { found: 0, .. })));
    let refused = |series: &SeriesInput, horizon| match forecast(series, horizon, &config, None) {
        Err(Error::Argument { name, .. }) => name,
        other => panic!("{other:?}"),
    };
    let mut series = SeriesInput::new(vec![1.0; 20], Granularity::Day);
    assert_eq!(refused(&series, 0), "horizon");
    series.censored = vec![true];
    assert_eq!(refused(&series, 7), "censored");
    series.censored.clear();
    series.history[3] = f64::INFINITY;
    assert_eq!(refused(&series, 7), "history");
    assert!(Config { level: 1.0, ..config.clone() }.check().is_err());
}

fn any_series() -> impl Strategy<Value = SeriesInput> {
    let value = prop_oneof![3 => Just(0.0), 4 => 0.0..50.0, 1 => -5.0..0.0, 1 => 0.0..1e12];
    let granularity = prop_oneof![Just(Granularity::Day), Just(Granularity::Week), Just(Granularity::Month)];
    (prop::collection::vec((value, prop::bool::weighted(0.1)), 0..160), granularity, any::<bool>()).prop_map(
        |(periods, granularity, censored)| {
            let mut series = SeriesInput::new(periods.iter().map(|(v, _)| *v).collect(), granularity);
            series.start = Some(jiff::civil::date(2026, 1, 5));
            series.holidays = true;
            if censored {
                series.censored = periods.iter().map(|(_, c)| *c).collect();
            }
            series
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn forecasts_are_finite_and_not_negative_for_any_series(series in any_series(), horizon in 1usize..40) {
        let found = forecast(&series, horizon, &Config::default(), None).unwrap();
        prop_assert_eq!(found.values.len(), horizon);
        for ((value, lower), upper) in found.values.iter().zip(&found.lower).zip(&found.upper) {
            prop_assert!(value.is_finite() && lower.is_finite() && upper.is_finite());
            prop_assert!(0.0 <= *lower && lower <= value && value <= upper);
        }
        prop_assert!(found.total.is_finite() && found.total_lower <= found.total && found.total <= found.total_upper);
        prop_assert_eq!(&found, &forecast(&series, horizon, &Config::default(), None).unwrap());
    }
}
