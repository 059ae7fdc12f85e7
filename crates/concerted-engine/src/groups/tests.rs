//! The toy corpora of the specification, and searches on planted and empty streams.

use super::grade::grade;
use super::score::{Scorer, joint_runs};
use super::split::split;
use super::*;
use crate::share::ObjectKind;

const SECOND: i64 = 1_000;

/// A corpus of one stratum at one window: listed shares `(seconds, account, object)` with accounts
/// from 1, and strangers with two solo shares each, `total` shares in all.
fn toy(listed: &[(i64, u32, u32)], total: usize) -> (Corpus, Vec<Share>) {
    let mut rows = listed.to_vec();
    let accounts = listed.iter().map(|row| row.1).max().unwrap();
    let mut stranger = accounts + 1;
    while rows.len() < total {
        for solo in 0..2 {
            rows.push((
                2_000 + i64::from(stranger),
                stranger,
                1_000 + 2 * stranger + solo,
            ));
        }
        stranger += 1;
    }
    rows.truncate(total.max(listed.len()));
    rows.sort_by_key(|row| row.0);
    let objects = rows.iter().map(|row| row.2).max().unwrap();
    let mut corpus = Corpus {
        resolution: SECOND,
        ..Corpus::default()
    };
    for account in 0..=stranger {
        corpus.accounts.code(&account.to_string());
    }
    for _ in 0..=objects {
        corpus.objects.push(0, ObjectKind::Link, "", None, None);
    }
    for (post, &(time, account, object)) in rows.iter().enumerate() {
        let post = u32::try_from(post).unwrap();
        corpus.shares.push(Share {
            time: time * SECOND,
            account,
            object,
            post,
        });
        corpus.message.push(post);
        corpus.platform.push(0);
        corpus.originality.push(None);
    }
    let shares = corpus.shares.clone();
    (corpus, shares)
}

/// Accounts 1, 2, 3 (or others) on objects at 1,000 o + 0/10/20.
fn acts(accounts: [u32; 3], objects: std::ops::RangeInclusive<u32>) -> Vec<(i64, u32, u32)> {
    objects
        .flat_map(|object| {
            (0i64..).zip(accounts).map(move |(place, account)| {
                (1_000 * i64::from(object) + 10 * place, account, object)
            })
        })
        .collect()
}

fn traces(listed: &[(i64, u32, u32)]) -> Traces {
    let (corpus, shares) = toy(listed, 1_000);
    Traces::build(&corpus, &shares, &[60])
}

fn close(found: f64, expected: f64, digits: i32) {
    assert!(
        (found - expected).abs() < 0.5 * 10f64.powi(-digits),
        "{found} is not {expected}"
    );
}

#[test]
fn vector_1_three_accounts_meet_four_times() {
    let traces = traces(&acts([1, 2, 3], 1..=4));
    assert_eq!(traces.active, 497);
    let score = Scorer::new(&traces).score(&[1, 2, 3]);
    close(score.ln_e, 4.0 * 6.066_933, 5);
    close(score.ln_e - score.union_bound, 18.6197, 4);
    close(score.union_bound, 5.65, 2);
    let meetings = Scorer::new(&traces).meetings(&[1, 2, 3], 0);
    assert_eq!((meetings.joint_actions, meetings.repeats), (4, 8));
    close(
        meetings.expected,
        4.0 * (3.0 * 0.012f64.powi(2) * 0.988 + 0.012f64.powi(3)),
        12,
    );
    close(meetings.expected_repeats, 4.0 * 2.0 * 0.012, 12);
}

#[test]
fn vector_2_the_own_tail_of_a_member() {
    let traces = traces(&acts([1, 2, 3], 1..=4));
    let tail = Scorer::new(&traces).own_tails(&[1, 2, 3], 0)[2];
    assert_eq!(tail.joined, 4);
    close(tail.expected, 0.016, 12);
    close(tail.p.value() * 1e9, 2.696, 3);
}

#[test]
fn vector_3_a_bystander_of_one_run_is_dropped() {
    let mut listed = acts([1, 2, 3], 1..=4);
    listed.push((1_030, 4, 1));
    let traces = traces(&listed);
    let mut scorer = Scorer::new(&traces);
    close(scorer.union_bound(&[1, 2, 3]), 4.29, 2);
    close(scorer.union_bound(&[1, 2, 3, 4]), 4.47, 2);
    assert_eq!(
        members::by_leave_one_out(&mut scorer, vec![1, 2, 3, 4]),
        [1, 2, 3, 4],
        "leave-one-out alone keeps it"
    );
    assert_eq!(scorer.own_tails(&[1, 2, 3, 4], 0)[3].joined, 1);
    assert_eq!(
        members::by_own_tail(&mut scorer, vec![1, 2, 3, 4], PROBABLE_RUNS),
        [1, 2, 3]
    );
}

