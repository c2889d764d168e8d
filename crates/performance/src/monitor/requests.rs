//! The last minutes: counts, quantiles, endpoints and the line over time.

use super::cells::{Ring, Sum};
use super::names::ENDPOINTS;
use super::store::{COARSE_SECONDS, FINE_SECONDS, Store};
use jiff::Timestamp;
use serde::Serialize;

/// Longest window in minutes.
pub const LONGEST_WINDOW: u32 = 1440;
/// Windows of up to so many minutes are answered minute by minute, longer ones by quarters of an hour.
pub const FINE_WINDOW: u32 = 60;

/// Requests of a window; durations in milliseconds, quantiles within 3.2 % (see [`super::histogram`]).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Requests {
    /// Minutes that were looked at.
    pub window_minutes: u32,
    /// All endpoints together.
    pub total: Total,
    /// By endpoint, most requests first.
    pub endpoints: Vec<Endpoint>,
    /// By minute or quarter of an hour, oldest first, steps without requests included.
    pub series: Vec<Point>,
    /// Requests that could not be counted since the store was made.
    pub dropped: u64,
}

/// All requests of a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Total {
    /// Requests.
    pub count: u64,
    /// Those with a status of 400 or more.
    pub errors: u64,
    /// Half were faster.
    pub p50_ms: f64,
    /// 95 % were faster.
    pub p95_ms: f64,
    /// 99 % were faster.
    pub p99_ms: f64,
    /// The slowest, exact.
    pub max_ms: f64,
}

/// Requests of one endpoint.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Endpoint {
    /// Route.
    pub endpoint: String,
    /// HTTP method; empty for "other".
    pub method: String,
    /// Requests.
    pub count: u64,
    /// Those with a status of 400 or more.
    pub errors: u64,
    /// Half were faster.
    pub p50_ms: f64,
    /// 95 % were faster.
    pub p95_ms: f64,
    /// 99 % were faster.
    pub p99_ms: f64,
    /// The slowest, exact.
    pub max_ms: f64,
    /// Mean memory in MiB.
    pub memory_mb: f64,
}

/// One step of the line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// Its start, ISO 8601 UTC.
    pub minute: String,
    /// Requests.
    pub count: u64,
    /// 95 % were faster; null when there were none.
    pub p95_ms: Option<f64>,
}

/// The steps of a window, oldest first, over the ring that keeps them.
pub(super) struct Window<'a> {
    ring: Ring<'a>,
    steps: std::ops::RangeInclusive<u64>,
    seconds: u64,
}

impl<'a> Window<'a> {
    pub(super) fn new(store: &'a Store, minutes: u32, now: Timestamp) -> Self {
        let now = u64::try_from(now.as_second()).unwrap_or(0);
        let (ring, seconds) = if minutes <= FINE_WINDOW {
            (store.fine(), FINE_SECONDS)
        } else {
            (store.coarse(), COARSE_SECONDS)
        };
        let last = ring.step(now);
        let count = (u64::from(minutes) * 60).div_ceil(seconds).max(1);
        Self { ring, steps: last.saturating_sub(count - 1)..=last, seconds }
    }

    /// What was counted for one endpoint in the window.
    pub(super) fn endpoint(&self, number: usize) -> Sum {
        let mut sum = Sum::default();
        self.steps.clone().for_each(|step| self.ring.read(number, step, &mut sum));
        sum
    }

    fn points(&self) -> Vec<Point> {
        let point = |step: u64| {
            let mut sum = Sum::default();
            (0..ENDPOINTS).for_each(|number| self.ring.read(number, step, &mut sum));
            let start =
                i64::try_from(step * self.seconds).ok().and_then(|at| Timestamp::from_second(at).ok());
            Point {
                minute: start.map(|start| start.to_string()).unwrap_or_default(),
                count: sum.count,
                p95_ms: (sum.count > 0).then(|| round(sum.quantile_ms(0.95))),
            }
        };
        self.steps.clone().map(point).collect()
    }
}

/// Reads a window from the store.
pub fn requests(store: &Store, minutes: u32, now: Timestamp) -> Requests {
    let minutes = minutes.clamp(1, LONGEST_WINDOW);
    let window = Window::new(store, minutes, now);
    let mut all = Sum::default();
    let mut endpoints = Vec::new();
    for number in 0..ENDPOINTS {
        let sum = window.endpoint(number);
        let Some((method, name)) = store.names().name(number).filter(|_| sum.count > 0) else { continue };
        all.merge(&sum);
        endpoints.push(endpoint(name, method, &sum));
    }
    endpoints.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.endpoint.cmp(&b.endpoint)));
    let series = window.points();
    Requests { window_minutes: minutes, total: total(&all), endpoints, series, dropped: store.dropped() }
}

fn total(sum: &Sum) -> Total {
    Total {
        count: sum.count,
        errors: sum.errors,
        p50_ms: round(sum.quantile_ms(0.5)),
        p95_ms: round(sum.quantile_ms(0.95)),
        p99_ms: round(sum.quantile_ms(0.99)),
        max_ms: round(sum.max_us as f64 / 1000.0),
    }
}

fn endpoint(endpoint: String, method: String, sum: &Sum) -> Endpoint {
    let Total { count, errors, p50_ms, p95_ms, p99_ms, max_ms } = total(sum);
    let memory_mb = round(sum.memory_kib as f64 / 1024.0 / count.max(1) as f64);
    Endpoint { endpoint, method, count, errors, p50_ms, p95_ms, p99_ms, max_ms, memory_mb }
}

/// To a microsecond: more digits would pretend a precision that is not there.
pub(super) fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
