//! One scale of the machine: bursts at one longest gap, and the bets that candidates place on them.

use super::decay::{Decayed, Moment};
use super::held::{Held, grow};
use super::{Act, Bet, HeldCounts, SECOND, SequentialPlan};
use crate::post::Millis;
use concerted_stats::ln_bet;
use concerted_stats::math::ln;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// A member of a burst: its account, when it joined, when it last won a bet.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Member {
    account: u32,
    joined: Millis,
    last_hit: Millis,
    /// Taken in after a won bet, without having joined the burst itself.
    extension: bool,
}

impl Member {
    fn new(account: u32, joined: Millis) -> Self {
        Self {
            account,
            joined,
            last_hit: Millis::MIN,
            extension: false,
        }
    }
}

/// Where a burst is held, and a stamp that tells it from whatever was held there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Handle {
    index: u32,
    stamp: u32,
}

/// A candidate's standing bet on the next accounts to join a burst.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct OpenBet {
    burst: Handle,
    /// Members that the burst had when the bet was placed, the one who caused it included.
    from: u32,
    hits: u32,
    /// Joins that were no trial, being the second share of one action.
    skipped: u32,
    primer: u32,
}

/// A burst of two accounts or more.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Burst {
    /// Bursts are numbered as they open, those of one account included.
    number: u64,
    opened: Millis,
    last: Millis,
    closed: bool,
    members: Vec<Member>,
    /// How many accounts joined it; `members` may hold more, by extension.
    joined: u32,
    /// Candidates that bet on this burst.
    backers: Vec<Handle>,
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

/// What is asked of a burst most often, side by side, so that asking many is quick.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Brief {
    stamp: u32,
    object: u32,
    /// 0 where no burst is held.
    members: u32,
}

/// What an object stands at.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
enum Open {
    /// Nobody shared it lately.
    #[default]
    Nothing,
    /// One account did. Most bursts stay like this, and cost no more than this line.
    Lone {
        number: u64,
        opened: Millis,
        opener: u32,
    },
    /// Several did.
    Burst(u32),
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Weight {
    slow: Decayed,
    fast: Decayed,
}

/// A burst that an account joined, and when.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Place {
    burst: Handle,
    joined: Millis,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Scale {
    tau_s: i64,
    tau: Millis,
    max_age: Millis,
    separation: Millis,
    ttl: Millis,
    slow_half_life: f64,
    fast_half_life: f64,
    /// Expected chance alarms per million shares, or per day.
    level: f64,
    by_day: bool,

    start: Option<Millis>,
    now: Millis,
    slow_now: Moment,
    fast_now: Moment,
    slow_total: Decayed,
    fast_total: Decayed,

    /// Bursts opened so far.
    numbered: u64,
    /// By object.
    open: Vec<Open>,
    bursts: Vec<Burst>,
    briefs: Vec<Brief>,
    free: Vec<u32>,
    /// Bursts by number: which to forget first.
    order: BTreeMap<u64, u32>,
    /// Bursts of one account in opening order, with the time they end.
    lone: VecDeque<(Millis, u64, u32)>,
    lone_count: usize,
    /// Bursts of more accounts, by a time at or before the one they end at.
    ending: BinaryHeap<Reverse<(Millis, u64, u32)>>,

    /// By account.
    weights: Vec<Weight>,
    /// By account: the last bursts it was a member of, oldest first.
    rings: Vec<VecDeque<Place>>,

    shares: u64,
    candidates_primed: u64,
    spent: f64,
    places: usize,
    ring_places: usize,
}

impl Scale {
    pub(super) fn new(plan: &SequentialPlan, tau_s: i64, level: f64) -> Self {
        let tau = tau_s * SECOND;
        Self {
            tau_s,
            tau,
            max_age: 3 * tau,
            separation: tau.max(plan.separation_s * SECOND),
            ttl: plan.ttl_days * DAY,
            slow_half_life: plan.slow_half_life_days * DAY as f64,
            fast_half_life: plan.fast_half_life_hours * HOUR as f64,
            level,
            by_day: plan.alarms_per_day.is_some(),
            start: None,
            now: Millis::MIN,
            slow_now: Moment::default(),
            fast_now: Moment::default(),
            slow_total: Decayed::default(),
            fast_total: Decayed::default(),
            numbered: 0,
            open: Vec::new(),
            bursts: Vec::new(),
            briefs: Vec::new(),
            free: Vec::new(),
            order: BTreeMap::new(),
            lone: VecDeque::new(),
            lone_count: 0,
            ending: BinaryHeap::new(),
            weights: Vec::new(),
            rings: Vec::new(),
            shares: 0,
            candidates_primed: 0,
            spent: 0.0,
            places: 0,
            ring_places: 0,
        }
    }

