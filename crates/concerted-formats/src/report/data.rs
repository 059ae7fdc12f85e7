//! Data and limits: what was read, what was refused and why, what the clock can tell, where gaps are.

use super::{Report, text};
use crate::figures::{Figure, coverage};
use crate::words::{count, duration};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Cautions that say that a crowd on one object was counted and not followed to every pair.
const CAPPED: [&str; 2] = ["crowds", "texts-capped"];

impl Report<'_> {
    pub(super) fn data(&self) -> Markup {
        let facts = self.facts;
        html! {
            div.wide { table {
                caption.unseen { "Inputs and what became of their rows" }
                thead { tr { th scope="col" { "input" } th scope="col" { "read as" } th.n scope="col" { "rows" } th.n scope="col" { "posts" } th.n scope="col" { "refused" } th.n scope="col" { "doubtful" } th.n scope="col" { "clock" } } }
                tbody { @for input in &facts.plan.inputs { tr {
                    td { (text::word(&input.name)) @for note in &input.notes { p.note { (text::shown(note)) } } }
                    td { (text::word(&input.format)) p.note { (text::shown(&input.why)) } }
                    td.n { (count(input.rows)) } td.n { (count(input.posts)) } td.n { (count(input.refused)) } td.n { (count(input.doubted)) }
                    td.n { (duration(input.clock_resolution_ms)) }
                } } }
            } }
            p { "Nothing faster than " (duration(facts.plan.clock_resolution_ms)) ", the step of the coarsest clock, can be told apart. Deleted and missing posts cannot be counted from an export; what is not in the files was not seen." }
            (self.problems())
            @if let Some(figure) = self.coverage() { (figure.html()) }
            h3 id="controls" { "What the same search finds where there is nothing to find" }
            (self.controls())
            h3 { "What would have been seen" }
            (self.power())
            @if facts.calibration.version > 0 && !facts.calibration.caveats.iter().any(|caveat| CAPPED.contains(&caveat.id.as_str())) {
                p { "No object was capped: every meeting within the windows was looked at." }
            }
            @if !facts.calibration.caveats.is_empty() {
                h3 { "Limits of these data, and what to do" }
                table { tbody { @for caveat in &facts.calibration.caveats { tr {
                    th.keep scope="row" { code { (text::word(&caveat.id)) } }
                    td { (text::shown(&first_upper(&caveat.says))) "." p.note { (text::shown(&caveat.advice)) } }
                } } } }
            }
        }
    }

    /// Posts over the dates, with the gaps.
    pub(super) fn coverage(&self) -> Option<Figure> {
        let cover = self.facts.coverage.as_ref()?;
        let note = html! { p { "From the times of all posts in " code { "posts.parquet" } ". A gap may be the collection’s and not the platform’s." } };
        Some(coverage::figure(
            cover,
            self.facts.plan.clock_resolution_ms,
            note,
        ))
    }

    fn problems(&self) -> Markup {
        let mut kinds: BTreeMap<(bool, &str), (u64, &str, String)> = BTreeMap::new();
        for problem in &self.facts.problems {
            let place = format!(
                "{}{}",
                problem.file,
                problem
                    .row
                    .map_or(String::new(), |row| format!(" row {row}"))
            );
            kinds
                .entry((!problem.refused, problem.kind.as_ref()))
                .or_insert((0, problem.detail.as_ref(), place))
                .0 += 1;
        }
        if kinds.is_empty() {
            return html! { p { "No row was refused or doubted." } };
        }
        html! {
            div.wide { table {
                caption.unseen { "Rows refused or doubted, by reason" }
                thead { tr { th scope="col" { "reason" } th scope="col" { "row" } th.n scope="col" { "entries" } th scope="col" { "the first of them" } } }
                tbody { @for ((counts, kind), (n, detail, place)) in &kinds { tr {
                    td.keep { code { (text::word(kind)) } }
                    td { (if *counts { "counts, doubtful" } else { "refused" }) }
                    td.n { (count(*n)) }
                    td { (text::shown_to(detail, 200)) " " span.quiet { (text::word(place)) } }
                } } }
            } }
            p.note { "Every entry stands in " code { "problems.csv" } " with file, row and reason." }
        }
    }

    fn controls(&self) -> Markup {
        let calibration = &self.facts.calibration;
        if calibration.controls.is_empty() {
            return html! { p { "No control ran, so this was not measured. Run again with " code { "--controls 20" } "." } };
        }
        let mean = |list: &[u64]| {
            let sum: u64 = list.iter().sum();
            crate::words::ratio(sum as f64 / list.len().max(1) as f64)
        };
        html! {
            div.wide { table {
                caption.unseen { "Groups found on copies of the data" }
                thead { tr { th scope="col" { "copies" } th.n scope="col" { "how many" } th.n scope="col" { "groups, mean" } th.n scope="col" { "groups, most" } th.n scope="col" { "accounts, mean" } } }
                tbody {
                    tr { td { "the data as they are" } td.n { "–" } td.n { (count(calibration.groups)) } td.n { (count(calibration.groups)) } td.n { (count(calibration.accounts)) } }
                    @for control in &calibration.controls { tr {
                        td { (text::word(&control.null_model.replace('-', " "))) ", " (text::word(&control.setting)) }
                        td.n { (count(control.copies)) }
                        td.n { (mean(&control.groups_found)) }
                        td.n { (count(control.groups_found.iter().copied().max().unwrap_or(0))) }
                        td.n { (mean(&control.accounts_found)) }
                    } }
                }
            } }
            p.note {
                "Permuted accounts keep what was shared and when, and destroy who: what is found there is chance. Jittered times keep who shared what, and destroy when: what is found there is shared taste."
                @for control in calibration.controls.iter().filter(|control| control.groups_per_million_upper95.is_finite()) {
                    " At most " (crate::words::ratio(control.groups_per_million_upper95)) " chance groups in a million shares (95%). The post in the middle shares its stratum with " (crate::words::ratio(control.messages_per_stratum_median)) "; where that is small, part of a real network survives the shuffle."
                }
            }
        }
    }
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
