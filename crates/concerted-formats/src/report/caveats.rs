//! Caveats: sentences that hold for every report, error on quiet data, funding and conflicts.

use super::{Report, text};
use maud::{Markup, html};

impl Report<'_> {
    pub(super) fn caveats(&self) -> Markup {
        let about = &self.said.report;
        let named = |value: &str| html! { @if value.is_empty() { "not stated" } @else { (text::shown(value)) } };
        html! {
            ul {
                li { "Coordination is not proof of a state, of deceit, or of any aim." }
                li { "An account’s presence in a group does not show that its owner knew." }
                li { "Sharing these links or texts is not enough to attribute an account." }
                li { "Outlets, parties, parliaments and fandoms really do act together; the readings beside each finding say which it may be." }
                li { "Scores are relative to this corpus: among other posts the same accounts would score otherwise." }
                li { "What the export lacks was not seen: deleted posts, private channels, replies that were not collected." }
                li { "Pseudonyms hide account ids. A post’s own words can still tell who wrote it; give the report away with that in mind." }
            }
            p { "Error on quiet data: " a href="#controls" data-number="4" { "the same search on copies where there is nothing to find" } "." }
            table { tbody {
                tr { th.keep scope="row" { "Authors" } td { @if about.authors.is_empty() { "a program; no person has signed it" } @else { (text::shown(&about.authors.join(", "))) } } }
                tr { th.keep scope="row" { "Readers" } td { @if about.reviewers.is_empty() { "none" } @else { (text::shown(&about.reviewers.join(", "))) } } }
                tr { th.keep scope="row" { "Funding" } td { (named(&about.funding)) } }
                tr { th.keep scope="row" { "Conflicts of interest" } td { (named(&about.conflicts)) } }
            } }
        }
    }
}