    /// The scale for actions that follow each other within the minute. Gaps are short, so that a burst has
    /// ended, and its candidates have learnt from it, before the next action; shares more than five
    /// seconds apart are two actions. In return whoever is online this very minute is taken to be likely
    /// to join anything, by a weight that halves within two minutes instead of an hour.
    pub(super) fn blitz(plan: &SequentialPlan, level: f64) -> Self {
        Self {
            separation: 5 * SECOND,
            fast_half_life: 2.0 * MINUTE as f64,
            ..Self::new(plan, 10, level)
        }
    }

    /// What may have been drawn by now: a part of one for each million shares, or for each day.
    fn budget(&self) -> f64 {
        if self.by_day {
            (self.now - self.start.unwrap_or(self.now)) as f64 / DAY as f64
        } else {
            self.shares as f64 / 1e6
        }
    }

    pub(super) fn budget_spent(&self) -> f64 {
        self.spent / self.budget().max(1e-6)
    }

    fn burst(&self, handle: Handle) -> Option<&Burst> {
        let brief = self.briefs.get(handle.index as usize)?;
        (brief.members > 0 && brief.stamp == handle.stamp)
            .then(|| &self.bursts[handle.index as usize])
    }

    fn burst_mut(&mut self, handle: Handle) -> Option<&mut Burst> {
        let brief = self.briefs.get(handle.index as usize)?;
        (brief.members > 0 && brief.stamp == handle.stamp)
            .then(|| &mut self.bursts[handle.index as usize])
    }

    fn handle(&self, index: u32) -> Handle {
        Handle {
            index,
            stamp: self.briefs[index as usize].stamp,
        }
    }

    pub(super) fn push(
        &mut self,
        plan: &SequentialPlan,
        held: &mut Held,
        time: Millis,
        account: u32,
        object: u32,
        on_bet: &mut dyn FnMut(Bet<'_>),
    ) {
        self.shares += 1;
        // A share that is out of order counts at the latest moment seen; the caller's lateness
        // buffer decides how much disorder there can be.
        let time = time.max(self.now);
        if time > self.now {
            self.advance(plan, held, time);
        }
        grow(&mut self.open, object);
        let index = match self.open[object as usize] {
            Open::Nothing => return self.open_lone(held, time, account, object),
            Open::Lone {
                number,
                opened,
                opener,
            } => {
                if time - opened > self.tau || plan.burst_cap <= 1 {
                    self.drop_lone(held, object, opener);
                    return self.open_lone(held, time, account, object);
                }
                if opener == account {
                    return;
                }
                // The opener's share counts only now that somebody joins it.
                let due = time.saturating_add(self.tau).min(opened + self.max_age);
                let index = self.hold(number, opened, object, opener);
                self.ending.push(Reverse((due, number, index)));
                self.prime(plan, index, opener, opened);
                self.credit(plan, held, index, opener, opened);
                index
            }
            Open::Burst(index) => {
                let burst = &self.bursts[index as usize];
                let fits = time - burst.last <= self.tau
                    && time - burst.opened <= self.max_age
                    && (burst.joined as usize) < plan.burst_cap;
                if !fits {
                    self.close(plan, held, index);
                    return self.open_lone(held, time, account, object);
                }
                index
            }
        };
        let known = self.bursts[index as usize]
            .members
            .iter()
            .position(|member| member.account == account);
        if known.is_some_and(|place| !self.bursts[index as usize].members[place].extension) {
            return;
        }
        self.settle(index, account, time, on_bet);
        let burst = &mut self.bursts[index as usize];
        if let Some(place) = known {
            burst.members[place].extension = false;
        } else {
            burst.members.push(Member::new(account, time));
            self.briefs[index as usize].members += 1;
            self.places += 1;
            held.account(account);
        }
        burst.joined += 1;
        burst.last = time;
        self.prime(plan, index, account, time);
        self.credit(plan, held, index, account, time);
    }

    fn open_lone(&mut self, held: &mut Held, time: Millis, account: u32, object: u32) {
        let number = self.numbered;
        self.numbered += 1;
        self.open[object as usize] = Open::Lone {
            number,
            opened: time,
            opener: account,
        };
        self.lone_count += 1;
        held.account(account);
        held.object(object);
        self.lone.push_back((time + self.tau, number, object));
    }

    fn drop_lone(&mut self, held: &mut Held, object: u32, opener: u32) {
        self.open[object as usize] = Open::Nothing;
        self.lone_count -= 1;
        held.drop_object(object);
        held.drop_account(opener);
    }

    /// Makes a burst of an object that one account has shared and a second one shares now. The
    /// references to both stay what they are.
    fn hold(&mut self, number: u64, opened: Millis, object: u32, opener: u32) -> u32 {
        let index = self.free.pop().unwrap_or_else(|| {
            self.bursts.push(Burst::default());
            self.briefs.push(Brief::default());
            u32::try_from(self.bursts.len() - 1).expect("bursts in memory are numbered in 32 bits")
        });
        self.bursts[index as usize] = Burst {
            number,
            opened,
            last: opened,
            members: vec![Member::new(opener, opened)],
            joined: 1,
            ..Burst::default()
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a stamp is the low half of the number"
        )]
        let stamp = number as u32;
        self.briefs[index as usize] = Brief {
            stamp,
            object,
            members: 1,
        };
        self.order.insert(number, index);
        self.open[object as usize] = Open::Burst(index);
        self.lone_count -= 1;
        self.places += 1;
        index
    }

