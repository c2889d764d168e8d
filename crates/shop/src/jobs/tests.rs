use super::*;
use crate::database::{Database, rows};
use meschain_base::progress::Snapshot;
use meschain_base::{DatabaseFault, Progress};
use meschain_testkit::mariadb;
use serde_json::json;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

const LEASE: Duration = Duration::from_secs(60);

fn queue(name: &str) -> Queue {
    let database = Database::main(&mariadb().fresh(name)).unwrap();
    crate::migrations::migrate(&database, false, &Progress::silent()).unwrap();
    Queue::new(database)
}

fn sql(queue: &Queue, statement: &str) {
    rows::change(&mut queue.database.connection().unwrap(), statement, ()).unwrap();
}

/// As if the waits of all failed jobs and the leases of all running ones were over.
fn all_due(queue: &Queue) {
    sql(queue, "UPDATE meschain_jobs SET due_at = CURRENT_TIMESTAMP(6) WHERE due_at IS NOT NULL");
}

fn quick(queue: &Queue, name: &str) -> Worker {
    let mut worker = Worker::new(queue.clone(), name);
    worker.heartbeat = Duration::from_millis(20);
    worker
}

fn run(worker: &Worker, handler: impl Fn(&Job, &Progress) -> Result<Value> + Sync) -> Tally {
    worker.run(&[], Until::Empty, &handler, &Progress::silent()).unwrap()
}

fn at(stage: &str) -> Snapshot {
    Snapshot { stage: stage.to_owned(), done: 1, total: 2 }
}

#[test]
fn a_job_goes_in_and_comes_out_done() {
    let queue = queue("jobs_done");
    let payload = json!({"models": ["pricing", "fiyat"], "a": {"z": 1, "b": 2.5}});
    let id = queue.enqueue(&NewJob::new("train", payload.clone())).unwrap();
    let tally = run(&quick(&queue, "w"), |job, progress| {
        assert_eq!((job.status, job.attempts, &job.payload), (Status::Running, 1, &payload));
        progress.stage("fit", 3)?;
        progress.advance(3)?;
        Ok(json!({"rows": 7}))
    });
    assert_eq!(tally, Tally { done: 1, failed: 0, dropped: 0 });
    let job = queue.get(id).unwrap();
    assert_eq!((job.status, job.stage.as_str(), job.done, job.total), (Status::Done, "fit", 3, 3));
    assert_eq!(job.result, Some(json!({"rows": 7})));
    assert_eq!(job.payload.to_string(), payload.to_string(), "keys keep their order");
    assert!(job.created_at.ends_with('Z') && job.started_at.is_some() && job.finished_at.is_some());
    assert!(!queue.cancel(id).unwrap() && !queue.retry(id).unwrap());
    assert_eq!(queue.prune(Duration::from_secs(3600)).unwrap(), 0);
    sql(&queue, "UPDATE meschain_jobs SET finished_at = finished_at - INTERVAL 2 HOUR");
    assert_eq!(queue.prune(Duration::from_secs(3600)).unwrap(), 1);
    assert_eq!(queue.get(id).unwrap_err(), Error::NotFound { what: "job", id: id.to_string() });
}

#[test]
fn bad_jobs_are_refused_and_leave_nothing() {
    let queue = queue("jobs_bad");
    let job = NewJob::new("train", json!({}));
    let too_big = NewJob { payload: json!("x".repeat(PAYLOAD_LIMIT)), ..job.clone() };
    assert!(matches!(queue.enqueue(&too_big).unwrap_err(), Error::Limit { what: "job payload", .. }));
    for (name, bad) in [
        ("kind", NewJob { kind: "no spaces".into(), ..job.clone() }),
        ("max_attempts", NewJob { max_attempts: 0, ..job.clone() }),
        ("unique_key", NewJob { unique_key: Some(String::new()), ..job.clone() }),
    ] {
        assert!(matches!(queue.enqueue(&bad).unwrap_err(), Error::Argument { name: n, .. } if n == name));
    }
    assert!(queue.list(&Filter::default()).unwrap().is_empty());
    assert!(queue.list(&Filter { limit: 0, ..Filter::default() }).is_err());
    assert!(matches!(queue.cancel(1).unwrap_err(), Error::NotFound { .. }));
}

