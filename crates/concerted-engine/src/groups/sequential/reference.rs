//! The definitions once more, slowly: no decay tables, no handles, no early exits. What the machine does
//! share by share is computed here for each moment from lists of everything that was.

use super::SequentialPlan;
use crate::post::Millis;

const SECOND: Millis = 1_000;

/// A bet won: (time, candidate by number, hits, trials, ln E, core).
pub(super) type Won = (Millis, u64, u32, u32, f64, Vec<u32>);

struct Group {
    number: u64,
    object: u32,
    opened: Millis,
    last: Millis,
    open: bool,
    /// (account, joined).
    joined: Vec<(u32, Millis)>,
    /// Members with the time by which the separation is reckoned: those who joined, and extensions.
    members: Vec<(u32, Millis)>,
    extensions: Vec<u32>,
    bets: Vec<Bet>,
    /// ln 1/pi of each hit.
    hits: Vec<f64>,
    last_hit: Vec<(u32, Millis)>,
    core: Vec<u32>,
}

struct Bet {
    /// How many bets were placed before.
    placed: usize,
    on: usize,
    from: usize,
    primer: u32,
    /// Joins that counted and joins that were second shares of one action.
    hits: u32,
    skipped: u32,
    settled: bool,
}

/// Every bet won at one scale on these shares, which must be in order.
pub(super) fn bets(plan: &SequentialPlan, tau_s: i64, shares: &[(Millis, u32, u32)]) -> Vec<Won> {
    let tau = tau_s * SECOND;
    let separation = tau.max(plan.separation_s * SECOND);
    let mut groups: Vec<Group> = Vec::new();
    // Every place in a burst: (when it was credited, account), and each account's ring.
    let mut credits: Vec<(Millis, u32)> = Vec::new();
    let mut rings: Vec<(u32, usize, Millis)> = Vec::new();
    let mut won = Vec::new();
    for &(time, account, object) in shares {
        close_ended(plan, tau, time, &mut groups, &mut rings);
        let current = (0..groups.len())
            .rev()
            .find(|&g| groups[g].open && groups[g].object == object);
        let fits = current.filter(|&g| groups[g].joined.len() < plan.burst_cap);
        let Some(g) = fits else {
            if let Some(full) = current {
                close(plan, full, &mut groups, &mut rings);
            }
            groups.push(Group {
                number: groups.len() as u64,
                object,
                opened: time,
                last: time,
                open: true,
                joined: vec![(account, time)],
                members: vec![(account, time)],
                extensions: Vec::new(),
                bets: Vec::new(),
                hits: Vec::new(),
                last_hit: Vec::new(),
                core: Vec::new(),
            });
            continue;
        };
        if groups[g].joined.iter().any(|member| member.0 == account) {
            continue;
        }
        if groups[g].joined.len() == 1 {
            let (opener, opened) = groups[g].joined[0];
            prime(plan, separation, g, opener, opened, &mut groups, &rings);
            credits.push((time, opener));
            remember(plan, &mut rings, opener, g, opened);
        }
        let ring: Vec<(usize, Millis)> = ring_of(&rings, account);
        for (c, since) in ring {
            let Some(b) = groups[c]
                .bets
                .iter()
                .position(|bet| bet.on == g && !bet.settled)
            else {
                continue;
            };
            if time - since <= separation || !groups[c].members.iter().any(|m| m.0 == account) {
                continue;
            }
            let last = groups[c].last_hit.iter().rev().find(|hit| hit.0 == account);
            if last.is_some_and(|hit| time - hit.1 <= separation) {
                groups[c].bets[b].skipped += 1;
                continue;
            }
            let primer = groups[c].bets[b].primer;
            let pi = chance(plan, time, &groups[c].members, primer, &credits);
            groups[c].hits.push(-pi.ln());
            groups[c].last_hit.push((account, time));
            groups[c].bets[b].hits += 1;
            for one in [primer, account] {
                if !groups[c].core.contains(&one) {
                    groups[c].core.push(one);
                }
            }
            let mut trials = 0;
            for bet in &groups[c].bets {
                trials += groups[bet.on].joined.len() - bet.from - bet.skipped as usize
                    + usize::from(bet.on == g);
            }
            let hits = groups[c].hits.len();
            let ln_e = ln_factorial(hits) + ln_factorial(trials - hits) - ln_factorial(trials + 1)
                + groups[c].hits.iter().sum::<f64>();
            won.push((
                time,
                groups[c].number,
                u32::try_from(hits).unwrap(),
                u32::try_from(trials).unwrap(),
                ln_e,
                groups[c].core.clone(),
            ));
        }
        groups[g].joined.push((account, time));
        if groups[g].extensions.contains(&account) {
            groups[g].extensions.retain(|&other| other != account);
        } else {
            groups[g].members.push((account, time));
        }
        groups[g].last = time;
        prime(plan, separation, g, account, time, &mut groups, &rings);
        credits.push((time, account));
        remember(plan, &mut rings, account, g, time);
    }
    won
}

