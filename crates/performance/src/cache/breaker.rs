//! A circuit breaker that the workers of a machine share: after three failures in a row nobody calls the engine until
//! a pause is over; then one caller tries, and the pause doubles up to half a minute while it fails. So a dead
//! server costs a machine three timeouts, not three for every worker, and later one every half minute.

use super::generations::Generations;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};

/// Failures in a row that open the breaker.
pub const FAILURES: u64 = 3;
/// The first pause in milliseconds.
pub const FIRST_PAUSE_MS: u64 = 1_000;
/// The longest pause in milliseconds.
pub const LONGEST_PAUSE_MS: u64 = 30_000;

/// What the breaker lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Calls pass.
    Closed,
    /// No call passes.
    Open,
    /// The next caller is let through to try.
    HalfOpen,
}

/// Three shared words: failures in a row, open until (0 = closed), pause.
pub struct Breaker {
    tables: Arc<Generations>,
}

impl Breaker {
    /// The breaker of the fleet's engine.
    pub fn new(tables: Arc<Generations>) -> Self {
        Self { tables }
    }

    /// Whether a call may be made now. In the half-open state this is true for one caller only.
    pub fn allows(&self, now_ms: u64) -> bool {
        let until = self.until().load(Acquire);
        if until == 0 {
            return true;
        }
        // A clock set far back must not keep the breaker open for as long.
        if now_ms < until && until - now_ms <= LONGEST_PAUSE_MS {
            return false;
        }
        let next = now_ms + self.pause().load(Relaxed).max(FIRST_PAUSE_MS);
        self.until().compare_exchange(until, next, AcqRel, Relaxed).is_ok()
    }

    /// A call worked.
    pub fn succeeded(&self) {
        if self.failures().load(Relaxed) > 0 {
            self.failures().store(0, Relaxed);
            self.pause().store(0, Relaxed);
            self.until().store(0, Relaxed);
        }
    }

    /// A call failed or took too long.
    pub fn failed(&self, now_ms: u64) {
        if self.failures().fetch_add(1, AcqRel) + 1 < FAILURES {
            return;
        }
        let pause = (self.pause().load(Relaxed) * 2).clamp(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
        self.pause().store(pause, Relaxed);
        self.until().store(now_ms + pause, Relaxed);
    }

    /// The state at `now_ms`, changing nothing.
    pub fn state(&self, now_ms: u64) -> State {
        match self.until().load(Acquire) {
            0 => State::Closed,
            until if now_ms < until => State::Open,
            _ => State::HalfOpen,
        }
    }

    fn failures(&self) -> &AtomicU64 {
        self.tables.breaker_word(0)
    }

    fn until(&self) -> &AtomicU64 {
        self.tables.breaker_word(1)
    }

    fn pause(&self) -> &AtomicU64 {
        self.tables.breaker_word(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_after_three_failures_tries_once_and_closes_on_success() {
        let breaker = Breaker::new(Arc::new(Generations::process(0)));
        (0..2).for_each(|_| breaker.failed(100));
        assert!(breaker.allows(100));
        breaker.failed(100);
        assert_eq!(breaker.state(101), State::Open);
        assert!(!breaker.allows(1_099));
        assert_eq!(breaker.state(1_100), State::HalfOpen);
        assert!(breaker.allows(1_100), "one caller tries");
        assert!(!breaker.allows(1_100), "the others wait for its outcome");
        breaker.succeeded();
        assert!(breaker.allows(1_101) && breaker.state(1_101) == State::Closed);
    }

    #[test]
    fn the_pause_doubles_up_to_its_bound() {
        let breaker = Breaker::new(Arc::new(Generations::process(0)));
        let mut now = 0;
        (0..FAILURES).for_each(|_| breaker.failed(now));
        for _ in 0..10 {
            now += LONGEST_PAUSE_MS;
            assert!(breaker.allows(now));
            breaker.failed(now);
        }
        assert!(!breaker.allows(now + LONGEST_PAUSE_MS - 1) && breaker.allows(now + LONGEST_PAUSE_MS));
    }

    #[test]
    fn a_success_between_failures_starts_the_count_over() {
        let breaker = Breaker::new(Arc::new(Generations::process(0)));
        for _ in 0..5 {
            (0..2).for_each(|_| breaker.failed(0));
            breaker.succeeded();
        }
        assert_eq!(breaker.state(0), State::Closed);
    }
}
