//! Paths that lead to the same page: what a rule recognises, and what it writes instead.
//!
//! A pattern reads like the path it stands for. `/embed/{id}` matches two segments and remembers the
//! second; `/amp/*` matches whatever follows; `/watch?v={id}` asks for a parameter. The name of a
//! place says what may stand there: `{n...}` digits, `{user...}` a handle, whose case does not count,
//! anything else letters, digits, `-`, `_`, `.` and `~`; one letter or digit there must be. Of the query, only what the pattern names
//! survives, unless it ends in `?*`.

use super::parts::Query;

/// The left side of a rule.
#[derive(Debug)]
pub(super) struct Pattern {
    segments: Vec<Piece>,
    rest: bool,
    query: Vec<(String, Piece)>,
    keeps_query: bool,
}

/// One segment or value: fixed text with at most one place in it.
#[derive(Debug)]
struct Piece {
    before: String,
    place: Option<String>,
    after: String,
}

/// The right side of a rule: the host, path and query to write.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) host: String,
    path: String,
    query: String,
}

/// What a pattern found in a path.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    places: Vec<(&'a str, &'a str)>,
    rest: &'a str,
    keeps_query: bool,
}

impl Pattern {
    /// Reads a pattern that starts with a slash.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let path = path
            .strip_prefix('/')
            .ok_or_else(|| format!("the path `{text}` does not start with a slash"))?;
        let (path, rest) = match path.strip_suffix('*') {
            Some(path) => (path.strip_suffix('/').unwrap_or(path), true),
            None => (path, false),
        };
        Ok(Self {
            segments: path
                .split('/')
                .filter(|piece| !piece.is_empty())
                .map(Piece::parse)
                .collect::<Result<_, _>>()?,
            rest,
            query: query
                .split('&')
                .filter(|pair| !pair.is_empty() && *pair != "*")
                .map(|pair| {
                    let (name, value) = pair
                        .split_once('=')
                        .ok_or_else(|| format!("the parameter `{pair}` has no value"))?;
                    Ok((name.to_owned(), Piece::parse(value)?))
                })
                .collect::<Result<_, String>>()?,
            keeps_query: query == "*",
        })
    }

    /// What the places hold, if path and query fit.
    pub(super) fn find<'a>(&'a self, path: &'a str, query: &'a Query) -> Option<Found<'a>> {
        let mut left = path.strip_prefix('/').unwrap_or(path);
        let mut found = Found {
            keeps_query: self.keeps_query,
            ..Found::default()
        };
        for (at, piece) in self.segments.iter().enumerate() {
            if at > 0 && left.is_empty() {
                return None;
            }
            let (segment, after) = left.split_once('/').unwrap_or((left, ""));
            found.places.extend(piece.find(segment)?);
            left = after;
        }
        if !self.rest && !left.is_empty() {
            return None;
        }
        found.rest = left;
        for (name, piece) in &self.query {
            let value = query.value(name)?;
            found.places.extend(piece.find(value)?);
        }
        Some(found)
    }
}

impl Piece {
    fn parse(text: &str) -> Result<Self, String> {
        let Some((before, place)) = text.split_once('{') else {
            return Ok(Self {
                before: text.to_owned(),
                place: None,
                after: String::new(),
            });
        };
        let (place, after) = place
            .split_once('}')
            .ok_or_else(|| format!("`{text}` has no closing brace"))?;
        Ok(Self {
            before: before.to_owned(),
            place: Some(place.to_owned()),
            after: after.to_owned(),
        })
    }

    /// `None` where the text does not fit, otherwise the place and what stands in it, if there is one.
    fn find<'a>(&'a self, text: &'a str) -> Option<Option<(&'a str, &'a str)>> {
        let inner = text
            .strip_prefix(self.before.as_str())?
            .strip_suffix(self.after.as_str())?;
        let Some(place) = &self.place else {
            return inner.is_empty().then_some(None);
        };
        let fits = |byte: u8| {
            byte.is_ascii_digit()
                || (!place.starts_with('n')
                    && (byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)))
        };
        // Dots alone would climb out of the path that they are written into.
        (inner.bytes().all(fits) && inner.bytes().any(|byte| byte.is_ascii_alphanumeric()))
            .then_some(Some((place, inner)))
    }
}

