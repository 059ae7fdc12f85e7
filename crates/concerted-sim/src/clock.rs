//! When do people post? Day and night, weekdays, and breaking news that dies away.

use concerted_stats::math::{exp, ln, pow};

use crate::plan::Plan;
use crate::random::{Draws, whole};

pub(crate) const MINUTE_MS: i64 = 60_000;
pub(crate) const HOUR_MS: i64 = 3_600_000;
pub(crate) const DAY_MS: i64 = 86_400_000;

/// Posts per hour of the local day, in proportion to the average hour: the shape that most public
/// platforms show, low before dawn, a shoulder at noon, a peak in the evening.
const BY_HOUR: [f64; 24] = [
    0.55, 0.33, 0.22, 0.17, 0.16, 0.22, 0.42, 0.75, 1.0, 1.12, 1.18, 1.22, 1.28, 1.25, 1.2, 1.2,
    1.22, 1.28, 1.4, 1.58, 1.75, 1.75, 1.4, 0.95,
];
/// From Thursday, the first day of 1970.
const BY_DAY: [f64; 7] = [1.05, 1.0, 0.88, 0.9, 1.02, 1.08, 1.07];

/// The rate at a local time, in proportion to the average.
pub(crate) fn rate(local_ms: i64) -> f64 {
    let hours = local_ms.rem_euclid(DAY_MS) as f64 / HOUR_MS as f64;
    let hour = usize::try_from(whole(hours)).unwrap_or(0) % 24;
    let part = hours - hours.floor();
    let of_day = BY_HOUR[hour] * (1.0 - part) + BY_HOUR[(hour + 1) % 24] * part;
    let day = usize::try_from(local_ms.div_euclid(DAY_MS).rem_euclid(7)).unwrap_or(0);
    of_day * BY_DAY[day]
}

/// A moment in `[from, from + length)` by the daily rhythm.
pub(crate) fn moment(draws: &mut Draws, from: i64, length: i64, offset_ms: i64) -> i64 {
    loop {
        let at = from + draws.below(length.max(1).unsigned_abs()).cast_signed();
        if draws.unit() * 2.0 < rate(at + offset_ms) {
            return at;
        }
    }
}

/// A story that breaks, draws a crowd, and decays exponentially.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Burst {
    /// Milliseconds after the start of the corpus.
    pub(crate) start: i64,
    /// Mean lifetime in minutes.
    minutes: f64,
    /// Posts a minute at its start, in proportion to the average rate of everything.
    peak: f64,
    /// Where it breaks.
    pub(crate) community: u32,
}

impl Burst {
    /// Posts a minute at this moment, in the unit of `peak`; 0 before it and long after.
    fn strength(&self, at: i64) -> f64 {
        let age = (at - self.start) as f64 / MINUTE_MS as f64;
        if age < 0.0 || age > 9.0 * self.minutes {
            return 0.0;
        }
        self.peak * exp(-age / self.minutes)
    }
}

/// All breaking news of a plan, in order of time.
pub(crate) fn bursts(plan: &Plan) -> Vec<Burst> {
    let mut draws = Draws::new(plan.seed, u64::MAX);
    let length = i64::from(plan.days) * DAY_MS;
    let offset = i64::from(plan.utc_offset_hours) * HOUR_MS;
    let expected = plan.bursts_per_day * f64::from(plan.days);
    // So many independent days have as many bursts as a Poisson count, near enough.
    let count = draws.binomial(
        u64::from(plan.days) * 1000,
        expected / (f64::from(plan.days) * 1000.0),
    );
    let mut bursts: Vec<Burst> = (0..count)
        .map(|_| Burst {
            start: moment(&mut draws, plan.start_ms, length, offset) - plan.start_ms,
            minutes: 20.0 * exp(draws.unit() * ln(12.0)),
            // Sizes have a heavy tail, cut where one story would be most of the corpus.
            peak: (0.25 * pow(1.0 - draws.unit(), -1.0 / 1.4)).min(6.0),
            community: u32::try_from(draws.below(u64::from(plan.communities))).unwrap_or(0),
        })
        .collect();
    bursts.sort_by_key(|burst| (burst.start, burst.community));
    bursts
}

