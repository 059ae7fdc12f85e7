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

/// Outlets that a community reads.
const OUTLETS: u64 = 15;
/// Hashtags that a community uses.
const TAGS: u64 = 40;

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

/// A post that others repeat or answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// The n-th that a community wrote in a period of the plan.
    Organic { community: u32, period: u32, n: u32 },
    /// The n-th by which a story broke.
    Story { story: u32, n: u32 },
    /// The one that a group spreads in an action.
    Planted { group: u32, action: u32 },
    /// One that nobody repeats.
    Serial(u64),
}

/// A web page that posts link to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Article {
    pub(crate) key: u64,
    /// Whose language and outlets it has.
    pub(crate) community: u32,
    /// The story it tells, or the issue.
    pub(crate) about: crate::voices::About,
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
    bursts: Vec<Burst>,
    shared_taste: f64,
    /// Posts and articles are told apart by the period in which they appeared: an hour, or longer where so
    /// little is posted that an hour would hold hardly any.
    pub(crate) period_ms: i64,
    /// Articles that a community's outlets publish in a period.
    articles: u64,
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

    pub(crate) fn write_post_id(&self, source: Source, id: &mut String) {
        // Packed so that no two sources give the same number, then scattered one to one.
        let packed = match source {
            Source::Serial(n) => n,
            Source::Organic {
                community,
                period,
                n,
            } => {
                (1 << 62) | (u64::from(community) << 50) | (u64::from(period) << 32) | u64::from(n)
            }
            Source::Story { story, n } => (2 << 62) | (u64::from(story) << 32) | u64::from(n),
            Source::Planted { group, action } => {
                (3 << 62) | (u64::from(group) << 32) | u64::from(action)
            }
        };
        let _ = write!(id, "{:019}", self.scatter(packed, 1));
    }

    /// The key of a source's text and author.
    pub(crate) fn source_key(&self, source: Source) -> u64 {
        let parts = match source {
            Source::Organic {
                community,
                period,
                n,
            } => [1, u64::from(community), u64::from(period), u64::from(n)],
            Source::Story { story, n } => [2, u64::from(story), u64::from(n), 0],
            Source::Planted { group, action } => [3, u64::from(group), u64::from(action), 0],
            Source::Serial(n) => [4, n, 0, 0],
        };
        key(&[
            self.seed,
            purpose::ORIGINAL,
            parts[0],
            parts[1],
            parts[2],
            parts[3],
        ])
    }

    /// Who wrote an organic post.
    pub(crate) fn author(&self, community: u32, source: Source) -> AccountNumber {
        let u = unit(mix(self.source_key(source)));
        // Stories break at the most active accounts.
        let u = if matches!(source, Source::Story { .. }) {
            u * 0.3
        } else {
            u
        };
        self.account_in(community, u)
    }

    /// The key of a story: texts and articles about it name the same subject and place.
    pub(crate) fn story_key(&self, story: u32) -> u64 {
        key(&[self.seed, purpose::STORY, u64::from(story)])
    }

    /// Where a story broke.
    pub(crate) fn story_community(&self, story: u32) -> u32 {
        let count = u32::try_from(self.communities.len()).unwrap_or(1);
        self.bursts
            .get(story as usize)
            .map_or(0, |b| b.community % count)
    }

    /// The stories that break in a time, by number, with their first moment.
    pub(crate) fn breaking(&self, from: i64, to: i64) -> impl Iterator<Item = (u32, i64)> {
        let (from, to) = (from - self.start_ms, to - self.start_ms);
        let first = self.bursts.partition_point(|b| b.start < from);
        (0u32..)
            .zip(&self.bursts)
            .skip(first)
            .take_while(move |(_, b)| b.start < to)
            .map(|(story, b)| (story, b.start + self.start_ms))
    }

    /// An article that a community's readers may share now: younger ones and the popular ones more often, and
    /// only the most popular if `head`.
    pub(crate) fn draw_article(
        &self,
        community: u32,
        time: i64,
        head: bool,
        draws: &mut Draws,
    ) -> Article {
        let now = (time - self.start_ms).max(0);
        let age = whole(self.draw_age(draws) * self.period_ms as f64).cast_signed();
        let mut period = (now - age).div_euclid(self.period_ms);
        let u = draws.unit();
        let rank = zipf(if head { 0.2 * u } else { u }, self.articles, 0.8);
        let of = |period: i64| {
            key(&[
                self.seed,
                purpose::ARTICLE,
                u64::from(community),
                period.cast_unsigned(),
                rank,
            ])
        };
        // An article of this period is out only when its moment has come; if not, take the period before.
        let moment = pick(mix(of(period)), self.period_ms.cast_unsigned()).cast_signed();
        if period * self.period_ms + moment > now {
            period -= 1;
        }
        Article {
            key: of(period),
            community,
            about: crate::voices::About::Anything,
        }
    }

    /// How many periods old the objects are that people share: five hours on average, or a period.
    pub(crate) fn draw_age(&self, draws: &mut Draws) -> f64 {
        draws.exponential((5.0 * HOUR_MS as f64 / self.period_ms as f64).max(1.0))
    }

    /// One of the few articles about a story.
    pub(crate) fn story_article(&self, story: u32, u: f64) -> Article {
        let n = zipf(u, 6, 1.0);
        Article {
            key: key(&[self.seed, purpose::STORY_ARTICLE, u64::from(story), n]),
            community: self.story_community(story),
            about: crate::voices::About::Event(self.story_key(story)),
        }
    }

    /// The site of an article.
    pub(crate) fn write_outlet(&self, article: &Article, out: &mut String) {
        let outlet = zipf(unit(mix(article.key ^ 3)), OUTLETS, 2.0);
        Self::write_site(
            key(&[
                self.seed,
                purpose::OUTLET,
                u64::from(article.community),
                outlet,
            ]),
            out,
        );
    }

    /// A site by its key. `example` is reserved, so that no invented site can be a real one.
    pub(crate) fn write_site(site: u64, out: &mut String) {
        const ENDS: [&str; 8] = [
            "news", "post", "-online", "times", "-info", "24", "journal", "-daily",
        ];
        slug(site, 1, out);
        out.push_str(ENDS[usize::try_from(pick(mix(site), 8)).unwrap_or(0)]);
        out.push_str(".example");
    }

    /// The key of a hashtag that a community uses.
    pub(crate) fn tag(&self, community: u32, u: f64) -> u64 {
        key(&[
            self.seed,
            purpose::TAG,
            u64::from(community),
            zipf(u, TAGS, 2.0),
        ])
    }

    /// The hash of an image that goes round in a community on a day.
    pub(crate) fn image(&self, community: u32, time: i64, u: f64) -> u64 {
        let day = time.div_euclid(DAY_MS).cast_unsigned();
        let images = self.articles * 4;
        key(&[
            self.seed,
            purpose::IMAGE,
            u64::from(community),
            day,
            zipf(u, images, 1.5),
        ])
    }

    /// One to one, so that different numbers stay different.
    fn scatter(&self, number: u64, salt: u64) -> u64 {
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
    fn ids_do_not_clash_and_do_not_tell() {
        let world = World::new(&Plan::default());
        let mut ids: Vec<String> = Vec::new();
        for n in 0..300u32 {
            for source in [
                Source::Serial(n.into()),
                Source::Organic {
                    community: n,
                    period: n,
                    n,
                },
                Source::Story { story: n, n },
                Source::Planted {
                    group: n,
                    action: n,
                },
            ] {
                let mut id = String::new();
                world.write_post_id(source, &mut id);
                ids.push(id);
            }
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 1200);
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
