//! Weights that fade: how often was this account where things were shared together, lately?

use crate::post::Millis;
use concerted_stats::math::exp2;
use serde::{Deserialize, Serialize};

/// A sum of ones that halves with a fixed half-life. Kept relative to the start of an epoch of 512
/// half-lives, so that reading needs one factor per moment and none per account, and epochs are
/// bridged by an exact power of two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Decayed {
    value: f64,
    epoch: i64,
}

const EPOCH_HALF_LIVES: f64 = 512.0;

/// The moment as a half-life sees it: the epoch, and the factor since its start.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Moment {
    epoch: i64,
    growth: f64,
    decay: f64,
}

impl Moment {
    pub(super) fn new(since_start: Millis, half_life: f64) -> Self {
        let half_lives = since_start as f64 / half_life;
        let epoch = (half_lives / EPOCH_HALF_LIVES).floor();
        let within = half_lives - epoch * EPOCH_HALF_LIVES;
        // The epoch of a time that is representable at all fits by far.
        #[expect(clippy::cast_possible_truncation, reason = "a floor of a small number")]
        Self {
            epoch: epoch as i64,
            growth: exp2(within),
            decay: exp2(-within),
        }
    }
}

impl Decayed {
    pub(super) fn at(self, now: &Moment) -> f64 {
        self.carried(now.epoch) * now.decay
    }

    pub(super) fn add_one(&mut self, now: &Moment) {
        *self = Self {
            value: self.carried(now.epoch) + now.growth,
            epoch: now.epoch,
        };
    }

    /// The value relative to a later epoch.
    fn carried(self, epoch: i64) -> f64 {
        match epoch - self.epoch {
            0 => self.value,
            1 => self.value * exp2(-EPOCH_HALF_LIVES),
            // Two epochs are over a thousand half-lives: below the smallest number.
            _ => 0.0,
        }
    }
}
