//! Bodies that coordinate openly.

use super::facts::share;
use super::{Label, at_least};

pub(super) const LABEL: Label = Label {
    id: "declared",
    rule: "at least 80% of the members stand in the register of openly coordinated bodies that the user supplies",
    reading: "These are members of a body that coordinates openly",
    matches: |facts| {
        let (listed, all) = (facts.declared(), facts.accounts.len());
        at_least(share(listed, all), 0.8, || format!("{listed} of {all} members stand in the register"))
    },
};
