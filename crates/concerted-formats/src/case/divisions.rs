//! The tables of divisions: what the gate said, what the camps are about, what each group plays on, and
//! where it stands. Every row carries its sentence, made in one place (`concerted_engine::divisions::words`).

use super::cell::{Text, Texts, Time};
use super::error::CaseError;
use super::findings::group_id;
use super::row::{Row, table};
use super::{Case, csv_text};
use concerted_engine::divisions::DivisionPlan;
use concerted_engine::divisions::plays_on::{Differs, Emphasis, Said};
use concerted_engine::divisions::report::{Divide, Divisions, GroupReport, Item, PopulationReport};
use concerted_engine::divisions::sides::Stand;
use concerted_engine::divisions::words;
use concerted_engine::normalize::Understood;
use std::path::Path;

table! {
    /// Whether the public is divided, as far as these posts tell: one kind of item after the other, up to the
    /// first that shows a divide. Members of every group were taken out before. Without a row that says
    /// `divide`, the other tables of divisions are empty.
    CampRow<'a> in "camps.csv", a row is "a question put to the posts of one language on one platform" {
        /// The platform, as the source names it.
        platform: Text<'a> [""],
        /// The language, as the source labels it.
        lang: Text<'a> [""],
        /// The kind of item by which camps were sought: `reposted account`, `hashtag`, `word`, `domain`.
        channel: Text<'a> [""],
        /// What came out: `too few accounts`, `no divide established`, `divide`, `strong divide`.
        verdict: Text<'a> [""],
        /// Accounts that use enough in common to be asked; of more than ten thousand, ten thousand are drawn.
        accounts: u64 ["accounts"],
        /// Accounts of candidate groups in this population, taken out before anything was learned.
        removed: u64 ["accounts"],
        /// Items that they use in common.
        items: u64 ["items"],
        /// Accounts of the smaller camp.
        smaller: u64 ["accounts"],
        /// How far the camps keep to their items (Barber's modularity).
        modularity: f64 [""],
        /// Its mean over copies in which chance decided who used what.
        by_chance: f64 [""],
        /// `(modularity - by_chance) / (0.5 - by_chance)`: 0 is chance, 1 two camps with nothing in common.
        effect: f64 [""],
        /// Median agreement of random halves of the accounts on the sides of items, beyond chance.
        agreement: f64 [""],
        /// Copies made.
        copies: u64 ["copies"],
        /// Random halvings made.
        halvings: u64 ["halvings"],
        /// Camps that the axes beyond chance would bear; only two were put to the gate.
        camps: u64 ["camps"],
        /// The fewest camps that random halves of the accounts bear.
        camps_low: u64 ["camps"],
        /// The most camps that random halves of the accounts bear.
        camps_high: u64 ["camps"],
        /// What camp A is called: a letter until a person's seeds name it.
        camp_a: Text<'a> [""],
        /// What camp B is called.
        camp_b: Text<'a> [""],
        /// Accounts of camp A in the whole population.
        accounts_a: Option<u64> ["accounts"],
        /// Accounts of camp B in the whole population.
        accounts_b: Option<u64> ["accounts"],
        /// Accounts of the public that could be placed by their hashtags when left out of the learning.
        placed: Option<u64> ["accounts"],
        /// Of these, placed in the other camp than their own.
        placed_wrongly: Option<u64> ["accounts"],
        /// Where more than two camps are borne: each with its accounts and the items most its own.
        further_camps: Texts<'a> [""],
        /// The sentences.
        says: Text<'a> [""],
    }
}

