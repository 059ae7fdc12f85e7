//! Findings as a case: engine results in an analyst's words, file by file.
//!
//! Everything a person reads carries account ids, post ids, times and links, never a number that only
//! the engine knows. The order of rows follows from the findings alone.

use super::calibration::{Calibration, Caution, Control};
use super::cell::{RawHash, Text, Time};
use super::divisions::DivisionTables;
use super::layout;
use super::plan::{DetectorPlan, InputPlan, Plan};
use super::pseudonym::{PseudonymKey, Pseudonyms};
use super::tables::{
    EdgeRow, EvidenceRow, GroupRow, LabelRow, MemberRow, NodeRow, PairRow, PostRow, WindowRow,
};
use super::{CaseError, CaseWriter, VERSION, Written, write_table};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::{Reading, Watch};
use crate::report;
use concerted_engine::controls::{Controls, Count};
use concerted_engine::evidence::Dossier;
use concerted_engine::groups::score::Scorer;
use concerted_engine::normalize::View;
use concerted_engine::pairs::{DetectorPairs, Pair};
use concerted_engine::pipeline::{self, Findings};
use concerted_engine::traces::Traces;
use hashbrown::HashMap;
use sha2::{Digest, Sha256};
use std::path::Path;

/// What a case says of the run beside the findings.
#[derive(Clone, Debug)]
pub struct Run {
    /// When, RFC 3339: the one time stamp of the case.
    pub made_at: String,
    /// Version of the program.
    pub version: String,
    /// The command line without the name of the case folder, which must not change the case.
    pub command: String,
}

/// Names under which groups and accounts of one case go.
#[derive(Debug)]
pub struct CaseNames {
    pseudonyms: Pseudonyms,
    key: PseudonymKey,
}

impl CaseNames {
    /// Pseudonyms of every account that the case shows: members of groups and of pairs that are more
    /// than chance.
    ///
    /// The key is made from the raw records, so that two scans of one input agree and nobody without
    /// the records can make it.
    pub fn new(findings: &Findings<'_>, q: f64) -> Self {
        let mut hashes: Vec<[u8; 32]> = (0..findings.understood.len())
            .map(|post| findings.understood.view(post).post().source().sha256)
            .collect();
        hashes.sort_unstable();
        let mut hasher = Sha256::new_with_prefix(b"concerted pseudonym key");
        for hash in &hashes {
            hasher.update(hash);
        }
        let key = PseudonymKey::from_bytes(hasher.finalize().into());
        let shown = shown_accounts(findings, q);
        Self {
            pseudonyms: Pseudonyms::new(
                &key,
                shown
                    .iter()
                    .map(|&account| findings.corpus.accounts.name(account)),
            ),
            key,
        }
    }

    /// The pseudonym of an account that the case shows, else `account-?`.
    pub fn of(&self, account: &str) -> &str {
        self.pseudonyms.of(account).unwrap_or("account-?")
    }
}

/// Name of the group at a place among the dossiers.
pub fn group_id(place: usize) -> String {
    format!("g{}", place + 1)
}

/// Writes the whole case, and with it the report, which is made from the other files alone.
pub fn write(
    dir: &Path,
    findings: &Findings<'_>,
    reading: &Reading,
    plan: &pipeline::Plan,
    run: &Run,
    names: &CaseNames,
) -> Result<Written, CaseError> {
    write_watched(dir, findings, reading, plan, run, names, &Watch::default())
}

/// [`write()`] for somebody who waits and looks at a watch meanwhile.
pub fn write_watched(
    dir: &Path,
    findings: &Findings<'_>,
    reading: &Reading,
    plan: &pipeline::Plan,
    run: &Run,
    names: &CaseNames,
    watch: &Watch,
) -> Result<Written, CaseError> {
    let mut case = CaseWriter::create(dir)?;
    let texts = Texts {
        findings,
        reading,
        plan,
    };
    case.plan(&texts.plan_file(run))?;
    // The posts are the bulk of a case, so the other files are written beside them.
    let posts = case.posts_file();
    let (posts, rest) = rayon::join(
        || texts.write_posts(&posts, watch),
        || texts.write_rest(&mut case, names),
    );
    posts?;
    rest?;
    watch.begin("report.html");
    let page = report::page(&case.so_far()?, &report::Options::default())?;
    case.report(&page)?;
    case.finish()
}

