mod shop;

use super::*;
use crate::data::terms::Effects;
use meschain_base::random::seeded;
use meschain_base::{Error, Progress};
use proptest::prelude::*;
use rand::RngExt;
use shop::{Truth, shop};
pub(super) use shop::{normal, poisson};

fn train(histories: &[ProductHistory]) -> PriceModel {
    PriceModel::train(histories, &TrainConfig::default(), 2, &Progress::silent()).unwrap()
}

#[test]
fn known_elasticities_are_found_within_fifteen_percent() {
    let (histories, truths) = shop(400, 40, 7, |random| -2.0 + 0.4 * normal(random));
    let model = train(&histories);
    let mut errors: Vec<f64> = truths
        .iter()
        .map(|truth| (model.demand(truth.id, truth.id % 8).elasticity.value / truth.elasticity - 1.0).abs())
        .collect();
    errors.sort_by(f64::total_cmp);
    assert!(errors[errors.len() / 2] <= 0.15, "median error {}", errors[errors.len() / 2]);
    let inside = truths.iter().filter(|truth| {
        let found = model.demand(truth.id, truth.id % 8).elasticity;
        (found.lower..=found.upper).contains(&truth.elasticity)
    });
    let share = inside.count() as f64 / truths.len() as f64;
    assert!(share > 0.85, "the 95 % interval holds {share}");
    assert!(model.report().wape < model.report().baseline_wape, "{:?}", model.report());
}

#[test]
fn weeks_that_sold_nothing_measure_nothing() {
    let (mut histories, _) = shop(60, 40, 7, |random| -2.0 + 0.4 * normal(random));
    for one in &mut histories {
        one.weeks.iter_mut().rev().take(13).for_each(|week| week.units = 0.0);
    }
    let model = train(&histories);
    assert_eq!((model.report().wape, model.report().held_out), (0.0, 0));
}

#[test]
fn the_currency_of_prices_and_the_origin_of_a_covariate_change_no_forecast() {
    let (histories, _) = shop(60, 40, 7, |random| -3.0 + 0.4 * normal(random));
    let mut random = seeded(9, 0);
    let with = |factor: f64, origin: f32, displays: &[f32]| -> Vec<ProductHistory> {
        let mut histories = histories.clone();
        for (week, display) in histories.iter_mut().flat_map(|one| &mut one.weeks).zip(displays) {
            week.price *= factor;
            week.covariates = vec![origin + display];
        }
        histories
    };
    let weeks = histories.iter().map(|one| one.weeks.len()).sum();
    let displays: Vec<f32> = (0..weeks).map(|_| random.random::<f32>()).collect();
    let config = TrainConfig { covariates: vec!["display".to_owned()], ..TrainConfig::default() };
    let said = |histories: &[ProductHistory]| -> Vec<(f64, f64)> {
        let model = PriceModel::train(histories, &config, 1, &Progress::silent()).unwrap();
        let last = |one: &ProductHistory| {
            let at = one.weeks.len() - 1;
            let units = model.predict(one.id, &one.weeks[at], one.prices_before(at));
            (units, model.demand(one.id, one.group).elasticity.value)
        };
        histories.iter().map(last).collect()
    };
    let usual = said(&with(1.0, 0.0, &displays));
    for (factor, origin) in [(0.0001, 0.0), (10_000.0, 0.0), (1e6, 0.0), (1.0, -100.0)] {
        for (one, other) in usual.iter().zip(said(&with(factor, origin, &displays))) {
            let near = (one.0 / other.0 - 1.0).abs() < 0.01 && (one.1 - other.1).abs() < 0.01;
            assert!(near, "{one:?} {other:?} at {factor} {origin}");
        }
    }
}

/// True profit a week of a product at a price.
fn profit(truth: &Truth, context: &PriceContext, price: f64) -> f64 {
    truth.base * (price / truth.price).powf(truth.elasticity) * context.unit_profit(price)
}

fn context(truth: &Truth) -> PriceContext {
    PriceContext { cost: Some(truth.cost), kdv_rate: 0.0, ..PriceContext::new(truth.price) }
}

/// Best true profit at prices the rules allow.
fn oracle(truth: &Truth, context: &PriceContext, rules: &Rules) -> f64 {
    let range = rules::range(context, rules, None).unwrap();
    let at = |price: f64| profit(truth, context, price);
    range.grid(rules, context).into_iter().map(at).fold(at(truth.price), f64::max)
}

