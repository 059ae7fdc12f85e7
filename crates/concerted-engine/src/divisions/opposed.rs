//! Which slogan answers which?
//!
//! A slogan and its counter-slogan seldom stand in one post, so counting them together never joins them.
//! They are proposed to a person when they lean to opposite camps and stand among the same words. Each is
//! the nearest of the other side to the other; what they mean, the person says.

use super::uses::Uses;
use concerted_stats::math::{ln, sqrt};
use std::collections::BTreeMap;

/// Two items that lean to opposite camps and stand among the same words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The item of camp A.
    pub a: u32,
    /// The item of camp B.
    pub b: u32,
    /// Cosine of what stands beside them, 0 to 1.
    pub likeness: f64,
}

/// Least likeness of a proposed pair.
pub const LIKENESS: f64 = 0.3;

/// The pairs among these leaning items (item, whether it leans to B), the most alike first. `beside` gives the
/// words that stand beside an item in a post, the item itself left out.
pub fn pairs(
    items: &[(u32, bool)],
    uses: &Uses,
    beside: impl Fn(u32, u32) -> Vec<u32>,
) -> Vec<Pair> {
    // Each word counts once an account, so that one loud account makes no context.
    let contexts: Vec<BTreeMap<u32, f64>> = items
        .iter()
        .map(|&(item, _)| {
            let mut context: BTreeMap<u32, f64> = BTreeMap::new();
            for of_account in uses.of(item).chunk_by(|a, b| a.account == b.account) {
                let mut words: Vec<u32> = of_account
                    .iter()
                    .flat_map(|of| beside(item, of.post))
                    .collect();
                words.sort_unstable();
                words.dedup();
                for word in words {
                    *context.entry(word).or_default() += 1.0;
                }
            }
            context
        })
        .collect();
    let mut spread: BTreeMap<u32, f64> = BTreeMap::new();
    for context in &contexts {
        for &word in context.keys() {
            *spread.entry(word).or_default() += 1.0;
        }
    }
    let weighed: Vec<BTreeMap<u32, f64>> = contexts
        .iter()
        .map(|context| {
            let mut weighed: BTreeMap<u32, f64> = context
                .iter()
                // A word beside every item tells nothing; one beside a single account is noise.
                .filter(|&(_, &accounts)| accounts >= 2.0)
                .map(|(&word, &accounts)| {
                    (
                        word,
                        ln(1.0 + accounts) * ln(items.len() as f64 / spread[&word] + 1e-9).max(0.0),
                    )
                })
                .collect();
            let length = sqrt(weighed.values().map(|weight| weight * weight).sum());
            if length > 0.0 {
                for weight in weighed.values_mut() {
                    *weight /= length;
                }
            }
            weighed
        })
        .collect();
    let likeness = |a: usize, b: usize| -> f64 {
        weighed[a]
            .iter()
            .filter_map(|(word, weight)| weighed[b].get(word).map(|other| weight * other))
            .sum()
    };
    let nearest = |of: usize| {
        (0..items.len())
            .filter(|&other| items[other].1 != items[of].1)
            .map(|other| (likeness(of, other), other))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
    };
    let mut pairs: Vec<Pair> = (0..items.len())
        .filter(|&a| !items[a].1)
        .filter_map(|a| {
            let (likeness, b) = nearest(a)?;
            let (_, back) = nearest(b)?;
            (back == a && likeness >= LIKENESS).then_some(Pair {
                a: items[a].0,
                b: items[b].0,
                likeness,
            })
        })
        .collect();
    pairs.sort_by(|x, y| {
        y.likeness
            .total_cmp(&x.likeness)
            .then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    pairs
}

#[cfg(test)]
mod tests {
    use super::super::uses::Use;
    use super::*;

    #[test]
    fn slogans_of_two_sides_meet_in_their_context() {
        // Items 0 and 1 stand among words 10 and 11, item 2 among 20 and 21; 0 leans to A, the others to B.
        let mut uses = Vec::new();
        for item in 0..3u32 {
            for account in 0..4u32 {
                let account = account + 4 * item;
                uses.push(Use {
                    item,
                    account,
                    post: account,
                });
            }
        }
        let uses = Uses::new(["a", "b", "c"].map(str::to_owned).to_vec(), uses, 1);
        let beside = |item: u32, _: u32| if item < 2 { vec![10, 11] } else { vec![20, 21] };
        let found = pairs(&[(0, false), (1, true), (2, true)], &uses, beside);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].a, found[0].b), (0, 1));
        assert!(found[0].likeness > 0.99);
    }
}
