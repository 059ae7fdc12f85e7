//! Which hosts, parameters and paths stand for the same page: the rules, read from a table.
//!
//! `url_rules.txt` holds one rule a line, with its source and date. A rule for a host holds for every
//! host below it (`same` and `post`: for that host alone), `*` for all, and `name.*` for that name under
//! any public suffix.

use super::encoding;
use super::parts::{Parts, Query};
use super::pattern::{Pattern, Template};
use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;
use std::borrow::Cow;
use std::sync::LazyLock;

static BUILT_IN: LazyLock<Rules> = LazyLock::new(|| {
    Rules::parse(include_str!("../url_rules.txt")).expect("a test reads the built-in rules")
});

/// All rules, by host.
#[derive(Debug, Default)]
pub(super) struct Rules {
    by_host: HashMap<String, HostRules, FxBuildHasher>,
    by_name: HashMap<String, HostRules, FxBuildHasher>,
    any: HostRules,
}

#[derive(Debug, Default)]
struct HostRules {
    labels: Vec<String>,
    alias: Option<String>,
    suffixes: Vec<String>,
    params: HashSet<String, FxBuildHasher>,
    param_starts: Vec<String>,
    param_pairs: Vec<(String, String)>,
    wrappers: Vec<Wrapper>,
    same: Vec<(Pattern, Template)>,
    shorteners: Vec<Pattern>,
    posts: Vec<Pattern>,
}

/// Where a redirecting link keeps its target.
#[derive(Debug)]
struct Wrapper {
    path: String,
    any_path_below: bool,
    target: Target,
}

#[derive(Debug)]
enum Target {
    Param(String),
    WholeQuery,
    RestOfPath,
}

/// The rules that come with the program.
pub(super) fn built_in() -> &'static Rules {
    &BUILT_IN
}

impl Rules {
    /// Reads the table; the message names the line that cannot be read.
    pub(super) fn parse(table: &str) -> Result<Self, String> {
        let mut rules = Self::default();
        for (at, line) in table.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            rules
                .add(line)
                .map_err(|problem| format!("line {}: {problem}", at + 1))?;
        }
        Ok(rules)
    }

    fn add(&mut self, line: &str) -> Result<(), String> {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let &[kind, host, pattern, source, date] = fields.as_slice() else {
            return Err(format!("{} fields instead of 5", fields.len()));
        };
        if source.is_empty() || date.is_empty() {
            return Err("a rule needs a source and a date".into());
        }
        let rules = if host == "*" {
            &mut self.any
        } else if let Some(name) = host.strip_suffix(".*") {
            self.by_name.entry(name.to_owned()).or_default()
        } else {
            self.by_host.entry(host.to_owned()).or_default()
        };
        match kind {
            "label" => rules.labels.push(pattern.to_owned()),
            "host" => rules.alias = Some(pattern.to_owned()),
            "suffix" => rules.suffixes.push(pattern.to_owned()),
            "param" => rules.add_param(pattern),
            "unwrap" => rules.wrappers.push(Wrapper::parse(pattern)),
            "same" => {
                let (left, right) = pattern
                    .split_once(" -> ")
                    .ok_or_else(|| format!("`{pattern}` has no arrow"))?;
                let left = Pattern::parse(left)?;
                let right = Template::parse(right, &left)?;
                rules.same.push((left, right));
            }
            "shortener" => rules.shorteners.push(Pattern::parse(pattern)?),
            "post" => rules.posts.push(Pattern::parse(pattern)?),
            _ => return Err(format!("unknown kind `{kind}`")),
        }
        Ok(())
    }

    /// The rules for a host, the narrowest first.
    fn of<'r>(&'r self, host: &str, domain: &str) -> impl Iterator<Item = &'r HostRules> {
        let starts = std::iter::once(0).chain(host.match_indices('.').map(|(dot, _)| dot + 1));
        let name = domain.split('.').next().unwrap_or_default();
        starts
            .filter_map(move |start| self.by_host.get(&host[start..]))
            .chain(self.by_name.get(name))
            .chain(std::iter::once(&self.any))
    }

    /// The rules for a host alone: below a platform's host, the same path is another page.
    fn of_this_host<'r>(&'r self, parts: &Parts) -> impl Iterator<Item = &'r HostRules> {
        self.by_host
            .get(&parts.host)
            .into_iter()
            .chain(std::iter::once(&self.any))
    }

    /// Whether a leading label, such as `www`, may go. It stays where it is part of the domain itself.
    pub(super) fn drops_label(&self, label: &str, host: &str, domain: &str) -> bool {
        self.of(host, domain)
            .flat_map(|rules| &rules.labels)
            .any(|rule| rule == label || (rule == "xx-xx" && is_locale(label)))
    }

    /// The host that this one is another name for.
    pub(super) fn alias(&self, host: &str) -> Option<String> {
        let starts = std::iter::once(0).chain(host.match_indices('.').map(|(dot, _)| dot + 1));
        starts.into_iter().find_map(|start| {
            let alias = self.by_host.get(&host[start..])?.alias.as_ref()?;
            Some(format!("{}{alias}", &host[..start]))
        })
    }

    /// Whether a parameter says how a reader came here, and not what is shown.
    pub(super) fn is_tracking(&self, name: &str, value: &str, host: &str, domain: &str) -> bool {
        let name = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(name.to_ascii_lowercase())
        } else {
            Cow::Borrowed(name)
        };
        self.of(host, domain).any(|rules| {
            rules.params.contains(name.as_ref())
                || rules
                    .param_starts
                    .iter()
                    .any(|start| name.starts_with(start.as_str()))
                || rules
                    .param_pairs
                    .iter()
                    .any(|pair| pair.0 == name && pair.1 == value)
        })
    }

    /// How long the path is without an ending that names another form of the same page.
    pub(super) fn shorter_path(&self, path: &str, host: &str, domain: &str) -> Option<usize> {
        self.of(host, domain)
            .flat_map(|rules| &rules.suffixes)
            .find_map(|suffix| {
                let left = path.strip_suffix(suffix.as_str())?;
                // `/amp` alone is a page of its own; `/index.html` alone is the front page.
                (!left.is_empty() || suffix.starts_with("/index.")).then_some(left.len())
            })
    }

    /// The link that a redirecting link leads to.
    pub(super) fn target(&self, parts: &Parts) -> Option<String> {
        self.of(&parts.host, parts.domain())
            .flat_map(|rules| &rules.wrappers)
            .find_map(|wrapper| wrapper.target(parts))
    }

    /// The form of this link that all forms of the same content share.
    pub(super) fn same(&self, parts: &Parts) -> Option<(String, String, Query)> {
        self.of_this_host(parts)
            .flat_map(|rules| &rules.same)
            .find_map(|(pattern, template)| {
                let found = pattern.find(&parts.path, &parts.query)?;
                let (path, query) = template.write(&found, &parts.query);
                Some((template.host.clone(), path, query))
            })
    }

    /// Whether the link only opens somewhere else, at a place that it does not tell.
    pub(super) fn is_shortener(&self, parts: &Parts) -> bool {
        self.of(&parts.host, parts.domain())
            .flat_map(|rules| &rules.shorteners)
            .any(|pattern| pattern.find(&parts.path, &parts.query).is_some())
    }

    /// Whether the link is the address of a post on a platform.
    pub(super) fn is_post(&self, parts: &Parts) -> bool {
        self.of_this_host(parts)
            .flat_map(|rules| &rules.posts)
            .any(|pattern| pattern.find(&parts.path, &parts.query).is_some())
    }
}

