//! Other explanations: which innocent readings fit how many groups, and the hypotheses people weighed.

use super::{Report, group_name, text};
use concerted_engine::labels::LABELS;
use maud::{Markup, html};

impl Report<'_> {
    pub(super) fn explanations(&self) -> Markup {
        html! {
            p { "Each rule was tried on each group. A group may match several, or none." }
            div.wide { table {
                caption.unseen { "Innocent readings and the groups they fit" }
                thead { tr { th scope="col" { "reading" } th scope="col" { "rule" } th scope="col" { "groups that match" } } }
                tbody { @for label in LABELS {
                    @let matching: Vec<&str> = self.facts.groups.iter().filter(|group| group.labels.iter().any(|row| row.label == label.id)).map(|group| group.row.group_id.as_ref()).collect();
                    tr {
                        td { code { (label.id) } p.note { (label.reading) "." } }
                        td { (label.rule) }
                        td { @if matching.is_empty() { "–" } @for (at, id) in matching.iter().enumerate() { @if at > 0 { ", " } a href={ "#" (id) } { (group_name(id)) } } }
                    }
                } }
            } }
            @if self.said.explanation.is_empty() { p.note { "Hypotheses weighed by people: not assessed." } }
            @else { div.wide { table {
                thead { tr { th scope="col" { "hypothesis" } th scope="col" { "what fits" } th scope="col" { "what does not" } } }
                tbody { @for row in &self.said.explanation { tr { td { (text::shown(&row.hypothesis)) } td { (text::shown(&row.fits)) } td { (text::shown(&row.does_not_fit)) } } } }
            } } }
        }
    }
}
