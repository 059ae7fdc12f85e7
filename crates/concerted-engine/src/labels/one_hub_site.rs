//! One large site that everybody uses.

use super::{Label, at_least, percent};

pub(super) const LABEL: Label = Label {
    id: "one-hub-site",
    rule: "at least 80% of the joint links lead to one domain that more than 3% of accounts use",
    reading: "These may be strangers who all use one large site, where the same things are on everybody's front page",
    matches: |facts| {
        let (domain, part) = facts.main_domain()?;
        let reach = facts.reach_of(domain);
        if reach <= 0.03 {
            return None;
        }
        at_least(part, 0.8, || {
            format!("{} of the joint links lead to {}, which {:.1}% of all accounts use", percent(part), facts.domain_name(domain), reach * 100.0)
        })
    },
};
