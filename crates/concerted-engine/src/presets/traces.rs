//! What counts as an object to each published rule: mostly less careful than our own detectors, and
//! kept so on purpose.
//!
//! A trace has the shape of a detector, so that the same code makes shares of it. It is in no list: no
//! scan ever asks it. A share table that does not say what its objects are is taken by every trace,
//! because whoever made the table has chosen.

use crate::detectors::Detector;
use crate::normalize::{View, tags};
use crate::share::ObjectKind;
use std::collections::BTreeSet;
use unicode_segmentation::UnicodeSegmentation;

type Found<'f> = &'f mut dyn FnMut(&str);

const fn trace(kind: ObjectKind, objects: crate::detectors::FindObjects) -> Detector {
    Detector {
        id: "",
        question: "",
        kind,
        doc: "",
        objects,
    }
}

/// Whatever a share table has as its objects.
pub(super) const SHARES: Detector = trace(ObjectKind::Unknown, |view, found| {
    for (_, id) in view.post().objects() {
        found(id);
    }
});

/// The post that is passed on.
pub(super) const REPOSTS: Detector = trace(ObjectKind::Repost, |view, found| {
    let post = view.post();
    if !post.repost_of().is_empty() {
        found(post.repost_of());
    } else if let Some(reposted) = view.reposted() {
        found(&reposted);
    }
    ready_made(view, "repost", found);
});

/// Links as they stand, with whatever parameters, in posts that are no reposts.
pub(super) const LINKS_AS_WRITTEN: Detector = trace(ObjectKind::Link, |view, found| {
    let post = view.post();
    if !view.is_repost() {
        let links: BTreeSet<&str> = if post.urls().len() > 0 {
            post.urls().collect()
        } else {
            tags::links_in(post.text()).collect()
        };
        links.into_iter().for_each(&mut *found);
    }
    ready_made(view, "link", found);
});

/// Registrable domains of links.
pub(super) const DOMAINS: Detector = trace(ObjectKind::Link, |view, found| {
    let domains: BTreeSet<&str> = view.domains().collect();
    domains.into_iter().for_each(&mut *found);
    for id in view.ready_made("") {
        found(id);
    }
});

/// Each hashtag for itself.
pub(super) const HASHTAGS: Detector = trace(ObjectKind::Hashtags, |view, found| {
    let tags: BTreeSet<&str> = view.hashtags().collect();
    tags.into_iter().for_each(&mut *found);
    for id in view.ready_made("") {
        found(id);
    }
});

/// Runs of five hashtags or more, as written and in order.
pub(super) const HASHTAG_RUNS: Detector = trace(ObjectKind::Hashtags, |view, found| {
    let post = view.post();
    let tags: Vec<&str> = if post.hashtags().len() > 0 {
        post.hashtags().collect()
    } else {
        tags::hashtags_in(post.text()).collect()
    };
    if !view.is_repost() && tags.len() >= 5 {
        found(&tags.join("__"));
    }
    for id in view.ready_made("") {
        found(id);
    }
});

/// Images and videos.
pub(super) const MEDIA: Detector = trace(ObjectKind::Media, |view, found| {
    for media in view.post().media() {
        found(media);
    }
    ready_made(view, "media", found);
});

/// Texts as written, of posts that are no reposts.
pub(super) const TEXTS_AS_WRITTEN: Detector = trace(ObjectKind::Text, |view, found| {
    let text = view.post().text().trim();
    if !view.is_repost() && !text.is_empty() {
        found(text);
    }
    ready_made(view, "text", found);
});

/// Texts in our normal form, of posts that are no reposts.
pub(super) const TEXTS_NORMAL: Detector = trace(ObjectKind::Text, |view, found| {
    let text = view.normal_text();
    if !view.is_repost() && !text.is_empty() {
        found(text);
    }
    ready_made(view, "text", found);
});

/// Texts in small letters, without mentions, with single spaces, of posts that are no reposts.
pub(super) const TEXTS_WITHOUT_MENTIONS: Detector = trace(ObjectKind::Text, |view, found| {
    let text = without_mentions(view.post().text());
    if !view.is_repost() && !text.is_empty() {
        found(&text);
    }
    ready_made(view, "text", found);
});

/// The post that is answered, in posts that are no reposts.
pub(super) const REPLIES: Detector = trace(ObjectKind::Reply, |view, found| {
    let post = view.post();
    if !view.is_repost() && !post.reply_to().is_empty() {
        found(post.reply_to());
    }
    ready_made(view, "reply", found);
});

/// The act of posting, whatever it is.
pub(super) const POSTING: Detector = trace(ObjectKind::Unknown, |_, found| found("a post"));

/// The act of posting words of one's own, which are compared later.
pub(super) const OWN_WORDS: Detector = trace(ObjectKind::Unknown, |view, found| {
    if !view.is_repost() && !view.post().text().is_empty() {
        found("words");
    }
});

/// The half hour of the clock in which a post was made.
pub(super) const HALF_HOURS: Detector = trace(ObjectKind::Unknown, |view, found| {
    found(&view.post().time().div_euclid(1_800_000).to_string());
});

fn ready_made(view: &View<'_>, kind: &'static str, found: Found<'_>) {
    for id in view.ready_made("").chain(view.ready_made(kind)) {
        found(id);
    }
}

/// A text in small letters, without what stands between an `@` and the next space, with single spaces.
pub(super) fn without_mentions(text: &str) -> String {
    let small = text.to_lowercase();
    let mut kept: Vec<String> = Vec::new();
    for word in small.split_whitespace() {
        let word = word.split('@').next().unwrap_or("");
        if !word.is_empty() {
            kept.push(word.to_owned());
        }
    }
    kept.join(" ")
}

/// The different words and signs of a text without its mentions, cut at the word boundaries of Unicode.
pub(super) fn words(text: &str) -> BTreeSet<String> {
    without_mentions(text)
        .split_word_bounds()
        .map(|word| word.trim().trim_start_matches('\''))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_toolkit() {
        let joined = |text| words(text).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(joined("hello"), "hello");
        assert_eq!(joined(""), "");
        assert_eq!(
            joined("The quick brown fox jumped over the lazy dog."),
            ". brown dog fox jumped lazy over quick the"
        );
    }

    #[test]
    fn mentions_and_spaces_do_not_count() {
        assert_eq!(
            without_mentions("  @Anna hi  there @bob: YOU\nand me"),
            "hi there you and me"
        );
        // The rule cuts from the sign to the next space, also inside a word.
        assert_eq!(without_mentions("mail a@b.example now"), "mail a now");
    }
}
