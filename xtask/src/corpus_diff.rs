//! What did a change do to the findings? Two cases made from one corpus, side by side.
//!
//! Group names mean nothing across two runs, so groups are paired by their members: the pair with the
//! most members in common first, each group in at most one pair. What stays unpaired was gained or lost,
//! unless at least half of its members sit in one group of the other case: then it was split off, or
//! merged into that one. Pairs of accounts are compared where their q-value is at most [`KEPT_Q`]: which came,
//! which went, and whose q-value moved. The text is Markdown, to be pasted into the description of the change.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Scores closer than this are the same: half of the last digit printed.
const SAME_SCORE: f64 = 0.005;

/// Pairs that are compared: those with a q-value of at most this, the default of a scan.
const KEPT_Q: f64 = 0.01;

/// Q-values whose logarithms are closer than this are the same.
const SAME_LN_Q: f64 = 0.005;

/// Pairs written out in a section; the rest is counted.
const PAIRS_LISTED: usize = 20;

/// Accounts written out for one group; the rest is counted.
const LISTED: usize = 8;

/// The groups of one case folder, their named members, and the pairs it keeps.
#[derive(Debug, Default)]
pub(crate) struct Case {
    groups: BTreeMap<String, Group>,
    pairs: BTreeMap<PairKey, f64>,
}

/// A pair within a case: behaviour, window in seconds, and the two accounts.
type PairKey = (String, u64, String, String);

#[derive(Debug, Default)]
struct Group {
    score: f64,
    grade: String,
    members: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
struct GroupRow {
    group_id: String,
    score: f64,
    #[serde(default)]
    grade: String,
}

#[derive(Debug, Deserialize)]
struct MemberRow {
    group_id: String,
    account_id: String,
}

impl Case {
    /// Reads `groups.csv`, `members.csv` and, where it is there, `pairs.parquet` of a case folder.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let mut case = Self::default();
        for row in rows::<GroupRow>(&folder.join("groups.csv"))? {
            let group = case.groups.entry(row.group_id).or_default();
            group.score = row.score;
            group.grade = row.grade;
        }
        let path = folder.join("members.csv");
        for row in rows::<MemberRow>(&path)? {
            let group = case.groups.get_mut(&row.group_id).with_context(|| {
                format!(
                    "{} names the group {}, which groups.csv does not have",
                    path.display(),
                    row.group_id
                )
            })?;
            group.members.insert(row.account_id);
        }
        if folder.join("pairs.parquet").is_file() {
            case.pairs = kept_pairs(folder)
                .with_context(|| format!("could not read the pairs of {}", folder.display()))?;
        }
        Ok(case)
    }

    /// Whether the findings of two cases are the same, to the digits that are printed.
    pub(crate) fn same_findings(&self, other: &Self) -> bool {
        let comparison = Comparison::of(self, other);
        comparison.pairs.len() == self.groups.len()
            && comparison.pairs.len() == other.groups.len()
            && comparison.score_moves().is_empty()
            && comparison
                .pairs
                .iter()
                .all(|(old, new)| self.groups[*old].members == other.groups[*new].members)
            && comparison.pair_moves().is_empty()
    }

    /// Every named account, with the groups it is in.
    fn accounts(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut accounts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (id, group) in &self.groups {
            for account in &group.members {
                accounts.entry(account).or_default().push(id);
            }
        }
        accounts
    }
}

/// The pairs of a case that are more than chance, with their q-values.
fn kept_pairs(folder: &Path) -> Result<BTreeMap<PairKey, f64>> {
    let mut pairs = BTreeMap::new();
    for row in concerted_formats::case::Case::open(folder)?.pairs()? {
        let row = row?;
        if row.q_value <= KEPT_Q {
            pairs.insert(
                (
                    row.detector.to_string(),
                    row.window_s,
                    row.account_a.to_string(),
                    row.account_b.to_string(),
                ),
                row.q_value,
            );
        }
    }
    Ok(pairs)
}

fn rows<Row: DeserializeOwned>(path: &Path) -> Result<Vec<Row>> {
    let mut reader = csv::Reader::from_path(path)
        .with_context(|| format!("could not open {}", path.display()))?;
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .with_context(|| format!("could not read {}", path.display()))
}