impl HostRules {
    fn add_param(&mut self, pattern: &str) {
        if let Some((name, value)) = pattern.split_once('=') {
            self.param_pairs.push((name.to_owned(), value.to_owned()));
        } else if let Some(start) = pattern.strip_suffix('*') {
            self.param_starts.push(start.to_owned());
        } else {
            self.params.insert(pattern.to_owned());
        }
    }
}

impl Wrapper {
    fn parse(pattern: &str) -> Self {
        let (path, target) = match pattern.split_once('?') {
            Some((path, "*")) => (path, Target::WholeQuery),
            Some((path, param)) => (path, Target::Param(param.to_owned())),
            None => (pattern, Target::RestOfPath),
        };
        let above = path.strip_suffix('*');
        // Paths are matched as they are written in keys, the front page as nothing.
        let path = above.unwrap_or(path);
        Self {
            any_path_below: above.is_some(),
            path: if path == "/" { "" } else { path }.to_owned(),
            target,
        }
    }

    fn target(&self, parts: &Parts) -> Option<String> {
        let rest = parts.path.strip_prefix(self.path.as_str())?;
        if !self.any_path_below && !rest.is_empty() {
            return None;
        }
        match &self.target {
            Target::Param(name) => Some(encoding::decode(parts.query.value(name)?)),
            Target::WholeQuery => Some(encoding::decode(&parts.written_query)),
            Target::RestOfPath if parts.query.is_empty() => Some(rest.to_owned()),
            Target::RestOfPath => Some(format!("{rest}?{}", parts.query.text())),
        }
    }
}

/// A label such as `pt-br`, by which a platform names the language it is read in.
fn is_locale(label: &str) -> bool {
    matches!(label.as_bytes(), [a, b, b'-', c, d]
        if [a, b, c, d].iter().all(|letter| letter.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        for (table, expected) in [
            ("# note\n\nparam|*|x|seen", "line 3: 4 fields instead of 5"),
            (
                "param|*|x||2026-01-01",
                "line 1: a rule needs a source and a date",
            ),
            ("drop|*|x|seen|2026-01-01", "line 1: unknown kind `drop`"),
            ("same|a.org|/x|seen|2026-01-01", "line 1: `/x` has no arrow"),
        ] {
            assert_eq!(Rules::parse(table).unwrap_err(), expected);
        }
    }
}
