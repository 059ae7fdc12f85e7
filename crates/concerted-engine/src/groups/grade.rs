//! Is it the timing, or do they merely like the same things? S6: a grade sorts, it does not clear.
//!
//! Accounts of one taste also meet on the same objects hours later. How much more often they do than
//! chance says (`b`) is what taste alone explains; a group whose score survives the odds of a meeting
//! being raised `b` times shows joint timing. A synchronised network that also reshares hours later is
//! graded "same interests" too: the grade is a reason to look, never an acquittal.

use super::score::{Score, Scorer};

/// `E'` over the short windows at which a group counts as timed: Markov's bar at 5 %.
pub const TIMED_BAR: f64 = 3.0;

/// Longest window, in seconds, that speaks of timing.
pub const TIMED_WITHIN_S: i64 = 600;

/// What a group's meetings show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grade {
    /// How often, over what chance gives, the members meet again on the same objects hours later.
    pub taste: f64,
    /// `E'_b`: the score with the odds of every meeting raised `taste` times.
    pub score_net_of_taste: f64,
    /// The bar of the group.
    pub bar: f64,
    /// Whether that still meets the group's bar: "joint timing", else "same interests".
    pub joint_timing: bool,
    /// `E'` over windows of at most ten minutes, where the clock is fine enough.
    pub score_short: Option<f64>,
    /// Whether that is at least 3: "timed", else "same items".
    pub timed: bool,
}

impl Grade {
    /// The grade in words, as `groups.csv` has it.
    pub fn words(&self) -> String {
        format!("{}; {}", self.interests(), self.tempo())
    }

    /// "joint timing" or "same interests".
    pub fn interests(&self) -> &'static str {
        if self.joint_timing {
            "joint timing"
        } else {
            "same interests"
        }
    }

    /// "timed" or "same items".
    pub fn tempo(&self) -> &'static str {
        if self.timed { "timed" } else { "same items" }
    }
}

/// The grade of a group with this score and this bar.
pub fn grade(scorer: &mut Scorer<'_>, group: &[u32], score: &Score, bar: f64) -> Grade {
    let taste = scorer.taste(group, score.best);
    let score_net_of_taste = scorer.score_boosted(group, taste).union_bound;
    let score_short = scorer.union_bound_within(score, group.len(), TIMED_WITHIN_S);
    Grade {
        taste,
        score_net_of_taste,
        bar,
        joint_timing: score_net_of_taste >= bar,
        score_short,
        timed: score_short.is_some_and(|score| score >= TIMED_BAR),
    }
}
