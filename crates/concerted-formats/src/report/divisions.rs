//! Divisions played on: what the gate said, and only behind it issues, groups and sides.

use super::{Report, group_name, not_assessed, text};
use crate::case::divisions::{CampRow, DivisionTables, SideRow};
use crate::figures::divisions::{Share, Slogans, shares, sides};
use concerted_engine::divisions::words;
use maud::{Markup, html};

/// Issues shown of each group and of each population; the tables have all.
const SHOWN: usize = 12;

impl Report<'_> {
    pub(super) fn divisions(&self) -> Markup {
        let measured = match self.divisions {
            None => not_assessed(
                "Which existing divisions the groups played on was not measured in this case.",
            ),
            Some(tables) if !tables.has_divide() => abstained(tables),
            Some(tables) => divided(tables),
        };
        html! {
            @if !self.said.division.is_empty() {
                (self.divisions_said())
                @if self.divisions.is_some() { h3 { "What the program measured" } }
            }
            @if self.said.division.is_empty() || self.divisions.is_some() { (measured) }
        }
    }
}

/// The table of the gate, whatever it said.
fn gates(tables: &DivisionTables) -> Markup {
    html! {
        details {
            summary { "The figures of the gate" }
            div.wide { table {
                caption.unseen { "Whether the public is divided" }
                thead { tr { th scope="col" { "posts" } th scope="col" { "by" } th.n scope="col" { "accounts" } th.n scope="col" { "smaller camp" } th.n scope="col" { "effect" } th.n scope="col" { "agreement" } th scope="col" { "verdict" } } }
                tbody { @for row in &tables.camps { tr {
                    td { (text::word(&population(row))) } td { (row.channel) }
                    td.n { (crate::words::count(row.accounts)) } td.n { (crate::words::count(row.smaller)) }
                    td.n { (two(row.effect)) } td.n { (two(row.agreement)) } td { (row.verdict) }
                } } }
            } }
        }
    }
}

fn two(figure: f64) -> String {
    if figure.is_nan() {
        "–".into()
    } else {
        format!("{figure:.2}")
    }
}

fn population(row: &CampRow<'_>) -> String {
    [row.platform.as_ref(), row.lang.as_ref()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

fn abstained(tables: &DivisionTables) -> Markup {
    html! {
        p { strong { (words::NOT_ESTABLISHED) } " Nothing is said of issues or sides." }
        @if tables.camps.is_empty() { p.note { "No language on any platform had enough accounts outside the groups to ask." } }
        @else { (gates(tables)) }
    }
}

fn divided(tables: &DivisionTables) -> Markup {
    html! {
        @for row in tables.camps.iter().filter(|row| row.accounts_a.is_some()) {
            p { strong { (text::word(&population(row))) } ": " (text::shown(&row.says)) }
            // Accounts stand under pseudonyms, so camps that are told by accounts are not told here.
            @if row.channel != "reposted account" && !row.further_camps.is_empty() {
                ul { @for camp in &row.further_camps { li { (text::shown(camp)) } } }
            }
        }
        (gates(tables))
        (issues(tables))
        @for of in &tables.sides { (group(tables, of)) }
        @if !tables.sides.is_empty() { p { (words::CLOSING) } }
    }
}

fn issues(tables: &DivisionTables) -> Markup {
    let listed = tables.issues.iter().filter(|row| row.apart.is_empty());
    let apart = tables.issues.iter().filter(|row| !row.apart.is_empty());
    html! {
        h3 { "What the divide is about" }
        div.wide { table {
            caption.unseen { "Leaning and contested items" }
            thead { tr { th scope="col" { "item" } th scope="col" { "camp" } th.n scope="col" { "accounts A" } th.n scope="col" { "accounts B" } th.n scope="col" { "z" } th.n scope="col" { "contested" } th scope="col" { "answered by" } th scope="col" { "a post of each" } } }
            tbody { @for row in listed.take(4 * SHOWN) { tr {
                td { (text::word(&row.item)) } td { (text::word(if row.camp.is_empty() { "–" } else { &row.camp })) }
                td.n { (row.users_a) } td.n { (row.users_b) } td.n { (two(row.z)) } td.n { (two(row.contested)) }
                td { @for (at, other) in row.opposed_to.iter().enumerate() { @if at > 0 { ", " } (text::word(other)) } }
                td { (text::word(&row.example_a)) br; (text::word(&row.example_b)) }
            } } }
        } }
        p.note { "A lean is not a stance: an item can be used against as well as for. All items stand in issues.csv." }
        @if apart.clone().next().is_some() {
            p.note {
                "Listed apart, as seasons, places and circles lean too: "
                @for (at, row) in apart.take(2 * SHOWN).enumerate() { @if at > 0 { ", " } (text::word(&row.item)) " (" (row.apart) ")" }
                "."
            }
        }
    }
}

fn group(tables: &DivisionTables, of: &SideRow<'_>) -> Markup {
    let names: Vec<String> = of.groups.iter().map(|id| group_name(id)).collect();
    let id = of.groups.join("-");
    let rows: Vec<_> = tables
        .divisions
        .iter()
        .filter(|row| row.groups == of.groups)
        .collect();
    let mut with_ratio: Vec<_> = rows.iter().filter(|row| !row.ratio.is_nan()).collect();
    with_ratio.sort_by(|a, b| {
        let difference = |share: f64, other: f64| (share - other).abs();
        difference(b.group_share, b.background_share)
            .total_cmp(&difference(a.group_share, a.background_share))
            .then(a.issue.cmp(&b.issue))
    });
    let drawn: Vec<Share> = with_ratio
        .iter()
        .take(SHOWN)
        .map(|row| Share {
            issue: row.issue.to_string(),
            group: row.group_share,
            background: row.background_share,
            ratio: (row.ratio, row.ratio_low, row.ratio_high),
            told: row.differs == "above" || row.differs == "below",
        })
        .collect();
    let slogans: Vec<Slogans> = tables
        .slogans
        .iter()
        .filter(|row| row.groups == of.groups)
        .take(SHOWN)
        .map(|row| Slogans {
            items: (row.item_a.to_string(), row.item_b.to_string()),
            posts: (row.posts_a, row.posts_b),
            typical: row.typical,
        })
        .collect();
    let camps = rows.first().map_or(("camp A", "camp B"), |row| {
        (
            row.camps.first().map_or("camp A", AsRef::as_ref),
            row.camps.get(1).map_or("camp B", AsRef::as_ref),
        )
    });
    let without: Vec<_> = rows
        .iter()
        .filter(|row| row.ratio.is_nan() && row.posts > 0)
        .collect();
    html! {
        h3 { (text::word(&names.join(" and "))) }
        p { (text::shown_to(&of.says, 2_000)) }
        @if let Some(row) = rows.first() { p.note { (text::shown(&row.background)) } }
        @if !drawn.is_empty() {
            (shares(&id, &drawn, html! { "From divisions.csv. More than the background is a description: most groups that grew by themselves exceed it too." }).html())
            ul { @for row in with_ratio.iter().filter(|row| row.differs == "above" || row.differs == "below").take(SHOWN) { li { (text::shown_to(&row.says, 1_200)) } } }
        }
        @if !without.is_empty() {
            details { summary { "Issues without a ratio" } ul { @for row in without.iter().take(4 * SHOWN) { li { (text::shown_to(&row.says, 1_200)) } } } }
        }
        @if !slogans.is_empty() {
            (sides(&id, &slogans, camps, of.unplaced, html! { "From slogans.csv. Which slogan answers which is proposed by lean and company; a person has to say so." }).html())
        }
    }
}
