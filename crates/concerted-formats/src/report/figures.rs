//! The figures of a report and how they leave it: as pictures, tables and graph files.

use super::facts::Group;
use super::{Options, Report};
use crate::case::cell::Time;
use crate::case::network::Network;
use crate::case::tables::{EdgeRow, NodeRow, PairRow};
use crate::case::{Case, CaseError};
use crate::figures::network::{Line, Node, Role};
use crate::figures::{Figure, Numbers, accounts, delays, layout, network, window};
use maud::html;
use std::collections::BTreeSet;
use std::path::Path;

/// Rows of the picture of accounts, and accounts in the picture of the network.
const ROWS: usize = 16;
const NODES: usize = 60;
/// Accounts of a graph file that are laid out as in the picture; more of them stand in a ring.
const SPRUNG: usize = 500;

/// Every figure that the report can show: those of the whole first, then those of each group in the
/// order of the report.
pub fn figures(case: &Case, options: &Options) -> Result<Vec<Figure>, CaseError> {
    Report::with(case, options, |report| {
        let mut figures: Vec<Figure> = report
            .chance()
            .into_iter()
            .chain(report.coverage())
            .collect();
        for group in &report.facts.groups {
            figures.extend(report.wide_figures(group));
            figures.extend(report.half_figures(group));
        }
        figures
    })
}

/// The list of findings as a table, best first.
pub fn findings(case: &Case, options: &Options) -> Result<Numbers, CaseError> {
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method alone is not general enough in its lifetime"
    )]
    Report::with(case, options, |report| report.findings_numbers())
}

/// Forms of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Graph {
    /// GEXF 1.3, for Gephi.
    Gexf,
    /// GraphML, for igraph and networkx.
    GraphMl,
}

/// Writes the network of one group, or of all groups, as a graph file under the names that the report
/// shows; lines are the pairs whose joint acts exceed chance by themselves.
///
/// Returns accounts and lines written. A group that is not in the case has none of either.
pub fn graph(
    case: &Case,
    options: &Options,
    form: Graph,
    only: Option<&str>,
    to: &Path,
) -> Result<(usize, usize), CaseError> {
    Report::with(case, options, |report| {
        let (nodes, edges) = report.graph(only);
        let mut network = Network::new(&nodes, &edges)?;
        match form {
            Graph::Gexf => network.write_gexf(to)?,
            Graph::GraphMl => network.write_graphml(to)?,
        };
        Ok((nodes.len(), edges.len()))
    })?
}

