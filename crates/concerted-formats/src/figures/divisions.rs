//! Which divisions does a group play on, and on which side of a slogan does it stand?

use super::scale::{Axis, tick_text};
use super::{Figure, Numbers, WIDE, bar, dot, drawing, label, line, meaning};
use maud::{Markup, html};

/// A group's share of posts on an issue, beside everyone else's.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The issue.
    pub issue: String,
    /// Share of the group's posts.
    pub group: f64,
    /// Share of the background's posts.
    pub background: f64,
    /// Ratio with its interval.
    pub ratio: (f64, f64, f64),
    /// Whether the interval and the test tell it from the background.
    pub told: bool,
}

const LEFT: f64 = 190.0;
const RIGHT: f64 = WIDE - 110.0;
const ROW: f64 = 26.0;
const TOP: f64 = 10.0;

fn percent(share: f64) -> String {
    concerted_engine::divisions::words::percent(share)
}

fn ratio(times: f64) -> String {
    concerted_engine::divisions::words::ratio(times)
}

/// The figure of shares; the largest differences first.
pub fn shares(group: &str, shares: &[Share], note: Markup) -> Figure {
    let mut sorted: Vec<&Share> = shares.iter().collect();
    sorted.sort_by(|a, b| {
        let difference = |share: &Share| (share.group - share.background).abs();
        difference(b)
            .total_cmp(&difference(a))
            .then(a.issue.cmp(&b.issue))
    });
    let widest = sorted
        .iter()
        .map(|share| {
            share
                .group
                .max(share.background * share.ratio.2.min(1.0 / share.background.max(1e-9)))
        })
        .fold(0.01, f64::max)
        .min(1.0);
    let x = Axis::linear(0.0, widest * 100.0, LEFT, RIGHT);
    let bottom = TOP + ROW * sorted.len() as f64;
    let title = sorted.first().map_or_else(
        || "Which divisions? No issue could be held against the background".to_owned(),
        |first| {
            format!(
                "Which divisions? On {}, {} of its posts, {} for everyone else",
                cut(&first.issue),
                percent(first.group),
                percent(first.background)
            )
        },
    );
    let name = sorted
        .iter()
        .map(|share| {
            format!(
                "{}: {} against {}, {} times",
                cut(&share.issue),
                percent(share.group),
                percent(share.background),
                ratio(share.ratio.0)
            )
        })
        .collect::<Vec<_>>()
        .join("; ");
    let marks = html! {
        @for tick in x.ticks() {
            (line((x.at(tick), TOP), (x.at(tick), bottom), "grid"))
            (label(x.at(tick) - 6.0, bottom + 16.0, "ax", &format!("{}%", tick_text(tick))))
        }
        @for (row, share) in sorted.iter().enumerate() {
            @let y = TOP + ROW * (row as f64 + 0.5);
            @let at = |share: f64| x.at(share * 100.0);
            (label(0.0, y + 4.0, if share.told { "letter" } else { "ax" }, &cut(&share.issue)))
            (bar(at(share.background * share.ratio.1), y - 5.0, (at((share.background * share.ratio.2).min(1.0)) - at(share.background * share.ratio.1)).max(1.0), 10.0, "band"))
            (line((at(share.background), y), (at(share.group), y), "other"))
            (dot(at(share.background), y, 4.0, "plain"))
            (dot(at(share.group), y, 4.5, if share.told { "obs" } else { "hollow" }))
            (label(RIGHT + 12.0, y + 4.0, if share.told { "letter" } else { "ax" }, &format!("{} ×", ratio(share.ratio.0))))
        }
    };
    Figure {
        id: format!("{group}-divisions"),
        title,
        counted: "Posts with the issue among all posts, of the group and of its background on the same days. Filled where the interval over accounts and the test clear the background.".into(),
        key: vec![
            meaning(&dot(11.0, 6.0, 4.5, "obs"), "the group"),
            meaning(&dot(11.0, 6.0, 4.0, "plain"), "the background"),
            meaning(&bar(2.0, 1.0, 18.0, 10.0, "band"), "95% interval"),
        ],
        svg: drawing(WIDE, bottom + 24.0, &format!("{group}: {name}"), &marks),
        numbers: Numbers {
            head: vec!["issue", "group", "background", "ratio", "95% interval", "told apart"],
            rows: sorted
                .iter()
                .map(|share| {
                    vec![
                        share.issue.clone(),
                        percent(share.group),
                        percent(share.background),
                        ratio(share.ratio.0),
                        format!("{}–{}", ratio(share.ratio.1), ratio(share.ratio.2)),
                        if share.told { "yes" } else { "no" }.to_owned(),
                    ]
                })
                .collect(),
        },
        note,
    }
}

