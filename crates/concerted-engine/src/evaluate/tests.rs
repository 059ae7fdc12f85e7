//! Figures worked out by hand, and some beside scikit-learn.

use super::*;

fn named(rows: &[(&str, &str, f64)]) -> Vec<Named> {
    rows.iter()
        .map(|(account, group, score)| Named {
            account: (*account).into(),
            group: (*group).into(),
            core: true,
            score: *score,
            ..Named::default()
        })
        .collect()
}

fn known(rows: &[(&str, &str)]) -> Vec<Known> {
    rows.iter()
        .map(|(account, group)| Known {
            account: (*account).into(),
            group: (*group).into(),
            role: "member".into(),
            label: "campaign".into(),
            sought: true,
        })
        .collect()
}

fn scores(named: &[Named], known: &[Known], weights: &[(&str, u64)]) -> Scores {
    let weights = weights
        .iter()
        .map(|&(account, posts)| (account.to_owned(), posts))
        .collect();
    evaluate(named, known, &weights, &EvaluationPlan::default()).scores
}

fn close(found: Option<f64>, want: f64) {
    let found = found.unwrap_or(f64::NAN);
    assert!((found - want).abs() < 1e-12, "{found} and not {want}");
}

#[test]
fn accounts_are_counted_and_those_left_alone_are_not() {
    // Named: a, b, x. Sought: a, b, c, d. Two hits, one false alarm, two missed. scikit-learn 1.9.1,
    // precision_recall_fscore_support([1,1,1,1,0], [1,1,0,0,1], average="binary") gives the same first
    // three, and .75 as precision with sample_weight=[10, 5, 99, 1, 5].
    let found = named(&[("a", "g1", 9.0), ("b", "g1", 9.0), ("x", "g1", 9.0)]);
    let truth = known(&[("a", "p"), ("b", "p"), ("c", "p"), ("d", "q")]);
    let scores = scores(&found, &truth, &[("a", 10), ("b", 5), ("x", 5), ("c", 99)]);
    close(scores.precision, 2.0 / 3.0);
    close(scores.recall, 0.5);
    close(scores.f1, 4.0 / 7.0);
    close(scores.weighted_precision, 0.75);
    // Pairs named: ab, ax, bx; known: ab, ac, bc; both: ab.
    close(scores.pair_precision, 1.0 / 3.0);
    close(scores.pair_recall, 1.0 / 3.0);
    // B-cubed precision: a and b 2/3 each, x 0: 4/9. Recall: a and b 2/3 each, c and d 0: 1/3.
    close(scores.b_cubed_precision, 4.0 / 9.0);
    close(scores.b_cubed_recall, 1.0 / 3.0);
    close(scores.b_cubed_f1, 2.0 * (4.0 / 27.0) / (7.0 / 9.0));
}

#[test]
fn two_clusterings_of_the_same_accounts_agree_with_scikit_learn() {
    // Known 0,0,0,1,1,2,2,2,2 and named 0,0,1,1,1,2,2,0,2.
    // scikit-learn 1.9.1, sklearn.metrics.cluster.pair_confusion_matrix(known, named):
    // [[44, 8], [10, 10]], which counts each pair twice: 10 in both, 18 named, 20 known.
    let groups = |labels: [usize; 9]| -> Vec<(String, String)> {
        (0..9)
            .map(|i| (format!("a{i}"), labels[i].to_string()))
            .collect()
    };
    let (truth, found) = (
        groups([0, 0, 0, 1, 1, 2, 2, 2, 2]),
        groups([0, 0, 1, 1, 1, 2, 2, 0, 2]),
    );
    let truth: Vec<(&str, &str)> = truth.iter().map(|(a, g)| (&**a, &**g)).collect();
    let found: Vec<(&str, &str, f64)> = found.iter().map(|(a, g)| (&**a, &**g, 1.0)).collect();
    let scores = scores(&named(&found), &known(&truth), &[]);
    close(scores.pair_precision, 10.0 / 18.0);
    close(scores.pair_recall, 10.0 / 20.0);
    // By hand: the overlaps of (known, named) are 00: 2, 01: 1, 11: 2, 20: 1, 22: 3. Precision is
    // (4/3 + 1/3 + 4/3 + 1/3 + 9/3) / 9, recall (4/3 + 1/3 + 4/2 + 1/4 + 9/4) / 9.
    close(scores.b_cubed_precision, (19.0 / 3.0) / 9.0);
    close(scores.b_cubed_recall, (5.0 / 3.0 + 2.0 + 2.5) / 9.0);
    close(scores.precision, 1.0);
    assert_eq!(scores.weighted_precision, None);
}

