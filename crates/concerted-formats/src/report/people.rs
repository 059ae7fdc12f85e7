//! Sections that only people can fill: divisions, criteria, statements, response.

use super::{Report, group_name, not_assessed, text};
use maud::{Markup, html};

impl Report<'_> {
    /// Divisions as people see them.
    pub(super) fn divisions_said(&self) -> Markup {
        html! { div.wide { table {
            thead { tr { th scope="col" { "issue" } th scope="col" { "what was seen" } th scope="col" { "groups" } } }
            tbody { @for row in &self.said.division { tr {
                td { (text::shown(&row.issue)) } td { (text::shown(&row.seen)) }
                td { @for (at, id) in row.groups.iter().enumerate() { @if at > 0 { ", " } (text::shown(&group_name(id))) } }
            } } }
        } } }
    }

    pub(super) fn criteria(&self) -> Markup {
        if self.said.criterion.is_empty() {
            return not_assessed(
                "Whether what was seen is influence or interference depends on a definition and on facts that posts do not hold.",
            );
        }
        html! {
            div.wide { table {
                thead { tr { th scope="col" { "definition" } th scope="col" { "criterion" } th scope="col" { "verdict" } th scope="col" { "because" } } }
                tbody { @for row in &self.said.criterion { tr {
                    td { (text::shown(&row.definition)) } td { (text::shown(&row.criterion)) } td.keep { (row.verdict) } td { (text::shown(&row.because)) }
                } } }
            } }
            p.note { "There is no total: definitions differ in what they ask." }
        }
    }

    pub(super) fn statements(&self) -> Markup {
        if self.said.statement.is_empty() {
            return not_assessed("No commitment, claim or denial was entered.");
        }
        html! { div.wide { table {
            thead { tr { th scope="col" { "when" } th scope="col" { "who" } th scope="col" { "what, according to whom" } th scope="col" { "beside it" } } }
            tbody { @for row in &self.said.statement { tr {
                td.keep { (text::shown(&row.when)) } td { (text::shown(&row.who)) }
                td { (text::shown(&row.says)) p.note { "According to " (if row.according_to.is_empty() { text::shown("nobody named") } else { text::shown(&row.according_to) }) } }
                td { @if row.beside.is_empty() { "no denial or answer known" } @else { (text::shown(&row.beside)) } }
            } } }
        } } }
    }

    pub(super) fn response(&self) -> Markup {
        if self.said.response.is_empty() {
            return not_assessed("No referral was entered, and nobody was asked for a reply.");
        }
        let or_open =
            |value: &str| html! { @if value.is_empty() { "open" } @else { (text::shown(value)) } };
        html! { div.wide { table {
            thead { tr { th scope="col" { "recipient" } th scope="col" { "rule" } th scope="col" { "sent" } th scope="col" { "acknowledged" } th scope="col" { "answered" } th scope="col" { "action" } } }
            tbody { @for row in &self.said.response { tr {
                td { (text::shown(&row.recipient)) } td { (text::shown(&row.clause)) } td { (or_open(&row.sent)) } td { (or_open(&row.acknowledged)) } td { (or_open(&row.answered)) } td { (or_open(&row.action)) }
            } } }
        } } }
    }
}