/// Posts of a group with a slogan and with the one proposed as its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Slogans {
    /// The slogan of camp A and that of camp B.
    pub items: (String, String),
    /// Posts with either.
    pub posts: (u64, u64),
    /// Share of an account's such posts on its own side, at the median of the background.
    pub typical: f64,
}

/// The figure of sides; `unplaced` members have none and are said.
pub fn sides(
    group: &str,
    slogans: &[Slogans],
    camps: (&str, &str),
    unplaced: u64,
    note: Markup,
) -> Figure {
    let (middle, half) = (WIDE / 2.0, WIDE / 2.0 - 150.0);
    let share = |of: &Slogans| {
        let all = (of.posts.0 + of.posts.1).max(1) as f64;
        (of.posts.0 as f64 / all, of.posts.1 as f64 / all)
    };
    let rounded = |part: f64| format!("{:.0}", part * 100.0);
    let title = slogans.first().map_or_else(
        || "Both sides? It posted none of the opposed slogans".to_owned(),
        |of| {
            let (a, b) = share(of);
            format!(
                "Both sides? {} to {} on {} and {}; a typical account leans {} to {}",
                rounded(a),
                rounded(b),
                cut(&of.items.0),
                cut(&of.items.1),
                rounded(of.typical),
                rounded(1.0 - of.typical)
            )
        },
    );
    let bottom = TOP + 2.0 * ROW * slogans.len() as f64;
    let marks = html! {
        (line((middle, TOP), (middle, bottom), "axis"))
        @for (row, of) in slogans.iter().enumerate() {
            @let y = TOP + 2.0 * ROW * (row as f64 + 0.5);
            @let (a, b) = share(of);
            (bar(middle - a * half, y - 7.0, a * half, 14.0, "sidea"))
            (bar(middle, y - 7.0, b * half, 14.0, "sideb"))
            (line((middle - of.typical * half, y - 11.0), (middle - of.typical * half, y + 11.0), "axis"))
            (line((middle + of.typical * half, y - 11.0), (middle + of.typical * half, y + 11.0), "axis"))
            (label(0.0, y + 4.0, "ax", &format!("{} {}", cut(&of.items.0), of.posts.0)))
            (label(WIDE - 145.0, y + 4.0, "ax", &format!("{} {}", of.posts.1, cut(&of.items.1))))
        }
    };
    Figure {
        id: format!("{group}-sides"),
        title,
        counted: format!(
            "Posts with one slogan or the other. {unplaced} of its members could not be placed on a side by what else they use."
        ),
        key: vec![
            meaning(&bar(2.0, 1.0, 18.0, 10.0, "sidea"), camps.0),
            meaning(&bar(2.0, 1.0, 18.0, 10.0, "sideb"), camps.1),
            meaning(
                &line((11.0, 0.0), (11.0, 12.0), "axis"),
                "where a typical account's lean ends",
            ),
        ],
        svg: drawing(
            WIDE,
            bottom + 8.0,
            &format!("{group}: posts with opposed slogans"),
            &marks,
        ),
        numbers: Numbers {
            head: vec!["slogan", "posts", "answer", "posts", "typical lean"],
            rows: slogans
                .iter()
                .map(|of| {
                    vec![
                        of.items.0.clone(),
                        of.posts.0.to_string(),
                        of.items.1.clone(),
                        of.posts.1.to_string(),
                        percent(of.typical),
                    ]
                })
                .collect(),
        },
        note,
    }
}

/// A name short enough to stand beside a row.
fn cut(name: &str) -> String {
    if name.chars().count() <= 24 {
        return name.to_owned();
    }
    name.chars().take(23).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_difference_is_told_first_and_only_what_is_told_apart_is_filled() {
        let share = |issue: &str, group, told| Share {
            issue: issue.into(),
            group,
            background: 0.09,
            ratio: (group / 0.09, 0.8, 4.0),
            told,
        };
        let figure = shares(
            "g1",
            &[share("#small", 0.1, false), share("#large", 0.31, true)],
            html! {},
        );
        assert_eq!(
            figure.title,
            "Which divisions? On #large, 31% of its posts, 9.0% for everyone else"
        );
        let drawn = figure.svg.into_string();
        assert_eq!(drawn.matches("class=\"obs\"").count(), 1);
        assert_eq!(drawn.matches("class=\"hollow\"").count(), 1);
        assert_eq!(figure.numbers.rows[0][0], "#large");
    }

    #[test]
    fn sides_are_told_against_a_typical_account() {
        let of = Slogans {
            items: ("#yes".into(), "#no".into()),
            posts: (52, 48),
            typical: 0.91,
        };
        let figure = sides("g1", &[of], ("camp A", "camp B"), 3, html! {});
        assert_eq!(
            figure.title,
            "Both sides? 52 to 48 on #yes and #no; a typical account leans 91 to 9"
        );
        assert!(figure.counted.contains("3 of its members"));
    }
}
