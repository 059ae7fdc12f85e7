//! The numbers behind a finding: tail probabilities, evidence, corrections.
//!
//! This crate knows no account, post or platform. It takes counts, probabilities and sizes and returns
//! natural logarithms, so that a chance of 1e-5000 is a number like any other. Every logarithm and
//! exponential comes from `libm`, so a value computed on one machine is the same, bit for bit, on
//! another, and a record that holds it can be re-derived.
//!
//! | question | module |
//! | --- | --- |
//! | How likely is a count at least this high? | [`tails`], [`poisson_binomial`] |
//! | How far does a run of joint action speak against chance? | [`evalue`] |
//! | What remains after looking many times? | [`correction`], [`evalue::ln_union_penalty`] |
//! | How sure is a share, and a ratio of two rates? | [`proportion`] |
//! | Do these p-values behave as p-values should? | [`kolmogorov`] |
//!
//! ```
//! use concerted_stats::{PValue, evalue, tails};
//!
//! // Two accounts met on 4 occasions; 0.016 were expected.
//! let p = PValue::from_ln(tails::ln_poisson_sf(4, 0.016));
//! assert_eq!(p.to_string(), "2.7e-9");
//!
//! // Three accounts, four runs on which all three met within a minute, one group among the
//! // C(497, 3) that could have been named.
//! let run = evalue::ln_lr_run(3, 0.012, 2, 2, 2);
//! let score = 4.0 * run - evalue::ln_union_penalty(497, 3);
//! assert!((score - 5.648).abs() < 1e-3);
//! ```

#![cfg_attr(
    test,
    allow(
        clippy::float_cmp,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "tests compare exact values and make counts from shares"
    )
)]

pub mod correction;
pub mod evalue;
pub mod factorial;
pub mod kolmogorov;
pub mod math;
pub mod poisson_binomial;
pub mod proportion;
pub mod pvalue;
mod saddle;
pub mod tails;

pub use correction::benjamini_hochberg;
pub use evalue::{LnProduct, RunScorer, ln_bet, ln_lr_run, ln_mean_exp, ln_union_penalty};
pub use factorial::{ln_beta, ln_choose, ln_factorial};
pub use kolmogorov::{Uniformity, quantiles};
pub use poisson_binomial::{Tail, ln_poisson_binomial_sf, poisson_binomial_tail};
pub use pvalue::{PValue, QValue};
pub use tails::{ln_binomial_sf, ln_hypergeometric_sf, ln_poisson_sf};
