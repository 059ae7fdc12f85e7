//! Pages run together on a platform where pages are run by publishers.

use super::facts::share;
use super::{Label, at_least, percent};

/// Platforms on which publishers run pages or channels.
const PAGE_PLATFORMS: &[&str] = &["facebook", "instagram", "telegram", "vk", "youtube"];

pub(super) const LABEL: Label = Label {
    id: "page-network",
    rule: "all members are on one page platform (Facebook, Instagram, Telegram, VK, YouTube), and at least 60% of the \
           joint objects have at least 80% of their sharers inside the group",
    reading: "These may be pages of one owner or one house, which post the house's own material",
    matches: |facts| {
        let platform = facts.platform().filter(|platform| PAGE_PLATFORMS.contains(platform))?;
        let own = facts
            .joint
            .iter()
            .filter(|joint| share(joint.members.len(), joint.members.len() + joint.outsiders) >= 0.8)
            .count();
        let part = share(own, facts.joint.len());
        at_least(part, 0.6, || {
            format!("all members are on {platform}; {} of the joint objects are shared by hardly anybody else", percent(part))
        })
    },
};
