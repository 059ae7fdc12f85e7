//! Findings: the list, then a dossier for each group.

use super::{Report, group_name, text};
use crate::words::{count, ratio, score};
use maud::{Markup, html};

/// Groups with a dossier in full; those after them have a row in the list and their strongest acts.
pub(super) const FULL: usize = 20;

/// What a behaviour shares.
pub(super) fn shared(detector: &str) -> &'static str {
    let known = concerted_engine::detectors::by_id(detector);
    known.map_or("objects", |known| known.kind.plural())
}

/// The same for a phrase: "same links".
pub(super) fn same(detector: &str) -> String {
    format!("same {}", shared(detector))
}

impl Report<'_> {
    pub(super) fn findings(&self) -> Markup {
        let groups = &self.facts.groups;
        if groups.is_empty() {
            return html! { p { "No group reached its bar. What was looked for stands under " a href="#scope" { "Scope" } ", what would have been seen under " a href="#bottom-line" { "Bottom line" } "." } };
        }
        html! {
            p { "Groups without an innocent reading come first, then the others, each part with the strongest evidence first. A reading explains, it never acquits." }
            div.wide { table {
                caption.unseen { "The groups" }
                thead { tr { th scope="col" { "group" } th.n scope="col" { "accounts" } th scope="col" { "what they share" } th.n scope="col" { "repeats" } th.n scope="col" { "by chance" } th.n scope="col" { "score" } th scope="col" { "grade" } th scope="col" { "looks like" } } }
                tbody { @for group in groups { tr {
                    td.keep { a href={ "#" (group.row.group_id) } { (group_name(&group.row.group_id)) } }
                    td.n { (count(group.row.accounts)) }
                    td { (shared(group.mostly())) }
                    td.n { (count(group.row.repeats)) }
                    td.n { (ratio(group.row.expected_repeats)) }
                    td.n { (score(group.row.score)) }
                    td { (text::word(&group.row.grade)) }
                    td { @if group.row.looks_like.is_empty() { "–" } @for (at, label) in group.row.looks_like.iter().enumerate() { @if at > 0 { ", " } (text::word(label)) } }
                } } }
            } }
            @for (place, group) in groups.iter().enumerate() { (self.dossier(group, place < FULL)) }
        }
    }
}
