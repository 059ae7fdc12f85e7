//! What remains of a small p-value after so many others were looked at.

use crate::math::ln;
use crate::pvalue::{PValue, QValue};

/// The q-value of each p-value, in the order given: the smallest level at which the procedure of Benjamini
/// and Hochberg (1995) keeps it.
///
/// `tests` is the number of tests made in all. It may exceed `p.len()`: pairs that never met have a p-value
/// of 1, change no rank, and still count. A smaller `tests` is taken as `p.len()`.
///
/// ```
/// use concerted_stats::{PValue, benjamini_hochberg};
/// let p = [0.02, 0.001, 0.03].map(PValue::new);
/// let q = benjamini_hochberg(&p, 10);
/// assert!((q[1].value() - 0.01).abs() < 1e-15);
/// // 0.02 * 10 / 2 and 0.03 * 10 / 3 are equal; neither q-value exceeds that of a larger p-value.
/// assert!((q[0].value() - 0.1).abs() < 1e-15 && (q[2].value() - 0.1).abs() < 1e-15);
/// ```
pub fn benjamini_hochberg(p: &[PValue], tests: u64) -> Vec<QValue> {
    let ln_tests = ln(tests.max(p.len() as u64) as f64);
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_unstable_by(|&a, &b| p[a].total_cmp(&p[b]).then(a.cmp(&b)));
    let mut q = vec![QValue::from_ln(0.0); p.len()];
    let mut least = 0.0f64;
    for (rank, &at) in order.iter().enumerate().rev() {
        least = least.min(p[at].ln() + ln_tests - ln((rank + 1) as f64));
        q[at] = QValue::from_ln(least);
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_example_of_the_paper() {
        // Benjamini and Hochberg 1995, section 4.1: at level .05 the first four of fifteen are kept.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ]
        .map(PValue::new);
        let kept = benjamini_hochberg(&p, 15)
            .iter()
            .filter(|q| q.value() <= 0.05)
            .count();
        assert_eq!(kept, 4);
    }

    #[test]
    fn nothing_gives_nothing_and_equal_p_gives_equal_q() {
        assert!(benjamini_hochberg(&[], 7).is_empty());
        let q = benjamini_hochberg(&[PValue::from_ln(-3000.0); 4], 4_000_000);
        assert!(
            q.iter()
                .all(|q| (q.ln() + 3000.0 - 1e6f64.ln()).abs() < 1e-11)
        );
    }

    proptest! {
        #[test]
        fn monotone_and_never_below_p(ln_p in proptest::collection::vec(-800.0f64..0.0, 1..80), more in 0u64..1000) {
            let p: Vec<PValue> = ln_p.iter().map(|&x| PValue::from_ln(x)).collect();
            let tests = p.len() as u64 + more;
            let q = benjamini_hochberg(&p, tests);
            for (a, b) in p.iter().zip(&q) {
                prop_assert!(b.ln() >= a.ln() - 1e-12);
                prop_assert!(b.ln() <= 0.0);
            }
            for i in 0..p.len() {
                for j in 0..p.len() {
                    prop_assert!(p[i] > p[j] || q[i] <= q[j]);
                }
            }
            // Tests that were made and not handed over have p = 1.
            let mut padded = p.clone();
            padded.resize(tests as usize, PValue::from_ln(0.0));
            for (a, b) in q.iter().zip(benjamini_hochberg(&padded, tests)) {
                prop_assert!((a.ln() - b.ln()).abs() < 1e-12);
            }
        }
    }
}
