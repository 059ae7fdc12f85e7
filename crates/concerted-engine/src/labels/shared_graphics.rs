//! Ready-made graphics.

use super::{Label, at_least, percent};
use crate::share::ObjectKind;

pub(super) const LABEL: Label = Label {
    id: "shared-graphics",
    rule: "at least 80% of the joint shares are images or videos",
    reading: "These may be branches or fans that post graphics handed to them",
    matches: |facts| {
        let traces = facts.traces();
        let media = facts.part_of_joint_shares(|slot| facts.kind(traces.object[slot as usize]) == ObjectKind::Media);
        at_least(media, 0.8, || format!("{} of the joint shares are images or videos", percent(media)))
    },
};
