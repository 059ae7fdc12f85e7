//! What to simulate: the size of the background, the campaigns, and the innocent groups beside them.

use core::fmt;

use crate::voices::LANGS;

/// A whole synthetic election. The same plan always gives the same posts.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Every random choice comes from this.
    pub seed: u64,
    /// Posts of the background, exactly. Planted groups come on top.
    pub posts: u64,
    /// Accounts that the background draws from; a few of the least active may never post.
    pub accounts: u64,
    /// Length, in days of 24 hours.
    pub days: u32,
    /// First moment, in milliseconds since 1970 UTC.
    pub start_ms: i64,
    /// Hours that local time is ahead of UTC; people sleep by local time.
    pub utc_offset_hours: i32,
    /// Circles of accounts with a taste in common.
    pub communities: u32,
    /// The share of posts on objects of the own community; the rest goes to all of its language and platform.
    /// The higher, the more innocent accounts meet again and again: at 0.9, or with many languages on few
    /// accounts, tests that know nothing of taste find groups in the background.
    pub shared_taste: f64,
    /// Languages, the most spoken first; see [`crate::LANGS`].
    pub langs: Vec<String>,
    /// Platforms, dealt out to the communities in turn.
    pub platforms: Vec<String>,
    /// Breaking news, on average.
    pub bursts_per_day: f64,
    /// Those who act in concert and hide it.
    pub campaigns: Vec<Campaign>,
    /// Those who act in concert, or seem to, and do no wrong.
    pub innocents: Vec<Innocent>,
}

impl Default for Plan {
    /// A hundred thousand posts in six weeks before an election, nothing planted.
    fn default() -> Self {
        Self {
            seed: 1,
            posts: 100_000,
            accounts: 30_000,
            days: 42,
            // 2026-03-01T00:00:00Z
            start_ms: 1_772_323_200_000,
            utc_offset_hours: 1,
            communities: 16,
            shared_taste: 0.4,
            langs: ["en", "de"].map(str::to_owned).to_vec(),
            platforms: ["twitter", "facebook"].map(str::to_owned).to_vec(),
            bursts_per_day: 3.0,
            campaigns: Vec::new(),
            innocents: Vec::new(),
        }
    }
}

impl Plan {
    /// The default background with three campaigns, from easy to hard, and one innocent group of each kind.
    pub fn example() -> Self {
        Self {
            campaigns: vec![
                Campaign {
                    name: "loud".into(),
                    members: 20,
                    actions: 30,
                    ..Campaign::default()
                },
                Campaign {
                    name: "patient".into(),
                    ..Campaign::medium()
                },
                Campaign {
                    name: "faint".into(),
                    ..Campaign::hard()
                },
            ],
            innocents: vec![
                Innocent::OutletPages {
                    pages: 8,
                    links_per_day: 3.0,
                    within_s: 20.0,
                },
                Innocent::Fandom {
                    fans: 40,
                    posts_per_day: 1.0,
                    participation: 0.4,
                    mean_delay_s: 900.0,
                },
                Innocent::Syndication {
                    outlets: 6,
                    items_per_day: 2.0,
                    mean_delay_s: 600.0,
                },
                Innocent::ShareButton {
                    articles_per_day: 1.0,
                    sharers: 15,
                    mean_delay_s: 7200.0,
                },
                Innocent::Declared {
                    members: 25,
                    posts_per_day: 1.0,
                    participation: 0.5,
                    mean_delay_s: 1800.0,
                },
                Innocent::LateNews {
                    sharers: 60,
                    mean_delay_s: 240.0,
                },
            ],
            ..Self::default()
        }
    }

