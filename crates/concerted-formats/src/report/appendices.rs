//! Appendices: indicators, methods and the command, hashes, attribution, changes.

use super::{Report, group_name, methods, several, text};
use crate::words::{count, moment};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Indicators listed.
const LINKS: usize = 100;

/// A link that groups shared: groups, posts, first, last.
type Indicator<'a> = (Vec<&'a str>, u64, i64, i64);

impl Report<'_> {
    pub(super) fn appendices(&self) -> Markup {
        html! {
            h3 { "A. Indicators" } (self.indicators())
            h3 id="methods" { "B. Methods, parameters, command" } (self.methods())
            h3 { "C. Hashes" } (self.manifest())
            h3 { "D. Attribution" }
            p { strong { "Not assessed." } " Nothing in this report attributes anything to anyone." }
            h3 { "E. Changes" }
            @if self.said.change.is_empty() { p { "This is the first version, or none was named." } }
            @else { table { tbody { @for change in &self.said.change { tr { th.keep scope="row" { (text::shown(&change.version)) } td { (text::shown(&change.what)) } } } } } }
        }
    }

    fn indicators(&self) -> Markup {
        let mut links: BTreeMap<&str, Indicator<'_>> = BTreeMap::new();
        for group in &self.facts.groups {
            for act in group.acts.iter().filter(|act| act.is_link()) {
                let entry = links
                    .entry(&act.object)
                    .or_insert((Vec::new(), 0, i64::MAX, i64::MIN));
                if !entry.0.contains(&group.row.group_id.as_ref()) {
                    entry.0.push(&group.row.group_id);
                }
                entry.1 += act.posts.len() as u64;
                for post in &act.posts {
                    entry.2 = entry.2.min(post.time);
                    entry.3 = entry.3.max(post.time);
                }
            }
        }
        if links.is_empty() {
            return html! { p { "No group shared links." } };
        }
        let all = links.len();
        let mut links: Vec<(&str, Indicator<'_>)> = links.into_iter().collect();
        links.sort_by(|a, b| b.1.1.cmp(&a.1.1).then_with(|| a.0.cmp(b.0)));
        let resolution = self.facts.plan.clock_resolution_ms;
        html! {
            p { "Links of joint acts, made harmless, most shared first. A link here is a lead and no finding: honest people share it too." }
            details.open {
                summary { (several(all.min(LINKS) as u64, "link", "links")) @if all > LINKS { " of " (count(all as u64)) } }
                div.wide { table {
                    thead { tr { th scope="col" { "link" } th scope="col" { "groups" } th.n scope="col" { "posts" } th scope="col" { "first" } th scope="col" { "last" } } }
                    tbody { @for (link, (groups, posts, first, last)) in links.iter().take(LINKS) { tr {
                        td { (text::link(link)) }
                        td { @for (at, id) in groups.iter().enumerate() { @if at > 0 { ", " } a href={ "#" (id) } { (group_name(id)) } } }
                        td.n { (count(*posts)) } td.keep { (moment(*first, resolution)) } td.keep { (moment(*last, resolution)) }
                    } } }
                } }
            }
        }
    }

    fn methods(&self) -> Markup {
        let plan = &self.facts.plan;
        html! {
            @for paragraph in methods::paragraphs(plan, &self.facts.calibration) { p { (paragraph) } }
            details.open { summary { "Sources" } ul { @for source in methods::SOURCES { li { (source) } } } }
            h4 { "To run it again" }
            pre { (text::shown_to(if plan.command.is_empty() { "the case does not hold the command" } else { &plan.command }, 4_000)) }
            p { "Seed " code { (plan.seed) } ", concerted " code { (text::word(&plan.concerted)) } @for (name, version) in &plan.versions { ", " (text::word(name)) " " code { (text::word(version)) } } ". Two runs on the same inputs give the same bytes but for the time stamp in " code { "case.toml" } "." }
            details.open {
                summary { "All parameters" }
                div.wide { table { tbody { @for (name, value) in &plan.parameters { tr { th.keep scope="row" { code { (text::word(name)) } } td { code { (text::shown(&value.to_string())) } } } } } } }
            }
        }
    }

    fn manifest(&self) -> Markup {
        html! {
            p { "Inputs as they stood on disk, and the files of the case that this page was made from." }
            div.wide { table {
                caption.unseen { "SHA-256 of inputs and of the files of the case" }
                thead { tr { th scope="col" { "file" } th scope="col" { "SHA-256" } } }
                tbody {
                    @for input in &self.facts.plan.inputs { tr { td { (text::word(&input.name)) " " span.quiet { "input, " (count(input.bytes)) " bytes" } } td { code { (text::word(&input.sha256)) } } } }
                    @for (file, hash) in &self.facts.hashes { tr { td { (file) } td { code { (hash) } } } }
                }
            } }
        }
    }
}
