//! How soon after the first? Delays of the repeats in joint acts.
//!
//! The grey band shows as many repeats whose delays are drawn uniformly from the window: where each
//! bar would stand 19 times in 20. It answers whether the repeats crowd at the start of the window, not
//! whether they are more than chance; the first figure answers that.

use super::scale::Axis;
use super::{Figure, HALF, Numbers, bar, drawing, label, line, meaning, px};
use crate::words::{about, count, duration};
use concerted_stats::{ln_binomial_sf, math};
use maud::{Markup, html};

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Delays {
    /// Name of the group.
    pub group: String,
    /// Delays behind the first post of the same act, in milliseconds, in any order.
    pub lags: Vec<i64>,
    /// The window in milliseconds.
    pub window: i64,
    /// Smallest step of the clock in milliseconds.
    pub resolution: i64,
}

/// Repeats by delay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bins {
    /// Width of a bar in milliseconds.
    pub width: i64,
    /// Repeats in each; the last holds those at the very end of the window too.
    pub counts: Vec<u64>,
    /// Repeats later than the window, by way of others in between.
    pub later: u64,
}

/// At most this many bars.
const BARS: i64 = 20;
const LEFT: f64 = 34.0;
const TOP: f64 = 12.0;
const HEIGHT: f64 = 150.0;

/// Counts repeats by delay; no bar is narrower than a step of the clock.
pub fn bins(lags: &[i64], window: i64, resolution: i64) -> Bins {
    let step = resolution.max(1);
    // A whole number of steps, so that every bar holds as many of them.
    let width = (window / BARS).max(1).div_euclid(step).max(1) * step;
    let bars = (window / width).max(1);
    let mut counts = vec![0; usize::try_from(bars).unwrap_or(1)];
    let mut later = 0;
    for &lag in lags {
        if lag > window {
            later += 1;
        } else {
            let place = usize::try_from(lag.max(0) / width).unwrap_or(0);
            let last = counts.len() - 1;
            counts[place.min(last)] += 1;
        }
    }
    Bins {
        width,
        counts,
        later,
    }
}

/// The figure.
pub fn figure(delays: &Delays, note: Markup) -> Figure {
    let bins = bins(&delays.lags, delays.window, delays.resolution);
    let within: u64 = bins.counts.iter().sum();
    let (low, high) = middle(within, bins.counts.len() as u64);
    let middle_lag = median(&delays.lags);
    let title = match middle_lag {
        Some(lag) => format!(
            "How soon after the first? Half of the repeats come within {}",
            about(lag)
        ),
        None => "How soon after the first? There is no repeat".to_owned(),
    };
    let bars: Vec<String> = bins.counts.iter().map(u64::to_string).collect();
    let name = format!(
        "{}: repeats by delay in steps of {}, from the first: {}",
        delays.group,
        duration(bins.width),
        bars.join(", ")
    );
    let mut rows: Vec<Vec<String>> = (0_i64..)
        .zip(&bins.counts)
        .map(|(place, &repeats)| {
            vec![
                format!(
                    "{}–{}",
                    seconds(place * bins.width),
                    seconds((place + 1) * bins.width)
                ),
                repeats.to_string(),
                format!("{low}–{high}"),
            ]
        })
        .collect();
    if bins.later > 0 {
        rows.push(vec![
            format!("over {}", seconds(delays.window)),
            bins.later.to_string(),
            "–".into(),
        ]);
    }
    Figure {
        id: format!("{}-delays", delays.group),
        title,
        counted: format!(
            "Delay after the first post of the same act, in steps of {}; {} repeats{}.",
            duration(bins.width),
            count(delays.lags.len() as u64),
            if bins.later > 0 {
                format!(
                    ", {} of them later than {} and not drawn",
                    count(bins.later),
                    duration(delays.window)
                )
            } else {
                String::new()
            }
        ),
        key: vec![
            meaning(&bar(4.0, 0.0, 14.0, 12.0, "obs"), "repeats"),
            meaning(
                &bar(2.0, 2.0, 18.0, 8.0, "chance"),
                "as many at random delays: 19 of 20",
            ),
        ],
        svg: drawing(
            HALF,
            TOP + HEIGHT + 26.0,
            &name,
            &marks(delays, &bins, (low, high)),
        ),
        numbers: Numbers {
            head: vec!["delay, s", "repeats", "at random delays"],
            rows,
        },
        note,
    }
}