    /// Moves the clock: ends the bursts whose gap or age has passed, forgets the oldest.
    fn advance(&mut self, plan: &SequentialPlan, held: &mut Held, time: Millis) {
        let start = *self.start.get_or_insert(time);
        self.now = time;
        self.slow_now = Moment::new(time - start, self.slow_half_life);
        self.fast_now = Moment::new(time - start, self.fast_half_life);
        while let Some(&(due, ..)) = self.lone.front() {
            if due >= time {
                break;
            }
            self.drop_first_lone(held);
        }
        while let Some(&Reverse((due, number, index))) = self.ending.peek() {
            if due >= time {
                break;
            }
            self.ending.pop();
            let burst = &self.bursts[index as usize];
            if burst.number != number || burst.closed {
                continue;
            }
            let ends = (burst.last + self.tau).min(burst.opened + self.max_age);
            if ends > due {
                self.ending.push(Reverse((ends, number, index)));
            } else {
                self.close(plan, held, index);
            }
        }
        while let Some((_, &index)) = self.order.first_key_value() {
            let burst = &self.bursts[index as usize];
            let too_many = self.order.len() + self.lone_count > plan.max_bursts;
            if !too_many && (!burst.closed || burst.last + self.ttl >= time) {
                break;
            }
            self.forget_first(plan, held);
        }
    }

    /// Takes the oldest entry off the list of lone bursts, and drops the burst if it is still alone.
    fn drop_first_lone(&mut self, held: &mut Held) -> bool {
        let Some((_, number, object)) = self.lone.pop_front() else {
            return false;
        };
        if let Open::Lone {
            number: held_number,
            opener,
            ..
        } = self.open[object as usize]
            && held_number == number
        {
            self.drop_lone(held, object, opener);
        }
        true
    }

    fn forget_first(&mut self, plan: &SequentialPlan, held: &mut Held) -> bool {
        let Some((_, &index)) = self.order.first_key_value() else {
            return false;
        };
        self.close(plan, held, index);
        self.order.pop_first();
        let brief = std::mem::take(&mut self.briefs[index as usize]);
        let burst = std::mem::take(&mut self.bursts[index as usize]);
        // A number that no burst has, so that nothing takes the empty place for the burst.
        self.bursts[index as usize].number = u64::MAX;
        self.places -= burst.members.len();
        for member in &burst.members {
            held.drop_account(member.account);
        }
        held.drop_object(brief.object);
        self.free.push(index);
        true
    }

    /// Forgets the oldest burst, or the oldest lone share where those take up more room.
    pub(super) fn shed(&mut self, plan: &SequentialPlan, held: &mut Held) -> bool {
        let lone_first = self.lone_count * LONE_BYTES > self.counts().bytes / 2;
        // Where there is none of the one kind, the other goes.
        (lone_first && self.drop_first_lone(held))
            || self.forget_first(plan, held)
            || self.drop_first_lone(held)
    }

    /// Forgets the weight of an account that nothing refers to.
    pub(super) fn reset(&mut self, account: u32) {
        if let Some(weight) = self.weights.get_mut(account as usize) {
            *weight = Weight::default();
            self.ring_places -= self.rings[account as usize].len();
            self.rings[account as usize] = VecDeque::new();
        }
    }

