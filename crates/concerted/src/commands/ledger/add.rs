//! `concerted ledger add`: records into the ledger, each seen by a person or written by one.

use crate::ui::Ui;
use anyhow::{Context, Result, bail};
use concerted_ledger::import;
use concerted_ledger::ledger::{Ledger, LedgerError};
use concerted_ledger::read::{Candidate, Proposals};
use concerted_ledger::record::{Record, Statement};
use concerted_ledger::render;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Add records to a ledger
///
/// Takes records as JSON Lines, the proposals of `ledger read`, or a timeline kept by hand. All ten rules are
/// asked; where one is broken nothing is added, and what would satisfy it is said. In a case folder the
/// custody is carried on.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("source").required(true))]
pub(super) struct Args {
    /// The ledger: a file, or a case folder
    ledger: PathBuf,
    /// Records as JSON Lines; `-` reads standard input
    #[arg(group = "source")]
    records: Option<PathBuf>,
    /// Proposals of `ledger read`: asks to accept, edit or drop each
    #[arg(long, group = "source", value_name = "PROPOSALS")]
    from: Option<PathBuf>,
    /// A timeline kept by hand, with names for agents
    #[arg(long, group = "source", value_name = "FILE")]
    timeline: Option<PathBuf>,
    /// What the timeline lacks, merged in by id
    #[arg(long, requires = "timeline", value_name = "FILE")]
    completions: Option<PathBuf>,
    /// Who records it
    #[arg(long, value_name = "NAME")]
    by: String,
}

pub(super) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let mut ledger = Ledger::open(&super::file_of(&args.ledger))?;
    let (added, input) = if let Some(path) = &args.from {
        (ask_about_each(&mut ledger, path, &args.by, ui)?, path)
    } else if let Some(path) = &args.timeline {
        let completions = args
            .completions
            .as_ref()
            .map_or(Ok(String::new()), |path| text_of(path))?;
        let records = import::timeline(&text_of(path)?, &completions)
            .with_context(|| path.display().to_string())?;
        (append(&mut ledger, records, &args.by, ui)?, path)
    } else if let Some(path) = &args.records {
        (
            append(&mut ledger, records(&text_of(path)?)?, &args.by, ui)?,
            path,
        )
    } else {
        bail!("say what to add: a file of records, --from or --timeline")
    };
    ui.note(&format!(
        "{} added",
        super::count(added as u64, "record", "records")
    ));
    if added > 0 {
        let inputs = if input.as_os_str() == "-" {
            vec![]
        } else {
            vec![input.clone()]
        };
        super::take_custody(
            &args.ledger,
            "added records",
            &inputs,
            ledger.book(),
            &args.by,
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

fn text_of(path: &Path) -> Result<String> {
    if path.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}

fn records(text: &str) -> Result<Vec<Record>> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            serde_json::from_str(line).with_context(|| format!("line {}", number + 1))
        })
        .collect()
}

fn append(
    ledger: &mut Ledger,
    records: Vec<Record>,
    by: &str,
    ui: &Ui,
) -> Result<usize, LedgerError> {
    let recorded = ledger.append(records, by, jiff::Timestamp::now())?;
    super::tell_torn(recorded.torn, ui);
    Ok(recorded.lines.len())
}

/// Asks about each proposal; what is not accepted does not enter, and the end of the answers ends the asking.
fn ask_about_each(ledger: &mut Ledger, path: &Path, by: &str, ui: &Ui) -> Result<usize> {
    let proposals: Proposals = serde_json::from_str(&text_of(path)?).with_context(|| {
        format!(
            "{} does not hold the proposals of `ledger read`",
            path.display()
        )
    })?;
    // Nothing new: it makes the ledger read what others have recorded.
    append(ledger, Vec::new(), by, ui)?;
    let mut answers = std::io::stdin().lock().lines();
    let mut added = 0;
    let count = proposals.candidates.len();
    ui.note(&format!(
        "{}: {count} proposals",
        render::source(&proposals.document)
    ));
    for (number, candidate) in proposals.candidates.iter().enumerate() {
        let mut statement = candidate.statement.clone();
        loop {
            ui.note(&told(&proposals, candidate, &statement, number + 1, count));
            let Some(answer) = answers.next().transpose()? else {
                return Ok(added);
            };
            match answer.trim() {
                "a" | "accept" => {
                    match append(ledger, with_needed(ledger, &proposals, &statement), by, ui) {
                        Ok(count) => {
                            added += count;
                            break;
                        }
                        Err(error @ LedgerError::Rules(_)) => {
                            ui.note(&format!("{error}\nedit it, or drop it"));
                        }
                        Err(error) => return Err(error.into()),
                    }
                }
                "d" | "drop" => break,
                "q" | "quit" => return Ok(added),
                change => match changed(&statement, change) {
                    Ok(new) => statement = new,
                    Err(error) => ui.note(&format!("{error:#}")),
                },
            }
        }
    }
    Ok(added)
}

