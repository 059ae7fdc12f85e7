//! What would chance give? How often members of each group follow one another, beside the number that
//! independence gives.
//!
//! The grey bar is the middle 95 % of a Poisson count with the group's expectation, which keeps how
//! active each account is and how many took part in each burst. It does not pay for having searched;
//! the score does, and stands at the right.

use super::scale::{Axis, tick_text};
use super::{Figure, Numbers, WIDE, bar, dot, drawing, label, line, meaning};
use crate::words::{count, ratio};
use concerted_stats::{ln_poisson_sf, math};
use maud::{Markup, html};

/// A group, or a pair that was looked at and is no finding.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// What it is, in a few words.
    pub what: String,
    /// How often members follow one another.
    pub observed: u64,
    /// How many chance gives.
    pub expected: f64,
    /// What stands under the ratio: the score or the corrected chance.
    pub strength: String,
    /// Whether it is a finding.
    pub finding: bool,
    /// Where in the page it is treated.
    pub anchor: Option<String>,
}

const LEFT: f64 = 180.0;
const RIGHT: f64 = 100.0;
const ROW: f64 = 35.0;
const TOP: f64 = 26.0;

/// The figure; `more` stand in its numbers and are not drawn.
pub fn figure(rows: &[Row], more: &[Row], note: Markup) -> Figure {
    let best = rows
        .iter()
        .chain(more)
        .filter(|row| row.finding)
        .max_by(|a, b| times(a).total_cmp(&times(b)));
    let findings = rows.iter().chain(more).filter(|row| row.finding).count();
    let title = match best {
        Some(best) if findings == 1 => format!(
            "What would chance give? Members follow one another {} times, by chance {}",
            count(best.observed),
            ratio(best.expected)
        ),
        Some(best) => format!(
            "What would chance give? Members of {} follow one another {} times as often as chance gives",
            best.name,
            ratio(times(best))
        ),
        None => "What would chance give? Nothing here stands clear of it".to_owned(),
    };
    let name = rows
        .iter()
        .map(|row| {
            format!(
                "{}: {} repeats, {} by chance",
                row.name,
                row.observed,
                ratio(row.expected)
            )
        })
        .collect::<Vec<_>>()
        .join("; ");
    Figure {
        id: "chance".into(),
        title,
        counted: "Repeats: how often a member shares a thing behind another member within the group’s window, beside how often accounts would that choose independently, given how active each is and how many took part in each burst. Log scale.".into(),
        key: vec![
                meaning(&dot(11.0, 6.0, 5.0, "obs"), "observed, a finding"),
                meaning(&dot(11.0, 6.0, 4.5, "hollow"), "observed, not a finding"),
                meaning(&bar(2.0, 2.0, 18.0, 8.0, "chance"), "chance: 19 counts of 20"),
            ],
        svg: drawing(WIDE, TOP + ROW * rows.len() as f64 + 4.0, &name, &marks(rows)),
        numbers: Numbers {
            head: vec!["what", "repeats", "by chance", "19 of 20 counts", "times chance", "strength"],
            rows: rows
                .iter()
                .chain(more)
                .map(|row| {
                    let (low, high) = middle(row.expected);
                    vec![
                        row.name.clone(),
                        row.observed.to_string(),
                        ratio(row.expected),
                        format!("{low}–{high}"),
                        ratio(times(row)),
                        row.strength.clone(),
                    ]
                })
                .collect(),
        },
        note,
    }
}

fn times(row: &Row) -> f64 {
    row.observed as f64 / row.expected.max(1e-12)
}

fn marks(rows: &[Row]) -> Markup {
    let smallest = rows
        .iter()
        .map(|row| row.expected.max(0.1))
        .fold(1.0, f64::min);
    let largest = rows
        .iter()
        .map(|row| (row.observed as f64).max(row.expected))
        .fold(10.0, f64::max);
    let low = math::pow(10.0, math::log10(smallest).floor());
    let axis = Axis::log(low, largest * 1.6, LEFT, WIDE - RIGHT);
    let bottom = TOP + ROW * rows.len() as f64;
    html! {
        @for tick in axis.ticks() {
            (line((axis.at(tick), TOP - 6.0), (axis.at(tick), bottom), "grid"))
            (label(axis.at(tick), 12.0, "ax mid", &tick_text(tick)))
        }
        @for (place, row) in rows.iter().enumerate() {
            @let y = TOP + ROW * (place as f64 + 0.5);
            @let (from, to) = middle(row.expected);
            @let (left, right) = (axis.at(from as f64), axis.at(to as f64).max(axis.at(from as f64) + 6.0));
            @let x = axis.at(row.observed as f64);
            @if place > 0 { (line((0.0, y - ROW / 2.0), (WIDE, y - ROW / 2.0), "grid")) }
            @match &row.anchor {
                Some(anchor) => a href={ "#" (anchor) } { (label(0.0, y - 1.0, "name link", &row.name)) },
                None => (label(0.0, y - 1.0, "name", &row.name)),
            }
            (label(0.0, y + 13.0, "ax", &row.what))
            @if x > right { (line((right, y), (x, y), "reach")) }
            rect x=(super::px(left)) y=(super::px(y - 5.0)) width=(super::px(right - left)) height="10" rx="4" class="chance" {}
            (dot(x, y, 5.5, if row.finding { "obs" } else { "hollow" }))
            (label(x, y - 9.0, "name mid", &count(row.observed)))
            (label(WIDE, y - 1.0, if row.finding { "name end" } else { "ax end" }, &format!("{} × chance", ratio(times(row)))))
            (label(WIDE, y + 13.0, "ax end", &row.strength))
        }
    }
}

/// The middle 95 % of a Poisson count with this mean: the smallest counts that leave at most 2.5 %
/// below and above.
pub fn middle(mean: f64) -> (u64, u64) {
    if mean <= 0.0 {
        return (0, 0);
    }
    // P[X <= c] >= share, that is P[X >= c + 1] <= 1 - share.
    let quantile = |share: f64| {
        let enough = |c: u64| ln_poisson_sf(c + 1, mean) <= math::ln(1.0 - share);
        let (mut low, mut high) = (0_u64, 16);
        while !enough(high) {
            high *= 2;
        }
        while low < high {
            let half = u64::midpoint(low, high);
            if enough(half) {
                high = half;
            } else {
                low = half + 1;
            }
        }
        low
    };
    (quantile(0.025), quantile(0.975))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_that_of_tables() {
        // R: qpois(c(.025, .975), c(.1, 1, 10, 100)).
        assert_eq!(middle(0.1), (0, 1));
        assert_eq!(middle(1.0), (0, 3));
        assert_eq!(middle(10.0), (4, 17));
        assert_eq!(middle(100.0), (81, 120));
    }
}
