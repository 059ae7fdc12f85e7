//! From the groups of a plan to groups ready to act: what each kind does, how often, and who plays first.

use crate::campaign::{Campaign, Delay, Tactic};
use crate::clock::{DAY_MS, HOUR_MS, moment};
use crate::groups::Group;
use crate::innocent::Innocent;
use crate::plan::Plan;
use crate::random::{Draws, key, whole};
use crate::world::{World, purpose};

/// All groups of a plan, in the order of the plan.
pub(crate) fn groups(plan: &Plan, world: &World) -> Vec<Group> {
    let campaigns = plan
        .campaigns
        .iter()
        .map(|c| Group::campaign(c, plan, world));
    let innocents = plan
        .innocents
        .iter()
        .map(|i| Group::innocent(i, plan, world));
    (0u32..)
        .zip(campaigns.chain(innocents))
        .map(|(index, mut group)| {
            group.settle(index, plan, world);
            group
        })
        .collect()
}

impl Group {
    fn campaign(plan_of: &Campaign, plan: &Plan, world: &World) -> Self {
        Self {
            name: plan_of.name.clone(),
            label: "campaign",
            size: plan_of.members,
            participation: plan_of.participation,
            delay: plan_of.delay,
            actions: spread(
                plan,
                plan_of.first_day,
                plan_of.days,
                u64::from(plan_of.actions),
            ),
            tactics: plan_of.tactics.clone(),
            camouflage: plan_of.camouflage,
            word_drop: plan_of.word_drop,
            rotation: plan_of.rotation,
            chaff: plan_of.chaff,
            both_sides: plan_of.both_sides,
            community: world.community_of(&plan_of.lang, 0),
            campaign: Some(plan_of.clone()),
            ..Self::blank()
        }
    }

    fn innocent(innocent: &Innocent, plan: &Plan, world: &World) -> Self {
        let base = Self {
            label: innocent.label(),
            name: innocent.label().to_owned(),
            ..Self::blank()
        };
        let daily =
            |rate: f64| spread(plan, 0, plan.days, whole(rate * f64::from(plan.days) + 0.5));
        match *innocent {
            Innocent::OutletPages {
                pages,
                links_per_day,
                within_s,
            } => Self {
                size: pages,
                delay: Delay::Within(within_s),
                actions: daily(links_per_day),
                tactics: vec![Tactic::TitledLink],
                platform: world
                    .platforms
                    .iter()
                    .position(|p| p == "facebook")
                    .unwrap_or(0),
                first_role: "page",
                role: "page",
                ..base
            },
            Innocent::Fandom {
                fans,
                posts_per_day,
                participation,
                mean_delay_s,
            } => Self {
                size: fans + 1,
                participation,
                delay: Delay::Mean(mean_delay_s),
                actions: daily(posts_per_day),
                tactics: vec![Tactic::Repost],
                chaff: 1.0,
                first_role: "idol",
                role: "fan",
                ..base
            },
            Innocent::Syndication {
                outlets,
                items_per_day,
                mean_delay_s,
            } => Self {
                size: outlets,
                delay: Delay::Mean(mean_delay_s),
                actions: daily(items_per_day),
                tactics: vec![Tactic::Syndicated],
                first_role: "outlet",
                role: "outlet",
                ..base
            },
            Innocent::ShareButton {
                articles_per_day,
                sharers,
                mean_delay_s,
            } => Self {
                size: sharers,
                delay: Delay::Mean(mean_delay_s),
                actions: daily(articles_per_day),
                tactics: vec![Tactic::TitledLink],
                crowd: true,
                ..base
            },
            Innocent::Declared {
                members,
                posts_per_day,
                participation,
                mean_delay_s,
            } => Self {
                size: members,
                participation,
                delay: Delay::Mean(mean_delay_s),
                actions: daily(posts_per_day),
                tactics: vec![Tactic::Repost, Tactic::Media, Tactic::Hashtags],
                chaff: 0.7,
                ..base
            },
            Innocent::LateNews {
                sharers,
                mean_delay_s,
            } => Self {
                size: sharers,
                delay: Delay::Mean(mean_delay_s),
                actions: spread(plan, plan.days * 3 / 4, (plan.days / 4).max(1), 1),
                tactics: vec![Tactic::SameLink],
                crowd: true,
                ..base
            },
        }
    }

    fn blank() -> Self {
        Self {
            index: 0,
            key: 0,
            name: String::new(),
            label: "",
            size: 0,
            participation: 1.0,
            delay: Delay::Within(0.0),
            actions: Vec::new(),
            tactics: Vec::new(),
            camouflage: 0.0,
            word_drop: 0.0,
            rotation: 0.0,
            chaff: 0.0,
            both_sides: false,
            crowd: false,
            community: u32::MAX,
            platform: usize::MAX,
            first_role: "member",
            role: "member",
            campaign: None,
        }
    }

    /// Gives the group its number, its own key, and moments of its own.
    fn settle(&mut self, index: u32, plan: &Plan, world: &World) {
        self.index = index;
        self.key = key(&[plan.seed, purpose::GROUP, u64::from(index)]);
        if self.community == u32::MAX {
            let lang = &plan.langs[index as usize % plan.langs.len()];
            self.community = world.community_of(lang, self.key);
        } else if let Some(campaign) = &self.campaign {
            self.community = world.community_of(&campaign.lang, self.key);
        }
        if self.platform == usize::MAX {
            self.platform = world.community(self.community).platform;
        }
        if self.label != "campaign" {
            self.name = format!("{}-{index}", self.label);
        }
        if self.tactics.contains(&Tactic::Repost) && self.first_role == "member" {
            self.first_role = "source";
        }
        let mut draws = Draws::new(plan.seed, (1 << 63) | u64::from(index));
        let length = self.actions.len();
        let windows = core::mem::take(&mut self.actions);
        let step = windows
            .get(1)
            .zip(windows.first())
            .map_or(DAY_MS, |(b, a)| (b - a).max(1));
        self.actions = windows
            .iter()
            .map(|&from| moment(&mut draws, from, step, world.offset_ms))
            .collect();
        self.actions.sort_unstable();
        debug_assert_eq!(self.actions.len(), length);
    }
}

/// The starts of `count` equal parts of some days.
fn spread(plan: &Plan, first_day: u32, days: u32, count: u64) -> Vec<i64> {
    let from = plan.start_ms + i64::from(first_day) * DAY_MS;
    let length = (i64::from(days) * DAY_MS - HOUR_MS).max(HOUR_MS);
    let count = count.cast_signed();
    (0..count).map(|i| from + length / count * i).collect()
}
