//! Account by account: one row each, a grey tick for every post, a blue one for a joint act. Silence
//! stays visible, and so does what else the accounts post.

use super::{Figure, Numbers, WIDE, bar, drawing, label, line, meaning, px};
use crate::words::{day, duration, moment};
use maud::{Markup, html};
use std::fmt::Write as _;

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Rows {
    /// Name of the group.
    pub group: String,
    /// Accounts, most joint runs first.
    pub accounts: Vec<Account>,
    /// Times of the posts of each joint act: (place among the accounts, time).
    pub acts: Vec<Vec<(usize, i64)>>,
    /// Size of the group, of which `accounts` may be a part.
    pub members: u64,
    /// Smallest step of the clock in milliseconds.
    pub resolution: i64,
}

/// An account and everything it posted.
#[derive(Clone, Debug)]
pub struct Account {
    /// The name to show.
    pub name: String,
    /// Times of all its posts, sorted.
    pub posts: Vec<i64>,
}

/// The stretch of time that is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Start.
    pub from: i64,
    /// Length in milliseconds.
    pub length: i64,
}

const HOUR: i64 = 3_600_000;
/// Stretches tried, shortest first: the first that holds enough acts is drawn.
const STRETCHES: [i64; 4] = [6 * HOUR, 24 * HOUR, 7 * 24 * HOUR, 28 * 24 * HOUR];
/// Joint acts that make a picture.
const ENOUGH: usize = 5;
/// Ticks of one row beyond which more cannot be told apart.
const TICKS: i64 = 300;
const LEFT: f64 = 112.0;
const RIGHT: f64 = 52.0;
const TOP: f64 = 24.0;
const ROW: f64 = 16.0;

/// The stretch with the most joint acts, of the shortest length that holds at least five of them; it
/// begins on a whole hour.
pub fn stretch(starts: &[i64]) -> Option<Span> {
    let mut starts = starts.to_vec();
    starts.sort_unstable();
    let (&first, &last) = (starts.first()?, starts.last()?);
    let enough = ENOUGH.min(starts.len());
    let whole = last - first + 2 * HOUR;
    for length in STRETCHES {
        let best = starts
            .iter()
            .map(|start| start.div_euclid(HOUR) * HOUR)
            .map(|from| {
                let inside = starts.partition_point(|time| *time < from + length)
                    - starts.partition_point(|time| *time < from);
                (inside, std::cmp::Reverse(from))
            })
            .max();
        if let Some((inside, std::cmp::Reverse(from))) = best
            && inside >= enough
        {
            return Some(Span { from, length });
        }
    }
    Some(Span {
        from: first.div_euclid(HOUR) * HOUR,
        length: whole,
    })
}

/// The figure.
pub fn figure(rows: &Rows, note: Markup) -> Option<Figure> {
    let starts: Vec<i64> = rows
        .acts
        .iter()
        .filter_map(|act| act.iter().map(|post| post.1).min())
        .collect();
    let span = stretch(&starts)?;
    let end = span.from + span.length;
    let inside = |time: i64| (span.from..end).contains(&time);
    let mut rounds: Vec<&Vec<(usize, i64)>> = rows
        .acts
        .iter()
        .filter(|act| act.iter().map(|post| post.1).min().is_some_and(inside))
        .collect();
    rounds.sort_by_key(|act| act.iter().map(|post| post.1).min());
    let joined: Vec<usize> = (0..rows.accounts.len())
        .map(|place| {
            rounds
                .iter()
                .filter(|act| act.iter().any(|post| post.0 == place))
                .count()
        })
        .collect();
    let most = joined.iter().copied().max().unwrap_or(0);
    let title = format!(
        "Account by account: {} joint acts in {} from {}",
        rounds.len(),
        duration(span.length),
        moment(span.from, 60_000)
    );
    let shown = if (rows.accounts.len() as u64) < rows.members {
        format!(
            "{} of {} accounts, those with the most joint runs first",
            rows.accounts.len(),
            rows.members
        )
    } else {
        format!(
            "All {} accounts, those with the most joint runs first",
            rows.members
        )
    };
    let name = format!(
        "{}: {} accounts and {} joint acts; an account takes part in up to {most} of them",
        rows.group,
        rows.accounts.len(),
        rounds.len()
    );
    let height = TOP + ROW * rows.accounts.len() as f64 + 24.0;
    Some(Figure {
        id: format!("{}-accounts", rows.group),
        title,
        counted: format!(
            "{shown}; the stretch with the most joint acts. Blue: a post of a joint act. Grey: every other post. Columns: the acts."
        ),
        key: vec![
            meaning(&bar(10.0, 0.0, 3.0, 12.0, "obs"), "joint act"),
            meaning(&bar(11.0, 2.0, 1.0, 8.0, "plain"), "other post"),
        ],
        svg: drawing(WIDE, height, &name, &marks(rows, span, &rounds, &joined)),
        numbers: Numbers {
            head: vec![
                "account",
                "joint acts in this stretch",
                "posts in this stretch",
                "posts in all",
            ],
            rows: rows
                .accounts
                .iter()
                .zip(&joined)
                .map(|(account, joined)| {
                    vec![
                        account.name.clone(),
                        format!("{joined} of {}", rounds.len()),
                        account
                            .posts
                            .iter()
                            .filter(|time| inside(**time))
                            .count()
                            .to_string(),
                        account.posts.len().to_string(),
                    ]
                })
                .collect(),
        },
        note,
    })
}