    /// Whether the plan can be carried out.
    pub fn check(&self) -> Result<(), PlanError> {
        let wrong = |field: &str, value: String, allowed: &str| {
            Err(PlanError {
                field: field.to_owned(),
                value,
                allowed: allowed.to_owned(),
            })
        };
        if self.accounts < 3 || self.accounts > 1 << 40 {
            return wrong("accounts", self.accounts.to_string(), "3 to 2^40");
        }
        if self.posts > 1 << 40 {
            return wrong("posts", self.posts.to_string(), "at most 2^40");
        }
        if self.days == 0 || self.days > 2500 {
            return wrong("days", self.days.to_string(), "1 to 2500");
        }
        if self.communities == 0 || self.communities > 1000 {
            return wrong("communities", self.communities.to_string(), "1 to 1000");
        }
        if !(-24..=24).contains(&self.utc_offset_hours) {
            return wrong(
                "utc_offset_hours",
                self.utc_offset_hours.to_string(),
                "-24 to 24",
            );
        }
        if self.start_ms.abs() > 1 << 50 {
            return wrong(
                "start_ms",
                self.start_ms.to_string(),
                "a time within 30,000 years of 1970",
            );
        }
        if !(0.0..=1.0).contains(&self.shared_taste) {
            return wrong("shared_taste", self.shared_taste.to_string(), "0 to 1");
        }
        if !(0.0..=24.0).contains(&self.bursts_per_day) {
            return wrong("bursts_per_day", self.bursts_per_day.to_string(), "0 to 24");
        }
        if self.langs.is_empty() || self.platforms.is_empty() {
            return wrong(
                "langs and platforms",
                "an empty list".into(),
                "at least one of each",
            );
        }
        let langs = self
            .langs
            .iter()
            .chain(self.campaigns.iter().map(|c| &c.lang));
        for lang in langs {
            if !LANGS.contains(&lang.as_str()) {
                return wrong("lang", lang.clone(), &LANGS.join(", "));
            }
        }
        if self.campaigns.len() + self.innocents.len() > 10_000 {
            return wrong(
                "campaigns and innocents",
                "more than 10,000 groups".into(),
                "at most 10,000",
            );
        }
        for campaign in &self.campaigns {
            campaign.check(self.days)?;
        }
        for innocent in &self.innocents {
            innocent.check()?;
        }
        Ok(())
    }
}

/// A hidden campaign.
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    /// Name of the group in the truth.
    pub name: String,
    /// Accounts on duty at any time.
    pub members: u32,
    /// Joint actions.
    pub actions: u32,
    /// First day, from 0.
    pub first_day: u32,
    /// Days over which the actions are spread.
    pub days: u32,
    /// The chance that a member joins an action.
    pub participation: f64,
    /// How soon members follow.
    pub delay: Delay,
    /// What they do, in turn.
    pub tactics: Vec<Tactic>,
    /// The share of actions on objects that are popular anyway.
    pub camouflage: f64,
    /// The chance that a word of a copied text is left out.
    pub word_drop: f64,
    /// The chance, at each action, that a member is replaced by a fresh account for good.
    pub rotation: f64,
    /// Ordinary posts that a member makes a day, to look like anyone.
    pub chaff: f64,
    /// Whether half of the members play one side of each issue and half the other.
    pub both_sides: bool,
    /// Language it writes in.
    pub lang: String,
}

impl Default for Campaign {
    /// Easy to see: 10 accounts, 20 actions, nearly all within half a minute.
    fn default() -> Self {
        Self {
            name: "campaign".into(),
            members: 10,
            actions: 20,
            first_day: 5,
            days: 30,
            participation: 0.9,
            delay: Delay::Within(30.0),
            tactics: vec![Tactic::SameText, Tactic::SameLink, Tactic::Repost],
            camouflage: 0.0,
            word_drop: 0.0,
            rotation: 0.0,
            chaff: 0.5,
            both_sides: false,
            lang: "en".into(),
        }
    }
}

impl Campaign {
    /// 8 accounts, 10 actions, three of ten on popular objects, minutes apart.
    pub fn medium() -> Self {
        Self {
            members: 8,
            actions: 10,
            participation: 0.6,
            delay: Delay::Mean(180.0),
            camouflage: 0.3,
            ..Self::default()
        }
    }

    /// 5 accounts, 6 actions, most of them on popular objects, half an hour apart, texts altered.
    pub fn hard() -> Self {
        Self {
            members: 5,
            actions: 6,
            participation: 0.5,
            delay: Delay::Mean(1800.0),
            camouflage: 0.6,
            word_drop: 0.15,
            chaff: 1.0,
            tactics: vec![Tactic::SameText],
            ..Self::default()
        }
    }

