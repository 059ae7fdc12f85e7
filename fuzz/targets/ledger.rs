//! Any bytes as a ledger, a timeline to import, and a pack of definitions.

#![no_main]

use concerted_ledger::{import, ledger, packs};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = ledger::verify(data);
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = import::timeline(text, "");
        let _ = packs::parse(text);
    }
});
