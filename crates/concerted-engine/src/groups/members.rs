//! Who belongs? Bystanders leave: first those whose joining chance explains, then those the group is
//! better without.

use super::score::Scorer;
use rayon::prelude::*;

/// An account that joins this many runs of the others is probably a member; one is never enough to
/// be named.
pub const PROBABLE_RUNS: u32 = 2;

/// An account that joins this many runs of the others is at the core.
pub const CORE_RUNS: u32 = 3;

/// ln of the largest own tail of a member.
const LN_OWN_TAIL_MAX: f64 = -2.995_732_273_553_991; // ln .05

/// Fewest accounts of a group.
pub const GROUP_MIN: usize = 3;

/// S2a, own tail: until nothing changes, drops the worse half of the members that join fewer than
/// `runs_min` runs of the others or whose joining chance explains (more than 5 %). Empty if fewer than
/// three stay.
pub fn by_own_tail(scorer: &mut Scorer<'_>, mut group: Vec<u32>, runs_min: u32) -> Vec<u32> {
    loop {
        if group.len() < GROUP_MIN {
            return Vec::new();
        }
        let best = scorer.score(&group).best;
        let tails = scorer.own_tails(&group, best);
        let mut doubtful: Vec<(f64, u32)> = group
            .iter()
            .zip(&tails)
            .filter(|(_, tail)| tail.joined < runs_min || tail.p.ln() > LN_OWN_TAIL_MAX)
            .map(|(&member, tail)| {
                (
                    if tail.joined < runs_min {
                        1.0
                    } else {
                        tail.p.ln()
                    },
                    member,
                )
            })
            .collect();
        if doubtful.is_empty() {
            return group;
        }
        doubtful.sort_by(|a, b| b.0.total_cmp(&a.0));
        doubtful.truncate(doubtful.len().div_ceil(2));
        group.retain(|member| !doubtful.iter().any(|entry| entry.1 == *member));
    }
}

/// S2b, leave-one-out: while the group scores higher without a member, drops the one it is best
/// without. Empty if fewer than three stay.
pub fn by_leave_one_out(scorer: &mut Scorer<'_>, mut group: Vec<u32>) -> Vec<u32> {
    let mut current = scorer.union_bound(&group);
    while group.len() > 2 {
        let without = leave_one_out(scorer, &group);
        let best = without
            .iter()
            .enumerate()
            .filter(|(_, score)| **score > current)
            .fold(None, |best: Option<(usize, f64)>, (place, &score)| {
                if best.is_none_or(|best| score > best.1) {
                    Some((place, score))
                } else {
                    best
                }
            });
        let Some((place, score)) = best else { break };
        group.remove(place);
        current = score;
    }
    if group.len() < GROUP_MIN {
        Vec::new()
    } else {
        group
    }
}

/// `E'` of the group without each of its members.
fn leave_one_out(scorer: &mut Scorer<'_>, group: &[u32]) -> Vec<f64> {
    let without = |scorer: &mut Scorer<'_>, place: usize| {
        let mut rest = group.to_vec();
        rest.remove(place);
        scorer.union_bound(&rest)
    };
    // A small group is scored faster than threads are woken.
    if group.len() < 16 {
        return (0..group.len())
            .map(|place| without(scorer, place))
            .collect();
    }
    (0..group.len())
        .into_par_iter()
        .map_init(|| scorer.clone(), without)
        .collect()
}