#[test]
fn a_unique_key_holds_while_the_job_lives() {
    let queue = queue("jobs_unique");
    let job = NewJob { unique_key: Some("nightly".into()), ..NewJob::new("refresh", json!({})) };
    let first = queue.enqueue(&job).unwrap();
    assert_eq!(queue.enqueue(&job).unwrap(), first);
    assert_ne!(queue.enqueue(&NewJob { kind: "train".into(), ..job.clone() }).unwrap(), first);
    assert!(queue.cancel(first).unwrap());
    let second = queue.enqueue(&job).unwrap();
    assert_ne!(second, first);
    assert!(!queue.retry(first).unwrap(), "its key is taken by the second");
    assert_eq!(queue.get(first).unwrap().status, Status::Cancelled);
}

#[test]
fn two_workers_share_the_jobs_and_none_is_done_twice() {
    let queue = queue("jobs_two");
    let ids: Vec<i64> =
        (0..40).map(|n| queue.enqueue(&NewJob::new("count", json!({ "n": n }))).unwrap()).collect();
    let seen = Mutex::new(Vec::new());
    let handler = |job: &Job, _: &Progress| {
        seen.lock().unwrap().push(job.job_id);
        Ok(Value::Null)
    };
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let workers = ["a", "b"].map(|name| {
            let worker = quick(&queue, name);
            let handler = &handler;
            scope.spawn(move || worker.run(&[], Until::Empty, handler, &Progress::silent()).unwrap())
        });
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    assert_eq!(tallies.iter().map(|tally| tally.done).sum::<u64>(), 40);
    let mut seen = seen.into_inner().unwrap();
    seen.sort_unstable();
    assert_eq!(seen, ids);
}

#[test]
fn a_taken_row_does_not_block_the_other_worker() {
    let queue = queue("jobs_skip");
    let ids = [1, 2].map(|n| queue.enqueue(&NewJob::new("count", json!(n))).unwrap());
    let mut conn = queue.database.connection().unwrap();
    let mut open = conn.start_transaction(mysql::TxOpts::default()).unwrap();
    let lock = "SELECT job_id FROM meschain_jobs WHERE job_id = ? FOR UPDATE";
    rows::first::<i64>(&mut open, lock, (ids[0],)).unwrap();
    assert_eq!(queue.take("b", &[], LEASE).unwrap().unwrap().job.job_id, ids[1]);
    assert_eq!(queue.take("b", &[], LEASE).unwrap(), None);
    drop(open);
    assert_eq!(queue.take("b", &["other"], LEASE).unwrap(), None);
    assert_eq!(queue.take("b", &["count"], LEASE).unwrap().unwrap().job.job_id, ids[0]);
}

#[test]
fn the_job_of_a_crashed_worker_is_retaken_and_its_late_answer_counts_for_nothing() {
    let queue = queue("jobs_crash");
    let id = queue.enqueue(&NewJob::new("train", json!({}))).unwrap();
    let lost = queue.take("crashed", &[], LEASE).unwrap().unwrap();
    assert_eq!(queue.take("other", &[], LEASE).unwrap(), None, "the lease holds");
    all_due(&queue);
    let retaken = queue.take("other", &[], LEASE).unwrap().unwrap();
    assert_eq!((retaken.job.job_id, retaken.job.attempts), (id, 2));
    assert_eq!(queue.beat(&lost, &at("late"), LEASE).unwrap(), Beat::Lost);
    assert!(!queue.succeed(&lost, &at("late"), &json!("late")).unwrap());
    assert!(!queue.fail(&lost, "late", true).unwrap());
    assert_eq!(queue.beat(&retaken, &at("fit"), LEASE).unwrap(), Beat::Continue);
    assert!(queue.succeed(&retaken, &at("fit"), &json!("good")).unwrap());
    assert_eq!(queue.get(id).unwrap().result, Some(json!("good")));
}

#[test]
fn a_job_that_kills_its_workers_is_buried() {
    let queue = queue("jobs_poison");
    let id = queue.enqueue(&NewJob { max_attempts: 2, ..NewJob::new("train", json!({})) }).unwrap();
    for _ in 0..2 {
        queue.take("victim", &[], LEASE).unwrap().unwrap();
        all_due(&queue);
    }
    assert_eq!(queue.take("next", &[], LEASE).unwrap(), None);
    let job = queue.get(id).unwrap();
    assert_eq!((job.status, job.error.as_deref()), (Status::Dead, Some("worker_lost")));
}

