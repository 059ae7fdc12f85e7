//! What is the divide about? The leaning and the contested items, which are listed apart, and which slogans
//! answer one another.

use super::contested::{self, Apart};
use super::lean::{LEAST, Leans, leans_with_bar};
use super::matrix::number;
use super::opposed;
use super::report::{Issue, Item, shown};
use super::seeds::Edits;
use super::uses::{Kind, Passed, Population, Uses, uses};
use crate::columns::Names;
use crate::normalize::Understood;
use crate::post::Millis;
use std::collections::BTreeMap;
use unicode_segmentation::UnicodeSegmentation as _;

/// Leaning items listed of one kind and camp.
const LISTED: usize = 25;
/// Contested items listed beside them.
const CONTESTED: usize = 25;
/// Least balance of an item that is listed as contested and does not lean.
const BALANCED: f64 = 0.5;

/// The items of one divide with the uses they rest on.
pub(crate) struct Found {
    /// Uses of each kind, by everyone.
    pub(crate) uses: BTreeMap<Kind, Uses>,
    pub(crate) items: Vec<Item>,
    /// For each item its number among the uses of its kind.
    pub(crate) numbers: Vec<u32>,
}

pub(crate) fn found(
    understood: &Understood<'_>,
    population: &Population,
    camp: &[Option<bool>],
    camps: [usize; 2],
    passed: &[Passed],
    seed: u64,
) -> Found {
    let everyone = vec![true; camp.len()];
    let time = |post: u32| understood.view(post as usize).post().time();
    let span = population_span(population, time);
    let flows = contested::contested(passed, camp);
    let mut all_uses = BTreeMap::new();
    let (mut items, mut numbers) = (Vec::new(), Vec::new());
    for kind in Kind::ISSUES {
        let of = uses(
            understood,
            population,
            kind,
            &everyone,
            kind.least_accounts(),
        );
        let leans = leans_with_bar(&of, camp, seed);
        let by_account = of.pairs();
        let items_of = |account: u32| -> Vec<u32> {
            let start = by_account.partition_point(|pair| pair.0 < account);
            by_account[start..]
                .iter()
                .take_while(|pair| pair.0 == account)
                .map(|pair| pair.1)
                .collect()
        };
        let users: Vec<u32> = leans
            .items
            .iter()
            .map(|lean| lean.users[0] + lean.users[1])
            .collect();
        for item in listed(&of, &leans, camps, kind, &flows) {
            let lean = leans.items[item as usize];
            let name = of.names[item as usize].clone();
            let apart = if contested::is_burst(of.of(item), time, span) {
                Some(Apart::Burst)
            } else {
                contested::circle(item, &of, items_of, &users, camps[0] + camps[1])
                    .map(|_| Apart::Circle)
            };
            let example = |side: bool| {
                of.of(item)
                    .iter()
                    .filter(|of| camp[of.account as usize] == Some(side))
                    .map(|of| of.post)
                    .min()
            };
            items.push(Item {
                kind,
                lean,
                bar: leans.bar,
                balance: contested::balance(lean.users, camps),
                contested: (kind == Kind::Hashtag)
                    .then(|| flows.get(&name).copied())
                    .flatten(),
                apart,
                examples: [example(false), example(true)],
                name,
            });
            numbers.push(item);
        }
        all_uses.insert(kind, of);
    }
    Found {
        uses: all_uses,
        items,
        numbers,
    }
}

fn population_span(population: &Population, time: impl Fn(u32) -> Millis) -> Millis {
    let times = || population.posts.iter().map(|&post| time(post));
    times().max().unwrap_or(0) - times().min().unwrap_or(0)
}

