//! The same image or video, posted by several accounts.

use crate::normalize::View;

detector! {
    /// # What it looks for
    ///
    /// Accounts that post the same image or video in posts of their own, close in time, again and
    /// again, by the hash or the media id that the export carries. The program computes no image hash
    /// itself and fetches nothing.
    ///
    /// # Why it matters
    ///
    /// Graphics travel across languages and survive when words are rewritten.
    ///
    /// # Also looks like this
    ///
    /// Campaign material that a party hands to its branches, a news agency's photo, a meme of the day,
    /// a default preview image (label `shared-graphics`).
    ///
    /// # Parameters
    ///
    /// None of its own; windows and bars are those of the scan.
    ///
    /// # References
    ///
    /// Righetti and Balluff (2025), `CooRTweet`, on perceptual hashes; Pacheco and others (2021), ICWSM
    /// 15, case study 2.
    "co-media" asks "Who posts the same images and videos together?" over Media objects
}

fn objects(view: &View<'_>, found: &mut dyn FnMut(&str)) {
    if !view.is_repost() {
        for media in view.post().media() {
            found(media);
        }
    }
    for id in view.ready_made("media") {
        found(id);
    }
}
