//! Is there a divide at all, or only an axis?
//!
//! Every corpus has a leading axis: regions, trades, fandoms, habits of tagging. Two figures are asked for
//! together. *Effect*: how far the camps keep to their items, held against copies in which chance decided
//! who used what and the whole pipeline ran again. *Replicability*: whether two random halves of the
//! accounts, each fitted for itself, put the same items on the same sides. A z-score against the copies is
//! never looked at: sets of one party reach z = 21.

use super::camps::{CampPlan, Fit, fit};
use super::correspondence::axes;
use super::matrix::{Matrix, Prune};
use crate::rng::Rng;
use rayon::prelude::*;

/// When a divide is said to be there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GatePlan {
    /// Copies in which chance decided; 20 or more.
    pub copies: u32,
    /// Random halvings.
    pub halvings: u32,
    /// Least effect.
    pub effect: f64,
    /// Least agreement of the halves.
    pub agreement: f64,
    /// Effect from which the divide is strong.
    pub strong_effect: f64,
    /// Agreement from which the divide is strong.
    pub strong_agreement: f64,
    /// Least share of the smaller camp.
    pub least_share: f64,
    /// Fewest accounts of both camps together.
    pub least_accounts: usize,
    /// Accounts drawn for the gate where there are more.
    pub most_accounts: usize,
    /// Axes looked at for the number of camps.
    pub axes: usize,
}

impl Default for GatePlan {
    fn default() -> Self {
        Self {
            copies: 20,
            halvings: 20,
            effect: 0.35,
            agreement: 0.5,
            strong_effect: 0.45,
            strong_agreement: 0.6,
            least_share: 0.15,
            least_accounts: 50,
            most_accounts: 10_000,
            axes: 6,
        }
    }
}

/// What the gate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Too few accounts are left to ask.
    TooFew,
    /// The data do not establish a divide.
    NoDivide,
    /// There is a divide.
    Divide,
    /// There is a strong one.
    Strong,
}

impl Verdict {
    /// Whether camps may be spoken of.
    pub fn is_divide(self) -> bool {
        self >= Self::Divide
    }

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::TooFew => "too few accounts",
            Self::NoDivide => "no divide established",
            Self::Divide => "divide",
            Self::Strong => "strong divide",
        }
    }
}

/// The figures on which the verdict rests.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// The verdict.
    pub verdict: Verdict,
    /// Accounts asked.
    pub accounts: usize,
    /// Items they used.
    pub items: usize,
    /// Accounts of the smaller camp, if there were camps.
    pub smaller: usize,
    /// Modularity of the fitted camps.
    pub modularity: f64,
    /// Its mean over the copies; not a number where none was made.
    pub by_chance: f64,
    /// `(modularity - by_chance) / (0.5 - by_chance)`.
    pub effect: f64,
    /// Median agreement of the halves on the sides of items, beyond chance.
    pub agreement: f64,
    /// Copies made.
    pub copies: u32,
    /// Halvings made.
    pub halvings: u32,
    /// Number of camps by parallel analysis: one more than the axes beyond the copies' first.
    pub camps: usize,
    /// The fewest and the most camps that random halves give.
    pub camps_in_halves: (usize, usize),
}

/// The verdict of these figures: (effect, agreement, accounts, accounts of the smaller camp).
pub fn verdict(
    effect: f64,
    agreement: f64,
    accounts: usize,
    smaller: usize,
    plan: &GatePlan,
) -> Verdict {
    let wide = smaller as f64 >= plan.least_share * accounts as f64;
    if accounts < plan.least_accounts {
        Verdict::TooFew
    } else if wide && effect >= plan.strong_effect && agreement >= plan.strong_agreement {
        Verdict::Strong
    } else if wide && effect >= plan.effect && agreement >= plan.agreement {
        Verdict::Divide
    } else {
        Verdict::NoDivide
    }
}

