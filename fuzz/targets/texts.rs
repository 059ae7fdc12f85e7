//! Any lines as the texts of posts: made comparable, compared all at once and one after the other.

#![no_main]

use concerted_engine::columns::Strings;
use concerted_engine::normalize::differences::differences;
use concerted_engine::normalize::near_duplicates::{TextPlan, near_duplicates};
use concerted_engine::normalize::text::{normal_text, normal_texts};
use concerted_engine::normalize::text_index::TextIndex;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &str| {
    let posts: Strings = data.split('\n').take(64).collect();
    let normal = normal_texts(&posts);
    let mut one = String::new();
    for (post, expected) in posts.iter().zip(normal.iter()) {
        one.clear();
        normal_text(post, &mut one);
        assert_eq!(one, expected);
    }
    let plan = TextPlan::default();
    let found = near_duplicates(&normal, &plan);
    assert_eq!(found.objects.len(), normal.len());
    let mut index = TextIndex::new(plan, 64);
    for text in normal.iter() {
        let _ = index.insert(text);
    }
    let mut pair = normal.iter();
    if let (Some(first), Some(second)) = (pair.next(), pair.next()) {
        let _ = differences(first, second);
    }
});
