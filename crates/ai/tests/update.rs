//! Updates between full trainings: they keep the choices of the last full training, go through the same comparison, and become full
//! trainings where there is nothing to keep. Prints how they compare.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod shop;

use meschain_ai::operations::runs::list;
use meschain_ai::operations::{Mode, RunFilter, Status};
use meschain_ai::registry::{Card, Kind};
use meschain_ai::training::judge::since_training;
use meschain_ai::training::{Fallback, Order, Workshop};
use meschain_base::Progress;
use shop::{NOW, Shop, THEN};
use std::time::Instant;

/// When the models are trained again, in both ways, to be asked about what came after.
const AGAIN: &str = "2026-10-08T09:00:00Z";

fn order(kind: Kind, update: bool, force: bool) -> Order {
    Order { kinds: vec![kind], update, force, ..Order::default() }
}

fn card(shop: &Shop, kind: Kind) -> Card {
    shop.shelf.current(kind).unwrap().unwrap()
}

/// A training without a comparison: its mode, its seconds, and its figure on all that came after it.
fn measured(shop: &Shop, kind: Kind, update: bool) -> (Mode, f64, f64) {
    let started = Instant::now();
    let outcome = shop.order(AGAIN, &order(kind, update, true)).remove(0);
    let seconds = started.elapsed().as_secs_f64();
    assert_eq!(outcome.status, Status::Published, "{outcome:?}");
    let card = card(shop, kind);
    let score = |workshop: &Workshop<'_>| since_training(workshop, &card, &Progress::silent());
    let (value, rows) = shop.at(NOW, score).unwrap().expect("enough has come since");
    assert!(rows >= 40, "{kind:?}: {rows}");
    (outcome.mode, seconds, value)
}

#[test]
fn an_update_does_on_what_comes_next_nearly_what_a_full_training_does() {
    let shop = Shop::new("update_all");
    shop.train(THEN, &Kind::ALL, false);
    for kind in Kind::ALL {
        let full = card(&shop, kind);
        let (mode, update_seconds, update) = measured(&shop, kind, true);
        assert_eq!(mode, Mode::Update);
        assert_eq!(card(&shop, kind).chosen_at.as_ref(), Some(&full.trained_at), "{kind:?}");
        shop.shelf.publish(&full).unwrap();
        let (mode, full_seconds, again) = measured(&shop, kind, false);
        assert_eq!((mode, card(&shop, kind).chosen_at), (Mode::Full, None));
        let metric = full.metric.as_ref().unwrap();
        println!(
            "{:<15} {:<9} of what came next: update {update:.4}, full {again:.4}; {update_seconds:.2} s for {full_seconds:.2} s",
            kind.name(),
            metric.name,
        );
        let worse = if metric.better == "lower" { update / again } else { again / update };
        assert!(worse < 1.1, "{kind:?}: {update} beside {again}");
    }
}

#[test]
fn an_update_goes_through_the_same_comparison() {
    let shop = Shop::new("update_compared");
    let lately = "2026-10-30T09:00:00Z";
    shop.train(lately, &Kind::ALL, false);
    for kind in Kind::ALL {
        let outcome = shop.order(NOW, &order(kind, true, false)).remove(0);
        assert_eq!((outcome.mode, outcome.full_because), (Mode::Update, None), "{outcome:?}");
        let verdict = outcome.verdict.as_ref().expect("there is a champion");
        // No product was added since; of the others, weeks, days and customers are new.
        assert_eq!(verdict.rows > 0, kind != Kind::Categorization, "{kind:?}: {verdict:?}");
        let wins = verdict.challenger_wins(0.0);
        assert_eq!(outcome.status, if wins { Status::Published } else { Status::NotBetter }, "{outcome:?}");
        let serves = if wins { &outcome.version } else { &outcome.champion_version };
        assert_eq!(&shop.serving(kind), serves);
    }
    let runs = list(&shop.database, &RunFilter { kind: None, limit: 4 }).unwrap();
    assert!(runs.iter().all(|run| run["mode"] == "update" && run["full_because"].is_null()), "{runs:?}");
}

#[test]
fn choices_outlive_updates_and_grow_old() {
    let shop = Shop::new("update_old");
    let kind = Kind::Pricing;
    let first = shop.order(THEN, &order(kind, true, false)).remove(0);
    assert_eq!((first.mode, first.full_because), (Mode::Full, Some(Fallback::NoModel)));
    let full = card(&shop, kind);
    assert_eq!(full.chosen_at, None);
    for (at, days) in [("2026-09-22T09:00:00Z", 10), ("2026-10-11T09:00:00Z", 29)] {
        let outcome = shop.order(at, &order(kind, true, true)).remove(0);
        assert_eq!((outcome.mode, outcome.full_because), (Mode::Update, None), "after {days} days");
        assert_eq!(card(&shop, kind).chosen_at.as_ref(), Some(&full.trained_at));
    }
    let old = shop.order("2026-10-13T09:00:00Z", &order(kind, true, true)).remove(0);
    assert_eq!((old.mode, old.full_because), (Mode::Full, Some(Fallback::OldChoices)));
    assert_eq!(card(&shop, kind).chosen_at, None);

    // A file that this version does not read has no choices to keep, and is no champion.
    std::fs::write(shop.shelf.path(&card(&shop, kind)), b"of another format").unwrap();
    let unread = shop.order("2026-10-14T09:00:00Z", &order(kind, true, false)).remove(0);
    assert_eq!((unread.mode, unread.full_because), (Mode::Full, Some(Fallback::Format)));
    assert_eq!((unread.status, unread.verdict), (Status::Published, None));
}