/// Accounts in a group or in a pair that is more than chance, ascending.
fn shown_accounts(findings: &Findings<'_>, q: f64) -> Vec<u32> {
    let in_groups = findings
        .dossiers
        .iter()
        .flat_map(|dossier| dossier.group.members.iter().map(|member| member.account));
    let in_pairs = findings.pairs.iter().flat_map(|of| {
        of.pairs
            .iter()
            .filter(|pair| is_kept(pair, q))
            .flat_map(|pair| [pair.accounts.0, pair.accounts.1])
    });
    let mut shown: Vec<u32> = in_groups.chain(in_pairs).collect();
    shown.sort_unstable();
    shown.dedup();
    shown
}

fn is_kept(pair: &Pair, q: f64) -> bool {
    pair.q.value() <= q
}

/// Accounts of a group, ascending as the scorer wants them.
fn accounts(dossier: &Dossier) -> Vec<u32> {
    let mut accounts: Vec<u32> = dossier
        .group
        .members
        .iter()
        .map(|member| member.account)
        .collect();
    accounts.sort_unstable();
    accounts
}

/// Windows at which the report shows how a finding holds.
const WINDOWS_S: [i64; 9] = [5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];

/// Shares in the stratum of the share at the tenth, the fiftieth and the ninetieth percent.
fn stratum_quantiles(traces: &Traces) -> Vec<u64> {
    let mut sizes: Vec<u64> = traces
        .stratum
        .iter()
        .map(|&stratum| as_count(traces.stratum_total[stratum as usize]))
        .collect();
    sizes.sort_unstable();
    if sizes.is_empty() {
        return Vec::new();
    }
    [10, 50, 90]
        .map(|percent| sizes[(sizes.len() - 1) * percent / 100])
        .into()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count held as a float"
)]
fn as_count(total: f64) -> u64 {
    total as u64
}

/// Findings put into rows.
struct Texts<'a> {
    findings: &'a Findings<'a>,
    reading: &'a Reading,
    plan: &'a pipeline::Plan,
}

#[expect(clippy::cast_sign_loss, reason = "windows are positive")]
fn seconds(scale_s: i64) -> u64 {
    scale_s as u64
}

fn lag_s(lag_ms: i64) -> f64 {
    lag_ms as f64 / 1_000.0
}

