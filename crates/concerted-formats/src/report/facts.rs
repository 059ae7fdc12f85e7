//! What the report says, read from the case: groups with their members, acts and posts, and what is
//! known of the data as a whole. Nothing here is computed anew but counts of rows.

use crate::case::calibration::Calibration;
use crate::case::plan::Plan;
use crate::case::tables::{GroupRow, LabelRow, MemberRow, PairRow, ProblemRow};
use crate::case::{Case, CaseError, Glance};
use crate::figures::coverage::{Coverage, coverage};
use crate::figures::window::Point;
use concerted_engine::detectors::by_id;
use concerted_engine::share::ObjectKind;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use std::collections::BTreeMap;

/// Everything that the sections are written from.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) plan: Plan,
    pub(super) calibration: Calibration,
    pub(super) groups: Vec<Group>,
    pub(super) problems: Vec<ProblemRow<'static>>,
    pub(super) posts: u64,
    pub(super) accounts: u64,
    pub(super) span: Option<(i64, i64)>,
    pub(super) coverage: Option<Coverage>,
    /// Platforms and languages by number of posts, most first.
    pub(super) platforms: Vec<(String, u64)>,
    pub(super) languages: Vec<(String, u64)>,
    /// Pairs tested, and those kept.
    pub(super) pairs: (u64, u64),
    /// Pairs that are no finding, the nearest to one first.
    pub(super) closest: Vec<PairRow<'static>>,
    pub(super) hashes: Vec<(&'static str, String)>,
    names: BTreeMap<String, String>,
    revealed: bool,
}

/// A group with all that its dossier shows.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) row: GroupRow<'static>,
    pub(super) members: Vec<MemberRow<'static>>,
    pub(super) labels: Vec<LabelRow<'static>>,
    pub(super) windows: Vec<Point>,
    /// In order of time.
    pub(super) acts: Vec<Act>,
    /// Times of all posts of each member, in the order of the members.
    pub(super) posts: Vec<Vec<i64>>,
    /// For two members that met more than chance allows, the strongest pair row.
    pub(super) lines: Vec<PairRow<'static>>,
}

/// A joint act.
#[derive(Debug)]
pub(super) struct Act {
    pub(super) number: u64,
    pub(super) detector: String,
    pub(super) object: String,
    pub(super) outsiders: u64,
    pub(super) posts: Vec<Post>,
}

impl Act {
    /// Whether its object is a link, which is printed so that nobody opens it by accident.
    pub(super) fn is_link(&self) -> bool {
        by_id(&self.detector).is_some_and(|detector| detector.kind == ObjectKind::Link)
    }
}

/// A post of a joint act.
#[derive(Debug)]
pub(super) struct Post {
    pub(super) account: String,
    pub(super) time: i64,
    pub(super) lag: i64,
    pub(super) text: String,
    pub(super) lang: String,
    pub(super) platform: String,
    pub(super) file: String,
    pub(super) row: u64,
    pub(super) sha256: String,
}

/// Texts are kept only as far as the page shows them.
const KEPT: usize = super::text::SHOWN + 1;
const CLOSEST: usize = 5;

impl Facts {
    pub(super) fn read(case: &Case, revealed: bool) -> Result<Self, CaseError> {
        let mut groups = groups(case)?;
        let (pairs, closest) = pairs(case, &mut groups)?;
        let mut facts = Self {
            plan: case.plan().clone(),
            calibration: case.calibration()?.unwrap_or_default(),
            problems: case.problems()?,
            hashes: case.hashes()?,
            names: case
                .pseudonyms()?
                .into_iter()
                .map(|row| (row.account_id.into_owned(), row.pseudonym.into_owned()))
                .collect(),
            groups: Vec::new(),
            posts: 0,
            accounts: 0,
            span: None,
            coverage: None,
            platforms: Vec::new(),
            languages: Vec::new(),
            pairs,
            closest,
            revealed,
        };
        facts.look(case, &mut groups)?;
        facts.groups = groups;
        Ok(facts)
    }

    /// The name under which an account is shown.
    pub(super) fn name<'a>(&'a self, account: &'a str) -> &'a str {
        if self.revealed {
            return account;
        }
        self.names.get(account).map_or("account-?", String::as_str)
    }

    /// An object as it may be shown: where it is an account that has a pseudonym, that.
    pub(super) fn object<'a>(&'a self, object: &'a str) -> &'a str {
        let account = object.strip_prefix("account:").unwrap_or(object);
        if self.names.contains_key(account) {
            self.name(account)
        } else {
            object
        }
    }

