//! Things that everybody shares.

use super::facts::share;
use super::{Label, at_least, percent};

pub(super) const LABEL: Label = Label {
    id: "popular-items",
    rule: "at least half of the joint objects have as many sharers outside the group as inside",
    reading: "These may be strangers drawn to the same popular items: a share button, a headline, a slogan of the day",
    matches: |facts| {
        let popular = facts.joint.iter().filter(|joint| joint.outsiders >= joint.members.len()).count();
        let part = share(popular, facts.joint.len());
        at_least(part, 0.5, || {
            format!("{} of the joint objects have as many sharers outside the group as inside", percent(part))
        })
    },
};
