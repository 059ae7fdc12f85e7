//! The two forms in which most exports write a time, read without a detour.
//!
//! `2021-08-21T23:50:36.123Z` (or with a space, or with an offset) and `Wed Oct 10 20:19:24 +0000 2018`
//! are told apart by the places of their punctuation. Whatever is not exactly one of them, or names a
//! moment that needs a second thought, is left to [`forms`](super::forms), which reads all forms; that
//! both agree is a test.

use concerted_engine::post::Millis;

/// The moment, if it is written in one of the two forms and lies between 1990 and 2200.
pub(super) fn millis(cell: &[u8]) -> Option<Millis> {
    match cell {
        [
            _,
            _,
            _,
            _,
            b'-',
            _,
            _,
            b'-',
            _,
            _,
            b'T' | b' ',
            _,
            _,
            b':',
            _,
            _,
            b':',
            _,
            _,
            rest @ ..,
        ] => {
            let day = day(
                number(&cell[..4])?,
                number(&cell[5..7])?,
                number(&cell[8..10])?,
            )?;
            let (fraction, offset) = behind(rest)?;
            Some((day * 86_400 + clock(&cell[11..19])? - offset) * 1_000 + fraction)
        }
        [
            weekday @ ..,
            b' ',
            b'+',
            b'0',
            b'0',
            b'0',
            b'0',
            b' ',
            y0,
            y1,
            y2,
            y3,
        ] if weekday.len() == 19 && WEEKDAYS.iter().any(|name| weekday.starts_with(&name[..])) => {
            let month = MONTHS.iter().position(|name| cell[4..7] == name[..])?;
            let day_of_month = number(&cell[8..10])?;
            let year = number(&[*y0, *y1, *y2, *y3])?;
            if cell[3] != b' ' || cell[7] != b' ' || cell[10] != b' ' {
                return None;
            }
            let day = day(year, i64::try_from(month).ok()? + 1, day_of_month)?;
            Some((day * 86_400 + clock(&cell[11..19])?) * 1_000)
        }
        _ => None,
    }
}

const WEEKDAYS: [&[u8; 3]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];

const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// A number of digits and nothing else.
fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + i64::from(byte - b'0'))
    })
}

/// `HH:MM:SS` in seconds. A leap second needs a second thought.
fn clock(text: &[u8]) -> Option<i64> {
    let [_, _, b':', _, _, b':', _, _] = text else {
        return None;
    };
    let hour = number(&text[..2]).filter(|hour| *hour < 24)?;
    let minute = number(&text[3..5]).filter(|minute| *minute < 60)?;
    let second = number(&text[6..]).filter(|second| *second < 60)?;
    Some((hour * 60 + minute) * 60 + second)
}

/// What stands behind the seconds: milliseconds, and the offset of the zone in seconds.
fn behind(text: &[u8]) -> Option<(i64, i64)> {
    let (mut millis, mut zone) = (0, text);
    if let [b'.', fraction @ ..] = text {
        let length = fraction
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if length == 0 {
            return None;
        }
        for place in 0..3 {
            let digit = fraction[..length].get(place);
            millis = millis * 10 + digit.map_or(0, |digit| i64::from(digit - b'0'));
        }
        zone = &fraction[length..];
    }
    let offset = match zone {
        b"Z" | b" UTC" => 0,
        [sign @ (b'+' | b'-'), h0, h1, b':', m0, m1] => {
            let hours = number(&[*h0, *h1]).filter(|hours| *hours <= 18)?;
            let minutes = number(&[*m0, *m1]).filter(|minutes| *minutes < 60)?;
            let seconds = (hours * 60 + minutes) * 60;
            if *sign == b'-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    Some((millis, offset))
}

/// The number of days since 1970-01-01, for days between 1990 and 2200.
fn day(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1990..2200).contains(&year) || !(1..=longest).contains(&day) {
        return None;
    }
    // Years are taken to begin in March, so that the leap day is the last one.
    let year = year - i64::from(month <= 2);
    let month = (month + 9) % 12;
    let days_before = 365 * year + year / 4 - year / 100 + year / 400;
    Some(days_before + (153 * month + 2) / 5 + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::super::TimeReader;
    use super::millis;
    use proptest::prelude::*;

    fn agree(cell: &str) -> Result<(), TestCaseError> {
        let reader = || TimeReader::new("time", None, None).unwrap();
        let (mut quick, mut slow) = (reader(), reader());
        prop_assert_eq!(quick.read(cell), slow.read_slowly(cell), "{}", cell);
        prop_assert_eq!(quick.clock(), slow.clock());
        Ok(())
    }

    #[test]
    fn the_usual_forms_are_read_quickly() {
        for (cell, at) in [
            ("2021-08-21T23:50:36Z", 1_629_589_836_000),
            ("2021-08-21 23:50:36.5+02:00", 1_629_582_636_500),
            ("2000-02-29 00:00:00.0019 UTC", 951_782_400_001),
            ("Wed Oct 10 20:19:24 +0000 2018", 1_539_202_764_000),
        ] {
            assert_eq!(millis(cell.as_bytes()), Some(at), "{cell}");
        }
        for cell in [
            "2021-02-29T00:00:00Z",
            "2021-08-21T23:50:60Z",
            "2021-08-21 23:50:36",
        ] {
            assert_eq!(millis(cell.as_bytes()), None, "{cell}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_quickly_is_read_alike_slowly(
            (year, month, day) in (1985..2205, 0..14, 0..33),
            (hour, minute, second) in (0..26, 0..62, 0..62),
            separator in "[T t]",
            fraction in "(\\.[0-9]{0,10})?",
            zone in "(Z|z| UTC| ?[+-][012][0-9]:[0-7][0-9]|\\+0000| CET|)",
            (weekday, name) in (0..7_usize, 0..12_usize),
        ) {
            agree(&format!("{year}-{month:02}-{day:02}{separator}{hour:02}:{minute:02}:{second:02}{fraction}{zone}"))?;
            let weekday = str::from_utf8(super::WEEKDAYS[weekday]).unwrap();
            let name = str::from_utf8(super::MONTHS[name]).unwrap();
            agree(&format!("{weekday} {name} {day:02} {hour:02}:{minute:02}:{second:02} +0000 {year}"))?;
        }

        #[test]
        fn every_day_is_the_same_day(day in 0..76_700_i64) {
            let at = 631_152_000_000 + day * 86_400_000;
            let cell = jiff::Timestamp::from_millisecond(at).unwrap().to_string();
            prop_assert_eq!(millis(cell.as_bytes()), Some(at));
        }
    }
}
