//! Whose turn is it? The posts of all groups in order of time, opened action by action.

use concerted_stats::math::ln_1p;

use crate::clock::DAY_MS;
use crate::groups::Group;
use crate::objects::Source;
use crate::plan::Plan;
use crate::random::{key, mix, unit, whole};
use crate::world::purpose;

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
    pub(crate) lead: u32,
    /// A popular post to hide behind.
    pub(crate) popular: Option<Source>,
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
