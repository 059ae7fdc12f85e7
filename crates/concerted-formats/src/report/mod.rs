//! The report: one page that a careful stranger can check, with no request of any kind.
//!
//! It is made from the case folder alone, so that the scan and `concerted report` write the same bytes
//! and nothing in it rests on what only the engine knew. One file a section. What only people can say
//! reads "not assessed" until a file of judgments says it.

mod acts;
mod appendices;
mod bottom_line;
mod caveats;
mod data;
mod divisions;
mod dossier;
mod explanations;
mod facts;
pub mod figures;
mod findings;
pub mod judgments;
mod key_judgments;
mod lint;
mod methods;
mod people;
mod power;
mod scope;
mod shell;
mod text;
mod timeline;

use crate::case::divisions::{DivisionTables, Which};
use crate::case::{Case, CaseError};
use facts::Facts;
use judgments::Judgments;
use maud::{Markup, html};

/// Groups with a dossier in full unless somebody asks for more; so many keep a page below 2 MB.
pub const FULL: usize = 20;

/// How the report is made.
#[derive(Clone, Debug)]
pub struct Options {
    /// What people say; without it their sections read "not assessed".
    pub judgments: Option<Judgments>,
    /// Whether accounts are shown by their ids and not by pseudonyms. The caller logs the reason.
    pub reveal: bool,
    /// How many groups have a dossier with figures. The next ones have a short dossier, and where there
    /// are very many, the last ones a row in the list alone.
    pub full: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            judgments: None,
            reveal: false,
            full: FULL,
        }
    }
}

/// The page.
pub fn page(case: &Case, options: &Options) -> Result<String, CaseError> {
    Report::with(case, options, |report| report.html().into_string())
}

/// The name of a group for people: `Group 1` for `g1`.
fn group_name(id: &str) -> String {
    match id.strip_prefix('g') {
        Some(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("Group {number}")
        }
        _ => id.to_owned(),
    }
}

/// What every section is written from.
#[derive(Clone, Copy)]
struct Report<'a> {
    facts: &'a Facts,
    divisions: Option<&'a DivisionTables>,
    said: &'a Judgments,
    revealed: bool,
    full: usize,
}

/// A section: its anchor, its name, and what writes it.
type Section<'a> = (&'static str, &'static str, fn(&Report<'a>) -> Markup);

impl<'a> Report<'a> {
    /// Reads the case and does something with all that the report is written from.
    fn with<T>(
        case: &Case,
        options: &Options,
        done: impl FnOnce(&Report<'_>) -> T,
    ) -> Result<T, CaseError> {
        let facts = Facts::read(case, options.reveal)?;
        let empty = Judgments::default();
        // What a person had made again stands in what a person reads again, never in the scan's own
        // report.
        let judged = if options.judgments.is_some() || options.reveal {
            DivisionTables::read(case, Which::Judged)?
        } else {
            None
        };
        let divisions = match judged {
            Some(tables) => Some(tables),
            None => DivisionTables::read(case, Which::Scanned)?,
        };
        Ok(done(&Report {
            facts: &facts,
            divisions: divisions.as_ref(),
            said: options.judgments.as_ref().unwrap_or(&empty),
            revealed: options.reveal,
            full: options.full,
        }))
    }

    /// The sections after the bottom line, in the order of the page.
    fn sections() -> [Section<'a>; 12] {
        [
            ("key-judgments", "Key judgments", Self::key_judgments),
            ("scope", "Scope and definitions", Self::scope),
            ("data", "Data and limits", Self::data),
            ("findings", "Findings", Self::findings),
            ("divisions", "Divisions played on", Self::divisions),
            ("timeline", "Timeline", Self::timeline),
            ("explanations", "Other explanations", Self::explanations),
            ("criteria", "Influence or interference", Self::criteria),
            ("statements", "Commitments and statements", Self::statements),
            ("response", "Response", Self::response),
            ("caveats", "Caveats", Self::caveats),
            ("appendices", "Appendices", Self::appendices),
        ]
    }

    fn html(&self) -> Markup {
        let title = self.title();
        let body = html! {
            (self.head())
            div.frame {
                (self.contents())
                main {
                    (self.bottom_line(&title))
                    @for (number, (anchor, name, write)) in (2..).zip(Self::sections()) {
                        section id=(anchor) {
                            h2.numbered data-number=(number) { (name) }
                            (write(self))
                        }
                    }
                }
            }
        };
        shell::page(&title, &self.running_head(&title), &body)
    }

    /// What stands at the head of each printed page.
    fn running_head(&self, title: &str) -> shell::Head {
        let about = &self.said.report;
        let mut right: Vec<String> = Vec::new();
        if !about.version.is_empty() {
            right.push(format!("Version {}", about.version));
        }
        if !about.tlp.is_empty() {
            right.push(format!("TLP:{}", about.tlp));
        }
        if self.revealed {
            right.push("accounts revealed".into());
        }
        shell::Head {
            left: format!("concerted · {title}"),
            right: right.join(" · "),
        }
    }

    fn head(&self) -> Markup {
        let about = &self.said.report;
        html! {
            header {
                (shell::mark())
                strong { "concerted" } span.quiet { "Evidence report" }
                span.tags {
                    @if !about.version.is_empty() { span.tag { "Version " (text::shown(&about.version)) } }
                    span.tag { (if about.status.is_empty() { "made by a program, read by nobody yet" } else { about.status.word() }) }
                    @if !about.tlp.is_empty() { span.tag { "TLP:" (text::shown(&about.tlp)) } }
                    @if self.revealed { span.tag.warn { "accounts revealed" } }
                }
            }
        }
    }

    fn contents(&self) -> Markup {
        html! {
            nav aria-label="Contents" {
                ol {
                    li { a href="#bottom-line" { "Bottom line" } }
                    @for (anchor, name, _) in Self::sections() {
                        li {
                            a href={ "#" (anchor) } { (name) }
                            @if anchor == "findings" && !self.facts.groups.is_empty() {
                                ol {
                                    @for group in self.facts.groups.iter().take(self.full.min(FULL)) {
                                        li { a href={ "#" (group.row.group_id) } { (group_name(&group.row.group_id)) } }
                                    }
                                    @if self.facts.groups.len() > self.full.min(FULL) {
                                        li { a href="#groups" { "All " (self.facts.groups.len()) " groups" } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// "of 7 August 2015", "from 1 March 2024 to 9 March 2024".
fn dates(first: i64, last: i64) -> String {
    let (from, to) = (crate::words::day(first), crate::words::day(last));
    if from == to {
        format!("of {from}")
    } else {
        format!("from {from} to {to}")
    }
}

/// "1 group", "2 groups".
fn several(n: u64, one: &str, more: &str) -> String {
    format!(
        "{} {}",
        crate::words::count(n),
        if n == 1 { one } else { more }
    )
}

/// What stands where only people can answer and nobody did.
fn not_assessed(what: &str) -> Markup {
    html! { p { strong { "Not assessed." } " " (what) } }
}
