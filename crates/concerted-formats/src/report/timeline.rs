//! Timeline: first and last joint act of each group, and the events that people add.

use super::{Report, group_name, several, text};
use crate::words::{duration, moment};
use maud::{Markup, html};

impl Report<'_> {
    pub(super) fn timeline(&self) -> Markup {
        let resolution = self.facts.plan.clock_resolution_ms;
        let mut groups: Vec<_> = self.facts.groups.iter().collect();
        groups.sort_by_key(|group| (group.row.first.0, group.row.group_id.clone()));
        html! {
            @if groups.is_empty() { p { "There is no group to place in time." } }
            @else {
                div.wide { table {
                    caption.unseen { "When the groups acted" }
                    thead { tr { th scope="col" { "group" } th scope="col" { "first joint act" } th scope="col" { "last joint act" } th scope="col" { "over" } th.n scope="col" { "acts" } } }
                    tbody { @for group in groups { tr {
                        td.keep { a href={ "#" (group.row.group_id) } { (group_name(&group.row.group_id)) } }
                        td { (moment(group.row.first.0, resolution)) } td { (moment(group.row.last.0, resolution)) }
                        td { (duration(group.row.last.0 - group.row.first.0)) } td.n { (several(group.row.joint_actions, "act", "acts")) }
                    } } }
                } }
            }
            @if self.said.event.is_empty() { p.note { "Outside events, alerts and referrals: none were given." } }
            @else { table { tbody { @for event in &self.said.event { tr { th.keep scope="row" { (text::shown(&event.when)) } td { (text::shown(&event.what)) } } } } } }
        }
    }
}
