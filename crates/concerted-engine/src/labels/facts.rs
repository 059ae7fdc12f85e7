//! The facts about one group that labels judge by.

use crate::groups::Group;
use crate::groups::score::{Run, Scorer};
use crate::normalize::{Understood, View};
use crate::pairs::median;
use crate::post::Millis;
use crate::share::{Corpus, ObjectKind};
use crate::traces::Traces;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// An object that at least two members shared, at any time.
#[derive(Clone, Debug)]
pub struct JointObject {
    /// The object.
    pub object: u32,
    /// Slots of members, in time order.
    pub members: Vec<u32>,
    /// Accounts outside the group that shared it.
    pub outsiders: usize,
}

/// What is known of one group.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The group.
    pub group: &'a Group,
    /// Its accounts, ascending.
    pub accounts: Vec<u32>,
    /// Objects that at least two members shared.
    pub joint: Vec<JointObject>,
    /// Its joint acts at its window, in time order.
    pub acts: Vec<Run>,
    /// The slots that acts are cut from.
    pub slots: Vec<u32>,
    corpus: &'a Corpus,
    understood: &'a Understood<'a>,
    traces: &'a Traces,
    reach: &'a Reach,
    declared: &'a [bool],
}

/// How many accounts use each domain: a property of the corpus, counted once.
#[derive(Debug)]
pub struct Reach {
    accounts_on_domain: Vec<u32>,
    accounts: u32,
}

impl Reach {
    /// Counts the accounts on each domain.
    pub fn new(corpus: &Corpus) -> Self {
        let mut uses: Vec<u64> = corpus
            .shares
            .iter()
            .filter_map(|share| {
                let domain = corpus.objects.domain[share.object as usize]?;
                Some(u64::from(domain) << 32 | u64::from(share.account))
            })
            .collect();
        uses.sort_unstable();
        uses.dedup();
        let mut accounts_on_domain = vec![0; corpus.objects.domains.len()];
        for key in uses {
            accounts_on_domain
                [usize::try_from(key >> 32).expect("domains are numbered in 32 bits")] += 1;
        }
        Self {
            accounts_on_domain,
            accounts: u32::try_from(corpus.account_count()).unwrap_or(u32::MAX),
        }
    }

    /// Part of all accounts that use a domain.
    pub fn of(&self, domain: u32) -> f64 {
        f64::from(self.accounts_on_domain[domain as usize]) / f64::from(self.accounts.max(1))
    }
}

impl<'a> Facts<'a> {
    /// Gathers the facts of a group. `declared` says of each account whether a register lists it; it
    /// may be empty.
    pub fn new<'t: 'a>(
        group: &'a Group,
        corpus: &'a Corpus,
        understood: &'a Understood<'a>,
        scorer: &mut Scorer<'t>,
        reach: &'a Reach,
        declared: &'a [bool],
    ) -> Self {
        let accounts = group.accounts();
        let traces = scorer.traces();
        let scale = traces
            .scales_s
            .iter()
            .position(|&scale| scale == group.scale_s)
            .unwrap_or(0);
        let (runs, slots) = scorer.runs(&accounts, scale);
        let acts = crate::groups::score::joint_runs(traces, &runs, &slots, scale);
        let joint = slots
            .chunk_by(|&a, &b| traces.object[a as usize] == traces.object[b as usize])
            .filter(|own| own.len() >= 2)
            .map(|own| {
                let object = traces.object[own[0] as usize];
                JointObject {
                    object,
                    members: own.to_vec(),
                    outsiders: traces.slots_on(object).len() - own.len(),
                }
            })
            .collect();
        Self {
            group,
            accounts,
            joint,
            acts,
            slots,
            corpus,
            understood,
            traces,
            reach,
            declared,
        }
    }

