//! Which divisions of the public does a group play on, and when must we say that we cannot tell?
//!
//! Comes in: posts as understood and the candidate groups. Goes out: [`Divisions`]. Abstention first: the
//! members of every group are taken out, camps are fitted to everyone else, and a gate decides whether
//! there is a divide at all. Only behind it are issues named, groups held against the public, and sides
//! spoken of. Language by language, platform by platform; the kinds of item on which camps are sought stand
//! in [`Kind::CHANNELS`]. What each figure is and what was measured: `docs/methods/divisions.md`.

pub mod camps;
pub mod contested;
pub mod correspondence;
pub mod gate;
mod issues;
mod k_camps;
pub mod lean;
pub mod matrix;
pub mod opposed;
mod organic;
mod placement;
pub mod plays_on;
pub mod report;
pub mod seeds;
pub mod sides;
pub mod uses;
pub mod words;

use crate::normalize::Understood;
use crate::rng::Rng;
use camps::{CampPlan, Fit, fit};
use gate::{Gate, GatePlan, draw, gate};
use lean::{Lean, log_odds, prior_weight};
use matrix::{Matrix, Prune};
use placement::Placement;
use plays_on::{Activity, Field, IssueUses};
use report::{Divide, Divisions, GroupReport, PairStand, PopulationReport, shown};
use seeds::{Edits, Seeded, Side, seeded};
use uses::{Kind, Population, Uses, passed, populations, uses};

/// How divisions are sought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DivisionPlan {
    /// Seed of every random choice.
    pub seed: u64,
    /// How camps are fitted.
    pub camps: CampPlan,
    /// When there is a divide.
    pub gate: GatePlan,
    /// What a person knows to stand on either side.
    pub seeds: [Side; 2],
    /// What a person made of the issues.
    pub edits: Edits,
    /// Groups that a person takes as one, by their places.
    pub together: Vec<Vec<usize>>,
}

/// Fewest members with posts in a population for a group to be spoken of there.
const MEMBERS: usize = 3;

/// The divisions of a corpus and what the groups do with them. A group is given by its accounts.
pub fn divisions(
    understood: &Understood<'_>,
    groups: &[Vec<u32>],
    plan: &DivisionPlan,
) -> Divisions {
    let mut free = vec![true; understood.accounts.len()];
    for &account in groups.iter().flatten() {
        free[account as usize] = false;
    }
    let mut found = Divisions::default();
    for population in populations(understood) {
        let mut active = vec![false; free.len()];
        for &post in &population.posts {
            active[understood.account[post as usize] as usize] = true;
        }
        let accounts: Vec<u32> = (0..matrix::number(free.len()))
            .filter(|&account| active[account as usize] && free[account as usize])
            .collect();
        if accounts.len() < plan.gate.least_accounts {
            found.too_small += 1;
            continue;
        }
        let removed = (0..free.len())
            .filter(|&place| active[place] && !free[place])
            .count();
        let (gates, passing) = ask(understood, &population, &free, plan);
        let divide = passing.map(|passing| {
            Divided {
                understood,
                population: &population,
                free: &accounts,
                channel: passing.channel,
                matrix: &passing.matrix,
                names: &passing.names,
                gate: &gates[gates.len() - 1].1,
                plan,
            }
            .report(groups, &passing.camps)
        });
        found.populations.push(PopulationReport {
            platform: population.platform.clone(),
            lang: population.lang.clone(),
            accounts: accounts.len(),
            removed,
            gates,
            divide,
        });
    }
    found
}

/// A channel whose gate was passed, with its matrix and its camps.
struct Passing {
    channel: Kind,
    matrix: Matrix,
    camps: Fit,
    /// What the columns are called.
    names: Vec<String>,
}

