//! Who acts together, when, and what do they do? Campaigns and innocent groups are one machine with
//! different settings.
//!
//! Who takes part in an action, how late, and who has replaced whom follow from the numbers of group,
//! action and place in the roster. The truth is therefore computed without making a single post.

use std::collections::BTreeMap;

use concerted_stats::math::ln_1p;

use crate::clock::{DAY_MS, HOUR_MS, moment};
use crate::plan::{Campaign, Delay, Innocent, Plan, Tactic};
use crate::post::{Planted, SimPost, Truth};
use crate::random::{Draws, Seq, key, mix, unit, whole};
use crate::voices::About;
use crate::world::{AccountNumber, Source, World, purpose};
use crate::writing::hash_text;

/// Numbers of planted accounts begin here, far above those of the background.
const FIRST_PLANTED: u64 = 1 << 62;

/// A group ready to act.
#[derive(Debug)]
pub(crate) struct Group {
    index: u32,
    key: u64,
    name: String,
    label: &'static str,
    size: u32,
    participation: f64,
    delay: Delay,
    /// When its actions begin, in order.
    actions: Vec<i64>,
    tactics: Vec<Tactic>,
    camouflage: f64,
    word_drop: f64,
    rotation: f64,
    pub(crate) chaff: f64,
    both_sides: bool,
    /// Whether each action draws other people, from the background.
    crowd: bool,
    pub(crate) community: u32,
    platform: usize,
    first_role: &'static str,
    role: &'static str,
    campaign: Option<Campaign>,
}

