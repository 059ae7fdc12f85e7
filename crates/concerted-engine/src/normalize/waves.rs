//! Work on all threads whose results are taken one after the other, without keeping them all.

use rayon::prelude::*;
use std::ops::Range;

/// Makes something of each stretch of so many numbers below `count` and hands the results over in order.
/// A few stretches for each thread are made at a time, so that memory holds those and not the whole.
pub(super) fn waves<T: Send>(
    count: usize,
    stretch: usize,
    make: impl Fn(Range<usize>) -> T + Sync,
    mut take: impl FnMut(Range<usize>, T),
) {
    let wave = stretch * 4 * rayon::current_num_threads();
    for start in (0..count).step_by(wave) {
        let stretches: Vec<Range<usize>> = (start..count.min(start + wave))
            .step_by(stretch)
            .map(|start| start..count.min(start + stretch))
            .collect();
        let made: Vec<T> = stretches.par_iter().cloned().map(&make).collect();
        for (range, made) in stretches.into_iter().zip(made) {
            take(range, made);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_comes_once_and_in_order() {
        let mut seen = Vec::new();
        waves(
            1_003,
            7,
            |range| range.clone(),
            |range, made| {
                assert_eq!(range, made);
                seen.extend(range);
            },
        );
        assert_eq!(seen, (0..1_003).collect::<Vec<_>>());
    }
}