    /// One look at every post: counts of the whole, posts of the members, texts of the evidence.
    fn look(&mut self, case: &Case, groups: &mut [Group]) -> Result<(), CaseError> {
        let mut members: HashMap<String, Vec<(usize, usize)>, FxBuildHasher> = HashMap::default();
        let mut wanted: HashMap<u64, Vec<(usize, usize, usize)>, FxBuildHasher> =
            HashMap::default();
        for (g, group) in groups.iter_mut().enumerate() {
            group.posts = vec![Vec::new(); group.members.len()];
            for (m, member) in group.members.iter().enumerate() {
                members
                    .entry_ref(member.account_id.as_ref())
                    .or_default()
                    .push((g, m));
            }
            for (a, act) in group.acts.iter().enumerate() {
                for (p, post) in act.posts.iter().enumerate() {
                    wanted.entry(post.row).or_default().push((g, a, p));
                }
            }
        }
        let mut accounts: HashMap<String, (), FxBuildHasher> = HashMap::default();
        let mut platforms: HashMap<String, u64, FxBuildHasher> = HashMap::default();
        let mut languages: HashMap<String, u64, FxBuildHasher> = HashMap::default();
        let mut times = Vec::new();
        case.each_post(|seen: Glance<'_>| {
            times.push(seen.time.0);
            accounts.entry_ref(seen.account_id).or_insert(());
            *platforms.entry_ref(seen.platform).or_insert(0) += 1;
            *languages.entry_ref(seen.lang).or_insert(0) += 1;
            for &(g, m) in members.get(seen.account_id).into_iter().flatten() {
                groups[g].posts[m].push(seen.time.0);
            }
            for &(g, a, p) in wanted.get(&seen.source_row).into_iter().flatten() {
                let post = &mut groups[g].acts[a].posts[p];
                if post.file == seen.source_file {
                    let end = seen
                        .text
                        .char_indices()
                        .nth(KEPT)
                        .map_or(seen.text.len(), |at| at.0);
                    // Cut texts still say how long they are.
                    seen.text.clone_into(&mut post.text);
                    if end < seen.text.len() && seen.text.len() > 64 * KEPT {
                        post.text.truncate(end);
                    }
                    seen.lang.clone_into(&mut post.lang);
                    seen.platform.clone_into(&mut post.platform);
                }
            }
        })?;
        for group in groups {
            group
                .posts
                .iter_mut()
                .for_each(|posts| posts.sort_unstable());
        }
        self.posts = times.len() as u64;
        self.accounts = accounts.len() as u64;
        self.coverage = coverage(&mut times);
        self.span = times.first().copied().zip(times.last().copied());
        self.platforms = by_count(platforms);
        self.languages = by_count(languages);
        Ok(())
    }
}

impl Group {
    /// Delays of all repeats.
    pub(super) fn lags(&self) -> Vec<i64> {
        self.acts
            .iter()
            .flat_map(|act| act.posts.iter().skip(1).map(|post| post.lag))
            .collect()
    }

    /// Half of the repeats come within this time of the first.
    pub(super) fn median_lag(&self) -> i64 {
        let mut lags = self.lags();
        lags.sort_unstable();
        lags.get(lags.len().saturating_sub(1) / 2)
            .copied()
            .unwrap_or(0)
    }

    /// Posts of all joint acts.
    pub(super) fn evidence(&self) -> u64 {
        self.acts.iter().map(|act| act.posts.len() as u64).sum()
    }

    /// The behaviour of most acts.
    pub(super) fn mostly(&self) -> &str {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for act in &self.acts {
            *counts.entry(&act.detector).or_default() += 1;
        }
        let most = counts
            .into_iter()
            .max_by_key(|&(name, count)| (count, std::cmp::Reverse(name)));
        most.map_or("", |entry| entry.0)
    }

    pub(super) fn window_ms(&self) -> i64 {
        i64::try_from(self.row.scale_s).unwrap_or(0) * 1_000
    }
}

fn by_count(counts: HashMap<String, u64, FxBuildHasher>) -> Vec<(String, u64)> {
    let mut list: Vec<(String, u64)> = counts.into_iter().collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    list
}

