//! What is the same link?
//!
//! One article comes round as `http://`, with `www.`, from a phone, through AMP, behind a platform's
//! redirect, with a newsletter's tracking parameters. Two accounts that share it act on one object, so
//! all these must become one key; two articles must never become one, or strangers look like a team.
//! Where both cannot be had, links stay apart: what is dropped is named by a rule with a source and a
//! date (`url_rules.txt`), or is by RFC 3986 or the URL standard another spelling of the same.
//!
//! Nothing is fetched. A shortened link stays what it is and is flagged, because two of them may lead to
//! one page and nobody can tell from the text.
//!
//! ```
//! use concerted_engine::normalize::url::canonical;
//! let a = canonical("http://www.Example.org:80/News/?utm_source=x&id=7#top").unwrap();
//! assert_eq!(a.key, "https://example.org/News?id=7");
//! assert_eq!(a.domain, "example.org");
//! let b = canonical("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2FNews%3Fid%3D7").unwrap();
//! assert_eq!(a.key, b.key);
//! assert!(canonical("mailto:desk@example.org").is_none());
//! ```

mod encoding;
mod parts;
mod pattern;
mod refang;
mod rules;
#[cfg(test)]
mod tests;

use parts::Parts;
pub use refang::defang;
use rules::Rules;

/// Longest link that is read, in bytes. Web servers refuse a longer request line by default.
pub const LONGEST_LINK: usize = 8 * 1024;

/// How many redirects inside redirects are followed. More than this is not a link that people post.
const DEEPEST_WRAPPING: usize = 8;

/// A link in the one form that all its spellings share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// The link itself, always `https://...` whichever scheme it came with.
    pub key: String,
    /// Host without `www.` and the like, in lower case and punycode, without port.
    pub host: String,
    /// The part of the host that somebody registered, by the Public Suffix List; the whole host for
    /// addresses and unknown suffixes.
    pub domain: String,
    /// Whether it leads to the front page: no path, query or fragment is left.
    pub path_is_empty: bool,
    /// Whether it opens at a place that it does not tell (`bit.ly`, `t.co`, ...).
    pub is_shortener: bool,
    /// Whether it is the address of a post on a platform.
    pub is_post_permalink: bool,
}

/// What [`Link`] says beside the key, without allocations of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkParts {
    host_end: usize,
    domain_start: usize,
    /// See [`Link::path_is_empty`].
    pub path_is_empty: bool,
    /// See [`Link::is_shortener`].
    pub is_shortener: bool,
    /// See [`Link::is_post_permalink`].
    pub is_post_permalink: bool,
}

impl LinkParts {
    /// The host within the key that was written together with these parts.
    pub fn host<'k>(&self, key: &'k str) -> &'k str {
        &key[SCHEME.len()..self.host_end]
    }

    /// The registrable domain within the key that was written together with these parts.
    pub fn domain<'k>(&self, key: &'k str) -> &'k str {
        &key[self.domain_start..self.host_end]
    }
}

const SCHEME: &str = "https://";

/// The link in its one form, or `None` if this is no web link: another scheme, no host, an address of
/// mail, something cut off with `…`, or longer than [`LONGEST_LINK`].
///
/// The order of query parameters does not count, nor does the order of several values of one name.
pub fn canonical(link: &str) -> Option<Link> {
    let mut key = String::new();
    let parts = canonical_into(link, &mut key)?;
    Some(Link {
        host: parts.host(&key).to_owned(),
        domain: parts.domain(&key).to_owned(),
        path_is_empty: parts.path_is_empty,
        is_shortener: parts.is_shortener,
        is_post_permalink: parts.is_post_permalink,
        key,
    })
}

/// As [`canonical`], writing the key over what `key` held. `key` is empty where there is no link.
pub fn canonical_into(link: &str, key: &mut String) -> Option<LinkParts> {
    canonical_by(rules::built_in(), link, key)
}

fn canonical_by(rules: &Rules, link: &str, key: &mut String) -> Option<LinkParts> {
    key.clear();
    let mut parts = Parts::read(&refang::refang(link)?)?;
    parts.settle(rules);
    let mut wrappings = 0;
    // Rules may open each other's way (an AMP page inside a redirect inside another), so they are
    // applied until nothing changes; rewriting is bounded in case two rules ever point at each other.
    for _ in 0..2 * DEEPEST_WRAPPING {
        if let Some(mut inner) = rules.target(&parts).and_then(|target| Parts::read(&target)) {
            wrappings += 1;
            if wrappings > DEEPEST_WRAPPING {
                return None;
            }
            inner.settle(rules);
            parts = inner;
        } else if let Some((host, path, query)) = rules.same(&parts) {
            if host == parts.host && path == parts.path && query == parts.query {
                break;
            }
            parts.replace(host, path, query);
            parts.settle(rules);
        } else {
            break;
        }
    }
    Some(parts.write(rules, key))
}
