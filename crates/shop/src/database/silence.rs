//! What a process remembers of a server that hangs: one that takes connections and answers nothing. Whoever waited for it in vain
//! once does not wait again at the next question.

use meschain_base::{DatabaseFault, Error, Result};
use parking_lot::Mutex;
use std::time::{Duration, Instant};

/// How long a server that is in doubt may take to greet, at least.
const LEAST: Duration = Duration::from_secs(1);

/// Of one server; every pool to it shares it.
#[derive(Debug)]
pub(super) struct Silence {
    patience: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// It answered, or nobody asked.
    Fine,
    /// A statement got no answer: it was slow, or the server hangs. A greeting tells.
    Doubted,
    /// It hangs, and is not asked until then.
    Hangs(Instant),
}

impl Silence {
    /// For a server that is waited for so long.
    pub fn new(patience: Duration) -> Self {
        Self { patience, state: Mutex::new(State::Fine) }
    }

    /// What is known `now`: fails while the server is not to be asked; `true` where it has to greet in [`Self::brief`] time first.
    pub fn is_doubted(&self, now: Instant) -> Result<bool> {
        match *self.state.lock() {
            State::Fine => Ok(false),
            State::Hangs(until) if now < until => Err(Error::Database {
                fault: DatabaseFault::Timeout,
                code: None,
                detail: "the server did not answer a moment ago and is not asked again yet".to_owned(),
            }),
            State::Doubted | State::Hangs(_) => Ok(true),
        }
    }

    /// A fifth of the patience, but a second where there is one: what hangs is found out without another full wait.
    pub fn brief(&self) -> Duration {
        (self.patience / 5).max(LEAST).min(self.patience)
    }

    /// It neither greeted nor answered a ping: it is left alone for twice the time that it was waited for.
    pub fn hangs(&self, now: Instant) {
        *self.state.lock() = State::Hangs(now + 2 * self.patience);
    }

    /// A statement got no answer in time.
    pub fn doubt(&self) {
        let mut state = self.state.lock();
        if matches!(*state, State::Fine) {
            *state = State::Doubted;
        }
    }

    /// It answered.
    pub fn ended(&self) {
        *self.state.lock() = State::Fine;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hangs_is_left_alone_for_a_while_and_then_has_to_greet_briefly() {
        let (silence, now) = (Silence::new(Duration::from_secs(5)), Instant::now());
        assert!(!silence.is_doubted(now).unwrap());
        silence.doubt();
        assert!(silence.is_doubted(now).unwrap());
        silence.hangs(now);
        // A doubt does not shorten it.
        silence.doubt();
        let error = silence.is_doubted(now + Duration::from_secs(9)).unwrap_err();
        assert!(error.is_transient(), "{error}");
        assert!(silence.is_doubted(now + Duration::from_secs(11)).unwrap());
        silence.ended();
        assert!(!silence.is_doubted(now).unwrap());
        assert_eq!(silence.brief(), Duration::from_secs(1));
        assert_eq!(Silence::new(Duration::from_millis(200)).brief(), Duration::from_millis(200));
    }
}
