//! Who is there, and what is there to share? Everything is computed from its number when asked for, so that
//! a hundred million accounts take no memory.

use core::fmt::Write as _;

use concerted_stats::math::pow;

use crate::clock::{Burst, DAY_MS, HOUR_MS, bursts};
use crate::plan::Plan;
use crate::random::{Draws, key, mix, pick, unit, whole, zipf};
use crate::voices::{Voice, slug, voice};

/// Purposes of keys, so that no two things share their properties by accident.
pub(crate) mod purpose {
    pub(crate) const ACCOUNT: u64 = 1;
    pub(crate) const ORIGINAL: u64 = 2;
    pub(crate) const ARTICLE: u64 = 3;
    pub(crate) const STORY_ARTICLE: u64 = 4;
    pub(crate) const TAG: u64 = 5;
    pub(crate) const IMAGE: u64 = 6;
    pub(crate) const OUTLET: u64 = 7;
    pub(crate) const STORY: u64 = 8;
    pub(crate) const GROUP: u64 = 9;
    pub(crate) const JOINS: u64 = 10;
    pub(crate) const DELAY: u64 = 11;
    pub(crate) const REPLACED: u64 = 12;
    pub(crate) const OBJECT: u64 = 13;
    pub(crate) const COPY: u64 = 14;
    pub(crate) const CROWD: u64 = 15;
    pub(crate) const CAMOUFLAGE: u64 = 16;
}

/// An account by its number. The numbers of the background are below the plan's `accounts`.
pub(crate) type AccountNumber = u64;

/// A circle of accounts with a taste in common.
#[derive(Debug)]
pub(crate) struct Community {
    pub(crate) voice: &'static Voice,
    pub(crate) platform: usize,
    /// Itself and the others of its language and platform.
    siblings: Vec<u32>,
    /// Which side of the issues it takes.
    pub(crate) camp: usize,
}

/// The world of a plan.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) start_ms: i64,
    pub(crate) offset_ms: i64,
    pub(crate) platforms: Vec<String>,
    pub(crate) communities: Vec<Community>,
    /// Sums of the weights of the communities up to and with each; the last is 1.
    shares: Vec<f64>,
    accounts: u64,
    pub(crate) bursts: Vec<Burst>,
    shared_taste: f64,
    /// Posts and articles are told apart by the period in which they appeared: an hour, or longer where so
    /// little is posted that an hour would hold hardly any.
    pub(crate) period_ms: i64,
    /// Articles that a community's outlets publish in a period.
    pub(crate) articles: u64,
    /// The head of the activity ranking is flattened to about this rank.
    flat: f64,
}

impl World {
    pub(crate) fn new(plan: &Plan) -> Self {
        let count = u64::from(plan.communities).min(plan.accounts / 3).max(1);
        let langs: Vec<&'static Voice> = plan.langs.iter().filter_map(|lang| voice(lang)).collect();
        let spoken = langs.len();
        let traits: Vec<(usize, usize)> = (0..usize::try_from(count).unwrap_or(1))
            .map(|c| {
                // The first languages get the more communities: l-th of n about 1/(l+1).
                let share = unit(key(&[plan.seed, c as u64])) * harmonic(spoken);
                let lang = (0..spoken).find(|&l| share < harmonic(l + 1)).unwrap_or(0);
                // The very first communities see to it that every language is there.
                let lang = if c < spoken { c } else { lang };
                (lang, (c / spoken.max(1)) % plan.platforms.len())
            })
            .collect();
        let communities = traits
            .iter()
            .enumerate()
            .map(|(c, own)| Community {
                voice: langs[own.0],
                platform: own.1,
                siblings: (0u32..)
                    .zip(&traits)
                    .filter(|(_, other)| *other == own)
                    .map(|(other, _)| other)
                    .collect(),
                camp: c % 2,
            })
            .collect();
        let weights: Vec<f64> = (0..count).map(|c| pow(c as f64 + 2.0, -0.6)).collect();
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let shares = weights
            .iter()
            .map(|w| {
                sum += w / total;
                sum
            })
            .collect();
        let hours = u64::from(plan.days) * 24;
        let originals = plan.posts as f64 * 0.18 / (hours * count) as f64;
        let period = whole(4.0 / originals.max(1e-9)).clamp(1, 12);
        let per_community = plan.accounts as f64 / count as f64;
        Self {
            seed: plan.seed,
            start_ms: plan.start_ms,
            offset_ms: i64::from(plan.utc_offset_hours) * HOUR_MS,
            platforms: plan.platforms.clone(),
            communities,
            shares,
            accounts: plan.accounts,
            bursts: bursts(plan),
            shared_taste: plan.shared_taste,
            period_ms: period.cast_signed() * HOUR_MS,
            articles: (plan.posts * period / (hours * count * 8)).max(3),
            flat: (per_community / 150.0).max(1.0),
        }
    }