fn told(
    proposals: &Proposals,
    candidate: &Candidate,
    statement: &Statement,
    number: usize,
    count: usize,
) -> String {
    let name = |id: &str| {
        let agent = proposals.agents.iter().find(|agent| agent.id == id);
        agent.map_or_else(|| id.to_owned(), |agent| agent.name.clone())
    };
    let plain = |word: &str| word.replace('_', " ");
    let said = statement
        .said_on
        .map(|day| day.to_string())
        .or_else(|| statement.said_on_precision.clone());
    let chain: Vec<String> = statement
        .attribution_chain
        .iter()
        .map(|step| format!("{} {}", step.role.word(), name(&step.agent)))
        .collect();
    let mut lines = vec![
        format!("\n[{number}/{count}] {}", candidate.sentence),
        format!("  speaker: {}", name(&statement.speaker)),
        format!(
            "  act: {} ({})",
            statement.act.word(),
            plain(statement.directness.word())
        ),
        format!("  said: {}", said.unwrap_or_default()),
        format!("  chain: {}", chain.join(" > ")),
    ];
    if !statement.about.is_empty() {
        lines.push(format!("  about: {}", statement.about.join(" ")));
    }
    for assertion in &statement.asserts {
        lines.push(format!(
            "  asserts {}: {}",
            plain(&assertion.predicate),
            plain(assertion.modality.word())
        ));
    }
    if !candidate.hedges.is_empty() {
        lines.push(format!("  hedges: {}", candidate.hedges.join(", ")));
    }
    lines.extend(
        candidate
            .cautions
            .iter()
            .map(|caution| format!("  note: {caution}")),
    );
    lines.push(
        "a accept, d drop, q quit, or FIELD=VALUE to edit (act=warn, about=L002):".to_owned(),
    );
    lines.join("\n")
}

/// The statement with one field set, as `field=value`; lists take their items apart by spaces, and a dot
/// leads into the pledge.
fn changed(statement: &Statement, change: &str) -> Result<Statement> {
    let (field, value) = change
        .split_once('=')
        .context("answer a, d, q or FIELD=VALUE")?;
    let value = value.trim();
    let mut object = serde_json::to_value(statement)?;
    let mut place = &mut object;
    for name in field.trim().split('.') {
        place = &mut place[name];
    }
    let list = matches!(
        field.trim(),
        "about"
            | "addressees"
            | "documents"
            | "also_acts"
            | "pledge.scope.elections"
            | "pledge.obligors"
    );
    *place = if list {
        value.split_whitespace().collect::<Vec<_>>().into()
    } else if value.is_empty() {
        serde_json::Value::Null
    } else {
        serde_json::from_str(value)
            .ok()
            .filter(|json: &serde_json::Value| !json.is_number())
            .unwrap_or_else(|| value.into())
    };
    serde_json::from_value(object).with_context(|| format!("`{change}` does not fit"))
}

/// The statement, after whatever it names that the ledger has not.
fn with_needed(ledger: &Ledger, proposals: &Proposals, statement: &Statement) -> Vec<Record> {
    let new = |id: &str| ledger.book().get(id).is_none();
    let named = |id: &str| {
        statement.speaker == id
            || statement.addressees.iter().any(|it| it == id)
            || statement
                .attribution_chain
                .iter()
                .any(|step| step.agent == id)
            || statement
                .pledge
                .iter()
                .any(|pledge| pledge.obligors.iter().any(|it| it == id))
            || proposals.document.publisher.as_deref() == Some(id)
    };
    let mut records: Vec<Record> = proposals
        .agents
        .iter()
        .filter(|agent| named(&agent.id) && new(&agent.id))
        .cloned()
        .map(Record::Agent)
        .collect();
    if new(&proposals.document.id) {
        records.push(Record::Document(proposals.document.clone()));
    }
    records.push(if statement.pledge.is_some() {
        Record::Commitment(statement.clone())
    } else {
        Record::Statement(statement.clone())
    });
    records
}
