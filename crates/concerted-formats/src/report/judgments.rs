//! What people say: `--judgments FILE`, TOML beside the case. The program never fills these in; it
//! prints them, and refuses those that would mislead (see the linter). The format is described in
//! `docs/formats/judgments.md`.

use super::lint;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Why a file of judgments cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JudgmentsError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// The file is no TOML of this kind.
    #[error("{path}: {reason}")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The reason, with line and column.
        reason: String,
    },
    /// Entries that would mislead.
    #[error("{path}: {}", .entries.join("; "))]
    Lint {
        /// The file.
        path: PathBuf,
        /// Each entry, and what would satisfy it.
        entries: Vec<String>,
    },
}

macro_rules! said {
    ($(#[doc = $doc:literal])* $name:ident { $( $(#[doc = $text:literal])* $key:ident: $type:ty, )* }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name { $( $(#[doc = $text])* pub $key: $type, )* }
    };
}

said! {
    /// The whole file.
    Judgments {
        /// The report itself.
        report: About,
        /// What was looked at and what not.
        scope: Scope,
        /// Key judgments, in order.
        judgment: Vec<Judgment>,
        /// Words on single groups.
        group: Vec<OnGroup>,
        /// Outside events.
        event: Vec<Event>,
        /// Hypotheses weighed.
        explanation: Vec<Explanation>,
        /// Criteria of definitions of interference.
        criterion: Vec<Criterion>,
        /// What was said, promised and denied.
        statement: Vec<Statement>,
        /// Referrals and answers.
        response: Vec<Response>,
        /// Divisions that the groups played on, as people see them.
        division: Vec<Division>,
        /// Changes since earlier versions.
        change: Vec<Change>,
    }
}

said! {
    /// What stands on the cover.
    About {
        /// A title that states the finding.
        title: String,
        /// At most four sentences.
        bottom_line: String,
        /// Version of the report.
        version: String,
        /// How far it has come.
        status: Status,
        /// Traffic light: CLEAR, GREEN, AMBER, AMBER+STRICT or RED.
        tlp: String,
        /// Who wrote it.
        authors: Vec<String>,
        /// Who read it.
        reviewers: Vec<String>,
        /// Who paid for it.
        funding: String,
        /// Conflicts of interest.
        conflicts: String,
    }
}

said! {
    /// Scope and definitions.
    Scope {
        /// The election or event.
        event: String,
        /// The country.
        country: String,
        /// Queries and routes by which the data were collected.
        queries: String,
        /// Definitions used.
        definitions: Vec<String>,
        /// What was not looked at.
        not_looked_at: String,
    }
}

said! {
    /// A key judgment.
    Judgment {
        /// What is judged, one sentence.
        says: String,
        /// Which of the two questions it answers: `coordinated`, `who`, or neither.
        answers: String,
        /// One of the seven terms.
        likelihood: String,
        /// `low`, `moderate` or `high`.
        confidence: String,
        /// Why the confidence is what it is.
        because: String,
        /// The definition it uses.
        definition: String,
        /// The best other explanation, and why it is less likely.
        alternative: String,
        /// Groups it rests on.
        evidence: Vec<String>,
        /// What changed since the last version.
        changed: String,
    }
}

said! {
    /// Words on one group.
    OnGroup {
        /// The group.
        id: String,
        /// The strongest innocent reading.
        innocent: String,
        /// What would change our mind.
        change_our_mind: String,
        /// Verdict of the reader: `confirmed`, `rejected` or `unsure`.
        verdict: String,
        /// Who read it and when.
        by: String,
    }
}

said! {
    /// An event.
    Event {
        /// When, as it should be printed.
        when: String,
        /// What.
        what: String,
    }
}

said! {
    /// A hypothesis.
    Explanation {
        /// The hypothesis.
        hypothesis: String,
        /// What fits.
        fits: String,
        /// What does not.
        does_not_fit: String,
    }
}

said! {
    /// A criterion of a definition.
    Criterion {
        /// The definition.
        definition: String,
        /// The criterion.
        criterion: String,
        /// `met`, `not met` or `cannot be said`.
        verdict: String,
        /// Why.
        because: String,
    }
}

said! {
    /// A commitment, claim or denial.
    Statement {
        /// When it was said.
        when: String,
        /// Who is said to have said it.
        who: String,
        /// What.
        says: String,
        /// Through whom it is known: "according to ...".
        according_to: String,
        /// The denial or the claim that belongs beside it.
        beside: String,
    }
}

said! {
    /// A referral.
    Response {
        /// To whom.
        recipient: String,
        /// The recipient's own rule.
        clause: String,
        /// When it was sent.
        sent: String,
        /// When it was acknowledged.
        acknowledged: String,
        /// When and how it was answered.
        answered: String,
        /// What was done.
        action: String,
    }
}

said! {
    /// A division played on.
    Division {
        /// The issue.
        issue: String,
        /// What was seen.
        seen: String,
        /// Groups.
        groups: Vec<String>,
    }
}

said! {
    /// A change.
    Change {
        /// The version.
        version: String,
        /// What changed.
        what: String,
    }
}

/// How far a report has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Nothing is said.
    #[default]
    None,
    /// Written.
    Draft,
    /// Read by two people.
    Reviewed,
    /// Published.
    Published,
    /// Withdrawn.
    Withdrawn,
}

impl Status {
    /// Whether nothing is said.
    pub fn is_empty(self) -> bool {
        self == Self::None
    }

    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "no status",
            Self::Draft => "draft",
            Self::Reviewed => "reviewed by two people",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Judgments {
    /// Reads a file and checks it against the groups of the case.
    pub fn read(path: &Path, groups: &[String]) -> Result<Self, JudgmentsError> {
        let text = std::fs::read_to_string(path).map_err(|source| JudgmentsError::Io {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(path, &text, groups)
    }

    /// The same from a text; `path` is for messages.
    pub fn parse(path: &Path, text: &str, groups: &[String]) -> Result<Self, JudgmentsError> {
        let judgments: Self = toml::from_str(text).map_err(|error| JudgmentsError::Syntax {
            path: path.to_owned(),
            reason: error.to_string().trim_end().replace('\n', " "),
        })?;
        let entries = lint::lint(&judgments, groups);
        if entries.is_empty() {
            Ok(judgments)
        } else {
            Err(JudgmentsError::Lint {
                path: path.to_owned(),
                entries,
            })
        }
    }
}
