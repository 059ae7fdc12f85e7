//! The ways in which a time is written: what the parts of a cell say, before anything is decided.

use super::{DAY, MINUTE};
use jiff::civil::Time;

/// The parts of a written time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) date: Date,
    /// `None` for an hour that no clock shows.
    pub(super) time: Option<Time>,
    pub(super) zone: Zone,
    /// The step of the form in milliseconds, where it leaves out seconds or hours.
    pub(super) step: Option<i64>,
}

/// A day as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Date {
    Known {
        year: i16,
        month: u32,
        day: u32,
    },
    /// Day and month in an order that the form does not tell.
    Either {
        first: u32,
        second: u32,
        year: i16,
    },
}

/// A zone as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    None,
    /// Minutes east of Greenwich.
    Minutes(i32),
    /// A name that no table here holds.
    Name(String),
}

/// Abbreviations and their minutes east of Greenwich. The library for times refuses them all, as
/// some are used on several continents; these are the ones that exports of American and European
/// platforms write. Not among them for being ambiguous there too: IST, AST, SST.
const ABBREVIATIONS: &[(&str, i32)] = &[
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("UT", 0),
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("CET", 60),
    ("CEST", 120),
    ("MEZ", 60),
    ("MESZ", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
    ("BRT", -180),
    ("JST", 540),
    ("KST", 540),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The parts of a cell, or `None` if it is written in no form that is known.
pub(super) fn parse(cell: &str) -> Option<Stamp> {
    if let Some(stamp) = iso(cell) {
        return Some(stamp);
    }
    if cell.len() > 80 {
        return None;
    }
    let mut parts = Parts::default();
    let mut comment = false;
    for word in cell.split([' ', ',', '·', '\u{a0}', '\u{202f}', '\t']) {
        comment |= word.starts_with('(');
        if !comment && !word.is_empty() && !parts.take(word)? {
            return None;
        }
        comment &= !word.ends_with(')');
    }
    parts.stamp()
}

/// `YYYYMMDD`, and the same with `HHMM` or `HHMMSS` behind it.
pub(super) fn compact(digits: &str) -> Option<Stamp> {
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
    let date = Date::Known {
        year: i16::try_from(number(0, 4)?).ok()?,
        month: number(4, 6).filter(|month| (1..=12).contains(month))?,
        day: number(6, 8).filter(|day| (1..=31).contains(day))?,
    };
    let clock = (digits.len() >= 12).then(|| {
        Some(Clock {
            hour: number(8, 10)?,
            minute: number(10, 12)?,
            second: if digits.len() == 14 {
                Some(number(12, 14)?)
            } else {
                None
            },
            nanos: 0,
        })
    });
    match clock {
        None => Parts {
            date: Some(date),
            ..Parts::default()
        }
        .stamp(),
        Some(clock) => Parts {
            date: Some(date),
            clock: Some(clock?),
            ..Parts::default()
        }
        .stamp(),
    }
}

/// The form of most exports, on the short way: `YYYY-MM-DD[(T| )HH:MM[:SS[.fff]][ ]zone]`.
fn iso(cell: &str) -> Option<Stamp> {
    let bytes = cell.as_bytes();
    let separator = *bytes.get(4)?;
    if !matches!(separator, b'-' | b'/') || bytes.get(7) != Some(&separator) {
        return None;
    }
    let date = Date::Known {
        year: i16::try_from(digits(bytes, 0, 4)?).ok()?,
        month: digits(bytes, 5, 7)?,
        day: digits(bytes, 8, 10)?,
    };
    let parts = match bytes.get(10) {
        None => Parts {
            date: Some(date),
            ..Parts::default()
        },
        Some(b'T' | b't' | b' ') => {
            let (clock, rest) = clock(cell.get(11..)?)?;
            Parts {
                date: Some(date),
                clock: Some(clock),
                zone: Some(zone(rest.trim_start())?),
                ..Parts::default()
            }
        }
        Some(_) => return None,
    };
    parts.stamp()
}

fn digits(bytes: &[u8], from: usize, to: usize) -> Option<u32> {
    bytes.get(from..to)?.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + u32::from(byte - b'0'))
    })
}

/// Hours and minutes, seconds where they are written.
#[derive(Clone, Copy, Debug)]
struct Clock {
    hour: u32,
    minute: u32,
    second: Option<u32>,
    nanos: u32,
}