fn marks(delays: &Delays, bins: &Bins, (low, high): (u64, u64)) -> Markup {
    let most = bins
        .counts
        .iter()
        .copied()
        .max()
        .unwrap_or(0)
        .max(high)
        .max(1);
    let y = Axis::linear(0.0, most as f64, TOP + HEIGHT, TOP);
    let x = Axis::linear(0.0, delays.window as f64, LEFT, HALF - 8.0);
    let wide = (x.at(bins.width as f64) - x.at(0.0) - 1.0).max(1.0);
    let (top, bottom) = (y.at(high as f64), y.at(low as f64));
    html! {
        @for tick in y.ticks().into_iter().filter(|tick| tick.fract() == 0.0) {
            (line((LEFT, y.at(tick)), (HALF - 8.0, y.at(tick)), "grid"))
            (label(LEFT - 6.0, y.at(tick) + 4.0, "ax end", &super::scale::tick_text(tick.max(0.0)).replace("0.", "0")))
        }
        rect x=(px(LEFT)) y=(px(top)) width=(px(HALF - 8.0 - LEFT)) height=(px((bottom - top).max(3.0))) class="chance" {}
        @for (place, &repeats) in (0_i64..).zip(&bins.counts) {
            @if repeats > 0 {
                @let from = x.at((place * bins.width) as f64);
                (bar(from + 0.5, y.at(repeats as f64), wide, y.at(0.0) - y.at(repeats as f64), "obs"))
            }
        }
        (line((LEFT, y.at(0.0)), (HALF - 8.0, y.at(0.0)), "axis"))
        @for quarter in [0, 1, 2, 3, 4] {
            @let at = delays.window * quarter / 4;
            (label(x.at(at as f64), TOP + HEIGHT + 17.0, if quarter == 4 { "ax end" } else { "ax mid" }, &if at == 0 { "0".to_owned() } else { duration(at) }))
        }
    }
}

/// Where the count of one of `bars` equal bars stands 19 times in 20 when `repeats` fall on them
/// evenly: the middle 95 % of a binomial count.
pub fn middle(repeats: u64, bars: u64) -> (u64, u64) {
    if bars <= 1 {
        return (repeats, repeats);
    }
    let part = 1.0 / bars as f64;
    let quantile = |share: f64| {
        let bound = math::ln(1.0 - share);
        let (mut low, mut high) = (0_u64, repeats);
        while low < high {
            let half = u64::midpoint(low, high);
            if ln_binomial_sf(half + 1, repeats, part) <= bound {
                high = half;
            } else {
                low = half + 1;
            }
        }
        low
    };
    (quantile(0.025), quantile(0.975))
}

/// The lower of the two middle delays of an even number, so that half really come within it.
fn median(lags: &[i64]) -> Option<i64> {
    let mut sorted = lags.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len().saturating_sub(1) / 2).copied()
}

fn seconds(ms: i64) -> String {
    if ms % 1_000 == 0 {
        (ms / 1_000).to_string()
    } else {
        format!("{:.1}", ms as f64 / 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_no_narrower_than_the_clock() {
        assert_eq!(
            bins(&[0, 2_999, 3_000, 60_000, 61_000], 60_000, 1_000).counts[..2],
            [2, 1]
        );
        let minute = bins(&[0, 60_000, 600_000], 600_000, 60_000);
        assert_eq!((minute.width, minute.counts.len()), (60_000, 10));
        assert_eq!(bins(&[0, 60_000], 60_000, 60_000).counts, [2]);
        assert_eq!(bins(&[61_000], 60_000, 1_000).later, 1);
    }

    #[test]
    fn the_band_is_that_of_tables() {
        // R: qbinom(c(.025, .975), 100, .05).
        assert_eq!(middle(100, 20), (1, 10));
        assert_eq!(middle(0, 20), (0, 0));
        assert_eq!(median(&[1, 2, 3, 4]), Some(2));
    }
}