impl Report<'_> {
    /// Figures that take the whole column.
    pub(super) fn wide_figures(&self, group: &Group) -> Vec<Figure> {
        let id = group.row.group_id.as_ref();
        let shown = group.members.len().min(ROWS);
        let place = |account: &str| {
            group
                .members
                .iter()
                .take(shown)
                .position(|member| member.account_id == account)
        };
        let rows = accounts::Rows {
            group: id.to_owned(),
            accounts: group.members[..shown]
                .iter()
                .zip(&group.posts)
                .map(|(member, posts)| accounts::Account {
                    name: short(self.facts.name(&member.account_id)),
                    posts: posts.clone(),
                })
                .collect(),
            acts: group
                .acts
                .iter()
                .map(|act| {
                    act.posts
                        .iter()
                        .filter_map(|post| Some((place(&post.account)?, post.time)))
                        .collect()
                })
                .collect(),
            members: group.members.len() as u64,
            resolution: self.facts.plan.clock_resolution_ms,
        };
        let note = html! { p { "Times as given by the platform, UTC. " (to_posts(id)) "." } };
        accounts::figure(&rows, note).into_iter().collect()
    }

    /// Figures that stand two in a row.
    pub(super) fn half_figures(&self, group: &Group) -> Vec<Figure> {
        let id = group.row.group_id.as_ref();
        let delays = delays::Delays {
            group: id.to_owned(),
            lags: group.lags(),
            window: group.window_ms(),
            resolution: self.facts.plan.clock_resolution_ms,
        };
        let mut figures = vec![delays::figure(
            &delays,
            html! { p { "Grey: the same repeats at delays drawn evenly from the window; it shows whether they crowd at the start, not whether they are more than chance. " (to_posts(id)) "." } },
        )];
        if !group.windows.is_empty() {
            figures.push(window::figure(id, &group.windows, group.row.scale_s, html! { p { "Over everything that the members shared. The dot is the window at which the group was graded. A finding that holds at one window only is weak. " (to_posts(id)) "." } }));
        }
        let (nodes, lines) = self.network(group);
        figures.push(network::figure(id, &nodes, &lines, group.members.len() as u64, self.pair_q(), html! { p { "A pair is tested by itself, so a group can be a finding although few of its pairs are. " (to_posts(id)) "." } }));
        figures
    }

    fn pair_q(&self) -> f64 {
        self.facts
            .plan
            .parameters
            .get("pair_q")
            .and_then(toml::Value::as_float)
            .unwrap_or(0.01)
    }

    /// Nodes and lines of the picture, the accounts with the most joint runs.
    fn network(&self, group: &Group) -> (Vec<Node>, Vec<Line>) {
        let shown = &group.members[..group.members.len().min(NODES)];
        let median = group.median_lag();
        let most_first = shown
            .iter()
            .map(|member| member.first_count)
            .max()
            .unwrap_or(0);
        let mut named = false;
        let nodes = shown
            .iter()
            .map(|member| {
                let mut lags: Vec<i64> = group
                    .acts
                    .iter()
                    .flat_map(|act| {
                        act.posts
                            .iter()
                            .filter(|post| post.account == member.account_id)
                            .map(|post| post.lag)
                    })
                    .collect();
                lags.sort_unstable();
                let opened = lags.iter().filter(|lag| **lag == 0).count();
                let role = if !lags.is_empty() && 3 * opened >= lags.len() {
                    Role::First
                } else if lags.get(lags.len() / 2).is_some_and(|lag| *lag <= median) {
                    Role::Soon
                } else {
                    Role::Later
                };
                let name_it = !named && most_first > 0 && member.first_count == most_first;
                named |= name_it;
                Node {
                    name: short(self.facts.name(&member.account_id)),
                    role,
                    named: name_it,
                }
            })
            .collect();
        let place = |account: &str| shown.iter().position(|member| member.account_id == account);
        let line = |row: &PairRow<'_>| {
            Some(Line {
                between: (place(&row.account_a)?, place(&row.account_b)?),
                joint: row.joint_actions,
                expected: row.expected,
                q: row.q_value,
            })
        };
        (nodes, group.lines.iter().filter_map(line).collect())
    }

    /// Accounts and lines of one group or of all, under the names that the page shows.
    fn graph(&self, only: Option<&str>) -> (Vec<NodeRow<'static>>, Vec<EdgeRow<'static>>) {
        let groups: Vec<&Group> = self
            .facts
            .groups
            .iter()
            .filter(|group| only.is_none_or(|only| group.row.group_id == only))
            .collect();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut nodes: Vec<NodeRow<'static>> = Vec::new();
        let mut edges: Vec<EdgeRow<'static>> = Vec::new();
        // An account of two groups counts to the stronger.
        for group in &groups {
            for (member, posts) in group.members.iter().zip(&group.posts) {
                if !seen.insert(&member.account_id) {
                    continue;
                }
                let shown = self.facts.name(&member.account_id).to_owned();
                nodes.push(NodeRow {
                    account_id: shown.clone().into(),
                    label: shown.clone().into(),
                    platform: "".into(),
                    cluster: group.row.group_id.clone().into_owned().into(),
                    n_posts: posts.len() as u64,
                    first_seen: posts.first().copied().map(Time),
                    last_seen: posts.last().copied().map(Time),
                    created_at: None,
                    score: group.row.score,
                    pseudonym: shown.into(),
                    x: 0.0,
                    y: 0.0,
                    size: 4.0 + member.joint_runs.min(36) as f64 / 3.0,
                    color: "#1a5f9e".into(),
                });
            }
            edges.extend(group.lines.iter().map(|row| self.edge(row)));
        }
        // Two members of two groups are one line.
        edges.sort_by(|a, b| (&a.source, &a.target).cmp(&(&b.source, &b.target)));
        edges.dedup_by(|a, b| (&a.source, &a.target) == (&b.source, &b.target));
        let place = |name: &str| nodes.iter().position(|node| node.account_id == name);
        let lines: Vec<(usize, usize, f64)> = edges
            .iter()
            .filter_map(|edge| Some((place(&edge.source)?, place(&edge.target)?, 1.0)))
            .collect();
        // The springs of the picture take time with the square of the accounts.
        if nodes.len() <= SPRUNG {
            let places = layout::places(nodes.len(), &lines, 1);
            for (node, (x, y)) in nodes.iter_mut().zip(places) {
                (node.x, node.y) = (rounded(x * 1_000.0), rounded(y * 1_000.0));
            }
        } else {
            let step = std::f64::consts::TAU / nodes.len() as f64;
            for (at, node) in nodes.iter_mut().enumerate() {
                let angle = at as f64 * step;
                (node.x, node.y) = (
                    rounded(1_000.0 * concerted_stats::math::cos(angle)),
                    rounded(1_000.0 * concerted_stats::math::sin(angle)),
                );
            }
        }
        (nodes, edges)
    }

    fn edge(&self, row: &PairRow<'_>) -> EdgeRow<'static> {
        let name = |account: &str| self.facts.name(account).to_owned();
        EdgeRow {
            source: name(&row.account_a).into(),
            target: name(&row.account_b).into(),
            weight: row.joint_actions as f64,
            n_objects: row.objects,
            median_lag_s: row.median_lag_s,
            min_lag_s: f64::NAN,
            kind: row.detector.clone().into_owned().into(),
            p_value: row.p_value,
            first: row.first,
            last: row.last,
        }
    }
}

fn to_posts(id: &str) -> maud::Markup {
    html! { a href={ "#" (id) "-acts" } { "The posts" } }
}

fn rounded(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}

/// A name that fits beside a row.
fn short(name: &str) -> String {
    let clean: String = name
        .chars()
        .filter(|letter| letter.is_alphanumeric() || "-_.@ ".contains(*letter))
        .collect();
    if clean.chars().count() <= 16 {
        return clean;
    }
    clean.chars().take(15).chain(['…']).collect()
}
