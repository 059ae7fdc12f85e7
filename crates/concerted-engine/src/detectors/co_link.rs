//! The same link, posted by several accounts.

use crate::normalize::View;

detector! {
    /// # What it looks for
    ///
    /// Accounts that post the same links in posts of their own, close in time, again and again. Links
    /// are the same if they differ only in what does not change the page: scheme, host form, tracking
    /// parameters, order of parameters, mobile and AMP forms, redirect wrappers (see `docs/methods/links.md`).
    /// Shortened links are never fetched, so two short links to one page stay two.
    ///
    /// # Why it matters
    ///
    /// Campaigns exist to bring people to pages; page networks push one site from many accounts.
    ///
    /// # Also looks like this
    ///
    /// The pages of one publishing house that share each article as it appears; newsrooms with one
    /// scheduling tool; readers of one outlet in the hour after it publishes (labels
    /// `single-outlet-pages`, `single-outlet-readers`, `page-network`, `scheduler`).
    ///
    /// # Parameters
    ///
    /// None of its own; windows and bars are those of the scan.
    ///
    /// # References
    ///
    /// Giglietto, Righetti, Rossi and Marino (2020), Information, Communication and Society 23; Graham,
    /// QUT coordination network toolkit (`co_link`).
    "co-link" asks "Who posts the same links together?" over Link objects
}

fn objects(view: &View<'_>, found: &mut dyn FnMut(&str)) {
    if !view.is_repost() {
        for link in view.links() {
            found(&link.key);
        }
    }
    for id in view.ready_made("link") {
        found(id);
    }
}
