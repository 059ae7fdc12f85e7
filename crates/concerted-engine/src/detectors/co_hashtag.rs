//! The same run of hashtags in the same order, posted by several accounts.

use crate::normalize::View;

/// Tags that make a run: at two, chance orders are too common.
const RUN_MIN: usize = 3;

detector! {
    /// # What it looks for
    ///
    /// Accounts that post the same three or more hashtags in the same order, close in time, again and
    /// again, in posts of their own. Case does not matter; order does. Single hashtags are no object:
    /// thousands of strangers share them.
    ///
    /// # Why it matters
    ///
    /// A run of tags is typed from a list or pasted from an instruction; it survives when the words
    /// around it are rewritten.
    ///
    /// # Also looks like this
    ///
    /// A broadcaster's recommended tags, the share button of a petition, a fan community's daily list.
    ///
    /// # Parameters
    ///
    /// Shortest run: 3 tags.
    ///
    /// # References
    ///
    /// Pacheco, Hui, Torres-Lugo, Truong, Flammini and Menczer (2021), ICWSM 15, case study 3; Luceri,
    /// Pantè, Burghardt and Ferrara (2024), WWW (`hashtag sequence`).
    "co-hashtag" asks "Who posts the same runs of hashtags together?" over Hashtags objects
}

fn objects(view: &View<'_>, found: &mut dyn FnMut(&str)) {
    let tags = view.hashtags();
    if !view.is_repost() && tags.len() >= RUN_MIN {
        let mut run = String::new();
        for tag in tags {
            run.push_str(if run.is_empty() { "#" } else { " #" });
            run.push_str(tag);
        }
        found(&run);
    }
}
