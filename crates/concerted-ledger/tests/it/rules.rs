//! Each of the ten rules, broken once: the record is named, the rule, and what would satisfy it.

use crate::sample::{NOW, agent, assessment, pledge, records, statement, step};
use concerted_ledger::ledger::{Ledger, LedgerError};
use concerted_ledger::record::{Assessment, CriterionAnswer, Record, Relation, Scope, Statement};
use concerted_ledger::words::{
    Act, AgentKind, Answer, Credibility, Directness, RelationType, Reliability, Role, StepForm,
};

fn append(records: Vec<Record>) -> Result<(), LedgerError> {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(&folder.path().join("ledger.jsonl")).unwrap();
    ledger.append(crate::sample::records(), "a tester", NOW.parse().unwrap())?;
    let before = std::fs::read(folder.path().join("ledger.jsonl")).unwrap();
    let done = ledger.append(records, "a tester", NOW.parse().unwrap());
    if done.is_err() {
        let after = std::fs::read(folder.path().join("ledger.jsonl")).unwrap();
        assert!(before == after, "a refused record left a trace");
    }
    done.map(|_| ())
}

/// The first rule that `records` break, with its words; panics if they break none.
fn broken(records: Vec<Record>) -> (u8, String) {
    match append(records) {
        Err(LedgerError::Rules(broken)) => {
            let first = &broken[0];
            let text = first.to_string();
            assert!(
                !first.record.is_empty() && !first.needs.is_empty(),
                "{text}"
            );
            assert!(text.starts_with(&first.record), "{text}");
            (first.rule, text)
        }
        other => panic!("no rule was broken: {other:?}"),
    }
}

fn said(change: impl FnOnce(&mut Statement)) -> Vec<Record> {
    let mut it = statement("new", Act::Allege);
    change(&mut it);
    vec![Record::Statement(it)]
}

fn assessed(change: impl FnOnce(&mut Assessment)) -> Vec<Record> {
    let mut it = assessment("judged");
    change(&mut it);
    vec![Record::Assessment(it)]
}

fn rule(records: Vec<Record>) -> u8 {
    broken(records).0
}

#[test]
fn what_keeps_every_rule_is_taken_in() {
    append(said(|_| ())).unwrap();
    append(assessed(|_| ())).unwrap();
    append(
        records()
            .into_iter()
            .take(1)
            .map(|_| agent("other", "Another", AgentKind::Office))
            .collect(),
    )
    .unwrap();
}

#[test]
fn rule_1_nothing_is_changed() {
    let (number, text) = broken(said(|it| it.id = "claim".into()));
    assert_eq!(number, 1);
    assert!(text.contains("supersedes"), "{text}");
    assert_eq!(rule(said(|it| it.supersedes = Some("nobody".into()))), 1);
    assert_eq!(rule(said(|it| it.supersedes = Some("paper".into()))), 1);
    assert_eq!(rule(said(|it| it.about = vec!["nothing".into()])), 1);
    let mut two = said(|it| it.supersedes = Some("claim".into()));
    two.extend(said(|it| {
        it.id = "newer".into();
        it.supersedes = Some("claim".into());
    }));
    let (number, text) = broken(two);
    assert_eq!(number, 1);
    assert!(text.contains("supersede `new`"), "{text}");
    append(said(|it| it.supersedes = Some("claim".into()))).unwrap();
}

#[test]
fn rule_2_document_and_chain() {
    assert_eq!(rule(said(|it| it.documents.clear())), 2);
    assert_eq!(rule(said(|it| it.documents = vec!["paper".into()])), 2);
    assert_eq!(rule(said(|it| it.attribution_chain.clear())), 2);
}

#[test]
fn rule_3_kept_apart() {
    assert_eq!(
        rule(said(|it| it.attribution_chain[0].agent = "sources".into())),
        3
    );
    assert_eq!(rule(said(|it| it.attribution_chain.truncate(1))), 3);
    assert_eq!(
        rule(said(|it| it.attribution_chain[1].agent = "minister".into())),
        3
    );
    assert_eq!(
        rule(said(|it| it.attribution_chain.push(step(
            Role::Source,
            "paper",
            StepForm::Anonymous
        )))),
        3
    );
    append(said(|it| {
        it.attribution_chain[1].agent = "minister".into();
        it.directness = Directness::OnRecordDirect;
    }))
    .unwrap();
}

