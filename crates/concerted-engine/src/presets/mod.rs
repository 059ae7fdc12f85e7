//! What would the published tools have said? Their rules, exactly, on this engine.
//!
//! A preset reproduces a rule as published, with its names and defaults, so that a user sees on their
//! own data what it says and what it misses. It is never used by a scan.

mod coortweet;

pub use coortweet::CoorTweet;

/// Two accounts that a rule ties, with the number of coordinated pairs of shares behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RulePair {
    /// The two accounts, the smaller number first.
    pub accounts: (u32, u32),
    /// Coordinated pairs of shares.
    pub weight: u32,
}
