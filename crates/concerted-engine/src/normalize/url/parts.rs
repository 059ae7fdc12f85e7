//! A link taken apart, each part in its one spelling.

use super::encoding::{FRAGMENT, PATH, QUERY};
use super::rules::Rules;
use super::{LinkParts, SCHEME};
use url::{Host, Url};

/// Host, path, query and fragment of a link.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) host: String,
    domain_start: usize,
    is_name: bool,
    port: Option<u16>,
    pub(super) path: String,
    pub(super) query: Query,
    /// The query as it was written, for redirects whose whole query is a link.
    pub(super) written_query: String,
    fragment: String,
}

/// The parameters of a query, in order of name and value once sorted.
#[derive(Clone, Debug, Default)]
pub(super) struct Query {
    text: String,
    pairs: Vec<Pair>,
}

/// Where a pair stands in the text of its query; without a value, `value` is `end`.
#[derive(Clone, Copy, Debug)]
struct Pair {
    start: usize,
    name_end: usize,
    value: usize,
    end: usize,
}

impl Parts {
    /// Takes a web link apart; `None` for everything else.
    pub(super) fn read(link: &str) -> Option<Self> {
        let (rest, has_scheme) = without_scheme(link)?;
        if !has_scheme && !looks_like_host(rest) {
            return None;
        }
        let url = Url::parse(&format!("{SCHEME}{rest}")).ok()?;
        let (mut host, is_name) = match url.host()? {
            Host::Domain(name) => (name.to_owned(), true),
            Host::Ipv4(_) | Host::Ipv6(_) => (url.host_str()?.to_owned(), false),
        };
        if host.ends_with('.') {
            host.pop();
        }
        // The parser lets pass what no name server answers to, a quotation mark for one.
        let in_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let has_empty_label = host.split('.').any(str::is_empty);
        if is_name && (has_empty_label || !host.bytes().all(in_name)) {
            return None;
        }
        let mut parts = Self {
            domain_start: 0,
            is_name,
            // The scheme does not count, so neither does the default port of either.
            port: url.port().filter(|&port| port != 80 && port != 443),
            path: path(url.path()),
            query: Query::read(url.query().unwrap_or_default()),
            written_query: String::new(),
            fragment: fragment(url.fragment().unwrap_or_default()),
            host,
        };
        if parts.query.is_link() {
            parts.written_query = url.query().unwrap_or_default().to_owned();
        }
        let suffix_is_known = parts.find_domain();
        // Without a scheme, a full stop between two words or numbers must not become a link.
        let plausible =
            has_scheme || suffix_is_known || (!is_name && rest.starts_with(&parts.host));
        plausible.then_some(parts)
    }

    /// The registrable domain; the whole host where there is none.
    pub(super) fn domain(&self) -> &str {
        &self.host[self.domain_start..]
    }

    fn find_domain(&mut self) -> bool {
        self.domain_start = 0;
        let Some(domain) = psl::domain(self.host.as_bytes()).filter(|_| self.is_name) else {
            return self.is_name && psl::suffix(self.host.as_bytes()).is_some_and(|s| s.is_known());
        };
        let known = domain.suffix().is_known();
        if known {
            self.domain_start = self.host.len() - domain.as_bytes().len();
        }
        known
    }

    /// Applies the rules that change spelling only: names of the host, tracking, endings of the path.
    pub(super) fn settle(&mut self, rules: &Rules) {
        if self.is_name {
            self.settle_host(rules);
        }
        let domain = &self.host[self.domain_start..];
        while let Some(length) = rules.shorter_path(&self.path, &self.host, domain) {
            self.path.truncate(length);
            tidy_slashes(&mut self.path);
        }
        let host = &self.host;
        self.query
            .retain(|name, value| !rules.is_tracking(name, value, host, domain));
    }

    fn settle_host(&mut self, rules: &Rules) {
        // Each round shortens the host or follows an alias; a ring of aliases would be a broken table.
        for _ in 0..8 {
            if let Some(alias) = rules.alias(&self.host) {
                self.host = alias;
                self.find_domain();
                continue;
            }
            let Some((label, rest)) = self.host.split_once('.') else {
                return;
            };
            if self.domain_start == 0 || !rules.drops_label(label, &self.host, self.domain()) {
                return;
            }
            let dropped = self.host.len() - rest.len();
            self.host.drain(..dropped);
            self.domain_start -= dropped;
        }
    }

    /// Puts another page of the same content in place of this one.
    pub(super) fn replace(&mut self, host: String, path: String, query: Query) {
        self.host = host;
        self.path = path;
        self.query = query;
        self.written_query.clear();
        self.fragment.clear();
        self.port = None;
        self.find_domain();
    }

    /// Writes the key.
    pub(super) fn write(&self, rules: &Rules, key: &mut String) -> LinkParts {
        key.push_str(SCHEME);
        key.push_str(&self.host);
        let host_end = key.len();
        if let Some(port) = self.port {
            key.push(':');
            key.push_str(&port.to_string());
        }
        let path_is_empty =
            self.path.is_empty() && self.query.is_empty() && self.fragment.is_empty();
        key.push_str(&self.path);
        if self.path.is_empty() && !path_is_empty {
            key.push('/');
        }
        if !self.query.is_empty() {
            key.push('?');
            self.query.write(key);
        }
        if !self.fragment.is_empty() {
            key.push('#');
            key.push_str(&self.fragment);
        }
        LinkParts {
            host_end,
            domain_start: SCHEME.len() + self.domain_start,
            path_is_empty,
            is_shortener: !self.path.is_empty() && rules.is_shortener(self),
            is_post_permalink: rules.is_post(self),
        }
    }
}