/// Walks the minutes of a plan and says how many posts fall into each, and to which story.
#[derive(Debug)]
pub(crate) struct Minutes {
    start_ms: i64,
    offset_ms: i64,
    minute: i64,
    end: i64,
    bursts: Vec<Burst>,
    /// Bursts that have begun and may still be alive: the first is `bursts[from]`.
    from: usize,
    weight_left: f64,
    posts_left: u64,
    /// The stories alive in this minute, with the sum of the weights up to and with each.
    alive: Vec<(f64, u32)>,
    weight: f64,
}

impl Minutes {
    pub(crate) fn new(plan: &Plan) -> Self {
        let mut minutes = Self {
            start_ms: plan.start_ms,
            offset_ms: i64::from(plan.utc_offset_hours) * HOUR_MS,
            minute: -1,
            end: i64::from(plan.days) * DAY_MS / MINUTE_MS,
            bursts: bursts(plan),
            from: 0,
            weight_left: 0.0,
            posts_left: plan.posts,
            alive: Vec::new(),
            weight: 0.0,
        };
        for minute in 0..minutes.end {
            minutes.enter(minute);
            minutes.weight_left += minutes.weight;
        }
        minutes.from = 0;
        minutes.alive.clear();
        minutes
    }

    /// Goes on by a minute: its start in milliseconds since 1970 and how many posts fall into it, so that
    /// all minutes together are a multinomial draw of exactly the plan's posts.
    pub(crate) fn next(&mut self, draws: &mut Draws) -> Option<(i64, u64)> {
        if self.minute + 1 >= self.end {
            return None;
        }
        self.minute += 1;
        self.enter(self.minute);
        let last = self.minute + 1 == self.end;
        let share = if last {
            1.0
        } else {
            (self.weight / self.weight_left).clamp(0.0, 1.0)
        };
        let posts = draws.binomial(self.posts_left, share);
        self.posts_left -= posts;
        self.weight_left -= self.weight;
        Some((self.start_ms + self.minute * MINUTE_MS, posts))
    }

    /// The number of the story that a post of this minute belongs to, if any; `u` is uniform in `[0, 1)`.
    pub(crate) fn story(&self, u: f64) -> Option<u32> {
        let at = u * self.weight;
        let (_, story) = self.alive.iter().find(|(sum, _)| at < *sum)?;
        Some(*story)
    }

    fn enter(&mut self, minute: i64) {
        let at = minute * MINUTE_MS;
        // The oldest burst that can be alive lived 9 of its at most 240 minutes.
        while self
            .bursts
            .get(self.from)
            .is_some_and(|b| b.start < at - 2160 * MINUTE_MS)
        {
            self.from += 1;
        }
        self.alive.clear();
        let mut sum = 0.0;
        for (index, burst) in (0u32..).zip(&self.bursts).skip(self.from) {
            if burst.start > at {
                break;
            }
            let strength = burst.strength(at);
            if strength > 0.0 {
                sum += strength;
                self.alive.push((sum, index));
            }
        }
        self.weight = sum + rate(self.start_ms + at + self.offset_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_rate_is_one() {
        let mean = (0..7 * 24 * 60).map(|m| rate(m * MINUTE_MS)).sum::<f64>() / (7.0 * 24.0 * 60.0);
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        assert!(rate(20 * HOUR_MS) > 8.0 * rate(4 * HOUR_MS));
    }

    #[test]
    fn minutes_add_up_to_the_plan() {
        let plan = Plan {
            posts: 12_345,
            days: 3,
            ..Plan::default()
        };
        let (mut minutes, mut draws) = (Minutes::new(&plan), Draws::new(1, 1));
        let mut total = 0;
        while let Some((_, posts)) = minutes.next(&mut draws) {
            total += posts;
        }
        assert_eq!((total, minutes.posts_left), (12_345, 0));
    }

    #[test]
    fn a_burst_decays() {
        let burst = Burst {
            start: 0,
            minutes: 10.0,
            peak: 2.0,
            community: 0,
        };
        assert!((burst.strength(10 * MINUTE_MS) / burst.strength(0) - (-1f64).exp()).abs() < 1e-12);
        assert_eq!(
            (burst.strength(-1), burst.strength(91 * MINUTE_MS)),
            (0.0, 0.0)
        );
    }
}
