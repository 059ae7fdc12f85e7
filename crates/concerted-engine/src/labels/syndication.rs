//! Headlines posted by syndication.

use super::{Label, at_least, percent};
use crate::normalize::text::normal_text;

pub(super) const LABEL: Label = Label {
    id: "syndication",
    rule: "at least 80% of the joint shares carry a link, at most 20% are reposts, and at least 80% of those with a \
           link title have the title as their text",
    reading: "These may be newsrooms and aggregators that post syndicated headlines automatically",
    matches: |facts| {
        let with_link = facts.part_of_joint_shares(|slot| facts.view(slot).links().len() > 0);
        let reposts = facts.part_of_joint_shares(|slot| facts.view(slot).is_repost());
        if with_link < 0.8 || reposts > 0.2 {
            return None;
        }
        let (mut titled, mut same) = (0, 0);
        let mut title = String::new();
        for slot in facts.joint_shares() {
            let view = facts.view(slot);
            normal_text(view.post().link_title(), &mut title);
            if !title.is_empty() {
                titled += 1;
                same += usize::from(view.normal_text() == title);
            }
        }
        if titled == 0 {
            return None;
        }
        let part = super::facts::share(same, titled);
        at_least(part, 0.8, || {
            format!("{} of the joint shares carry a link, and the text of {} is the title of the page", percent(with_link), percent(part))
        })
    },
};
