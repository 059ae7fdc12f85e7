//! One spelling for characters that a link can write in several ways.
//!
//! RFC 3986 lets `~` be `%7E` and `é` be `%c3%a9`. Sharing buttons, browsers and chat programs use
//! that freedom differently, so that one page comes back under many spellings. The alphabets below are
//! chosen so that a second pass, and a second parse, change nothing.

/// Which byte stays as it is, and which percent-encoded byte is written out.
pub(super) struct Alphabet {
    raw: [bool; 128],
    decoded: [bool; 128],
    plus_is_space: bool,
}

const UNRESERVED: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

/// Servers decode a path before they look at it, so everything that may stand in a segment is written
/// out, except that an encoded slash is not a separator.
pub(super) static PATH: Alphabet = Alphabet {
    raw: table(b"!$&'()*+,;=:@/"),
    decoded: table(b"!$&'()*+,;=:@"),
    plus_is_space: false,
};

/// Names and values of a query are form-encoded: `+` is a space, and what separates pairs stays encoded.
pub(super) static QUERY: Alphabet = Alphabet {
    raw: table(b"!$()*,;:@/?"),
    decoded: table(b"!$()*,;:@/?"),
    plus_is_space: true,
};

/// A fragment that is kept reads like a path with a query behind it.
pub(super) static FRAGMENT: Alphabet = Alphabet {
    raw: table(b"!$&'()*+,;=:@/?"),
    decoded: table(b"!$&'()*+,;=:@"),
    plus_is_space: false,
};

const fn table(extra: &[u8]) -> [bool; 128] {
    let mut table = [false; 128];
    let mut i = 0;
    while i < UNRESERVED.len() {
        table[UNRESERVED[i] as usize] = true;
        i += 1;
    }
    i = 0;
    while i < extra.len() {
        table[extra[i] as usize] = true;
        i += 1;
    }
    table
}

impl Alphabet {
    /// Appends `text` in the one spelling of this alphabet. A `%` that encodes nothing becomes `%25`.
    pub(super) fn write(&self, text: &str, out: &mut String) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if byte == b'%' {
                if let Some(value) = encoded(&bytes[at..]) {
                    push(value, &self.decoded, out);
                    at += 3;
                    continue;
                }
                push(b'%', &self.raw, out);
            } else if byte == b'+' && self.plus_is_space {
                out.push_str("%20");
            } else {
                push(byte, &self.raw, out);
            }
            at += 1;
        }
    }
}

fn push(byte: u8, plain: &[bool; 128], out: &mut String) {
    if plain.get(usize::from(byte)).is_some_and(|&plain| plain) {
        out.push(char::from(byte));
    } else {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        out.push('%');
        out.push(char::from(HEX[usize::from(byte >> 4)]));
        out.push(char::from(HEX[usize::from(byte & 15)]));
    }
}

/// The byte that a leading `%XX` stands for.
fn encoded(bytes: &[u8]) -> Option<u8> {
    let digit = |at: usize| {
        let digit = char::from(*bytes.get(at)?).to_digit(16)?;
        u8::try_from(digit).ok()
    };
    Some(digit(1)? << 4 | digit(2)?)
}

/// `text` with every `%XX` written out; bytes that are no UTF-8 become the replacement character.
pub(super) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match encoded(&bytes[at..]).filter(|_| bytes[at] == b'%') {
            Some(value) => {
                decoded.push(value);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(alphabet: &Alphabet, text: &str) -> String {
        let mut out = String::new();
        alphabet.write(text, &mut out);
        out
    }

    #[test]
    fn spellings_of_one_character_become_one() {
        for (alphabet, text, expected) in [
            (&PATH, "/%7euser/%c3%a9%2f", "/~user/%C3%A9%2F"),
            (&PATH, "/Foo_%28bar%29/a+b", "/Foo_(bar)/a+b"),
            (&PATH, "/100%/%4", "/100%25/%254"),
            (&PATH, "/[x]|%00", "/%5Bx%5D%7C%00"),
            (&QUERY, "a+b%2Bc%26d%3De", "a%20b%2Bc%26d%3De"),
            (&QUERY, "it's%2C%2fok", "it%27s,/ok"),
            (&FRAGMENT, "!/a?b#c", "!/a?b%23c"),
        ] {
            assert_eq!(written(alphabet, text), expected);
            assert_eq!(written(alphabet, expected), expected, "twice");
        }
    }

    #[test]
    fn decoding_never_fails() {
        assert_eq!(decode("https%3A%2F%2Fa.org%2Fb+c%"), "https://a.org/b+c%");
        assert_eq!(decode("%ff%e"), "\u{fffd}%e");
    }
}