/// The differences between two cases, in Markdown.
pub(crate) fn compare(old: &Case, new: &Case) -> String {
    Comparison::of(old, new).to_markdown()
}

/// How the groups of two cases answer to each other.
#[derive(Debug)]
struct Comparison<'a> {
    old: &'a Case,
    new: &'a Case,
    /// Old group and new group that are the same one.
    pairs: Vec<(&'a str, &'a str)>,
    /// Unpaired new group, and the old one it was split off.
    split: Vec<(&'a str, &'a str)>,
    /// Unpaired old group, and the new one it was merged into.
    merged: Vec<(&'a str, &'a str)>,
    gained: Vec<&'a str>,
    lost: Vec<&'a str>,
}

impl<'a> Comparison<'a> {
    fn of(old: &'a Case, new: &'a Case) -> Self {
        let pairs = pair_up(old, new);
        let paired_old: BTreeSet<_> = pairs.iter().map(|pair| pair.0).collect();
        let paired_new: BTreeSet<_> = pairs.iter().map(|pair| pair.1).collect();

        let (mut split, mut gained) = (Vec::new(), Vec::new());
        for (id, group) in &new.groups {
            if !paired_new.contains(id.as_str()) {
                match home(group, old) {
                    Some(origin) => split.push((id.as_str(), origin)),
                    None => gained.push(id.as_str()),
                }
            }
        }
        let (mut merged, mut lost) = (Vec::new(), Vec::new());
        for (id, group) in &old.groups {
            if !paired_old.contains(id.as_str()) {
                match home(group, new) {
                    Some(goal) => merged.push((id.as_str(), goal)),
                    None => lost.push(id.as_str()),
                }
            }
        }
        Self {
            old,
            new,
            pairs,
            split,
            merged,
            gained,
            lost,
        }
    }

    fn to_markdown(&self) -> String {
        let mut text = String::new();
        self.write(&mut text)
            .expect("writing to a string cannot fail");
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        let (before, after) = (self.old.accounts(), self.new.accounts());
        let appeared = after.keys().filter(|id| !before.contains_key(*id)).count();
        let vanished = before.keys().filter(|id| !after.contains_key(*id)).count();
        let moved = self.score_moves();

        writeln!(text, "| | old | new |\n| --- | --: | --: |")?;
        for (what, old, new) in [
            ("groups", self.old.groups.len(), self.new.groups.len()),
            ("pairs kept", self.old.pairs.len(), self.new.pairs.len()),
        ] {
            writeln!(text, "| {what} | {old} | {new} |")?;
        }
        writeln!(text, "| accounts | {} | {} |\n", before.len(), after.len())?;
        writeln!(
            text,
            "Groups: {} kept, {} gained, {} lost, {} split off, {} merged; scores moved in {}. \
             Accounts: {appeared} newly named, {vanished} no longer named.",
            self.pairs.len(),
            self.gained.len(),
            self.lost.len(),
            self.split.len(),
            self.merged.len(),
            moved.len(),
        )?;

        section(
            text,
            "Gained",
            self.gained.iter().map(|id| whole(id, self.new)),
        )?;
        section(text, "Lost", self.lost.iter().map(|id| whole(id, self.old)))?;
        section(
            text,
            "Split",
            self.split
                .iter()
                .map(|(id, origin)| format!("{} off old {origin}", whole(id, self.new))),
        )?;
        section(
            text,
            "Merged",
            self.merged
                .iter()
                .map(|(id, goal)| format!("{} into new {goal}", whole(id, self.old))),
        )?;
        section(
            text,
            "Accounts moved",
            self.member_moves(&before, &after).into_iter(),
        )?;
        self.write_scores(text, &moved)?;
        section(text, "Pairs", counted(self.pair_moves()).into_iter())
    }

