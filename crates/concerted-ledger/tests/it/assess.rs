//! A pledge under all eight definitions: unknown is what stands where nobody answered.

use crate::sample::{NOW, assessment, records};
use concerted_ledger::assess;
use concerted_ledger::ledger::Ledger;
use concerted_ledger::packs;
use concerted_ledger::record::{CriterionAnswer, Record};
use concerted_ledger::words::Answer;

#[test]
fn answers_are_laid_out_and_nothing_is_summed_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(&folder.path().join("ledger.jsonl")).unwrap();
    let mut judged = assessment("judged");
    let mut answer = CriterionAnswer::new("degrade-or-disrupt".into(), Answer::NotMet);
    answer.because = vec!["claim".into()];
    answer.by = Some("minister".into());
    judged.criteria.push(answer);
    let mut all = records();
    all.push(Record::Assessment(judged));
    ledger
        .append(all, "a tester", NOW.parse().unwrap())
        .unwrap();

    let every: Vec<_> = packs::all().iter().collect();
    let grid = assess::grid(ledger.book(), "pledge", &every);
    assert_eq!(grid.packs.len(), 8);
    let answers: Vec<Answer> = grid
        .packs
        .iter()
        .flat_map(|part| part.rows.iter().map(|row| row.answer))
        .collect();
    assert_eq!(
        answers
            .iter()
            .filter(|answer| **answer == Answer::NotMet)
            .count(),
        1
    );
    assert!(
        answers
            .iter()
            .filter(|answer| **answer == Answer::Unknown)
            .count()
            > 15
    );
    for text in [grid.text(), grid.markdown(), grid.html(), grid.json()] {
        assert!(
            text.contains("degrade or disrupt") && text.contains("Ida Norrland"),
            "{text}"
        );
        assert!(text.contains("according to The Harbour Courier"), "{text}");
        assert!(!text.contains("violated"), "{text}");
    }
    assert!(grid.text().contains("only a named person can answer this"));
}
