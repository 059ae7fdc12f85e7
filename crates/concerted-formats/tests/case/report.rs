//! The report from outside: made from the folder alone, whatever strangers wrote into it.

use crate::sample::{ACCOUNTS, Sample};
use concerted_engine::pipeline::{self, Plan};
use concerted_formats::case::Case;
use concerted_formats::case::findings::{self, CaseNames, Run};
use concerted_formats::read::{Input, ReadOptions, read};
use concerted_formats::report::judgments::Judgments;
use concerted_formats::report::{Options, page};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

fn html(sample: &Sample, options: &Options) -> String {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("case");
    sample.write(&dir).unwrap();
    page(&Case::open(&dir).unwrap(), options).unwrap()
}

/// Every element that our templates use.
const ELEMENTS: &[&str] = &[
    "!DOCTYPE",
    "a",
    "article",
    "bdi",
    "body",
    "br",
    "caption",
    "circle",
    "code",
    "details",
    "div",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "head",
    "header",
    "html",
    "li",
    "line",
    "main",
    "mark",
    "meta",
    "nav",
    "ol",
    "p",
    "path",
    "polygon",
    "polyline",
    "pre",
    "rect",
    "script",
    "section",
    "span",
    "strong",
    "style",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "text",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
];

/// Every tag of a page with its attributes, by the rules of HTML that matter here: a `<` before a
/// letter, `/` or `!` opens a tag, quoted values end at their quote.
fn tags(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let closing = rest.starts_with('/');
        let body = rest.trim_start_matches('/');
        assert!(
            body.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!'),
            "a stray < before {:?}",
            body.get(..40)
        );
        let name_end = body.find(|c: char| c.is_whitespace() || c == '>').unwrap();
        let name = body[..name_end].to_owned();
        let mut tail = body[name_end..].trim_start();
        let mut attributes = Vec::new();
        while !tail.starts_with('>') {
            let end = tail
                .find(|c: char| c.is_whitespace() || c == '=' || c == '>')
                .unwrap();
            let key = tail[..end].to_owned();
            tail = &tail[end..];
            let mut value = String::new();
            if let Some(quoted) = tail.strip_prefix("=\"") {
                let end = quoted.find('"').unwrap();
                quoted[..end].clone_into(&mut value);
                tail = &quoted[end + 1..];
            }
            attributes.push((key, value));
            tail = tail.trim_start();
        }
        rest = &tail[1..];
        if ["style", "script"].contains(&name.as_str()) && !closing {
            rest = &rest[rest.find(&format!("</{name}>")).unwrap()..];
        }
        found.push((name, attributes));
    }
    found
}

fn check(page: &str) {
    let (mut styles, mut scripts) = (0, 0);
    for (name, attributes) in tags(page) {
        assert!(ELEMENTS.contains(&name.as_str()), "an element {name}");
        styles += usize::from(name == "style");
        scripts += usize::from(name == "script");
        for (key, value) in &attributes {
            let lower = key.to_ascii_lowercase();
            assert!(
                !lower.starts_with("on") && lower != "style" && lower != "src",
                "{name} {key}"
            );
            if lower == "href" {
                assert!(value.starts_with('#'), "{name} {key} {value}");
            }
        }
    }
    assert_eq!(
        (styles, scripts),
        (2, 2),
        "one style and one script, opened and closed"
    );
    let lower = page.to_lowercase();
    assert!(!lower.contains("http://") && !lower.contains("https://"));
    let turning = |c: char| matches!(c, '\0' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}');
    assert!(!page.contains(turning));
}

/// The sample with a stranger's words wherever a stranger may write.
fn with(text: &str) -> Sample {
    let mut sample = Sample::new();
    for post in &mut sample.posts {
        post.text = text.to_owned().into();
        post.lang = text.to_owned().into();
        post.platform = text.to_owned().into();
    }
    for row in &mut sample.evidence {
        row.object = text.to_owned().into();
        row.source_file = "export.csv".into();
    }
    sample.groups[0].grade = text.to_owned().into();
    sample.labels[0].figures = text.to_owned().into();
    sample.labels[0].label = text.to_owned().into();
    sample.members[0].role = text.to_owned().into();
    let input = &mut sample.plan.inputs[0];
    text.clone_into(&mut input.name);
    text.clone_into(&mut input.why);
    input.notes = vec![text.to_owned()];
    sample.plan.command = format!("concerted scan {text}");
    text.clone_into(&mut sample.calibration.caveats[0].says);
    sample
}

