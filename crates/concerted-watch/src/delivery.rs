//! Sending alerts on: to a webhook, signed, or to a command.
//!
//! The journal is the outbox. Each receiver has a file that says how many of its bytes were delivered;
//! it is written after a delivery, so that a crash in between delivers twice and never not at all. The
//! id of the alert tells a receiver that it was the same one.

use crate::WatchError;
use crate::checkpoint;
use concerted_formats::case::pseudonym::hmac;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Where alerts are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// A web address. Every alert is posted as JSON, with `X-Concerted-Id`, and with
    /// `X-Concerted-Signature`: `sha256=` and the HMAC-SHA-256 of the body under the secret, in hex.
    Webhook {
        /// The address.
        address: String,
        /// The secret that sender and receiver share.
        secret: Vec<u8>,
    },
    /// A command of the shell that reads the alert from its standard input.
    Command(String),
}

/// First pause after a failure; it doubles up to [`LONGEST`].
const PAUSE: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_mins(1);

/// Sends what is appended to a journal, in a thread of its own.
#[derive(Debug)]
pub struct Delivery {
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Delivery {
    /// Begins to send the lines of a journal on. `progress` is the file that says how far.
    pub fn start(
        receiver: Receiver,
        journal: &Path,
        progress: &Path,
        say: impl Fn(&str) + Send + 'static,
    ) -> Result<Self, WatchError> {
        let ends = Arc::new(AtomicBool::new(false));
        let mut courier = Courier {
            receiver,
            journal: journal.to_owned(),
            progress: progress.to_owned(),
            done: delivered(progress)?,
            ends: Arc::clone(&ends),
        };
        let thread = std::thread::spawn(move || courier.work(&say));
        Ok(Self {
            ends,
            thread: Some(thread),
        })
    }

    /// Waits until everything is delivered, or for so long.
    pub fn finish(mut self, patience: Duration) {
        self.ends.store(true, Ordering::SeqCst);
        let until = Instant::now() + patience;
        if let Some(thread) = self.thread.take() {
            while !thread.is_finished() && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

/// How many bytes of the journal were delivered.
fn delivered(progress: &Path) -> Result<u64, WatchError> {
    match std::fs::read_to_string(progress) {
        Ok(text) => Ok(text.trim().parse().unwrap_or(0)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(WatchError::io(progress)(error)),
    }
}

struct Courier {
    receiver: Receiver,
    journal: PathBuf,
    progress: PathBuf,
    done: u64,
    ends: Arc<AtomicBool>,
}

impl Courier {
    fn work(&mut self, say: &dyn Fn(&str)) {
        let mut pause = PAUSE;
        loop {
            let ending = self.ends.load(Ordering::SeqCst);
            match self.deliver_next() {
                Ok(true) => pause = PAUSE,
                // What was appended before the end was announced has been delivered by now.
                Ok(false) if ending => return,
                Ok(false) => std::thread::sleep(Duration::from_millis(50)),
                Err(why) => {
                    say(&format!(
                        "an alert was not delivered ({why}); trying again in {:.1} s",
                        pause.as_secs_f64()
                    ));
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(LONGEST);
                }
            }
        }
    }

    /// Delivers the next line; `false` if there is none.
    fn deliver_next(&mut self) -> Result<bool, String> {
        let Some(line) = self.next_line().map_err(|error| error.to_string())? else {
            return Ok(false);
        };
        deliver(&self.receiver, line.trim_end())?;
        self.done += line.len() as u64;
        checkpoint::replace(&self.progress, &[self.done.to_string().as_bytes()])
            .map_err(|error| error.to_string())?;
        Ok(true)
    }

    fn next_line(&self) -> std::io::Result<Option<String>> {
        let mut file = File::open(&self.journal)?;
        file.seek(SeekFrom::Start(self.done))?;
        let mut bytes = Vec::new();
        // An alert lists fifty acts of sixty-four posts at most.
        file.take(4 << 20).read_to_end(&mut bytes)?;
        let end = bytes.iter().position(|&byte| byte == b'\n');
        Ok(end.map(|end| String::from_utf8_lossy(&bytes[..=end]).into_owned()))
    }
}

/// The signature of a body: `sha256=` and the HMAC-SHA-256 under the secret, in hex.
pub fn signature(secret: &[u8], body: &str) -> String {
    let mut text = "sha256=".to_owned();
    for byte in hmac(secret, body.as_bytes()) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn deliver(receiver: &Receiver, line: &str) -> Result<(), String> {
    match receiver {
        Receiver::Webhook { address, secret } => {
            let id = serde_json::from_str::<serde_json::Value>(line)
                .ok()
                .and_then(|line| line.get("id")?.as_str().map(str::to_owned))
                .unwrap_or_default();
            let agent: ureq::Agent = ureq::Agent::config_builder()
                .timeout_global(Some(Duration::from_secs(30)))
                .build()
                .into();
            agent
                .post(address)
                .header("Content-Type", "application/json")
                .header("X-Concerted-Id", &id)
                .header("X-Concerted-Signature", &signature(secret, line))
                .send(line)
                .map(|_| ())
                .map_err(|error| error.to_string())
        }
        Receiver::Command(command) => {
            let mut child = Command::new("sh")
                .args(["-c", command])
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .spawn()
                .map_err(|error| error.to_string())?;
            if let Some(mut stdin) = child.stdin.take() {
                // A command that does not read its input may still do its work.
                let _ = stdin.write_all(line.as_bytes());
            }
            let status = child.wait().map_err(|error| error.to_string())?;
            if status.success() {
                Ok(())
            } else {
                Err(format!("the command ended with {status}"))
            }
        }
    }
}
