//! Log-linear buckets (as in HdrHistogram): every power of two of microseconds is cut into sixteen equal parts.
//!
//! A value is known to its bucket, and a quantile is answered with the middle of the bucket in which the exact quantile
//! (nearest rank) lies, so it is off by at most half a bucket: 1/32 of the value, 3.2 %, and exact below 32 us.
//! Values beyond 2^27 us (134 s) count in the last bucket.

/// Parts of a power of two, as a power of two.
const PRECISION: u32 = 4;
/// The largest power of two told apart.
const LARGEST: u32 = 27;
/// Buckets of a histogram.
pub const BUCKETS: usize = ((LARGEST - PRECISION + 1) << PRECISION) as usize;
/// The bound of the relative error of a quantile.
pub const RELATIVE_ERROR: f64 = 1.0 / 32.0;

/// The bucket of a value in microseconds.
pub fn bucket(micros: u64) -> usize {
    let power = 63 - (micros | 1).leading_zeros();
    if power < PRECISION {
        return micros as usize;
    }
    let part = (micros >> (power - PRECISION)) & ((1 << PRECISION) - 1);
    let place = ((power - PRECISION + 1) << PRECISION) as usize + part as usize;
    place.min(BUCKETS - 1)
}

/// The middle of a bucket in microseconds.
pub fn middle(bucket: usize) -> f64 {
    let row = (bucket >> PRECISION) as u32;
    let part = (bucket & ((1 << PRECISION) - 1)) as f64;
    if row <= 1 {
        return bucket as f64;
    }
    let width = f64::from(1u32 << (row - 1));
    let start = (part + f64::from(1u32 << PRECISION)) * width;
    // The largest whole number of the bucket is one below the next.
    start + (width - 1.0) / 2.0
}

/// The `q` quantile (nearest rank) of counted values in microseconds; 0 when there are none.
pub fn quantile(counts: &[u64], q: f64) -> f64 {
    let total: u64 = counts.iter().sum();
    let rank = ((total as f64 * q).ceil() as u64).clamp(1, total.max(1));
    let mut seen = 0;
    for (bucket, count) in counts.iter().enumerate() {
        seen += count;
        if *count > 0 && seen >= rank {
            return middle(bucket);
        }
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn quantiles_are_within_the_bound_of_the_exact_ones(mut values in prop::collection::vec(prop_oneof![0u64..100, 0u64..100_000, 0u64..120_000_000], 1..500), q in 0.01f64..1.0) {
            let mut counts = vec![0; BUCKETS];
            values.iter().for_each(|value| counts[bucket(*value)] += 1);
            values.sort_unstable();
            let rank = ((values.len() as f64 * q).ceil() as usize).clamp(1, values.len());
            let exact = values[rank - 1] as f64;
            let answer = quantile(&counts, q);
            prop_assert!((answer - exact).abs() <= exact * RELATIVE_ERROR, "{answer} for {exact}");
        }

        #[test]
        fn buckets_are_in_order(a in 0u64..1 << 40, b in 0u64..1 << 40) {
            prop_assert_eq!(a.min(b) == a || bucket(a) >= bucket(b), true);
            prop_assert!(bucket(a) < BUCKETS);
        }
    }

    #[test]
    fn short_times_are_exact_and_none_is_zero() {
        for value in 0..32 {
            assert_eq!(middle(bucket(value)), value as f64);
        }
        assert_eq!(quantile(&[0; BUCKETS], 0.5), 0.0);
    }
}
