//! One finding: who did what how often, how that goes beyond chance, what speaks against it, and the
//! posts.

use super::facts::Group;
use super::{Report, acts, findings, group_name, several, text};
use crate::figures::window;
use crate::words::{about, count, duration, moment, percent, ratio, score};
use concerted_engine::labels::LABELS;
use maud::{Markup, html};

/// Members listed in full.
const MEMBERS: usize = 60;

impl Report<'_> {
    pub(super) fn dossier(&self, group: &Group, full: bool) -> Markup {
        let row = &group.row;
        let id = row.group_id.as_ref();
        html! {
            article id=(id) class=(if full { "full" } else { "short" }) {
                p.over { "Finding " (id.trim_start_matches('g')) " of " (self.facts.groups.len()) (self.verdict(id)) }
                h3 { (title(group)) }
                p.summary { (self.summary(group)) }
                p {
                    @for tag in tags(group) { span.tag { (text::word(&tag)) } " " }
                }
                @if full { (self.figures(group)) } @else { div.pair { (self.innocent(group)) (self.doubt(group)) } (in_full(id)) }
                (acts::acts(self, group, if full { acts::SHOWN } else { acts::FEW }))
                (self.members_table(group))
            }
        }
    }

    fn verdict(&self, id: &str) -> Markup {
        let on = self
            .said
            .group
            .iter()
            .find(|on| on.id == id && !on.verdict.is_empty());
        html! { @match on {
            Some(on) => { " · " (on.verdict) " by " (text::shown(&on.by)) }
            None => " · not read by a person yet"
        } }
    }

    fn summary(&self, group: &Group) -> Markup {
        let row = &group.row;
        let resolution = self.facts.plan.clock_resolution_ms;
        let firsts = group
            .members
            .iter()
            .max_by_key(|member| (member.first_count, std::cmp::Reverse(&member.account_id)));
        html! {
            "From " (moment(row.first.0, resolution)) " to " (moment(row.last.0, resolution)) " at least two of these accounts shared the same thing within "
            (duration(group.window_ms())) " of each other " (several(row.joint_actions, "time", "times")) ". In these runs a member followed another "
            (several(row.repeats, "time", "times")) ", where accounts that choose independently would " (ratio(row.expected_repeats)) " times. Half of the repeats come within " (about(group.median_lag())) " of the first."
            @if let Some(first) = firsts.filter(|member| member.first_count > 0) {
                " " (text::word(self.facts.name(&first.account_id))) " was first in " (percent(first.first_count, row.joint_actions)) " of the acts."
            }
        }
    }

    fn figures(&self, group: &Group) -> Markup {
        html! {
            @for figure in self.wide_figures(group) { (figure.html()) }
            div.pair {
                @for figure in self.half_figures(group) { (figure.html()) }
                div { (self.innocent(group)) (self.doubt(group)) }
            }
        }
    }

    fn innocent(&self, group: &Group) -> Markup {
        let said = self
            .said
            .group
            .iter()
            .find(|on| on.id == group.row.group_id && !on.innocent.is_empty());
        let reading = |label: &str| {
            LABELS
                .iter()
                .find(|known| known.id == label)
                .map_or(label.to_owned(), |known| known.reading.to_owned())
        };
        html! {
            div.innocent {
                h4 { "The strongest innocent reading" }
                @if let Some(on) = said { p { (text::shown_to(&on.innocent, 2_000)) } }
                @match group.labels.first() {
                    Some(first) => p { (text::shown(&reading(&first.label))) ": " (text::shown(&first.figures)) "." },
                    None => p { "None of the rules fits. That is no proof of anything else: tools, habits and events that no rule knows can look like this." }
                }
                @for label in group.labels.iter().skip(1) { p.note { "Also: " (text::shown(&lower_first(&reading(&label.label)))) " (" (text::shown(&label.figures)) ")." } }
                p.note { "A reading explains, it never acquits: a covert network can look like this on purpose." }
            }
        }
    }

    fn doubt(&self, group: &Group) -> Markup {
        html! {
            div.doubt {
                h4 { "The weakest point" }
                p { (weakest(group)) }
                h4 { "What would change our mind" }
                p { (self.change_our_mind(group)) }
            }
        }
    }

    fn change_our_mind(&self, group: &Group) -> Markup {
        if let Some(on) = self
            .said
            .group
            .iter()
            .find(|on| on.id == group.row.group_id && !on.change_our_mind.is_empty())
        {
            return text::shown_to(&on.change_our_mind, 2_000);
        }
        let by_label = group.labels.first().map(|label| label.label.to_string());
        html! {
            (match by_label.as_deref() {
                Some("single-outlet-pages" | "page-network") => "That it is innocent: a public statement or an imprint that names one owner of these pages. That it is not: pages that pose as unrelated.",
                Some("single-outlet-readers" | "many-outlets" | "popular-items" | "one-hub-site") => "That it is innocent: the same accounts meeting as often on days without the outlet’s news. That it is not: delays that stay as short where few others share the item.",
                Some("scheduler" | "syndication") => "That it is innocent: owners who show the tool or the feed. That it is not: the same tool behind accounts that pose as strangers.",
                Some("shared-graphics" | "declared") => "That it is innocent: a body that says it hands out this material. That it is not: accounts that hide that they belong to it.",
                Some("audience") => "That it is innocent: members who post as often about other things and without each other. That it is not: members who follow nobody else.",
                Some("same-interests" | "slow-same-items") => "That it is innocent: the same accounts meeting as often hours later. That it is more: the finding holding at windows of a minute or less.",
                _ => "That it is innocent: owners who show a shared tool, a declared campaign or an event that drew them all. That it is more: a second signal, such as accounts made on the same day or the same words under other names.",
            })
        }
    }

    fn members_table(&self, group: &Group) -> Markup {
        let id = group.row.group_id.as_ref();
        let left = group.members.len().saturating_sub(MEMBERS);
        html! {
            details {
                summary { "All accounts of " (group_name(id)) }
                div.wide { table {
                    caption.unseen { "Accounts of " (group_name(id)) }
                    thead { tr { th scope="col" { "account" } th scope="col" { "role" } th.n scope="col" { "joint runs" } th.n scope="col" { "by chance" } th.n scope="col" { "opened" } th.n scope="col" { "posts in the data" } } }
                    tbody { @for (member, posts) in group.members.iter().zip(&group.posts).take(MEMBERS) { tr {
                        td { code { (text::word(self.facts.name(&member.account_id))) } }
                        td { (text::word(&member.role)) }
                        td.n { (count(member.joint_runs)) } td.n { (ratio(member.expected)) } td.n { (count(member.first_count)) } td.n { (count(posts.len() as u64)) }
                    } } }
                } }
                @if left > 0 { p.note { (left) " more stand in " code { "members.csv" } "." } }
                p.note { "An account’s presence in a group does not show that its owner knew. An account with one joint run is never named." }
            }
        }
    }
}

