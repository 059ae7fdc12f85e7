//! Every file that `concerted` reads or writes: exports of platforms and tools, the case folder,
//! graph files. Nothing here decides what counts as acting in concert; that is `concerted-engine`.

pub mod case;
pub mod figures;
pub mod read;
pub mod report;
pub mod simulated;
pub mod truth;
pub mod words;
