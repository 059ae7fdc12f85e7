//! How far is the reading? Counters for those who wait, read from another thread and never waited for.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Counters that reading and writing move on and anybody may look at; copies share them.
#[derive(Clone, Debug, Default)]
pub struct Watch(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    name: Mutex<String>,
    bytes: AtomicU64,
    of_bytes: AtomicU64,
    rows: AtomicU64,
    of_rows: AtomicU64,
}

/// What a [`Watch`] shows at one moment. A total of 0 is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The file that is read or written.
    pub name: String,
    /// Bytes taken from disk.
    pub bytes: u64,
    /// How many there are.
    pub of_bytes: u64,
    /// Rows dealt with.
    pub rows: u64,
    /// How many there are.
    pub of_rows: u64,
}

impl Watch {
    /// What the counters show now.
    pub fn shown(&self) -> Shown {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Shown {
            name: self.name().clone(),
            bytes: get(&self.0.bytes),
            of_bytes: get(&self.0.of_bytes),
            rows: get(&self.0.rows),
            of_rows: get(&self.0.of_rows),
        }
    }

    pub(crate) fn begin(&self, name: &str) {
        name.clone_into(&mut self.name());
    }

    pub(crate) fn expect_bytes(&self, bytes: u64) {
        self.0.of_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn expect_rows(&self, rows: u64) {
        self.0.of_rows.fetch_add(rows, Ordering::Relaxed);
    }

    pub(crate) fn bytes(&self, bytes: u64) {
        self.0.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn rows(&self, rows: u64) {
        self.0.rows.fetch_add(rows, Ordering::Relaxed);
    }

    fn name(&self) -> std::sync::MutexGuard<'_, String> {
        self.0.name.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
