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
use concerted_stats::ln_bet;
use concerted_stats::math::{exp2, ln};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

const SECOND: Millis = 1_000;
const HOUR: Millis = 3_600 * SECOND;
const DAY: Millis = 24 * HOUR;

/// What the machine is set to. The defaults are those of the measured tables.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SequentialPlan {
    /// Longest gap between two accounts of one burst, in seconds; one scale each, with an equal part
    /// of the budget.
    pub scales_s: Vec<i64>,
    /// Expected chance alarms per million shares, over all scales.
    pub alarms_per_million: f64,
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
}

impl Default for SequentialPlan {
    fn default() -> Self {
        Self {
            scales_s: vec![10, 60, 300, 1_800],
            alarms_per_million: 10.0,
            burst_cap: 64,
            candidate_min: 3,
            ring: 32,
            ttl_days: 30,
            max_bursts: 200_000,
            slow_half_life_days: 7.0,
            fast_half_life_hours: 1.0,
            extension_max: 16,
            separation_s: 60,
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

/// The machine: one e-process per candidate and scale.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GroupEProcess {
    plan: SequentialPlan,
    scales: Vec<Scale>,
    shares: u64,
}

impl GroupEProcess {
    /// A machine that has seen nothing.
    pub fn new(plan: &SequentialPlan) -> Self {
        let scales = plan
            .scales_s
            .iter()
            .map(|&tau_s| Scale::new(plan, tau_s))
            .collect();
        Self {
            plan: plan.clone(),
            scales,
            shares: 0,
        }
    }

    /// Takes the next share in canonical order and tells of every bet it wins.
    pub fn push(
        &mut self,
        time: Millis,
        account: u32,
        object: u32,
        mut on_bet: impl FnMut(&Bet<'_>),
    ) {
        self.shares += 1;
        let level = self.plan.alarms_per_million / self.scales.len() as f64;
        for (index, scale) in self.scales.iter_mut().enumerate() {
            scale.push(
                &self.plan,
                time,
                account,
                object,
                &mut |mut bet: Bet<'_>| {
                    bet.scale = index;
                    on_bet(&bet);
                },
                level,
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

    /// What is held in memory: bursts, their members, accounts; over all scales.
    pub fn held(&self) -> (usize, usize, usize) {
        self.scales
            .iter()
            .fold((0, 0, 0), |(bursts, members, accounts), scale| {
                (
                    bursts + scale.live,
                    members
                        + scale
                            .bursts
                            .iter()
                            .flatten()
                            .map(|burst| burst.members.len().max(1))
                            .sum::<usize>(),
                    accounts + scale.account_slot.len(),
                )
            })
    }

    /// Share of the budget that candidates have drawn so far: never above 1 (test (d) of the invariants).
    pub fn budget_spent(&self) -> f64 {
        let spent: f64 = self.scales.iter().map(|scale| scale.spent).sum();
        spent * 1e6 / (self.shares.max(1) as f64 * self.scales.len() as f64)
    }
}

/// A member of a burst: the slot of its account, when it joined, when it last won a bet.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Member {
    slot: u32,
    joined: Millis,
    last_hit: Millis,
    /// Taken in after a won bet, without having joined the burst itself.
    extension: bool,
}

impl Member {
    fn new(slot: u32, joined: Millis) -> Self {
        Self {
            slot,
            joined,
            last_hit: Millis::MIN,
            extension: false,
        }
    }
}

/// A candidate's standing bet on the next accounts to join a burst.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct OpenBet {
    burst: u64,
    /// Members that the burst had when the bet was placed, the one who caused it included.
    from: u32,
    hits: u32,
    /// Joins that were no trial, being the second share of one action.
    skipped: u32,
    primer: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Burst {
    object: u32,
    opened: Millis,
    last: Millis,
    closed: bool,
    opener: u32,
    /// Empty until the second account comes; most bursts stay alone and then cost no allocation.
    members: Vec<Member>,
    /// How many accounts joined it; `members` may hold more, by extension.
    joined: u32,
    /// Candidates that bet on this burst.
    backers: Vec<u64>,
    // As a candidate:
    hits: u32,
    settled_trials: u32,
    sum_ln_inv_pi: f64,
    best_ln_e: f64,
    /// Part of the budget, 0 until the first bet.
    alpha: f64,
    bets: Vec<OpenBet>,
    core: Vec<u32>,
}

/// An account as the machine remembers it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Account {
    id: u32,
    slow: Decayed,
    fast: Decayed,
    /// The last bursts it was a member of, with the time it joined, oldest first.
    ring: VecDeque<(u64, Millis)>,
}

/// A sum of ones that halves with a fixed half-life. Kept relative to the start of an epoch of 512
/// half-lives, so that reading needs one factor per moment and none per account, and epochs are
/// bridged by an exact power of two.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Decayed {
    value: f64,
    epoch: i64,
}

const EPOCH_HALF_LIVES: f64 = 512.0;

/// The moment as a half-life sees it: the epoch, and the factor since its start.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Moment {
    epoch: i64,
    growth: f64,
    decay: f64,
}

impl Moment {
    fn new(since_start: Millis, half_life: f64) -> Self {
        let half_lives = since_start as f64 / half_life;
        let epoch = (half_lives / EPOCH_HALF_LIVES).floor();
        let within = half_lives - epoch * EPOCH_HALF_LIVES;
        // The epoch of a time that is representable at all fits by far.
        #[expect(clippy::cast_possible_truncation, reason = "a floor of a small number")]
        Self {
            epoch: epoch as i64,
            growth: exp2(within),
            decay: exp2(-within),
        }
    }
}

impl Decayed {
    fn at(self, now: &Moment) -> f64 {
        self.carried(now.epoch) * now.decay
    }