table! {
    /// What a divide is about: items that one camp uses more, and items that both use and that keep them
    /// apart. A lean is not a stance: a tag can be used against as well as for.
    IssueRow<'a> in "issues.csv", a row is "a leaning or contested item" {
        /// The platform.
        platform: Text<'a> [""],
        /// The language.
        lang: Text<'a> [""],
        /// The item: a hashtag with its sign, a domain, a text, a phrase of one to three words.
        item: Text<'a> [""],
        /// What kind of item.
        kind: Text<'a> [""],
        /// The camp that uses it mainly; empty where none does.
        camp: Text<'a> [""],
        /// Accounts of camp A that use it.
        users_a: u64 ["accounts"],
        /// Accounts of camp B that use it.
        users_b: u64 ["accounts"],
        /// Log odds of use in standard deviations (Monroe, Colaresi and Quinn 2008), towards camp B.
        z: f64 [""],
        /// `|z|` that the strongest item of its kind exceeds in one of twenty shuffles of the camps' labels.
        bar: f64 [""],
        /// How alike the camps use it: 1 alike, 0 one camp alone.
        balance: f64 [""],
        /// Reposts that carry it with both ends placed in a camp.
        reposts: Option<u64> ["reposts"],
        /// Share of these that cross the camps.
        cross_share: f64 [""],
        /// Share that would cross if camps played no part.
        cross_by_chance: f64 [""],
        /// `4 p (1 - p) (1 - cross / by chance)`: 1 for an item of both camps with nothing crossing.
        contested: f64 [""],
        /// Why it is listed apart: `one short burst` (eight in ten of its accounts first used it within two
        /// days), `a small circle` (half of its accounts share one other rare item). Empty where it is not.
        apart: Text<'a> [""],
        /// Slogans of the other camp in like company, proposed to a person as an answer to this one.
        opposed_to: Texts<'a> [""],
        /// The first post with it by an account of camp A: its id, or input and row.
        example_a: Text<'a> [""],
        /// The first post with it by an account of camp B.
        example_b: Text<'a> [""],
        /// The sentences.
        says: Text<'a> [""],
    }
}

table! {
    /// What each group takes up of the issues of a divide, against a matched background. A ratio above 1 is a
    /// description: most groups that grew by themselves exceed the background as well.
    DivisionRow<'a> in "divisions.csv", a row is "a group and an issue" {
        /// The group; several where a person takes them as one.
        groups: Texts<'a> [""],
        /// The issue.
        issue: Text<'a> [""],
        /// The camp that uses it mainly; empty where none or several do.
        camp: Text<'a> [""],
        /// The camps of this divide.
        camps: Texts<'a> [""],
        /// Share of the group's posts with it.
        group_share: f64 [""],
        /// Share of the background's posts with it, weighted to the group's days.
        background_share: f64 [""],
        /// Ratio of the two with half a post added to each; empty where there is none.
        ratio: f64 [""],
        /// Lower end of its 95 % interval over accounts.
        ratio_low: f64 [""],
        /// Upper end.
        ratio_high: f64 [""],
        /// The same ratio day by day (Mantel and Haenszel).
        ratio_by_day: f64 [""],
        /// `above`, `below`, `not told`, `counts only`, `none in the background`, `own item`.
        differs: Text<'a> [""],
        /// Posts with it that the background's rate would have the group make.
        expected: f64 ["posts"],
        /// Chance of so large a rate in sets of the same size and activity.
        p_value: f64 ["probability"],
        /// The same after Benjamini and Hochberg over the issues of this group.
        q_value: f64 ["probability"],
        /// Share of the groups that grew by themselves in this corpus that have a smaller ratio.
        percentile: f64 [""],
        /// Posts of the group with it.
        posts: u64 ["posts"],
        /// Posts of the group on days when the background posted.
        posts_of: u64 ["posts"],
        /// Members who took it up.
        members: u64 ["accounts"],
        /// Posts of the background with it.
        background_posts: u64 ["posts"],
        /// Posts of the background.
        background_posts_of: u64 ["posts"],
        /// Accounts of the background that used it.
        background_accounts: u64 ["accounts"],
        /// Accounts of the background.
        background_accounts_of: u64 ["accounts"],
        /// The group's first post with it in this corpus.
        first: Option<Time> [""],
        /// Accounts of the background that had used it before.
        before_accounts: u64 ["accounts"],
        /// Share of the background's posts with it before.
        before_share: f64 [""],
        /// Share of the background's posts with it from then on.
        after_share: f64 [""],
        /// Whom the group is held against.
        background: Text<'a> [""],
        /// The sentences.
        says: Text<'a> [""],
    }
}

