//! A campaign to plant: how many, how often, how soon, and how well hidden.

use crate::plan::PlanError;

/// A hidden campaign.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
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

    pub(crate) fn check(&self, plan_days: u32) -> Result<(), PlanError> {
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
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delay {
    /// Evenly within so many seconds.
    Within(f64),
    /// Exponentially with a mean of so many seconds.
    Mean(f64),
}

impl Delay {
    pub(crate) fn check(self, whose: &str) -> Result<(), PlanError> {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
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