    fn add_one(&mut self, now: &Moment) {
        *self = Self {
            value: self.carried(now.epoch) + now.growth,
            epoch: now.epoch,
        };
    }

    /// The value relative to a later epoch.
    fn carried(self, epoch: i64) -> f64 {
        match epoch - self.epoch {
            0 => self.value,
            1 => self.value * exp2(-EPOCH_HALF_LIVES),
            // Two epochs are over a thousand half-lives: below the smallest number.
            _ => 0.0,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Scale {
    tau_s: i64,
    tau: Millis,
    max_age: Millis,
    separation: Millis,
    ttl: Millis,
    slow_half_life: f64,
    fast_half_life: f64,

    start: Option<Millis>,
    now: Millis,
    slow_now: Moment,
    fast_now: Moment,
    slow_total: Decayed,
    fast_total: Decayed,

    /// Bursts by number; the front is number `first`.
    bursts: VecDeque<Option<Burst>>,
    first: u64,
    live: usize,
    open: FxHashMap<u32, u64>,
    /// Bursts of one account in opening order, with the time they end.
    lone: VecDeque<(Millis, u64)>,
    /// Bursts of more accounts, by a time at or before the one they end at.
    ending: BinaryHeap<Reverse<(Millis, u64)>>,

    account_slot: FxHashMap<u32, u32>,
    accounts: Vec<Account>,

    shares: u64,
    candidates_primed: u64,
    spent: f64,
}

impl Scale {
    #[expect(
        clippy::cast_precision_loss,
        reason = "half-lives are far below 2^53 ms"
    )]
    fn new(plan: &SequentialPlan, tau_s: i64) -> Self {
        let tau = tau_s * SECOND;
        Self {
            tau_s,
            tau,
            max_age: 3 * tau,
            separation: tau.max(plan.separation_s * SECOND),
            ttl: plan.ttl_days * DAY,
            slow_half_life: plan.slow_half_life_days * DAY as f64,
            fast_half_life: plan.fast_half_life_hours * HOUR as f64,
            start: None,
            now: Millis::MIN,
            slow_now: Moment::default(),
            fast_now: Moment::default(),
            slow_total: Decayed::default(),
            fast_total: Decayed::default(),
            bursts: VecDeque::new(),
            first: 0,
            live: 0,
            open: FxHashMap::default(),
            lone: VecDeque::new(),
            ending: BinaryHeap::new(),
            account_slot: FxHashMap::default(),
            accounts: Vec::new(),
            shares: 0,
            candidates_primed: 0,
            spent: 0.0,
        }
    }

    fn burst(&self, number: u64) -> Option<&Burst> {
        let index = number.checked_sub(self.first)?;
        self.bursts.get(usize::try_from(index).ok()?)?.as_ref()
    }

    fn burst_mut(&mut self, number: u64) -> Option<&mut Burst> {
        let index = number.checked_sub(self.first)?;
        self.bursts.get_mut(usize::try_from(index).ok()?)?.as_mut()
    }

    fn push(
        &mut self,
        plan: &SequentialPlan,
        time: Millis,
        account: u32,
        object: u32,
        on_bet: &mut dyn FnMut(Bet<'_>),
        level: f64,
    ) {
        self.shares += 1;
        // A share that is out of order counts at the latest moment seen; the caller's lateness
        // buffer decides how much disorder there can be.
        let time = time.max(self.now);
        if time > self.now {
            self.advance(plan, time);
        }
        let open = self.open.get(&object).copied().filter(|&number| {
            self.burst(number).is_some_and(|burst| {
                time - burst.last <= self.tau
                    && time - burst.opened <= self.max_age
                    && (burst.joined as usize) < plan.burst_cap
            })
        });
        let Some(number) = open else {
            if let Some(&old) = self.open.get(&object) {
                self.close(plan, old);
            }
            self.open_burst(time, account, object);
            return;
        };
        let (opener, opened, alone) = {
            let burst = self.burst(number).expect("an open burst is held");
            (burst.opener, burst.opened, burst.members.is_empty())
        };
        if alone {
            if opener == account {
                return;
            }
            // The opener's share counts only now that somebody joins it.
            let slot = self.slot(opener);
            let due = time.saturating_add(self.tau).min(opened + self.max_age);
            self.ending.push(Reverse((due, number)));
            let burst = self.burst_mut(number).expect("an open burst is held");
            burst.members.push(Member::new(slot, opened));
            self.prime(plan, number, slot, opened);
            self.credit(plan, number, slot, opened);
        }
        let slot = self.slot(account);
        let known = {
            let members = &self.burst(number).expect("an open burst is held").members;
            members.iter().position(|member| member.slot == slot)
        };
        if known.is_some_and(|place| {
            !self.burst(number).expect("an open burst is held").members[place].extension
        }) {
            return;
        }
        self.settle(number, slot, time, on_bet, level);
        let burst = self.burst_mut(number).expect("an open burst is held");
        match known {
            Some(place) => burst.members[place].extension = false,
            None => burst.members.push(Member::new(slot, time)),
        }
        burst.joined += 1;
        burst.last = time;
        self.prime(plan, number, slot, time);
        self.credit(plan, number, slot, time);
    }

    fn open_burst(&mut self, time: Millis, account: u32, object: u32) {
        let number = self.first + self.bursts.len() as u64;
        self.bursts.push_back(Some(Burst {
            object,
            opened: time,
            last: time,
            closed: false,
            opener: account,
            members: Vec::new(),
            joined: 1,
            backers: Vec::new(),
            hits: 0,
            settled_trials: 0,
            sum_ln_inv_pi: 0.0,
            best_ln_e: 0.0,
            alpha: 0.0,
            bets: Vec::new(),
            core: Vec::new(),
        }));
        self.live += 1;
        self.open.insert(object, number);
        self.lone.push_back((time + self.tau, number));
    }

    /// Moves the clock: ends the bursts whose gap or age has passed, forgets the oldest.
    fn advance(&mut self, plan: &SequentialPlan, time: Millis) {
        let start = *self.start.get_or_insert(time);
        self.now = time;
        self.slow_now = Moment::new(time - start, self.slow_half_life);
        self.fast_now = Moment::new(time - start, self.fast_half_life);
        while let Some(&(due, number)) = self.lone.front() {
            if due >= time {
                break;
            }
            self.lone.pop_front();
            if self
                .burst(number)
                .is_some_and(|burst| burst.members.is_empty())
            {
                self.close(plan, number);
            }
        }
        while let Some(&Reverse((due, number))) = self.ending.peek() {
            if due >= time {
                break;
            }
            self.ending.pop();
            let Some(burst) = self.burst(number).filter(|burst| !burst.closed) else {
                continue;
            };
            let ends = (burst.last + self.tau).min(burst.opened + self.max_age);
            if ends < time {
                self.close(plan, number);
            } else {
                self.ending.push(Reverse((ends, number)));
            }
        }
        while let Some(front) = self.bursts.front() {
            if let Some(burst) = front {
                if self.live <= plan.max_bursts && (!burst.closed || burst.last + self.ttl >= time)
                {
                    break;
                }
                self.close(plan, self.first);
                self.forget(self.first);
            }
            self.bursts.pop_front();
            self.first += 1;
        }
    }

    fn forget(&mut self, number: u64) {
        let index = usize::try_from(number - self.first).expect("a held burst has an index");
        if self.bursts[index].take().is_some() {
            self.live -= 1;
        }
    }

    /// Ends a burst: its bets are settled, and candidates that won on it take its members in.
    fn close(&mut self, plan: &SequentialPlan, number: u64) {
        let Some(burst) = self.burst_mut(number).filter(|burst| !burst.closed) else {
            return;
        };
        burst.closed = true;
        let object = burst.object;
        let joined = burst.joined;
        let alone = burst.members.is_empty();
        let backers = std::mem::take(&mut burst.backers);
        // Only a burst that somebody bet on is learnt from.
        let members: Vec<Member> = if backers.is_empty() || joined as usize > plan.extension_max {
            Vec::new()
        } else {
            burst
                .members
                .iter()
                .copied()
                .filter(|member| !member.extension)
                .collect()
        };
        if self.open.get(&object) == Some(&number) {
            self.open.remove(&object);
        }
        for candidate_number in backers {
            let cap = plan.burst_cap;
            let Some(candidate) = self.burst_mut(candidate_number) else {
                continue;
            };
            let Some(position) = candidate.bets.iter().position(|bet| bet.burst == number) else {
                continue;
            };
            let bet = candidate.bets.remove(position);
            candidate.settled_trials += joined - bet.from - bet.skipped;
            if bet.hits == 0 || candidate.members.len() >= cap {
                continue;
            }
            // What the candidate learns here only later bets use, so the bets stay fair.
            for member in &members {
                let candidate = self.burst_mut(candidate_number).expect("held above");
                if !candidate
                    .members
                    .iter()
                    .any(|known| known.slot == member.slot)
                {
                    candidate.members.push(Member {
                        extension: true,
                        ..Member::new(member.slot, member.joined)
                    });
                    self.remember(plan, member.slot, candidate_number, member.joined);
                }
            }
        }
        if alone {
            self.forget(number);
        }
    }

    /// Lets every candidate of this account bet on the next accounts to join the burst.
    fn prime(&mut self, plan: &SequentialPlan, number: u64, slot: u32, time: Millis) {
        let (object, from) = {
            let burst = self.burst(number).expect("an open burst is held");
            (burst.object, burst.joined)
        };
        for place in 0..self.accounts[slot as usize].ring.len() {
            let (candidate_number, joined) = self.accounts[slot as usize].ring[place];
            if time - joined <= self.separation || candidate_number == number {
                continue;
            }
            let budget = self.shares as f64 / 1e6;
            let (primed, spent) = (self.candidates_primed, self.spent);
            let Some(candidate) = self.burst_mut(candidate_number) else {
                continue;
            };
            if candidate.object == object
                || candidate.members.len() < plan.candidate_min
                || candidate.bets.iter().any(|bet| bet.burst == number)
            {
                continue;
            }
            candidate.bets.push(OpenBet {
                burst: number,
                from,
                hits: 0,
                skipped: 0,
                primer: slot,
            });
            if candidate.alpha == 0.0 {
                // Drawn before the first bet, so that the level is predictable.
                let alpha = (budget / (primed + 1) as f64)
                    .min((budget - spent) / 4.0)
                    .max(1e-15);
                candidate.alpha = alpha;
                self.candidates_primed += 1;
                self.spent += alpha;
            }
            self.burst_mut(number)
                .expect("an open burst is held")
                .backers
                .push(candidate_number);
        }
    }

    /// Pays the bets that this account wins by joining the burst.
    fn settle(
        &mut self,
        number: u64,
        slot: u32,
        time: Millis,
        on_bet: &mut dyn FnMut(Bet<'_>),
        level: f64,
    ) {
        for place in 0..self.accounts[slot as usize].ring.len() {
            let (candidate_number, joined) = self.accounts[slot as usize].ring[place];
            if time - joined <= self.separation {
                continue;
            }
            let Some(candidate) = self.burst(candidate_number) else {
                continue;
            };
            let Some(bet_index) = candidate.bets.iter().position(|bet| bet.burst == number) else {
                continue;
            };
            let Some(member_index) = candidate
                .members
                .iter()
                .position(|member| member.slot == slot)
            else {
                continue;
            };
            let last_hit = candidate.members[member_index].last_hit;
            if last_hit != Millis::MIN && time - last_hit <= self.separation {
                // The second object of one action: it says nothing that the first did not.
                self.burst_mut(candidate_number).expect("held above").bets[bet_index].skipped += 1;
                continue;
            }
            let primer = candidate.bets[bet_index].primer;
            let pi = self.pi(&candidate.members, primer);
            let mut trials = candidate.settled_trials;
            for bet in &candidate.bets {
                if let Some(burst) = self.burst(bet.burst) {
                    trials +=
                        burst.joined - bet.from - bet.skipped + u32::from(bet.burst == number);
                }
            }
            let (primer_id, account_id) = (
                self.accounts[primer as usize].id,
                self.accounts[slot as usize].id,
            );
            let tau_s = self.tau_s;
            let candidate = self.burst_mut(candidate_number).expect("held above");
            candidate.members[member_index].last_hit = time;
            candidate.bets[bet_index].hits += 1;
            candidate.hits += 1;
            candidate.sum_ln_inv_pi -= ln(pi);
            for id in [primer_id, account_id] {
                if !candidate.core.contains(&id) {
                    candidate.core.push(id);
                }
            }
            let ln_e = ln_bet(
                u64::from(candidate.hits),
                u64::from(trials),
                candidate.sum_ln_inv_pi,
            );
            let ln_bar = -ln(level * candidate.alpha);
            let best = ln_e > candidate.best_ln_e;
            if best {
                candidate.best_ln_e = ln_e;
            }
            on_bet(Bet {
                time,
                scale: 0,
                scale_s: tau_s,
                candidate: candidate_number,
                hits: candidate.hits,
                trials,
                pi,
                ln_e,
                ln_bar,
                alarm: best && ln_e >= ln_bar,
                core: &candidate.core,
            });
        }
    }

    /// Chance that the next account to join is one of these, the one who caused the bet left out.
    fn pi(&self, members: &[Member], primer: u32) -> f64 {
        let slow_total = self.slow_total.at(&self.slow_now) + 50.0;
        let fast_total = self.fast_total.at(&self.fast_now) + 50.0;
        let mut sum = 0.0;
        for member in members {
            if member.slot == primer {
                continue;
            }
            let account = &self.accounts[member.slot as usize];
            let slow = (account.slow.at(&self.slow_now) + 1.0) / slow_total;
            let fast = account.fast.at(&self.fast_now) / fast_total;
            sum += slow.max(fast);
        }
        sum.clamp(1e-12, 0.9)
    }

    fn slot(&mut self, account: u32) -> u32 {
        *self.account_slot.entry(account).or_insert_with(|| {
            self.accounts.push(Account {
                id: account,
                slow: Decayed::default(),
                fast: Decayed::default(),
                ring: VecDeque::new(),
            });
            u32::try_from(self.accounts.len() - 1).expect("accounts are numbered in 32 bits")
        })
    }

    /// Counts a place in a burst towards the account's weight.
    fn credit(&mut self, plan: &SequentialPlan, number: u64, slot: u32, joined: Millis) {
        self.slow_total.add_one(&self.slow_now);
        self.fast_total.add_one(&self.fast_now);
        let account = &mut self.accounts[slot as usize];
        account.slow.add_one(&self.slow_now);
        account.fast.add_one(&self.fast_now);
        self.remember(plan, slot, number, joined);
    }

    fn remember(&mut self, plan: &SequentialPlan, slot: u32, number: u64, joined: Millis) {
        let ring = &mut self.accounts[slot as usize].ring;
        if ring.len() == plan.ring {
            ring.pop_front();
        }
        ring.push_back((number, joined));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `t,account,object` in seconds, with letters for objects.
    const TOY: &str = "0,1,X 10,2,X 20,3,X 1000,1,Y 1010,2,Y 1020,9,Y 1030,3,Y 5000,2,Z 5010,1,Z 5020,3,Z 5030,9,Z";

    fn shares(rows: &str) -> Vec<(Millis, u32, u32)> {
        rows.split_whitespace()
            .map(|row| {
                let mut cells = row.split(',');
                let mut next = || cells.next().unwrap();
                let (time, account, object) = (next(), next(), next());
                (
                    time.parse::<i64>().unwrap() * SECOND,
                    account.parse().unwrap(),
                    u32::from(object.as_bytes()[0]),
                )
            })
            .collect()
    }

    fn machine(scales_s: &[i64]) -> GroupEProcess {
        GroupEProcess::new(&SequentialPlan {
            scales_s: scales_s.to_vec(),
            ..SequentialPlan::default()
        })
    }

    /// Every bet of one candidate: (time in s, hits, trials, pi, ln E).
    fn bets(
        machine: &mut GroupEProcess,
        rows: &[(Millis, u32, u32)],
        candidate: u64,
    ) -> Vec<(i64, u32, u32, f64, f64)> {
        let mut bets = Vec::new();
        for &(time, account, object) in rows {
            machine.push(time, account, object, |bet| {
                if bet.candidate == candidate {
                    bets.push((bet.time / SECOND, bet.hits, bet.trials, bet.pi, bet.ln_e));
                }
            });
        }
        bets
    }

    #[test]
    fn the_toy_stream_step_by_step() {
        let expected = [
            (1_010, 1, 1, 0.074_04, 1.910),
            (1_030, 2, 3, 0.089_25, 2.535),
            (5_010, 3, 4, 0.137_58, 4.007),
            (5_020, 4, 5, 0.152_21, 5.484),
            (5_030, 5, 6, 0.166_34, 6.942),
        ];
        let found = bets(&mut machine(&[60]), &shares(TOY), 0);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(
                (found.0, found.1, found.2),
                (expected.0, expected.1, expected.2)
            );
            assert!(
                (found.3 - expected.3).abs() < 5e-6,
                "{found:?} {expected:?}"
            );
            assert!(
                (found.4 - expected.4).abs() < 5e-4,
                "{found:?} {expected:?}"
            );
        }
    }

    #[test]
    fn two_objects_of_one_post_prime_nothing_and_win_once() {
        // Both objects of each post come in the same second: no bet may rest on the second one.
        let post = |time: i64, account: u32, a: char, b: char| {
            format!("{time},{account},{a} {time},{account},{b} ")
        };
        let rows = [
            post(0, 1, 'A', 'B'),
            post(5, 2, 'A', 'B'),
            post(9, 3, 'A', 'B'),
        ]
        .concat();
        assert!(bets(&mut machine(&[60]), &shares(&rows), 0).is_empty());
        let later = [
            post(1_000, 1, 'C', 'D'),
            post(1_005, 2, 'C', 'D'),
            post(1_009, 3, 'C', 'D'),
        ]
        .concat();
        let found = bets(&mut machine(&[60]), &shares(&format!("{rows}{later}")), 0);
        assert_eq!(
            found.iter().map(|bet| (bet.1, bet.2)).collect::<Vec<_>>(),
            [(1, 1), (2, 2)],
            "{found:?}"
        );
    }

    #[test]
    fn the_same_object_a_day_later_primes_nothing() {
        assert!(
            bets(
                &mut machine(&[60]),
                &shares("0,1,X 10,2,X 20,3,X 86400,1,X 86410,2,X 86420,3,X"),
                0
            )
            .is_empty()
        );
    }

    #[test]
    fn a_repeat_by_a_member_changes_nothing() {
        let plain = bets(&mut machine(&[60]), &shares(TOY), 0);
        let repeated = TOY
            .replace("20,3,X", "20,3,X 25,1,X")
            .replace("1020,9,Y", "1015,2,Y 1020,9,Y");
        assert_eq!(bets(&mut machine(&[60]), &shares(&repeated), 0), plain);
    }

    #[test]
    fn alarms_of_a_beginning_are_a_beginning_of_the_alarms() {
        let rows = stream(4_000);
        let alarms = |rows: &[(Millis, u32, u32)]| {
            let mut machine = machine(&[10, 60, 300]);
            let mut alarms = Vec::new();
            for &(time, account, object) in rows {
                machine.push(time, account, object, |bet| {
                    if bet.alarm {
                        alarms.push((
                            bet.time,
                            bet.scale,
                            bet.candidate,
                            bet.hits,
                            bet.trials,
                            bet.core.to_vec(),
                        ));
                    }
                });
            }
            assert!(machine.budget_spent() <= 1.0, "{}", machine.budget_spent());
            alarms
        };
        let all = alarms(&rows);
        assert!(all.len() > 3, "the planted group is found");
        for cut in [500, 1_800, 3_333] {
            let part = alarms(&rows[..cut]);
            assert_eq!(part[..], all[..part.len()]);
        }
    }

    #[test]
    fn a_stored_machine_goes_on_as_if_nothing_had_been() {
        let rows = stream(3_000);
        let run = |stop: Option<usize>| {
            let mut machine = machine(&[60, 300]);
            let mut bets = Vec::new();
            for (place, &(time, account, object)) in rows.iter().enumerate() {
                if stop == Some(place) {
                    let stored = serde_json::to_string(&machine).unwrap();
                    machine = serde_json::from_str(&stored).unwrap();
                }
                machine.push(time, account, object, |bet| {
                    bets.push((bet.time, bet.candidate, bet.hits, bet.ln_e.to_bits()));
                });
            }
            bets
        };
        let plain = run(None);
        assert!(plain.len() > 20);
        for stop in [1, 700, 2_111] {
            assert!(run(Some(stop)) == plain, "stored after {stop} shares");
        }
    }

    #[test]
    fn what_is_held_stays_within_the_plan() {
        let plan = SequentialPlan {
            scales_s: vec![60],
            max_bursts: 50,
            ..SequentialPlan::default()
        };
        let mut machine = GroupEProcess::new(&plan);
        for (time, account, object) in stream(20_000) {
            machine.push(time, account, object, |_| {});
        }
        let (bursts, members, _) = machine.held();
        assert!(
            bursts <= 51 && members <= 51 * (plan.burst_cap + plan.extension_max),
            "{bursts} {members}"
        );
    }

    /// A stream of strangers with five accounts that share twelve things together.
    fn stream(count: u32) -> Vec<(Millis, u32, u32)> {
        let mut rng = crate::rng::Rng::stream(11, 0);
        let mut draw = |bound: u64| u32::try_from(rng.below(bound)).unwrap();
        let mut rows: Vec<(Millis, u32, u32)> = (0..count)
            .map(|_| {
                (
                    i64::from(draw(200_000)) * SECOND,
                    100 + draw(900),
                    draw(300),
                )
            })
            .collect();
        for action in 0..12 {
            for member in 0..5 {
                rows.push((
                    (5_000 + i64::from(action) * 15_000 + i64::from(member) * 7) * SECOND,
                    member,
                    1_000 + action,
                ));
            }
        }
        rows.sort_unstable();
        rows
    }
}