#[test]
fn an_account_in_two_groups_is_together_with_both() {
    let found = named(&[
        ("a", "g", 1.0),
        ("b", "g", 1.0),
        ("b", "h", 1.0),
        ("c", "h", 1.0),
    ]);
    let truth = known(&[("a", "p"), ("b", "p"), ("c", "p")]);
    let scores = scores(&found, &truth, &[]);
    // Pairs named ab, bc of the three known.
    close(scores.pair_precision, 1.0);
    close(scores.pair_recall, 2.0 / 3.0);
    // a: 2 of 3, b: 3 of 3, c: 2 of 3.
    close(scores.b_cubed_recall, 7.0 / 9.0);
}

#[test]
fn nothing_is_said_where_there_is_nothing_to_divide_by() {
    let nothing = scores(&[], &[], &[]);
    assert!(nothing.list().iter().all(|(_, value)| value.is_none()));
    let missed = scores(&[], &known(&[("a", "p")]), &[]);
    assert_eq!(
        (missed.precision, missed.recall, missed.f1),
        (None, Some(0.0), None)
    );
    let alarm = scores(&named(&[("x", "g", 1.0)]), &[], &[]);
    assert_eq!((alarm.precision, alarm.recall), (Some(0.0), None));
}

#[test]
fn recall_is_told_at_fixed_false_alarms() {
    // By falling score: a b | x c | y z d.
    let found = named(&[
        ("a", "1", 9.0),
        ("b", "1", 9.0),
        ("x", "2", 7.0),
        ("c", "2", 7.0),
        ("y", "3", 3.0),
        ("z", "3", 3.0),
        ("d", "3", 3.0),
    ]);
    let truth = known(&[("a", "p"), ("b", "p"), ("c", "p"), ("d", "p"), ("e", "p")]);
    let plan = EvaluationPlan {
        false_alarms: vec![0, 1, 2, 3],
        ..EvaluationPlan::default()
    };
    let evaluation = evaluate(&found, &truth, &BTreeMap::new(), &plan);
    assert_eq!(
        evaluation.recall_at,
        [(0, 0.4), (1, 0.6), (2, 0.6), (3, 0.8)]
    );
}

#[test]
fn groups_roles_labels_and_readings_are_counted() {
    let mut found = named(&[
        ("a", "1", 9.0),
        ("b", "1", 9.0),
        ("x", "2", 7.0),
        ("y", "2", 7.0),
    ]);
    found[2].looks_like = vec!["audience".into(), "standing".into()];
    found[3].looks_like = found[2].looks_like.clone();
    let mut truth = known(&[("a", "p"), ("b", "p"), ("c", "p"), ("d", "q"), ("e", "q")]);
    truth[0].role = "source".into();
    truth.push(Known {
        account: "x".into(),
        group: "fans".into(),
        role: "fan".into(),
        label: "fandom".into(),
        sought: false,
    });
    let evaluation = evaluate(&found, &truth, &BTreeMap::new(), &EvaluationPlan::default());
    // p has two of three members in one named group, q none. Group 1 is right, group 2 is nobody's.
    assert_eq!(
        (evaluation.groups_found, evaluation.groups_right),
        ((2, 1), (2, 1))
    );
    let tell = |parts: &[Part]| {
        parts
            .iter()
            .map(|part| format!("{} {}/{}", part.name, part.part, part.of))
            .collect::<Vec<_>>()
    };
    assert_eq!(tell(&evaluation.roles), ["member 1/4", "source 1/1"]);
    assert_eq!(tell(&evaluation.labels), ["campaign 2/5", "fandom 1/1"]);
    assert_eq!(tell(&evaluation.readings), ["audience 0/2", "none 2/2"]);
}

#[test]
fn intervals_come_of_blocks_and_repeat() {
    // Ten groups of four; six are found whole, four not at all.
    let (mut found, mut truth) = (Vec::new(), Vec::new());
    for group in 0..10 {
        for member in 0..4 {
            let account = format!("a{group}-{member}");
            if group < 6 {
                found.extend(named(&[(&account, &group.to_string(), 5.0)]));
            }
            truth.extend(known(&[(&account, &group.to_string())]));
        }
    }
    let evaluation = evaluate(&found, &truth, &BTreeMap::new(), &EvaluationPlan::default());
    assert_eq!(evaluation.blocks, 10);
    close(evaluation.scores.recall, 0.6);
    let [low, high] = evaluation.intervals.unwrap();
    // A binomial share of ten draws at .6 lies in .3 to .9 in 95 of 100 cases; forty independent accounts
    // would claim .45 to .75.
    close(low.recall, 0.3);
    close(high.recall, 0.9);
    close(low.precision, 1.0);
    let again = evaluate(&found, &truth, &BTreeMap::new(), &EvaluationPlan::default());
    assert_eq!(evaluation, again);
    found.reverse();
    truth.reverse();
    let turned = evaluate(&found, &truth, &BTreeMap::new(), &EvaluationPlan::default());
    assert_eq!(evaluation, turned, "the order of rows changes nothing");
}
