//! One group or two? The union penalty glues groups together; here they come apart again.
//!
//! Members are tied by the runs they share (`w_ij`, the sum over joint runs of `1/(m_run` - 1), by the
//! geometric mean of their totals) and merged by average linkage until two parts are left. The cut
//! stands if the two explain more than the whole, without any penalty for the number of accounts.

use super::members::GROUP_MIN;
use super::score::Scorer;

/// S3: the parts of a group.
pub fn split(scorer: &mut Scorer<'_>, group: Vec<u32>) -> Vec<Vec<u32>> {
    let mut parts = Vec::new();
    let mut open = vec![group];
    while let Some(group) = open.pop() {
        if group.len() < 2 * GROUP_MIN {
            parts.push(group);
            continue;
        }
        let whole = scorer.score(&group);
        let (a, b) = two_parts(&ties(scorer, &group, whole.best), &group);
        let (ln_a, ln_b) = (scorer.score(&a).ln_e, scorer.score(&b).ln_e);
        if a.len() >= GROUP_MIN && b.len() >= GROUP_MIN {
            if ln_a + ln_b > whole.ln_e {
                // The first part is taken up again first, so that the order of parts is theirs.
                open.push(b);
                open.push(a);
            } else {
                parts.push(group);
            }
        } else {
            // A side that is too small goes if the other alone beats the whole.
            let (large, ln_large) = if a.len() < GROUP_MIN {
                (b, ln_b)
            } else {
                (a, ln_a)
            };
            if ln_large > whole.ln_e {
                open.push(large);
            } else {
                parts.push(group);
            }
        }
    }
    parts
}

/// Normalised ties between the members, as a full matrix.
fn ties(scorer: &mut Scorer<'_>, group: &[u32], scale: usize) -> Vec<f64> {
    let size = group.len();
    let mut ties = vec![0.0; size * size];
    let (runs, slots) = scorer.runs(group, scale);
    let traces = scorer.traces();
    let mut places = Vec::new();
    for run in runs.iter().filter(|run| run.members() >= 2) {
        places.clear();
        let own = &slots[run.from as usize..run.to as usize];
        places.extend(own.iter().map(|&slot| {
            group
                .binary_search(&traces.account[slot as usize])
                .expect("a slot of the group is a member's")
        }));
        let weight = 1.0 / f64::from(run.members() - 1);
        for &i in &places {
            for &j in &places {
                if i != j {
                    ties[i * size + j] += weight;
                }
            }
        }
    }
    let degree: Vec<f64> = (0..size)
        .map(|i| ties[i * size..(i + 1) * size].iter().sum::<f64>().max(1e-9))
        .collect();
    for i in 0..size {
        for j in 0..size {
            ties[i * size + j] /= (degree[i] * degree[j]).sqrt();
        }
    }
    ties
}

/// Average linkage down to two clusters. Similarities between clusters are updated by their sizes
/// (Lance and Williams 1967); the nearest neighbour of each cluster is kept, so that the usual cost
/// is quadratic.
fn two_parts(ties: &[f64], group: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let size = group.len();
    let mut similarity = ties.to_vec();
    let mut clusters: Vec<Option<Vec<usize>>> = (0..size).map(|i| Some(vec![i])).collect();
    let nearest_of = |similarity: &[f64], clusters: &[Option<Vec<usize>>], i: usize| {
        let mut nearest = (f64::NEG_INFINITY, usize::MAX);
        for j in (0..size).filter(|&j| j != i && clusters[j].is_some()) {
            if similarity[i * size + j] > nearest.0 {
                nearest = (similarity[i * size + j], j);
            }
        }
        nearest
    };
    let mut nearest: Vec<(f64, usize)> = (0..size)
        .map(|i| nearest_of(&similarity, &clusters, i))
        .collect();
    for _ in 2..size {
        let mut best = (f64::NEG_INFINITY, 0);
        for i in (0..size).filter(|&i| clusters[i].is_some()) {
            if nearest[i].0 > best.0 {
                best = (nearest[i].0, i);
            }
        }
        let (keep, gone) = {
            let (i, j) = (best.1, nearest[best.1].1);
            (i.min(j), i.max(j))
        };
        let absorbed = clusters[gone].take().expect("the nearest cluster lives");
        let kept = clusters[keep].as_mut().expect("the best cluster lives");
        let (kept_size, gone_size) = (kept.len() as f64, absorbed.len() as f64);
        kept.extend(absorbed);
        for other in (0..size).filter(|&other| other != keep && clusters[other].is_some()) {
            let mean = (similarity[keep * size + other] * kept_size
                + similarity[gone * size + other] * gone_size)
                / (kept_size + gone_size);
            similarity[keep * size + other] = mean;
            similarity[other * size + keep] = mean;
        }
        for i in 0..size {
            if clusters[i].is_some() && (i == keep || nearest[i].1 == keep || nearest[i].1 == gone)
            {
                nearest[i] = nearest_of(&similarity, &clusters, i);
            } else if clusters[i].is_some() && similarity[i * size + keep] > nearest[i].0 {
                nearest[i] = (similarity[i * size + keep], keep);
            }
        }
    }
    let mut parts = clusters.into_iter().flatten().map(|places| {
        let mut part: Vec<u32> = places.into_iter().map(|place| group[place]).collect();
        part.sort_unstable();
        part
    });
    (
        parts.next().expect("two clusters are left"),
        parts.next().expect("two clusters are left"),
    )
}