#[test]
fn realised_profit_comes_within_three_percent_of_the_oracle() {
    let (histories, truths) = shop(400, 52, 11, |random| -2.0 + 0.5 * normal(random));
    let model = train(&histories);
    let rules = Rules::default();
    let (mut realised, mut possible, mut before) = (0.0, 0.0, 0.0);
    for truth in &truths {
        let context = context(truth);
        let found = optimise(&model.demand(truth.id, truth.id % 8), &context, &rules).unwrap();
        realised += profit(truth, &context, found.suggested_price);
        possible += oracle(truth, &context, &rules);
        before += profit(truth, &context, truth.price);
    }
    assert!(realised >= 0.97 * possible, "{realised} of {possible}, {before} before");
    assert!(realised > before);
}

#[test]
fn a_change_is_at_least_as_sure_as_the_rules_demand_and_gains_as_often_as_it_says() {
    let (histories, truths) = shop(400, 52, 17, |random| -2.0 + 0.5 * normal(random));
    let model = train(&histories);
    let rules = Rules::default();
    let (mut said, mut gained, mut changes) = (0.0, 0.0, 0.0);
    for truth in &truths {
        let context = context(truth);
        let found = optimise(&model.demand(truth.id, truth.id % 8), &context, &rules).unwrap();
        if matches!(found.reason, "raise_price" | "lower_price") {
            assert!(found.confidence >= rules.confidence - 0.02, "{found:?}");
            said += found.confidence;
            gained += f64::from(
                profit(truth, &context, found.suggested_price) > profit(truth, &context, truth.price),
            );
            changes += 1.0;
        }
    }
    assert!(changes > 100.0 && (said - gained) / changes < 0.03, "said {said}, gained {gained} of {changes}");
}

#[test]
fn where_nothing_can_be_gained_nothing_is_changed() {
    let (histories, truths) = shop(400, 40, 13, |_| -2.0);
    let model = train(&histories);
    let rules = Rules::default();
    let unchanged = truths.iter().filter(|truth| {
        // The price is the optimum of its true elasticity: margin = price / -elasticity.
        let elasticity = truth.elasticity.min(-1.05);
        let cost = truth.price * (1.0 + 1.0 / elasticity);
        let context = PriceContext { cost: Some(cost), ..context(truth) };
        let rules = Rules { margin_min: 0.0, ..rules.clone() };
        optimise(&model.demand(truth.id, truth.id % 8), &context, &rules).unwrap().suggested_price
            == truth.price
    });
    let share = unchanged.count() as f64 / truths.len() as f64;
    assert!(share >= 0.95, "{share}");
}

#[test]
fn a_curve_falls_with_the_price_and_profit_has_the_current_point() {
    let demand = Demand {
        elasticity: Elasticity::around(-2.0, 0.1),
        weeks: 52,
        price_levels: 4,
        weekly_units: 10.0,
        level: None,
    };
    let context = PriceContext { cost: Some(50.0), kdv_rate: 0.0, ..PriceContext::new(100.0) };
    let points = simulate(&demand, &context, &[80.0, 100.0, 120.0]).unwrap();
    assert!((points[1].units - 10.0).abs() < 1e-9 && (points[1].profit - 500.0).abs() < 1e-9);
    assert!(points[0].units > points[1].units && points[1].units > points[2].units);
    let (fewer, more) = points[0].units_range;
    assert!(fewer < points[0].units && points[0].units < more, "{:?}", points[0]);
    assert!((more - 10.0 * 0.8f64.powf(-2.196)).abs() < 1e-6 && points[1].units_range == (10.0, 10.0));
    assert_eq!(points[0].profit_range, (fewer * 30.0, more * 30.0));
    let loss = simulate(&demand, &context, &[40.0]).unwrap()[0];
    assert!(loss.profit_range.0 < loss.profit && loss.profit < loss.profit_range.1 && loss.profit < 0.0);
    assert!(simulate(&demand, &context, &[0.0]).is_err());
}

