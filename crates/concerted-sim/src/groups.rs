//! Who acts together, and who joins when? Campaigns and innocent groups are one machine with different
//! settings (`casting.rs`).
//!
//! Who takes part in an action, how late, and who has replaced whom follow from the numbers of group,
//! action and place in the roster. The truth is therefore computed without making a single post.

use std::collections::BTreeMap;

use concerted_stats::math::ln_1p;

use crate::campaign::{Campaign, Delay, Tactic};
use crate::post::Truth;
use crate::random::{key, unit, whole};
use crate::world::{AccountNumber, World, purpose};

/// Numbers of planted accounts begin here, far above those of the background.
const FIRST_PLANTED: u64 = 1 << 62;

/// A group ready to act.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) index: u32,
    pub(crate) key: u64,
    pub(crate) name: String,
    pub(crate) label: &'static str,
    pub(crate) size: u32,
    pub(crate) participation: f64,
    pub(crate) delay: Delay,
    /// When its actions begin, in order.
    pub(crate) actions: Vec<i64>,
    pub(crate) tactics: Vec<Tactic>,
    pub(crate) camouflage: f64,
    pub(crate) word_drop: f64,
    pub(crate) rotation: f64,
    pub(crate) chaff: f64,
    pub(crate) both_sides: bool,
    /// Whether each action draws other people, from the background.
    pub(crate) crowd: bool,
    pub(crate) community: u32,
    pub(crate) platform: usize,
    pub(crate) first_role: &'static str,
    pub(crate) role: &'static str,
    pub(crate) campaign: Option<Campaign>,
}

impl Group {
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

    pub(crate) fn role(&self, slot: u32) -> &'static str {
        match slot {
            0 if self.first_role != self.role => self.first_role,
            _ if self.both_sides => ["persona-a", "persona-b"][self.side(slot)],
            _ => self.role,
        }
    }

    pub(crate) fn side(&self, slot: u32) -> usize {
        if self.both_sides {
            slot as usize % 2
        } else {
            0
        }
    }

    pub(crate) fn chance(&self, purpose: u64, action: u32, slot: u32) -> f64 {
        unit(key(&[
            self.key,
            purpose,
            u64::from(action),
            u64::from(slot),
        ]))
    }

    pub(crate) fn tactic(&self, action: u32) -> Tactic {
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

    pub(crate) fn joins(&self, action: u32, slot: u32) -> bool {
        let leads = slot == 0 && self.tactic(action) == Tactic::Repost && !self.hides(action);
        leads || self.chance(purpose::JOINS, action, slot) < self.participation
    }

    /// Milliseconds after the action's start. Who is reposted posts first.
    pub(crate) fn lateness(&self, action: u32, slot: u32) -> i64 {
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
    pub(crate) fn rotate(&self, action: u32, generations: &mut [u32]) {
        if self.rotation > 0.0 && action > 0 {
            for (slot, generation) in (0u32..).zip(generations) {
                if self.chance(purpose::REPLACED, action, slot) < self.rotation {
                    *generation = (*generation + 1).min((1 << 21) - 1);
                }
            }
        }
    }

    pub(crate) fn truth(&self, world: &World, out: &mut Vec<Truth>) {
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
