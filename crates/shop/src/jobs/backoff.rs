//! How long a failed job waits: doubling from ten seconds to an hour, less up to half by chance, so that jobs
//! that failed together do not come back together ("equal jitter", M. Brooker, AWS Architecture Blog, 2015).

use meschain_base::random::seeded;
use rand::RngExt;
use std::time::Duration;

const FIRST: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(3600);

/// The wait after attempt number `attempt` (from 1) of a job. The same for the same job and attempt.
pub fn wait(job_id: i64, attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(20);
    let full = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    let share: f64 = seeded(job_id.unsigned_abs(), u64::from(attempt)).random();
    full.mul_f64(0.5 + share / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_an_hour_and_spreads() {
        for (attempt, full) in [(1, 10), (2, 20), (3, 40), (9, 2560), (10, 3600), (4_000_000_000, 3600)] {
            let full = Duration::from_secs(full);
            for job in 1..200 {
                let wait = wait(job, attempt);
                assert!(wait >= full / 2 && wait <= full, "{wait:?}");
            }
        }
        let distinct: std::collections::BTreeSet<_> = (1..200).map(|job| wait(job, 1)).collect();
        assert!(distinct.len() > 150);
        assert_eq!(wait(7, 3), wait(7, 3));
    }
}