/// Puts the gate to each channel in turn, up to the first that passes it.
fn ask(
    understood: &Understood<'_>,
    population: &Population,
    free: &[bool],
    plan: &DivisionPlan,
) -> (Vec<(Kind, Gate)>, Option<Passing>) {
    let mut gates = Vec::new();
    for channel in Kind::CHANNELS {
        let found = match channel {
            // Words are many; a part of the accounts is enough, and all of them would not fit in memory.
            Kind::Word => uses(
                understood,
                population,
                channel,
                &part_of(free, 2 * plan.gate.most_accounts, plan.seed),
                2,
            ),
            _ => uses(understood, population, channel, free, 2),
        };
        let matrix = matrix(channel, &found, plan);
        let seed = plan.seed.wrapping_add(gates.len() as u64);
        let asked = gate(&matrix, &plan.camps, &plan.gate, seed);
        let passed = asked.verdict.is_divide();
        let axes = asked.camps.saturating_sub(1).max(1);
        gates.push((channel, asked));
        if passed {
            let camps = fit(&matrix, &plan.camps, axes, &mut Rng::stream(seed, 0));
            let names = matrix
                .items
                .iter()
                .map(|&item| found.names[item as usize].clone())
                .collect();
            let passing = Passing {
                channel,
                matrix,
                camps,
                names,
            };
            return (gates, Some(passing));
        }
    }
    (gates, None)
}

/// The matrix of a channel, pruned less where there is little.
fn matrix(channel: Kind, uses: &Uses, plan: &DivisionPlan) -> Matrix {
    let pairs = uses.pairs();
    let rich = pairs
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|items| items.len() >= 3)
        .count();
    let item_accounts = match channel {
        Kind::Word => 10,
        _ if rich < 250 => 2,
        _ => channel.least_accounts(),
    };
    let pruned = |account_items| {
        Matrix::new(
            &pairs,
            Prune {
                item_accounts,
                account_items,
            },
        )
    };
    let made = pruned(3);
    if made.accounts.len() < plan.gate.least_accounts {
        pruned(2)
    } else {
        made
    }
}

/// A random part of the accounts that are free, where there are more than so many.
fn part_of(free: &[bool], most: usize, seed: u64) -> Vec<bool> {
    let places: Vec<usize> = (0..free.len()).filter(|&place| free[place]).collect();
    if places.len() <= most {
        return free.to_vec();
    }
    let mut part = vec![false; free.len()];
    let drawn = draw(places.len(), most, &mut Rng::stream(seed, 2));
    for (&place, drawn) in places.iter().zip(drawn) {
        part[place] = drawn;
    }
    part
}

/// A population whose gate was passed.
struct Divided<'a> {
    understood: &'a Understood<'a>,
    population: &'a Population,
    free: &'a [u32],
    channel: Kind,
    matrix: &'a Matrix,
    names: &'a [String],
    gate: &'a Gate,
    plan: &'a DivisionPlan,
}