/// Asks whether the accounts of this matrix are divided. Where there are more than the plan's number, the
/// question is put to a random part of them, which can only cost power.
pub fn gate(matrix: &Matrix, camps: &CampPlan, plan: &GatePlan, seed: u64) -> Gate {
    let drawn;
    let matrix = if matrix.accounts.len() > plan.most_accounts {
        let keep = draw(
            matrix.accounts.len(),
            plan.most_accounts,
            &mut Rng::stream(seed, 1),
        );
        drawn = matrix.drawn(
            &keep,
            Prune {
                item_accounts: 5,
                account_items: 3,
            },
        );
        &drawn
    } else {
        matrix
    };
    let accounts = matrix.accounts.len();
    let mut gate = Gate {
        verdict: Verdict::TooFew,
        accounts,
        items: matrix.items.len(),
        smaller: 0,
        modularity: f64::NAN,
        by_chance: f64::NAN,
        effect: f64::NAN,
        agreement: f64::NAN,
        copies: plan.copies,
        halvings: plan.halvings,
        camps: 1,
        camps_in_halves: (1, 1),
    };
    if accounts < plan.least_accounts {
        return Gate {
            copies: 0,
            halvings: 0,
            ..gate
        };
    }
    let found = fit(matrix, camps, plan.axes, &mut Rng::stream(seed, 0));
    gate.smaller = found.side.iter().filter(|&&side| side).count();
    gate.modularity = found.modularity;
    let copies: Vec<(f64, f64)> = (0..plan.copies)
        .into_par_iter()
        .map(|copy| {
            let mut rng = Rng::stream(seed, 1_000 + u64::from(copy));
            let copy = matrix.curveball(&mut rng);
            let fitted = fit(&copy, camps, 1, &mut rng);
            (
                fitted.modularity,
                fitted.values.get(1).copied().unwrap_or(0.0),
            )
        })
        .collect();
    gate.by_chance = copies.iter().map(|copy| copy.0).sum::<f64>() / copies.len() as f64;
    gate.effect = (gate.modularity - gate.by_chance) / (0.5 - gate.by_chance);
    let bar = quantile(copies.iter().map(|copy| copy.1).collect(), 0.95);
    gate.camps = camps_of(&found.values, bar);
    let halvings: Vec<(f64, [usize; 2])> = (0..plan.halvings)
        .into_par_iter()
        .map(|halving| {
            let mut rng = Rng::stream(seed, 1_000_000 + u64::from(halving));
            let keep = draw(accounts, accounts / 2, &mut rng);
            let rest: Vec<bool> = keep.iter().map(|keep| !keep).collect();
            let halves = [keep, rest].map(|keep| {
                let half = matrix.with_rows(&keep);
                let fitted = fit(&half, camps, 1, &mut rng);
                // The bar of a half is its own: fewer accounts give more to chance.
                let copy = half.curveball(&mut rng);
                let chance = axes(&copy, 1, camps.tau, &mut rng);
                let values = axes(&half, plan.axes, camps.tau, &mut rng).values;
                let camps = camps_of(&values, chance.values.get(1).copied().unwrap_or(1.0));
                (half, fitted, camps)
            });
            let agreement = agreement(
                matrix,
                [(&halves[0].0, &halves[0].1), (&halves[1].0, &halves[1].1)],
            );
            (agreement, [halves[0].2, halves[1].2])
        })
        .collect();
    gate.agreement = quantile(halvings.iter().map(|halving| halving.0).collect(), 0.5);
    let in_halves = || halvings.iter().flat_map(|halving| halving.1);
    gate.camps_in_halves = (
        in_halves().min().unwrap_or(1).min(gate.camps),
        in_halves().max().unwrap_or(1).max(gate.camps),
    );
    gate.verdict = verdict(gate.effect, gate.agreement, accounts, gate.smaller, plan);
    gate
}

/// One more than the axes behind activity that exceed the bar, up to the first that does not.
fn camps_of(values: &[f64], bar: f64) -> usize {
    1 + values
        .iter()
        .skip(1)
        .take_while(|&&value| value > bar)
        .count()
}

