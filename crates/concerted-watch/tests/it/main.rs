//! The watch against real files, sockets and crashes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod planting;
mod power;
mod schema;
mod sockets;

use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
