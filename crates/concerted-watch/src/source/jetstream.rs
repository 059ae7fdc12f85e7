//! A WebSocket that sends one record in each message, such as Bluesky's Jetstream in both its versions.
//!
//! A connection that breaks is made again, at the cursor of the last record. The cursor is inclusive
//! and a few seconds are asked for again, so some records come twice; the engine knows them by their
//! post id. Version 1 counts by `time_us`, version 2 by `seq`.

use super::{Batch, Position, Source};
use crate::WatchError;
use crate::decode::{Decoder, DecoderState};
use concerted_formats::read::ReadOptions;
use std::net::TcpStream;
use std::time::{Duration, Instant};
use tungstenite::protocol::WebSocketConfig;
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Error, Message, WebSocket};

/// Longest message that is taken; a longer one breaks the connection and is passed over.
const MESSAGE: usize = 4 << 20;

/// How far before the last record a new connection begins, in microseconds of version 1.
const OVERLAP_US: u64 = 5_000_000;

/// Longest pause before the next attempt to connect.
const PAUSE: Duration = Duration::from_secs(30);

/// Messages taken together.
const TOGETHER: usize = 1_000;

/// Follows a WebSocket.
#[derive(Debug)]
pub struct Jetstream {
    address: String,
    decoder: Decoder,
    socket: Option<WebSocket<MaybeTlsStream<TcpStream>>>,
    cursor: Option<u64>,
    /// Messages in a row that were too long: the cursor must get past them.
    giants: u32,
    pause: Duration,
    next_attempt: Instant,
}

impl Jetstream {
    /// Follows the stream at this address from a position on.
    pub fn new(address: &str, options: &ReadOptions, position: Position) -> Self {
        Self {
            address: address.to_owned(),
            decoder: Decoder::new(address, options, position.decoder),
            socket: None,
            cursor: position.cursor,
            giants: 0,
            pause: Duration::from_millis(250),
            next_attempt: Instant::now(),
        }
    }

    fn connect(&mut self, batch: &mut Batch) {
        let address = match self.cursor.filter(|_| self.giants < 2) {
            None => self.address.clone(),
            Some(cursor) => {
                // A cursor of version 1 is a time, one of version 2 a small number.
                let from = if self.giants > 0 {
                    cursor + 1
                } else if cursor > 1_000_000_000_000_000 {
                    cursor - OVERLAP_US
                } else {
                    cursor
                };
                let sign = if self.address.contains('?') { '&' } else { '?' };
                format!("{}{sign}cursor={from}", self.address)
            }
        };
        let config = WebSocketConfig::default()
            .max_message_size(Some(MESSAGE))
            .max_frame_size(Some(MESSAGE));
        match tungstenite::client::connect_with_config(&address, Some(config), 3) {
            Ok((socket, _)) => {
                if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
                    let _ = stream.set_read_timeout(Some(Duration::from_millis(250)));
                }
                if let MaybeTlsStream::Rustls(stream) = socket.get_ref() {
                    let _ = stream
                        .sock
                        .set_read_timeout(Some(Duration::from_millis(250)));
                }
                batch.notes.push(format!("connected to {address}"));
                self.socket = Some(socket);
            }
            Err(error) => self.broken(&error, batch),
        }
    }

    fn broken(&mut self, error: &Error, batch: &mut Batch) {
        self.socket = None;
        self.next_attempt = Instant::now() + self.pause;
        batch.notes.push(format!(
            "{}: {error}; connecting again in {:.1} s",
            self.address,
            self.pause.as_secs_f64()
        ));
        self.pause = (self.pause * 2).min(PAUSE);
    }

    /// Takes note of how far the stream has come.
    fn note_cursor(&mut self, message: &str) {
        #[derive(serde::Deserialize)]
        struct Cursor {
            time_us: Option<u64>,
            seq: Option<u64>,
        }
        if let Ok(cursor) = serde_json::from_str::<Cursor>(message)
            && let Some(cursor) = cursor.seq.or(cursor.time_us)
        {
            // A clock that goes backwards must not make the next connection lose records.
            self.cursor = Some(self.cursor.map_or(cursor, |before| before.max(cursor)));
        }
    }
}

impl Source for Jetstream {
    fn next(&mut self, wait: Duration) -> Result<Batch, WatchError> {
        let mut batch = Batch::default();
        if self.socket.is_none() {
            if Instant::now() < self.next_attempt {
                std::thread::sleep(wait.min(self.next_attempt - Instant::now()));
                batch.idle = true;
                return Ok(batch);
            }
            self.connect(&mut batch);
        }
        let mut text = String::new();
        let until = Instant::now() + wait;
        for _ in 0..TOGETHER {
            let Some(socket) = &mut self.socket else {
                break;
            };
            match socket.read() {
                Ok(Message::Text(message)) => {
                    self.pause = Duration::from_millis(250);
                    self.giants = 0;
                    self.note_cursor(&message);
                    // A message is one record, so line ends in it can only be white space.
                    text.push_str(&message.replace(['\n', '\r'], " "));
                    text.push('\n');
                }
                Ok(Message::Binary(_)) => {
                    batch.refused += 1;
                    batch.notes.push(
                        "a packed message was passed over; ask for the stream without compression"
                            .to_owned(),
                    );
                }
                Ok(Message::Close(_)) => self.broken(&Error::ConnectionClosed, &mut batch),
                Ok(_) => {}
                Err(Error::Io(error))
                    if matches!(
                        error.kind(),
                        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                    ) =>
                {
                    break;
                }
                Err(error) => {
                    if matches!(error, Error::Capacity(_)) {
                        batch.refused += 1;
                        self.giants += 1;
                        if self.giants == 2 {
                            batch.notes.push(
                                "a message is too long and stands in the way; going on with what \
                                 is new, so records in between may be missing"
                                    .to_owned(),
                            );
                        }
                    }
                    self.broken(&error, &mut batch);
                }
            }
            if Instant::now() > until {
                break;
            }
        }
        batch.idle = text.is_empty();
        let decoded = self.decoder.feed(text.as_bytes(), true)?;
        batch.take(decoded);
        Ok(batch)
    }

    fn position(&self) -> Position {
        Position {
            cursor: self.cursor,
            decoder: DecoderState::default(),
            ..Position::default()
        }
    }
}