#[test]
fn vector_4_two_groups_come_apart() {
    let listed = [acts([1, 2, 3], 1..=4), acts([5, 6, 7], 11..=14)].concat();
    let traces = traces(&listed);
    let mut scorer = Scorer::new(&traces);
    let both = [1, 2, 3, 5, 6, 7];
    close(
        scorer.score(&[1, 2, 3]).ln_e + scorer.score(&[5, 6, 7]).ln_e,
        48.54,
        2,
    );
    close(scorer.score(&both).ln_e, 41.45, 2);
    close(scorer.union_bound(&both), 7.44, 2);
    close(scorer.union_bound(&[1, 2, 3]), 5.67, 2);
    assert_eq!(
        split(&mut scorer, both.to_vec()),
        [vec![1, 2, 3], vec![5, 6, 7]]
    );
}

#[test]
fn vector_5_meeting_again_hours_later_is_shared_taste() {
    let mut listed = acts([1, 2, 3], 1..=4);
    for (object, pair) in [(21, [1, 2]), (22, [1, 3]), (23, [2, 3])] {
        listed.push((5_000, pair[0], object));
        listed.push((12_200, pair[1], object));
    }
    let traces = traces(&listed);
    let mut scorer = Scorer::new(&traces);
    let score = scorer.score(&[1, 2, 3]);
    close(score.union_bound, 2.43, 2);
    let grade = grade(&mut scorer, &[1, 2, 3], &score, 3.0);
    close(grade.taste, 3.80, 2);
    close(grade.score_net_of_taste, -8.02, 2);
    assert_eq!(grade.interests(), "same interests");
}

#[test]
fn vector_6_an_outsider_hours_later_is_no_taste() {
    let mut listed = acts([1, 2, 3], 1..=4);
    listed.push((5_000, 1, 21));
    listed.push((12_200, 4, 21));
    let traces = traces(&listed);
    let mut scorer = Scorer::new(&traces);
    let score = scorer.score(&[1, 2, 3]);
    close(score.union_bound, 5.02, 2);
    let grade = grade(&mut scorer, &[1, 2, 3], &score, 3.0);
    close(grade.taste, 1.0, 9);
    close(grade.score_net_of_taste, score.union_bound, 9);
}

#[test]
fn a_text_and_its_link_are_one_piece_of_evidence() {
    // The same four acts, each with a link that comes along in the same posts.
    let (mut corpus, _) = toy(&acts([1, 2, 3], 1..=4), 1_000);
    let links: Vec<Share> = corpus
        .shares
        .iter()
        .filter(|share| share.object <= 4)
        .map(|share| Share {
            object: share.object + 20,
            ..*share
        })
        .collect();
    let alone = Traces::build(&corpus, &corpus.shares, &[60]);
    let single = Scorer::new(&alone).score(&[1, 2, 3]).ln_e;
    corpus.shares.extend(links);
    corpus
        .shares
        .sort_by_key(|share| (share.time, share.post, share.object));
    let traces = Traces::build(&corpus, &corpus.shares, &[60]);
    let mut scorer = Scorer::new(&traces);
    let doubled = scorer.score(&[1, 2, 3]).ln_e;
    assert!(
        doubled < single,
        "{doubled} {single}: activity grew and the evidence did not"
    );
    assert!(doubled > 0.7 * single, "{doubled} {single}");
    assert_eq!(scorer.own_tails(&[1, 2, 3], 0)[0].joined, 4);
    let (runs, slots) = scorer.runs(&[1, 2, 3], 0);
    assert_eq!(runs.len(), 8);
    assert_eq!(joint_runs(&traces, &runs, &slots, 0).len(), 4);
}

#[test]
fn nothing_comes_of_nothing() {
    let plan = GroupPlan::for_resolution(SECOND);
    let empty = Corpus::default();
    assert_eq!(find(&empty, &[], &plan), Groups::default());
    let (corpus, shares) = toy(&[(0, 1, 1)], 1);
    assert!(find(&corpus, &shares, &plan).groups.is_empty());
}

#[test]
fn a_planted_group_is_found_by_name_and_strangers_are_not() {
    let mut listed = Vec::new();
    for object in 1..=12 {
        for account in 1..=6u32 {
            if (object + account) % 4 != 0 {
                listed.push((
                    1_500 * i64::from(object) + 7 * i64::from(account),
                    account,
                    object,
                ));
            }
        }
    }
    let (corpus, shares) = toy(&listed, 3_000);
    let found = find(&corpus, &shares, &GroupPlan::for_resolution(SECOND));
    assert_eq!(found.groups.len(), 1, "{found:?}");
    let group = &found.groups[0];
    assert_eq!(group.accounts(), [1, 2, 3, 4, 5, 6]);
    assert!(group.members.iter().all(Member::is_core));
    assert_eq!(group.grade.words(), "joint timing; timed");
}