impl<'a> Texts<'a> {
    fn account(&self, account: u32) -> &'a str {
        self.findings.corpus.accounts.name(account)
    }

    fn detector(&self, detector: u8) -> &'a str {
        self.plan.detectors[detector as usize].id
    }

    fn object(&self, object: u32) -> &'a str {
        self.findings.corpus.objects.key.get(object as usize)
    }

    fn file(&self, file: u32) -> &'a str {
        self.reading
            .inputs
            .get(file as usize)
            .map_or("", |input| input.name.as_str())
    }

    fn write_posts(&self, path: &Path, watch: &Watch) -> Result<(), CaseError> {
        const TOLD: usize = 1 << 12;
        let understood = &self.findings.understood;
        watch.begin("posts.parquet");
        watch.expect_rows(understood.len() as u64);
        let rows = (0..understood.len()).map(|number| {
            if number % TOLD == TOLD - 1 {
                watch.rows(TOLD as u64);
            }
            self.post(understood.view(number))
        });
        write_table(path, rows).map(|_| ())
    }

    /// Writes every other file but the report.
    fn write_rest(&self, case: &mut CaseWriter, names: &'a CaseNames) -> Result<(), CaseError> {
        let dossiers = || self.findings.dossiers.iter().enumerate();
        case.problems(&self.problems(), &self.reading.inputs)?;
        let pairs: Vec<(String, &DetectorPairs, &Pair)> = self.pairs();
        case.pairs(pairs.iter().map(|(id, of, pair)| self.pair(id, of, pair)))?;
        case.groups(dossiers().map(|(place, dossier)| self.group(place, dossier)))?;
        case.members(dossiers().flat_map(|(place, dossier)| self.members(place, dossier)))?;
        case.labels(dossiers().flat_map(|(place, dossier)| labels(place, dossier)))?;
        let traces = self.traces();
        case.windows(self.windows(&traces))?;
        case.evidence(
            dossiers()
                .flat_map(|(place, dossier)| self.group_evidence(place, dossier))
                .chain(
                    pairs
                        .iter()
                        .flat_map(|(id, _, pair)| self.pair_evidence(id, pair)),
                ),
        )?;
        if let Some(found) = &self.findings.divisions {
            let (plan, understood) = (&self.plan.divisions, &self.findings.understood);
            let tables = DivisionTables::of(found, plan, understood, |file| self.file(file));
            case.divisions(&tables)?;
        }
        case.calibration(&self.calibration(&traces))?;
        let (nodes, edges) = self.network(names);
        case.network(&nodes, &edges)?;
        case.pseudonyms(&names.key, &names.pseudonyms)
    }

    fn post(&self, view: View<'a>) -> PostRow<'a> {
        let post = view.post();
        PostRow {
            account_id: self
                .account(self.findings.understood.account[view.number()])
                .into(),
            links: view
                .links()
                .map(|link| Text::Borrowed(link.key.as_str()))
                .collect(),
            domains: view.domains().map(Text::Borrowed).collect(),
            text_object: view.text_object().unwrap_or("").into(),
            ..PostRow::of(post, self.file(post.source().file))
        }
    }

    /// Problems of reading, and the rows that repeat a post.
    fn problems(&self) -> crate::read::problem::Problems {
        let mut problems = self.reading.problems.clone();
        for duplicate in &self.findings.understood.duplicates {
            let row = self.reading.posts.get(duplicate.row as usize);
            let kept = self.reading.posts.get(duplicate.kept as usize).source();
            problems.push(Problem {
                file: row.source().file,
                row: Some(row.source().row),
                column: "post_id".into(),
                kind: ProblemKind::DuplicatePost,
                detail: format!(
                    "post {} stands in {} row {} already",
                    row.post_id(),
                    self.file(kept.file),
                    kept.row
                ),
                refused: false,
            });
        }
        problems
    }

    fn pairs(&self) -> Vec<(String, &'a DetectorPairs, &'a Pair)> {
        let mut number = 0;
        let mut pairs = Vec::new();
        for of in &self.findings.pairs {
            for pair in &of.pairs {
                let id = if is_kept(pair, self.plan.pairs.q) {
                    number += 1;
                    format!("p{number}")
                } else {
                    String::new()
                };
                pairs.push((id, of, pair));
            }
        }
        pairs
    }

    fn pair(&self, id: &'a str, of: &'a DetectorPairs, pair: &'a Pair) -> PairRow<'a> {
        let (a, b) = (self.account(pair.accounts.0), self.account(pair.accounts.1));
        PairRow {
            pair_id: id.into(),
            detector: self.detector(of.detector).into(),
            account_a: a.min(b).into(),
            account_b: a.max(b).into(),
            window_s: seconds(pair.window_s),
            joint_actions: u64::from(pair.joint_actions),
            objects: u64::from(pair.objects),
            expected: pair.expected,
            p_value: pair.p.value(),
            q_value: pair.q.value(),
            ln_p: pair.p.ln(),
            median_lag_s: lag_s(pair.median_lag),
            first: Time(pair.span.0),
            last: Time(pair.span.1),
        }
    }

    fn group(&self, place: usize, dossier: &'a Dossier) -> GroupRow<'a> {
        let group = &dossier.group;
        GroupRow {
            group_id: group_id(place).into(),
            accounts: group.members.len() as u64,
            core: group
                .members
                .iter()
                .filter(|member| member.is_core())
                .count() as u64,
            joint_actions: u64::from(group.meetings.joint_actions),
            expected: group.meetings.expected,
            repeats: u64::from(group.meetings.repeats),
            expected_repeats: group.meetings.expected_repeats,
            score: group.score,
            found_by: group.found_by.word().into(),
            grade: group.grade.words().into(),
            scale_s: seconds(group.scale_s),
            detectors: dossier
                .detectors
                .iter()
                .map(|&detector| self.detector(detector).into())
                .collect(),
            first: Time(dossier.span.0),
            last: Time(dossier.span.1),
            looks_like: dossier
                .readings
                .iter()
                .map(|reading| reading.label.into())
                .collect(),
        }
    }

    fn members(&self, place: usize, dossier: &'a Dossier) -> impl Iterator<Item = MemberRow<'a>> {
        let mut rows: Vec<MemberRow<'a>> = dossier
            .group
            .members
            .iter()
            .zip(&dossier.first_count)
            .map(|(member, &first_count)| MemberRow {
                group_id: group_id(place).into(),
                account_id: self.account(member.account).into(),
                role: member.role().into(),
                joint_runs: u64::from(member.tail.joined),
                expected: member.tail.expected,
                p_own_tail: member.tail.p.value(),
                first_count: u64::from(first_count),
            })
            .collect();
        rows.sort_by(|a, b| {
            b.joint_runs
                .cmp(&a.joint_runs)
                .then_with(|| a.account_id.cmp(&b.account_id))
        });
        rows.into_iter()
    }

    /// Traces with the windows at which the report shows how a finding holds, and those of the plan.
    fn traces(&self) -> Traces {
        let corpus = &self.findings.corpus;
        let mut windows: Vec<i64> = WINDOWS_S
            .into_iter()
            .filter(|window| window * 1_000 >= self.plan.resolution)
            .chain(self.plan.groups.scales_s.iter().copied())
            .collect();
        windows.sort_unstable();
        windows.dedup();
        Traces::build(corpus, &corpus.shares, &windows)
    }

    fn windows(&self, traces: &Traces) -> Vec<WindowRow<'a>> {
        let mut scorer = Scorer::new(traces);
        let mut rows = Vec::new();
        for (place, dossier) in self.findings.dossiers.iter().enumerate() {
            let members = accounts(dossier);
            for (scale, &window_s) in traces.scales_s.iter().enumerate() {
                let met = scorer.meetings(&members, scale);
                rows.push(WindowRow {
                    group_id: group_id(place).into(),
                    window_s: seconds(window_s),
                    joint_actions: u64::from(met.joint_actions),
                    expected: met.expected,
                    repeats: u64::from(met.repeats),
                    expected_repeats: met.expected_repeats,
                });
            }
        }
        rows
    }

    fn group_evidence(
        &self,
        place: usize,
        dossier: &'a Dossier,
    ) -> impl Iterator<Item = EvidenceRow<'a>> {
        let mut rows = Vec::new();
        for (run, act) in dossier.acts.iter().enumerate() {
            for post in &act.posts {
                rows.push(EvidenceRow {
                    group_id: group_id(place).into(),
                    run: run as u64 + 1,
                    outsiders: Some(u64::from(act.outsiders)),
                    ..self.evidence(act.object, post.post, post.account, post.time, post.lag)
                });
            }
        }
        rows.into_iter()
    }

    fn pair_evidence(&self, id: &'a str, pair: &'a Pair) -> Vec<EvidenceRow<'a>> {
        if id.is_empty() {
            return Vec::new();
        }
        let mut rows = Vec::new();
        for (run, (first, second)) in pair.meetings.iter().enumerate() {
            for share in [first, second] {
                let lag = share.time - first.time;
                rows.push(EvidenceRow {
                    pair_id: id.into(),
                    run: run as u64 + 1,
                    ..self.evidence(share.object, share.post, share.account, share.time, lag)
                });
            }
        }
        rows
    }

    fn evidence(
        &self,
        object: u32,
        post: u32,
        account: u32,
        time: i64,
        lag: i64,
    ) -> EvidenceRow<'a> {
        let read = self.findings.understood.view(post as usize).post();
        let source = read.source();
        EvidenceRow {
            detector: self
                .detector(self.findings.corpus.objects.detector[object as usize])
                .into(),
            object: self.object(object).into(),
            post_id: read.post_id().into(),
            account_id: self.account(account).into(),
            time: Time(time),
            lag_s: lag_s(lag),
            source_file: self.file(source.file).into(),
            source_row: source.row,
            raw_sha256: RawHash(source.sha256),
            ..EvidenceRow::default()
        }
    }

    fn plan_file(&self, run: &Run) -> Plan {
        let plan = self.plan;
        let (groups, sequential) = (&plan.groups, &plan.groups.sequential);
        let integer = |value: u64| toml::Value::Integer(i64::try_from(value).unwrap_or(i64::MAX));
        let list = |values: &[i64]| {
            toml::Value::Array(
                values
                    .iter()
                    .map(|&value| toml::Value::Integer(value))
                    .collect(),
            )
        };
        let parameters = [
            ("bar", toml::Value::Float(groups.bar)),
            ("rare_bar", toml::Value::Float(groups.rare_bar)),
            ("rare_accounts", integer(groups.rare_accounts as u64)),
            ("windows_s", list(&groups.scales_s)),
            ("burst_scales_s", list(&sequential.scales_s)),
            (
                "alarms_per_million",
                toml::Value::Float(sequential.alarms_per_million),
            ),
            ("burst_cap", integer(sequential.burst_cap as u64)),
            ("candidate_min", integer(sequential.candidate_min as u64)),
            ("ring", integer(sequential.ring as u64)),
            ("ttl_days", toml::Value::Integer(sequential.ttl_days)),
            ("max_bursts", integer(sequential.max_bursts as u64)),
            (
                "slow_half_life_days",
                toml::Value::Float(sequential.slow_half_life_days),
            ),
            (
                "fast_half_life_hours",
                toml::Value::Float(sequential.fast_half_life_hours),
            ),
            ("extension_max", integer(sequential.extension_max as u64)),
            (
                "separation_s",
                toml::Value::Integer(sequential.separation_s),
            ),
            ("pair_windows_s", list(&plan.pairs.windows_s)),
            ("pair_q", toml::Value::Float(plan.pairs.q)),
            ("pair_crowd", integer(u64::from(plan.pairs.crowd))),
            ("text_threshold", toml::Value::Float(plan.text.threshold)),
            ("text_recall", toml::Value::Float(plan.text.recall)),
            (
                "text_min_letters",
                toml::Value::Float(plan.text.min_letters),
            ),
            ("text_min_grams", integer(u64::from(plan.text.min_grams))),
            ("text_bucket", integer(plan.text.bucket as u64)),
            (
                "controls_permuted",
                integer(u64::from(plan.controls.permuted)),
            ),
            (
                "controls_permuted_within_hour",
                integer(u64::from(plan.controls.permuted_within_hour)),
            ),
            ("controls_jittered_h", list(&plan.controls.jittered_h)),
            ("declared", integer(plan.declared.len() as u64)),
        ];
        Plan {
            command: run.command.clone(),
            posts: self.findings.understood.len() as u64,
            clock_resolution_ms: plan.resolution,
            parameters: parameters
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            detectors: plan
                .detectors
                .iter()
                .map(|detector| DetectorPlan {
                    id: detector.id.into(),
                    ..DetectorPlan::default()
                })
                .collect(),
            inputs: self.reading.inputs.iter().map(InputPlan::from).collect(),
            ..Plan::new(run.made_at.clone(), run.version.clone(), plan.controls.seed)
        }
    }

    fn calibration(&self, traces: &Traces) -> Calibration {
        let findings = self.findings;
        let kept = |of: &DetectorPairs| {
            of.pairs
                .iter()
                .filter(|pair| is_kept(pair, self.plan.pairs.q))
                .count() as u64
        };
        Calibration {
            version: VERSION,
            groups: findings.dossiers.len() as u64,
            accounts: findings
                .dossiers
                .iter()
                .map(|dossier| dossier.group.members.len() as u64)
                .sum(),
            pairs: findings.pairs.iter().map(kept).sum(),
            controls: controls(&findings.controls),
            notes: findings
                .caveats
                .iter()
                .map(|caveat| format!("{}: {}", caveat.id(), caveat.says()))
                .collect(),
            active_accounts: findings.active,
            shares_per_stratum: stratum_quantiles(traces),
            closest_score: findings.closest,
            caveats: findings
                .caveats
                .iter()
                .map(|caveat| Caution {
                    id: caveat.id().into(),
                    says: caveat.says(),
                    advice: caveat.advice().into(),
                })
                .collect(),
        }
    }

    /// Nodes are the accounts that the case shows; edges the pairs that are more than chance, the
    /// window with the smallest p-value of each.
    fn network(&self, names: &'a CaseNames) -> (Vec<NodeRow<'a>>, Vec<EdgeRow<'a>>) {
        let findings = self.findings;
        let mut best: HashMap<(u32, u32), (&Pair, Vec<u8>)> = HashMap::new();
        for of in &findings.pairs {
            for pair in of
                .pairs
                .iter()
                .filter(|pair| is_kept(pair, self.plan.pairs.q))
            {
                let entry = best
                    .entry(pair.accounts)
                    .or_insert_with(|| (pair, Vec::new()));
                if !entry.1.contains(&pair.detector) {
                    entry.1.push(pair.detector);
                }
                if pair.p.ln() < entry.0.p.ln() {
                    entry.0 = pair;
                }
            }
        }
        let mut best: Vec<_> = best.into_iter().collect();
        best.sort_by_key(|a| a.0);
        let edges = best
            .iter()
            .map(|((a, b), (pair, detectors))| {
                let (a, b) = (self.account(*a), self.account(*b));
                EdgeRow {
                    source: a.min(b).into(),
                    target: a.max(b).into(),
                    weight: f64::from(pair.joint_actions),
                    n_objects: u64::from(pair.objects),
                    median_lag_s: lag_s(pair.median_lag),
                    min_lag_s: lag_s(pair.least_lag),
                    kind: detectors
                        .iter()
                        .map(|&detector| self.detector(detector))
                        .collect::<Vec<_>>()
                        .join(";")
                        .into(),
                    p_value: pair.p.value(),
                    first: Time(pair.span.0),
                    last: Time(pair.span.1),
                }
            })
            .collect();
        (self.nodes(names), edges)
    }

    fn nodes(&self, names: &'a CaseNames) -> Vec<NodeRow<'a>> {
        let findings = self.findings;
        let shown = shown_accounts(findings, self.plan.pairs.q);
        let mut of_account: HashMap<u32, usize> = HashMap::new();
        for (place, dossier) in findings.dossiers.iter().enumerate() {
            for member in &dossier.group.members {
                of_account.entry(member.account).or_insert(place);
            }
        }
        let activity = Activity::of(findings);
        let places = layout::by_group(&shown, &of_account, findings.dossiers.len());
        shown
            .iter()
            .zip(places)
            .map(|(&account, (x, y))| {
                let group = of_account.get(&account).copied();
                let (posts, platform, first, last) = activity.of_account(account);
                let name = names.of(self.account(account));
                NodeRow {
                    account_id: self.account(account).into(),
                    label: name.into(),
                    platform: findings.understood.platform_name(platform).into(),
                    cluster: group.map(group_id).unwrap_or_default().into(),
                    n_posts: posts,
                    first_seen: Some(Time(first)),
                    last_seen: Some(Time(last)),
                    created_at: None,
                    score: group.map_or(f64::NAN, |group| findings.dossiers[group].group.score),
                    pseudonym: name.into(),
                    x,
                    y,
                    size: 4.0 + (posts as f64).sqrt().min(12.0),
                    color: layout::color(group).into(),
                }
            })
            .collect()
    }
}

