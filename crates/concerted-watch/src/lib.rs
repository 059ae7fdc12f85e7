//! The live watch: sources that never end, checkpoints, and where alerts go.
//!
//! The science is [`concerted_engine::live`], which knows no file, no clock and no network; the readers
//! are those of [`concerted_formats`]. This crate schedules them: it takes bytes from a source as they
//! come ([`source`]), cuts them into whole records ([`decode`]), hands posts to the engine, writes down
//! what it tells ([`wire`], [`journal`]), sends it on ([`delivery`]), and stores the state so that a
//! crash at any moment loses nothing and says nothing twice ([`checkpoint`]).

pub mod checkpoint;
pub mod decode;
pub mod delivery;
mod error;
pub mod journal;
pub mod score;
pub mod source;
pub mod watch;
pub mod wire;

pub use error::WatchError;
