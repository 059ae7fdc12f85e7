//! The toy stream of the specification, and what the machine promises about any stream.

use super::*;

/// `t,account,object` in seconds, with letters for objects.
const TOY: &str =
    "0,1,X 10,2,X 20,3,X 1000,1,Y 1010,2,Y 1020,9,Y 1030,3,Y 5000,2,Z 5010,1,Z 5020,3,Z 5030,9,Z";

fn shares(rows: &str) -> Vec<(Millis, u32, u32)> {
    rows.split_whitespace()
        .map(|row| {
            let mut cells = row.split(',');
            let mut next = || cells.next().unwrap();
            let (time, account, object) = (next(), next(), next());
            (
                time.parse::<i64>().unwrap() * SECOND,
                account.parse().unwrap(),
                u32::from(object.as_bytes()[0]),
            )
        })
        .collect()
}

fn machine(scales_s: &[i64]) -> GroupEProcess {
    GroupEProcess::new(&SequentialPlan {
        scales_s: scales_s.to_vec(),
        ..SequentialPlan::default()
    })
}

/// Every bet of one candidate: (time in s, hits, trials, pi, ln E).
fn bets(
    machine: &mut GroupEProcess,
    rows: &[(Millis, u32, u32)],
    candidate: u64,
) -> Vec<(i64, u32, u32, f64, f64)> {
    let mut bets = Vec::new();
    for &(time, account, object) in rows {
        machine.push(time, account, object, |bet| {
            if bet.candidate == candidate {
                bets.push((bet.time / SECOND, bet.hits, bet.trials, bet.pi, bet.ln_e));
            }
        });
    }
    bets
}

#[test]
fn the_toy_stream_step_by_step() {
    let expected = [
        (1_010, 1, 1, 0.074_04, 1.910),
        (1_030, 2, 3, 0.089_25, 2.535),
        (5_010, 3, 4, 0.137_58, 4.007),
        (5_020, 4, 5, 0.152_21, 5.484),
        (5_030, 5, 6, 0.166_34, 6.942),
    ];
    let found = bets(&mut machine(&[60]), &shares(TOY), 0);
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(
            (found.0, found.1, found.2),
            (expected.0, expected.1, expected.2)
        );
        assert!(
            (found.3 - expected.3).abs() < 5e-6,
            "{found:?} {expected:?}"
        );
        assert!(
            (found.4 - expected.4).abs() < 5e-4,
            "{found:?} {expected:?}"
        );
    }
}

#[test]
fn two_objects_of_one_post_prime_nothing_and_win_once() {
    // Both objects of each post come in the same second: no bet may rest on the second one.
    let post = |time: i64, account: u32, a: char, b: char| {
        format!("{time},{account},{a} {time},{account},{b} ")
    };
    let rows = [
        post(0, 1, 'A', 'B'),
        post(5, 2, 'A', 'B'),
        post(9, 3, 'A', 'B'),
    ]
    .concat();
    assert!(bets(&mut machine(&[60]), &shares(&rows), 0).is_empty());
    let later = [
        post(1_000, 1, 'C', 'D'),
        post(1_005, 2, 'C', 'D'),
        post(1_009, 3, 'C', 'D'),
    ]
    .concat();
    let found = bets(&mut machine(&[60]), &shares(&format!("{rows}{later}")), 0);
    assert_eq!(
        found.iter().map(|bet| (bet.1, bet.2)).collect::<Vec<_>>(),
        [(1, 1), (2, 2)],
        "{found:?}"
    );
}

#[test]
fn the_same_object_a_day_later_primes_nothing() {
    assert!(
        bets(
            &mut machine(&[60]),
            &shares("0,1,X 10,2,X 20,3,X 86400,1,X 86410,2,X 86420,3,X"),
            0
        )
        .is_empty()
    );
}

#[test]
fn a_repeat_by_a_member_changes_nothing() {
    let plain = bets(&mut machine(&[60]), &shares(TOY), 0);
    let repeated = TOY
        .replace("20,3,X", "20,3,X 25,1,X")
        .replace("1020,9,Y", "1015,2,Y 1020,9,Y");
    assert_eq!(bets(&mut machine(&[60]), &shares(&repeated), 0), plain);
}

#[test]
fn alarms_of_a_beginning_are_a_beginning_of_the_alarms() {
    let rows = stream(4_000);
    let alarms = |rows: &[(Millis, u32, u32)]| {
        let mut machine = machine(&[10, 60, 300]);
        let mut alarms = Vec::new();
        for &(time, account, object) in rows {
            machine.push(time, account, object, |bet| {
                if bet.alarm {
                    alarms.push((
                        bet.time,
                        bet.scale,
                        bet.candidate,
                        bet.hits,
                        bet.trials,
                        bet.core.to_vec(),
                    ));
                }
            });
        }
        assert!(machine.budget_spent() <= 1.0, "{}", machine.budget_spent());
        alarms
    };
    let all = alarms(&rows);
    assert!(all.len() > 3, "the planted group is found");
    for cut in [500, 1_800, 3_333] {
        let part = alarms(&rows[..cut]);
        assert_eq!(part[..], all[..part.len()]);
    }
}