impl Divided<'_> {
    fn report(&self, groups: &[Vec<u32>], camps: &Fit) -> Divide {
        let accounts = self.understood.accounts.len();
        let mut camp: Vec<Option<bool>> = vec![None; accounts];
        for (&account, &side) in self.matrix.accounts.iter().zip(&camps.side) {
            camp[account as usize] = Some(side);
        }
        let seeded = self.seeded(&camp);
        if seeded.turned {
            for side in camp.iter_mut().flatten() {
                *side = !*side;
            }
        }
        let in_b = camp.iter().filter(|&&side| side == Some(true)).count();
        let sizes = [self.matrix.accounts.len() - in_b, in_b];
        let everyone = vec![true; accounts];
        let reposts = passed(self.understood, self.population, &everyone);
        let found = issues::found(
            self.understood,
            self.population,
            &camp,
            sizes,
            &reposts,
            self.plan.seed,
        );
        let issues = found.issues(&self.plan.edits);
        let pairs = found.pairs(self.understood);
        let time = |post: u32| self.understood.view(post as usize).post().time();
        let issue_uses: Vec<IssueUses> = issues
            .iter()
            .map(|issue| {
                let mut posts: Vec<(u32, u32)> = issue
                    .items
                    .iter()
                    .flat_map(|&item| {
                        let kind = found.items[item].kind;
                        found.uses[&kind].of(found.numbers[item])
                    })
                    .map(|of| (of.account, of.post))
                    .collect();
                posts.sort_unstable();
                posts.dedup();
                IssueUses {
                    posts: posts
                        .into_iter()
                        .map(|(account, post)| (account, time(post)))
                        .collect(),
                }
            })
            .collect();
        let activity = Activity::new(
            self.population
                .posts
                .iter()
                .map(|&post| (self.understood.account[post as usize], time(post))),
            accounts,
        );
        let sets = self.sets(groups, &activity);
        let largest = sets.iter().map(|set| set.1.len()).max().unwrap_or(0);
        let organic = if sets.is_empty() {
            Vec::new()
        } else {
            // Some of a group cannot be placed, so more are grown than the group has.
            organic::organic(self.matrix, (2 * largest).max(20), self.plan.seed)
        };
        let placements = self.placements(&camp);
        let field = Field {
            activity: &activity,
            issues: &issue_uses,
            free: self.free,
            organic: &organic,
        };
        let groups = sets
            .into_iter()
            .map(|(places, members)| {
                let (background, emphasis) = field.of(&members, self.plan.seed);
                let sides = placements
                    .iter()
                    .map(|(placement, all)| {
                        let distinct = |account: u32| distinct(all, account);
                        (
                            placement.kind,
                            placement.sides(&members, &organic, distinct),
                        )
                    })
                    .max_by_key(|(kind, sides)| {
                        let fits = sides.known >= sides::KNOWN;
                        (
                            fits,
                            if fits { sides.counts.eligible() } else { 0 },
                            std::cmp::Reverse(*kind != Kind::Hashtag),
                        )
                    });
                GroupReport {
                    pairs: pair_stands(&pairs, &found, &members, &camp),
                    groups: places,
                    members: members.len(),
                    background,
                    emphasis,
                    sides: sides.unwrap_or((
                        Kind::Hashtag,
                        sides::sides(sides::Counts::default(), f64::NAN, &[], (0, 0)),
                    )),
                }
            })
            .collect();
        Divide {
            channel: self.channel,
            seeded,
            camps: sizes,
            k_camps: self.k_camps(camps),
            placement_error: placements
                .first()
                .map_or((0, 0), |(placement, _)| placement.error),
            items: found.items,
            pairs,
            issues,
            groups,
        }
    }

    /// The groups with members here, and those that a person takes as one.
    fn sets(&self, groups: &[Vec<u32>], activity: &Activity) -> Vec<(Vec<usize>, Vec<u32>)> {
        let alone = (0..groups.len()).map(|place| vec![place]);
        alone
            .chain(self.plan.together.iter().cloned())
            .filter_map(|places| {
                let mut members: Vec<u32> = places
                    .iter()
                    .filter_map(|&place| groups.get(place))
                    .flatten()
                    .copied()
                    .filter(|&account| activity.posts(account) > 0.0)
                    .collect();
                members.sort_unstable();
                members.dedup();
                (members.len() >= MEMBERS).then_some((places, members))
            })
            .collect()
    }

    /// Placing by hashtags and by reposted accounts, each with all (account, item) pairs, known or not.
    fn placements(&self, camp: &[Option<bool>]) -> Vec<(Placement, Vec<(u32, u32)>)> {
        let everyone = vec![true; camp.len()];
        [Kind::Hashtag, Kind::RepostedAccount]
            .into_iter()
            .map(|kind| {
                let all = uses(self.understood, self.population, kind, &everyone, 1);
                let known = uses(
                    self.understood,
                    self.population,
                    kind,
                    &everyone,
                    lean::LEAST,
                );
                (Placement::new(kind, &known, camp), all.pairs())
            })
            .collect()
    }

    fn seeded(&self, camp: &[Option<bool>]) -> Seeded {
        let everyone = vec![true; camp.len()];
        let tags = if self.plan.seeds.iter().any(|side| !side.seeds.is_empty()) {
            uses(
                self.understood,
                self.population,
                Kind::Hashtag,
                &everyone,
                1,
            )
        } else {
            Uses::default()
        };
        let leans = lean::leans(&tags, camp);
        seeded(&self.plan.seeds, |seed| match seed.strip_prefix('#') {
            Some(tag) => {
                let key = crate::normalize::tags::tag_key(tag);
                let place = tags.names.iter().position(|name| *name == key)?;
                let Lean { users, delta, .. } = leans[place];
                (users != [0, 0]).then_some(delta > 0.0)
            }
            None => camp[self.understood.accounts.find(seed)? as usize],
        })
    }

    /// The camps that the axes would bear where these are more than two, with the items most their own.
    fn k_camps(&self, fitted: &Fit) -> Vec<(usize, Vec<String>)> {
        let camps = self.gate.camps;
        if camps <= 2 {
            return Vec::new();
        }
        let labels = k_camps::k_camps(fitted, camps, self.plan.seed);
        let all = self.matrix.rows.total() as f64;
        (0..camps)
            .map(|camp| {
                let accounts = labels.iter().filter(|&&label| label == camp).count();
                let own: f64 = labels
                    .iter()
                    .enumerate()
                    .filter(|(_, label)| **label == camp)
                    .map(|(row, _)| self.matrix.rows.get(row).len() as f64)
                    .sum();
                let sizes = [all - own, own];
                let mut by_lean: Vec<(f64, &str)> = self
                    .matrix
                    .columns
                    .iter()
                    .zip(self.names)
                    .map(|(rows, name)| {
                        let inside = rows
                            .iter()
                            .filter(|&&row| labels[row as usize] == camp)
                            .count() as f64;
                        let users = [rows.len() as f64 - inside, inside];
                        (log_odds(users, sizes, prior_weight(sizes)).1, name.as_str())
                    })
                    .collect();
                by_lean.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
                let names = by_lean
                    .iter()
                    .take(8)
                    .filter(|(z, _)| *z >= lean::LEANS)
                    .map(|&(_, name)| shown(self.channel, name))
                    .collect();
                (accounts, names)
            })
            .collect()
    }
}

