//! Walks through a document of any size and hands out the records of its lists one by one.

use super::Layout;
use super::loose::Loose;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;
use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

/// What comes by on the way through a document.
#[derive(Debug)]
pub(super) enum Element<'a> {
    /// A chat whose messages follow.
    Chat { id: &'a str, name: &'a str },
    /// A record, as its text stands.
    Item(&'a str),
}

/// Where the walk ended.
#[derive(Debug)]
pub(super) enum Stop {
    End,
    /// The text is over and the document is not; where.
    Truncated(String),
    /// It is no JSON from there on; what and where.
    Broken(String),
    /// A record is longer than one may be.
    TooLong,
}

type Found<'f> = &'f mut dyn FnMut(Element);

/// Calls `found` for every record in the lists that the layout names.
pub(super) fn walk(
    text: impl BufRead,
    layout: &Layout,
    max_record: usize,
    found: Found,
) -> io::Result<Stop> {
    let since = Rc::new(Cell::new(0));
    let bounded = Bounded {
        text,
        since: Rc::clone(&since),
        limit: max_record,
    };
    let found: Found = &mut |element| {
        since.set(0);
        found(element);
    };
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(bounded));
    let walked = match layout {
        Layout::Chats => Chat { found }.deserialize(&mut json),
        Layout::Under(key) => Under { key, found }.deserialize(&mut json),
        _ => Each { found }.deserialize(&mut json),
    };
    let Err(error) = walked.and_then(|()| json.end()) else {
        return Ok(Stop::End);
    };
    let place = format!("line {}, column {}", error.line(), error.column());
    Ok(match error.classify() {
        Category::Eof => Stop::Truncated(place),
        Category::Io if since.get() > max_record => Stop::TooLong,
        Category::Io => return Err(error.into()),
        Category::Syntax | Category::Data => Stop::Broken(error.to_string()),
    })
}

/// Refuses to read on when no record has ended for too long, as each is held in memory.
struct Bounded<R> {
    text: R,
    since: Rc<Cell<usize>>,
    limit: usize,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since.get() > self.limit {
            return Err(io::Error::other("a record is too long"));
        }
        let read = self.text.read(buffer)?;
        self.since.set(self.since.get() + read);
        Ok(read)
    }
}

/// A list of records.
struct Each<'f, 'g> {
    found: &'f mut (dyn FnMut(Element) + 'g),
}

impl<'de> DeserializeSeed<'de> for Each<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Each<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(raw) = seq.next_element::<Box<RawValue>>()? {
            (self.found)(Element::Item(raw.get()));
        }
        Ok(())
    }
}

/// An object with a list of records under one key.
struct Under<'k, 'f, 'g> {
    key: &'k str,
    found: &'f mut (dyn FnMut(Element) + 'g),
}

impl<'de> DeserializeSeed<'de> for Under<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Under<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with a list under {:?}", self.key)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == self.key {
                map.next_value_seed(Each { found: self.found })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// A chat of Telegram, or the object around many: names first, then messages.
struct Chat<'f, 'g> {
    found: &'f mut (dyn FnMut(Element) + 'g),
}

impl<'de> DeserializeSeed<'de> for Chat<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Chat<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a chat")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut id, mut name) = (String::new(), String::new());
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "id" => id = map.next_value::<Loose>()?.0.into_owned(),
                "name" => name = map.next_value::<Loose>()?.0.into_owned(),
                "messages" => {
                    (self.found)(Element::Chat {
                        id: &id,
                        name: &name,
                    });
                    map.next_value_seed(Each { found: self.found })?;
                }
                "chats" | "left_chats" => map.next_value_seed(Chats { found: self.found })?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// `{"about": ..., "list": [chat, ...]}`, and the list in it.
struct Chats<'f, 'g> {
    found: &'f mut (dyn FnMut(Element) + 'g),
}

impl<'de> DeserializeSeed<'de> for Chats<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Chats<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of chats")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "list" {
                map.next_value_seed(Chats { found: self.found })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Chat { found: self.found })?.is_some() {}
        Ok(())
    }
}