#[test]
fn rule_4_definition_alternative_gap_and_a_person() {
    assert_eq!(
        rule(assessed(|it| it.definition = "speaker_undefined".into())),
        4
    );
    assert_eq!(rule(assessed(|it| it.alternatives.clear())), 4);
    let (number, text) = broken(assessed(|it| it.gaps.clear()));
    assert_eq!(number, 4);
    assert!(text.contains("judged") && text.contains("gaps"), "{text}");
    let answer = |by: Option<&str>| {
        let mut answer = CriterionAnswer::new("foreign-actor".into(), Answer::Met);
        answer.because = vec!["claim".into()];
        answer.by = by.map(Into::into);
        assessed(|it| it.criteria = vec![answer])
    };
    assert_eq!(rule(answer(None)), 4);
    assert_eq!(rule(answer(Some("paper"))), 4);
    append(answer(Some("minister"))).unwrap();
}

#[test]
fn rule_5_likelihood_and_confidence() {
    assert_eq!(
        rule(assessed(
            |it| it.text = "It is likely, with low confidence.".into()
        )),
        5
    );
    append(assessed(|it| {
        it.text = "It is likely. Confidence is low.".into();
    }))
    .unwrap();
}

#[test]
fn rule_6_denials() {
    assert_eq!(rule(said(|it| it.act = Act::Deny)), 6);
    assert_eq!(
        rule(said(|it| {
            it.act = Act::RejectFraming;
            it.about = vec!["paper".into()];
        })),
        6
    );
    assert_eq!(
        rule(assessed(|it| {
            it.evidence_for.clear();
            it.evidence_against = vec!["denial".into()];
        })),
        6
    );
    let relation = |from: &str| {
        vec![Record::Relation(Relation::new(
            "stance".into(),
            from.into(),
            RelationType::Denies,
            "claim".into(),
        ))]
    };
    assert_eq!(rule(relation("claim")), 6);
    append(relation("denial")).unwrap();
}

#[test]
fn rule_7_scope() {
    let report = |election: &str| {
        let mut it = statement("report", Act::ReportEvidence);
        let mut scope = Scope::new();
        scope.elections = vec![election.into()];
        it.scope = Some(scope);
        Record::Statement(it)
    };
    let weigh = |report: Record, context: bool| {
        let mut it = assessment("judged");
        let list = if context {
            &mut it.context_only
        } else {
            &mut it.evidence_for
        };
        list.push("report".into());
        vec![report, Record::Assessment(it)]
    };
    let (number, text) = broken(weigh(report("parliament-2031"), false));
    assert_eq!(number, 7);
    assert!(text.contains("context_only"), "{text}");
    append(weigh(report("parliament-2031"), true)).unwrap();
    append(weigh(report("president-2031"), false)).unwrap();

    let declared = Relation::new(
        "apart".into(),
        "report".into(),
        RelationType::OutOfScopeOf,
        "pledge".into(),
    );
    let mut records = weigh(report("president-2031"), false);
    records.insert(1, Record::Relation(declared));
    assert_eq!(rule(records), 7);
}

#[test]
fn rule_8_two_clocks() {
    assert_eq!(rule(said(|it| it.said_on = None)), 8);
    append(said(|it| {
        it.said_on = None;
        it.said_on_precision = Some("undated".into());
    }))
    .unwrap();
    assert_eq!(rule(said(|it| it.published_on = None)), 8);
    assert_eq!(
        rule(said(|it| it.said_on = Some("2031-05-01".parse().unwrap()))),
        8
    );
    assert_eq!(
        rule(said(
            |it| it.published_on = Some("2031-12-01".parse().unwrap())
        )),
        8
    );
    assert_eq!(
        rule(assessed(|it| it.as_of = "2031-01-01".parse().unwrap())),
        8
    );
}

#[test]
fn rule_9_grades() {
    let graded = |id: &str, letter, number| {
        let mut it = statement(id, Act::Allege);
        it.source_reliability = Some(letter);
        it.information_credibility = number;
        Record::Statement(it)
    };
    assert_eq!(rule(vec![graded("one", Reliability::B, None)]), 9);
    let two = |letter| {
        vec![
            graded("one", Reliability::B, Some(Credibility::Two)),
            graded("two", letter, Some(Credibility::Five)),
        ]
    };
    let (number, text) = broken(two(Reliability::C));
    assert_eq!(number, 9);
    assert!(
        text.contains("two") && text.contains("`one` graded it B"),
        "{text}"
    );
    append(two(Reliability::B)).unwrap();
}

#[test]
fn rule_10_according_to() {
    assert_eq!(
        rule(said(|it| {
            it.attribution_chain
                .push(step(Role::Republisher, "nobody", StepForm::Copy));
        })),
        10
    );
    assert_eq!(rule(vec![agent("blank", " ", AgentKind::Person)]), 10);
    assert_eq!(rule(said(|it| it.definition = Some("my own".into()))), 10);
}

#[test]
fn a_commitment_has_a_pledge_and_a_statement_has_none() {
    assert_eq!(rule(vec![Record::Statement(pledge("new"))]), 1);
    assert_eq!(
        rule(vec![Record::Commitment(statement("new", Act::Commit))]),
        1
    );
}
