use super::*;
use proptest::prelude::*;

fn reader() -> TimeReader {
    TimeReader::new("time", None, None).unwrap()
}

fn utc(time: &str) -> Millis {
    time.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

fn kind(cell: &str) -> ProblemKind {
    reader().read(cell).unwrap_err().kind
}

#[test]
fn one_moment_in_many_forms() {
    for cell in [
        "1629589836",
        "1629589836000",
        "1629589836000000",
        "1629589836000000000",
        "1629589836.0",
        "1.629589836e9",
        "1.629589836E+09",
        "2021-08-21T23:50:36Z",
        "2021-08-21t23:50:36z",
        "2021-08-21 23:50:36+00:00",
        "2021-08-21T23:50:36.000Z",
        "2021-08-22T01:50:36+02:00",
        "2021-08-22T01:50:36+0200",
        "2021-08-22 01:50:36 +02",
        "2021-08-21 18:50:36 CDT",
        "2021-08-21 19:50:36 EDT",
        "2021-08-21 16:50:36 PDT",
        "2021-08-22 01:50:36 CEST",
        "2021-08-22 00:50:36 BST",
        "2021-08-21 23:50:36 UTC",
        "2021/08/21 23:50:36 GMT",
        "Sat Aug 21 23:50:36 +0000 2021",
        "Sat, 21 Aug 2021 23:50:36 GMT",
        "Sat, 21 Aug 2021 19:50:36 EDT",
        "Saturday, August 21, 2021 at 11:50:36 PM UTC",
        "Aug 21, 2021 · 11:50:36 PM UTC",
        "21-Aug-2021 23:50:36 UTC",
        "21.8.2021 23:50:36 UTC",
        "8/21/2021 11:50:36 PM GMT",
        "21/08/21 23:50:36 UTC",
        "Sun Aug 22 2021 01:50:36 GMT+0200 (Central European Summer Time)",
        "2021-08-22T01:50:36+02:00[Europe/Berlin]",
        "2021-08-22 01:50:36 Europe/Berlin",
        " 2021-08-21T23:50:36Z ",
    ] {
        assert_eq!(reader().read(cell), Ok(1_629_589_836_000), "{cell}");
    }
    for (cell, time) in [
        ("2016-03-01 07:20 UTC", "2016-03-01T07:20:00Z"),
        ("2021-09-24 07:53:58 EDT", "2021-09-24T11:53:58Z"),
        ("Wed Oct 10 20:19:24 +0000 2018", "2018-10-10T20:19:24Z"),
        ("12:05 AM - 1 Mar 2016 UTC", "2016-03-01T00:05:00Z"),
        ("12:05 p.m. March 1st 2016 UTC", "2016-03-01T12:05:00Z"),
        ("2021-08-21T23:50:36.123456Z", "2021-08-21T23:50:36.123Z"),
        ("1633072800.123", "2021-10-01T07:20:00.123Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ("2021-08-21", "2021-08-21T00:00:00Z"),
        ("20210821", "2021-08-21T00:00:00Z"),
    ] {
        assert_eq!(reader().read(cell), Ok(utc(time)), "{cell}");
    }
}

#[test]
fn what_is_no_time_is_refused_with_its_reason() {
    for (cell, expected) in [
        ("", ProblemKind::BadTime),
        ("yesterday", ProblemKind::BadTime),
        ("NaN", ProblemKind::BadTime),
        ("2021-02-30T10:00:00Z", ProblemKind::BadTime),
        ("2021-02-28T25:00:00Z", ProblemKind::BadTime),
        ("2021-02-28 13:00 PM UTC", ProblemKind::BadTime),
        ("25.13.2021 10:00 UTC", ProblemKind::BadTime),
        ("-1438907040", ProblemKind::TimeOutOfRange),
        ("-1438907040.5", ProblemKind::TimeOutOfRange),
        ("0", ProblemKind::TimeOutOfRange),
        ("2016", ProblemKind::TimeOutOfRange),
        ("99999999999999999999", ProblemKind::TimeOutOfRange),
        ("1899-12-30T00:00:00Z", ProblemKind::TimeOutOfRange),
        ("2300-01-01T00:00:00Z", ProblemKind::TimeOutOfRange),
        ("2021-08-21T23:50:36", ProblemKind::NoZone),
        ("20210821235036", ProblemKind::NoZone),
        ("2021-08-21 23:50:36 IST", ProblemKind::NoZone),
        ("21.8.2021 23:50", ProblemKind::NoZone),
        ("03/04/2024 10:00 UTC", ProblemKind::AmbiguousDate),
    ] {
        assert_eq!(kind(cell), expected, "{cell}");
    }
}

#[test]
fn a_zone_that_is_given_serves_times_that_have_none() {
    let mut berlin = TimeReader::new("t", Some("Europe/Berlin"), None).unwrap();
    assert_eq!(berlin.read("2021-08-22T01:50:36"), Ok(1_629_589_836_000));
    assert_eq!(berlin.read("2021-08-21 23:50:36Z"), Ok(1_629_589_836_000));
    assert_eq!(berlin.take_doubt(), None);
    let mut offset = TimeReader::new("t", Some("+02:00"), None).unwrap();
    assert_eq!(offset.read("22.08.2021 01:50:36"), Ok(1_629_589_836_000));
    // The night in which clocks go back shows half past two twice, in spring never.
    assert_eq!(
        berlin.read("2021-10-31 02:30:00"),
        Ok(utc("2021-10-31T00:30:00Z"))
    );
    assert_eq!(berlin.take_doubt().unwrap().kind, ProblemKind::NoZone);
    assert_eq!(
        berlin.read("2021-03-28 02:30:00"),
        Ok(utc("2021-03-28T01:30:00Z"))
    );
    assert!(berlin.take_doubt().unwrap().detail.contains("did not come"));
    assert!(TimeReader::new("t", Some("Mars/Base"), None).is_err());
    assert!(TimeReader::new("t", None, Some("ymd")).is_err());
}

#[test]
fn the_order_of_day_and_month_is_one_for_the_column() {
    let march = utc("2024-04-03T10:00:00Z");
    let april = utc("2024-03-04T10:00:00Z");
    let cell = "03/04/2024 10:00 UTC";
    let learnt = |cells: &[&str]| {
        let mut reader = reader();
        reader.learn(cells.iter().copied());
        reader
    };
    assert_eq!(
        learnt(&[cell, "13/04/2024 10:00 UTC"]).read(cell),
        Ok(march)
    );
    assert_eq!(
        learnt(&[cell, "04/13/2024 10:00 UTC"]).read(cell),
        Ok(april)
    );
    let both = ["13/04/2024 10:00 UTC", "04/13/2024 10:00 UTC"];
    assert_eq!(
        learnt(&both).read(cell).unwrap_err().kind,
        ProblemKind::AmbiguousDate
    );
    assert_eq!(
        learnt(&both[..1]).read(both[1]).unwrap_err().kind,
        ProblemKind::BadTime
    );
    let mut given = TimeReader::new("t", None, Some("mdy")).unwrap();
    given.learn([both[0]]);
    assert_eq!(given.read(cell), Ok(april));
}

#[test]
fn numbers_of_a_column_have_one_unit() {
    let mut reader = reader();
    reader.learn(["1438907040", "1438907040123", "1438907041123"]);
    assert_eq!(reader.read("1438907040123"), Ok(1_438_907_040_123));
    let error = reader.read("1438907040").unwrap_err();
    assert_eq!(error.kind, ProblemKind::TimeOutOfRange);
    assert!(error.detail.contains("counts milliseconds"), "{error}");
}

#[test]
fn a_rounded_number_is_doubted() {
    let mut reader = reader();
    assert_eq!(reader.read("1.43891E+09"), Ok(1_438_910_000_000));
    assert_eq!(
        reader.take_doubt().unwrap().kind,
        ProblemKind::PrecisionLost
    );
    assert_eq!(reader.read("1438907040.0"), Ok(1_438_907_040_000));
    assert_eq!(reader.take_doubt(), None);
}

#[test]
fn the_clock_tells_its_smallest_step() {
    let step = |cells: &mut dyn Iterator<Item = String>| {
        let mut reader = reader();
        for cell in cells {
            reader.read(&cell).unwrap();
        }
        reader.clock().resolution_ms
    };
    let minutes = |count: i64| (0..count).map(|i| (1_600_000_020 + i * 60).to_string());
    assert_eq!(step(&mut minutes(19)), 1_000);
    assert_eq!(step(&mut minutes(20)), 60_000);
    assert_eq!(step(&mut minutes(20).chain(["1600000021".into()])), 1_000);
    assert_eq!(step(&mut ["1600000020001".into()].into_iter()), 1);
    assert_eq!(
        step(&mut ["2016-03-01 07:20 UTC".into()].into_iter()),
        60_000
    );
    assert_eq!(step(&mut ["2016-03-01".into()].into_iter()), DAY);
    assert_eq!(step(&mut std::iter::empty()), 1_000);
}

#[test]
fn spreadsheet_days_are_local() {
    assert_eq!(
        reader().read_serial(44_429.5, false).unwrap_err().kind,
        ProblemKind::NoZone
    );
    let mut reader = TimeReader::new("t", Some("UTC"), None).unwrap();
    assert_eq!(
        reader.read_serial(44_429.5, false),
        Ok(utc("2021-08-21T12:00:00Z"))
    );
    assert_eq!(
        reader.read_serial(42_967.5, true),
        Ok(utc("2021-08-21T12:00:00Z"))
    );
    assert_eq!(
        reader.read_serial(0.5, false).unwrap_err().kind,
        ProblemKind::TimeOutOfRange
    );
}

#[test]
fn ids_of_tweets_hold_their_milliseconds() {
    let id = snowflake_millis("1050118621198921728").unwrap();
    assert!(snowflake_agrees(id, utc("2018-10-10T20:19:24Z"), 1_000));
    assert!(snowflake_agrees(id, utc("2018-10-10T20:19:00Z"), 60_000));
    assert!(!snowflake_agrees(id, utc("2018-10-10T22:19:00Z"), 60_000));
    for id in [
        "",
        "12345678901234",
        "12345678901234x",
        "99999999999999999999",
    ] {
        assert_eq!(snowflake_millis(id), None, "{id}");
    }
}

/// The original export of FiveThirtyEight: minutes without a zone beside ids that know better.
#[test]
fn the_ids_of_a_real_export_agree_with_its_minutes() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/fivethirtyeight-v2-sample.csv");
    if !path.exists() {
        println!("skipped: there is no {}", path.display());
        return;
    }
    let mut rows = csv::Reader::from_path(path).unwrap();
    let column = |rows: &mut csv::Reader<_>, name: &str| {
        rows.headers()
            .unwrap()
            .iter()
            .position(|n| n == name)
            .unwrap()
    };
    let (time, id) = (
        column(&mut rows, "publish_date"),
        column(&mut rows, "tweet_id"),
    );
    let mut reader = TimeReader::new("publish_date", Some("UTC"), None).unwrap();
    let records: Vec<_> = rows.records().map(Result::unwrap).collect();
    reader.learn(records.iter().map(|record| &record[time]));
    let (mut agree, mut read) = (0, 0);
    for record in &records {
        let stated = reader.read(&record[time]).unwrap();
        read += 1;
        let exact = snowflake_millis(&record[id]);
        agree += u32::from(exact.is_some_and(|exact| snowflake_agrees(exact, stated, 60_000)));
    }
    println!("{agree} of {read} ids agree to the minute");
    assert_eq!(reader.clock().resolution_ms, 60_000);
    assert_eq!(read, 4_999);
    assert!(agree > 4_900, "{agree}");
}

proptest! {
    #[test]
    fn any_cell_is_a_time_or_an_error(cell in "\\PC{0,30}") {
        let mut reader = TimeReader::new("t", Some("America/New_York"), None).unwrap();
        reader.learn([cell.as_str()]);
        let _ = reader.read(&cell).is_ok();
    }

    #[test]
    fn cells_that_look_like_times_never_break(
        cell in "[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{0,12})?)?(Z| EST|[+-][0-9]{1,4})?"
    ) {
        let mut reader = TimeReader::new("t", Some("America/New_York"), None).unwrap();
        let _ = reader.read(&cell).is_ok();
    }

    #[test]
    fn what_is_written_is_read_back(millis in EARLIEST..LATEST, offset in -12..=14_i32) {
        let zone = TimeZone::fixed(Offset::from_seconds(offset * 3_600).unwrap());
        let moment = jiff::Timestamp::from_millisecond(millis).unwrap();
        let zoned = moment.to_zoned_datetime(zone);
        let cell = zoned.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string();
        prop_assert_eq!(reader().read(&cell), Ok(millis));
        let cell = zoned.strftime("%a %b %d %H:%M:%S %z %Y").to_string();
        prop_assert_eq!(reader().read(&cell), Ok(millis - millis.rem_euclid(1_000)));
        prop_assert_eq!(reader().read(&millis.to_string()), Ok(millis));
    }
}
