//! Any text as a file of judgments.

#![no_main]

use concerted_formats::report::judgments::Judgments;
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|text: &str| {
    let _ = Judgments::parse(Path::new("judgments.toml"), text, &["g1".to_owned()]);
});
