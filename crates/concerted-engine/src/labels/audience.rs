//! The audience of one account.

use super::{Label, at_least, percent};

pub(super) const LABEL: Label = Label {
    id: "audience",
    rule: "at least 80% of the joint reposts pass on posts of one account",
    reading: "These may be followers of one account who pass on what it posts: a fandom, a party's supporters",
    matches: |facts| {
        let (author, part, reposts) = facts.main_author()?;
        at_least(part, 0.8, || format!("{} of the {reposts} joint reposts pass on posts of one account, {author}", percent(part)))
    },
};