impl Template {
    /// Reads `host/path?name={place}`; every place must be one of the pattern's.
    pub(super) fn parse(text: &str, pattern: &Pattern) -> Result<Self, String> {
        let (host, after) = text
            .split_once('/')
            .ok_or_else(|| format!("the target `{text}` has no path"))?;
        let (path, query) = after.split_once('?').unwrap_or((after, ""));
        let known = |place: &str| {
            pattern
                .segments
                .iter()
                .chain(pattern.query.iter().map(|(_, piece)| piece))
                .any(|piece| piece.place.as_deref() == Some(place))
        };
        for place in text.split('{').skip(1) {
            let place = place.split('}').next().unwrap_or_default();
            if !known(place) {
                return Err(format!("the target names `{place}`, the pattern does not"));
            }
        }
        Ok(Self {
            host: host.to_owned(),
            path: format!("/{path}"),
            query: query.to_owned(),
        })
    }

    /// Writes path and query for what was found.
    pub(super) fn write(&self, found: &Found<'_>, query: &Query) -> (String, Query) {
        let mut path = found.fill(&self.path);
        while path.ends_with('/') {
            path.pop();
        }
        let mut written = Query::default();
        if found.keeps_query {
            written.clone_from(query);
        } else {
            for (name, value) in self
                .query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
            {
                written.push(name, &found.fill(value));
            }
            written.sort();
        }
        (path, written)
    }
}

impl Found<'_> {
    fn fill(&self, template: &str) -> String {
        let mut text = template.replace('*', self.rest);
        for &(place, value) in &self.places {
            let hole = format!("{{{place}}}");
            text = if place.starts_with("user") {
                text.replace(&hole, &value.to_ascii_lowercase())
            } else {
                text.replace(&hole, value)
            };
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewrite(
        pattern: &str,
        template: &str,
        path: &str,
        pairs: &[(&str, &str)],
    ) -> Option<String> {
        let mut query = Query::default();
        for (name, value) in pairs {
            query.push(name, value);
        }
        let pattern = Pattern::parse(pattern).unwrap();
        let template = Template::parse(template, &pattern).unwrap();
        let found = pattern.find(path, &query)?;
        let (path, query) = template.write(&found, &query);
        Some(format!("{}{path}?{}", template.host, query.text()))
    }

    #[test]
    fn places_are_filled_and_the_rest_is_left_out() {
        let watch = |path| rewrite("/embed/{id}", "a.org/watch?v={id}", path, &[("t", "1")]);
        assert_eq!(
            watch("/embed/x-Y_1").as_deref(),
            Some("a.org/watch?v=x-Y_1")
        );
        for path in ["/embed", "/embed/a/b", "/embed/a%20b", "", "/other/a"] {
            assert_eq!(watch(path), None, "{path}");
        }
        assert_eq!(
            rewrite("/@{user}/{n}", "a.org/@{user}/{n}", "/@Ann/12", &[]).as_deref(),
            Some("a.org/@ann/12?")
        );
        assert_eq!(rewrite("/{n}", "a.org/{n}", "/12a", &[]), None);
        assert_eq!(
            rewrite("/amp/*?*", "a.org/*?*", "/amp/b/c", &[("d", "e")]).as_deref(),
            Some("a.org/b/c?d=e")
        );
    }

    #[test]
    fn a_rule_that_cannot_be_read_says_why() {
        assert!(Pattern::parse("embed").unwrap_err().contains("slash"));
        assert!(Pattern::parse("/{id").unwrap_err().contains("brace"));
        let pattern = Pattern::parse("/{id}").unwrap();
        let error = Template::parse("a.org/{n}", &pattern).unwrap_err();
        assert!(error.contains("`n`"));
    }
}
