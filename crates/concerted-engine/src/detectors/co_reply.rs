//! The same post or account, answered by several accounts.

use crate::normalize::View;

detector! {
    /// # What it looks for
    ///
    /// Accounts that answer the same posts, or the same accounts, close in time, again and again. The
    /// objects are the answered post (`post:ID`) and the answered account (`account:ID`); answers to
    /// oneself (threads) are left out. Two objects of one answer count as one piece of evidence.
    ///
    /// # Why it matters
    ///
    /// Pile-ons and planted applause work by replies, and replies need share no word.
    ///
    /// # Also looks like this
    ///
    /// The regulars under a politician's or a broadcaster's posts, who come whenever there is
    /// something to answer.
    ///
    /// # Parameters
    ///
    /// None of its own; windows and bars are those of the scan.
    ///
    /// # References
    ///
    /// Graham, QUT coordination network toolkit (`co_reply`); Pote, Elmas, Flammini and Menczer (2025), ICWSM, on
    /// coordinated reply attacks.
    "co-reply" asks "Who answers the same posts and accounts together?" over Reply objects
}

fn objects(view: &View<'_>, found: &mut dyn FnMut(&str)) {
    let post = view.post();
    let (account, answered) = (post.reply_to_account(), post.reply_to());
    let own = account == post.account_id() || (!account.is_empty() && account == post.account_name());
    if !view.is_repost() && !own {
        if !answered.is_empty() {
            found(&format!("post:{answered}"));
        }
        if !account.is_empty() {
            found(&format!("account:{account}"));
        }
    }
    for id in view.ready_made("reply") {
        found(id);
    }
}