fn labels(place: usize, dossier: &Dossier) -> impl Iterator<Item = LabelRow<'_>> {
    dossier.readings.iter().map(move |reading| LabelRow {
        group_id: group_id(place).into(),
        label: reading.label.into(),
        value: reading.figures.value,
        threshold: reading.figures.threshold,
        figures: reading.figures.words.as_str().into(),
    })
}

/// Posts, platform and span of each account.
struct Activity(Vec<(u64, u8, i64, i64)>);

impl Activity {
    fn of(findings: &Findings<'_>) -> Self {
        let mut of = vec![(0, 0, i64::MAX, i64::MIN); findings.corpus.account_count()];
        for (number, &account) in findings.understood.account.iter().enumerate() {
            let time = findings.understood.view(number).post().time();
            let entry = &mut of[account as usize];
            *entry = (
                entry.0 + 1,
                findings.corpus.platform[number],
                entry.2.min(time),
                entry.3.max(time),
            );
        }
        Self(of)
    }

    fn of_account(&self, account: u32) -> (u64, u8, i64, i64) {
        self.0[account as usize]
    }
}

fn controls(controls: &Controls) -> Vec<Control> {
    let (hour, six) = controls.messages_per_stratum;
    let of = |null_model: &str, setting: String, counts: &[Count], messages: f64| {
        let each = |figure: fn(&Count) -> u32| {
            counts
                .iter()
                .map(|count| u64::from(figure(count)))
                .collect()
        };
        Control {
            null_model: null_model.into(),
            setting,
            copies: counts.len() as u64,
            shares: controls.shares * counts.len() as u64,
            messages_per_stratum_median: messages,
            groups_found: each(|count| count.groups),
            accounts_found: each(|count| count.accounts),
            incidents_found: each(|count| count.incidents),
            groups_per_million_upper95: f64::NAN,
        }
    };
    let within = |hours: u32| format!("within {hours} h, platform and kinds of object");
    let mut list = Vec::new();
    if !controls.permuted.is_empty() {
        list.push(Control {
            groups_per_million_upper95: controls.groups_per_copy_limit() * 1e6
                / controls.shares.max(1) as f64,
            ..of(
                "accounts-permuted",
                within(6),
                &controls.permuted,
                f64::from(six),
            )
        });
    }
    if !controls.permuted_within_hour.is_empty() {
        list.push(of(
            "accounts-permuted",
            within(1),
            &controls.permuted_within_hour,
            f64::from(hour),
        ));
    }
    for (hours, count) in &controls.jittered {
        let setting = format!("by up to {hours} h either way");
        list.push(of(
            "times-jittered",
            setting,
            std::slice::from_ref(count),
            f64::NAN,
        ));
    }
    list
}
