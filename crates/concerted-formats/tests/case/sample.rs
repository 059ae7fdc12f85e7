//! A small case made by hand: three accounts that share three links within seconds.

use concerted_formats::case::calibration::{Calibration, Caution, Control};
use concerted_formats::case::cell::{RawHash, Time};
use concerted_formats::case::divisions::{CampRow, DivisionTables};
use concerted_formats::case::plan::{DetectorPlan, InputPlan, Plan};
use concerted_formats::case::pseudonym::{PseudonymKey, Pseudonyms};
use concerted_formats::case::tables::{
    EdgeRow, EvidenceRow, GroupRow, LabelRow, MemberRow, NodeRow, PairRow, PostRow, WindowRow,
};
use concerted_formats::case::{CaseError, CaseWriter, Written};
use concerted_formats::read::problem::{Problem, ProblemKind, Problems};
use concerted_formats::read::{Clock, InputSummary};
use std::path::Path;

/// 2021-09-26T18:00:00Z.
pub(crate) const START: i64 = 1_632_679_200_000;

pub(crate) struct Sample {
    pub(crate) plan: Plan,
    pub(crate) posts: Vec<PostRow<'static>>,
    pub(crate) groups: Vec<GroupRow<'static>>,
    pub(crate) members: Vec<MemberRow<'static>>,
    pub(crate) labels: Vec<LabelRow<'static>>,
    pub(crate) windows: Vec<WindowRow<'static>>,
    pub(crate) pairs: Vec<PairRow<'static>>,
    pub(crate) evidence: Vec<EvidenceRow<'static>>,
    pub(crate) divisions: DivisionTables,
    pub(crate) problems: Problems,
    pub(crate) inputs: Vec<InputSummary>,
    pub(crate) calibration: Calibration,
    pub(crate) nodes: Vec<NodeRow<'static>>,
    pub(crate) edges: Vec<EdgeRow<'static>>,
    pub(crate) key: PseudonymKey,
}

/// Telegram ids carry a sign, display names are a stranger's to choose.
pub(crate) const ACCOUNTS: [&str; 3] = ["-1001234", "=cmd|' /C calc'!A0", "änne"];

