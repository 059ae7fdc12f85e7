//! A divided public, or one that is not: camps with slogans of their own, fandoms, and sets planted in it.
//!
//! Where [`crate::Stream`] imitates how posts come about, this imitates what divides those who post: every
//! account belongs to a crowd, uses its words most of the time, others' sometimes, and everybody's else. Two
//! large crowds are a divide; eight are fandoms; one is none. Planted sets stand in one crowd or straddle two,
//! and can take up one slogan more than others do.

use crate::post::{Planted, SimPost};
use crate::random::Draws;

/// Accounts that have words and heroes in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Crowd {
    /// What its tags begin with.
    pub name: String,
    /// Its share of the public, relative to the other crowds.
    pub weight: f64,
}

/// Accounts planted among the public.
#[derive(Clone, Debug, PartialEq)]
pub struct PlantedSet {
    /// How many accounts.
    pub members: u32,
    /// Places of two crowds among which they are dealt out.
    pub crowds: (usize, usize),
    /// Share of the members in the second crowd.
    pub second: f64,
    /// A tag, and the share of their tags that it takes.
    pub pushes: Option<(String, f64)>,
}

/// A public to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Divided {
    /// Every random choice comes from this.
    pub seed: u64,
    /// Accounts of the public.
    pub accounts: u32,
    /// Posts of an account, on average; some post much more, many less.
    pub posts: f64,
    /// Days over which they post.
    pub days: u32,
    /// The crowds.
    pub crowds: Vec<Crowd>,
    /// Share of a post's tags that are its crowd's.
    pub own: f64,
    /// Share of its tags that are another crowd's, used against it or in passing.
    pub other: f64,
    /// Tags of a crowd. The rest of the tags are everybody's, ten times as many.
    pub slogans: u32,
    /// Share of posts that repeat another account's, of the own crowd in 19 of 20.
    pub reposts: f64,
    /// Sets planted.
    pub planted: Vec<PlantedSet>,
}

impl Default for Divided {
    /// Two equal camps of 400 accounts in all, clearly apart.
    fn default() -> Self {
        Self {
            seed: 1,
            accounts: 400,
            posts: 20.0,
            days: 30,
            crowds: ["north", "south"]
                .map(|name| Crowd {
                    name: name.into(),
                    weight: 1.0,
                })
                .to_vec(),
            own: 0.5,
            other: 0.06,
            slogans: 40,
            reposts: 0.3,
            planted: Vec::new(),
        }
    }
}

impl Divided {
    /// As many equal crowds as there are names.
    #[must_use]
    pub fn crowds_of(mut self, names: &[&str]) -> Self {
        self.crowds = names
            .iter()
            .map(|&name| Crowd {
                name: name.into(),
                weight: 1.0,
            })
            .collect();
        self
    }

    /// The posts in order of time, and for each planted set its accounts. Accounts of the public are named
    /// `u` and a number, those planted `s`, the set, `-` and a number.
    pub fn draw(&self) -> (Vec<SimPost>, Vec<Vec<String>>) {
        let mut draws = Draws::new(self.seed, 0);
        let mut posts = Vec::new();
        let total: f64 = self.crowds.iter().map(|crowd| crowd.weight).sum();
        for account in 0..self.accounts {
            let mut left = draws.unit() * total;
            let crowd = self
                .crowds
                .iter()
                .position(|crowd| {
                    left -= crowd.weight;
                    left < 0.0
                })
                .unwrap_or(self.crowds.len() - 1);
            self.account(&format!("u{account}"), crowd, None, &mut draws, &mut posts);
        }
        let mut sets = Vec::new();
        for (set, planted) in (0..).zip(&self.planted) {
            let mut names = Vec::new();
            for member in 0..planted.members {
                let name = format!("s{set}-{member}");
                // Dealt out in proportion, so that a half is a half in small sets too.
                let before = (f64::from(member) * planted.second).floor();
                let after = (f64::from(member + 1) * planted.second).floor();
                let crowd = if after > before {
                    planted.crowds.1
                } else {
                    planted.crowds.0
                };
                self.account(&name, crowd, Some((set, planted)), &mut draws, &mut posts);
                names.push(name);
            }
            sets.push(names);
        }
        posts.sort_by(|a: &SimPost, b: &SimPost| {
            (a.time_ms, &a.post_id).cmp(&(b.time_ms, &b.post_id))
        });
        (posts, sets)
    }