fn groups(case: &Case) -> Result<Vec<Group>, CaseError> {
    let mut groups: Vec<Group> = case
        .groups()?
        .into_iter()
        .map(|row| Group {
            row,
            members: Vec::new(),
            labels: Vec::new(),
            windows: Vec::new(),
            acts: Vec::new(),
            posts: Vec::new(),
            lines: Vec::new(),
        })
        .collect();
    let place: HashMap<String, usize, FxBuildHasher> = groups
        .iter()
        .enumerate()
        .map(|(place, group)| (group.row.group_id.clone().into_owned(), place))
        .collect();
    for row in case.members()? {
        if let Some(&at) = place.get(row.group_id.as_ref()) {
            groups[at].members.push(row);
        }
    }
    for row in case.labels()? {
        if let Some(&at) = place.get(row.group_id.as_ref()) {
            groups[at].labels.push(row);
        }
    }
    for row in case.windows()? {
        if let Some(&at) = place.get(row.group_id.as_ref()) {
            groups[at].windows.push(Point {
                window_s: row.window_s,
                observed: row.repeats,
                expected: row.expected_repeats,
            });
        }
    }
    for row in case.evidence()? {
        let row = row?;
        let Some(&at) = place.get(row.group_id.as_ref()) else {
            continue;
        };
        let acts = &mut groups[at].acts;
        if acts.last().is_none_or(|act| act.number != row.run) {
            acts.push(Act {
                number: row.run,
                detector: row.detector.clone().into_owned(),
                object: row.object.clone().into_owned(),
                outsiders: row.outsiders.unwrap_or(0),
                posts: Vec::new(),
            });
        }
        let act = acts.last_mut().expect("an act was just added");
        act.posts.push(Post {
            account: row.account_id.into_owned(),
            time: row.time.0,
            lag: milliseconds(row.lag_s),
            text: String::new(),
            lang: String::new(),
            platform: String::new(),
            file: row.source_file.into_owned(),
            row: row.source_row,
            sha256: row.raw_sha256.to_string(),
        });
    }
    Ok(groups)
}

#[expect(clippy::cast_possible_truncation, reason = "delays are days at most")]
fn milliseconds(seconds: f64) -> i64 {
    (seconds * 1_000.0).round() as i64
}

type Closest = ((u64, u64), Vec<PairRow<'static>>);

/// Counts pairs, gives each group the lines between its members, and keeps the nearest misses.
fn pairs(case: &Case, groups: &mut [Group]) -> Result<Closest, CaseError> {
    let mut of: HashMap<&str, Vec<usize>, FxBuildHasher> = HashMap::default();
    for (place, group) in groups.iter().enumerate() {
        for member in &group.members {
            of.entry(member.account_id.as_ref())
                .or_default()
                .push(place);
        }
    }
    let mut lines: Vec<BTreeMap<(String, String), PairRow<'static>>> =
        vec![BTreeMap::new(); groups.len()];
    let mut closest: BTreeMap<(String, String), PairRow<'static>> = BTreeMap::new();
    let (mut tested, mut kept) = (0, 0);
    for row in case.pairs()? {
        let row = row?;
        tested += 1;
        let key = (
            row.account_a.clone().into_owned(),
            row.account_b.clone().into_owned(),
        );
        if row.pair_id.is_empty() {
            // A full list is trimmed now and then; the nearest stay.
            if closest.len() > 64 * CLOSEST {
                closest = nearest(closest)
                    .into_iter()
                    .map(|row| (key_of(&row), row))
                    .collect();
            }
            keep_stronger(&mut closest, key, row);
            continue;
        }
        kept += 1;
        let a = of
            .get(row.account_a.as_ref())
            .map_or(&[][..], Vec::as_slice);
        let b = of
            .get(row.account_b.as_ref())
            .map_or(&[][..], Vec::as_slice);
        for &place in a.iter().filter(|place| b.contains(place)) {
            keep_stronger(&mut lines[place], key.clone(), row.clone());
        }
    }
    drop(of);
    for (group, lines) in groups.iter_mut().zip(lines) {
        group.lines = lines.into_values().collect();
    }
    Ok(((tested, kept), nearest(closest)))
}

fn key_of(row: &PairRow<'static>) -> (String, String) {
    (
        row.account_a.clone().into_owned(),
        row.account_b.clone().into_owned(),
    )
}

fn keep_stronger(
    rows: &mut BTreeMap<(String, String), PairRow<'static>>,
    key: (String, String),
    row: PairRow<'static>,
) {
    match rows.get(&key) {
        Some(held) if held.ln_p <= row.ln_p => {}
        _ => {
            rows.insert(key, row);
        }
    }
}

fn nearest(rows: BTreeMap<(String, String), PairRow<'static>>) -> Vec<PairRow<'static>> {
    let mut rows: Vec<_> = rows.into_values().collect();
    // The sort is stable, so that equals stay in the order of accounts.
    rows.sort_by(|a, b| a.ln_p.total_cmp(&b.ln_p));
    rows.truncate(CLOSEST);
    rows
}
