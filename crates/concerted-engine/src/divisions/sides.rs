//! Does a group stand on both sides, on one, or can we not tell?
//!
//! Members are placed by the distinct tags they use, as far as these lean; whoever cannot be placed is
//! counted and said. Chance is measured by groups that grew by themselves in this corpus: random sets of
//! accounts stand on both sides by construction. That the members are one group is taken from elsewhere;
//! a merger of two innocent groups of different camps looks just like a group that plays both sides.

use concerted_stats::ln_binomial_sf;
use concerted_stats::math::{exp, ln};
use concerted_stats::proportion::{clopper_pearson_lower, clopper_pearson_upper, wilson_upper};

/// Fewest leaning items by which an account is placed.
pub const LEAST_ITEMS: u32 = 4;
/// Chance below which so many items of one side place an account.
pub const PLACED: f64 = 0.1;
/// Share of a member's tags that must be known to the background, at the median.
pub const KNOWN: f64 = 0.4;
/// Rate of strays in a one-sided group.
pub const STRAYS: f64 = 0.05;
/// Bar of both tests.
pub const BAR: f64 = 0.01;
/// Fewest groups that grew by themselves.
pub const ORGANIC: usize = 200;

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// Too few leaning items.
    NotEligible,
    /// Items of both sides.
    Neutral,
    /// Camp A.
    A,
    /// Camp B.
    B,
}

/// Places an account by its distinct leaning items: `b` of `n` lean to camp B.
pub fn call(b: u32, n: u32) -> Call {
    let tail = |k: u32| exp(ln_binomial_sf(u64::from(k), u64::from(n), 0.5));
    if n < LEAST_ITEMS {
        Call::NotEligible
    } else if tail(b) <= PLACED {
        Call::B
    } else if tail(n - b) <= PLACED {
        Call::A
    } else {
        Call::Neutral
    }
}

/// How many accounts of a set stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In camp A.
    pub a: u64,
    /// In camp B.
    pub b: u64,
    /// With items of both sides.
    pub neutral: u64,
    /// With too few leaning items.
    pub unplaced: u64,
}

impl Counts {
    /// The counts of these calls.
    pub fn of(calls: impl Iterator<Item = Call>) -> Self {
        let mut counts = Self::default();
        for call in calls {
            *match call {
                Call::A => &mut counts.a,
                Call::B => &mut counts.b,
                Call::Neutral => &mut counts.neutral,
                Call::NotEligible => &mut counts.unplaced,
            } += 1;
        }
        counts
    }

    /// Those with enough leaning items.
    pub fn eligible(&self) -> u64 {
        self.a + self.b + self.neutral
    }

    /// Those placed on a side.
    pub fn placed(&self) -> u64 {
        self.a + self.b
    }

    /// Those placed on the smaller side.
    pub fn smaller(&self) -> u64 {
        self.a.min(self.b)
    }

    /// `2 min(A, B) / eligible`.
    pub fn both_sides_index(&self) -> f64 {
        if self.eligible() == 0 {
            0.0
        } else {
            2.0 * self.smaller() as f64 / self.eligible() as f64
        }
    }
}

/// What is said of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// On both sides.
    Both,
    /// Mostly on one side; whether that is camp B.
    MostlyOne(bool),
    /// The data do not tell.
    CannotTell,
    /// Too few of its tags are known here.
    TagsUnknown,
    /// The background gave too few groups to hold it against.
    NoNull,
}

/// How a group stands, with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Sides {
    /// What is said.
    pub stand: Stand,
    /// Members where they stand.
    pub counts: Counts,
    /// Median share of a member's tags that the background uses enough to know.
    pub known: f64,
    /// `2 min(A, B) / eligible`.
    pub index: f64,
    /// The index that one in a hundred groups that grew by themselves exceeds.
    pub organic_99: f64,
    /// Chance of so many on the smaller side if each member strayed in one of twenty.
    pub p_strays: f64,
    /// Share of the groups that grew by themselves that stand on both sides as much.
    pub p_organic: f64,
    /// Groups that it was held against.
    pub organic: usize,
    /// One-sided 95 % lower limit of the smaller side's share among those placed.
    pub smaller_lower: f64,
    /// What that limit has to exceed for a second opinion: the larger of the placement error's upper limit
    /// and the smaller side's share in 95 of 100 groups that grew by themselves.
    pub strict_bar: f64,
    /// Chance that this many placed members would be called both-sided if the smaller side were half, a
    /// quarter, a tenth.
    pub power: [f64; 3],
}