/// Hours, minutes, seconds and a fraction at the beginning of `text`, and what follows them.
fn clock(text: &str) -> Option<(Clock, &str)> {
    let (hour, rest) = number(text, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
    let mut clock = Clock {
        hour,
        minute,
        second: None,
        nanos: 0,
    };
    let Some(rest) = rest.strip_prefix(':') else {
        return Some((clock, rest));
    };
    let (second, mut rest) = number(rest, 2)?;
    clock.second = Some(second);
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return None;
        }
        for place in 0..9 {
            let digit = fraction.as_bytes()[..length].get(place);
            clock.nanos = clock.nanos * 10 + digit.map_or(0, |digit| u32::from(digit - b'0'));
        }
        rest = &fraction[length..];
    }
    Some((clock, rest))
}

/// A number of at most `most` digits at the beginning of `text`, and what follows it.
fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 || length > most {
        return None;
    }
    Some((text[..length].parse().ok()?, &text[length..]))
}

/// A zone: nothing, `Z`, an offset, an abbreviation, or both as in `GMT+0100`. `None` if it is none.
pub(super) fn zone(text: &str) -> Option<Zone> {
    if text.is_empty() {
        return Some(Zone::None);
    }
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, offset) = text.split_at(letters);
    if name.is_empty() {
        return Some(Zone::Minutes(offset_minutes(offset)?));
    }
    let known = ABBREVIATIONS
        .iter()
        .find(|(abbreviation, _)| abbreviation.eq_ignore_ascii_case(name));
    match (known, offset) {
        (Some((_, minutes)), "") => Some(Zone::Minutes(*minutes)),
        (Some((_, 0)), offset) => Some(Zone::Minutes(offset_minutes(offset)?)),
        (None, "")
            if (2..=5).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_uppercase()) =>
        {
            Some(Zone::Name(name.to_owned()))
        }
        (None, offset) if offset.starts_with('/') => Some(Zone::Name(text.to_owned())),
        _ => None,
    }
}

/// `+02:00`, `+0200`, `+02` or `+2` as minutes.
fn offset_minutes(text: &str) -> Option<i32> {
    let (sign, text) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => (-1, text.strip_prefix('\u{2212}')?),
    };
    let (hours, minutes) = match text.split_once(':') {
        Some((hours, minutes)) => (number(hours, 2)?, number(minutes, 2)?),
        None if text.len() == 4 && text.is_ascii() => {
            (number(&text[..2], 2)?, number(&text[2..], 2)?)
        }
        None => (number(text, 2)?, (0, "")),
    };
    if !hours.1.is_empty() || !minutes.1.is_empty() || hours.0 > 18 || minutes.0 > 59 {
        return None;
    }
    i32::try_from(hours.0 * 60 + minutes.0)
        .ok()
        .map(|all| sign * all)
}

/// The parts of a time, gathered word by word.
#[derive(Debug, Default)]
struct Parts {
    date: Option<Date>,
    month: Option<u32>,
    day: Option<u32>,
    year: Option<i16>,
    clock: Option<Clock>,
    afternoon: Option<bool>,
    zone: Option<Zone>,
}

impl Parts {
    /// Takes a word in. `Some(false)` or `None` if it has no place in a time.
    fn take(&mut self, word: &str) -> Option<bool> {
        let first = *word.as_bytes().first()?;
        if first.is_ascii_digit() {
            return self.take_number(word);
        }
        if matches!(first, b'+' | b'-') && word.len() > 1 {
            return Some(put(&mut self.zone, Zone::Minutes(offset_minutes(word)?)));
        }
        let lower = word.trim_end_matches('.').to_ascii_lowercase();
        if matches!(lower.as_str(), "at" | "on" | "-" | "–" | "|")
            || named(&WEEKDAYS, &lower).is_some()
        {
            return Some(true);
        }
        if let Some(month) = named(&MONTHS, &lower) {
            return Some(put(&mut self.month, month));
        }
        match lower.replace('.', "").as_str() {
            "am" => return Some(put(&mut self.afternoon, false)),
            "pm" => return Some(put(&mut self.afternoon, true)),
            _ => {}
        }
        Some(put(&mut self.zone, zone(word)?))
    }