table! {
    /// Whether each group stands on one side or on both. That its members are one group is taken from
    /// elsewhere: a merger of two innocent groups of different camps looks the same.
    SideRow<'a> in "sides.csv", a row is "a group, or several taken as one" {
        /// The group; several where a person takes them as one.
        groups: Texts<'a> [""],
        /// The kind of item by which members were placed.
        by: Text<'a> [""],
        /// `both`, `mostly one`, `cannot tell`, `tags unknown`, `nothing to hold it against`.
        stand: Text<'a> [""],
        /// Members placed in camp A.
        camp_a: u64 ["accounts"],
        /// Members placed in camp B.
        camp_b: u64 ["accounts"],
        /// Members with items of both camps.
        neutral: u64 ["accounts"],
        /// Members with too few leaning items to place.
        unplaced: u64 ["accounts"],
        /// Median share of a member's items that the background uses enough to know.
        known: f64 [""],
        /// `2 min(A, B) / (A + B + neutral)`.
        index: f64 [""],
        /// The index that one in a hundred groups that grew by themselves exceeds.
        organic_99: f64 [""],
        /// Chance of so many on the smaller side if one member in twenty strayed.
        p_strays: f64 ["probability"],
        /// Share of the groups that grew by themselves that stand on both sides as much.
        p_organic: f64 ["probability"],
        /// Groups that grew by themselves and could be placed as far.
        organic: u64 ["groups"],
        /// One-sided 95 % lower limit of the smaller side's share among those placed (Clopper and Pearson).
        smaller_lower: f64 [""],
        /// What that limit exceeds under the stricter rule: the larger of the upper limit of the placement
        /// error and the smaller side's share in 95 of 100 groups that grew by themselves.
        strict_bar: f64 [""],
        /// Chance of the answer `both` with so many placed, if half of the group were on the smaller side.
        power_half: f64 ["probability"],
        /// If a quarter were.
        power_quarter: f64 ["probability"],
        /// If a tenth were.
        power_tenth: f64 ["probability"],
        /// The sentences.
        says: Text<'a> [""],
    }
}

table! {
    /// What each group posted of a slogan and of the one proposed as its answer.
    SloganRow<'a> in "slogans.csv", a row is "a group and two opposed slogans" {
        /// The group; several where a person takes them as one.
        groups: Texts<'a> [""],
        /// The slogan of camp A.
        item_a: Text<'a> [""],
        /// The slogan of camp B.
        item_b: Text<'a> [""],
        /// How alike their company is, 0 to 1.
        likeness: f64 [""],
        /// Posts of the group with the first.
        posts_a: u64 ["posts"],
        /// Posts of the group with the second.
        posts_b: u64 ["posts"],
        /// Members who posted the first.
        members_a: u64 ["accounts"],
        /// Members who posted the second.
        members_b: u64 ["accounts"],
        /// Members who posted both.
        members_both: u64 ["accounts"],
        /// Share of an account's such posts on its own side, at the median of the background.
        typical: f64 [""],
    }
}

/// The tables of divisions of one case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DivisionTables {
    /// What the gate said.
    pub camps: Vec<CampRow<'static>>,
    /// What the divides are about.
    pub issues: Vec<IssueRow<'static>>,
    /// What each group plays on.
    pub divisions: Vec<DivisionRow<'static>>,
    /// Where each group stands.
    pub sides: Vec<SideRow<'static>>,
    /// What each group posted of opposed slogans.
    pub slogans: Vec<SloganRow<'static>>,
}

/// Which of the two sets of tables: the scan's own, or those that a person had made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// As the scan wrote them; part of the manifest.
    Scanned,
    /// As `concerted divisions` wrote them with what a person said.
    Judged,
}

impl Which {
    fn file(self, name: &str) -> String {
        match self {
            Self::Scanned => name.to_owned(),
            Self::Judged => name.replace(".csv", "-judged.csv"),
        }
    }
}

impl DivisionTables {
    /// Writes the tables into a folder and returns how many characters had to be replaced.
    pub fn write(&self, dir: &Path, which: Which) -> Result<u64, CaseError> {
        let path = |name| dir.join(which.file(name));
        Ok(
            csv_text::write(&path(CampRow::TABLE.file), self.camps.iter().cloned())?
                + csv_text::write(&path(IssueRow::TABLE.file), self.issues.iter().cloned())?
                + csv_text::write(
                    &path(DivisionRow::TABLE.file),
                    self.divisions.iter().cloned(),
                )?
                + csv_text::write(&path(SideRow::TABLE.file), self.sides.iter().cloned())?
                + csv_text::write(&path(SloganRow::TABLE.file), self.slogans.iter().cloned())?,
        )
    }

    /// Reads the tables of a case; nothing where it has none.
    pub fn read(case: &Case, which: Which) -> Result<Option<Self>, CaseError> {
        let path = |name| case.dir().join(which.file(name));
        if !path(CampRow::TABLE.file).exists() {
            return Ok(None);
        }
        Ok(Some(Self {
            camps: csv_text::read(&path(CampRow::TABLE.file))?,
            issues: csv_text::read(&path(IssueRow::TABLE.file))?,
            divisions: csv_text::read(&path(DivisionRow::TABLE.file))?,
            sides: csv_text::read(&path(SideRow::TABLE.file))?,
            slogans: csv_text::read(&path(SloganRow::TABLE.file))?,
        }))
    }

    /// Whether any population was divided.
    pub fn has_divide(&self) -> bool {
        self.camps.iter().any(|row| row.accounts_a.is_some())
    }