    pub(super) fn counts(&self) -> HeldCounts {
        let bytes = self.order.len() * BURST_BYTES
            + self.places * PLACE_BYTES
            + self.ring_places * RING_BYTES
            + self.lone_count * LONE_BYTES
            + self.weights.len() * WEIGHT_BYTES
            + self.open.len() * size_of::<Open>();
        HeldCounts {
            bursts: self.order.len(),
            lone: self.lone_count,
            places: self.places,
            accounts: 0,
            bytes,
        }
    }

    /// Ends a burst: its bets are settled, and candidates that won on it take its members in.
    fn close(&mut self, plan: &SequentialPlan, held: &mut Held, index: u32) {
        let (handle, object) = (self.handle(index), self.briefs[index as usize].object);
        let burst = &mut self.bursts[index as usize];
        if burst.closed {
            return;
        }
        burst.closed = true;
        let joined = burst.joined;
        let backers = std::mem::take(&mut burst.backers);
        // Only a burst that somebody bet on is learnt from.
        let members: Vec<Member> = if backers.is_empty() || joined as usize > plan.extension_max {
            Vec::new()
        } else {
            let joined = burst.members.iter().filter(|member| !member.extension);
            joined.copied().collect()
        };
        if matches!(self.open[object as usize], Open::Burst(open) if open == index) {
            self.open[object as usize] = Open::Nothing;
        }
        for backer in backers {
            let Some(candidate) = self.burst_mut(backer) else {
                continue;
            };
            let Some(position) = candidate.bets.iter().position(|bet| bet.burst == handle) else {
                continue;
            };
            let bet = candidate.bets.remove(position);
            candidate.settled_trials += joined - bet.from - bet.skipped;
            if bet.hits == 0 || candidate.members.len() >= plan.burst_cap {
                continue;
            }
            // What the candidate learns here only later bets use, so the bets stay fair.
            for member in &members {
                let candidate = &mut self.bursts[backer.index as usize];
                let mut known = candidate.members.iter();
                if !known.any(|known| known.account == member.account) {
                    candidate.members.push(Member {
                        extension: true,
                        ..Member::new(member.account, member.joined)
                    });
                    self.briefs[backer.index as usize].members += 1;
                    self.places += 1;
                    held.account(member.account);
                    self.remember(plan, member.account, backer, member.joined);
                }
            }
        }
    }

    /// Lets every candidate of this account bet on the next accounts to join the burst.
    fn prime(&mut self, plan: &SequentialPlan, index: u32, account: u32, time: Millis) {
        if self.rings.len() <= account as usize {
            return;
        }
        let (handle, object) = (self.handle(index), self.briefs[index as usize].object);
        let from = self.bursts[index as usize].joined;
        let budget = self.budget();
        for place in 0..self.rings[account as usize].len() {
            let Place { burst, joined } = self.rings[account as usize][place];
            if time - joined <= self.separation || burst == handle {
                continue;
            }
            let brief = self.briefs[burst.index as usize];
            if brief.stamp != burst.stamp
                || (brief.members as usize) < plan.candidate_min.max(1)
                || brief.object == object
            {
                continue;
            }
            let candidate = &mut self.bursts[burst.index as usize];
            if candidate.bets.iter().any(|bet| bet.burst == handle) {
                continue;
            }
            candidate.bets.push(OpenBet {
                burst: handle,
                from,
                hits: 0,
                skipped: 0,
                primer: account,
            });
            if candidate.alpha == 0.0 {
                // Drawn before the first bet, so that the level is predictable.
                let alpha = (budget / (self.candidates_primed + 1) as f64)
                    .min((budget - self.spent) / 4.0)
                    .max(1e-15);
                candidate.alpha = alpha;
                self.candidates_primed += 1;
                self.spent += alpha;
            }
            self.bursts[index as usize].backers.push(burst);
        }
    }