/// How the figures of a group without them are had.
fn in_full(id: &str) -> Markup {
    html! { p.note { "Its figures: " code { "concerted report CASE --groups all" } ", or one by one with " code { "concerted export CASE --to svg --group " (id) } "." } }
}

fn title(group: &Group) -> String {
    format!(
        "{}: {} accounts shared the {} {}, half of the repeats within {}",
        group_name(&group.row.group_id),
        count(group.row.accounts),
        findings::same(group.mostly()),
        several(group.row.joint_actions, "time", "times"),
        about(group.median_lag())
    )
}

fn tags(group: &Group) -> Vec<String> {
    let row = &group.row;
    let mut tags = vec![row.grade.clone().into_owned()];
    tags.extend(
        row.detectors
            .iter()
            .map(|detector| findings::same(detector)),
    );
    let mut platforms: Vec<&str> = group
        .acts
        .iter()
        .flat_map(|act| act.posts.iter().map(|post| post.platform.as_str()))
        .filter(|platform| !platform.is_empty())
        .collect();
    platforms.sort_unstable();
    platforms.dedup();
    tags.extend(platforms.into_iter().map(str::to_owned));
    tags.push(format!(
        "{} core, {} probable",
        row.core,
        row.accounts - row.core.min(row.accounts)
    ));
    tags.push(match row.found_by.as_ref() {
        "bursts" => "found among all shares".into(),
        "rare-originals" => "found among rare originals".into(),
        "both" => "found by both searches".into(),
        other => other.to_owned(),
    });
    tags
}

/// The first that applies, the most serious first.
fn weakest(group: &Group) -> String {
    let row = &group.row;
    if !row.grade.contains("joint timing") {
        return "The members meet on the same objects hours later as well, so the meetings may be shared taste: with that allowed for, the score falls below its bar.".into();
    }
    if row.score < 3.0 {
        return format!(
            "The score of {} is below 3: the bar of the search over rare originals is set by the count on permuted copies alone and not guaranteed by the score.",
            score(row.score)
        );
    }
    let times = |point: &window::Point| point.observed as f64 / point.expected.max(1e-12);
    let at_own = group
        .windows
        .iter()
        .find(|point| point.window_s == row.scale_s)
        .map(times);
    if let Some(short) = group
        .windows
        .iter()
        .find(|point| point.observed == 0 && point.window_s < row.scale_s)
        .or(group.windows.first())
        && at_own.is_some_and(|own| times(short) < own / 2.0)
    {
        return format!(
            "At a window of {} members follow one another {}, {} times what chance gives, against {} times at the window used.",
            duration(i64::try_from(short.window_s).unwrap_or(0) * 1_000),
            several(short.observed, "time", "times"),
            ratio(times(short)),
            ratio(at_own.unwrap_or(0.0))
        );
    }
    if row.core < row.accounts {
        return format!(
            "{} of {} accounts joined two runs only; two runs cannot always tell a member from a bystander.",
            row.accounts - row.core,
            row.accounts
        );
    }
    if row.joint_actions < 10 {
        return format!(
            "It rests on {} joint acts only; a handful of them being explained would undo it.",
            row.joint_actions
        );
    }
    if row.scale_s >= 3_600 {
        return format!(
            "The evidence is strongest at a window of {}: so slow that reading the same sources explains part of it.",
            duration(group.window_ms())
        );
    }
    let most = group
        .acts
        .iter()
        .filter(|act| act.outsiders >= act.posts.len() as u64)
        .count();
    if most == 0 {
        return "The members keep to things that few others share; whoever owns those things may own the accounts openly.".into();
    }
    format!(
        "In {most} of {} acts at least as many others shared the same thing; those acts carry little weight, and the finding rests on the rest.",
        group.acts.len()
    )
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
