//! Where posts come from without end: a file that grows, standard input, a folder where files arrive, a
//! WebSocket.

mod folder;
mod jetstream;
mod pipe;
mod tail;

pub use folder::Folder;
pub use jetstream::Jetstream;
pub use pipe::Pipe;
pub use tail::Tail;

use crate::WatchError;
use crate::decode::DecoderState;
use concerted_engine::post::Post;
use concerted_formats::read::ReadOptions;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Duration;

/// What a source gave.
#[derive(Debug, Default)]
pub struct Batch {
    /// Posts, in the order of arrival.
    pub posts: Vec<Post>,
    /// What to tell.
    pub notes: Vec<String>,
    /// Records that were refused.
    pub refused: u64,
    /// Whether the source has ended for good.
    pub ended: bool,
    /// Whether there is nothing more for now.
    pub idle: bool,
}

/// How far a source was read, so that it can be taken up there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Bytes of the file behind which nothing was read.
    pub offset: u64,
    /// First bytes of that file: another file under the same name begins anew.
    pub head: Vec<u8>,
    /// What the decoder has to know.
    pub decoder: DecoderState,
    /// Names of the files of a folder that are done.
    pub done: Vec<String>,
    /// Cursor of a stream.
    pub cursor: Option<u64>,
}

/// Something that posts come from.
pub trait Source {
    /// What comes next; waits about this long if nothing does.
    fn next(&mut self, wait: Duration) -> Result<Batch, WatchError>;

    /// Where to take it up after what was given so far.
    fn position(&self) -> Position;
}

/// Opens the source of this name: a WebSocket by its address, `-` for standard input, else a folder or a
/// file. `once` ends at the end of what is there.
pub fn open(
    name: &str,
    options: &ReadOptions,
    position: Position,
    once: bool,
) -> Result<Box<dyn Source>, WatchError> {
    if name.starts_with("ws://") || name.starts_with("wss://") {
        return Ok(Box::new(Jetstream::new(name, options, position)));
    }
    if name == "-" {
        return Ok(Box::new(Pipe::new(std::io::stdin(), options)));
    }
    let path = Path::new(name);
    if path.is_dir() {
        return Ok(Box::new(Folder::new(path, options, position, once)));
    }
    if once && !path.exists() {
        return Err(WatchError::Source {
            name: name.to_owned(),
            why: "there is no such file".to_owned(),
        });
    }
    Ok(Box::new(Tail::new(path, options, position, once)))
}
