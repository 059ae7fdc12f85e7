//! Reads a column of times: seconds since 1970, ISO 8601, what Twitter, Facebook, spreadsheets and
//! people write.
//!
//! Two posts a few seconds apart are evidence, so a time is never guessed. A time without a zone is
//! refused unless the analyst names one, and so is 03/04/2024 unless the column or the analyst says
//! which number is the day. What is decided is decided for the column and not row by row:
//! show the reader some cells first with [`TimeReader::learn`].

mod forms;
mod quick;
mod snowflake;

pub use snowflake::{snowflake_agrees, snowflake_millis};

use super::Clock;
use super::problem::ProblemKind;
use concerted_engine::post::Millis;
use forms::{Date, Stamp, Zone};
use jiff::civil::{self, DateTime};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

/// 1990-01-01, before which no post is believed.
const EARLIEST: Millis = 631_152_000_000;
/// 2200-01-01, from which on no post is believed.
const LATEST: Millis = 7_258_118_400_000;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 24 * 60 * MINUTE;

/// Why a cell is not a time, or what is doubtful about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct TimeError {
    /// `BadTime`, `NoZone`, `AmbiguousDate`, `TimeOutOfRange` or `PrecisionLost`.
    pub kind: ProblemKind,
    /// The cell and the reason.
    pub detail: String,
}

/// What the analyst said about times cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// No zone of this name.
    #[error("there is no time zone {0:?}; give a name like Europe/Berlin or an offset like +02:00")]
    TimeZone(String),
    /// No order of this name.
    #[error("there is no date order {0:?}; give dmy or mdy")]
    DateOrder(String),
}

/// Whether the day or the month comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    DayFirst,
    MonthFirst,
}

/// What numbers in the column count since 1970. The ranges that fall between [`EARLIEST`] and
/// [`LATEST`] do not overlap, so that a number can mean only one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

impl Unit {
    const ALL: [Self; 4] = [
        Self::Seconds,
        Self::Milliseconds,
        Self::Microseconds,
        Self::Nanoseconds,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::Microseconds => "microseconds",
            Self::Nanoseconds => "nanoseconds",
        }
    }

    fn millis(self, count: i64) -> Option<Millis> {
        match self {
            Self::Seconds => count.checked_mul(1_000),
            Self::Milliseconds => Some(count),
            Self::Microseconds => Some(count.div_euclid(1_000)),
            Self::Nanoseconds => Some(count.div_euclid(1_000_000)),
        }
    }

    fn of(count: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| {
            unit.millis(count)
                .is_some_and(|millis| (EARLIEST..LATEST).contains(&millis))
        })
    }
}

/// Reads the times of one column.
#[derive(Clone, Debug)]
pub struct TimeReader {
    column: String,
    zone: Option<TimeZone>,
    order: Option<Order>,
    order_given: bool,
    unit: Option<Unit>,
    /// The unit that was known when this reader was forked.
    begun: Option<Unit>,
    steps: Steps,
    doubt: Option<TimeError>,
}

impl TimeReader {
    /// A reader for the column of this name. `time_zone` (IANA name or offset) is the clock of times
    /// that carry no zone, `date_order` is `dmy` or `mdy`.
    pub fn new(
        column: &str,
        time_zone: Option<&str>,
        date_order: Option<&str>,
    ) -> Result<Self, SettingError> {
        let zone = match time_zone {
            None => None,
            Some(name) => Some(
                named_zone(name.trim()).ok_or_else(|| SettingError::TimeZone(name.to_owned()))?,
            ),
        };
        let order = match date_order.map(str::to_ascii_lowercase).as_deref() {
            None => None,
            Some("dmy") => Some(Order::DayFirst),
            Some("mdy") => Some(Order::MonthFirst),
            Some(other) => return Err(SettingError::DateOrder(other.to_owned())),
        };
        Ok(Self {
            column: column.to_owned(),
            zone,
            order,
            order_given: order.is_some(),
            unit: None,
            begun: None,
            steps: Steps::default(),
            doubt: None,
        })
    }

    /// A reader that goes on from here and has seen no time.
    pub(super) fn fork(&self) -> Self {
        Self {
            begun: self.unit,
            steps: Steps::default(),
            doubt: None,
            ..self.clone()
        }
    }

