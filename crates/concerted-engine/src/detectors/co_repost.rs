//! The same post, passed on by several accounts.

use crate::normalize::View;

detector! {
    /// # What it looks for
    ///
    /// Accounts that repost the same posts, close in time, again and again. The object is the reposted
    /// post, by its id. Where an export gives no id of the original, the object is the reposted account
    /// together with the repeated text; the scan says how many reposts were matched that way.
    ///
    /// # Why it matters
    ///
    /// Reposting is the cheapest way to lift a message into other people's feeds, and the most common
    /// work of hired amplifiers.
    ///
    /// # Also looks like this
    ///
    /// The audience of one account that reposts whatever it posts as soon as it appears: a fandom, the
    /// followers of a party, its staff. Look at who is reposted (label `audience`) and whether the
    /// group ever passes on anybody else.
    ///
    /// # Parameters
    ///
    /// None of its own; windows and bars are those of the scan.
    ///
    /// # References
    ///
    /// Keller, Schoch, Stier and Yang (2020), Political Communication 37; Graham, QUT coordination
    /// network toolkit (`co_retweet`); Righetti and Balluff (2025), `CooRTweet`.
    "co-repost" asks "Who passes on the same posts together?" over Repost objects
}

fn objects(view: &View<'_>, found: &mut dyn FnMut(&str)) {
    if let Some(original) = view.reposted() {
        found(&original);
    }
    for id in view.ready_made("repost") {
        found(id);
    }
}
