//! Synthetic elections: an ordinary public, campaigns planted in it, and innocent groups beside them.
//!
//! A [`Plan`] says how many posts, accounts and days, and which groups; a [`Stream`] yields the posts in order of
//! time and the [`Truth`] about who was planted. The same plan gives the same bytes on every machine. Nothing is
//! kept per post, so a corpus may be as large as the disk that takes it.
//!
//! What is imitated and what is not: `docs/methods/simulation.md`.
//!
//! ```
//! use concerted_sim::{Plan, Stream};
//!
//! let plan = Plan { posts: 2_000, accounts: 300, ..Plan::example() };
//! let stream = Stream::new(&plan)?;
//! let truth = stream.truth();
//! let posts: Vec<_> = stream.collect();
//!
//! assert_eq!(posts.iter().filter(|p| p.planted.is_none()).count() >= 2_000, true);
//! assert!(posts.windows(2).all(|p| p[0].time_ms <= p[1].time_ms));
//! assert_eq!(truth.iter().filter(|t| t.label == "campaign").count(), 33);
//! # Ok::<(), concerted_sim::PlanError>(())
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

mod acting;
mod campaign;
mod casting;
mod clock;
pub mod divided;
mod groups;
mod innocent;
mod objects;
mod plan;
mod post;
pub mod random;
mod stream;
mod turns;
mod voices;
mod world;
mod writing;

pub use campaign::{Campaign, Delay, Tactic};
pub use innocent::Innocent;
pub use plan::{Plan, PlanError};
pub use post::{Planted, SimPost, Truth};
pub use stream::Stream;
pub use voices::LANGS;