#[test]
fn hostile_words_stay_words() {
    let long = "x".repeat(100_000);
    for text in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</style><script>alert(1)</script>",
        "</title></head><body onload=alert(1)>",
        "]]><svg/onload=alert(1)>",
        "&lt;script&gt; &#60;script&#62;",
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "https://evil.example/<b>https://two.example",
        "\u{202e}gnp.exe\u{2066}\0\u{200b}",
        "=HYPERLINK(\"http://x\")",
        &long,
    ] {
        let page = html(&with(text), &Options::default());
        check(&page);
        assert!(page.len() < 400_000, "{} bytes", page.len());
        if text.contains('\u{202e}') {
            assert!(
                page.contains("<span class=\"sign\">RLO</span>")
                    && page.contains("<span class=\"sign\">NUL</span>")
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_word_becomes_an_element_or_a_link(
        text in "(<|>|\"|'|&|/|=|script|style|on[a-z]+=|javascript:|https?://|\u{202e}|\u{2066}|\0|\u{200b}|[ a-z]|\\PC){0,50}"
    ) {
        check(&html(&with(&text), &Options::default()));
    }
}

#[test]
fn the_policy_names_the_one_style_and_the_one_script_by_their_hashes() {
    use sha2::{Digest, Sha256};
    let page = html(&Sample::new(), &Options::default());
    let policy = page
        .split("Content-Security-Policy\" content=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    for element in ["style", "script"] {
        let body = page.split(&format!("<{element}>")).nth(1).unwrap();
        let body = body.split(&format!("</{element}>")).next().unwrap();
        let named = policy
            .split(&format!("{element}-src 'sha256-"))
            .nth(1)
            .unwrap();
        let named = named.split('\'').next().unwrap();
        assert_eq!(
            decoded(named),
            Sha256::digest(body.as_bytes()).to_vec(),
            "{element}"
        );
    }
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"));
}

/// Base64, read back.
fn decoded(named: &str) -> Vec<u8> {
    // Decoded by hand, so that our own encoder is not its own witness.
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits = 0_u32;
    let mut bytes = Vec::new();
    for (place, letter) in named.trim_end_matches('=').chars().enumerate() {
        bits = bits << 6 | u32::try_from(letters.find(letter).unwrap()).unwrap();
        if place % 4 != 0 {
            bytes.push(u8::try_from(bits >> (6 - 2 * (place % 4)) & 0xff).unwrap());
        }
        bits &= 0xff_ffff;
    }
    bytes
}

#[test]
fn accounts_are_shown_by_pseudonym_unless_revealed() {
    let sample = Sample::new();
    let hidden = html(&sample, &Options::default());
    let shown = html(
        &sample,
        &Options {
            reveal: true,
            ..Options::default()
        },
    );
    for account in [ACCOUNTS[0], ACCOUNTS[2]] {
        assert!(!hidden.contains(account), "{account}");
        assert!(shown.contains(account), "{account}");
    }
    assert!(hidden.contains("account-") && shown.contains("accounts revealed"));
}

#[test]
fn every_section_and_figure_is_there_and_what_nobody_judged_says_so() {
    let page = html(&Sample::new(), &Options::default());
    for id in [
        "bottom-line",
        "key-judgments",
        "scope",
        "data",
        "findings",
        "divisions",
        "timeline",
        "explanations",
        "criteria",
        "statements",
        "response",
        "caveats",
        "appendices",
        "chance",
        "coverage",
        "g1",
        "g1-accounts",
        "g1-delays",
        "g1-window",
        "g1-network",
        "g1-acts",
    ] {
        assert!(page.contains(&format!(" id=\"{id}\"")), "{id}");
    }
    let named = |role: &str| {
        page.matches(&format!("role=\"{role}\" aria-label=\""))
            .count()
    };
    assert_eq!(
        page.matches("<figure").count(),
        named("img") + named("group")
    );
    assert_eq!(
        page.matches("<figure").count(),
        page.matches("<details class=\"numbers\">").count()
    );
    // Judgments, criteria, statements, response, attribution.
    assert_eq!(page.matches("<strong>Not assessed.</strong>").count(), 5);
    // Without a divide the section says so, with its figures, and nothing of issues or sides.
    assert!(page.contains("The data do not establish a divide."));
    assert!(page.contains("The figures of the gate"));
    assert!(!page.contains("What the divide is about") && !page.contains("both sides"));
    for (_, attributes) in tags(&page) {
        for (key, value) in attributes {
            if key == "href" {
                assert!(
                    page.contains(&format!(" id=\"{}\"", &value[1..])),
                    "{value} leads nowhere"
                );
            }
        }
    }
}

#[test]
fn what_people_say_stands_in_its_sections() {
    let text = include_str!("../../../../docs/formats/judgments.md");
    let example = text
        .split("```toml\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let said = Judgments::parse(Path::new("example.toml"), example, &["g1".into()]).unwrap();
    let page = html(
        &Sample::new(),
        &Options {
            judgments: Some(said),
            ..Options::default()
        },
    );
    check(&page);
    for shown in [
        "very likely",
        "80–95%",
        "■■□",
        "Otherwise:",
        "TLP:AMBER",
        "reviewed by two people",
        "cannot be said",
        "According to",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    assert_eq!(
        page.matches("<strong>Not assessed.</strong>").count(),
        1,
        "attribution is never ours"
    );
}

fn no_groups() -> Sample {
    let mut sample = Sample::new();
    sample.groups.clear();
    sample.members.clear();
    sample.labels.clear();
    sample.windows.clear();
    sample.evidence.clear();
    for pair in &mut sample.pairs {
        pair.pair_id = "".into();
        (pair.q_value, pair.p_value, pair.ln_p) = (0.03, 1e-4, -9.2);
    }
    sample.calibration.groups = 0;
    sample.calibration.active_accounts = 497;
    sample.calibration.shares_per_stratum = vec![200, 1_000, 5_000];
    sample.calibration.closest_score = Some(1.7);
    sample
}

#[test]
fn no_group_is_a_full_report() {
    let page = html(&no_groups(), &Options::default());
    check(&page);
    for shown in [
        "No group of accounts acts together more often than chance allows",
        "With these data a group of 5 would have been seen if it acted together 3 times.",
        "The closest group scores 1.7, below its bar.",
        "The pairs that came closest",
        "observed, not a finding",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
}

/// A case of the German corpus without controls, as the program makes it; made once.
fn german() -> &'static Path {
    static MADE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let home = MADE.get_or_init(|| {
        let home = tempfile::tempdir().unwrap();
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../corpora/german-election-2021.parquet");
        scan(corpus, &home.path().join("german.case"));
        home
    });
    Box::leak(home.path().join("german.case").into_boxed_path())
}

/// Scans a file into a case without controls.
fn scan(input: PathBuf, dir: &Path) {
    let reading = read(&[Input::Path(input)], &ReadOptions::default()).unwrap();
    let mut plan = Plan::for_resolution(1_000);
    plan.controls = concerted_engine::controls::ControlPlan::with_copies(0);
    let found = pipeline::scan(&reading.posts, &plan, &|_| {});
    let names = CaseNames::new(&found, plan.pairs.q);
    let run = Run {
        made_at: "2021-09-27T08:00:00Z".into(),
        version: "0.1.0".into(),
        command: "concerted scan posts --case CASE".into(),
    };
    findings::write(dir, &found, &reading, &plan, &run, &names).unwrap();
}

/// Runs a check in `tests/python`, or says that it cannot.
fn python(script: &str, arguments: &[&std::ffi::OsStr]) {
    let Some(python) = std::env::var_os("CONCERTED_PYTHON") else {
        println!("skipped {script}: CONCERTED_PYTHON names no interpreter");
        return;
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/python")
        .join(script);
    let output = Command::new(python)
        .arg(path)
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(String::from_utf8_lossy(&output.stdout).contains("all as expected"));
}

#[test]
fn the_scan_and_the_folder_give_the_same_page() {
    let dir = german();
    let written = std::fs::read_to_string(dir.join("report.html")).unwrap();
    let again = page(&Case::open(dir).unwrap(), &Options::default()).unwrap();
    assert!(
        written == again,
        "the report depends on more than the folder"
    );
    check(&written);
    // 48 groups, 20 of them in full.
    assert!(written.len() < 2 << 20, "{} bytes", written.len());
}

#[test]
fn duckdb_gives_every_number_under_every_figure() {
    python("report_figures.py", &[german().as_os_str()]);
}

#[test]
fn every_group_is_reached_and_the_page_says_which_has_what() {
    let case = Case::open(german()).unwrap();
    let all = case.groups().unwrap().len();
    assert!(all > 20, "the corpus has {all} groups");
    let full = |options: &Options| {
        let page = page(&case, options).unwrap();
        check(&page);
        (
            page.matches("<article ").count(),
            page.matches("-accounts\">").count(),
            page.contains("the other 28 have a short one"),
        )
    };
    assert_eq!(full(&Options::default()), (all, 20, true));
    let everything = Options {
        full: usize::MAX,
        ..Options::default()
    };
    assert_eq!(full(&everything), (all, all, false));
}

#[test]
fn a_browser_finds_nothing_wrong_with_the_page() {
    let chromium = std::env::var_os("CONCERTED_CHROMIUM")
        .map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from);
    if !chromium.exists() {
        println!(
            "skipped browser.py: {} is not there; CONCERTED_CHROMIUM may name a browser",
            chromium.display()
        );
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let mut reports = vec![german().join("report.html")];
    let hostile =
        with("\u{202e}<script>alert(1)</script>\u{200b} https://evil.example/<b> =1+1 سلام");
    for (name, sample) in [("hostile", hostile), ("none", no_groups())] {
        let dir = home.path().join(format!("{name}.case"));
        sample.write(&dir).unwrap();
        let page = page(&Case::open(&dir).unwrap(), &Options::default()).unwrap();
        std::fs::write(dir.join("report.html"), page).unwrap();
        reports.push(dir.join("report.html"));
    }
    let arguments: Vec<&std::ffi::OsStr> = std::iter::once(chromium.as_os_str())
        .chain(reports.iter().map(|report| report.as_os_str()))
        .collect();
    python("browser.py", &arguments);
}