    /// Whether the other, when it was forked, knew what this one knows now.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        self.unit == other.begun
    }

    /// Takes in what a fork has seen behind this one.
    pub(super) fn absorb(&mut self, other: &Self) {
        self.unit = other.unit;
        self.steps.append(&other.steps);
    }

    /// Looks at cells of the column to settle what must be the same in all of them: the unit of
    /// numbers (that of most cells), and the order of day and month where a number beyond 12 gives
    /// it away. Cells that contradict each other leave the order open.
    pub fn learn<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        let mut units = [0_u64; 4];
        let (mut day_first, mut month_first) = (false, false);
        for cell in cells {
            let cell = cell.trim();
            if let Ok(count) = cell.parse::<i64>() {
                if let Some(unit) = Unit::of(count) {
                    units[unit as usize] += 1;
                }
            } else if let Some(Stamp {
                date: Date::Either { first, second, .. },
                ..
            }) = forms::parse(cell)
            {
                day_first |= first > 12;
                month_first |= second > 12;
            }
        }
        if let Some(most) = units.iter().max().filter(|most| **most > 0) {
            self.unit = Unit::ALL
                .into_iter()
                .find(|unit| units[*unit as usize] == *most);
        }
        if !self.order_given {
            self.order = match (day_first, month_first) {
                (true, false) => Some(Order::DayFirst),
                (false, true) => Some(Order::MonthFirst),
                _ => None,
            };
        }
    }

    /// The time in a cell, in milliseconds since 1970 UTC.
    pub fn read(&mut self, cell: &str) -> Result<Millis, TimeError> {
        self.doubt = None;
        let cell = cell.trim();
        match quick::millis(cell.as_bytes()) {
            Some(millis) => self.keep(cell, millis, None),
            None => self.read_slowly(cell),
        }
    }

    /// The time in a cell of any form.
    fn read_slowly(&mut self, cell: &str) -> Result<Millis, TimeError> {
        let (millis, written) = match cell.as_bytes() {
            [] => return Err(error(ProblemKind::BadTime, "the cell is empty")),
            [b'0'..=b'9' | b'-' | b'+' | b'.', rest @ ..] if rest.iter().copied().all(numeric) => {
                self.number(cell)?
            }
            _ => self.written(cell)?,
        };
        self.keep(cell, millis, written)
    }

    /// The time of a spreadsheet cell: days since 1899-12-30, or since 1904-01-01 in some old ones.
    /// Such a cell has no zone.
    pub fn read_serial(&mut self, serial: f64, since_1904: bool) -> Result<Millis, TimeError> {
        self.doubt = None;
        let days_to_1970 = if since_1904 { 24_107.0 } else { 25_569.0 };
        let millis = ((serial - days_to_1970) * DAY as f64).round();
        let cell = serial.to_string();
        if !(EARLIEST as f64..LATEST as f64).contains(&millis) {
            return Err(out_of_range(&cell));
        }
        #[expect(clippy::cast_possible_truncation, reason = "in range, as just checked")]
        let local = jiff::Timestamp::from_millisecond(millis as i64)
            .map_err(|_| out_of_range(&cell))?
            .to_zoned_datetime(TimeZone::UTC)
            .datetime();
        let millis = self.place(&cell, local, &Zone::None)?;
        self.keep(&cell, millis, None)
    }

    /// Name of the column.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// What was doubtful about the time that was read last, if anything.
    pub fn take_doubt(&mut self) -> Option<TimeError> {
        self.doubt.take()
    }

    /// The clock of the column: the smallest step seen so far. A clock that shows no seconds is
    /// believed to be one of minutes once it has shown 20 different ones, or writes none; a column of
    /// dates alone has a step of a day.
    pub fn clock(&self) -> Clock {
        Clock {
            resolution_ms: self.steps.smallest(),
            source: self.column.clone(),
        }
    }

    fn keep(
        &mut self,
        cell: &str,
        millis: Millis,
        written: Option<i64>,
    ) -> Result<Millis, TimeError> {
        if !(EARLIEST..LATEST).contains(&millis) {
            return Err(out_of_range(cell));
        }
        self.steps.add(millis, written);
        Ok(millis)
    }

    fn number(&mut self, cell: &str) -> Result<(Millis, Option<i64>), TimeError> {
        let bad = || error(ProblemKind::BadTime, format!("{cell:?} is not a time"));
        if let Ok(count) = cell.parse::<i64>() {
            if matches!(cell.len(), 8 | 12 | 14)
                && Unit::of(count).is_none()
                && let Some(stamp) = forms::compact(cell)
            {
                return self.stamp(cell, stamp);
            }
            let unit = self.unit_of(cell, count)?;
            let millis = unit.millis(count).ok_or_else(|| out_of_range(cell))?;
            return Ok((millis, None));
        }
        if cell.bytes().filter(|byte| *byte == b'.').count() > 1
            || cell.bytes().skip(1).any(|byte| byte == b'-') && !cell.contains(['e', 'E'])
        {
            return self.written(cell);
        }
        let count: f64 = cell.parse().map_err(|_| bad())?;
        if !(0.0..9e18).contains(&count) {
            return Err(out_of_range(cell));
        }
        #[expect(clippy::cast_possible_truncation, reason = "in range, as just checked")]
        let unit = self.unit_of(cell, count as i64)?;
        let millis = match unit {
            Unit::Seconds => count * 1e3,
            Unit::Milliseconds => count,
            Unit::Microseconds => count / 1e3,
            Unit::Nanoseconds => count / 1e6,
        };
        if let Some(step) = rounded_to(cell, millis) {
            self.doubt = Some(error(
                ProblemKind::PrecisionLost,
                format!("{cell:?} is rounded to {step} seconds"),
            ));
        }
        #[expect(clippy::cast_possible_truncation, reason = "in range of its unit")]
        Ok((millis.round() as i64, None))
    }

    fn unit_of(&mut self, cell: &str, count: i64) -> Result<Unit, TimeError> {
        let unit = Unit::of(count).ok_or_else(|| out_of_range(cell))?;
        let column = *self.unit.get_or_insert(unit);
        if unit == column {
            Ok(unit)
        } else {
            Err(error(
                ProblemKind::TimeOutOfRange,
                format!(
                    "{cell:?} would be {}, and this column counts {}",
                    unit.name(),
                    column.name()
                ),
            ))
        }
    }

    fn written(&mut self, cell: &str) -> Result<(Millis, Option<i64>), TimeError> {
        if let Some(stamp) = forms::parse(cell) {
            return self.stamp(cell, stamp);
        }
        // Times with a zone in brackets and other rare but exact forms.
        if let Ok(zoned) = cell.parse::<jiff::ZonedDateTime>() {
            return Ok((zoned.timestamp().as_millisecond(), None));
        }
        Err(error(
            ProblemKind::BadTime,
            format!("{cell:?} is not a time that is understood"),
        ))
    }

    fn stamp(&mut self, cell: &str, stamp: Stamp) -> Result<(Millis, Option<i64>), TimeError> {
        let bad = |why: &str| error(ProblemKind::BadTime, format!("{cell:?}: {why}"));
        let (year, month, day) = match stamp.date {
            Date::Known { year, month, day } => (year, month, day),
            Date::Either {
                first,
                second,
                year,
            } => match self.order {
                Some(Order::DayFirst) => (year, second, first),
                Some(Order::MonthFirst) => (year, first, second),
                None if first > 12 || first == second => (year, second, first),
                None if second > 12 => (year, first, second),
                None => {
                    return Err(error(
                        ProblemKind::AmbiguousDate,
                        format!("{cell:?} may be day and month or month and day"),
                    ));
                }
            },
        };
        let small = |number: u32| i8::try_from(number).ok();
        let date = small(month)
            .zip(small(day))
            .and_then(|(month, day)| civil::Date::new(year, month, day).ok())
            .ok_or_else(|| match (stamp.date, self.order) {
                (Date::Either { .. }, Some(Order::DayFirst)) => {
                    bad("there is no such day when the day comes first")
                }
                (Date::Either { .. }, Some(Order::MonthFirst)) => {
                    bad("there is no such day when the month comes first")
                }
                _ => bad("there is no such day"),
            })?;
        let time = stamp.time.ok_or_else(|| bad("there is no such hour"))?;
        let local = date.to_datetime(time);
        let zone = if stamp.step == Some(DAY) && stamp.zone == Zone::None && self.zone.is_none() {
            // A day is no moment in any zone; the step of a day says so.
            Zone::Minutes(0)
        } else {
            stamp.zone
        };
        Ok((self.place(cell, local, &zone)?, stamp.step))
    }

    /// The moment at which a clock of this zone shows this time. Where clocks went back and showed it
    /// twice the first is taken, where they jumped over it the moment after, and both are doubted.
    fn place(&mut self, cell: &str, local: DateTime, zone: &Zone) -> Result<Millis, TimeError> {
        let named;
        let zone = match zone {
            Zone::Minutes(minutes) => {
                let utc = local.duration_since(DateTime::from(civil::Date::constant(1970, 1, 1)));
                let millis = i64::try_from(utc.as_millis()).map_err(|_| out_of_range(cell))?;
                return Ok(millis - i64::from(*minutes) * MINUTE);
            }
            Zone::Name(name) => {
                named = if name.contains('/') {
                    TimeZone::get(name).ok()
                } else {
                    None
                };
                let why =
                    format!("{cell:?} names a zone, {name}, that is not known or means several");
                named
                    .as_ref()
                    .or(self.zone.as_ref())
                    .ok_or_else(|| error(ProblemKind::NoZone, why))?
            }
            Zone::None => self.zone.as_ref().ok_or_else(|| {
                error(
                    ProblemKind::NoZone,
                    format!("{cell:?} does not say its zone"),
                )
            })?,
        };
        let ambiguous = zone.to_ambiguous_timestamp(local);
        let why = match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => None,
            AmbiguousOffset::Fold { .. } => Some("came twice, and the first was taken"),
            AmbiguousOffset::Gap { .. } => Some("did not come, and the hour after was taken"),
        };
        let moment = ambiguous.compatible().map_err(|_| out_of_range(cell))?;
        self.doubt = why.map(|why| {
            error(
                ProblemKind::NoZone,
                format!("{cell:?}: when clocks were changed this hour {why}"),
            )
        });
        Ok(moment.as_millisecond())
    }
}

