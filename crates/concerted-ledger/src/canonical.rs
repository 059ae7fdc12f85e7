//! Is this text JSON in the one form that is hashed (RFC 8785)?
//!
//! A hash binds bytes; two programs agree on it only if there is one way to write a value. The check runs
//! along the bytes once, without building anything, so that verifying costs little more than hashing. It is
//! stricter than the standard in two points, which hold for every line this crate writes: names of members
//! are plain ASCII, and numbers are integers of at most fifteen digits. Ids are strings for that reason.

use std::ops::Range;

/// The deepest nesting that is read.
const DEPTH: usize = 64;

/// The member that says what kind of thing an object is.
const TAG: &[u8] = b"record_type";

/// Text that was found canonical, and where its parts lie.
#[derive(Debug)]
pub(crate) struct Outline<'a> {
    /// The text.
    pub(crate) text: &'a str,
    /// Of an object, each member's name and the place of its value.
    pub(crate) members: Vec<(&'a [u8], Range<usize>)>,
    /// The member `record_type` one level down, name and value together.
    pub(crate) tag: Option<Range<usize>>,
}

/// Checks that `text` is one canonical JSON value; on failure returns the byte where it stops being one.
pub(crate) fn check(text: &[u8]) -> Result<Outline<'_>, usize> {
    let whole = std::str::from_utf8(text).map_err(|error| error.valid_up_to())?;
    let mut scan = Scan {
        text,
        at: 0,
        outline: Outline {
            text: whole,
            members: Vec::with_capacity(5),
            tag: None,
        },
    };
    scan.value(0)?;
    if scan.at == text.len() {
        Ok(scan.outline)
    } else {
        Err(scan.at)
    }
}

/// The bytes at which reading a string has to look up: its end, an escape, what must be escaped.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        stops[byte] = true;
        byte += 1;
    }
    stops[b'"' as usize] = true;
    stops[b'\\' as usize] = true;
    stops
};

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    outline: Outline<'a>,
}

impl<'a> Scan<'a> {
    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    fn expect(&mut self, what: &[u8]) -> Result<(), usize> {
        if self.text[self.at..].starts_with(what) {
            self.at += what.len();
            Ok(())
        } else {
            Err(self.at)
        }
    }

    fn value(&mut self, depth: usize) -> Result<(), usize> {
        if depth > DEPTH {
            return Err(self.at);
        }
        match self.peek() {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.string(),
            b't' => self.expect(b"true"),
            b'f' => self.expect(b"false"),
            b'n' => self.expect(b"null"),
            _ => self.integer(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<(), usize> {
        self.at += 1;
        if self.peek() == b'}' {
            self.at += 1;
            return Ok(());
        }
        let mut before: Option<&'a [u8]> = None;
        loop {
            let start = self.at;
            self.expect(b"\"")?;
            let name = self.name()?;
            if before.is_some_and(|before| before >= name) {
                return Err(start);
            }
            before = Some(name);
            self.expect(b":")?;
            let value = self.at;
            self.value(depth + 1)?;
            if depth == 0 {
                self.outline.members.push((name, value..self.at));
            } else if depth == 1 && name == TAG {
                self.outline.tag = Some(start..self.at);
            }
            match self.peek() {
                b',' => self.at += 1,
                b'}' => break,
                _ => return Err(self.at),
            }
        }
        self.at += 1;
        Ok(())
    }

    /// The name of a member: ASCII without escapes, so that the order of bytes is the order of the standard.
    fn name(&mut self) -> Result<&'a [u8], usize> {
        let start = self.at;
        while let byte @ (0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e) = self.peek() {
            let _ = byte;
            self.at += 1;
        }
        let name = &self.text[start..self.at];
        self.expect(b"\"")?;
        Ok(name)
    }

    fn array(&mut self, depth: usize) -> Result<(), usize> {
        self.at += 1;
        if self.peek() == b']' {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.value(depth + 1)?;
            match self.peek() {
                b',' => self.at += 1,
                b']' => break,
                _ => return Err(self.at),
            }
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<(), usize> {
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let plain = rest
                .iter()
                .position(|byte| STOPS[usize::from(*byte)])
                .ok_or(self.text.len())?;
            self.at += plain;
            match rest[plain] {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.escape()?,
                _ => return Err(self.at),
            }
        }
    }

    /// An escape that the standard writes: the two-letter ones where there is one, else `\u00` and two digits.
    fn escape(&mut self) -> Result<(), usize> {
        let start = self.at;
        self.at += 1;
        match self.peek() {
            b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't' => {
                self.at += 1;
                return Ok(());
            }
            _ => self.expect(b"u00").map_err(|_| start)?,
        }
        let digits = self.text.get(self.at..self.at + 2).ok_or(start)?;
        let value = match digits {
            [high @ b'0'..=b'1', low @ (b'0'..=b'9' | b'a'..=b'f')] => {
                (high - b'0') * 16
                    + if *low >= b'a' {
                        low - b'a' + 10
                    } else {
                        low - b'0'
                    }
            }
            _ => return Err(start),
        };
        if [8, 9, 10, 12, 13].contains(&value) {
            return Err(start);
        }
        self.at += 2;
        Ok(())
    }

    fn integer(&mut self) -> Result<(), usize> {
        let start = self.at;
        let negative = self.peek() == b'-';
        if negative {
            self.at += 1;
        }
        let first = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        let digits = &self.text[first..self.at];
        let zero = digits.first() == Some(&b'0');
        if digits.is_empty() || digits.len() > 15 || (zero && (digits.len() > 1 || negative)) {
            return Err(start);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn canonical(value: &Value) -> String {
        serde_json_canonicalizer::to_string(value).unwrap()
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "\\PC*".prop_map(Value::from),
            "[\\x00-\\x1f\"\\\\é€😀]*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map("[ -~&&[^\"\\\\]]{0,8}", inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_the_standard_writes_is_canonical(value in values()) {
            let text = canonical(&value);
            prop_assert!(check(text.as_bytes()).is_ok(), "{}", text);
        }

        #[test]
        fn what_is_accepted_is_what_the_standard_writes(text in "[\\[\\]{}\":,0-9a-cu\\\\ tn\\-.]{0,12}") {
            if check(text.as_bytes()).is_ok() {
                let value: Value = serde_json::from_str(&text).unwrap();
                prop_assert_eq!(canonical(&value), text);
            }
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "{\"a\": 1}",
            "{\"b\":1,\"a\":2}",
            "{\"a\":1,\"a\":2}",
            "[1,]",
            "01",
            "-0",
            "1.0",
            "1e3",
            "\"\\u0041\"",
            "\"\\/\"",
            "\"\\u000a\"",
            "\"\\u001F\"",
            "\"a",
            "{\"a\":1}\n",
            "",
            "tru",
            "1234567890123456",
        ] {
            assert!(check(text.as_bytes()).is_err(), "{text}");
        }
    }
}
