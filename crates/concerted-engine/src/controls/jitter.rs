//! Times jittered: when it was shared is chance, who shared what stays.

use crate::rng::Rng;
use crate::share::{Corpus, Share};

/// The shares of a corpus with every message moved by up to `span_h` hours either way, in the order of
/// the new times.
pub(super) fn jittered(corpus: &Corpus, span_h: i64, seed: u64, copy: u64) -> Vec<Share> {
    let mut rng = Rng::stream(seed, copy);
    let steps = span_h * 3_600_000 / corpus.resolution.max(1);
    // Moves are whole steps of the clock, so that a copy is as coarse as the corpus.
    let moves: Vec<i64> = corpus
        .message
        .iter()
        .map(|_| rng.within(steps) * corpus.resolution.max(1))
        .collect();
    let mut shares: Vec<Share> = corpus
        .shares
        .iter()
        .map(|share| Share {
            time: share.time + moves[corpus.message[share.post as usize] as usize],
            ..*share
        })
        .collect();
    shares.sort_by_key(|share| share.time);
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_moves_as_one_and_not_too_far() {
        let mut corpus = Corpus {
            resolution: 1_000,
            ..Corpus::default()
        };
        for post in 0..200u32 {
            corpus.message.push(post - post % 2);
            corpus.shares.push(Share {
                time: 1_000_000,
                account: post,
                object: 0,
                post,
            });
        }
        let moved = jittered(&corpus, 1, 3, 0);
        assert!(moved.windows(2).all(|pair| pair[0].time <= pair[1].time));
        assert!(moved.iter().all(|share| (share.time - 1_000_000).abs() <= 3_600_000 && share.time % 1_000 == 0));
        let time = |post: u32| {
            moved
                .iter()
                .find(|share| share.post == post)
                .map(|share| share.time)
        };
        assert!((0..100).all(|pair| time(2 * pair) == time(2 * pair + 1)));
        assert!(
            (0..200)
                .map(time)
                .collect::<std::collections::BTreeSet<_>>()
                .len()
                > 50
        );
    }
}
