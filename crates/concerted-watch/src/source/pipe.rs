//! Standard input, or anything else that can be read once.

use super::{Batch, Position, Source};
use crate::WatchError;
use crate::decode::{Decoder, DecoderState};
use concerted_formats::read::ReadOptions;
use std::io::Read;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

/// Reads a pipe. It cannot be taken up where it was left: after a restart it goes on with what comes.
#[derive(Debug)]
pub struct Pipe {
    decoder: Decoder,
    bytes: Receiver<Vec<u8>>,
}

impl Pipe {
    /// Reads from here, in a thread of its own, so that a stalled pipe stalls nothing else.
    pub fn new(mut from: impl Read + Send + 'static, options: &ReadOptions) -> Self {
        // A few pieces wait at most: a flood waits in the pipe and not in memory.
        let (send, bytes) = sync_channel(4);
        std::thread::spawn(move || {
            loop {
                let mut piece = vec![0; 1 << 16];
                match from.read(&mut piece) {
                    Ok(0) | Err(_) => return,
                    Ok(length) => {
                        piece.truncate(length);
                        if send.send(piece).is_err() {
                            return;
                        }
                    }
                }
            }
        });
        Self {
            decoder: Decoder::new("-", options, DecoderState::default()),
            bytes,
        }
    }
}

impl Source for Pipe {
    fn next(&mut self, wait: Duration) -> Result<Batch, WatchError> {
        let mut batch = Batch::default();
        match self.bytes.recv_timeout(wait) {
            Ok(bytes) => batch.take(self.decoder.feed(&bytes, false)?),
            Err(RecvTimeoutError::Timeout) => batch.idle = true,
            Err(RecvTimeoutError::Disconnected) => {
                batch.take(self.decoder.feed(&[], true)?);
                batch.ended = true;
            }
        }
        Ok(batch)
    }

    fn position(&self) -> Position {
        Position::default()
    }
}
