//! A scheduling tool that posts everywhere at once.

use super::facts::share;
use super::{Label, at_least, percent};

pub(super) const LABEL: Label = Label {
    id: "scheduler",
    rule: "at least half of the joint objects have two members in the same second (needs a clock of one second or finer)",
    reading: "One desk may post to several accounts of its own through a scheduling tool",
    matches: |facts| {
        if facts.corpus().resolution > 1_000 {
            return None;
        }
        let traces = facts.traces();
        let second = |slot: u32| traces.time[slot as usize].div_euclid(1_000);
        let same = facts
            .joint
            .iter()
            .filter(|joint| joint.members.windows(2).any(|pair| second(pair[0]) == second(pair[1])))
            .count();
        let part = share(same, facts.joint.len());
        at_least(part, 0.5, || format!("{} of the joint objects have two members in the same second", percent(part)))
    },
};