#[test]
fn a_stored_machine_goes_on_as_if_nothing_had_been() {
    let rows = stream(3_000);
    let run = |stop: Option<usize>| {
        let mut machine = machine(&[60, 300]);
        let mut bets = Vec::new();
        for (place, &(time, account, object)) in rows.iter().enumerate() {
            if stop == Some(place) {
                let stored = serde_json::to_string(&machine).unwrap();
                machine = serde_json::from_str(&stored).unwrap();
            }
            machine.push(time, account, object, |bet| {
                bets.push((bet.time, bet.candidate, bet.hits, bet.ln_e.to_bits()));
            });
        }
        bets
    };
    let plain = run(None);
    assert!(plain.len() > 20);
    for stop in [1, 700, 2_111] {
        assert!(run(Some(stop)) == plain, "stored after {stop} shares");
    }
}

#[test]
fn what_is_held_stays_within_the_plan() {
    let plan = SequentialPlan {
        scales_s: vec![60],
        max_bursts: 50,
        ..SequentialPlan::default()
    };
    let mut machine = GroupEProcess::new(&plan);
    for (time, account, object) in stream(20_000) {
        machine.push(time, account, object, |_| {});
    }
    let held = machine.held();
    let (bursts, members) = (held.bursts, held.places);
    assert!(
        bursts <= 51 && members <= 51 * (plan.burst_cap + plan.extension_max),
        "{bursts} {members}"
    );
}

/// A stream of strangers with five accounts that share twelve things together.
fn stream(count: u32) -> Vec<(Millis, u32, u32)> {
    let mut rng = crate::rng::Rng::stream(11, 0);
    let mut draw = |bound: u64| u32::try_from(rng.below(bound)).unwrap();
    let mut rows: Vec<(Millis, u32, u32)> = (0..count)
        .map(|_| {
            (
                i64::from(draw(200_000)) * SECOND,
                100 + draw(900),
                draw(300),
            )
        })
        .collect();
    for action in 0..12 {
        for member in 0..5 {
            rows.push((
                (5_000 + i64::from(action) * 15_000 + i64::from(member) * 7) * SECOND,
                member,
                1_000 + action,
            ));
        }
    }
    rows.sort_unstable();
    rows
}

mod laws {
    use super::super::reference;
    use super::*;
    use proptest::prelude::*;

    /// Small worlds, in which everything meets everything: extensions, rings that are full, bursts that
    /// are, and actions that overlap.
    fn worlds() -> impl Strategy<Value = Vec<(Millis, u32, u32)>> {
        let share = (0_i64..6_000, 0_u32..14, 0_u32..40);
        prop::collection::vec(share, 0..260).prop_map(|mut shares| {
            for share in &mut shares {
                share.0 *= SECOND;
            }
            shares.sort_unstable();
            shares
        })
    }

    fn small(tau_s: i64) -> SequentialPlan {
        SequentialPlan {
            scales_s: vec![tau_s],
            ring: 6,
            burst_cap: 5,
            extension_max: 4,
            ..SequentialPlan::default()
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        /// Stream equals batch: the machine, share by share, and the definitions, over everything.
        #[test]
        fn the_machine_does_what_the_definitions_say(shares in worlds(), tau_s in prop::sample::select(vec![10, 60, 300])) {
            let plan = small(tau_s);
            let expected = reference::bets(&plan, tau_s, &shares);
            let mut machine = GroupEProcess::new(&plan);
            let mut found = Vec::new();
            for &(time, account, object) in &shares {
                machine.push(time, account, object, |bet| {
                    found.push((bet.time, bet.candidate, bet.hits, bet.trials, bet.ln_e, bet.core.to_vec()));
                });
            }
            prop_assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(&expected) {
                prop_assert_eq!((found.0, found.1, found.2, found.3, &found.5), (expected.0, expected.1, expected.2, expected.3, &expected.5));
                prop_assert!((found.4 - expected.4).abs() < 1e-6, "{:?} {:?}", found, expected);
            }
            prop_assert!(machine.budget_spent() <= 1.0 + 1e-9);
        }

        /// Forgetting is part of the definition: stored, restored and under pressure the machine is the same.
        #[test]
        fn a_machine_under_pressure_is_the_same_after_a_restart(shares in worlds(), cut in 0_usize..260) {
            let run = |stop: Option<usize>| {
                let mut machine = GroupEProcess::new(&small(300));
                machine.released();
                let mut bets = Vec::new();
                for (place, &(time, account, object)) in shares.iter().enumerate() {
                    if stop == Some(place) {
                        let stored = serde_json::to_string(&machine).unwrap();
                        machine = serde_json::from_str(&stored).unwrap();
                    }
                    machine.push(time, account, object, |bet| {
                        bets.push((bet.time, bet.candidate, bet.hits, bet.ln_e.to_bits()));
                    });
                    while machine.held().bytes > 6_000 && machine.shed() {}
                    machine.released();
                }
                bets
            };
            prop_assert_eq!(run(Some(cut)), run(None));
        }
    }
}
