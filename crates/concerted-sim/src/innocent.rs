//! Innocent groups to plant: those who act together, or seem to, and do no wrong.

use crate::campaign::Delay;
use crate::plan::PlanError;

/// A group, or a crowd, that a careful reader must not take for a campaign.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Innocent {
    /// Pages of one outlet that post the same links within seconds.
    OutletPages {
        /// Pages.
        pages: u32,
        /// Links a day.
        links_per_day: f64,
        /// Seconds within which all have posted.
        within_s: f64,
    },
    /// Fans who repost one account.
    Fandom {
        /// Fans.
        fans: u32,
        /// Posts of the idol a day.
        posts_per_day: f64,
        /// The chance that a fan reposts one.
        participation: f64,
        /// Mean delay in seconds.
        mean_delay_s: f64,
    },
    /// Outlets that print the same agency text, each on its own site.
    Syndication {
        /// Outlets.
        outlets: u32,
        /// Items a day.
        items_per_day: f64,
        /// Mean delay in seconds.
        mean_delay_s: f64,
    },
    /// Readers who use the share button of an article, so that their texts are equal. They are ordinary accounts.
    ShareButton {
        /// Articles a day.
        articles_per_day: f64,
        /// Readers of each.
        sharers: u32,
        /// Mean delay in seconds.
        mean_delay_s: f64,
    },
    /// A party or parliamentary group that acts together openly.
    Declared {
        /// Members.
        members: u32,
        /// Joint actions a day.
        posts_per_day: f64,
        /// The chance that a member joins one.
        participation: f64,
        /// Mean delay in seconds.
        mean_delay_s: f64,
    },
    /// One story that breaks in the last quarter and that a crowd of ordinary accounts shares at once.
    LateNews {
        /// Accounts that share it.
        sharers: u32,
        /// Mean delay in seconds.
        mean_delay_s: f64,
    },
}

impl Innocent {
    /// The kind, as it stands in the truth.
    pub fn label(&self) -> &'static str {
        match self {
            Self::OutletPages { .. } => "outlet-pages",
            Self::Fandom { .. } => "fandom",
            Self::Syndication { .. } => "syndication",
            Self::ShareButton { .. } => "share-button",
            Self::Declared { .. } => "declared",
            Self::LateNews { .. } => "late-news",
        }
    }

    pub(crate) fn check(&self) -> Result<(), PlanError> {
        let (size, rate, share, delay) = match *self {
            Self::OutletPages {
                pages,
                links_per_day,
                within_s,
            } => (pages, links_per_day, 1.0, within_s),
            Self::Fandom {
                fans,
                posts_per_day,
                participation,
                mean_delay_s,
            } => (fans, posts_per_day, participation, mean_delay_s),
            Self::Syndication {
                outlets,
                items_per_day,
                mean_delay_s,
            } => (outlets, items_per_day, 1.0, mean_delay_s),
            Self::ShareButton {
                articles_per_day,
                sharers,
                mean_delay_s,
            } => (sharers, articles_per_day, 1.0, mean_delay_s),
            Self::Declared {
                members,
                posts_per_day,
                participation,
                mean_delay_s,
            } => (members, posts_per_day, participation, mean_delay_s),
            Self::LateNews {
                sharers,
                mean_delay_s,
            } => (sharers, 0.0, 1.0, mean_delay_s),
        };
        let wrong = |field: &str, value: String, allowed: &str| {
            Err(PlanError {
                field: format!("{field} of {}", self.label()),
                value,
                allowed: allowed.to_owned(),
            })
        };
        if !(2..1 << 20).contains(&size) {
            return wrong("size", size.to_string(), "2 to a million");
        }
        if !(0.0..=1000.0).contains(&rate) {
            return wrong("rate", rate.to_string(), "0 to 1000 a day");
        }
        if !(0.0..=1.0).contains(&share) {
            return wrong("participation", share.to_string(), "0 to 1");
        }
        Delay::Mean(delay).check(self.label())
    }
}