#[test]
fn every_reason_for_no_change_is_said() {
    let sure = Demand {
        elasticity: Elasticity::around(-1.2, 0.05),
        weeks: 52,
        price_levels: 4,
        weekly_units: 10.0,
        level: None,
    };
    let context = PriceContext { cost: Some(50.0), kdv_rate: 0.0, ..PriceContext::new(100.0) };
    let rules = Rules::default();
    let reason = |demand: &Demand, context: &PriceContext| optimise(demand, context, &rules).unwrap().reason;
    let found = optimise(&sure, &context, &rules).unwrap();
    assert_eq!(
        (found.reason, found.suggested_price, found.bound_by),
        ("raise_price", 120.0, Some("change_limit"))
    );
    assert!(found.profit_change > 0.0 && found.profit_change_lower > 0.0 && found.demand_change < 0.0);
    assert_eq!(
        reason(&sure, &PriceContext { last_change_days: Some(2.0), ..context.clone() }),
        "recently_changed"
    );
    assert_eq!(reason(&sure, &PriceContext { on_offer: true, cost: None, ..context.clone() }), "on_offer");
    assert_eq!(reason(&sure, &PriceContext { cost: None, ..context.clone() }), "no_cost");
    assert_eq!(reason(&Demand { weeks: 3, ..sure }, &context), "too_little_history");
    assert_eq!(reason(&Demand { price_levels: 1, ..sure }, &context), "too_little_price_variation");
    assert_eq!(reason(&Demand { weekly_units: 0.2, ..sure }, &context), "too_few_sales");
    let unsure = Demand { elasticity: Elasticity::around(-1.8, 2.0), ..sure };
    assert_eq!(reason(&unsure, &context), "uncertain_gain");
    let dear = PriceContext { cost: Some(95.0), ..context.clone() };
    let found = optimise(&sure, &dear, &rules).unwrap();
    assert_eq!((found.reason, found.bound_by), ("restore_margin", Some("margin_min")));
    assert!(found.suggested_price >= 104.5);
    let elastic = Demand { elasticity: Elasticity::around(-4.0, 0.05), ..sure };
    assert_eq!(reason(&elastic, &context), "lower_price");
    assert_eq!(
        reason(&elastic, &PriceContext { stock: Some(5.0), ..context.clone() }),
        "no_gain",
        "selling out"
    );
    assert_eq!(reason(&elastic, &PriceContext { stock: Some(5000.0), ..context }), "clear_stock");
}

#[test]
fn a_model_survives_its_file_and_training_is_deterministic() {
    let (histories, _) = shop(40, 30, 3, |random| -2.0 + 0.4 * normal(random));
    let model = train(&histories);
    let other = PriceModel::train(&histories, &TrainConfig::default(), 1, &Progress::silent()).unwrap();
    assert_eq!(model, other);
    let writer = model.writer("2026-11-22T00:00:00Z".into(), 1).unwrap();
    let read = PriceModel::of(writer.in_memory().unwrap()).unwrap();
    assert_eq!(read, model);
    assert_eq!(
        read.demand(999_999, 3).elasticity.value,
        model.demand(999_998, 3).elasticity.value,
        "the category's"
    );
    assert_eq!(read.products(), 40);
}

#[test]
fn what_moves_demand_is_measured_and_more_of_it_is_the_price_where_shoppers_look_at_prices() {
    let share = |elasticity: f64, feature: &str| {
        let (histories, _) = shop(80, 40, 11, |random| elasticity + 0.1 * normal(random));
        let model = train(&histories);
        let whole: f64 = model.importance().iter().map(|one| one.importance).sum();
        assert!(
            (whole - 1.0).abs() < 1e-7
                && model.importance().is_sorted_by(|a, b| a.importance >= b.importance)
        );
        model.importance().iter().find(|one| one.feature == feature).map_or(0.0, |one| one.importance)
    };
    // Prices move by a tenth or two around each product's own, products by a factor of eight, the season by a fifth.
    assert!(
        share(-3.0, "price") > 2.0 * share(-1.0, "price"),
        "{} {}",
        share(-3.0, "price"),
        share(-1.0, "price")
    );
    assert!(share(-1.0, "product") > 0.5 && share(-1.0, "week") > 0.01);
}

