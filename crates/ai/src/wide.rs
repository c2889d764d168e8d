//! The widest registers that this machine has, for the few loops that everything else waits for.

use pulp::Arch;

/// Runs `work` compiled for AVX2 where there is one. What it calls must be inlined into it to have any of that.
///
/// The compiler neither reorders sums nor fuses a product with a sum, so the result is the same to the bit on every machine.
pub(crate) fn wide<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}

/// Sums and maxima are taken in so many lanes: one after the other, each would wait for the one before.
const LANES: usize = 16;

/// The sum of all terms.
pub(crate) fn sum(terms: &[f32]) -> f32 {
    let (parts, rest) = terms.as_chunks::<LANES>();
    let mut sums = [0f32; LANES];
    for part in parts {
        sums.iter_mut().zip(part).for_each(|(sum, term)| *sum += term);
    }
    sums.iter().chain(rest).sum()
}

/// The largest of all terms; minus infinity when there are none.
pub(crate) fn largest(terms: &[f32]) -> f32 {
    lanes_largest(terms).into_iter().fold(f32::NEG_INFINITY, larger)
}

/// The largest of every sixteenth term, beginning with each of the first sixteen; minus infinity where there are none.
pub(crate) fn lanes_largest(terms: &[f32]) -> [f32; LANES] {
    let (parts, rest) = terms.as_chunks::<LANES>();
    let mut all = [f32::NEG_INFINITY; LANES];
    for part in parts {
        all.iter_mut().zip(part).for_each(|(one, term)| *one = larger(*one, *term));
    }
    all.iter_mut().zip(rest).for_each(|(one, term)| *one = larger(*one, *term));
    all
}

#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::{largest, sum, wide};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lanes_leave_nothing_out(terms in prop::collection::vec(-1000i16..1000, 0..100)) {
            let floats: Vec<f32> = terms.iter().copied().map(f32::from).collect();
            prop_assert_eq!(sum(&floats), terms.iter().map(|term| f32::from(*term)).sum::<f32>());
            let most = terms.iter().max().map_or(f32::NEG_INFINITY, |most| f32::from(*most));
            prop_assert_eq!(largest(&floats), most);
        }
    }

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
