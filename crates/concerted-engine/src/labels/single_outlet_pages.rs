//! The pages of one publishing house.

use super::facts::Facts;
use super::{Figures, Label, percent};

pub(super) const LABEL: Label = Label {
    id: "single-outlet-pages",
    rule: "links are at least half of the joint objects, at least 80% of them lead to one domain that at most 3% \
           of accounts use, and at least 80% of the members' own links lead there",
    reading: "These may be the pages of one outlet, which post its articles as they appear",
    matches: |facts| one_outlet(facts).filter(|figures| figures.value >= OWN_LINKS),
};

const LINKS: f64 = 0.5;
const ON_DOMAIN: f64 = 0.8;
const REACH: f64 = 0.03;
pub(super) const OWN_LINKS: f64 = 0.8;

/// The part of the members' own links that leads to the one outlet of the group, if it has one.
pub(super) fn one_outlet(facts: &Facts<'_>) -> Option<Figures> {
    let (domain, part) = facts.main_domain()?;
    let reach = facts.reach_of(domain);
    if facts.links_among_joint() < LINKS || part < ON_DOMAIN || reach > REACH {
        return None;
    }
    let own = facts.own_links_on(domain);
    Some(Figures {
        value: own,
        threshold: OWN_LINKS,
        words: format!(
            "{} of the joint links lead to {}, which {:.1}% of all accounts use; {} of the members' own links lead there",
            percent(part),
            facts.domain_name(domain),
            reach * 100.0,
            percent(own),
        ),
    })
}
