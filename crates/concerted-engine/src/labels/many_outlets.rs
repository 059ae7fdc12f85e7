//! Readers of many outlets.

use super::facts::share;
use super::{Label, at_least, percent};

pub(super) const LABEL: Label = Label {
    id: "many-outlets",
    rule: "the joint links lead to at least 5 domains, none of which has half of them",
    reading: "These may be people who follow the same news and pass it on from many outlets",
    matches: |facts| {
        let domains = facts.domains();
        let links: usize = domains.iter().map(|domain| domain.1).sum();
        let most = share(domains.first()?.1, links);
        if most >= 0.5 {
            return None;
        }
        at_least(domains.len() as f64, 5.0, || {
            format!("the joint links lead to {} domains, the most frequent has {}", domains.len(), percent(most))
        })
    },
};