    /// The traces that slots point into.
    pub fn traces(&self) -> &'a Traces {
        self.traces
    }

    /// The corpus.
    pub fn corpus(&self) -> &'a Corpus {
        self.corpus
    }

    /// The post of a slot.
    pub fn view(&self, slot: u32) -> View<'a> {
        self.understood
            .view(self.traces.post[slot as usize] as usize)
    }

    /// What kind of thing an object is.
    pub fn kind(&self, object: u32) -> ObjectKind {
        self.corpus.objects.kind[object as usize]
    }

    /// Joint objects that are links, as a part of all.
    pub fn links_among_joint(&self) -> f64 {
        share(
            self.joint
                .iter()
                .filter(|joint| self.kind(joint.object) == ObjectKind::Link)
                .count(),
            self.joint.len(),
        )
    }

    /// Members' shares of joint objects.
    pub fn joint_shares(&self) -> impl Iterator<Item = u32> + '_ {
        self.joint
            .iter()
            .flat_map(|joint| joint.members.iter().copied())
    }

    /// Part of the members' joint shares that satisfies a condition.
    pub fn part_of_joint_shares(&self, condition: impl Fn(u32) -> bool) -> f64 {
        let (mut all, mut satisfied) = (0, 0);
        for slot in self.joint_shares() {
            all += 1;
            satisfied += usize::from(condition(slot));
        }
        share(satisfied, all)
    }

    /// Domains of the joint links with the number of joint links on each, most first.
    pub fn domains(&self) -> Vec<(u32, usize)> {
        let mut counts: HashMap<u32, usize, FxBuildHasher> = HashMap::default();
        for joint in &self.joint {
            if let Some(domain) = self.corpus.objects.domain[joint.object as usize] {
                *counts.entry(domain).or_default() += 1;
            }
        }
        most_first(counts)
    }

    /// The domain that most joint links lead to: (domain, its part of the joint links).
    pub fn main_domain(&self) -> Option<(u32, f64)> {
        let domains = self.domains();
        let all: usize = domains.iter().map(|domain| domain.1).sum();
        domains
            .first()
            .map(|&(domain, count)| (domain, share(count, all)))
    }

    /// Part of all accounts that use a domain.
    pub fn reach_of(&self, domain: u32) -> f64 {
        self.reach.of(domain)
    }

    /// Name of a domain.
    pub fn domain_name(&self, domain: u32) -> &'a str {
        self.corpus.objects.domains.name(domain)
    }

    /// Mean over members of the part of their own link shares that leads to a domain.
    pub fn own_links_on(&self, domain: u32) -> f64 {
        let mut parts = Vec::new();
        for &member in &self.accounts {
            let (mut links, mut there) = (0, 0);
            for &slot in self.traces.slots_of(member) {
                let object = self.traces.object[slot as usize] as usize;
                if self.corpus.objects.kind[object] == ObjectKind::Link {
                    links += 1;
                    there += usize::from(self.corpus.objects.domain[object] == Some(domain));
                }
            }
            if links > 0 {
                parts.push(share(there, links));
            }
        }
        parts.iter().sum::<f64>() / parts.len().max(1) as f64
    }

    /// The account whose posts most joint reposts pass on: (author, its part), over reposts with a
    /// known author, and how many there are.
    pub fn main_author(&self) -> Option<(&'a str, f64, usize)> {
        let mut counts: HashMap<u32, usize, FxBuildHasher> = HashMap::default();
        let mut all = 0;
        for joint in &self.joint {
            if let Some(author) = self.corpus.objects.author[joint.object as usize] {
                *counts.entry(author).or_default() += joint.members.len();
                all += joint.members.len();
            }
        }
        let &(author, count) = most_first(counts).first()?;
        Some((
            self.corpus.objects.authors.name(author),
            share(count, all),
            all,
        ))
    }

    /// The platform of all members, if it is one.
    pub fn platform(&self) -> Option<&'a str> {
        let mut platforms = self
            .accounts
            .iter()
            .flat_map(|&member| self.traces.slots_of(member))
            .map(|&slot| self.corpus.platform[self.traces.post[slot as usize] as usize]);
        let first = platforms.next()?;
        platforms
            .all(|platform| platform == first)
            .then(|| self.understood.platform_name(first))
    }

    /// Median over joint acts of the time from the first share to the last.
    pub fn median_spread(&self) -> Option<Millis> {
        let mut spreads: Vec<Millis> = self
            .acts
            .iter()
            .map(|act| self.traces.time[act.last as usize] - self.traces.time[act.first as usize])
            .collect();
        spreads.sort_unstable();
        (!spreads.is_empty()).then(|| median(&spreads))
    }

    /// Time of the first and of the last share in a joint act.
    pub fn span(&self) -> Option<(Millis, Millis)> {
        let first = self
            .acts
            .iter()
            .map(|act| self.traces.time[act.first as usize])
            .min()?;
        let last = self
            .acts
            .iter()
            .map(|act| self.traces.time[act.last as usize])
            .max()?;
        Some((first, last))
    }

    /// Members that the register of openly coordinated bodies lists.
    pub fn declared(&self) -> usize {
        self.accounts
            .iter()
            .filter(|&&member| self.declared.get(member as usize) == Some(&true))
            .count()
    }
}

/// `part` of `all`, 0 of nothing.
pub fn share(part: usize, all: usize) -> f64 {
    if all == 0 {
        0.0
    } else {
        part as f64 / all as f64
    }
}

fn most_first(counts: HashMap<u32, usize, FxBuildHasher>) -> Vec<(u32, usize)> {
    let mut counts: Vec<(u32, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    counts
}
