//! Endpoint names in shared words: a fixed number of places, the first of which stands for all that found none.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

/// Places, the one for "other" included.
pub const ENDPOINTS: usize = 64;
/// Bytes of a name, method included; longer ones are cut.
pub const NAME_BYTES: usize = 120;
/// Words of a place: state, length, name.
const PLACE: usize = 2 + NAME_BYTES / 8;
/// Words of all places.
pub const WORDS: usize = ENDPOINTS * PLACE;
/// The endpoint that stands for those without a place.
pub const OTHER: &str = "other";

const FREE: u64 = 0;
const CLAIMED: u64 = 1;
const READY: u64 = 2;

/// The table of names.
#[derive(Clone, Copy)]
pub struct Names<'a>(pub &'a [AtomicU64]);

impl<'a> Names<'a> {
    /// The number of an endpoint, given to it now if it has none; 0 ("other") when all are taken or the name is
    /// being written by another worker this moment.
    pub fn number(&self, method: &str, endpoint: &str) -> usize {
        let name = join(method, endpoint);
        for number in 1..ENDPOINTS {
            let Some(place) = self.place(number) else { return 0 };
            let Some(state) = place.first() else { return 0 };
            match state.load(Acquire) {
                READY if read(place) == name => return number,
                READY => {}
                FREE if state.compare_exchange(FREE, CLAIMED, AcqRel, Relaxed).is_ok() => {
                    write(place, &name);
                    state.store(READY, Release);
                    return number;
                }
                // A worker killed at this point leaves a place that is never used; the rest goes on.
                _ if self.settled(state) && read(place) == name => return number,
                _ => {}
            }
        }
        0
    }

    /// Method and endpoint of a number.
    pub fn name(&self, number: usize) -> Option<(String, String)> {
        if number == 0 {
            return Some((String::new(), OTHER.to_owned()));
        }
        let place = self.place(number)?;
        if place.first()?.load(Acquire) != READY {
            return None;
        }
        let text = String::from_utf8_lossy(&read(place)).into_owned();
        let (method, endpoint) = text.split_once(' ')?;
        Some((method.to_owned(), endpoint.to_owned()))
    }

    fn settled(&self, state: &AtomicU64) -> bool {
        (0..100).any(|_| {
            std::hint::spin_loop();
            state.load(Acquire) == READY
        })
    }

    fn place(&self, number: usize) -> Option<&'a [AtomicU64]> {
        self.0.get(number * PLACE..(number + 1) * PLACE)
    }
}

fn join(method: &str, endpoint: &str) -> Vec<u8> {
    let text = format!("{method} {endpoint}");
    let mut end = text.len().min(NAME_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().as_bytes().to_vec()
}

fn write(place: &[AtomicU64], name: &[u8]) {
    if let Some(length) = place.get(1) {
        length.store(name.len() as u64, Relaxed);
    }
    for (word, chunk) in place.iter().skip(2).zip(name.chunks(8)) {
        let mut bytes = [0; 8];
        bytes.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        word.store(u64::from_le_bytes(bytes), Relaxed);
    }
}

fn read(place: &[AtomicU64]) -> Vec<u8> {
    let length = place.get(1).map_or(0, |word| word.load(Relaxed)) as usize;
    let mut bytes: Vec<u8> = place.iter().skip(2).flat_map(|word| word.load(Relaxed).to_le_bytes()).collect();
    bytes.truncate(length);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Vec<AtomicU64> {
        (0..WORDS).map(|_| AtomicU64::new(0)).collect()
    }

    #[test]
    fn a_name_keeps_its_number_and_methods_differ() {
        let words = words();
        let names = Names(&words);
        let one = names.number("GET", "report/dashboard");
        assert_eq!(names.number("GET", "report/dashboard"), one);
        assert_ne!(names.number("POST", "report/dashboard"), one);
        assert_eq!(names.name(one), Some(("GET".into(), "report/dashboard".into())));
    }

    #[test]
    fn too_many_names_become_other_and_long_ones_are_cut_between_letters() {
        let words = words();
        let names = Names(&words);
        let long = "ğ".repeat(100);
        let number = names.number("GET", &long);
        assert!(long.starts_with(&names.name(number).unwrap().1) && names.number("GET", &long) == number);
        (0..200).for_each(|n| {
            names.number("GET", &format!("e{n}"));
        });
        assert_eq!(names.number("GET", "one more"), 0);
        assert_eq!(names.name(0).unwrap().1, OTHER);
        assert_eq!(names.number("GET", &long), number, "known names stay");
    }

    #[test]
    fn workers_that_name_at_once_agree() {
        let words = words();
        let found: Vec<usize> = std::thread::scope(|scope| {
            let ask = || (0..20).map(|n| Names(&words).number("GET", &format!("e{n}"))).collect::<Vec<_>>();
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        for (place, number) in found.iter().enumerate().filter(|(_, number)| **number > 0) {
            assert_eq!(Names(&words).name(*number).unwrap().1, format!("e{}", place % 20));
        }
    }
}
