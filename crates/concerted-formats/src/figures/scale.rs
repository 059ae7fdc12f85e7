//! Where a number stands on an axis, and which numbers are written at it.

use concerted_stats::math;

/// A straight or logarithmic axis from one place to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    log: bool,
}

impl Axis {
    pub(super) fn linear(low: f64, high: f64, from: f64, to: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Self {
            low,
            high,
            from,
            to,
            log: false,
        }
    }

    /// A logarithmic axis; what is below its lower end stands at that end.
    pub(super) fn log(low: f64, high: f64, from: f64, to: f64) -> Self {
        Self {
            log: true,
            ..Self::linear(low, high.max(low * 10.0), from, to)
        }
    }

    pub(super) fn at(&self, value: f64) -> f64 {
        let part = if self.log {
            math::ln(value.max(self.low) / self.low) / math::ln(self.high / self.low)
        } else {
            (value - self.low) / (self.high - self.low)
        };
        self.from + part.clamp(0.0, 1.0) * (self.to - self.from)
    }

    /// Round numbers on the axis: 1 and 3 of each power of ten on a logarithmic one, powers alone
    /// where there are many; about four steps on a straight one.
    pub(super) fn ticks(&self) -> Vec<f64> {
        if !self.log {
            let step = round_step((self.high - self.low) / 4.0);
            let first = (self.low / step).ceil();
            return (0..12)
                .map(|place| (first + f64::from(place)) * step)
                .take_while(|tick| *tick <= self.high * 1.000_001)
                .collect();
        }
        let decades = math::log10(self.high / self.low);
        let mut ticks = Vec::new();
        for power in -9..12 {
            for lead in [1.0, 3.0] {
                let tick = lead * math::pow(10.0, f64::from(power));
                let wanted = lead < 2.0 || decades < 4.0;
                if wanted && tick >= self.low * 0.999_999 && tick <= self.high * 1.000_001 {
                    ticks.push(tick);
                }
            }
        }
        ticks
    }
}

/// The next round number: 1, 2 or 5 times a power of ten.
pub(super) fn round_step(rough: f64) -> f64 {
    let power = math::pow(10.0, math::log10(rough.max(1e-9)).floor());
    let lead = rough / power;
    let round = if lead <= 1.0 {
        1.0
    } else if lead <= 2.0 {
        2.0
    } else if lead <= 5.0 {
        5.0
    } else {
        10.0
    };
    round * power
}

/// A number at an axis.
pub(super) fn tick_text(tick: f64) -> String {
    if tick >= 1.0 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "ticks are counts, and small"
        )]
        let whole = tick.round() as u64;
        crate::words::count(whole)
    } else {
        crate::words::ratio(tick).trim_end_matches('0').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_between_the_ends_and_ticks_are_round() {
        let axis = Axis::log(1.0, 1_000.0, 0.0, 300.0);
        assert!((axis.at(10.0) - 100.0).abs() < 1e-9);
        assert!((axis.at(0.0)).abs() < 1e-9);
        assert!((axis.at(1e9) - 300.0).abs() < 1e-9);
        let texts: Vec<String> = axis.ticks().into_iter().map(tick_text).collect();
        assert_eq!(texts, ["1", "3", "10", "30", "100", "300", "1000"]);
        assert_eq!(Axis::linear(0.0, 87.0, 0.0, 1.0).ticks(), [0.0, 50.0]);
        assert_eq!(
            Axis::linear(0.0, 600.0, 0.0, 1.0).ticks(),
            [0.0, 200.0, 400.0, 600.0]
        );
    }
}
