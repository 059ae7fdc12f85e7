//! How much of what is known was found, and how much of what was found is right? Each figure as a point
//! with the interval of its draws.

use super::scale::Axis;
use super::{Figure, Numbers, WIDE, bar, dot, drawing, label, line, meaning, px};
use concerted_engine::evaluate::{Evaluation, Interval, Part};
use maud::{Markup, PreEscaped, html};

const LEFT: f64 = 190.0;
const RIGHT: f64 = 120.0;
const ROW: f64 = 24.0;
const TOP: f64 = 28.0;

/// One line of the figure.
struct Row {
    name: String,
    value: Option<f64>,
    middle: Option<(f64, f64)>,
    says: String,
}

/// The figure of an evaluation.
pub fn figure(evaluation: &Evaluation, note: &str) -> Figure {
    let tally = &evaluation.tally;
    let title = format!(
        "How well do findings and truth agree? {} of {} accounts sought were named, and {} that are not",
        tally.hits,
        tally.hits + tally.missed,
        tally.false_alarms,
    );
    let rows = rows(evaluation);
    let name = rows
        .iter()
        .map(|row| format!("{}: {}", row.name, two(row.value)))
        .collect::<Vec<_>>()
        .join("; ");
    let height = TOP + ROW * rows.len() as f64 + 6.0;
    Figure {
        id: "evaluation".into(),
        title,
        counted: "Shares from 0 to 1. The interval is the middle 95% of draws of whole groups with replacement. Accounts rightly left alone count for nothing: of many accounts few act in concert, and naming nobody would be right on nearly all.".into(),
        key: vec![
            meaning(&dot(11.0, 6.0, 5.0, "obs"), "the figure"),
            meaning(&bar(2.0, 2.0, 18.0, 8.0, "chance"), "middle 95% of draws"),
        ],
        svg: drawing(WIDE, height, &name, &marks(&rows)),
        numbers: Numbers {
            head: vec!["figure", "value", "from", "to", "of"],
            rows: rows
                .iter()
                .map(|row| {
                    vec![
                        row.name.clone(),
                        two(row.value),
                        two(row.middle.map(|middle| middle.0)),
                        two(row.middle.map(|middle| middle.1)),
                        row.says.clone(),
                    ]
                })
                .collect(),
        },
        note: html! { (note) },
    }
}

/// The picture alone, as a file of its own that any browser opens.
pub fn standalone(figure: &Figure) -> String {
    const STYLE: &str = "text{font-family:Inter,system-ui,sans-serif;font-size:12px;fill:#14191f}.ax{font-size:11px;fill:#48525f}.name{font-weight:600}.mid{text-anchor:middle}.end{text-anchor:end}.grid{stroke:#eef0f3;stroke-width:1}.obs{fill:#1a5f9e}.chance{fill:#dfe3e8;stroke:#8a94a0;stroke-width:1}";
    let drawn = figure.svg.clone().into_string();
    let (open, rest) = drawn.split_once('>').unwrap_or(("<svg", ""));
    let head = html! {
        title { (figure.title) }
        desc { (figure.counted) }
        style { (PreEscaped(STYLE)) }
        rect width="100%" height="100%" fill="#fff" {}
    };
    format!(
        "{} xmlns=\"http://www.w3.org/2000/svg\">{}{rest}\n",
        open,
        head.into_string()
    )
}

fn rows(evaluation: &Evaluation) -> Vec<Row> {
    let mut rows: Vec<Row> = evaluation
        .list()
        .into_iter()
        .map(
            |Interval {
                 name,
                 value,
                 middle,
             }| Row {
                name: name.to_owned(),
                value,
                middle,
                says: String::new(),
            },
        )
        .collect();
    rows.extend(evaluation.recall_at.iter().map(|(alarms, recall)| Row {
        name: format!("recall at {alarms} false alarms"),
        value: Some(*recall),
        middle: None,
        says: String::new(),
    }));
    let part = |kind: &str, part: &Part| Row {
        name: format!("{kind} {}", part.name),
        value: (part.of > 0).then(|| part.part as f64 / part.of as f64),
        middle: None,
        says: format!("{} of {}", part.part, part.of),
    };
    let named = |parts: &'_ [Part]| -> Vec<Part> {
        parts
            .iter()
            .filter(|part| !part.name.is_empty())
            .cloned()
            .collect()
    };
    rows.extend(
        named(&evaluation.roles)
            .iter()
            .map(|role| part("named of role", role)),
    );
    rows.extend(
        named(&evaluation.labels)
            .iter()
            .map(|label| part("named of", label)),
    );
    rows.extend(
        evaluation
            .readings
            .iter()
            .map(|reading| part("right, looks like", reading)),
    );
    rows
}

fn two(value: Option<f64>) -> String {
    value.map_or_else(|| "–".into(), |value| format!("{value:.2}"))
}

fn marks(rows: &[Row]) -> Markup {
    let axis = Axis::linear(0.0, 1.0, LEFT, WIDE - RIGHT);
    let bottom = TOP + ROW * rows.len() as f64;
    html! {
        @for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
            (line((axis.at(tick), TOP - 8.0), (axis.at(tick), bottom), "grid"))
            (label(axis.at(tick), 12.0, "ax mid", &format!("{tick}")))
        }
        @for (place, row) in rows.iter().enumerate() {
            @let y = TOP + ROW * (place as f64 + 0.5);
            (label(0.0, y + 4.0, "name", &row.name))
            @if let Some((low, high)) = row.middle {
                @let (left, right) = (axis.at(low), axis.at(high).max(axis.at(low) + 4.0));
                rect x=(px(left)) y=(px(y - 5.0)) width=(px(right - left)) height="10" rx="4" class="chance" {}
            }
            @if let Some(value) = row.value {
                (dot(axis.at(value), y, 5.0, "obs"))
            }
            (label(WIDE, y + 4.0, "ax end", &format!("{} {}", two(row.value), row.says)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use concerted_engine::evaluate::{EvaluationPlan, Known, Named, evaluate};
    use std::collections::BTreeMap;

    #[test]
    fn the_figure_tells_its_numbers_and_stands_alone() {
        let named: Vec<Named> = ["a", "b", "<x>"]
            .map(|account| Named {
                account: account.into(),
                group: "g1".into(),
                score: 4.0,
                ..Named::default()
            })
            .into();
        let known: Vec<Known> = ["a", "b", "c", "d"]
            .map(|account| Known {
                account: account.into(),
                group: if account == "d" { "q" } else { "p" }.into(),
                role: "<member>".into(),
                label: "campaign".into(),
                sought: true,
            })
            .into();
        let evaluation = evaluate(&named, &known, &BTreeMap::new(), &EvaluationPlan::default());
        let figure = figure(&evaluation, "made for this test");
        assert!(
            figure
                .title
                .contains("2 of 4 accounts sought were named, and 1 that are not")
        );
        let row = |name: &str| {
            figure
                .numbers
                .rows
                .iter()
                .find(|row| row[0] == name)
                .cloned()
                .unwrap()
        };
        assert_eq!(row("precision")[1], "0.67");
        assert_eq!(row("named of role <member>")[4], "2 of 4");
        assert_eq!(row("right, looks like none")[4], "2 of 3");
        let svg = standalone(&figure);
        assert!(svg.starts_with("<svg viewBox") && svg.trim_end().ends_with("</svg>"));
        assert!(svg.contains("&lt;member&gt;") && !svg.contains("<member>"));
        quick_xml::Reader::from_str(&svg)
            .read_event()
            .expect("it is XML");
    }
}
