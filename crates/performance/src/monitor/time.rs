//! Clocks for measuring: monotonic time and the CPU time of this process, both in nanoseconds.

/// Monotonic nanoseconds since some point in the past.
pub fn monotonic_nanos() -> u64 {
    read(libc::CLOCK_MONOTONIC)
}

/// CPU nanoseconds this process has used, all threads together.
pub fn cpu_nanos() -> u64 {
    read(libc::CLOCK_PROCESS_CPUTIME_ID)
}

fn read(clock: libc::clockid_t) -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid place for the answer; an unknown clock leaves it zero.
    unsafe { libc::clock_gettime(clock, &mut time) };
    (time.tv_sec as u64).saturating_mul(1_000_000_000).saturating_add(time.tv_nsec as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_move_forward() {
        let (wall, cpu) = (monotonic_nanos(), cpu_nanos());
        let mut sum = 0u64;
        while monotonic_nanos() - wall < 1_000_000 {
            sum = sum.wrapping_add(1);
        }
        assert!(cpu_nanos() > cpu && sum > 0);
    }
}