/// Steps of a clock seen so far.
#[derive(Clone, Debug)]
struct Steps {
    /// The largest of 1, 1,000 and 60,000 that divides every time.
    shown: i64,
    /// The smallest step that the forms of the cells can show.
    possible: i64,
    /// The first twenty different times.
    different: Vec<Millis>,
}

impl Default for Steps {
    fn default() -> Self {
        Self {
            shown: MINUTE,
            possible: DAY,
            different: Vec::new(),
        }
    }
}

impl Steps {
    const ENOUGH: usize = 20;

    /// `written` is the step of the form, where it leaves out seconds or hours.
    fn add(&mut self, millis: Millis, written: Option<i64>) {
        if millis % self.shown != 0 {
            self.shown = if millis % SECOND == 0 { SECOND } else { 1 };
        }
        self.possible = self.possible.min(written.unwrap_or(1));
        if self.different.len() < Self::ENOUGH && !self.different.contains(&millis) {
            self.different.push(millis);
        }
    }

    /// Adds the steps of times that came behind these.
    fn append(&mut self, other: &Self) {
        self.shown = self.shown.min(other.shown);
        self.possible = self.possible.min(other.possible);
        for &millis in &other.different {
            if self.different.len() < Self::ENOUGH && !self.different.contains(&millis) {
                self.different.push(millis);
            }
        }
    }

