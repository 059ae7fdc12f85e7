//! Scope and definitions: what was looked at and for, and what was not.

use super::{Report, text};
use crate::words::{count, percent};
use concerted_engine::detectors;
use maud::{Markup, html};

impl Report<'_> {
    pub(super) fn scope(&self) -> Markup {
        let (facts, said) = (self.facts, &self.said.scope);
        let row = |name: &str, value: Markup| html! { tr { th.keep scope="row" { (name) } td { (value) } } };
        let or_not = |value: &str| html! { @if value.is_empty() { "not stated" } @else { (text::shown_to(value, 2_000)) } };
        html! {
            table { tbody {
                (row("Election or event", or_not(&said.event)))
                @if !said.country.is_empty() { (row("Country", or_not(&said.country))) }
                (row("Dates", html! { @match facts.span { Some((first, last)) => (super::dates(first, last)), None => "no post" } }))
                (row("Platforms", counts(&facts.platforms, facts.posts)))
                (row("Languages, as the source labels them", counts(&facts.languages, facts.posts)))
                (row("Looked for", html! { @for (at, detector) in facts.plan.detectors.iter().enumerate() {
                    @if at > 0 { br; }
                    code { (detector.id) } @if let Some(known) = detectors::by_id(&detector.id) { " " (known.question) }
                } }))
                (row("Queries and route of collection", or_not(&said.queries)))
                (row("Definitions", html! { @if said.definitions.is_empty() { "none named" } @for definition in &said.definitions { (text::shown(definition)) br; } }))
                (row("Not looked at", html! {
                    @if said.not_looked_at.is_empty() { "Not stated. Only what the files hold was looked at: nothing was fetched, no account was looked up, and no picture or sound was opened." }
                    @else { (text::shown_to(&said.not_looked_at, 2_000)) }
                }))
            } }
            p.note { "“Acting together” means: these accounts met on the same objects, close in time, more often than accounts would that choose independently, given how active each account is and how many took part in each burst. It rejects independence, not innocence." }
        }
    }
}

fn counts(list: &[(String, u64)], of: u64) -> Markup {
    html! {
        @for (at, (name, n)) in list.iter().take(8).enumerate() {
            @if at > 0 { " · " }
            @if name.is_empty() { "not labelled" } @else { (text::word(name)) }
            " " span.quiet { (count(*n)) " (" (percent(*n, of)) ")" }
        }
        @if list.len() > 8 { " · " (list.len() - 8) " more" }
    }
}
