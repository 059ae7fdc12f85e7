//! The group e-process over bursts: who keeps turning up together, as of each moment?
//!
//! Shares come one by one in canonical order. Accounts that share one object in quick succession
//! form a *burst*; every burst of three or more is a *candidate* group, which from then on bets, each
//! time one of its members shares something else, that the next accounts to join in will again be its
//! own. A bet is paid at the odds that chance gives, so what a candidate owns, `E`, is an e-process:
//! whatever the dependence between bets, it exceeds `1/alpha` with probability at most `alpha`
//! (Ville 1939; Shafer and Vovk 2019). The level of each candidate is drawn from a budget that grows
//! with the stream, so that the *expected number* of chance alarms per million shares is bounded.
//!
//! One machine serves both uses: a scan runs it over history, a watch feeds it live. It reads no
//! clock; time is what the shares carry. Every eviction is part of the definition and follows the
//! canonical order, so that batch and stream agree to the bit.

use crate::post::Millis;
use held::Held;
use scale::Scale;
use serde::{Deserialize, Serialize};

mod decay;
mod held;
mod scale;

const SECOND: Millis = 1_000;

/// Part of the budget that the scale within the minute draws on.
const BLITZ_PART: f64 = 0.1;

/// What the machine is set to. The defaults are those of the measured tables.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SequentialPlan {
    /// Longest gap between two accounts of one burst, in seconds; one scale each, with an equal part
    /// of the budget.
    pub scales_s: Vec<i64>,
    /// Expected chance alarms per million shares, over all scales.
    pub alarms_per_million: f64,
    /// Expected chance alarms per day instead, where the budget is to grow with time.
    pub alarms_per_day: Option<f64>,
    /// Accounts that a burst holds at most; the next one opens a new burst.
    pub burst_cap: usize,
    /// Accounts that make a burst a candidate.
    pub candidate_min: usize,
    /// Bursts that an account is remembered by.
    pub ring: usize,
    /// How long a burst is remembered after its last share, in days.
    pub ttl_days: i64,
    /// Bursts that are remembered at most per scale, oldest forgotten first.
    pub max_bursts: usize,
    /// Half-life of the slow account weight, in days.
    pub slow_half_life_days: f64,
    /// Half-life of the fast account weight, in hours.
    pub fast_half_life_hours: f64,
    /// Largest burst whose members a candidate takes in after winning a bet on it.
    pub extension_max: usize,
    /// Two shares of one account at most this far apart are one action, in seconds; never less than
    /// the scale.
    pub separation_s: i64,
    /// Whether one more scale looks for actions that follow each other within the minute.
    pub blitz: bool,
}

impl Default for SequentialPlan {
    fn default() -> Self {
        Self {
            scales_s: vec![10, 60, 300, 1_800],
            alarms_per_million: 10.0,
            alarms_per_day: None,
            burst_cap: 64,
            candidate_min: 3,
            ring: 32,
            ttl_days: 30,
            max_bursts: 200_000,
            slow_half_life_days: 7.0,
            fast_half_life_hours: 1.0,
            extension_max: 16,
            separation_s: 60,
            blitz: false,
        }
    }
}

impl SequentialPlan {
    /// The default plan without the scales that a clock of this resolution cannot tell apart.
    pub fn for_resolution(resolution: Millis) -> Self {
        let mut plan = Self::default();
        plan.scales_s.retain(|scale| scale * SECOND >= resolution);
        plan
    }
}

/// A won bet: a member of a candidate joined a burst that the candidate had bet on.
#[derive(Debug)]
pub struct Bet<'a> {
    /// When.
    pub time: Millis,
    /// Index of the scale.
    pub scale: usize,
    /// The scale in seconds.
    pub scale_s: i64,
    /// The candidate: number of the burst that made it, counted per scale from 0.
    pub candidate: u64,
    /// Hits so far.
    pub hits: u32,
    /// Trials so far, this one included.
    pub trials: u32,
    /// What chance gave this hit.
    pub pi: f64,
    /// ln E of the candidate now.
    pub ln_e: f64,
    /// ln E at which the candidate raises an alarm; set before its first bet.
    pub ln_bar: f64,
    /// Whether ln E is at or above the bar and higher than ever before.
    pub alarm: bool,
    /// The accounts that won bets for the candidate or opened them, in order of appearance.
    pub core: &'a [u32],
}

/// Things that members of a candidate put before people together, as [`GroupEProcess::acts`] finds
/// them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// What they shared.
    pub object: u32,
    /// Who, and when, in order of time.
    pub shares: Vec<(u32, Millis)>,
}