    fn smallest(&self) -> i64 {
        if self.different.is_empty() {
            SECOND
        } else if self.shown < MINUTE {
            self.shown
        } else if self.possible >= MINUTE {
            self.possible
        } else if self.different.len() == Self::ENOUGH {
            MINUTE
        } else {
            SECOND
        }
    }
}

fn named_zone(name: &str) -> Option<TimeZone> {
    match forms::zone(name) {
        Some(Zone::Minutes(minutes)) => {
            Some(TimeZone::fixed(Offset::from_seconds(minutes * 60).ok()?))
        }
        _ => TimeZone::get(name).ok(),
    }
}

fn numeric(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')
}

/// To how many seconds a number written with an exponent is rounded, if to more than one.
fn rounded_to(cell: &str, millis: f64) -> Option<u64> {
    let (mantissa, _) = cell.split_once(['e', 'E'])?;
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let needed = (millis / 1e3).log10().floor() + 1.0;
    let lost = needed - digits as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 10 and 10^11"
    )]
    (lost >= 1.0).then(|| 10_f64.powf(lost) as u64)
}

fn error(kind: ProblemKind, detail: impl Into<String>) -> TimeError {
    TimeError {
        kind,
        detail: detail.into(),
    }
}

fn out_of_range(cell: &str) -> TimeError {
    error(
        ProblemKind::TimeOutOfRange,
        format!("{cell:?} is not between 1990 and 2200"),
    )
}

#[cfg(test)]
mod tests;
