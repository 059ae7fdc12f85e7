//! Who acted with whom? Lines join accounts whose joint acts, pair by pair, exceed chance.

use super::layout::places;
use super::{Figure, HALF, Numbers, dot, drawing, label, line, meaning, px};
use crate::words::count;
use concerted_stats::math::ln;
use maud::{Markup, html};

/// What an account does in the joint acts, by its timing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// First in at least a third of its joint acts.
    First,
    /// Otherwise at most as late as the group's median repeat.
    Soon,
    /// Later.
    Later,
}

/// An account.
#[derive(Clone, Debug)]
pub struct Node {
    /// The name to show.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// Whether the picture names it.
    pub named: bool,
}

/// A line between two accounts.
#[derive(Clone, Debug)]
pub struct Line {
    /// Places of the two among the nodes.
    pub between: (usize, usize),
    /// Joint actions.
    pub joint: u64,
    /// How many chance gives.
    pub expected: f64,
    /// The corrected chance.
    pub q: f64,
}

const HEIGHT: f64 = 260.0;
const EDGE: f64 = 16.0;

/// The figure. `members` is the size of the group, of which `nodes` may be a part.
pub fn figure(
    group: &str,
    nodes: &[Node],
    lines: &[Line],
    members: u64,
    q: f64,
    note: Markup,
) -> Figure {
    let met = lines.len() as u64;
    let title = match met {
        0 => "Who acted with whom? No two accounts stand out by themselves".to_owned(),
        1 => "Who acted with whom? 1 pair meets more often than chance allows".to_owned(),
        _ => format!(
            "Who acted with whom? {} pairs meet more often than chance allows",
            count(met)
        ),
    };
    let shown = if (nodes.len() as u64) < members {
        format!(
            " The {} of {} accounts with the most joint runs are drawn.",
            nodes.len(),
            count(members)
        )
    } else {
        String::new()
    };
    let name = format!(
        "{group}: {} accounts, {met} lines between them",
        nodes.len()
    );
    let triangle = |x: f64, y: f64| html! { polygon points=(corners(x, y, 5.0)) class="later" {} };
    Figure {
        id: format!("{group}-network"),
        title,
        counted: format!(
            "Lines join accounts whose joint acts exceed chance at a q of at most {q}, corrected over all pairs; wider with more joint acts.{shown}"
        ),
        key: vec![
            meaning(&dot(11.0, 6.0, 5.0, "obs"), "often first"),
            meaning(&square(11.0, 6.0), "soon after"),
            meaning(&triangle(11.0, 6.0), "later"),
        ],
        svg: drawing(HALF, HEIGHT, &name, &marks(nodes, lines)),
        numbers: Numbers {
            head: vec!["account", "account", "joint acts", "by chance", "q"],
            rows: lines
                .iter()
                .map(|line| {
                    vec![
                        nodes[line.between.0].name.clone(),
                        nodes[line.between.1].name.clone(),
                        line.joint.to_string(),
                        crate::words::ratio(line.expected),
                        crate::words::q_value(line.q),
                    ]
                })
                .collect(),
        },
        note,
    }
}

fn marks(nodes: &[Node], lines: &[Line]) -> Markup {
    let most = lines
        .iter()
        .map(|line| line.joint)
        .max()
        .unwrap_or(1)
        .max(1) as f64;
    let weighted: Vec<(usize, usize, f64)> = lines
        .iter()
        .map(|line| {
            (
                line.between.0,
                line.between.1,
                0.4 + 0.6 * line.joint as f64 / most,
            )
        })
        .collect();
    let at: Vec<(f64, f64)> = places(nodes.len(), &weighted, 1)
        .into_iter()
        .map(|(x, y)| {
            (
                EDGE + x * (HALF - 2.0 * EDGE),
                EDGE + 14.0 + y * (HEIGHT - 2.0 * EDGE - 14.0),
            )
        })
        .collect();
    html! {
        @for edge in lines {
            @let (a, b) = (at[edge.between.0], at[edge.between.1]);
            @let width = 0.8 + 0.7 * ln(edge.joint.max(1) as f64);
            line x1=(px(a.0)) y1=(px(a.1)) x2=(px(b.0)) y2=(px(b.1)) class=(if lines.len() > 60 { "tie many" } else { "tie" }) stroke-width=(px(width)) {}
        }
        @for (node, &(x, y)) in nodes.iter().zip(&at) {
            @match node.role {
                Role::First => (dot(x, y, 5.5, "obs")),
                Role::Soon => (square(x, y)),
                Role::Later => polygon points=(corners(x, y, 6.0)) class="later" {},
            }
        }
        @for (node, &(x, y)) in nodes.iter().zip(&at).filter(|(node, _)| node.named) {
            @let right = x > HALF / 2.0;
            @let (from, to) = ((x, y - 6.0), (x, y - 12.0));
            (line(from, to, "axis"))
            (label(x, y - 15.0, if right { "mono end" } else { "mono" }, &node.name))
        }
    }
}

fn square(x: f64, y: f64) -> Markup {
    html! { rect x=(px(x - 4.5)) y=(px(y - 4.5)) width="9" height="9" class="soon" {} }
}

fn corners(x: f64, y: f64, size: f64) -> String {
    format!(
        "{},{} {},{} {},{}",
        px(x),
        px(y - size),
        px(x + size),
        px(y + size * 0.8),
        px(x - size),
        px(y + size * 0.8)
    )
}
