//! Key judgments: rows by people only.

use super::bottom_line::squares;
use super::lint::LIKELIHOODS;
use super::{Report, group_name, not_assessed, text};
use maud::{Markup, html};

impl Report<'_> {
    pub(super) fn key_judgments(&self) -> Markup {
        if self.said.judgment.is_empty() {
            return not_assessed(
                "Judgments are made by people. A program can say what is more than chance; how likely a plan is, and how sure we are, it cannot.",
            );
        }
        html! {
            div.wide { table {
                thead { tr { th {} th scope="col" { "Judgment" } th scope="col" { "Likelihood" } th scope="col" { "Confidence" } th scope="col" { "Definition" } th scope="col" { "Evidence" } } }
                tbody { @for (place, judgment) in self.said.judgment.iter().enumerate() {
                    tr {
                        td { (place + 1) }
                        td {
                            (text::shown(&judgment.says))
                            p.note { "Otherwise: " (text::shown(&judgment.alternative)) }
                            @if !judgment.changed.is_empty() { p.note { "Changed: " (text::shown(&judgment.changed)) } }
                        }
                        td.keep { (judgment.likelihood) @if let Some((_, low, high)) = LIKELIHOODS.iter().find(|known| known.0 == judgment.likelihood) { " " span.quiet { (low) "–" (high) "%" } } }
                        td { (squares(&judgment.confidence)) " " (judgment.confidence) p.note { (text::shown(&judgment.because)) } }
                        td { (text::shown(&judgment.definition)) }
                        td { @for (at, id) in judgment.evidence.iter().enumerate() { @if at > 0 { ", " } a href={ "#" (id) } { (group_name(id)) } } }
                    }
                } }
            } }
        }
    }
}
