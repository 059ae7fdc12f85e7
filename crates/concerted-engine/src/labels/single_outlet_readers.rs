//! The readers of one outlet.

use super::Label;
use super::single_outlet_pages::{OWN_LINKS, one_outlet};

pub(super) const LABEL: Label = Label {
    id: "single-outlet-readers",
    rule: "as single-outlet-pages, but less than 80% of the members' own links lead to the outlet",
    reading: "These may be readers of one outlet who pass its articles on when they appear",
    matches: |facts| one_outlet(facts).filter(|figures| figures.value < OWN_LINKS),
};
