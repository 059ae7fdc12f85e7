//! How long do a hundred thousand records take to append, verify and tell? Run with `cargo bench`.
//!
//! Verifying is held against SHA-256 alone over the same bytes, both on one core, in processor time, with the
//! allocator of the program. Dated runs are kept in `bench/ledger/`.
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]
#![expect(clippy::expect_used, reason = "a bench may stop")]

use concerted_ledger::chain::sha256;
use concerted_ledger::ledger::{self, Ledger};
use concerted_ledger::record::{Agent, ChainStep, Document, Record, Statement};
use concerted_ledger::render::{Clock, View, timeline_text};
use concerted_ledger::words::{Access, Act, AgentKind, Directness, Role, StepForm};
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RECORDS: usize = 100_000;

fn records() -> Vec<Record> {
    let mut records = vec![
        Record::Agent(Agent::new(
            "minister".into(),
            "Ida Norrland".into(),
            AgentKind::Person,
        )),
        Record::Agent(Agent::new(
            "paper".into(),
            "The Harbour Courier".into(),
            AgentKind::Outlet,
        )),
        Record::Document(Document::new(
            "article".into(),
            "A talk by the sea".into(),
            Access::Primary,
        )),
    ];
    for number in 0..RECORDS - 3 {
        let mut it = Statement::new(
            format!("S{number:06}"),
            Act::Allege,
            "minister".into(),
            format!(
                "We have seen, generally speaking, evidence of attempt {number} to influence the vote."
            ),
            Directness::ReportedNamed,
        );
        it.said_on = Some("2031-04-26".parse().expect("it is a day"));
        it.published_on = it.said_on;
        it.documents = vec!["article".into()];
        it.attribution_chain = vec![
            ChainStep::new(Role::Speaker, "minister".into(), StepForm::DirectQuote),
            ChainStep::new(Role::Publisher, "paper".into(), StepForm::Report),
        ];
        records.push(Record::Statement(it));
    }
    records
}

/// The processor time of this thread, where the system tells it: a busy machine does not count against us.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

fn main() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("ledger.jsonl");
    let now = "2031-11-05T12:00:00Z".parse().expect("it is a time");
    let records = records();
    let start = Instant::now();
    let before = processor_seconds();
    let mut open = Ledger::open(&path).expect("the file can be made");
    open.append(records, "a bench", now)
        .expect("the records keep the rules");
    let processor = processor_seconds()
        .zip(before)
        .map_or(0.0, |(after, before)| after - before);
    println!(
        "append of {RECORDS} records: {:.2} s, {processor:.2} s of the processor",
        start.elapsed().as_secs_f64()
    );

    let bytes = std::fs::read(&path).expect("it is there");
    let size = bytes.len() as f64 / 1e6;
    let best = |work: &dyn Fn()| {
        let times = (0..5).map(|_| {
            let (start, before) = (Instant::now(), processor_seconds());
            work();
            let after = processor_seconds();
            after.zip(before).map_or_else(
                || start.elapsed().as_secs_f64(),
                |(after, before)| after - before,
            )
        });
        times.fold(f64::INFINITY, f64::min)
    };
    let hash = best(&|| assert_eq!(sha256(&bytes).len(), 64));
    let verify = best(&|| assert!(ledger::verify(&bytes).is_ok()));
    println!(
        "{size:.1} MB; SHA-256 alone {:.0} MB/s; verify {:.0} MB/s, {:.1} times the cost",
        size / hash,
        size / verify,
        verify / hash
    );

    let start = Instant::now();
    let book = ledger::read(&path)
        .expect("it is there")
        .expect("it is whole")
        .book;
    let text = timeline_text(
        &book,
        View {
            by: Clock::Said,
            as_of: None,
        },
    );
    println!(
        "timeline of {} lines, read and told: {:.2} s",
        text.lines().count(),
        start.elapsed().as_secs_f64()
    );
}