#[test]
fn a_model_of_before_importance_and_calibration_serves_on() {
    let (histories, _) = shop(40, 30, 3, |random| -2.0 + 0.4 * normal(random));
    let model = train(&histories);
    let calibration = model.calibration().unwrap();
    assert!(calibration.noise > 0.0 && calibration.between > 0.0 && calibration.dispersion > 0.0);
    assert_eq!(calibration.category_weeks.len(), 1 + PAST);
    let header = model.writer(String::new(), 1).unwrap().in_memory().unwrap().header().clone();
    assert_eq!(header.parameters["importance"][0]["feature"], model.importance()[0].feature);
    let before = serde_json::json!({ "report": header.parameters["report"] });
    let before: super::model::Findings = serde_json::from_value(before).unwrap();
    assert_eq!((before.calibration, before.importance), (None, Vec::new()));
    assert_eq!(before.terms, Effects::default());
}

#[test]
fn what_terms_do_to_prices_stays_with_the_model() {
    let (histories, _) = shop(40, 30, 3, |random| -2.0 + 0.4 * normal(random));
    let dealers = serde_json::json!([{ "terms": 1, "value": 2, "effect": -0.2 }]);
    let terms: Effects = serde_json::from_value(dealers).unwrap();
    let file = train(&histories).with_terms(terms.clone()).writer(String::new(), 1).unwrap().in_memory();
    assert_eq!(PriceModel::of(file.unwrap()).unwrap().terms(), &terms);
}

#[test]
fn a_model_knows_where_its_products_belong_and_how_their_category_sells() {
    let (histories, _) = shop(40, 30, 3, |random| -2.0 + 0.4 * normal(random));
    let model = train(&histories);
    assert_eq!((model.category_of(11), model.category_of(8), model.category_of(999)), (Some(3), None, None));
    assert!(model.has_product(8) && !model.has_product(999));
    assert!(model.has_category(3) && !model.has_category(99) && model.category(99).is_none());
    let context = PriceContext::new(1.0);
    let found = |weeks: &[PriceWeek]| features(weeks, 29, model.category(3), &context);
    let scores: Vec<f64> =
        histories.iter().filter(|h| h.group == 3).map(|h| found(&h.weeks).demand_score.unwrap()).collect();
    assert_eq!(scores.len(), 5);
    assert!(scores.contains(&0.0) && scores.contains(&0.8), "{scores:?}");
    let sum = |from: usize| -> f64 {
        let weeks = histories.iter().filter(|h| h.group == 3).flat_map(move |h| &h.weeks[from..from + 4]);
        weeks.map(|week| week.units).sum()
    };
    let performance = found(&histories[3].weeks).category_performance.unwrap();
    assert!((performance - sum(26) / sum(22)).abs() < 1e-6, "{performance}");
}

#[test]
fn what_shoppers_stock_up_on_is_no_elasticity_of_a_price_that_lasts() {
    // A price moves units by -3 in its week and by +1.2 in the week after: -1.8 for one that lasts.
    let mut random = seeded(23, 0);
    let mut history = |id: u64| {
        let mut before = 100.0f64;
        let weeks = (0..78).map(|week| {
            let price = if random.random_bool(0.3) { 80.0 } else { 100.0 };
            let mean = 40.0 * (price / 100.0_f64).powf(-3.0) * (before / 100.0).powf(1.2);
            before = price;
            PriceWeek { week, units: poisson(&mut random, mean), price, covariates: Vec::new() }
        });
        ProductHistory { id, group: 1, weeks: weeks.collect() }
    };
    let histories: Vec<ProductHistory> = (0..60).map(&mut history).collect();
    let model = train(&histories);
    let config = TrainConfig { past_prices: false, ..TrainConfig::default() };
    let blind = PriceModel::train(&histories, &config, 1, &Progress::silent()).unwrap();
    let mean =
        |model: &PriceModel| (0..60).map(|id| model.demand(id, 1).elasticity.value).sum::<f64>() / 60.0;
    assert!((mean(&model) + 1.8).abs() < 0.15, "{}", mean(&model));
    assert!(mean(&blind) < -2.6, "{}", mean(&blind));
    assert!(model.report().wape < blind.report().wape);
    let at = |price: f64, before: f64| {
        let week = PriceWeek { week: 78, units: 0.0, price, covariates: Vec::new() };
        model.predict(7, &week, [before, before])
    };
    assert!(at(100.0, 80.0) < 0.85 * at(100.0, 100.0), "the week after a promotion is a poor one");
    assert!((at(80.0, 80.0) / model.demand(7, 1).units(80.0).unwrap() - 1.0).abs() < 1e-9, "what lasts");
    assert_eq!(PriceModel::of(model.writer(String::new(), 1).unwrap().in_memory().unwrap()).unwrap(), model);
}

