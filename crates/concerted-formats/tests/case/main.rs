//! The case folder from outside: written, read back, opened with other people's tools, checked.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops at what it does not expect, and says what it skips"
)]

mod docs;
mod folder;
mod hostile;
mod other_tools;
mod report;
mod sample;