fn ln_factorial(n: usize) -> f64 {
    (2..=n).map(|i| (i as f64).ln()).sum()
}

fn ring_of(rings: &[(u32, usize, Millis)], account: u32) -> Vec<(usize, Millis)> {
    let own = rings.iter().filter(|place| place.0 == account);
    own.map(|place| (place.1, place.2)).collect()
}

fn remember(
    plan: &SequentialPlan,
    rings: &mut Vec<(u32, usize, Millis)>,
    account: u32,
    group: usize,
    joined: Millis,
) {
    rings.push((account, group, joined));
    let own: Vec<usize> = (0..rings.len())
        .filter(|&place| rings[place].0 == account)
        .collect();
    if own.len() > plan.ring {
        rings.remove(own[0]);
    }
}

/// Bursts end in the order of the moment at which they do, then of their numbers.
fn close_ended(
    plan: &SequentialPlan,
    tau: Millis,
    now: Millis,
    groups: &mut [Group],
    rings: &mut Vec<(u32, usize, Millis)>,
) {
    let ends = |group: &Group| (group.last + tau).min(group.opened + 3 * tau);
    let mut ended: Vec<(Millis, usize)> = (0..groups.len())
        .filter(|&g| groups[g].open && ends(&groups[g]) < now)
        .map(|g| (ends(&groups[g]), g))
        .collect();
    ended.sort_unstable();
    for (_, g) in ended {
        close(plan, g, groups, rings);
    }
}

fn close(
    plan: &SequentialPlan,
    g: usize,
    groups: &mut [Group],
    rings: &mut Vec<(u32, usize, Millis)>,
) {
    groups[g].open = false;
    let members = groups[g].members.iter();
    let joined: Vec<(u32, Millis)> = members
        .filter(|member| !groups[g].extensions.contains(&member.0))
        .copied()
        .collect();
    // Candidates in the order in which they placed their bets.
    let mut backers: Vec<(usize, usize)> = Vec::new();
    for (c, group) in groups.iter().enumerate() {
        for bet in group.bets.iter().filter(|bet| bet.on == g && !bet.settled) {
            backers.push((bet.placed, c));
        }
    }
    backers.sort_unstable();
    for (_, c) in backers {
        let bet = groups[c].bets.iter_mut().find(|bet| bet.on == g).unwrap();
        bet.settled = true;
        if bet.hits == 0
            || groups[c].members.len() >= plan.burst_cap
            || joined.len() > plan.extension_max
        {
            continue;
        }
        for &(account, time) in &joined {
            if !groups[c].members.iter().any(|member| member.0 == account) {
                groups[c].members.push((account, time));
                groups[c].extensions.push(account);
                remember(plan, rings, account, c, time);
            }
        }
    }
}

fn prime(
    plan: &SequentialPlan,
    separation: Millis,
    g: usize,
    account: u32,
    time: Millis,
    groups: &mut [Group],
    rings: &[(u32, usize, Millis)],
) {
    for (c, since) in ring_of(rings, account) {
        if time - since <= separation
            || c == g
            || groups[c].object == groups[g].object
            || groups[c].members.len() < plan.candidate_min
            || groups[c].bets.iter().any(|bet| bet.on == g)
        {
            continue;
        }
        let from = groups[g].joined.len();
        let placed = groups.iter().map(|group| group.bets.len()).sum();
        groups[c].bets.push(Bet {
            placed,
            on: g,
            from,
            primer: account,
            hits: 0,
            skipped: 0,
            settled: false,
        });
    }
}

/// The chance that the next one to join is a member: sums over every place that was ever credited.
fn chance(
    plan: &SequentialPlan,
    now: Millis,
    members: &[(u32, Millis)],
    primer: u32,
    credits: &[(Millis, u32)],
) -> f64 {
    let weight = |account: Option<u32>, half_life_ms: f64| -> f64 {
        credits
            .iter()
            .filter(|credit| account.is_none_or(|account| credit.1 == account))
            .map(|credit| 0.5_f64.powf((now - credit.0) as f64 / half_life_ms))
            .sum()
    };
    let slow = plan.slow_half_life_days * 86_400_000.0;
    let fast = plan.fast_half_life_hours * 3_600_000.0;
    let (all_slow, all_fast) = (weight(None, slow), weight(None, fast));
    let sum: f64 = members
        .iter()
        .filter(|member| member.0 != primer)
        .map(|member| {
            let w = (weight(Some(member.0), slow) + 1.0) / (all_slow + 50.0);
            w.max(weight(Some(member.0), fast) / (all_fast + 50.0))
        })
        .sum();
    sum.clamp(1e-12, 0.9)
}
