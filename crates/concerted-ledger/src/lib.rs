//! Who promised, claimed and denied what, and who says so? A record that anyone can check.
//!
//! The ledger is a file of lines, each one record with the hash of the line before ([`chain`]). Ten rules
//! ([`rules`]) keep a pledge heard second-hand, a hedged claim, a denial and a changed mind beside each other
//! without flattening them into true or false. Nothing is ever changed: a correction is a new record.
//!
//! Read [`record`] first, then [`ledger`]. [`ledger::verify`] needs nothing but the bytes of the file.

pub mod assess;
pub mod book;
mod canonical;
pub mod chain;
pub mod custody;
pub mod day;
pub mod export;
pub mod import;
pub mod ledger;
pub mod lint;
pub mod merkle;
pub mod packs;
pub mod read;
pub mod record;
pub mod render;
pub mod rules;
pub mod schema;
pub mod sites;
pub mod words;