    fn check(&self, plan_days: u32) -> Result<(), PlanError> {
        let wrong = |field: &str, value: String, allowed: &str| {
            Err(PlanError {
                field: format!("{field} of campaign {}", self.name),
                value,
                allowed: allowed.to_owned(),
            })
        };
        if self.members < 2 || self.members >= 1 << 20 {
            return wrong("members", self.members.to_string(), "2 to a million");
        }
        if self.actions > 1 << 20 {
            return wrong("actions", self.actions.to_string(), "at most a million");
        }
        if self.days == 0 || self.first_day.saturating_add(self.days) > plan_days {
            let value = format!("{} from day {}", self.days, self.first_day);
            return wrong("days", value, "at least 1, and inside the plan's days");
        }
        if self.tactics.is_empty() {
            return wrong("tactics", "none".into(), "at least one");
        }
        for (field, share) in [
            ("participation", self.participation),
            ("camouflage", self.camouflage),
            ("word_drop", self.word_drop),
            ("rotation", self.rotation),
        ] {
            if !(0.0..=1.0).contains(&share) {
                return wrong(field, share.to_string(), "0 to 1");
            }
        }
        if !(0.0..=1000.0).contains(&self.chaff) {
            return wrong("chaff", self.chaff.to_string(), "0 to 1000 posts a day");
        }
        self.delay.check(&self.name)
    }
}

/// How soon after the start of an action its participants follow, each on its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delay {
    /// Evenly within so many seconds.
    Within(f64),
    /// Exponentially with a mean of so many seconds.
    Mean(f64),
}

impl Delay {
    fn check(self, whose: &str) -> Result<(), PlanError> {
        let (Self::Within(seconds) | Self::Mean(seconds)) = self;
        if (0.0..=1e7).contains(&seconds) {
            return Ok(());
        }
        Err(PlanError {
            field: format!("delay of {whose}"),
            value: seconds.to_string(),
            allowed: "0 to ten million seconds".to_owned(),
        })
    }
}

/// What the accounts of a group do in one joint action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tactic {
    /// They post one text, each perhaps with words left out.
    SameText,
    /// They post one link with words of their own.
    SameLink,
    /// They repost one post of the group's first account.
    Repost,
    /// They use one rare pair of hashtags in texts of their own.
    Hashtags,
    /// They post one image with texts of their own.
    Media,
    /// They post one link under its title, as pages of one outlet do.
    TitledLink,
    /// Each posts a link of its own, all with one title and text, as papers that print the same agency do.
    Syndicated,
}

/// A group, or a crowd, that a careful reader must not take for a campaign.
#[derive(Clone, Debug, PartialEq)]
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

    fn check(&self) -> Result<(), PlanError> {
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

/// A plan that cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError {
    field: String,
    value: String,
    allowed: String,
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            field,
            value,
            allowed,
        } = self;
        write!(f, "{field} is {value}; it must be {allowed}")
    }
}

impl core::error::Error for PlanError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_that_cannot_be_is_named() {
        assert_eq!(Plan::example().check(), Ok(()));
        for (plan, want) in [
            (
                Plan {
                    accounts: 2,
                    ..Plan::default()
                },
                "accounts is 2; it must be 3 to 2^40",
            ),
            (
                Plan {
                    langs: vec!["xx".into()],
                    ..Plan::default()
                },
                "lang is xx; it must be en, de, es, ru, ar, zh",
            ),
            (
                Plan {
                    campaigns: vec![Campaign {
                        first_day: 40,
                        ..Campaign::default()
                    }],
                    ..Plan::default()
                },
                "days of campaign campaign is 30 from day 40; it must be at least 1, and inside the plan's days",
            ),
            (
                Plan {
                    campaigns: vec![Campaign {
                        word_drop: f64::NAN,
                        ..Campaign::default()
                    }],
                    ..Plan::default()
                },
                "word_drop of campaign campaign is NaN; it must be 0 to 1",
            ),
            (
                Plan {
                    innocents: vec![Innocent::LateNews {
                        sharers: 1,
                        mean_delay_s: 1.0,
                    }],
                    ..Plan::default()
                },
                "size of late-news is 1; it must be 2 to a million",
            ),
        ] {
            assert_eq!(
                plan.check().map_err(|e| e.to_string()),
                Err(want.to_owned())
            );
        }
    }
}
