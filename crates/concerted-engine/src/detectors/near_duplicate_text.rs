//! The same words, posted by several accounts as their own.

use crate::normalize::View;

detector! {
    /// # What it looks for
    ///
    /// Accounts that post the same text as their own, close in time, again and again. Texts are the
    /// same if enough of their letters run alike after links, mentions, punctuation and emoji are taken
    /// away: words may be dropped or exchanged (see `docs/methods/text.md`). Any language and script.
    /// The text of a repost is not looked at; that is `co-repost`.
    ///
    /// # Why it matters
    ///
    /// Copied and lightly rewritten text is the trace that scripted accounts leave most often, and the
    /// one that a reader can check with their own eyes.
    ///
    /// # Also looks like this
    ///
    /// A headline posted by everybody's share button, a petition's or a party's suggested wording, song
    /// lyrics, quotations, syndicated stories (labels `syndication`, `popular-items`).
    ///
    /// # Parameters
    ///
    /// Similarity of runs of five characters, and the shortest text that is an object: those of the
    /// plan (`text` in `case.toml`).
    ///
    /// # References
    ///
    /// Broder (1997), Compression and Complexity of Sequences; Pacheco, Flammini and Menczer (2020),
    /// WWW Companion; VIGINUM, `D3lta` (2023).
    "near-duplicate-text" asks "Who posts the same words together?" over Text objects
}

fn objects(view: &View<'_>, found: &mut dyn FnMut(&str)) {
    if let Some(text) = view.text_object() {
        found(text);
    }
    for id in view.ready_made("text") {
        found(id);
    }
}
