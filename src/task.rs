//! `MesChain\Task`: long work on a native thread. PHP asks how far it is; the thread never calls PHP.

use crate::call;
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;
use meschain_base::{Error, Progress, Result};
use parking_lot::{Condvar, Mutex};
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// How long the end of a script waits for a cancelled task to stop by itself.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running or finished piece of work.
#[php_class]
#[php(name = "MesChain\\Task")]
pub struct Task {
    process: u32,
    progress: Progress,
    outcome: Arc<Outcome>,
}

#[derive(Default)]
struct Outcome {
    result: Mutex<Option<Result<Value>>>,
    finished: Condvar,
}

impl Task {
    /// Starts `work` on its own thread.
    pub fn start(work: impl FnOnce(&Progress) -> Result<Value> + Send + 'static) -> Result<Self> {
        let task =
            Self { process: std::process::id(), progress: Progress::default(), outcome: Arc::default() };
        let (progress, outcome) = (task.progress.clone(), Arc::clone(&task.outcome));
        let body = move || {
            let result = catch_unwind(AssertUnwindSafe(|| work(&progress)))
                .unwrap_or_else(|panic| Err(Error::internal("a task", call::panic_text(panic.as_ref()))));
            *outcome.result.lock() = Some(result);
            outcome.finished.notify_all();
        };
        spawn_without_signals(body)?;
        Ok(task)
    }

    fn check_process(&self) -> Result<()> {
        if self.process == std::process::id() {
            Ok(())
        } else {
            Err(Error::Unsupported { what: "a task", reason: "it belongs to the parent process".to_owned() })
        }
    }

    fn wait_at_most(&self, patience: Duration) -> bool {
        let mut result = self.outcome.result.lock();
        if result.is_none() {
            self.outcome.finished.wait_for(&mut result, patience);
        }
        result.is_some()
    }
}

/// A PHP signal handler that runs on a foreign thread crashes the process: the thread is born with all signals
/// blocked.
fn spawn_without_signals(body: impl FnOnce() + Send + 'static) -> Result<()> {
    let mut all = std::mem::MaybeUninit::<libc::sigset_t>::uninit();
    let mut before = std::mem::MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: both sets are written by libc before they are read; the mask of this thread is put back below.
    unsafe {
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_BLOCK, all.as_ptr(), before.as_mut_ptr());
    }
    let spawned = std::thread::Builder::new().name("meschain-task".to_owned()).spawn(body);
    // SAFETY: `before` was filled by the call above.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), std::ptr::null_mut()) };
    match spawned {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::internal("starting a thread", error.to_string())),
    }
}

#[php_impl]
impl Task {
    /// Whether the work still goes on.
    pub fn running(&self) -> PhpResult<bool> {
        call::run(|| self.check_process().map(|()| self.outcome.result.lock().is_none()))
    }

    /// Waits up to `$seconds`; true when the work has finished.
    pub fn wait(&self, seconds: f64) -> PhpResult<bool> {
        call::run(|| {
            self.check_process()?;
            if !(0.0..=86_400.0).contains(&seconds) {
                return Err(Error::argument("seconds", "a number from 0 to 86400", seconds.to_string()));
            }
            Ok(self.wait_at_most(Duration::from_secs_f64(seconds)))
        })
    }

    /// What is being done: `stage`, `done`, `total` (0 when not known).
    pub fn progress(&self) -> PhpResult<Zval> {
        call::array(|| {
            let now = self.progress.snapshot();
            Ok(json!({ "stage": now.stage, "done": now.done, "total": now.total }))
        })
    }

    /// Asks the work to stop; it does at its next safe point.
    pub fn cancel(&self) {
        self.progress.cancel();
    }

    /// Waits for the end; the result, or the exception the work failed with.
    pub fn result(&self) -> PhpResult<Zval> {
        call::array(|| {
            self.check_process()?;
            while !self.wait_at_most(Duration::from_secs(3600)) {}
            self.outcome.result.lock().clone().unwrap_or(Err(Error::Cancelled))
        })
    }
}

/// A task nobody holds any more is cancelled; what it was doing ends at a safe point or with the process.
impl Drop for Task {
    fn drop(&mut self) {
        if self.process == std::process::id() && self.outcome.result.lock().is_none() {
            self.progress.cancel();
            self.wait_at_most(PATIENCE);
        }
    }
}