    fn take_number(&mut self, word: &str) -> Option<bool> {
        if let Some(date) = iso(word).filter(|stamp| stamp.step == Some(DAY)) {
            return Some(put(&mut self.date, date.date));
        }
        if word.contains(':') {
            if let Some((date, time)) = word.split_once(['T', 't'])
                && !time.is_empty()
                && time.as_bytes()[0].is_ascii_digit()
            {
                return Some(self.take(date)? && self.take(time)?);
            }
            let (clock, rest) = clock(word)?;
            return Some(put(&mut self.clock, clock) && (rest.is_empty() || self.take(rest)?));
        }
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            return match word.len() {
                4 => Some(put(&mut self.year, word.parse().ok()?)),
                1 | 2 => Some(put(&mut self.day, word.parse().ok()?)),
                _ => None,
            };
        }
        for ending in ["st", "nd", "rd", "th", "."] {
            if let Some(day) = word.strip_suffix(ending)
                && let Some((day, "")) = number(day, 2)
            {
                return Some(put(&mut self.day, day));
            }
        }
        Some(put(&mut self.date, numeric_date(word)?))
    }

    fn stamp(self) -> Option<Stamp> {
        let date = match self.date {
            Some(date) if self.month.or(self.day).is_none() && self.year.is_none() => date,
            Some(_) => return None,
            None => Date::Known {
                year: self.year?,
                month: self.month?,
                day: self.day?,
            },
        };
        let zone = self.zone.unwrap_or(Zone::None);
        let Some(clock) = self.clock else {
            return self.afternoon.is_none().then_some(Stamp {
                date,
                time: Some(Time::midnight()),
                zone,
                step: Some(DAY),
            });
        };
        let hour = match (self.afternoon, clock.hour) {
            (None, hour) => Some(hour),
            (Some(_), 0 | 13..) => None,
            (Some(afternoon), hour) => Some(hour % 12 + if afternoon { 12 } else { 0 }),
        };
        let small = |number: u32| i8::try_from(number).ok();
        // A leap second is counted as the second before it, as clocks of computers do.
        let second = clock.second.unwrap_or(0);
        let second = if second == 60 { 59 } else { second };
        let time = (|| {
            Time::new(
                small(hour?)?,
                small(clock.minute)?,
                small(second)?,
                i32::try_from(clock.nanos).ok()?,
            )
            .ok()
        })();
        Some(Stamp {
            date,
            time,
            zone,
            step: clock.second.is_none().then_some(MINUTE),
        })
    }
}

/// Fills a place that must be empty.
fn put<T>(place: &mut Option<T>, value: T) -> bool {
    let empty = place.is_none();
    *place = Some(value);
    empty
}

/// Number, from 1, of the name that begins with `word`, which has at least three letters.
fn named(names: &[&str], word: &str) -> Option<u32> {
    if word.len() < 3 {
        return None;
    }
    let index = names.iter().position(|name| name.starts_with(word))?;
    u32::try_from(index + 1).ok()
}

/// `3/4/2024`, `03-04-24`, `3.4.2024` (whose dots put the day first), `2024/3/4`, `12-Mar-2016`.
fn numeric_date(word: &str) -> Option<Date> {
    let separator = word
        .chars()
        .find(|letter| matches!(letter, '/' | '-' | '.'))?;
    let mut parts = word.split(separator);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let small = |text: &str| {
        number(text, 2)
            .filter(|(_, rest)| rest.is_empty())
            .map(|(n, _)| n)
    };
    if first.len() == 4 {
        return Some(Date::Known {
            year: first.parse().ok()?,
            month: small(second)?,
            day: small(third)?,
        });
    }
    let year: i16 = match third.len() {
        4 if third.bytes().all(|byte| byte.is_ascii_digit()) => third.parse().ok()?,
        2 => {
            let short = i16::try_from(small(third)?).ok()?;
            if short < 90 {
                2_000 + short
            } else {
                1_900 + short
            }
        }
        _ => return None,
    };
    let first = small(first)?;
    if let Some(month) = named(&MONTHS, &second.to_ascii_lowercase()) {
        return Some(Date::Known {
            year,
            month,
            day: first,
        });
    }
    let second = small(second)?;
    if separator == '.' {
        return Some(Date::Known {
            year,
            month: second,
            day: first,
        });
    }
    Some(Date::Either {
        first,
        second,
        year,
    })
}
