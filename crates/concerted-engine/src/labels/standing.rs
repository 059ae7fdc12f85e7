//! A network that has been there for longer.

use super::{Label, at_least};

pub(super) const LABEL: Label = Label {
    id: "standing",
    rule: "the first joint act is more than 7 days before the last",
    reading: "This is a standing network and not a campaign made for the day",
    matches: |facts| {
        let (first, last) = facts.span()?;
        let days = (last - first) as f64 / 86_400_000.0;
        at_least(days, 7.0, || format!("joint acts span {days:.0} days"))
    },
};