impl Sample {
    pub(crate) fn new() -> Self {
        let mut posts = Vec::new();
        let mut evidence = Vec::new();
        for run in 0..3_u8 {
            for (member, account) in (0_u8..).zip(ACCOUNTS) {
                let row = u64::from(run) * 3 + u64::from(member) + 2;
                let time = Time(START + i64::from(run) * 60_000 + i64::from(member) * 1_500);
                let link = format!("example.org/{run}");
                posts.push(PostRow {
                    post_id: format!("p{row}").into(),
                    account_id: account.into(),
                    account_name: format!("name of {account}").into(),
                    platform: "telegram".into(),
                    time,
                    text: "Zeile eins\nZeile \"zwei\"; 选举".into(),
                    lang: if member == 0 { "".into() } else { "de".into() },
                    is_repost: [None, Some(true), Some(false)][usize::from(member)],
                    repost_of: if member == 1 { "p2".into() } else { "".into() },
                    urls: vec![format!("https://{link}?utm_source=x").into()],
                    links: vec![link.clone().into()],
                    domains: vec!["example.org".into()],
                    hashtags: if member == 2 {
                        vec!["btw21".into(), "a;b".into()]
                    } else {
                        vec![]
                    },
                    source_file: "export.csv".into(),
                    source_row: row,
                    raw_sha256: RawHash([run * 3 + member; 32]),
                    ..PostRow::default()
                });
                evidence.push(EvidenceRow {
                    pair_id: "".into(),
                    group_id: "g1".into(),
                    detector: "co_link".into(),
                    object: link.into(),
                    post_id: format!("p{row}").into(),
                    account_id: account.into(),
                    time,
                    lag_s: f64::from(member) * 1.5,
                    run: u64::from(run) + 1,
                    source_file: "export.csv".into(),
                    source_row: row,
                    raw_sha256: RawHash([run * 3 + member; 32]),
                    outsiders: Some(2),
                });
            }
        }
        let last = Time(START + 2 * 60_000 + 3_000);
        let key = PseudonymKey::from_bytes([7; 32]);
        let names = Pseudonyms::new(&key, ACCOUNTS);
        let nodes = (0_u8..)
            .zip(ACCOUNTS)
            .map(|(at, account)| NodeRow {
                account_id: account.into(),
                label: names.of(account).unwrap().to_owned().into(),
                platform: "telegram".into(),
                cluster: "g1".into(),
                n_posts: 3,
                first_seen: Some(Time(START)),
                last_seen: Some(last),
                created_at: (at == 0).then_some(Time(START - 86_400_000)),
                score: 5.65,
                pseudonym: names.of(account).unwrap().to_owned().into(),
                x: f64::from(at) * 10.0,
                y: -2.5,
                size: 4.0,
                color: "#1f77b4".into(),
            })
            .collect();
        let pair = |a: usize, b: usize, lag: f64| PairRow {
            pair_id: "p1".into(),
            objects: 3,
            detector: "co_link".into(),
            account_a: ACCOUNTS[a].into(),
            account_b: ACCOUNTS[b].into(),
            window_s: 60,
            joint_actions: 3,
            expected: 0.012,
            // exp(-921) is less than any number, its logarithm is not.
            p_value: 0.0,
            q_value: 5e-324,
            ln_p: -921.034,
            median_lag_s: lag,
            first: Time(START),
            last,
        };
        let edge = |a: usize, b: usize, lag: f64| EdgeRow {
            source: ACCOUNTS[a].into(),
            target: ACCOUNTS[b].into(),
            weight: 3.0,
            n_objects: 3,
            median_lag_s: lag,
            min_lag_s: lag,
            kind: "co_link".into(),
            p_value: 2.9e-7,
            first: Time(START),
            last: Time(START),
        };
        let input = InputSummary {
            name: "export.csv".into(),
            sha256: "ab".repeat(32),
            bytes: 1234,
            format: "mapped table".into(),
            why: "columns named by the user".into(),
            rows: 11,
            refused: 2,
            doubted: 0,
            posts: 9,
            mapping: vec![
                ("time".into(), "date".into()),
                ("text".into(), "message".into()),
            ],
            unmapped: vec!["views".into()],
            clock: Clock {
                resolution_ms: 1_000,
                source: "column date".into(),
            },
            notes: vec!["two lines\nof \"note\"\nmade_at = \"never\"".into()],
        };
        let mut problems = Problems::default();
        for (row, detail) in [
            (Some(11), "=2021-13-99 is no date"),
            (None, "ends, \"in\" the middle"),
        ] {
            problems.push(Problem {
                file: 0,
                row,
                column: "date".into(),
                kind: ProblemKind::BadTime,
                detail: detail.into(),
                refused: true,
            });
        }
        Self {
            plan: Plan {
                posts: 9,
                clock_resolution_ms: 1_000,
                versions: [("public suffix list".into(), "2026-10-01".into())].into(),
                parameters: [(
                    "window_s".into(),
                    toml::Value::Array(vec![60.into(), 600.into()]),
                )]
                .into(),
                detectors: vec![DetectorPlan {
                    id: "co_link".into(),
                    parameters: [("min_accounts".into(), 3.into())].into(),
                }],
                inputs: vec![InputPlan::from(&input)],
                ..Plan::new("2021-09-27T08:00:00Z", "0.1.0", 42)
            },
            divisions: DivisionTables {
                camps: vec![CampRow {
                    platform: "telegram".into(),
                    channel: "hashtag".into(),
                    verdict: "no divide established".into(),
                    accounts: 120,
                    smaller: 55,
                    effect: 0.2,
                    agreement: 0.4,
                    modularity: 0.3,
                    by_chance: 0.25,
                    copies: 20,
                    halvings: 20,
                    camps: 1,
                    camps_low: 1,
                    camps_high: 2,
                    says: "The data do not establish a divide.".into(),
                    ..CampRow::default()
                }],
                ..DivisionTables::default()
            },
            posts,
            groups: vec![GroupRow {
                group_id: "g1".into(),
                accounts: 3,
                core: 3,
                joint_actions: 3,
                expected: 0.000_001_25,
                repeats: 6,
                expected_repeats: 0.25,
                score: 5.65,
                found_by: "bursts".into(),
                grade: "joint timing, timed".into(),
                scale_s: 60,
                detectors: vec!["co_link".into(), "co_text".into()],
                first: Time(START),
                last,
                looks_like: vec![],
            }],
            members: ACCOUNTS
                .into_iter()
                .map(|account| MemberRow {
                    group_id: "g1".into(),
                    account_id: account.into(),
                    role: "core".into(),
                    joint_runs: 3,
                    expected: 0.016,
                    p_own_tail: 2.696e-9,
                    first_count: u64::from(account == ACCOUNTS[0]) * 3,
                })
                .collect(),
            labels: vec![LabelRow {
                group_id: "g1".into(),
                label: "single-outlet-pages".into(),
                value: 1.0,
                threshold: 0.8,
                figures: "3 of 3 joint objects are links to example.org".into(),
            }],
            windows: [(5, 6), (60, 6)]
                .map(|(window_s, repeats)| WindowRow {
                    group_id: "g1".into(),
                    window_s,
                    joint_actions: 3,
                    expected: 0.000_001_25,
                    repeats,
                    expected_repeats: 0.25,
                })
                .into(),
            pairs: vec![pair(0, 1, 1.5), pair(0, 2, 3.0), pair(1, 2, 1.5)],
            evidence,
            problems,
            inputs: vec![input],
            calibration: Calibration {
                version: 1,
                groups: 1,
                accounts: 3,
                pairs: 3,
                controls: vec![Control {
                    null_model: "accounts-permuted".into(),
                    setting: "6 h".into(),
                    copies: 2,
                    shares: 18,
                    messages_per_stratum_median: 9.0,
                    groups_found: vec![0, 0],
                    accounts_found: vec![0, 0],
                    incidents_found: vec![0, 1],
                    groups_per_million_upper95: 166_430.0,
                }],
                notes: vec!["78 shares have no power".into()],
                active_accounts: 3,
                shares_per_stratum: vec![9, 9, 9],
                closest_score: None,
                caveats: vec![Caution {
                    id: "little-data".into(),
                    says: "3 accounts share at least two things, 9 shares in all".into(),
                    advice: "Collect more.".into(),
                }],
            },
            nodes,
            edges: vec![edge(0, 1, 1.5), edge(0, 2, 3.0), edge(1, 2, 1.5)],
            key,
        }
    }

    /// Everything handed over, nothing finished.
    pub(crate) fn hand_over(&self, dir: &Path) -> Result<CaseWriter, CaseError> {
        let mut case = CaseWriter::create(dir)?;
        case.posts(self.posts.iter().cloned())?;
        case.groups(self.groups.iter().cloned())?;
        case.members(self.members.iter().cloned())?;
        case.labels(self.labels.iter().cloned())?;
        case.windows(self.windows.iter().cloned())?;
        case.pairs(self.pairs.iter().cloned())?;
        case.evidence(self.evidence.iter().cloned())?;
        case.divisions(&self.divisions)?;
        case.problems(&self.problems, &self.inputs)?;
        case.calibration(&self.calibration)?;
        case.network(&self.nodes, &self.edges)?;
        let accounts = self.nodes.iter().map(|node| node.account_id.as_ref());
        case.pseudonyms(&self.key, &Pseudonyms::new(&self.key, accounts))?;
        case.report("<!doctype html><title>case</title>\n")?;
        case.plan(&self.plan)?;
        Ok(case)
    }

    pub(crate) fn write(&self, dir: &Path) -> Result<Written, CaseError> {
        self.hand_over(dir)?.finish()
    }
}