#[test]
fn covariates_move_demand_and_those_a_week_does_not_say_are_zero() {
    let mut random = seeded(5, 0);
    let mut history = |id: u64| {
        let week = |week: i32| {
            let (price, shown) = ([100.0, 80.0][(week / 3 % 2) as usize], f32::from(u8::from(week % 5 == 0)));
            let mean = 40.0 * (price / 100.0_f64).powf(-2.0) * (0.5 * f64::from(shown)).exp();
            PriceWeek { week, units: poisson(&mut random, mean), price, covariates: vec![shown] }
        };
        ProductHistory { id, group: 1, weeks: (0..60).map(week).collect() }
    };
    let histories: Vec<ProductHistory> = (0..20).map(&mut history).collect();
    let config =
        TrainConfig { covariates: vec!["display".to_owned()], week_effects: false, ..TrainConfig::default() };
    let model = PriceModel::train(&histories, &config, 1, &Progress::silent()).unwrap();
    let at = |covariates: &[f32]| {
        let week = PriceWeek { week: 60, units: 0.0, price: 80.0, covariates: covariates.to_vec() };
        model.predict(7, &week, [100.0, 100.0])
    };
    assert!(((at(&[1.0]) / at(&[0.0])).ln() - 0.5).abs() < 0.1);
    assert_eq!(at(&[]), at(&[0.0]));
    assert_eq!(at(&[1.0, 9.0]), at(&[1.0]));
}

#[test]
fn too_little_and_bad_data_are_refused() {
    let config = TrainConfig::default();
    let none = PriceModel::train(&[], &config, 1, &Progress::silent());
    assert!(matches!(none, Err(Error::NotEnoughData { .. })));
    let week = PriceWeek { week: 1, units: 1.0, price: -5.0, covariates: Vec::new() };
    let bad = [ProductHistory { id: 4, group: 1, weeks: vec![week] }];
    let refused = PriceModel::train(&bad, &config, 1, &Progress::silent());
    assert!(matches!(refused, Err(Error::Argument { name, .. }) if name.contains("price")));
}

proptest! {
    #[test]
    fn suggestions_stay_within_the_rules(
        price in 0.5..5000.0f64, cost in prop::option::of(0.0..6000.0f64), elasticity in -8.0..2.0f64,
        deviation in 0.0..3.0f64, commission in 0.0..0.4f64, stock in prop::option::of(-5.0..5000.0f64),
        units in 0.0..500.0f64, limit in 0.0..0.5f64, floor in prop::option::of(0.1..4000.0f64),
        ending in prop::option::of(prop_oneof![Just(0.9), Just(0.99)]), weeks in 0u32..60,
    ) {
        let demand = Demand {
            elasticity: Elasticity::around(elasticity, deviation), weeks, price_levels: 3, weekly_units: units, level: None,
        };
        let context = PriceContext { cost, commission, stock, ..PriceContext::new(price) };
        let rules = Rules { change_limit: limit, floor, ending, ..Rules::default() };
        let found = optimise(&demand, &context, &rules).unwrap();
        prop_assert!(found.elasticity.value < 0.0 && found.elasticity.upper < 0.0);
        prop_assert!(found.suggested_price.is_finite() && found.suggested_price > 0.0);
        if found.suggested_price != price {
            let slack = 1e-9 * price;
            prop_assert!(found.suggested_price >= price * (1.0 - limit) - slack);
            prop_assert!(found.suggested_price <= price * (1.0 + limit) + slack);
            prop_assert!(floor.is_none_or(|floor| found.suggested_price >= floor - slack));
            prop_assert!(found.suggested_price >= context.least_price(rules.margin_min).unwrap() - 1e-6);
        }
        for figure in [found.demand_change, found.profit_change, found.profit_change_lower, found.weekly_profit, found.confidence] {
            prop_assert!(figure.is_finite());
        }
        prop_assert!(found.profit_change_lower <= found.profit_change);
    }
}