/// How many items an account has among ascending (account, item) pairs.
fn distinct(pairs: &[(u32, u32)], account: u32) -> usize {
    pairs.partition_point(|pair| pair.0 <= account) - pairs.partition_point(|pair| pair.0 < account)
}

/// What a group posted of each slogan and counter-slogan, where it posted either.
fn pair_stands(
    pairs: &[(usize, usize, f64)],
    found: &issues::Found,
    members: &[u32],
    camp: &[Option<bool>],
) -> Vec<PairStand> {
    let mut stands = Vec::new();
    for (place, &(a, b, _)) in pairs.iter().enumerate() {
        let posts_of = |item: usize| {
            let of = found.uses[&found.items[item].kind].of(found.numbers[item]);
            let mut posts: std::collections::BTreeMap<u32, u64> = std::collections::BTreeMap::new();
            for of in of {
                *posts.entry(of.account).or_default() += 1;
            }
            posts
        };
        let by_account = [posts_of(a), posts_of(b)];
        let count =
            |side: usize, account: u32| by_account[side].get(&account).copied().unwrap_or(0);
        let sum = |side: usize| {
            members
                .iter()
                .map(|&member| count(side, member))
                .sum::<u64>()
        };
        let posts = [sum(0), sum(1)];
        if posts == [0, 0] {
            continue;
        }
        let using = |side: usize| {
            members
                .iter()
                .filter(|&&member| count(side, member) > 0)
                .count()
        };
        let both = members
            .iter()
            .filter(|&&member| count(0, member) > 0 && count(1, member) > 0)
            .count();
        let own_side: Vec<f64> = camp
            .iter()
            .enumerate()
            .filter(|(_, camp)| camp.is_some())
            .map(|(account, _)| {
                let account = matrix::number(account);
                (count(0, account), count(1, account))
            })
            .filter(|&(a, b)| a + b > 0)
            .map(|(a, b)| a.max(b) as f64 / (a + b) as f64)
            .collect();
        stands.push(PairStand {
            pair: place,
            posts,
            members: [using(0), using(1), both],
            typical: gate::quantile(own_side, 0.5),
        });
    }
    stands
}

#[cfg(test)]
mod tests;
