//! What a person sees: results on standard output, everything else on standard error.
//!
//! Colour is never the only signal, and is left out for pipes and where `NO_COLOR` is set. Progress
//! shows on a terminal only.

use anyhow::Result;
use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Options of every verb.
#[derive(Debug, clap::Args)]
pub(crate) struct Global {
    /// Say nothing but results and errors
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Threads to use, by default one a core
    #[arg(long, global = true, value_name = "N")]
    threads: Option<usize>,
}

/// Where words go.
#[derive(Debug)]
pub(crate) struct Ui {
    quiet: bool,
}

impl Ui {
    pub(crate) fn new(global: &Global) -> Self {
        if let Some(threads) = global.threads {
            // It can fail only if threads were set up before, which nothing does.
            let _ = rayon::ThreadPoolBuilder::new()
                .num_threads(threads.max(1))
                .build_global();
        }
        Self {
            quiet: global.quiet,
        }
    }

    /// Writes a result.
    #[expect(clippy::unused_self, reason = "words go through one place")]
    pub(crate) fn result(&self, text: &str) -> Result<()> {
        let mut out = anstream::stdout().lock();
        match writeln!(out, "{text}").and_then(|()| out.flush()) {
            // Whoever reads has seen enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => Ok(other?),
        }
    }

    /// Tells something beside the result.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(anstream::stderr().lock(), "{text}");
        }
    }

    /// Tells what went wrong and what to do, which is never left out.
    #[expect(clippy::unused_self, reason = "words go through one place")]
    pub(crate) fn error(&self, error: &anyhow::Error) {
        let _ = writeln!(anstream::stderr().lock(), "concerted: {error:#}");
    }

    /// Shows how far some work is, by asking again and again until the result is dropped; nothing is
    /// shown in the first second, nor where nobody looks.
    pub(crate) fn progress(&self, look: impl Fn() -> Line + Send + 'static) -> Progress {
        if self.quiet || !std::io::stderr().is_terminal() {
            return Progress(None);
        }
        let (stop, stopped) = mpsc::channel();
        let shown = thread::spawn(move || show(look, &stopped));
        Progress(Some((stop, shown)))
    }
}

/// Draws lines until it is told to stop.
fn show(look: impl Fn() -> Line, stopped: &Receiver<()>) {
    let begun = Instant::now();
    if stopped.recv_timeout(FIRST) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let (mut what, mut since) = (String::new(), begun);
    loop {
        let line = look();
        if line.what != what {
            if !what.is_empty() {
                since = Instant::now();
            }
            what.clone_from(&line.what);
        }
        bar.set_style(style(line.of > 0));
        if line.of > 0 {
            bar.set_length(line.of);
            bar.set_position(line.done.min(line.of));
        }
        bar.set_prefix(line.what.clone());
        bar.set_message(line.figures(since.elapsed()));
        bar.tick();
        if stopped.recv_timeout(AGAIN) != Err(RecvTimeoutError::Timeout) {
            bar.finish_and_clear();
            return;
        }
    }
}

/// How long nothing is shown, as most work is done by then.
const FIRST: Duration = Duration::from_secs(1);
/// After which time the line is drawn again.
const AGAIN: Duration = Duration::from_millis(150);

fn style(known: bool) -> ProgressStyle {
    let template = if known {
        "{prefix} [{bar:24}] {msg}"
    } else {
        "{prefix} {spinner} {msg}"
    };
    let style = ProgressStyle::with_template(template);
    style.unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// How far some work is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    /// What is being done.
    pub what: String,
    /// How much of it is done, in whatever it is counted in.
    pub done: u64,
    /// How much there is; 0 where nobody knows.
    pub of: u64,
    /// Rows dealt with, where rows are counted.
    pub rows: Option<u64>,
}

impl Line {
    /// Rows and their rate, and how long it will go on.
    fn figures(&self, elapsed: Duration) -> String {
        let seconds = elapsed.as_secs_f64().max(0.001);
        let mut parts = Vec::new();
        if let Some(rows) = self.rows {
            parts.push(format!("{} rows", HumanCount(rows)));
            let rate = rows as f64 / seconds;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a rate to be read, not reckoned with"
            )]
            parts.push(format!("{} rows/s", HumanCount(rate as u64)));
        } else if self.of > 0 {
            parts.push(format!("{} of {}", self.done, self.of));
        }
        if self.done > 0 && self.done < self.of {
            let left = seconds * (self.of - self.done) as f64 / self.done as f64;
            parts.push(format!("{left:.0} s left"));
        } else {
            parts.push(format!("{seconds:.0} s"));
        }
        parts.join(", ")
    }
}

/// Work that is shown until this is dropped.
#[derive(Debug)]
pub(crate) struct Progress(Option<(Sender<()>, JoinHandle<()>)>);

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, shown)) = self.0.take() {
            let _ = stop.send(());
            // It only draws, and has drawn its last line when it ends.
            let _ = shown.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_rows_rate_and_time_left() {
        let line = Line {
            what: "reading posts.csv".into(),
            done: 25,
            of: 100,
            rows: Some(30_000),
        };
        assert_eq!(
            line.figures(Duration::from_secs(10)),
            "30,000 rows, 3,000 rows/s, 30 s left"
        );
        let copies = Line { rows: None, ..line };
        assert_eq!(
            copies.figures(Duration::from_secs(10)),
            "25 of 100, 30 s left"
        );
        let open = Line { of: 0, ..copies };
        assert_eq!(open.figures(Duration::from_secs(10)), "10 s");
    }
}