    /// The pairs that came, went, or whose q-value moved, in the order of their names.
    fn pair_moves(&self) -> Vec<String> {
        let (old, new) = (&self.old.pairs, &self.new.pairs);
        let names: BTreeSet<&PairKey> = old.keys().chain(new.keys()).collect();
        let mut lines = Vec::new();
        for key in names {
            let (detector, window, a, b) = key;
            let change = match (old.get(key), new.get(key)) {
                (None, Some(q)) => format!("kept now, q {q:.3e}"),
                (Some(q), None) => format!("no longer kept, q was {q:.3e}"),
                (Some(before), Some(after)) if ln_gap(*before, *after) >= SAME_LN_Q => {
                    format!("q {before:.3e} → {after:.3e}")
                }
                _ => continue,
            };
            lines.push(format!(
                "{detector} within {window} s, {a} and {b}: {change}"
            ));
        }
        lines
    }

    /// The pairs whose score or grade changed, largest change of score first.
    fn score_moves(&self) -> Vec<(&'a str, &'a str, f64)> {
        let mut moved: Vec<_> = self
            .pairs
            .iter()
            .filter_map(|&(old, new)| {
                let (before, after) = (&self.old.groups[old], &self.new.groups[new]);
                let change = after.score - before.score;
                (change.abs() >= SAME_SCORE || before.grade != after.grade)
                    .then_some((old, new, change))
            })
            .collect();
        moved.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()).then(a.0.cmp(b.0)));
        moved
    }

    fn write_scores(&self, text: &mut String, moved: &[(&str, &str, f64)]) -> std::fmt::Result {
        if moved.is_empty() {
            return Ok(());
        }
        writeln!(text, "\n### Scores moved\n")?;
        writeln!(text, "| old | new | score | change | grade |")?;
        writeln!(text, "| --- | --- | --: | --: | --- |")?;
        for &(old, new, change) in moved {
            let (before, after) = (&self.old.groups[old], &self.new.groups[new]);
            let grade = if before.grade == after.grade {
                after.grade.clone()
            } else {
                format!("{} → {}", before.grade, after.grade)
            };
            let (from, to) = (before.score, after.score);
            writeln!(
                text,
                "| {old} | {new} | {from:.2} → {to:.2} | {change:+.2} | {grade} |"
            )?;
        }
        Ok(())
    }

    /// For each pair whose members changed, who came and from where, who went and to where.
    fn member_moves(
        &self,
        before: &BTreeMap<&str, Vec<&str>>,
        after: &BTreeMap<&str, Vec<&str>>,
    ) -> Vec<String> {
        let mut lines = Vec::new();
        for &(old, new) in &self.pairs {
            let (was, is) = (&self.old.groups[old].members, &self.new.groups[new].members);
            let came = is
                .difference(was)
                .map(|account| elsewhere(account, before, "from"));
            let went = was
                .difference(is)
                .map(|account| elsewhere(account, after, "to"));
            let came = listed(came.collect());
            let went = listed(went.collect());
            if !came.is_empty() || !went.is_empty() {
                let came = if came.is_empty() {
                    came
                } else {
                    format!("; came: {came}")
                };
                let went = if went.is_empty() {
                    went
                } else {
                    format!("; went: {went}")
                };
                lines.push(format!("old {old}, new {new}{came}{went}"));
            }
        }
        lines
    }
}

/// Pairs groups with members in common, most of them first; ties go to the more alike, then by name.
fn pair_up<'a>(old: &'a Case, new: &'a Case) -> Vec<(&'a str, &'a str)> {
    let mut candidates = Vec::new();
    for (old_id, before) in &old.groups {
        for (new_id, after) in &new.groups {
            let common = before.members.intersection(&after.members).count();
            if common > 0 {
                let together = before.members.len() + after.members.len() - common;
                candidates.push((common, together, old_id.as_str(), new_id.as_str()));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2, a.3).cmp(&(b.1, b.2, b.3))));

    let (mut taken_old, mut taken_new) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs = Vec::new();
    for (_, _, old_id, new_id) in candidates {
        if !taken_old.contains(old_id) && !taken_new.contains(new_id) {
            taken_old.insert(old_id);
            taken_new.insert(new_id);
            pairs.push((old_id, new_id));
        }
    }
    pairs.sort_unstable();
    pairs
}

