//! The same items hours apart.

use super::{Figures, Label};

pub(super) const LABEL: Label = Label {
    id: "slow-same-items",
    rule: "the window that explains most is at least an hour, and joint acts typically spread over more than an hour",
    reading: "These may be people who read the same sources and post when they get to it; timing is not shown",
    matches: |facts| {
        let spread = facts.median_spread()? as f64 / 3_600_000.0;
        (facts.group.scale_s >= 3_600 && spread > 1.0).then(|| Figures {
            value: spread,
            threshold: 1.0,
            words: format!("half of the joint acts spread over more than {spread:.1} hours"),
        })
    },
};