#[test]
fn failures_wait_longer_each_time_and_end_dead_and_may_be_tried_again_by_hand() {
    let queue = queue("jobs_dead");
    let id = queue.enqueue(&NewJob { max_attempts: 3, ..NewJob::new("refresh", json!({})) }).unwrap();
    let worker = quick(&queue, "w");
    let down = |_: &Job, _: &Progress| -> Result<Value> {
        let detail = "the server went away".to_owned();
        Err(Error::Database { fault: DatabaseFault::Unreachable, code: None, detail })
    };
    let mut waits = Vec::new();
    for attempt in 1..=2 {
        assert_eq!(run(&worker, down), Tally { failed: 1, ..Tally::default() });
        assert_eq!(run(&worker, down), Tally::default(), "it waits");
        let job = queue.get(id).unwrap();
        assert_eq!((job.status, job.attempts), (Status::Failed, attempt));
        assert!(job.error.unwrap().contains("went away"));
        let sql = "SELECT TIMESTAMPDIFF(MICROSECOND, heartbeat_at, due_at) FROM meschain_jobs";
        waits.extend(rows::first::<i64>(&mut queue.database.connection().unwrap(), sql, ()).unwrap());
        all_due(&queue);
    }
    assert!(waits[0] >= 5_000_000 && waits[1] >= 10_000_000, "{waits:?}");
    run(&worker, down);
    assert_eq!(queue.get(id).unwrap().status, Status::Dead);
    all_due(&queue);
    assert_eq!(run(&worker, down), Tally::default(), "dead is dead");
    assert!(queue.retry(id).unwrap());
    assert_eq!(run(&worker, |_, _| Ok(json!(1))), Tally { done: 1, ..Tally::default() });
    assert_eq!(queue.get(id).unwrap().error, None);
}

#[test]
fn what_cannot_succeed_is_not_tried_again_and_a_panic_is_a_failure() {
    let queue = queue("jobs_permanent");
    let id = queue.enqueue(&NewJob::new("train", json!({}))).unwrap();
    let thin = Error::NotEnoughData { what: "orders", unit: "weeks", needed: 26, found: 3 };
    let worker = quick(&queue, "w");
    run(&worker, |_, _| Err(thin.clone()));
    assert_eq!(queue.get(id).unwrap().status, Status::Dead);
    let id = queue.enqueue(&NewJob::new("train", json!({}))).unwrap();
    run(&worker, |_, _| panic!("a bug"));
    let job = queue.get(id).unwrap();
    assert_eq!(job.status, Status::Failed);
    assert!(job.error.unwrap().contains("panicked"));
    let id = queue.enqueue(&NewJob::new("huge", json!({}))).unwrap();
    run(&worker, |_, _| Ok(json!("x".repeat(RESULT_LIMIT))));
    assert_eq!(queue.get(id).unwrap().status, Status::Dead);
}

#[test]
fn a_job_that_somebody_else_is_in_the_way_of_waits_and_keeps_its_attempts() {
    let queue = queue("jobs_busy");
    let id = queue.enqueue(&NewJob::new("train", json!({}))).unwrap();
    let worker = quick(&queue, "w");
    for _ in 0..8 {
        let tally = run(&worker, |job, _| {
            assert_eq!(job.attempts, 1);
            Err(Error::Busy { what: "columns" })
        });
        assert_eq!(tally, Tally { dropped: 1, ..Tally::default() });
        let job = queue.get(id).unwrap();
        assert_eq!((job.status, job.attempts), (Status::Queued, 0));
        assert!(job.error.unwrap().contains("columns"));
        assert_eq!(run(&worker, |_, _| Ok(json!({}))), Tally::default(), "not before its time");
        all_due(&queue);
    }
    sql(&queue, "UPDATE meschain_jobs SET created_at = created_at - INTERVAL 2 DAY");
    for attempt in 1..=5 {
        run(&worker, |_, _| Err(Error::Busy { what: "columns" }));
        assert_eq!(queue.get(id).unwrap().attempts, attempt);
        all_due(&queue);
    }
    assert_eq!(queue.get(id).unwrap().status, Status::Dead);
}