/// The items to show of a kind: the strongest of either camp beyond the bar, then the contested ones.
fn listed(
    uses: &Uses,
    leans: &Leans,
    camps: [usize; 2],
    kind: Kind,
    flows: &BTreeMap<String, contested::Contested>,
) -> Vec<u32> {
    let lean = |item: u32| &leans.items[item as usize];
    let mut order: Vec<u32> = (0..number(leans.items.len()))
        .filter(|&item| lean(item).users[0] + lean(item).users[1] >= LEAST)
        .collect();
    order.sort_by(|&a, &b| lean(b).z.abs().total_cmp(&lean(a).z.abs()).then(a.cmp(&b)));
    let mut listed = Vec::new();
    for side in [false, true] {
        let of_side = order
            .iter()
            .copied()
            .filter(|&item| (lean(item).z > 0.0) == side && lean(item).z.abs() >= leans.bar);
        listed.extend(of_side.take(LISTED));
    }
    if kind == Kind::Hashtag {
        let weight = |item: u32| {
            let balance = contested::balance(lean(item).users, camps);
            let flow = flows.get(&uses.names[item as usize]);
            (balance >= BALANCED)
                .then(|| flow.map_or(0.0, |flow| flow.weight))
                .filter(|&weight| weight > 0.0)
        };
        let mut both: Vec<u32> = order
            .iter()
            .copied()
            .filter(|item| !listed.contains(item) && weight(*item).is_some())
            .collect();
        both.sort_by(|&a, &b| {
            let (a_weight, b_weight) = (weight(a).unwrap_or(0.0), weight(b).unwrap_or(0.0));
            b_weight.total_cmp(&a_weight).then(a.cmp(&b))
        });
        listed.extend(both.into_iter().take(CONTESTED));
    }
    listed
}

impl Found {
    /// Slogans and counter-slogans: places among the items, and how alike their company is.
    pub(crate) fn pairs(&self, understood: &Understood<'_>) -> Vec<(usize, usize, f64)> {
        let Some(tags) = self.uses.get(&Kind::Hashtag) else {
            return Vec::new();
        };
        let leaning: Vec<(usize, u32, bool)> = self
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.kind == Kind::Hashtag && item.leans())
            .map(|(place, item)| (place, self.numbers[place], item.lean.z > 0.0))
            .collect();
        let mut words = Names::default();
        let mut beside: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for &(_, item, _) in &leaning {
            for of in tags.of(item) {
                beside.entry(of.post).or_insert_with(|| {
                    let view = understood.view(of.post as usize);
                    let tags = view.hashtags().collect::<Vec<&str>>();
                    let mut around: Vec<u32> = view
                        .normal_text()
                        .unicode_words()
                        .filter(|word| word.chars().count() >= 3 || !word.is_ascii())
                        .filter(|word| !tags.contains(word))
                        .map(|word| words.code(word))
                        .collect();
                    around.extend(tags.iter().map(|tag| words.code(&format!("#{tag}"))));
                    around
                });
            }
        }
        let own = |item: u32| words.find(&format!("#{}", tags.names[item as usize]));
        let found = opposed::pairs(
            &leaning.iter().map(|of| (of.1, of.2)).collect::<Vec<_>>(),
            tags,
            |item, post| {
                let own = own(item);
                beside
                    .get(&post)
                    .map(|words| {
                        words
                            .iter()
                            .copied()
                            .filter(|&word| Some(word) != own)
                            .collect()
                    })
                    .unwrap_or_default()
            },
        );
        let place = |item: u32| leaning.iter().find(|of| of.1 == item).map_or(0, |of| of.0);
        found
            .into_iter()
            .map(|pair| (place(pair.a), place(pair.b), pair.likeness))
            .collect()
    }

    /// The issues: what a person made of the items, then every other leaning or contested item that is not
    /// listed apart.
    pub(crate) fn issues(&self, edits: &Edits) -> Vec<Issue> {
        let place = |wanted: &String| {
            self.items
                .iter()
                .position(|item| item.shown() == *wanted || shown(item.kind, &item.name) == *wanted)
        };
        let dropped: Vec<usize> = edits.dropped.iter().filter_map(place).collect();
        let mut taken = dropped;
        let mut issues = Vec::new();
        let issue = |name: String, items: Vec<usize>| {
            let sides: Vec<Option<bool>> = items
                .iter()
                .map(|&item| {
                    self.items[item]
                        .leans()
                        .then_some(self.items[item].lean.z > 0.0)
                })
                .collect();
            let first = sides.first().copied().flatten();
            Issue {
                mainly: first.filter(|_| sides.iter().all(|&side| side == first)),
                name,
                items,
            }
        };
        for (name, members) in &edits.issues {
            let items: Vec<usize> = members.iter().filter_map(place).collect();
            if !items.is_empty() {
                taken.extend(&items);
                issues.push(issue(name.clone(), items));
            }
        }
        for (place, item) in self.items.iter().enumerate() {
            if item.apart.is_none() && !taken.contains(&place) {
                issues.push(issue(item.shown(), vec![place]));
            }
        }
        issues
    }
}
