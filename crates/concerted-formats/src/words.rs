//! Numbers and times in words, the same in the terminal and in the report.

use jiff::Timestamp;

/// A count with a thin space between thousands.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        // Four digits read well without a gap.
        if place > 0 && digits.len() > 4 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A count for the start of a sentence: in letters up to twelve.
pub fn in_words(n: u64) -> String {
    const WORDS: [&str; 13] = [
        "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
        "Eleven", "Twelve",
    ];
    usize::try_from(n)
        .ok()
        .and_then(|n| WORDS.get(n))
        .map_or_else(|| count(n), |word| (*word).to_owned())
}

/// A ratio or expected count with two significant digits.
pub fn ratio(x: f64) -> String {
    if x == 0.0 {
        return "0".into();
    }
    if x >= 100.0 {
        return format!("{x:.0}");
    }
    // Digits behind the point so that two significant ones stand.
    let digits = (1.0 - x.abs().log10().floor()).clamp(0.0, 6.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=6"
    )]
    let digits = digits as usize;
    format!("{x:.digits$}")
}

/// A corrected chance: never 0.000, three decimals below 0.1 and two above.
pub fn q_value(q: f64) -> String {
    if q.is_nan() {
        "–".into()
    } else if q < 0.001 {
        "< 0.001".into()
    } else if q < 0.1 {
        format!("{q:.3}")
    } else {
        format!("{q:.2}")
    }
}

/// A share of a whole in percent with two significant digits.
pub fn percent(part: u64, of: u64) -> String {
    if of == 0 {
        return "–".into();
    }
    let share = 100.0 * part as f64 / of as f64;
    if share >= 10.0 {
        format!("{share:.0}%")
    } else {
        format!("{}%", ratio(share))
    }
}

/// A length of time: the two largest units that matter.
pub fn duration(ms: i64) -> String {
    let seconds = ms.abs() / 1_000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let two = |a: i64, unit_a: &str, b: i64, unit_b: &str| {
        if b == 0 {
            format!("{a} {unit_a}")
        } else {
            format!("{a} {unit_a} {b} {unit_b}")
        }
    };
    match seconds {
        0 if ms == 0 => "0 s".into(),
        0 => format!("{ms} ms"),
        1..60 => format!("{seconds} s"),
        60..3_600 => two(minutes, "min", seconds % 60, "s"),
        3_600..86_400 => two(hours, "h", minutes, "min"),
        _ => two(days, if days == 1 { "day" } else { "days" }, hours, "h"),
    }
}

/// A length of time for a title: the smaller unit only where the larger is below ten.
pub fn about(ms: i64) -> String {
    let unit = match ms.abs() {
        0..600_000 => 1,
        600_000..36_000_000 => 60_000,
        36_000_000..864_000_000 => 3_600_000,
        _ => 86_400_000,
    };
    duration((ms + unit / 2).div_euclid(unit) * unit)
}

/// A text in which no number stands at the end of a line without its unit.
pub fn unbroken(text: &str) -> String {
    const UNITS: [&str; 6] = ["s", "ms", "min", "h", "day", "days"];
    let mut joined = String::with_capacity(text.len() + 8);
    let mut words = text.split(' ');
    joined.push_str(words.next().unwrap_or_default());
    for word in words {
        let unit = UNITS.contains(&word.trim_end_matches(|c: char| !c.is_alphanumeric()));
        let after_number = joined.ends_with(|c: char| c.is_ascii_digit());
        joined.push(if unit && after_number { '\u{a0}' } else { ' ' });
        joined.push_str(word);
    }
    joined
}

/// A score, with a minus sign that is as wide as a digit.
pub fn score(nats: f64) -> String {
    format!("{nats:.1}").replace('-', "−")
}

/// A date to read, in UTC.
pub fn day(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(
        |_| format!("{ms} ms"),
        |time| time.strftime("%-d %B %Y").to_string(),
    )
}

/// A time of day on a date to read, in UTC; seconds only where the clock has them.
pub fn moment(ms: i64, resolution_ms: i64) -> String {
    let format = if resolution_ms >= 60_000 {
        "%-d %B %H:%M"
    } else {
        "%-d %B %H:%M:%S"
    };
    Timestamp::from_millisecond(ms).map_or_else(
        |_| format!("{ms} ms"),
        |time| time.strftime(format).to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(
            [count(0), count(4_999), count(58_317), count(1_234_567)],
            ["0", "4999", "58\u{202f}317", "1\u{202f}234\u{202f}567"]
        );
        assert_eq!(
            [
                ratio(0.0),
                ratio(0.0123),
                ratio(1.0),
                ratio(41.4),
                ratio(265.3)
            ],
            ["0", "0.012", "1.0", "41", "265"]
        );
        assert_eq!(
            [
                duration(0),
                duration(420),
                duration(4_000),
                duration(600_000)
            ],
            ["0 s", "420 ms", "4 s", "10 min"]
        );
        assert_eq!(
            [
                duration(11_520_000),
                duration(90_000_000),
                duration(21_600_000)
            ],
            ["3 h 12 min", "1 day 1 h", "6 h"]
        );
        assert_eq!(
            [
                about(4_000),
                about(3_382_000),
                about(14_430_000),
                about(90_000_000)
            ],
            ["4 s", "56 min", "4 h 1 min", "1 day 1 h"]
        );
        assert_eq!(
            unbroken("56 at 5 s, 8 at 6 h"),
            "56 at 5\u{a0}s, 8 at 6\u{a0}h"
        );
        assert_eq!([in_words(3), in_words(48)], ["Three", "48"]);
        assert_eq!((score(-0.71), score(12.0)), ("−0.7".into(), "12.0".into()));
        assert_eq!(day(1_629_589_836_000), "21 August 2021");
        assert_eq!(moment(1_629_589_836_000, 1_000), "21 August 23:50:36");
    }
}
