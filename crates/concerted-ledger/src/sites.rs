//! Is a document's host known from a disclosed manipulation operation?
//!
//! The list holds hosts of coordinated inauthentic behaviour that were published with a free licence; it says
//! nothing of what the document says, and a host that is not on it is not thereby clean.

use crate::words::SourceFlag;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static HOSTS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    include_str!("../data/manipulation-sites.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .collect()
});

/// The host of an address, in lower case.
pub fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit('@').next()?.split(':').next()?;
    let host = host.trim_end_matches('.').to_lowercase();
    (!host.is_empty()).then_some(host)
}

/// The flag for an address whose host, or a host above it, is on the list.
pub fn flag(url: &str) -> Option<SourceFlag> {
    let host = host(url)?;
    let mut rest = host.as_str();
    loop {
        if HOSTS.contains(rest) {
            return Some(SourceFlag::KnownManipulationSite);
        }
        rest = rest.split_once('.')?.1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_found_below_its_domain_and_not_beside_it() {
        let known = HOSTS.iter().next().unwrap();
        assert!(HOSTS.len() > 1_000);
        assert_eq!(
            flag(&format!("https://www.{known}:443/a?b")),
            Some(SourceFlag::KnownManipulationSite)
        );
        assert_eq!(flag(&format!("https://not{known}/")), None);
        assert_eq!(flag("https://example.org/"), None);
        assert_eq!(flag(""), None);
    }
}