    /// The tables of what the engine found. `file` names the input with a number.
    pub fn of<'a>(
        found: &Divisions,
        plan: &DivisionPlan,
        understood: &Understood<'_>,
        file: impl Fn(u32) -> &'a str,
    ) -> Self {
        let mut tables = Self::default();
        for population in &found.populations {
            tables.camps.extend(camp_rows(population, plan));
            let Some(divide) = &population.divide else {
                continue;
            };
            let post = |number: Option<u32>| -> Text<'static> {
                let Some(number) = number else {
                    return "".into();
                };
                let read = understood.view(number as usize).post();
                if read.post_id().is_empty() {
                    format!("{} row {}", file(read.source().file), read.source().row).into()
                } else {
                    read.post_id().to_owned().into()
                }
            };
            tables.issues.extend(
                divide
                    .items
                    .iter()
                    .enumerate()
                    .map(|(place, item)| issue_row(population, divide, place, item, &post)),
            );
            for group in &divide.groups {
                tables.group(population, divide, group);
            }
        }
        tables
    }

    fn group(&mut self, population: &PopulationReport, divide: &Divide, group: &GroupReport) {
        let ids: Texts<'static> = group
            .groups
            .iter()
            .map(|&place| group_id(place).into())
            .collect();
        let named = words::population(&population.platform, &population.lang);
        let background = words::background(&group.background, &named);
        self.divisions.extend(
            group
                .emphasis
                .iter()
                .map(|of| division_row(divide, of, ids.clone(), background.clone().into())),
        );
        let premise = (ids.len() > 1).then(|| ids.join(" and "));
        let (kind, sides) = &group.sides;
        self.sides.push(SideRow {
            groups: ids.clone(),
            by: kind.word().into(),
            stand: match sides.stand {
                Stand::Both => "both",
                Stand::MostlyOne(_) => "mostly one",
                Stand::CannotTell => "cannot tell",
                Stand::TagsUnknown => "tags unknown",
                Stand::NoNull => "nothing to hold it against",
            }
            .into(),
            camp_a: sides.counts.a,
            camp_b: sides.counts.b,
            neutral: sides.counts.neutral,
            unplaced: sides.counts.unplaced,
            known: sides.known,
            index: sides.index,
            organic_99: sides.organic_99,
            p_strays: sides.p_strays,
            p_organic: sides.p_organic,
            organic: sides.organic as u64,
            smaller_lower: sides.smaller_lower,
            strict_bar: sides.strict_bar,
            power_half: sides.power[0],
            power_quarter: sides.power[1],
            power_tenth: sides.power[2],
            says: words::sides(sides, &divide.seeded.names, premise.as_deref()).into(),
        });
        self.slogans.extend(group.pairs.iter().map(|of| {
            let (a, b, likeness) = divide.pairs[of.pair];
            SloganRow {
                groups: ids.clone(),
                item_a: divide.items[a].shown().into(),
                item_b: divide.items[b].shown().into(),
                likeness,
                posts_a: of.posts[0],
                posts_b: of.posts[1],
                members_a: of.members[0] as u64,
                members_b: of.members[1] as u64,
                members_both: of.members[2] as u64,
                typical: of.typical,
            }
        }));
    }
}

fn camp_rows(
    population: &PopulationReport,
    plan: &DivisionPlan,
) -> impl Iterator<Item = CampRow<'static>> {
    population.gates.iter().map(|(channel, gate)| {
        let divide = population
            .divide
            .as_ref()
            .filter(|divide| divide.channel == *channel);
        let mut says = vec![words::gate(channel.word(), gate, &plan.gate)];
        let mut row = CampRow {
            platform: population.platform.clone().into(),
            lang: population.lang.clone().into(),
            channel: channel.word().into(),
            verdict: gate.verdict.word().into(),
            accounts: gate.accounts as u64,
            removed: population.removed as u64,
            items: gate.items as u64,
            smaller: gate.smaller as u64,
            modularity: gate.modularity,
            by_chance: gate.by_chance,
            effect: gate.effect,
            agreement: gate.agreement,
            copies: u64::from(gate.copies),
            halvings: u64::from(gate.halvings),
            camps: gate.camps as u64,
            camps_low: gate.camps_in_halves.0 as u64,
            camps_high: gate.camps_in_halves.1 as u64,
            ..CampRow::default()
        };
        if let Some(divide) = divide {
            let names = &divide.seeded.names;
            (row.camp_a, row.camp_b) = (
                names.of(false).to_owned().into(),
                names.of(true).to_owned().into(),
            );
            row.accounts_a = Some(divide.camps[0] as u64);
            row.accounts_b = Some(divide.camps[1] as u64);
            row.placed_wrongly = Some(divide.placement_error.0);
            row.placed = Some(divide.placement_error.1);
            row.further_camps = divide
                .k_camps
                .iter()
                .map(|(accounts, items)| format!("{accounts}: {}", items.join(", ")).into())
                .collect();
            says.push(words::camps(gate));
            says.push(words::seeds(&divide.seeded));
        }
        row.says = says.join(" ").into();
        row
    })
}