/// What one participant of one action is about to post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Turn {
    pub(crate) time: i64,
    pub(crate) group: u32,
    pub(crate) slot: u32,
    pub(crate) generation: u32,
    /// The action, or none for a post of the account's own.
    pub(crate) action: Option<u32>,
    /// The generation of the first account, whose post the others may repost.
    lead: u32,
    /// A popular post to hide behind.
    pub(crate) popular: Option<Source>,
}

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

    /// The account at a place of the roster, after so many replacements.
    pub(crate) fn account(
        &self,
        world: &World,
        slot: u32,
        generation: u32,
        action: Option<u32>,
    ) -> AccountNumber {
        if let (true, Some(action)) = (self.crowd, action) {
            let u = unit(key(&[
                self.key,
                purpose::CROWD,
                u64::from(action),
                u64::from(slot),
            ]));
            return world.account_in(self.community, u);
        }
        FIRST_PLANTED
            | (u64::from(self.index) << 42)
            | (u64::from(generation) << 21)
            | u64::from(slot)
    }

    fn role(&self, slot: u32) -> &'static str {
        match slot {
            0 if self.first_role != self.role => self.first_role,
            _ if self.both_sides => ["persona-a", "persona-b"][self.side(slot)],
            _ => self.role,
        }
    }

    fn side(&self, slot: u32) -> usize {
        if self.both_sides {
            slot as usize % 2
        } else {
            0
        }
    }

    fn chance(&self, purpose: u64, action: u32, slot: u32) -> f64 {
        unit(key(&[
            self.key,
            purpose,
            u64::from(action),
            u64::from(slot),
        ]))
    }

    fn tactic(&self, action: u32) -> Tactic {
        self.tactics[action as usize % self.tactics.len()]
    }

    /// Whether an action hides behind something popular.
    pub(crate) fn hides(&self, action: u32) -> bool {
        self.chance(purpose::CAMOUFLAGE, action, 0) < self.camouflage
    }

    /// Whether a hidden action reposts something popular rather than linking to it.
    pub(crate) fn hides_in_repost(&self, action: u32) -> bool {
        self.hides(action) && self.chance(purpose::CAMOUFLAGE, action, 1) < 0.5
    }

    fn joins(&self, action: u32, slot: u32) -> bool {
        let leads = slot == 0 && self.tactic(action) == Tactic::Repost && !self.hides(action);
        leads || self.chance(purpose::JOINS, action, slot) < self.participation
    }

    /// Milliseconds after the action's start. Who is reposted posts first.
    fn lateness(&self, action: u32, slot: u32) -> i64 {
        if slot == 0 && self.tactic(action) == Tactic::Repost && !self.hides(action) {
            return 0;
        }
        let u = self.chance(purpose::DELAY, action, slot);
        let seconds = match self.delay {
            Delay::Within(seconds) => u * seconds,
            Delay::Mean(seconds) => -ln_1p(-u) * seconds,
        };
        whole(seconds * 1000.0).cast_signed()
    }

    /// Lets time pass to an action: some places of the roster get a fresh account.
    fn rotate(&self, action: u32, generations: &mut [u32]) {
        if self.rotation > 0.0 && action > 0 {
            for (slot, generation) in (0u32..).zip(generations) {
                if self.chance(purpose::REPLACED, action, slot) < self.rotation {
                    *generation = (*generation + 1).min((1 << 21) - 1);
                }
            }
        }
    }

    fn truth(&self, world: &World, out: &mut Vec<Truth>) {
        if self.crowd {
            return;
        }
        let mut joined: BTreeMap<(u32, u32), u32> =
            (0..self.size).map(|slot| ((slot, 0), 0)).collect();
        let mut generations = vec![0u32; self.size as usize];
        for action in 0..u32::try_from(self.actions.len()).unwrap_or(u32::MAX) {
            self.rotate(action, &mut generations);
            for (slot, &generation) in (0u32..).zip(&generations) {
                let count = joined.entry((slot, generation)).or_default();
                *count += u32::from(self.joins(action, slot));
            }
        }
        for ((slot, generation), joined) in joined {
            let mut account_id = String::new();
            world.write_account(self.account(world, slot, generation, None), &mut account_id);
            out.push(Truth {
                account_id,
                group_id: self.name.clone(),
                group: self.index,
                role: self.role(slot),
                label: self.label,
                joined,
                campaign: self.campaign.clone(),
            });
        }
    }

    /// Writes the post of one turn.
    pub(crate) fn act(
        &self,
        world: &World,
        turn: &Turn,
        action: u32,
        serial: u64,
        post: &mut SimPost,
    ) {
        let voice = world.community(self.community).voice;
        let account = self.account(world, turn.slot, turn.generation, Some(action));
        let side = self.side(turn.slot);
        let object = key(&[self.key, purpose::OBJECT, u64::from(action), side as u64]);
        let own = key(&[
            self.key,
            purpose::COPY,
            u64::from(action),
            u64::from(turn.slot),
        ]);
        let issue = usize::try_from(self.key.wrapping_add(u64::from(action)) % 4).unwrap_or(0);
        let about = if self.label == "campaign" {
            About::Issue(issue)
        } else {
            About::Event(object)
        };
        let planted = Source::Planted {
            group: self.index,
            action,
        };
        let hides = self.hides(action);
        let leads = turn.slot == 0 && self.tactic(action) == Tactic::Repost && !hides;
        let id = if leads {
            planted
        } else {
            Source::Serial(serial)
        };
        world.open(post, id, account, (self.platform, voice), turn.time);
        post.planted = Some(Planted {
            group: self.index,
            action,
        });

        if let (true, Some(source @ Source::Organic { community, .. })) = (hides, turn.popular) {
            world.say(post, source, community);
            world.mark_repost(post, source, world.author(community, source));
            return;
        }
        if hides {
            let start = self.actions[action as usize];
            let article =
                world.draw_article(self.community, start, true, &mut Draws::new(object, 0));
            world.link(post, &article, own);
            world.comment_on_link(post, &article, own);
            World::close(post);
            return;
        }
        match self.tactic(action) {
            Tactic::SameText => {
                let mut text = String::new();
                voice.post(object, about, &mut text);
                voice.mutate(&text, self.word_drop, own, &mut post.text);
            }
            Tactic::SameLink => {
                // A handful of sites, so that the group is not known by one domain alone.
                let site = key(&[self.key, purpose::OUTLET, object % 4]);
                self.link(world, post, object, site, about, own);
                voice.post(own, about, &mut post.text);
            }
            Tactic::Repost => {
                let lead = self.account(world, 0, turn.lead, Some(action));
                voice.post(
                    key(&[self.key, purpose::OBJECT, u64::from(action)]),
                    about,
                    &mut post.text,
                );
                if !leads {
                    world.mark_repost(post, planted, lead);
                }
                return;
            }
            Tactic::Hashtags => {
                voice.post(own, about, &mut post.text);
                for n in 0..2 {
                    let mut tag = String::new();
                    voice.tag(object.wrapping_add(n), &mut tag);
                    World::add_tag(post, &tag);
                }
            }
            Tactic::Media => {
                voice.post(own, about, &mut post.text);
                post.media.push(hash_text(object));
            }
            Tactic::TitledLink => {
                self.link(world, post, object, self.key, about, own);
                post.text.push_str(&post.link_title);
                if self.crowd {
                    let mut site = String::new();
                    World::write_site(self.key, &mut site);
                    voice.share(&site, object, &mut post.text);
                }
            }
            Tactic::Syndicated => {
                let paper = key(&[self.key, purpose::OUTLET, u64::from(turn.slot)]);
                self.link(world, post, object, paper, about, own);
                post.text.push_str(&post.link_title);
            }
        }
        if self.label == "campaign" && Seq(own).chance(0.4) {
            World::add_tag(post, voice.issue_tag(issue, side));
        }
        World::close(post);
    }

    fn link(
        &self,
        world: &World,
        post: &mut SimPost,
        object: u64,
        site: u64,
        about: About,
        own: u64,
    ) {
        let voice = world.community(self.community).voice;
        voice.headline(object, about, &mut post.link_title);
        let mut name = String::with_capacity(24);
        World::write_site(site, &mut name);
        World::link_on(post, &name, object, own);
    }
}

