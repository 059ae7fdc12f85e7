//! What to simulate: the size of the background, the campaigns, and the innocent groups beside them.

use core::fmt;

use crate::campaign::Campaign;
use crate::innocent::Innocent;
use crate::voices::LANGS;

/// A whole synthetic election. The same plan always gives the same posts.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
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

/// A plan that cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError {
    pub(crate) field: String,
    pub(crate) value: String,
    pub(crate) allowed: String,
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