    fn account(
        &self,
        name: &str,
        crowd: usize,
        planted: Option<(u32, &PlantedSet)>,
        draws: &mut Draws,
        posts: &mut Vec<SimPost>,
    ) {
        let wanted = 1 + whole(draws.exponential(self.posts));
        for number in 0..wanted {
            let time = 1_772_323_200_000
                + i64::try_from(draws.below(u64::from(self.days) * 86_400_000)).unwrap_or(0);
            let mut post = SimPost {
                post_id: format!("{name}.{number}"),
                account_id: name.into(),
                account_name: name.into(),
                time_ms: time,
                platform: "example".into(),
                lang: "en",
                planted: planted.map(|(group, _)| Planted {
                    group,
                    action: u32::try_from(number).unwrap_or(u32::MAX),
                }),
                ..SimPost::default()
            };
            if draws.unit() < self.reposts {
                let of = if draws.unit() < 0.95 {
                    crowd
                } else {
                    self.another(crowd, draws)
                };
                let hero = rank(60, draws);
                let hero = format!("hero-{}-{hero}", self.crowds[of].name);
                post.repost_of = format!("{hero}.{}", draws.below(1_000));
                post.repost_of_account = hero;
            } else {
                let tags = 1 + draws.below(3);
                for _ in 0..tags {
                    let tag = self.tag(
                        crowd,
                        planted.and_then(|planted| planted.1.pushes.as_ref()),
                        draws,
                    );
                    if !post.hashtags.contains(&tag) {
                        post.hashtags.push(tag);
                    }
                }
                let words: Vec<String> = (0..6)
                    .map(|_| format!("word{}", letters(rank(3_000, draws))))
                    .collect();
                post.text = format!("{} #{}", words.join(" "), post.hashtags.join(" #"));
            }
            posts.push(post);
        }
    }

    fn tag(&self, crowd: usize, pushes: Option<&(String, f64)>, draws: &mut Draws) -> String {
        if let Some((tag, share)) = pushes
            && draws.unit() < *share
        {
            return tag.clone();
        }
        let what = draws.unit();
        if what < self.own {
            format!("{}{}", self.crowds[crowd].name, rank(self.slogans, draws))
        } else if what < self.own + self.other && self.crowds.len() > 1 {
            let other = self.another(crowd, draws);
            format!("{}{}", self.crowds[other].name, rank(self.slogans, draws))
        } else {
            format!("common{}", rank(10 * self.slogans, draws))
        }
    }

    fn another(&self, crowd: usize, draws: &mut Draws) -> usize {
        let others = self.crowds.len().max(2) as u64 - 1;
        let step = 1 + usize::try_from(draws.below(others)).unwrap_or(0);
        (crowd + step) % self.crowds.len()
    }
}

/// A rank below `n`, the first the likeliest (Zipf's law with exponent 1, by inversion of its integral).
fn rank(n: u32, draws: &mut Draws) -> u64 {
    let top = concerted_stats::math::ln(f64::from(n) + 1.0);
    whole(concerted_stats::math::exp(draws.unit() * top) - 1.0).min(u64::from(n) - 1)
}

/// A number in letters, so that a word of it is a word.
fn letters(mut number: u64) -> String {
    let mut text = String::new();
    loop {
        text.push(char::from(b'a' + u8::try_from(number % 26).unwrap_or(0)));
        number /= 26;
        if number == 0 {
            return text;
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count held as a float"
)]
fn whole(x: f64) -> u64 {
    x.max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crowds_use_their_own_words_and_sets_are_dealt_out() {
        let plan = Divided {
            planted: vec![PlantedSet {
                members: 10,
                crowds: (0, 1),
                second: 0.3,
                pushes: Some(("north3".into(), 0.5)),
            }],
            ..Divided::default()
        };
        let (posts, sets) = plan.draw();
        assert_eq!(plan.draw().0, posts);
        assert_eq!(sets[0].len(), 10);
        assert!(
            posts
                .windows(2)
                .all(|pair| pair[0].time_ms <= pair[1].time_ms)
        );
        let tags = |prefix: &str, account: &str| {
            posts
                .iter()
                .filter(|post| post.account_id.starts_with(account))
                .flat_map(|post| &post.hashtags)
                .filter(|tag| tag.starts_with(prefix))
                .count()
        };
        assert!(
            tags("north3", "s0") * 3 > tags("", "s0"),
            "half of their tags, ties apart"
        );
        // Three of ten members stand in the south.
        let heroes = |prefix: &str| {
            posts
                .iter()
                .filter(|post| post.account_id.starts_with("s0"))
                .filter(|post| post.repost_of_account.starts_with(prefix))
                .count()
        };
        assert!(heroes("hero-north") > heroes("hero-south"));
        assert!(heroes("hero-south") > 0);
    }
}