/// The group of `case` that holds at least half of these members, if there is one.
fn home<'a>(group: &Group, case: &'a Case) -> Option<&'a str> {
    let mut best = None;
    for (id, other) in &case.groups {
        let common = group.members.intersection(&other.members).count();
        if common > 0
            && 2 * common >= group.members.len()
            && Some(common) > best.map(|b: (_, _)| b.0)
        {
            best = Some((common, id.as_str()));
        }
    }
    best.map(|(_, id)| id)
}

/// How far apart two q-values are, as the logarithm of their ratio; two zeros are the same.
#[expect(
    clippy::float_cmp,
    reason = "the same number is the same number, zero above all"
)]
fn ln_gap(before: f64, after: f64) -> f64 {
    if before == after {
        0.0
    } else {
        (after.ln() - before.ln()).abs()
    }
}

/// The first lines, and how many more there are.
fn counted(mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(PAIRS_LISTED);
    lines.truncate(PAIRS_LISTED);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines
}

fn section(
    text: &mut String,
    title: &str,
    lines: impl ExactSizeIterator<Item = String>,
) -> std::fmt::Result {
    if lines.len() > 0 {
        writeln!(text, "\n### {title}\n")?;
        for line in lines {
            writeln!(text, "- {line}")?;
        }
    }
    Ok(())
}

/// One group in a line: its name, size, score, grade and members.
fn whole(id: &str, case: &Case) -> String {
    let group = &case.groups[id];
    let members = listed(group.members.iter().cloned().collect());
    let grade = if group.grade.is_empty() {
        String::new()
    } else {
        format!(", {}", group.grade)
    };
    let count = group.members.len();
    format!(
        "{id} ({count} accounts, score {:.2}{grade}: {members})",
        group.score
    )
}

/// An account and the groups it is in on the other side.
fn elsewhere(account: &str, groups: &BTreeMap<&str, Vec<&str>>, word: &str) -> String {
    match groups.get(account) {
        Some(ids) => format!("{account} ({word} {})", ids.join(", ")),
        None => account.to_owned(),
    }
}