    /// Pays the bets that this account wins by joining the burst.
    fn settle(&mut self, index: u32, account: u32, time: Millis, on_bet: &mut dyn FnMut(Bet<'_>)) {
        if self.rings.len() <= account as usize || self.bursts[index as usize].backers.is_empty() {
            return;
        }
        let handle = self.handle(index);
        for place in 0..self.rings[account as usize].len() {
            let Place { burst: of, joined } = self.rings[account as usize][place];
            if time - joined <= self.separation
                || !self.bursts[index as usize].backers.contains(&of)
            {
                continue;
            }
            let Some(candidate) = self.burst(of) else {
                continue;
            };
            let Some(bet_index) = candidate.bets.iter().position(|bet| bet.burst == handle) else {
                continue;
            };
            let Some(member_index) = candidate
                .members
                .iter()
                .position(|member| member.account == account)
            else {
                continue;
            };
            let last_hit = candidate.members[member_index].last_hit;
            if last_hit != Millis::MIN && time - last_hit <= self.separation {
                // The second object of one action: it says nothing that the first did not.
                self.bursts[of.index as usize].bets[bet_index].skipped += 1;
                continue;
            }
            let primer = candidate.bets[bet_index].primer;
            let pi = self.pi(&candidate.members, primer);
            let mut trials = candidate.settled_trials;
            for bet in &candidate.bets {
                if let Some(burst) = self.burst(bet.burst) {
                    trials +=
                        burst.joined - bet.from - bet.skipped + u32::from(bet.burst == handle);
                }
            }
            let candidate = &mut self.bursts[of.index as usize];
            candidate.members[member_index].last_hit = time;
            candidate.bets[bet_index].hits += 1;
            candidate.hits += 1;
            candidate.sum_ln_inv_pi -= ln(pi);
            for id in [primer, account] {
                if !candidate.core.contains(&id) {
                    candidate.core.push(id);
                }
            }
            let ln_e = ln_bet(
                u64::from(candidate.hits),
                u64::from(trials),
                candidate.sum_ln_inv_pi,
            );
            let ln_bar = -ln(self.level * candidate.alpha);
            let best = ln_e > candidate.best_ln_e;
            if best {
                candidate.best_ln_e = ln_e;
            }
            on_bet(Bet {
                time,
                scale: 0,
                scale_s: self.tau_s,
                candidate: candidate.number,
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
            if member.account == primer {
                continue;
            }
            let weight = &self.weights[member.account as usize];
            let slow = (weight.slow.at(&self.slow_now) + 1.0) / slow_total;
            let fast = weight.fast.at(&self.fast_now) / fast_total;
            sum += slow.max(fast);
        }
        sum.clamp(1e-12, 0.9)
    }

    /// Counts a place in a burst towards the account's weight.
    fn credit(
        &mut self,
        plan: &SequentialPlan,
        held: &mut Held,
        index: u32,
        account: u32,
        joined: Millis,
    ) {
        self.slow_total.add_one(&self.slow_now);
        self.fast_total.add_one(&self.fast_now);
        grow(&mut self.weights, account);
        grow(&mut self.rings, account);
        let weight = &mut self.weights[account as usize];
        weight.slow.add_one(&self.slow_now);
        weight.fast.add_one(&self.fast_now);
        held.weigh(account);
        self.remember(plan, account, self.handle(index), joined);
    }

    fn remember(&mut self, plan: &SequentialPlan, account: u32, burst: Handle, joined: Millis) {
        let ring = &mut self.rings[account as usize];
        if ring.len() == plan.ring {
            ring.pop_front();
            self.ring_places -= 1;
        }
        ring.push_back(Place { burst, joined });
        self.ring_places += 1;
    }

    pub(super) fn acts(&self, accounts: &[u32]) -> Vec<Act> {
        let mut bursts: Vec<(u64, u32)> = Vec::new();
        for &account in accounts {
            for place in self.rings.get(account as usize).into_iter().flatten() {
                if let Some(burst) = self.burst(place.burst) {
                    bursts.push((burst.number, place.burst.index));
                }
            }
        }
        bursts.sort_unstable();
        bursts.dedup();
        let mut acts = Vec::new();
        for (_, index) in bursts {
            let joined = self.bursts[index as usize]
                .members
                .iter()
                .filter(|member| !member.extension && accounts.contains(&member.account));
            let mut shares: Vec<(u32, Millis)> = joined
                .map(|member| (member.account, member.joined))
                .collect();
            if shares.len() >= 2 {
                shares.sort_by_key(|&(account, time)| (time, account));
                acts.push(Act {
                    object: self.briefs[index as usize].object,
                    shares,
                });
            }
        }
        acts
    }
}

// What one of each takes in memory: the struct, and for lists half as much again for room to grow.
const BURST_BYTES: usize = size_of::<Burst>() * 5 / 4 + size_of::<Brief>() + 48;
const PLACE_BYTES: usize = size_of::<Member>() * 3 / 2;
const RING_BYTES: usize = size_of::<Place>() * 3 / 2;
const LONE_BYTES: usize = 24 * 3 / 2;
const WEIGHT_BYTES: usize = size_of::<Weight>() + size_of::<VecDeque<Place>>();
