//! Findings: the list, then a dossier for each group.

use super::{Report, group_name, text};
use crate::figures::Numbers;
use crate::words::{count, ratio, score};
use maud::{Markup, html};

/// Groups with a short dossier behind those with one in full.
const SHORT: usize = 180;

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
            return html! { p { "No group reached its bar. What was looked for stands under " a href="#scope" data-number="3" { "Scope" } ", what would have been seen under " a href="#bottom-line" { "Bottom line" } "." } };
        }
        html! {
            p { "Groups without an innocent reading come first, then the others, each part with the strongest evidence first. A reading explains, it never acquits." }
            @if groups.len() > self.full { p.note { (self.depth()) } }
            div.wide { table.sort id="groups" {
                caption.unseen { "The groups" }
                thead { tr { th scope="col" { "group" } th.n scope="col" { "accounts" } th scope="col" { "what they share" } th.n scope="col" { "repeats" } th.n scope="col" { "by chance" } th.n scope="col" { "score" } th scope="col" { "grade" } th scope="col" { "looks like" } } }
                tbody { @for (place, group) in groups.iter().enumerate() { tr {
                    td.keep { @if place < self.dossiers() { a href={ "#" (group.row.group_id) } { (group_name(&group.row.group_id)) } } @else { (group_name(&group.row.group_id)) } }
                    td.n { (count(group.row.accounts)) }
                    td { (shared(group.mostly())) }
                    td.n { (count(group.row.repeats)) }
                    td.n data-value=(group.row.expected_repeats) { (ratio(group.row.expected_repeats)) }
                    td.n data-value=(group.row.score) { (score(group.row.score)) }
                    td { (text::word(&group.row.grade)) }
                    td { @if group.row.looks_like.is_empty() { "–" } @for (at, label) in group.row.looks_like.iter().enumerate() { @if at > 0 { ", " } (text::word(label)) } }
                } } }
            } }
            @for (place, group) in groups.iter().enumerate().take(self.dossiers()) { (self.dossier(group, place < self.full)) }
        }
    }

    /// How many groups have a dossier of either kind.
    pub(super) fn dossiers(&self) -> usize {
        self.facts.groups.len().min(self.full.saturating_add(SHORT))
    }

    /// Which groups have what, where not all have everything.
    fn depth(&self) -> String {
        let all = self.facts.groups.len();
        let short = self.dossiers().saturating_sub(self.full);
        let mut text = format!(
            "The first {} have a dossier with figures; {} a short one with the innocent reading, the weakest point and the most telling acts",
            super::several(self.full as u64, "group", "groups"),
            if self.full + short == all {
                format!("the other {short} have")
            } else {
                format!("the next {short} have")
            }
        );
        if self.dossiers() < all {
            let last = count((all - self.dossiers()) as u64);
            text = format!("{text}; the last {last} have a row here");
        }
        text + ". With --groups all the report has a dossier with figures for each of them."
    }

    /// The list as a table for other programs: whole numbers, points in decimals.
    pub(super) fn findings_numbers(&self) -> Numbers {
        Numbers {
            head: vec![
                "group",
                "accounts",
                "shares mostly",
                "joint acts",
                "repeats",
                "repeats by chance",
                "score",
                "grade",
                "looks like",
            ],
            rows: self
                .facts
                .groups
                .iter()
                .map(|group| {
                    let row = &group.row;
                    vec![
                        row.group_id.clone().into_owned(),
                        row.accounts.to_string(),
                        shared(group.mostly()).to_owned(),
                        row.joint_actions.to_string(),
                        row.repeats.to_string(),
                        ratio(row.expected_repeats),
                        format!("{:.1}", row.score),
                        row.grade.clone().into_owned(),
                        row.looks_like.join("; "),
                    ]
                })
                .collect(),
        }
    }
}