    pub(crate) fn community(&self, number: u32) -> &Community {
        &self.communities[number as usize % self.communities.len()]
    }

    /// A community, the larger ones more often.
    pub(crate) fn draw_community(&self, draws: &mut Draws) -> u32 {
        let u = draws.unit();
        let at = self.shares.partition_point(|&sum| sum <= u);
        u32::try_from(at.min(self.shares.len() - 1)).unwrap_or(0)
    }

    /// A community that speaks a language, by a number; any community if none does.
    pub(crate) fn community_of(&self, lang: &str, bits: u64) -> u32 {
        let speak: Vec<u32> = (0u32..)
            .zip(&self.communities)
            .filter(|(_, c)| c.voice.lang == lang)
            .map(|(c, _)| c)
            .collect();
        let at = usize::try_from(pick(bits, speak.len() as u64)).unwrap_or(0);
        speak.get(at).copied().unwrap_or(0)
    }

    /// The community whose objects a member of `own` turns to.
    pub(crate) fn taste(&self, own: u32, draws: &mut Draws) -> u32 {
        if draws.unit() < self.shared_taste {
            return own;
        }
        let siblings = &self.community(own).siblings;
        let at = usize::try_from(draws.below(siblings.len() as u64)).unwrap_or(0);
        siblings.get(at).copied().unwrap_or(own)
    }

    /// An account of a community, the active ones more often; `u` is uniform in `[0, 1)`.
    pub(crate) fn account_in(&self, community: u32, u: f64) -> AccountNumber {
        let (c, count) = (u64::from(community), self.communities.len() as u64);
        let members = self.accounts / count + u64::from(c < self.accounts % count);
        zipf(u, members, self.flat) * count + c
    }

    /// Whether an account sleeps: seven hours, early or late as its habit is. A few never do.
    pub(crate) fn asleep(&self, account: AccountNumber, time: i64) -> bool {
        let habit = key(&[self.seed, purpose::ACCOUNT, account]);
        let shift = whole(unit(habit) * 5.0).cast_signed() - 2;
        let hour = (time + self.offset_ms).rem_euclid(DAY_MS) / HOUR_MS;
        !habit.is_multiple_of(32) && (hour - shift).rem_euclid(24) < 7
    }

    /// The key of what an account does more than others.
    pub(crate) fn habit(&self, account: AccountNumber) -> u64 {
        mix(key(&[self.seed, purpose::ACCOUNT, account]))
    }

    pub(crate) fn write_account(&self, account: AccountNumber, id: &mut String) {
        let _ = write!(id, "{:016x}", self.scatter(account, 0));
    }

    pub(crate) fn write_handle(&self, account: AccountNumber, name: &mut String) {
        let look = key(&[self.seed, purpose::ACCOUNT, account, 1]);
        slug(look, 1, name);
        let _ = write!(name, "{}", look % 9973);
    }

    /// One to one, so that different numbers stay different.
    pub(crate) fn scatter(&self, number: u64, salt: u64) -> u64 {
        mix(mix(number ^ key(&[self.seed, salt])) ^ self.seed)
    }
}

/// 1 + 1/2 + ... + 1/n.
fn harmonic(n: usize) -> f64 {
    (1..=n).map(|i| 1.0 / i as f64).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_community_and_every_account_one() {
        let plan = Plan::default();
        let world = World::new(&plan);
        for lang in &plan.langs {
            let c = world.community_of(lang, 12345);
            assert_eq!(world.community(c).voice.lang, lang);
            assert!(world.community(c).siblings.contains(&c));
        }
        for u in [0.0, 0.5, 0.999_999_999] {
            for c in 0..16 {
                let account = world.account_in(c, u);
                assert!(account < plan.accounts && account % 16 == u64::from(c));
            }
        }
    }

    #[test]
    fn people_sleep_at_night() {
        let plan = Plan {
            utc_offset_hours: 0,
            ..Plan::default()
        };
        let world = World::new(&plan);
        let asleep = |hour: i64| {
            (0..1000)
                .filter(|&a| world.asleep(a, plan.start_ms + hour * HOUR_MS))
                .count()
        };
        assert!(asleep(3) > 900 && asleep(15) == 0);
    }
}
