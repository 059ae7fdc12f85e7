//! The same object of a share table that does not say what its objects are.

use crate::normalize::View;

detector! {
    /// # What it looks for
    ///
    /// Accounts that share the same objects of a ready-made share table (`object_id, account_id,
    /// content_id, timestamp_share`), close in time, again and again, where the table does not say
    /// what its objects are. Add a column `kind` (`repost`, `link`, `hashtag`, `text`, `media`,
    /// `reply`) and the detector of that kind takes over.
    ///
    /// # Why it matters
    ///
    /// It lets a table prepared for another tool be read as it is.
    ///
    /// # Also looks like this
    ///
    /// Everything that the other detectors list; the table alone cannot tell which.
    ///
    /// # Parameters
    ///
    /// None of its own; windows and bars are those of the scan.
    ///
    /// # References
    ///
    /// Righetti and Balluff (2025), `CooRTweet`.
    "co-share" asks "Who shares the same objects together?" over Unknown objects
}

fn objects(view: &View<'_>, found: &mut dyn FnMut(&str)) {
    for id in view.ready_made("") {
        found(id);
    }
}
