//! Any text as a link, and any text with links, tags and names in it.

#![no_main]

use concerted_engine::normalize::{tags, url};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(link) = url::canonical(text) {
        let again = url::canonical(&format!("https://{}", link.key));
        // The key is the page itself: read as a link it must not become another page.
        if let Some(again) = again {
            assert_eq!(again.key, link.key, "{text:?}");
        }
        let _ = url::defang(&link.key);
    }
    let _ = url::defang(text);
    for link in tags::links_in(text) {
        let _ = url::canonical(link);
    }
    for tag in tags::hashtags_in(text).chain(tags::mentions_in(text)) {
        let key = tags::tag_key(tag);
        assert_eq!(tags::tag_key(&key), key, "{tag:?}");
    }
});
