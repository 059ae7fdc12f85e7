//! Any bytes as a news article, and any text before the linter.

#![no_main]

use concerted_ledger::lint;
use concerted_ledger::read::{Origin, article};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let origin = Origin {
        name: "a".to_owned(),
        url: None,
        publisher: None,
        published_on: None,
    };
    let _ = article(data, &origin);
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = lint::check(text, &[]);
    }
});
