//! What the data cover: posts over the dates, and where there are none.

use super::scale::Axis;
use super::{Figure, Numbers, WIDE, bar, drawing, label, line, meaning};
use crate::words::{count, day, duration, moment};
use maud::{Markup, html};

/// Posts in steps of equal length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Start of the first step.
    pub start: i64,
    /// Length of a step in milliseconds.
    pub step: i64,
    /// Posts in each.
    pub posts: Vec<u64>,
    /// The longest time without a post: from and to.
    pub silence: Option<(i64, i64)>,
}

const HOUR: i64 = 3_600_000;
/// Steps from a minute to thirty days; the shortest with at most this many steps is taken.
const STEPS: [i64; 9] = [
    60_000,
    600_000,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    24 * HOUR,
    7 * 24 * HOUR,
    30 * 24 * HOUR,
    365 * 24 * HOUR,
];
const MOST: i64 = 120;
const HEIGHT: f64 = 64.0;

/// Counts posts over time; `times` are sorted here.
pub fn coverage(times: &mut [i64]) -> Option<Coverage> {
    times.sort_unstable();
    let (&first, &last) = (times.first()?, times.last()?);
    let step = STEPS
        .into_iter()
        .find(|step| (last - first) / step < MOST)
        .unwrap_or((last - first) / MOST + 1);
    let start = first.div_euclid(step) * step;
    let mut posts = vec![0; usize::try_from((last - start) / step + 1).ok()?];
    for time in times.iter() {
        posts[usize::try_from((time - start) / step).ok()?] += 1;
    }
    let silence = times
        .windows(2)
        .max_by_key(|pair| pair[1] - pair[0])
        .map(|pair| (pair[0], pair[1]));
    Some(Coverage {
        start,
        step,
        posts,
        silence,
    })
}

/// The figure.
pub fn figure(cover: &Coverage, resolution: i64, note: Markup) -> Figure {
    let empty = cover.posts.iter().filter(|posts| **posts == 0).count();
    let step = duration(cover.step);
    let title = match empty {
        0 => format!("What do the data cover? Posts in every step of {step}"),
        1 => format!(
            "What do the data cover? 1 of {} steps of {step} has no post",
            cover.posts.len()
        ),
        _ => format!(
            "What do the data cover? {empty} of {} steps of {step} have no post",
            cover.posts.len()
        ),
    };
    let steps = i64::try_from(cover.posts.len()).unwrap_or(i64::MAX);
    let end = cover.start + cover.step * steps;
    let silence = cover.silence.map_or(String::new(), |(from, to)| {
        format!(
            " The longest silence lasts {}, from {}.",
            duration(to - from),
            moment(from, resolution)
        )
    });
    let most = cover.posts.iter().copied().max().unwrap_or(0);
    let name = format!(
        "Posts from {} to {} in steps of {step}: at most {most}, {empty} steps empty",
        day(cover.start),
        day(end - 1)
    );
    Figure {
        id: "coverage".into(),
        title,
        counted: format!(
            "Posts per step of {step}, UTC; at most {}.{silence}",
            count(most)
        ),
        key: vec![
            meaning(&bar(4.0, 0.0, 14.0, 12.0, "plain"), "posts"),
            meaning(&bar(4.0, 0.0, 14.0, 12.0, "gap"), "no post"),
        ],
        svg: drawing(WIDE, HEIGHT + 24.0, &name, &marks(cover, most, end)),
        numbers: Numbers {
            head: vec!["from (UTC)", "posts"],
            rows: (0_i64..)
                .zip(&cover.posts)
                .map(|(place, posts)| {
                    vec![
                        crate::case::cell::Time(cover.start + place * cover.step).to_string(),
                        posts.to_string(),
                    ]
                })
                .collect(),
        },
        note,
    }
}

fn marks(cover: &Coverage, most: u64, end: i64) -> Markup {
    let steps = cover.posts.len() as f64;
    let x = Axis::linear(0.0, steps, 0.0, WIDE);
    let y = Axis::linear(0.0, most.max(1) as f64, HEIGHT, 0.0);
    let wide = WIDE / steps;
    html! {
        @for (place, &posts) in cover.posts.iter().enumerate() {
            @let left = x.at(place as f64);
            @if posts == 0 {
                (bar(left, 0.0, wide, HEIGHT, "gap"))
            } @else {
                @let top = y.at(posts as f64).min(HEIGHT - 1.0);
                (bar(left, top, (wide - 0.8).max(0.8), HEIGHT - top, "plain"))
            }
        }
        (line((0.0, HEIGHT), (WIDE, HEIGHT), "axis"))
        (label(0.0, HEIGHT + 17.0, "ax", &day(cover.start)))
        (label(WIDE / 2.0, HEIGHT + 17.0, "ax mid", &day(i64::midpoint(cover.start, end))))
        (label(WIDE, HEIGHT + 17.0, "ax end", &day(end - 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_steps_without_a_post() {
        let hours = |hour: i64| hour * HOUR;
        let cover = coverage(&mut [hours(9), hours(1), hours(0), 1]).unwrap();
        assert_eq!(cover.step, 600_000);
        assert_eq!(cover.posts.iter().sum::<u64>(), 4);
        assert_eq!(cover.silence, Some((hours(1), hours(9))));
        assert_eq!(coverage(&mut []), None);
        assert_eq!(coverage(&mut [5]).unwrap().posts, [1]);
    }
}