fn listed(mut words: Vec<String>) -> String {
    let more = words.len().saturating_sub(LISTED);
    words.truncate(LISTED);
    let tail = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    words.join(", ") + &tail
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A case from lines of "group score grade: members".
    fn case(lines: &str) -> Case {
        let folder = tempfile::tempdir().unwrap();
        let mut groups = String::from("group_id,accounts,score,grade\n");
        let mut members = String::from("group_id,account_id,role\n");
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (head, accounts) = line.split_once(':').unwrap();
            let head: Vec<_> = head.split(' ').collect();
            let accounts: Vec<_> = accounts.split_whitespace().collect();
            writeln!(
                groups,
                "{},{},{},{}",
                head[0],
                accounts.len(),
                head[1],
                head[2]
            )
            .unwrap();
            for account in accounts {
                writeln!(members, "{},{account},core", head[0]).unwrap();
            }
        }
        std::fs::write(folder.path().join("groups.csv"), groups).unwrap();
        std::fs::write(folder.path().join("members.csv"), members).unwrap();
        Case::open(folder.path()).unwrap()
    }

    fn diff(old: &str, new: &str) -> String {
        compare(&case(old), &case(new))
    }

    #[test]
    fn the_same_groups_under_other_names_are_no_change() {
        let text = diff(
            "G1 5.0 timed: a b c\nG2 4.0 timed: x y z",
            "G7 4.0 timed: x y z\nG8 5.0 timed: a b c",
        );
        assert_eq!(
            text,
            "| | old | new |\n| --- | --: | --: |\n| groups | 2 | 2 |\n| pairs kept | 0 | 0 |\n| accounts | 6 | 6 |\n\n\
             Groups: 2 kept, 0 gained, 0 lost, 0 split off, 0 merged; scores moved in 0. \
             Accounts: 0 newly named, 0 no longer named.\n"
        );
    }

    #[test]
    fn pairs_come_go_and_move() {
        let with = |pairs: &[(&str, f64)]| Case {
            pairs: pairs
                .iter()
                .map(|&(other, q)| (("co-link".into(), 60, "a".into(), other.into()), q))
                .collect(),
            ..Case::default()
        };
        let old = with(&[("b", 1e-5), ("c", 1e-3), ("d", 0.0)]);
        let new = with(&[("b", 2e-5), ("d", 0.0), ("e", 1e-4)]);
        let text = compare(&old, &new);
        for line in [
            "- co-link within 60 s, a and b: q 1.000e-5 → 2.000e-5\n",
            "- co-link within 60 s, a and c: no longer kept, q was 1.000e-3\n",
            "- co-link within 60 s, a and e: kept now, q 1.000e-4\n",
        ] {
            assert!(text.contains(line), "{text}");
        }
        assert!(!text.contains("a and d"), "{text}");
        assert!(!old.same_findings(&new) && old.same_findings(&old));
        assert!(!case("G1 5 timed: a b c").same_findings(&case("G1 5 timed: a b d")));
    }

    #[test]
    fn gained_and_lost() {
        let text = diff("G1 5.0 timed: a b c", "G1 7.25 timed: x y z");
        assert!(text.contains("### Gained\n\n- G1 (3 accounts, score 7.25, timed: x, y, z)\n"));
        assert!(text.contains("### Lost\n\n- G1 (3 accounts, score 5.00, timed: a, b, c)\n"));
        assert!(text.contains("3 newly named, 3 no longer named"));
    }

    #[test]
    fn a_group_that_falls_in_two_is_split() {
        let text = diff(
            "G1 9.0 timed: a b c d e f g",
            "G1 5.0 timed: a b c d\nG2 4.0 timed: e f g",
        );
        assert!(
            text.contains(
                "### Split\n\n- G2 (3 accounts, score 4.00, timed: e, f, g) off old G1\n"
            )
        );
        assert!(text.contains("went: e (to G2), f (to G2), g (to G2)"));
        assert!(!text.contains("### Gained"));
    }

    #[test]
    fn two_groups_that_become_one_are_merged() {
        let text = diff(
            "G1 5.0 timed: a b c d\nG2 4.0 timed: e f g",
            "G1 9.0 timed: a b c d e f g",
        );
        assert!(
            text.contains(
                "### Merged\n\n- G2 (3 accounts, score 4.00, timed: e, f, g) into new G1\n"
            )
        );
        assert!(text.contains("came: e (from G2), f (from G2), g (from G2)"));
        assert!(!text.contains("### Lost"));
    }

    #[test]
    fn accounts_and_scores_move() {
        let text = diff(
            "G1 5.0 timed: a b c d\nG2 4.0 timed: x y z",
            "G1 6.5 same_interests: a b c\nG2 4.001 timed: d x y z new",
        );
        assert!(
            text.contains("- old G1, new G1; went: d (to G2)\n"),
            "{text}"
        );
        assert!(
            text.contains("- old G2, new G2; came: d (from G1), new\n"),
            "{text}"
        );
        assert!(
            text.contains("| G1 | G1 | 5.00 → 6.50 | +1.50 | timed → same_interests |\n"),
            "{text}"
        );
        assert!(text.contains("scores moved in 1."), "{text}");
    }

    #[test]
    fn pairing_prefers_the_larger_overlap_whatever_the_names() {
        let text = diff(
            "G1 5.0 timed: a b c d e\nG2 5.0 timed: f g h",
            "G1 5.0 timed: f g h a\nG2 5.0 timed: a b c d e",
        );
        assert!(text.contains("2 kept, 0 gained, 0 lost"), "{text}");
        assert!(
            text.contains("- old G2, new G1; came: a (from G1)\n"),
            "{text}"
        );
    }

    #[test]
    fn long_lists_are_counted() {
        let text = diff("", "G1 5.0 timed: a b c d e f g h i j");
        assert!(text.contains("a, b, c, d, e, f, g, h and 2 more"), "{text}");
    }

    #[test]
    fn a_folder_that_is_no_case_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = Case::open(folder.path()).unwrap_err();
        assert!(error.to_string().contains("groups.csv"), "{error}");
    }

    #[test]
    fn a_member_of_no_group_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("groups.csv"), "group_id,score\nG1,5\n").unwrap();
        std::fs::write(
            folder.path().join("members.csv"),
            "group_id,account_id\nG9,a\n",
        )
        .unwrap();
        let error = Case::open(folder.path()).unwrap_err();
        assert!(error.to_string().contains("G9"), "{error}");
    }
}