fn marks(rows: &Rows, span: Span, rounds: &[&Vec<(usize, i64)>], joined: &[usize]) -> Markup {
    let x =
        |time: i64| LEFT + (time - span.from) as f64 / span.length as f64 * (WIDE - RIGHT - LEFT);
    let bottom = TOP + ROW * rows.accounts.len() as f64;
    let mut letters: Vec<(f64, String)> = Vec::new();
    for (place, act) in rounds.iter().enumerate() {
        let at = act.iter().map(|post| post.1).min().map_or(0.0, x);
        if letters.last().is_none_or(|last| at - last.0 >= 11.0) && place < 26 {
            #[expect(clippy::cast_possible_truncation, reason = "below 26")]
            let letter = char::from(b'A' + place as u8);
            letters.push((at, letter.to_string()));
        }
    }
    html! {
        @for act in rounds {
            @let times = || act.iter().map(|post| post.1);
            @let (from, to) = (x(times().min().unwrap_or(span.from)), x(times().max().unwrap_or(span.from)));
            (bar(from - 3.0, TOP, (to - from).min(WIDE - RIGHT - from).max(0.0) + 6.0, bottom - TOP, "round"))
        }
        @for (at, letter) in &letters { (label(*at, TOP - 8.0, "letter mid", letter)) }
        @for (place, account) in rows.accounts.iter().enumerate() {
            @let top = TOP + ROW * place as f64;
            (line((LEFT, top + ROW / 2.0), (WIDE - RIGHT, top + ROW / 2.0), "grid"))
            (label(0.0, top + 12.0, "mono", &account.name))
            (ticks(drawn(&account.posts, span).into_iter().map(x), top + 4.0, ROW - 8.0, "other"))
            @let joint = rounds.iter().flat_map(|act| act.iter()).filter(|post| post.0 == place && post.1 < span.from + span.length);
            (ticks(joint.map(|post| x(post.1)), top + 2.0, ROW - 4.0, "joint"))
            (label(WIDE, top + 12.0, "ax end", &format!("{} of {}", joined[place], rounds.len())))
        }
        @for quarter in 0..=4 {
            @let time = span.from + span.length * quarter / 4;
            (label(x(time), bottom + 17.0, "ax mid", &axis_text(time, span.length)))
        }
    }
}

/// Upright ticks as one path, since a row may have hundreds.
fn ticks(places: impl Iterator<Item = f64>, top: f64, height: f64, class: &str) -> Markup {
    let mut path = String::new();
    for x in places {
        let _ = write!(path, "M{} {}v{}", px(x), px(top), px(height));
    }
    html! { @if !path.is_empty() { path d=(path) class=(class) {} } }
}

/// Times of posts in the stretch, one for each place that can be told apart.
fn drawn(posts: &[i64], span: Span) -> Vec<i64> {
    let step = (span.length / TICKS).max(1);
    let mut times: Vec<i64> = posts
        .iter()
        .filter(|time| (span.from..span.from + span.length).contains(*time))
        .map(|time| (time - span.from) / step * step + span.from)
        .collect();
    times.dedup();
    times
}

fn axis_text(time: i64, length: i64) -> String {
    let text = if length <= 24 * HOUR {
        moment(time, 60_000)
    } else {
        day(time)
    };
    if length <= 24 * HOUR {
        text.rsplit(' ').next().unwrap_or(&text).to_owned()
    } else {
        // Month and day; the year stands in the title of the report.
        text.rsplit_once(' ')
            .map_or(text.clone(), |parts| parts.0.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_stretch_with_five_acts_is_drawn() {
        let hours: Vec<i64> = [0, 50, 51, 52, 53, 54, 300]
            .map(|hour| hour * HOUR)
            .to_vec();
        assert_eq!(
            stretch(&hours),
            Some(Span {
                from: 50 * HOUR,
                length: 6 * HOUR
            })
        );
        assert_eq!(
            stretch(&[0, 400 * 24 * HOUR]).unwrap().length,
            400 * 24 * HOUR + 2 * HOUR
        );
        assert_eq!(stretch(&[]), None);
    }
}
