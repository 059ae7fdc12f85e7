//! When was it said? Days in news, resolved against the day of the article.

use crate::day::Day;
use jiff::civil::Weekday;
use std::ops::Range;

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
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// What a sentence says of the day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) day: Option<Day>,
    /// What is known where the day is not.
    pub(crate) precision: Option<String>,
}

/// The day that a sentence names, told in an article of `published`.
pub(crate) fn said_on(sentence: &str, published: Option<Day>) -> Said {
    if let Some((day, _)) = written_day(sentence) {
        return Said {
            day: Some(day),
            precision: None,
        };
    }
    let words: Vec<String> = sentence
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    for pair in words.windows(2) {
        let month = MONTHS.iter().position(|month| *month == pair[0]);
        if let (Some(month), Ok(year @ 1900..=2100)) = (month, pair[1].parse::<u16>()) {
            let precision = Some(format!("within {year}-{:02}", month + 1));
            return Said {
                day: None,
                precision,
            };
        }
    }
    let Some(published) = published else {
        return Said {
            day: None,
            precision: Some("not stated".to_owned()),
        };
    };
    for (name, weekday) in WEEKDAYS {
        if words.iter().any(|word| word == name) {
            // News of Friday that speaks of Friday means today; else the last one that was.
            let back = i64::from(published.date().weekday().since(weekday));
            let day = published.date().checked_sub(jiff::Span::new().days(back));
            return Said {
                day: day.ok().map(Day::new),
                precision: None,
            };
        }
    }
    if words.iter().any(|word| word == "yesterday") {
        return Said {
            day: published.date().yesterday().ok().map(Day::new),
            precision: None,
        };
    }
    if words.iter().any(|word| word == "today") {
        return Said {
            day: Some(published),
            precision: None,
        };
    }
    Said {
        day: None,
        precision: Some(format!("not stated; told on {published}")),
    }
}

/// A day written out with its year: `26 April 2031`, `April 26, 2031`, `2031-04-26`.
pub(crate) fn written_day(text: &str) -> Option<(Day, Range<usize>)> {
    let mut words: Vec<(usize, &str)> = Vec::new();
    let mut from = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        let inside = letter.is_alphanumeric() || letter == '-';
        match (inside, from) {
            (true, None) => from = Some(at),
            (false, Some(start)) => {
                words.push((start, &text[start..at]));
                from = None;
            }
            _ => {}
        }
    }
    for (at, word) in &words {
        if let Ok(day) = word.parse::<Day>() {
            return Some((day, *at..at + word.len()));
        }
    }
    words.windows(3).find_map(|three| {
        let [(start, first), (_, second), (last, third)] = *three else {
            return None;
        };
        let month = |word: &str| {
            let word = word.to_lowercase();
            MONTHS
                .iter()
                .position(|month| *month == word || (word.len() == 3 && month.starts_with(&word)))
        };
        let (day, month) = match (month(first), month(second)) {
            (Some(month), _) => (second, month),
            (None, Some(month)) => (first, month),
            _ => return None,
        };
        let day: i8 = day.parse().ok()?;
        let year: i16 = third
            .parse()
            .ok()
            .filter(|year| (1900..=2100).contains(year))?;
        let month = i8::try_from(month).ok()? + 1;
        let date = jiff::civil::Date::new(year, month, day).ok()?;
        Some((Day::new(date), start..last + third.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_resolved_against_the_article() {
        let published = Some("2031-04-26".parse().unwrap());
        let day = |text: &str| said_on(text, published).day.map(|day| day.to_string());
        // The 26th of April 2031 is a Saturday.
        assert_eq!(day("she said on Friday").as_deref(), Some("2031-04-25"));
        assert_eq!(day("she said on Saturday").as_deref(), Some("2031-04-26"));
        assert_eq!(day("on Sunday").as_deref(), Some("2031-04-20"));
        assert_eq!(day("on April 3, 2030, he").as_deref(), Some("2030-04-03"));
        assert_eq!(day("on 3 Apr 2030 he").as_deref(), Some("2030-04-03"));
        assert_eq!(day("yesterday").as_deref(), Some("2031-04-25"));
        assert_eq!(
            said_on("in November 2030", published).precision.as_deref(),
            Some("within 2030-11")
        );
        assert_eq!(day("she may say so"), None);
        assert_eq!(written_day("31 February 2031"), None);
    }
}
