//! The same interests.

use super::{Figures, Label};

pub(super) const LABEL: Label = Label {
    id: "same-interests",
    rule: "the members also meet on the same objects hours later, so often that the score falls below the bar once \
           that is taken off",
    reading: "These may be people of one taste, who would meet on these objects without any plan",
    matches: |facts| {
        let grade = &facts.group.grade;
        (!grade.joint_timing).then(|| Figures {
            value: grade.score_net_of_taste,
            threshold: grade.bar,
            words: format!(
                "members meet again on the same objects hours later {:.1} times as often as chance gives; net of that the score is {:.1} nats",
                grade.taste, grade.score_net_of_taste
            ),
        })
    },
};