/// Works until it is cancelled; gives up after a minute so that a broken cancel fails instead of hanging.
fn endless(progress: &Progress) -> Result<Value> {
    progress.stage("endless", 0)?;
    for _ in 0..12_000 {
        progress.advance(1)?;
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(json!("never cancelled"))
}

#[test]
fn a_waiting_job_is_cancelled_at_once_and_a_running_one_at_its_heartbeat() {
    let queue = queue("jobs_cancel");
    let waiting = queue.enqueue(&NewJob { delay: LEASE, ..NewJob::new("train", json!({})) }).unwrap();
    assert!(queue.cancel(waiting).unwrap());
    assert_eq!(queue.get(waiting).unwrap().status, Status::Cancelled);
    let running = queue.enqueue(&NewJob::new("train", json!({}))).unwrap();
    let tally = run(&quick(&queue, "w"), |job, progress| {
        assert!(queue.cancel(job.job_id).unwrap());
        endless(progress)
    });
    assert_eq!(tally, Tally { dropped: 1, ..Tally::default() });
    let job = queue.get(running).unwrap();
    assert_eq!((job.status, job.stage.as_str()), (Status::Cancelled, "endless"));
    assert!(queue.retry(running).unwrap());
}

#[test]
fn a_stopped_worker_gives_its_job_back() {
    let queue = queue("jobs_stop");
    let id = queue.enqueue(&NewJob::new("train", json!({}))).unwrap();
    let outer = Progress::silent();
    let shown = AtomicBool::new(false);
    let handler = |_: &Job, progress: &Progress| {
        std::thread::scope(|scope| {
            let work = scope.spawn(|| endless(progress));
            while !work.is_finished() && outer.snapshot().stage != "endless" {
                std::thread::sleep(Duration::from_millis(5));
            }
            shown.store(outer.snapshot().stage == "endless", Ordering::Relaxed);
            outer.cancel();
            work.join().unwrap()
        })
    };
    let worker = quick(&queue, "w");
    let tally = worker.run(&[], Until::Elapsed(LEASE), &handler, &outer).unwrap();
    assert_eq!(tally, Tally { dropped: 1, ..Tally::default() });
    assert!(shown.load(Ordering::Relaxed), "the worker shows the progress of its job");
    let job = queue.get(id).unwrap();
    assert_eq!((job.status, job.attempts), (Status::Queued, 0));
}

#[test]
fn a_worker_waits_for_a_database_that_is_away_and_says_so_in_the_end() {
    let mut settings = meschain_base::Settings::default();
    let port = meschain_testkit::free_port();
    settings.set("database_url", &format!("mysql://shop:x@127.0.0.1:{port}/shop")).unwrap();
    let mut worker = quick(&Queue::new(Database::main(&settings).unwrap()), "w");
    worker.pause = Duration::from_millis(10);
    let handler = |_: &Job, _: &Progress| Ok(Value::Null);
    for until in [Until::Empty, Until::Elapsed(Duration::from_millis(50))] {
        let error = worker.run(&[], until, &handler, &Progress::silent()).unwrap_err();
        assert!(matches!(error, Error::Database { fault: DatabaseFault::Unreachable, .. }), "{error:?}");
    }
}

#[test]
fn lists_filter_and_come_newest_first() {
    let queue = queue("jobs_list");
    let ids = ["train", "refresh", "train"].map(|kind| queue.enqueue(&NewJob::new(kind, json!({}))).unwrap());
    queue.cancel(ids[2]).unwrap();
    let list = |filter: Filter| queue.list(&filter).unwrap().iter().map(|job| job.job_id).collect::<Vec<_>>();
    assert_eq!(list(Filter::default()), [ids[2], ids[1], ids[0]]);
    assert_eq!(list(Filter { kind: Some("train".into()), ..Filter::default() }), [ids[2], ids[0]]);
    assert_eq!(list(Filter { status: Some(Status::Queued), limit: 1, ..Filter::default() }), [ids[1]]);
    assert!(matches!(Status::parse("status", "gone"), Err(Error::Argument { .. })));
}
