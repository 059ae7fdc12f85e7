//! What is there to share? Posts, articles, hashtags and images, each made again from its number when asked for.

use core::fmt::Write as _;

use crate::clock::{DAY_MS, HOUR_MS};
use crate::random::{Draws, key, mix, pick, unit, whole, zipf};
use crate::voices::{About, slug};
use crate::world::{AccountNumber, World, purpose};

/// Outlets that a community reads.
const OUTLETS: u64 = 15;
/// Hashtags that a community uses.
const TAGS: u64 = 40;

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
    pub(crate) about: About,
}

impl World {
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
            about: About::Anything,
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
            about: About::Event(self.story_key(story)),
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;

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
}
