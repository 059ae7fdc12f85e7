//! The ten most telling joint acts, with the first post and the repeat side by side.

use super::facts::{Act, Group, Post};
use super::{Report, several, text};
use crate::words::{duration, moment};
use maud::{Markup, html};

/// Acts of a dossier in full, and of a short one.
pub(super) const SHOWN: usize = 10;
pub(super) const FEW: usize = 2;
/// Further posts of an act that are listed.
const LISTED: usize = 6;

/// Telling: many members, few others, soon. Ordered by members beyond the first times their part among
/// all who shared the object, then by the delay of the second, then by time.
fn most_telling(group: &Group) -> Vec<&Act> {
    let mut acts: Vec<&Act> = group.acts.iter().collect();
    let weight = |act: &Act| {
        let members = act.posts.len() as f64;
        (members - 1.0) * members / (members + act.outsiders as f64)
    };
    acts.sort_by(|a, b| {
        weight(b)
            .total_cmp(&weight(a))
            .then_with(|| {
                a.posts
                    .get(1)
                    .map(|post| post.lag)
                    .cmp(&b.posts.get(1).map(|post| post.lag))
            })
            .then_with(|| a.number.cmp(&b.number))
    });
    acts
}

/// The acts as they stand in a dossier.
pub(super) fn acts(report: &Report<'_>, group: &Group, most: usize) -> Markup {
    let id = group.row.group_id.as_ref();
    let acts = most_telling(group);
    let left = acts.len().saturating_sub(most);
    let title = if left > 0 {
        format!("The {most} most telling of {} joint acts", acts.len())
    } else {
        several(acts.len() as u64, "joint act", "joint acts")
    };
    let shown = html! {
        p.counted { "Many members, few others, short delays first. Marked: words that the first post does not have." }
        @for act in acts.iter().take(most) { (show(report, id, act)) }
        @if left > 0 { p.note { (several(left as u64, "more joint act stands", "more joint acts stand")) " in " code { "evidence.parquet" } " where " code { "group_id = '" (id) "'" } "." } }
    };
    html! {
        @if most > FEW { h4 id={ (id) "-acts" } { (title) } (shown) }
        @else { details.telling id={ (id) "-acts" } { summary { (title) } (shown) } }
    }
}

fn show(report: &Report<'_>, id: &str, act: &Act) -> Markup {
    let (Some(first), second) = (act.posts.first(), act.posts.get(1)) else {
        return html! {};
    };
    let rest = act.posts.get(2..).unwrap_or(&[]);
    let object = report.facts.object(&act.object);
    html! {
        div.act id={ (id) "-" (act.number) } {
            h5 {
                "Act " (act.number) ", " (moment(first.time, report.facts.plan.clock_resolution_ms)) ": " (several(act.posts.len() as u64, "member", "members"))
                span { ", " (several(act.outsiders, "other shared", "others shared")) " it at any time · " (act.detector) " " @if act.is_link() { (text::link(object)) } @else { code { bdi { (text::shown_to(object, 100)) } } } }
            }
            div.posts {
                (one(report, first, None))
                @if let Some(second) = second { (one(report, second, Some(first))) }
            }
            @if !rest.is_empty() {
                details {
                    summary { (several(rest.len() as u64, "more repeat", "more repeats")) }
                    div.wide { table {
                        thead { tr { th scope="col" { "account" } th.n scope="col" { "after the first" } th scope="col" { "file and row" } th scope="col" { "SHA-256 of the record" } } }
                        tbody { @for post in rest.iter().take(LISTED) { tr {
                            td { code { (text::word(report.facts.name(&post.account))) } }
                            td.n { (duration(post.lag)) }
                            td { (text::word(&post.file)) " row " (post.row) }
                            td { code { (post.sha256[..16]) "…" } }
                        } } }
                    } }
                    @if rest.len() > LISTED { p.note { (rest.len() - LISTED) " more in " code { "evidence.parquet" } "." } }
                }
            }
        }
    }
}

fn one(report: &Report<'_>, post: &Post, before: Option<&Post>) -> Markup {
    html! {
        div.post {
            p.who {
                code { (text::word(report.facts.name(&post.account))) } " · "
                @match before {
                    None => (moment(post.time, report.facts.plan.clock_resolution_ms)),
                    Some(_) => { (duration(post.lag)) " later" }
                }
            }
            p.said {
                @if post.text.is_empty() { span.quiet { "no text" } }
                @else if let Some(first) = before { (text::marked(&first.text, &post.text, &post.lang)) }
                @else { (text::post(&post.text, &post.lang)) }
            }
            p.where { (text::word(&post.file)) " row " (post.row) " · sha256 " code { (post.sha256[..16]) "…" } }
        }
    }
}