/// What follows `http://` or `https://`, and whether there was one of them.
fn without_scheme(link: &str) -> Option<(&str, bool)> {
    let mut rest = link;
    let mut has_scheme = false;
    // `http://https://example.org` is what comes of pasting a link behind a prefilled scheme.
    while let Some(after) = strip_scheme(rest) {
        rest = after;
        has_scheme = true;
    }
    if let Some(after) = rest.strip_prefix("//").filter(|_| !has_scheme) {
        return Some((after, true));
    }
    if has_scheme {
        return Some((rest, true));
    }
    let (scheme, after) = match rest.split_once(':') {
        Some((scheme, after)) if !scheme.contains(['/', '?', '#']) => (scheme, after),
        _ => return Some((rest, false)),
    };
    let port = after.split(['/', '?', '#']).next().unwrap_or_default();
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    (is_port && scheme.contains('.')).then_some((rest, false))
}

/// What follows `http:` and its slashes, however many were typed.
fn strip_scheme(link: &str) -> Option<&str> {
    let (scheme, after) = link.split_once(':')?;
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    (is_web && after.starts_with(['/', '\\'])).then(|| after.trim_start_matches(['/', '\\']))
}

/// Whether text without a scheme may start with a host: `example.org/a`, but no mail address or words.
fn looks_like_host(text: &str) -> bool {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    host.contains('.')
        && !host.starts_with('.')
        && !host.contains(['@', '\\', '%'])
        && !text.contains(char::is_whitespace)
}

/// The path in its one spelling, empty for the front page.
fn path(written: &str) -> String {
    let mut path = String::with_capacity(written.len());
    PATH.write(written, &mut path);
    tidy_slashes(&mut path);
    path
}

fn tidy_slashes(path: &mut String) {
    trim_slashes(path);
    // Inside a path that holds another link (`/web/2020/https://...`), two slashes mean something.
    if path.contains("//") && !path.contains(":/") {
        let mut last = ' ';
        path.retain(|c| {
            let doubled = c == '/' && last == '/';
            last = c;
            !doubled
        });
    }
}

fn trim_slashes(path: &mut String) {
    path.truncate(path.trim_end_matches('/').len());
}

/// The fragment, if it names a page rather than a place on it.
fn fragment(written: &str) -> String {
    let mut fragment = String::new();
    if written.starts_with(['!', '/', '%']) {
        FRAGMENT.write(written, &mut fragment);
        if let Some(cut) = fragment.find(":~:") {
            fragment.truncate(cut);
        }
        trim_slashes(&mut fragment);
        if fragment == "!" || !fragment.starts_with(['!', '/']) {
            fragment.clear();
        }
    }
    fragment
}

impl Query {
    fn read(written: &str) -> Self {
        let mut query = Self::default();
        if written.is_empty() {
            return query;
        }
        query.text.reserve(written.len());
        for mut pair in written.split('&') {
            // Links taken from HTML keep its `&amp;`.
            while let Some(after) = pair.strip_prefix("amp;") {
                pair = after;
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let start = query.text.len();
            QUERY.write(name, &mut query.text);
            query.end_pair(start, value, |value, text| QUERY.write(value, text));
        }
        query.sort();
        query
    }

    /// Adds a pair that is already in its one spelling.
    pub(super) fn push(&mut self, name: &str, value: &str) {
        let start = self.text.len();
        self.text.push_str(name);
        self.end_pair(start, value, |value, text| text.push_str(value));
    }

    fn end_pair(&mut self, start: usize, value: &str, write: impl Fn(&str, &mut String)) {
        let name_end = self.text.len();
        if !value.is_empty() {
            self.text.push('=');
        }
        let value_start = self.text.len();
        write(value, &mut self.text);
        let end = self.text.len();
        if end > start {
            self.pairs.push(Pair {
                start,
                name_end,
                value: value_start,
                end,
            });
        }
    }

    pub(super) fn sort(&mut self) {
        let text = &self.text;
        self.pairs.sort_unstable_by(|a, b| {
            let key = |pair: &Pair| {
                (
                    &text[pair.start..pair.name_end],
                    &text[pair.value..pair.end],
                )
            };
            key(a).cmp(&key(b))
        });
    }

    fn retain(&mut self, keep: impl Fn(&str, &str) -> bool) {
        let text = &self.text;
        self.pairs.retain(|pair| {
            keep(
                &text[pair.start..pair.name_end],
                &text[pair.value..pair.end],
            )
        });
    }

    /// The value of the first parameter of this name.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|pair| &self.text[pair.start..pair.name_end] == name)
            .map(|pair| &self.text[pair.value..pair.end])
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Whether the query may be nothing but a link.
    fn is_link(&self) -> bool {
        self.text.starts_with("http") || self.text.contains("://")
    }

    /// The query in its one spelling.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) {
        for (at, pair) in self.pairs.iter().enumerate() {
            if at > 0 {
                out.push('&');
            }
            out.push_str(&self.text[pair.start..pair.end]);
        }
    }
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.pairs.len() == other.pairs.len()
            && self.pairs.iter().zip(&other.pairs).all(|(mine, theirs)| {
                self.text[mine.start..mine.end] == other.text[theirs.start..theirs.end]
            })
    }
}
