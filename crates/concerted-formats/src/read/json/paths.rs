//! Finds values in a record by a path like `user.id` or `entities.urls.expanded_url`.

use super::node::Node;
use std::borrow::Cow;

/// All values that stand at a path. Lists on the way are gone through; a key that itself has dots in
/// it, as tools that flatten records write them, is found too.
pub(super) fn find<'v, 'a>(value: &'v Node<'a>, path: &str, found: &mut Vec<&'v Node<'a>>) {
    match value {
        Node::List(items) => {
            for item in items {
                find(item, path, found);
            }
        }
        Node::Object(_) if !path.is_empty() => {
            let path = path.trim_end_matches("[]");
            if let Some(inner) = value.get(path) {
                return find(inner, "", found);
            }
            for (dot, _) in path.match_indices('.') {
                if let Some(inner) = value.get(path[..dot].trim_end_matches("[]")) {
                    find(inner, &path[dot + 1..], found);
                }
            }
        }
        Node::Null => {}
        _ if path.is_empty() => found.push(value),
        _ => {}
    }
}

/// The keys of a record with which a path may begin.
pub(super) fn beginnings(path: &str) -> impl Iterator<Item = &str> {
    let path = path.trim_start_matches('/');
    let dots = path.match_indices('.').map(|(dot, _)| &path[..dot]);
    dots.chain([path]).map(|key| key.trim_end_matches("[]"))
}

/// Keys that tell what an object in a list is about: a link, a hashtag, an account, a picture.
const NAMES: &[&str] = &[
    "expanded_url",
    "unwound_url",
    "url",
    "uri",
    "href",
    "text",
    "tag",
    "name",
    "screen_name",
    "username",
    "acct",
    "id_str",
    "id",
    "did",
    "title",
];

/// A value as text; an object by the key that tells what it is about. `None` if it holds nothing.
pub(super) fn text<'v>(value: &'v Node<'_>) -> Option<Cow<'v, str>> {
    match value {
        Node::Text(text) if !text.is_empty() => Some(Cow::Borrowed(text)),
        Node::Number(number) => Some(Cow::Owned(number.to_string())),
        Node::Bool(yes) => Some(Cow::Borrowed(if *yes { "true" } else { "false" })),
        Node::Object(_) => NAMES.iter().find_map(|name| {
            value
                .get(name)
                .filter(|value| !value.is_object())
                .and_then(text)
        }),
        _ => None,
    }
}

/// Every path of a record at which a plain value stands, without numbers of lists.
pub(super) fn leaves(value: &Node<'_>, path: &str, depth: u32, found: &mut Vec<String>) {
    match value {
        Node::Object(object) if depth > 0 && !object.is_empty() => {
            for (key, inner) in object {
                let path = if path.is_empty() {
                    key.to_string()
                } else {
                    format!("{path}.{}", &**key)
                };
                leaves(inner, &path, depth - 1, found);
            }
        }
        Node::List(items) => {
            for item in items {
                if item.is_object() {
                    leaves(item, path, depth, found);
                } else {
                    found.push(path.to_owned());
                }
            }
        }
        Node::Null => {}
        Node::Text(text) if text.is_empty() => {}
        _ => found.push(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_go_through_objects_lists_and_flattened_keys() {
        let record = json!({
            "user": {"id": 7},
            "author.id": "8",
            "a.b": {"c": "9"},
            "urls": [{"url": "u"}, {"url": "v"}],
            "tags": ["x", "y"],
            "none": null,
        })
        .to_string();
        let record: Node = serde_json::from_str(&record).unwrap();
        let at = |path: &str| {
            let mut found = Vec::new();
            find(&record, path, &mut found);
            found
                .iter()
                .filter_map(|v| text(v))
                .collect::<Vec<_>>()
                .join(" ")
        };
        for (path, values) in [
            ("user.id", "7"),
            ("author.id", "8"),
            ("a.b.c", "9"),
            ("urls.url", "u v"),
            ("urls[].url", "u v"),
            ("urls", "u v"),
            ("tags", "x y"),
            ("none", ""),
            ("user.name", ""),
            ("", ""),
        ] {
            assert_eq!(at(path), values, "{path}");
        }
        let mut all = Vec::new();
        leaves(&record, "", 4, &mut all);
        assert_eq!(
            all,
            [
                "a.b.c",
                "author.id",
                "tags",
                "tags",
                "urls.url",
                "urls.url",
                "user.id"
            ]
        );
    }
}
