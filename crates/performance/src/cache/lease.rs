//! Who computes a missing value: one worker of the machine, while the others wait a little or serve what they have.
//!
//! A lease is one shared word: the deadline in milliseconds and the owner's process id. It ends when it is given back,
//! when its deadline passes or when its owner is gone, so a killed worker blocks nobody. Two keys may share a word;
//! then one of them is computed a moment later or by two workers, never wrong.

use super::generations::Generations;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{AcqRel, Acquire};

const PID_BITS: u32 = 22;

/// What came of asking for a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// The asker computes; the word to give back.
    Taken(u64),
    /// This very process holds it (a callback that remembers another key in the same place): compute, do not wait
    /// for oneself.
    Own,
    /// Another process computes.
    Other,
}

/// Asks for the lease of the key with this hash until `deadline_ms`.
pub fn acquire(tables: &Generations, hash: u64, now_ms: u64, deadline_ms: u64, pid: u32) -> Grant {
    let word = tables.lease_word(hash);
    let held = word.load(Acquire);
    let owner = (held & ((1 << PID_BITS) - 1)) as u32;
    if held != 0 && now_ms < held >> PID_BITS {
        if owner == pid {
            return Grant::Own;
        }
        if is_alive(owner) {
            return Grant::Other;
        }
    }
    let mine = deadline_ms << PID_BITS | u64::from(pid) & ((1 << PID_BITS) - 1);
    match word.compare_exchange(held, mine, AcqRel, Acquire) {
        Ok(_) => Grant::Taken(mine),
        Err(_) => Grant::Other,
    }
}

/// Gives a lease back, if it is still the one that was taken.
pub fn release(tables: &Generations, hash: u64, taken: u64) {
    let word: &AtomicU64 = tables.lease_word(hash);
    let _ = word.compare_exchange(taken, 0, AcqRel, Acquire);
}

fn is_alive(pid: u32) -> bool {
    Path::new("/proc").join(pid.to_string()).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_computes_until_it_gives_back_or_the_deadline_passes() {
        let tables = Generations::process(0);
        let other = 1; // the init process is always alive
        let Grant::Taken(word) = acquire(&tables, 7, 100, 200, other) else { panic!("free") };
        assert_eq!(acquire(&tables, 7, 150, 250, std::process::id()), Grant::Other);
        assert_eq!(acquire(&tables, 7, 150, 250, other), Grant::Own);
        assert!(matches!(acquire(&tables, 8, 150, 250, std::process::id()), Grant::Taken(_)));
        release(&tables, 7, word);
        assert!(matches!(acquire(&tables, 7, 150, 250, std::process::id()), Grant::Taken(_)));
        assert!(matches!(acquire(&tables, 7, 251, 300, other), Grant::Taken(_)), "past the deadline");
    }

    #[test]
    fn a_dead_owner_blocks_nobody() {
        let tables = Generations::process(0);
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let dead = child.id();
        child.wait().unwrap();
        assert!(matches!(acquire(&tables, 7, 100, 10_000, dead), Grant::Taken(_)));
        assert!(matches!(acquire(&tables, 7, 101, 10_000, std::process::id()), Grant::Taken(_)));
    }
}
