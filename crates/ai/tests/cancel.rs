//! An order that is stopped keeps what it finished, and goes on with the rest.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shop;

use meschain_ai::operations::RunFilter;
use meschain_ai::operations::runs::list;
use meschain_ai::registry::Kind;
use meschain_ai::training::{Order, orders, train};
use meschain_base::{Error, Progress};
use meschain_shop::jobs::{NewJob, Queue, Status};
use serde_json::json;
use shop::{NOW, Shop};
use std::time::Duration;

/// Cancels as soon as the stage is one of recommendation.
fn cancel_at_recommendation(progress: &Progress) {
    while !progress.snapshot().stage.starts_with("recommendation") {
        std::thread::sleep(Duration::from_micros(100));
    }
    progress.cancel();
}

#[test]
fn a_cancelled_order_does_not_do_again_what_it_finished() {
    let shop = Shop::new("cancel_resume");
    let queue = Queue::new(shop.database.clone());
    let job = queue.enqueue(&NewJob::new(orders::JOB, json!({}))).unwrap();
    let kinds = vec![Kind::Pricing, Kind::Recommendation];
    let order = Order { kinds, job: Some(job), ..Order::default() };
    let statuses = || {
        let runs = list(&shop.database, &RunFilter { kind: None, limit: 10 }).unwrap();
        runs.iter()
            .map(|run| format!("{} {}", run["type"], run["status"]).replace('"', ""))
            .collect::<Vec<_>>()
    };

    let progress = Progress::silent();
    let stopped = std::thread::scope(|scope| {
        scope.spawn(|| cancel_at_recommendation(&progress));
        shop.at(NOW, |workshop| train(workshop, &order, &progress).map(drop))
    });
    assert_eq!(stopped, Err(Error::Cancelled));
    assert_eq!(statuses(), ["recommendation cancelled", "pricing published"]);
    assert!(shop.serving(Kind::Pricing).is_some() && shop.serving(Kind::Recommendation).is_none());
    let priced = shop.serving(Kind::Pricing);

    let runs = shop.order(NOW, &order);
    assert_eq!(runs.iter().map(|run| run.kind).collect::<Vec<_>>(), [Kind::Recommendation]);
    assert_eq!(statuses(), ["recommendation published", "recommendation cancelled", "pricing published"]);
    assert_eq!(shop.serving(Kind::Pricing), priced);
}

#[test]
fn only_trainings_are_cancelled_and_resumed() {
    let shop = Shop::new("cancel_only");
    let queue = Queue::new(shop.database.clone());
    let job = queue.enqueue(&NewJob::new(orders::JOB, json!({}))).unwrap();
    let other = queue.enqueue(&NewJob::new("refresh", json!({}))).unwrap();
    let missing = |id: i64| Err(Error::NotFound { what: "training", id: id.to_string() });
    assert_eq!(
        (orders::cancel(&queue, other), orders::resume(&queue, other)),
        (missing(other), missing(other))
    );
    assert_eq!(orders::cancel(&queue, 999), missing(999));
    assert_eq!(orders::resume(&queue, job), Ok(false), "it waits already");
    assert_eq!(orders::cancel(&queue, job), Ok(true));
    assert_eq!(queue.get(job).unwrap().status, Status::Cancelled);
    assert_eq!(orders::cancel(&queue, job), Ok(false), "it has ended");
    assert_eq!(orders::resume(&queue, job), Ok(true));
    assert_eq!(queue.get(job).unwrap().status, Status::Queued);
    assert_eq!(queue.get(other).unwrap().status, Status::Queued);
}
