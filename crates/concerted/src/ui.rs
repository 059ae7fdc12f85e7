//! What a person sees: results on standard output, everything else on standard error.
//!
//! Colour is never the only signal, and is left out for pipes and where `NO_COLOR` is set. Progress
//! shows on a terminal only.

use anyhow::Result;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::time::Duration;

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

    /// A bar for work of known length, or a counter where `length` is 0; hidden where nobody looks.
    pub(crate) fn progress(&self, length: u64) -> ProgressBar {
        let bar = if length == 0 {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::new(length)
        };
        bar.set_style(
            ProgressStyle::with_template("{msg:<44} {wide_bar} {pos}/{len} {eta:>4}")
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        if self.quiet || !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        } else {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        bar
    }
}
