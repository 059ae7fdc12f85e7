//! Does it depend on the window? Repeats against chance from seconds to hours.

use super::scale::{Axis, tick_text};
use super::{Figure, HALF, Numbers, bar, dot, drawing, label, line, meaning, px};
use crate::words::{duration, ratio};
use concerted_stats::{ln_poisson_sf, math};
use maud::{Markup, html};
use std::fmt::Write as _;

/// A window and what was counted there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The window in seconds.
    pub window_s: u64,
    /// How often members follow one another.
    pub observed: u64,
    /// How many chance gives.
    pub expected: f64,
}

const LEFT: f64 = 46.0;
const TOP: f64 = 12.0;
const HEIGHT: f64 = 150.0;

/// The figure; `used_s` is the window at which the group was graded.
pub fn figure(group: &str, points: &[Point], used_s: u64, note: Markup) -> Figure {
    let drawn: Vec<Point> = points
        .iter()
        .copied()
        .filter(|point| point.observed > 0)
        .collect();
    let title = match (drawn.first(), drawn.last()) {
        (Some(short), Some(long)) if drawn.len() > 1 => format!(
            "Does it depend on the window? {} times chance at {}, {} at {}",
            ratio(times(short)),
            span(short.window_s),
            ratio(times(long)),
            span(long.window_s)
        ),
        (Some(only), _) => format!(
            "Does it depend on the window? Only {} can be looked at",
            span(only.window_s)
        ),
        _ => "Does it depend on the window? No repeat at any window".to_owned(),
    };
    let name = drawn
        .iter()
        .map(|point| {
            format!(
                "{}: {} repeats, {} by chance",
                span(point.window_s),
                point.observed,
                ratio(point.expected)
            )
        })
        .collect::<Vec<_>>()
        .join("; ");
    Figure {
        id: format!("{group}-window"),
        title,
        counted: "Repeats divided by what chance gives, at windows from seconds to hours, none shorter than the step of the clock; log scales.".into(),
        key: vec![
                meaning(&line((1.0, 6.0), (21.0, 6.0), "trace"), "observed"),
                meaning(&bar(2.0, 2.0, 18.0, 8.0, "band"), "95% interval"),
                meaning(&line((1.0, 6.0), (21.0, 6.0), "one"), "what chance gives"),
            ],
        svg: drawing(HALF, TOP + HEIGHT + 26.0, &format!("{group}: {name}"), &marks(&drawn, used_s)),
        numbers: Numbers {
            head: vec!["window, s", "repeats", "by chance", "times chance", "95% interval"],
            rows: points
                .iter()
                .map(|point| {
                    let (low, high) = interval(point);
                    // Nothing can be divided by a chance of nothing.
                    let of_chance = |text: String| {
                        if point.expected > 0.0 {
                            text
                        } else {
                            "–".into()
                        }
                    };
                    vec![
                        point.window_s.to_string(),
                        point.observed.to_string(),
                        ratio(point.expected),
                        of_chance(ratio(times(point))),
                        of_chance(format!("{}–{}", ratio(low), ratio(high))),
                    ]
                })
                .collect(),
        },
        note,
    }
}

fn marks(points: &[Point], used_s: u64) -> Markup {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return label(LEFT, TOP + HEIGHT / 2.0, "ax", "no repeat at any window");
    };
    let bounds: Vec<(f64, f64)> = points.iter().map(interval).collect();
    let lowest = bounds
        .iter()
        .map(|bound| bound.0.max(0.1))
        .fold(1.0, f64::min);
    let highest = bounds.iter().map(|bound| bound.1).fold(3.0, f64::max);
    let x = Axis::log(
        first.window_s as f64,
        last.window_s as f64,
        LEFT,
        HALF - 14.0,
    );
    let y = Axis::log(lowest, highest, TOP + HEIGHT, TOP);
    let mut area = String::new();
    let top = points
        .iter()
        .zip(&bounds)
        .map(|(point, bound)| (point, bound.1));
    let bottom = points
        .iter()
        .zip(&bounds)
        .rev()
        .map(|(point, bound)| (point, bound.0));
    for (point, value) in top.chain(bottom) {
        let _ = write!(
            area,
            "{},{} ",
            px(x.at(point.window_s as f64)),
            px(y.at(value))
        );
    }
    let mut trace = String::new();
    for point in points {
        let _ = write!(
            trace,
            "{},{} ",
            px(x.at(point.window_s as f64)),
            px(y.at(times(point)))
        );
    }
    let ticks = y.ticks();
    let every = ticks.len().div_ceil(6);
    html! {
        @for tick in ticks.iter().step_by(every.max(1)) {
            (line((LEFT, y.at(*tick)), (HALF - 14.0, y.at(*tick)), "grid"))
            (label(LEFT - 6.0, y.at(*tick) + 4.0, "ax end", &tick_text(*tick)))
        }
        (line((LEFT, y.at(1.0)), (HALF - 14.0, y.at(1.0)), "one"))
        polygon points=(area.trim_end()) class="band" {}
        polyline points=(trace.trim_end()) class="trace" {}
        @for point in points {
            @if point.window_s == used_s { (dot(x.at(point.window_s as f64), y.at(times(point)), 5.5, "obs")) }
        }
        @for (place, point) in points.iter().enumerate() {
            @if place % 2 == 0 || points.len() < 6 {
                (label(x.at(point.window_s as f64), TOP + HEIGHT + 17.0, "ax mid", &span(point.window_s)))
            }
        }
    }
}

fn times(point: &Point) -> f64 {
    point.observed as f64 / point.expected.max(1e-12)
}

fn span(seconds: u64) -> String {
    duration(i64::try_from(seconds).unwrap_or(i64::MAX / 1_000) * 1_000)
}

/// The exact Poisson interval of the count (Garwood 1936), divided by the expectation.
pub fn interval(point: &Point) -> (f64, f64) {
    let mean_at = |seen: u64, share: f64| {
        // The mean at which at least `seen` has this chance.
        let (mut low, mut high) = (0.0, 20.0 + 4.0 * seen as f64);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if ln_poisson_sf(seen, middle) < math::ln(share) {
                low = middle;
            } else {
                high = middle;
            }
        }
        f64::midpoint(low, high)
    };
    let expected = point.expected.max(1e-12);
    let low = if point.observed == 0 {
        0.0
    } else {
        mean_at(point.observed, 0.025)
    };
    (
        low / expected,
        mean_at(point.observed + 1, 0.975) / expected,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_garwood() {
        let of = |observed| {
            interval(&Point {
                window_s: 60,
                observed,
                expected: 1.0,
            })
        };
        let (low, high) = of(10);
        assert!(
            (low - 4.795).abs() < 1e-3 && (high - 18.390).abs() < 1e-3,
            "{low} {high}"
        );
        assert!((of(0).1 - 3.689).abs() < 1e-3);
    }
}
