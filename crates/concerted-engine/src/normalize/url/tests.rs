//! The table of cases, the table of rules held against it, and what must hold for any link.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

struct Case {
    input: String,
    canonical: String,
    flags: String,
    reason: String,
}

fn cases() -> Vec<Case> {
    let table = include_str!("../../../tests/data/url_cases.csv");
    csv::Reader::from_reader(table.as_bytes())
        .into_deserialize()
        .map(|row| {
            let (input, canonical, flags, reason) = row.unwrap();
            Case {
                input,
                canonical,
                flags,
                reason,
            }
        })
        .collect()
}

/// Key and flags as the table writes them; nothing for no link.
fn outcome(rules: &Rules, link: &str, key: &mut String) -> &'static str {
    match canonical_by(rules, link, key) {
        Some(parts) if parts.path_is_empty => "front",
        Some(parts) if parts.is_shortener => "short",
        Some(parts) if parts.is_post_permalink => "post",
        _ => "",
    }
}

#[test]
fn every_case_of_the_table_holds_and_stays() {
    let cases = cases();
    assert!(cases.len() >= 220);
    let mut key = String::new();
    let mut wrong = Vec::new();
    for case in &cases {
        let flags = outcome(rules::built_in(), &case.input, &mut key);
        if (key.as_str(), flags) != (case.canonical.as_str(), case.flags.as_str()) {
            wrong.push(format!(
                "{:?} ({})\n  gives   {key} {flags}\n  expects {} {}",
                case.input, case.reason, case.canonical, case.flags
            ));
        }
        let again = canonical(&key).map(|link| link.key).unwrap_or_default();
        assert_eq!(again, key, "twice: {:?}", case.input);
        if !key.is_empty() {
            let safe = canonical(&defang(&key)).map(|link| link.key);
            assert_eq!(safe.as_deref(), Some(key.as_str()), "defanged");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_is_sourced_dated_single_and_needed() {
    let table = include_str!("../url_rules.txt");
    let is_rule = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let cases = cases();
    let mut seen = BTreeSet::new();
    let mut dead = Vec::new();
    let mut key = String::new();
    for rule in table.lines().filter(is_rule) {
        let fields: Vec<&str> = rule.split('|').collect();
        let [kind, host, pattern, source, date] = fields[..] else {
            panic!("{rule}");
        };
        assert!(seen.insert((kind, host, pattern)), "twice: {rule}");
        assert!(source.len() > 3, "no source: {rule}");
        let is_date = date.len() == 10
            && date.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        assert!(is_date, "no date: {rule}");

        // A rule that changes no case is either not needed or not shown to be.
        let others: String = table
            .lines()
            .filter(|line| *line != rule)
            .flat_map(|line| [line, "\n"])
            .collect();
        let others = Rules::parse(&others).unwrap();
        let is_needed = cases.iter().any(|case| {
            let flags = outcome(&others, &case.input, &mut key);
            key != case.canonical || flags != case.flags
        });
        if !is_needed {
            dead.push(rule);
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn a_link_tells_its_host_and_domain() {
    for (link, host, domain) in [
        (
            "https://www.news.example.co.uk/a",
            "news.example.co.uk",
            "example.co.uk",
        ),
        ("https://ann.github.io/a", "ann.github.io", "ann.github.io"),
        (
            "https://a.выборы.рф/",
            "a.xn--90ab1bi6cd.xn--p1ai",
            "xn--90ab1bi6cd.xn--p1ai",
        ),
        (
            "https://食狮.公司.cn/",
            "xn--85x722f.xn--55qx5d.cn",
            "xn--85x722f.xn--55qx5d.cn",
        ),
        ("https://a.b.internal/", "a.b.internal", "a.b.internal"),
        ("http://192.0.2.1:81/", "192.0.2.1", "192.0.2.1"),
        ("http://[::1]:81/", "[::1]", "[::1]"),
        ("https://github.io/", "github.io", "github.io"),
        ("https://youtu.be/abc", "youtube.com", "youtube.com"),
        ("https://old.reddit.com/r/a", "reddit.com", "reddit.com"),
    ] {
        let found = canonical(link).unwrap();
        assert_eq!((&*found.host, &*found.domain), (host, domain), "{link}");
    }
}

#[test]
fn long_and_deep_links_are_no_links() {
    assert_eq!(canonical(&"https://example.org/ text ".repeat(4_000)), None);
    assert_eq!(canonical(&"a".repeat(100_000)), None);
    let wrap = |depth: usize| "https://href.li/?".repeat(depth) + "https://example.org/a";
    assert_eq!(canonical(&wrap(8)).unwrap().key, "https://example.org/a");
    assert_eq!(canonical(&wrap(9)), None);
}

#[test]
fn a_buffer_is_reused_and_left_empty_without_a_link() {
    let mut key = String::from("left over");
    let parts = canonical_into("http://www.example.org/a", &mut key).unwrap();
    assert_eq!(
        (parts.host(&key), parts.domain(&key)),
        ("example.org", "example.org")
    );
    assert!(canonical_into("mailto:a@example.org", &mut key).is_none());
    assert_eq!(key, "");
}

/// Hosts and paths that the rules speak of, mixed with each other and with plain ones.
fn link_like() -> impl Strategy<Value = String> {
    let hosts: Vec<String> = include_str!("../url_rules.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter_map(|line| line.split('|').nth(1))
        .map(|host| host.replace('*', "com"))
        .collect();
    let paths: Vec<String> = include_str!("../url_rules.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter_map(|line| line.split('|').nth(2))
        .filter(|pattern| pattern.starts_with('/'))
        .map(|pattern| {
            let path = pattern.split([' ', '?']).next().unwrap_or_default();
            path.replace(['{', '}'], "")
                .replace("n/", "7/")
                .replace('*', "x")
        })
        .collect();
    (
        prop::sample::select(vec!["", "http://", "https://", "hxxp://", "//", "HTTP://u@"]),
        prop::sample::select(vec!["", "www.", "m.", "mobile.", "amp.", "old.", "xx-yy.", "a."]),
        prop::sample::select(hosts),
        prop::sample::select(vec!["", ".", ":80", ":443", ":8080"]),
        prop::collection::vec(
            prop_oneof![
                prop::sample::select(paths),
                "/[a-zA-Z0-9%.~_@:+'-]{0,6}",
                "/%[0-9a-fA-F]{2}",
                Just("/amp".to_owned()),
                Just("//".to_owned()),
                Just("/s".to_owned()),
                Just("/https://example.org/a".to_owned()),
            ],
            0..4,
        ),
        "(\\?[a-z]{1,3}=[a-zA-Z0-9%+=&;':/.]{0,12})?(&(u|q|url|to|v|w|id)=(https?%3A//)?[a-z.%0-9]{0,9})?",
        "(#[!/a-z%0-9:~]{0,6})?",
    )
        .prop_map(|(scheme, label, host, port, paths, query, fragment)| {
            format!("{scheme}{label}{host}{port}{}{query}{fragment}", paths.concat())
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_read_and_its_key_stays(text in "\\PC{0,40}|(https?://)?[ -~]{0,40}|.{0,20}") {
        if let Some(link) = canonical(&text) {
            prop_assert_eq!(canonical(&link.key).map(|link| link.key), Some(link.key));
        }
        let _ = defang(&text);
    }

    #[test]
    fn keys_of_links_under_the_rules_stay(link in link_like()) {
        if let Some(link) = canonical(&link) {
            prop_assert_eq!(canonical(&link.key), Some(link.clone()));
            prop_assert_eq!(canonical(&defang(&link.key)), Some(link));
        }
    }

    #[test]
    fn scheme_order_and_tracking_do_not_count(
        host in "[a-z]{1,8}\\.(org|com|de|co\\.uk)",
        path in "(/[a-z0-9]{1,6}){0,3}",
        mut pairs in prop::collection::vec(("[a-z]{4}", "[a-z0-9]{0,4}"), 0..5),
        tracking in prop::sample::select(vec!["utm_source", "fbclid", "gclid", "mc_eid", "UTM_ID"]),
    ) {
        let write = |pairs: &[(String, String)]| {
            let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("{host}{path}?{}", pairs.join("&"))
        };
        let plain = canonical(&format!("https://{}", write(&pairs)));
        prop_assert!(plain.is_some());
        prop_assert_eq!(&canonical(&format!("http://{}", write(&pairs))), &plain);
        pairs.reverse();
        pairs.insert(pairs.len() / 2, (tracking.to_owned(), "x1".to_owned()));
        prop_assert_eq!(&canonical(&write(&pairs)), &plain);
    }
}