/// The starts of `count` equal parts of some days.
fn spread(plan: &Plan, first_day: u32, days: u32, count: u64) -> Vec<i64> {
    let from = plan.start_ms + i64::from(first_day) * DAY_MS;
    let length = (i64::from(days) * DAY_MS - HOUR_MS).max(HOUR_MS);
    let count = count.cast_signed();
    (0..count).map(|i| from + length / count * i).collect()
}

/// The accounts of all groups. Crowds of ordinary accounts, as around a share button, are no group and have
/// no row.
pub(crate) fn truth(groups: &[Group], world: &World) -> Vec<Truth> {
    let mut out = Vec::new();
    for group in groups {
        group.truth(world, &mut out);
    }
    out
}

/// Hands out the turns of all groups in order of time, action by action, so that only the participants of
/// open actions are kept.
#[derive(Debug)]
pub(crate) struct Turns {
    /// All actions: start, group, action; the next one last.
    actions: Vec<(i64, u32, u32)>,
    generations: Vec<Vec<u32>>,
}

impl Turns {
    pub(crate) fn new(groups: &[Group]) -> Self {
        let mut actions: Vec<(i64, u32, u32)> = groups
            .iter()
            .flat_map(|g| {
                (0u32..)
                    .zip(&g.actions)
                    .map(|(action, &start)| (start, g.index, action))
            })
            .collect();
        actions.sort_unstable_by(|a, b| b.cmp(a));
        let generations = groups
            .iter()
            .map(|g| vec![0; if g.crowd { 0 } else { g.size as usize }])
            .collect();
        Self {
            actions,
            generations,
        }
    }

    /// Opens the next action if it starts before `until`: calls `turn` for each participant.
    pub(crate) fn open(
        &mut self,
        groups: &[Group],
        until: i64,
        mut popular: impl FnMut(&Group, i64) -> Option<Source>,
        mut turn: impl FnMut(Turn),
    ) -> bool {
        let Some((start, index, action)) = self.actions.pop_if(|next| next.0 < until) else {
            return false;
        };
        let group = &groups[index as usize];
        let generations = &mut self.generations[index as usize];
        group.rotate(action, generations);
        let popular = if group.hides_in_repost(action) {
            popular(group, start)
        } else {
            None
        };
        for slot in (0..group.size).filter(|&slot| group.joins(action, slot)) {
            turn(Turn {
                time: start + group.lateness(action, slot),
                group: index,
                slot,
                generation: generations.get(slot as usize).copied().unwrap_or(0),
                action: Some(action),
                lead: generations.first().copied().unwrap_or(0),
                popular,
            });
        }
        true
    }

    /// The generation at a place of a roster now.
    pub(crate) fn generation(&self, group: u32, slot: u32) -> u32 {
        let roster = self.generations.get(group as usize);
        roster
            .and_then(|r| r.get(slot as usize))
            .copied()
            .unwrap_or(0)
    }
}

/// The first post of its own that each member of each group makes beside the joint ones.
pub(crate) fn first_chaff(groups: &[Group], plan: &Plan) -> Vec<Turn> {
    groups
        .iter()
        .filter(|g| g.chaff > 0.0 && !g.crowd)
        .flat_map(|g| {
            (0..g.size).map(|slot| {
                let wait = mix(key(&[g.key, purpose::CROWD, u64::from(slot)]));
                g.chaff_turn(plan.start_ms, slot, 0, unit(wait))
            })
        })
        .collect()
}

impl Group {
    /// The next post of its own that a member makes after `now`; `u` is uniform in `[0, 1)`.
    pub(crate) fn chaff_turn(&self, now: i64, slot: u32, generation: u32, u: f64) -> Turn {
        let wait = -ln_1p(-u) * DAY_MS as f64 / self.chaff;
        Turn {
            time: now.saturating_add(whole(wait).cast_signed()),
            group: self.index,
            slot,
            generation,
            action: None,
            lead: 0,
            popular: None,
        }
    }
}
