//! One file a verb: its arguments and the function that runs it.

pub(crate) mod compare;
pub(crate) mod detectors;
pub(crate) mod divisions;
pub(crate) mod evaluate;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod inputs;
pub(crate) mod ledger;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod scan;
pub(crate) mod simulate;
pub(crate) mod summary;
pub(crate) mod verify;
pub(crate) mod watch;
