//! What came out, population by population: the nouns that tables and sentences are made from.

use super::contested::{Apart, Contested};
use super::gate::Gate;
use super::lean::Lean;
use super::plays_on::{Background, Emphasis};
use super::seeds::Seeded;
use super::sides::Sides;
use super::uses::Kind;

/// The divisions of a corpus, as far as the data establish any.
#[derive(Clone, Debug, Default)]
pub struct Divisions {
    /// The populations that were looked at, the largest first.
    pub populations: Vec<PopulationReport>,
    /// Populations with too few accounts to ask.
    pub too_small: usize,
}

/// What was found in the posts of one language on one platform.
#[derive(Clone, Debug)]
pub struct PopulationReport {
    /// The platform, as the source names it.
    pub platform: String,
    /// The language, as the source labels it.
    pub lang: String,
    /// Accounts that the question was put to.
    pub accounts: usize,
    /// Accounts of candidate groups, removed before anything was learned.
    pub removed: usize,
    /// What the gate said, channel by channel, up to the first divide.
    pub gates: Vec<(Kind, Gate)>,
    /// The divide, if there is one.
    pub divide: Option<Divide>,
}

/// A divide and what it is about.
#[derive(Clone, Debug)]
pub struct Divide {
    /// The items by which the camps were found.
    pub channel: Kind,
    /// What the camps are called.
    pub seeded: Seeded,
    /// Accounts of camps A and B.
    pub camps: [usize; 2],
    /// Where more than two camps are borne by the axes: their accounts and the items most their own.
    pub k_camps: Vec<(usize, Vec<String>)>,
    /// Leaning and contested items, kind by kind, the strongest first.
    pub items: Vec<Item>,
    /// Slogans and counter-slogans proposed to a person: places among the items, and their likeness.
    pub pairs: Vec<(usize, usize, f64)>,
    /// The issues that groups were held against.
    pub issues: Vec<Issue>,
    /// How many accounts of the background were placed wrongly, of how many, when left out.
    pub placement_error: (u64, u64),
    /// What each group plays on and where it stands.
    pub groups: Vec<GroupReport>,
}

/// An item of both camps or of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What kind of item.
    pub kind: Kind,
    /// What it is called.
    pub name: String,
    /// How far it leans.
    pub lean: Lean,
    /// `|z|` that pays for having looked at all items of this kind.
    pub bar: f64,
    /// How alike the camps use it, 0 to 1.
    pub balance: f64,
    /// How contested it is, where reposts tell.
    pub contested: Option<Contested>,
    /// Why it is listed apart, if it is.
    pub apart: Option<Apart>,
    /// The first post with it by camp A and by camp B.
    pub examples: [Option<u32>; 2],
}

impl Item {
    /// As people write it.
    pub fn shown(&self) -> String {
        shown(self.kind, &self.name)
    }

    /// Whether it leans after paying for having looked at all.
    pub fn leans(&self) -> bool {
        self.lean.z.abs() >= self.bar && self.lean.side().is_some()
    }
}

/// An item as people write it: a hashtag with its sign.
pub fn shown(kind: Kind, name: &str) -> String {
    if kind == Kind::Hashtag {
        format!("#{name}")
    } else {
        name.to_owned()
    }
}

/// An issue: one item, or several that a person made one.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    /// What it is called.
    pub name: String,
    /// Places of its items.
    pub items: Vec<usize>,
    /// The camp that uses it mainly (B or A), if one does.
    pub mainly: Option<bool>,
}

/// What a group plays on and where it stands.
#[derive(Clone, Debug)]
pub struct GroupReport {
    /// Places of the groups among those handed over; several where a person takes them as one.
    pub groups: Vec<usize>,
    /// Members with posts in this population.
    pub members: usize,
    /// Whom it is held against.
    pub background: Background,
    /// Issue by issue.
    pub emphasis: Vec<Emphasis>,
    /// Where it stands, and by which kind of item its members were placed.
    pub sides: (Kind, Sides),
    /// Slogan and counter-slogan, where the group posted either.
    pub pairs: Vec<PairStand>,
}

/// What a group posted of a slogan and its counter-slogan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairStand {
    /// Place among the pairs.
    pub pair: usize,
    /// Posts with the item of camp A and with that of camp B.
    pub posts: [u64; 2],
    /// Members who posted the one, the other, and both.
    pub members: [usize; 3],
    /// Share of an account's such posts on its own side, at the median of the background.
    pub typical: f64,
}