fn issue_row(
    population: &PopulationReport,
    divide: &Divide,
    place: usize,
    item: &Item,
    post: &impl Fn(Option<u32>) -> Text<'static>,
) -> IssueRow<'static> {
    let names = &divide.seeded.names;
    let shown = item.shown();
    let opposed = divide.pairs.iter().filter_map(|&(a, b, _)| match place {
        _ if place == a => Some(b),
        _ if place == b => Some(a),
        _ => None,
    });
    IssueRow {
        platform: population.platform.clone().into(),
        lang: population.lang.clone().into(),
        kind: item.kind.word().into(),
        camp: if item.leans() {
            names.of(item.lean.z > 0.0).to_owned().into()
        } else {
            "".into()
        },
        users_a: u64::from(item.lean.users[0]),
        users_b: u64::from(item.lean.users[1]),
        z: item.lean.z,
        bar: item.bar,
        balance: item.balance,
        reposts: item.contested.map(|of| u64::from(of.reposts)),
        cross_share: item.contested.map_or(f64::NAN, |of| of.cross),
        cross_by_chance: item.contested.map_or(f64::NAN, |of| of.by_chance),
        contested: item.contested.map_or(f64::NAN, |of| of.weight),
        apart: item.apart.map_or("", |apart| apart.word()).into(),
        opposed_to: opposed
            .map(|other| divide.items[other].shown().into())
            .collect(),
        example_a: post(item.examples[0]),
        example_b: post(item.examples[1]),
        says: format!(
            "{} {}",
            words::lean(&shown, item.lean.z, item.bar, item.lean.users, names),
            words::contested(item.balance, item.contested.as_ref())
        )
        .into(),
        item: shown.into(),
    }
}

fn division_row(
    divide: &Divide,
    of: &Emphasis,
    groups: Texts<'static>,
    background: Text<'static>,
) -> DivisionRow<'static> {
    let issue = &divide.issues[of.issue];
    let names = &divide.seeded.names;
    let mainly = issue.mainly.map(|side| names.of(side));
    let (mut ratio, mut low, mut high, mut by_day) = (f64::NAN, f64::NAN, f64::NAN, f64::NAN);
    let differs = match of.said {
        Said::Counts => "counts only",
        Said::NoBackground { .. } => "none in the background",
        Said::OwnItem => "own item",
        Said::Ratio {
            ratio: times,
            low: from,
            high: to,
            by_day: daily,
            differs,
        } => {
            (ratio, low, high, by_day) = (times, from, to, daily);
            match differs {
                Differs::Above => "above",
                Differs::Below => "below",
                Differs::NotTold => "not told",
            }
        }
    };
    let day = of.first.map_or_else(String::new, crate::words::day);
    let says = [
        words::emphasis(&issue.name, of),
        words::before(&issue.name, of, &day, mainly),
    ];
    DivisionRow {
        groups,
        camp: mainly.unwrap_or("").to_owned().into(),
        camps: vec![
            names.of(false).to_owned().into(),
            names.of(true).to_owned().into(),
        ],
        group_share: if of.posts.1 > 0 {
            of.posts.0 as f64 / of.posts.1 as f64
        } else {
            f64::NAN
        },
        background_share: of.background_share,
        ratio,
        ratio_low: low,
        ratio_high: high,
        ratio_by_day: by_day,
        differs: differs.into(),
        expected: of.expected,
        p_value: of.p,
        q_value: of.q,
        percentile: of.percentile,
        posts: of.posts.0,
        posts_of: of.posts.1,
        members: of.members as u64,
        background_posts: of.background.0,
        background_posts_of: of.background.1,
        background_accounts: of.background_accounts.0 as u64,
        background_accounts_of: of.background_accounts.1 as u64,
        first: of.first.map(Time),
        before_accounts: of.before_accounts as u64,
        before_share: of.before_after.0,
        after_share: of.before_after.1,
        background,
        says: says
            .iter()
            .filter(|sentence| !sentence.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
            .into(),
        issue: issue.name.clone().into(),
    }
}
