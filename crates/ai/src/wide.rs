//! The widest registers that this machine has, for the few loops that everything else waits for.

use pulp::Arch;

/// Runs `work` compiled for AVX2 where there is one. What it calls must be inlined into it to have any of that.
///
/// The compiler neither reorders sums nor fuses a product with a sum, so the result is the same to the bit on every machine.
pub(crate) fn wide<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}

#[cfg(test)]
mod tests {
    use super::wide;

    #[test]
    fn sums_are_the_same_to_the_bit() {
        let terms: Vec<(f32, f32)> = (1..1000).map(|n| (1.0 / n as f32, (n % 17) as f32 * 0.3)).collect();
        let add = |sums: &mut [f32; 16]| {
            for (at, (a, b)) in terms.iter().enumerate() {
                sums.iter_mut().enumerate().for_each(|(lane, sum)| *sum += a * (b + (at * lane) as f32));
            }
        };
        let (mut plain, mut dispatched) = ([0f32; 16], [0f32; 16]);
        add(&mut plain);
        wide(|| add(&mut dispatched));
        assert_eq!(plain.map(f32::to_bits), dispatched.map(f32::to_bits));
    }
}