/// The stand of a group with these counts.
///
/// `organic` holds the counts of groups that grew by themselves with as many eligible members; `error` how
/// many accounts of the background were placed wrongly, of how many.
pub fn sides(counts: Counts, known: f64, organic: &[Counts], error: (u64, u64)) -> Sides {
    let mut indices: Vec<f64> = organic.iter().map(Counts::both_sides_index).collect();
    indices.sort_unstable_by(f64::total_cmp);
    let p_organic = |index: f64| {
        let below = indices.partition_point(|&other| other < index - 1e-12);
        (1 + indices.len() - below) as f64 / (1 + indices.len()) as f64
    };
    let p_strays = |smaller: u64| exp(ln_binomial_sf(smaller, counts.placed(), STRAYS));
    let is_both = |smaller: u64| {
        let index = 2.0 * smaller as f64 / counts.eligible().max(1) as f64;
        smaller >= 2 && p_strays(smaller) <= BAR && p_organic(index) <= BAR
    };
    let (smaller, placed) = (counts.smaller(), counts.placed());
    let stand = if known.is_nan() || known < KNOWN {
        Stand::TagsUnknown
    } else if organic.len() < ORGANIC {
        Stand::NoNull
    } else if is_both(smaller) {
        Stand::Both
    } else if 5 * smaller < placed && wilson_upper(smaller, placed, 1.645) < 0.2 {
        Stand::MostlyOne(counts.b > counts.a)
    } else {
        Stand::CannotTell
    };
    let wrong = if error.1 > 0 {
        error.0 as f64 / error.1 as f64
    } else {
        0.0
    };
    let organic_minority = super::gate::quantile(
        organic
            .iter()
            .filter(|counts| counts.placed() > 0)
            .map(|counts| counts.smaller() as f64 / counts.placed() as f64)
            .collect(),
        0.95,
    );
    Sides {
        stand,
        counts,
        known,
        index: counts.both_sides_index(),
        organic_99: super::gate::quantile(indices.clone(), 0.99),
        p_strays: p_strays(smaller),
        p_organic: p_organic(counts.both_sides_index()),
        organic: organic.len(),
        smaller_lower: clopper_pearson_lower(smaller, placed, 0.95),
        strict_bar: clopper_pearson_upper(error.0, error.1, 0.95).max(
            if organic_minority.is_nan() {
                0.0
            } else {
                organic_minority
            },
        ),
        power: [0.5, 0.25, 0.1].map(|share| {
            if organic.len() < ORGANIC {
                return 0.0;
            }
            // A wrongly placed member changes sides.
            let seen = share * (1.0 - wrong) + (1.0 - share) * wrong;
            (0..=placed)
                .filter(|&on_b| is_both(on_b.min(placed - on_b)))
                .map(|on_b| binomial(on_b, placed, seen))
                // Not `sum`, which gives minus zero for nothing.
                .fold(0.0, |sum, chance| sum + chance)
        }),
    }
}

/// The chance of exactly `k` of `n`.
fn binomial(k: u64, n: u64, p: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 {
        return f64::from(u8::from(k == if p <= 0.0 { 0 } else { n }));
    }
    exp(concerted_stats::ln_choose(n, k) + k as f64 * ln(p) + (n - k) as f64 * ln(1.0 - p))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(a: u64, b: u64, neutral: u64) -> Counts {
        Counts {
            a,
            b,
            neutral,
            unplaced: 0,
        }
    }

    fn stand(counts: Counts) -> Sides {
        let one_sided = vec![
            Counts {
                a: 10,
                ..Counts::default()
            };
            200
        ];
        sides(counts, 0.6, &one_sided, (0, 100))
    }

    #[test]
    fn calls_are_those_of_the_hand_tests() {
        assert_eq!(call(6, 7), Call::B);
        assert_eq!(call(5, 6), Call::Neutral);
        assert_eq!(call(4, 4), Call::B);
        assert_eq!(call(0, 4), Call::A);
        assert_eq!(call(3, 3), Call::NotEligible);
    }

    #[test]
    fn stands_are_those_of_the_hand_tests() {
        let found = stand(counts(8, 10, 2));
        assert!((found.index - 0.8).abs() < 1e-12);
        assert!((found.p_strays / 1.086e-6 - 1.0).abs() < 1e-3);
        assert_eq!(found.stand, Stand::Both);
        let found = stand(counts(1, 11, 0));
        assert!((found.index - 0.1667).abs() < 5e-5);
        assert!((found.p_strays - 0.4596).abs() < 5e-5);
        assert_ne!(found.stand, Stand::Both);
        let found = stand(counts(2, 2, 0));
        assert!((found.p_strays - 0.014_02).abs() < 5e-6);
        assert_eq!(found.stand, Stand::CannotTell);
        let found = stand(counts(3, 3, 0));
        assert!((found.p_strays - 0.002_23).abs() < 5e-6);
        assert_eq!(found.stand, Stand::Both);
    }

    #[test]
    fn one_side_takes_eleven_placed_and_unknown_tags_take_none() {
        assert_eq!(stand(counts(10, 0, 0)).stand, Stand::CannotTell);
        assert_eq!(stand(counts(11, 0, 0)).stand, Stand::MostlyOne(false));
        let unknown = sides(counts(8, 10, 2), 0.39, &[Counts::default(); 200], (0, 9));
        assert_eq!(unknown.stand, Stand::TagsUnknown);
        let alone = sides(counts(8, 10, 2), 0.6, &[Counts::default(); 9], (0, 9));
        assert_eq!((alone.stand, alone.power), (Stand::NoNull, [0.0; 3]));
    }

    #[test]
    fn power_grows_with_the_group_and_falls_with_the_smaller_side() {
        let small = stand(counts(4, 4, 0)).power;
        let large = stand(counts(10, 10, 0)).power;
        assert!(small[0] > 0.7 && large[0] > 0.98, "{small:?} {large:?}");
        assert!(large[0] > large[1] && large[1] > large[2]);
        assert!(small[1] < large[1]);
    }
}