/// What a machine holds in memory, over all scales.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeldCounts {
    /// Bursts of two accounts and more.
    pub bursts: usize,
    /// Objects that one account has just shared.
    pub lone: usize,
    /// Accounts in bursts, once for each burst.
    pub places: usize,
    /// Accounts with a weight.
    pub accounts: usize,
    /// Estimated bytes; counted from lengths, so that the same stream gives the same figure anywhere.
    pub bytes: usize,
}

/// The machine: one e-process per candidate and scale.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GroupEProcess {
    plan: SequentialPlan,
    scales: Vec<Scale>,
    held: Held,
    shares: u64,
}

impl GroupEProcess {
    /// A machine that has seen nothing.
    pub fn new(plan: &SequentialPlan) -> Self {
        let mut scales: Vec<Scale> = Vec::new();
        let blitz_part = if plan.blitz { BLITZ_PART } else { 0.0 };
        let level = plan.alarms_per_day.unwrap_or(plan.alarms_per_million);
        let each = level * (1.0 - blitz_part) / plan.scales_s.len() as f64;
        for &tau_s in &plan.scales_s {
            scales.push(Scale::new(plan, tau_s, each));
        }
        if plan.blitz {
            scales.push(Scale::blitz(plan, level * blitz_part));
        }
        Self {
            plan: plan.clone(),
            scales,
            held: Held::default(),
            shares: 0,
        }
    }

    /// Takes the next share in canonical order and tells of every bet it wins. Accounts and objects
    /// are numbered densely from 0.
    pub fn push(
        &mut self,
        time: Millis,
        account: u32,
        object: u32,
        mut on_bet: impl FnMut(&Bet<'_>),
    ) {
        self.shares += 1;
        for (index, scale) in self.scales.iter_mut().enumerate() {
            scale.push(
                &self.plan,
                &mut self.held,
                time,
                account,
                object,
                &mut |mut bet: Bet<'_>| {
                    bet.scale = index;
                    on_bet(&bet);
                },
            );
        }
    }

    /// Shares seen.
    pub fn shares(&self) -> u64 {
        self.shares
    }

    /// The plan.
    pub fn plan(&self) -> &SequentialPlan {
        &self.plan
    }

    /// What is held in memory.
    pub fn held(&self) -> HeldCounts {
        let mut all = HeldCounts {
            accounts: self.held.accounts(),
            bytes: self.held.bytes(),
            ..HeldCounts::default()
        };
        for scale in &self.scales {
            let one = scale.counts();
            all.bursts += one.bursts;
            all.lone += one.lone;
            all.places += one.places;
            all.bytes += one.bytes;
        }
        all
    }

    /// Part of the budget that candidates have drawn so far, of the scale that drew most: never above 1.
    pub fn budget_spent(&self) -> f64 {
        let parts = self.scales.iter().map(Scale::budget_spent);
        parts.fold(0.0, f64::max)
    }

    /// What these accounts shared together in the bursts that are remembered at one scale: every burst
    /// that at least two of them joined, oldest first.
    pub fn acts(&self, scale: usize, accounts: &[u32]) -> Vec<Act> {
        self.scales
            .get(scale)
            .map(|scale| scale.acts(accounts))
            .unwrap_or_default()
    }

    /// Forgets what has been idle longest: an account of which nothing but its weight is remembered, or
    /// else the oldest burst of the scale that holds most. `false` if nothing is left to forget.
    ///
    /// What is forgotten depends on the shares seen alone, so that a stream and its replay under the
    /// same budget forget alike.
    pub fn shed(&mut self) -> bool {
        if let Some(account) = self.held.longest_idle() {
            self.reset(account);
            self.held.release(account);
            return true;
        }
        let fullest = (0..self.scales.len())
            .max_by_key(|&place| (self.scales[place].counts().bytes, std::cmp::Reverse(place)));
        fullest.is_some_and(|place| self.scales[place].shed(&self.plan, &mut self.held))
    }

    /// The numbers of accounts and of objects of which nothing is remembered any more, each in
    /// ascending order: whoever gave the numbers may give them again. Asking once begins the counting.
    pub fn released(&mut self) -> (Vec<u32>, Vec<u32>) {
        let (accounts, objects) = self.held.take_released();
        for &account in &accounts {
            self.reset(account);
        }
        (accounts, objects)
    }

    fn reset(&mut self, account: u32) {
        for scale in &mut self.scales {
            scale.reset(account);
        }
    }
}

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