/// Marks so many of `n`, each set equally likely.
pub(super) fn draw(n: usize, marked: usize, rng: &mut Rng) -> Vec<bool> {
    let mut left = marked;
    (0..n)
        .map(|place| {
            let take = super::matrix::below(rng, n - place) < left;
            left -= usize::from(take);
            take
        })
        .collect()
}

/// How far two halves agree on the sides of items, weighted by their accounts, beyond what the sizes of the
/// sides give; which side is which is free.
fn agreement(whole: &Matrix, halves: [(&Matrix, &Fit); 2]) -> f64 {
    let (mut same, mut first, mut second, mut total) = (0.0, 0.0, 0.0, 0.0);
    for item in 0..whole.items.len() {
        // An item that one half never used has no side there.
        if halves
            .iter()
            .any(|half| half.0.columns.get(item).is_empty())
        {
            continue;
        }
        let weight = whole.columns.get(item).len() as f64;
        let sides = halves.map(|half| half.1.item_side[item]);
        total += weight;
        same += weight * f64::from(u8::from(sides[0] == sides[1]));
        first += weight * f64::from(u8::from(sides[0]));
        second += weight * f64::from(u8::from(sides[1]));
    }
    if total <= 0.0 {
        return 0.0;
    }
    let (same, first, second) = (same / total, first / total, second / total);
    let kappa = |same: f64, first: f64, second: f64| {
        let by_chance = first * second + (1.0 - first) * (1.0 - second);
        if by_chance < 1.0 {
            (same - by_chance) / (1.0 - by_chance)
        } else {
            0.0
        }
    };
    kappa(same, first, second).max(kappa(1.0 - same, first, 1.0 - second))
}

/// The value below which this share of the values lies, between neighbours in proportion; not a number where
/// there is none.
pub(super) fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    concerted_stats::quantiles(&values, &[share])
        .first()
        .copied()
        .unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdicts_are_those_of_the_hand_tests() {
        let plan = GatePlan::default();
        let of = |effect, agreement| verdict(effect, agreement, 461, 180, &plan);
        assert_eq!(of(0.30, 0.71), Verdict::NoDivide);
        assert_eq!(of(0.46, 0.39), Verdict::NoDivide);
        assert_eq!(of(0.39, 0.71), Verdict::Divide);
        assert_eq!(of(0.45, 0.60), Verdict::Strong);
        assert_eq!(verdict(0.9, 0.9, 461, 60, &plan), Verdict::NoDivide);
        assert_eq!(verdict(0.9, 0.9, 49, 24, &plan), Verdict::TooFew);
        assert_eq!(verdict(f64::NAN, 0.9, 461, 180, &plan), Verdict::NoDivide);
    }

    /// 60 accounts a side; each uses `own` of 100 of its side's 40 items and `other` of 100 of the others'.
    fn two_sides(own: u64, other: u64) -> Matrix {
        let mut rng = Rng::stream(5, 0);
        let mut pairs = Vec::new();
        for account in 0..120u32 {
            for item in 0..80u32 {
                let near = (account < 60) == (item < 40);
                if rng.below(100) < if near { own } else { other } {
                    pairs.push((account, item));
                }
            }
        }
        let prune = super::super::matrix::Prune {
            item_accounts: 2,
            account_items: 3,
        };
        Matrix::new(&pairs, prune)
    }

    #[test]
    fn two_sides_are_told_from_none() {
        let of = |own, other| {
            gate(
                &two_sides(own, other),
                &CampPlan::default(),
                &GatePlan::default(),
                1,
            )
        };
        let divided = of(30, 3);
        assert_eq!(divided.verdict, Verdict::Strong, "{divided:?}");
        assert_eq!(divided.smaller, 60);
        assert_eq!(divided.camps, 2);
        let mixed = of(16, 16);
        assert_eq!(mixed.verdict, Verdict::NoDivide, "{mixed:?}");
        assert!(mixed.effect.abs() < 0.2, "{mixed:?}");
    }
}
