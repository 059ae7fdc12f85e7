use super::*;
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252};
use proptest::prelude::*;
use std::io::{BufRead, Write};

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn all(bytes: &[u8], limits: &Limits) -> Result<Vec<Opened>, OpenError> {
    open(&Input::Path(file(bytes).path().to_owned()), limits)
}

/// The text of an input, and what is known of it.
fn text(bytes: &[u8]) -> (String, Finished) {
    text_within(bytes, &Limits::default())
}

fn text_within(bytes: &[u8], limits: &Limits) -> (String, Finished) {
    let mut opened = all(bytes, limits).unwrap();
    assert_eq!(opened.len(), 1);
    let Content::Text(mut text) = opened.remove(0).content else {
        panic!("not text")
    };
    let mut read = Vec::new();
    text.read_to_end(&mut read).unwrap();
    let finished = text.finish().unwrap();
    assert_eq!(finished.bytes, bytes.len() as u64);
    assert_eq!(finished.sha256, hex(&Sha256::digest(bytes)));
    (String::from_utf8(read).unwrap(), finished)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip_of(members: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn kinds(finished: &Finished) -> Vec<(Option<u64>, ProblemKind)> {
    finished.problems.iter().map(|p| (p.0, p.1)).collect()
}

fn utf_16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16()
        .flat_map(|unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        })
        .collect()
}

#[test]
fn plain_text_comes_out_as_it_is() {
    let (read, finished) = text("id,text\n1,Grüße 😀\n".as_bytes());
    assert_eq!(read, "id,text\n1,Grüße 😀\n");
    assert!(finished.notes.is_empty() && finished.problems.is_empty());
    assert_eq!(kinds(&text(b"").1), [(None, ProblemKind::EmptyFile)]);
}

#[test]
fn byte_order_marks_are_taken_off() {
    let (read, _) = text(b"\xef\xbb\xbfid\n1\n");
    assert_eq!(read, "id\n1\n");
    for (big, mark) in [(false, b"\xff\xfe"), (true, b"\xfe\xff")] {
        let mut bytes = mark.to_vec();
        bytes.extend(utf_16("id;текст\n1;да\n", big));
        let (read, finished) = text(&bytes);
        assert_eq!(read, "id;текст\n1;да\n");
        assert!(finished.notes[0].contains("UTF-16"), "{finished:?}");
    }
}

#[test]
fn utf_16_is_known_without_its_mark() {
    for (big, encoding) in [(false, UTF_16LE), (true, UTF_16BE)] {
        for line in [
            "id,text\n1,yes\n",
            "1;Россия вернётся;2016\n",
            "1,我们在一起,2024\r\n",
        ] {
            let line = line.repeat(50);
            let (read, finished) = text(&utf_16(&line, big));
            assert_eq!(read, line);
            assert!(finished.notes[0].contains(encoding.name()), "{finished:?}");
        }
    }
}

#[test]
fn old_encodings_are_guessed_however_late_they_show() {
    let russian = "1;Мы за честные выборы, и никто нас не остановит\n".repeat(20);
    let german = "1;Wir wählen am Sonntag – für größere Löhne\n".repeat(20);
    let late = format!("{}{german}", "1;plain text as ever\n".repeat(40_000));
    for (text_read, encoding) in [
        (&russian, WINDOWS_1251),
        (&german, WINDOWS_1252),
        (&late, WINDOWS_1252),
    ] {
        let (read, finished) = text(&encoding.encode(text_read).0);
        assert_eq!(&read, text_read);
        assert!(finished.notes[0].contains(encoding.name()), "{finished:?}");
        assert!(finished.problems.is_empty());
    }
}

#[test]
fn broken_characters_are_replaced_and_counted_with_their_line() {
    let mut bytes = "a\nGrüße aus Köln, für alle Wähler in Würzburg\n"
        .as_bytes()
        .to_vec();
    bytes.extend(b"x\xffy\nz\xc3");
    let (read, finished) = text(&bytes);
    assert!(read.ends_with("x\u{fffd}y\nz\u{fffd}"), "{read}");
    assert_eq!(kinds(&finished), [(Some(3), ProblemKind::BadEncoding)]);
    assert!(finished.problems[0].2.starts_with("2 sequences"));
}

#[test]
fn nul_bytes_are_taken_out_and_counted() {
    let (read, finished) = text(b"id,text of some length\n1,a\0b\0c and so on and so on\n");
    assert_eq!(read, "id,text of some length\n1,abc and so on and so on\n");
    assert_eq!(kinds(&finished), [(Some(2), ProblemKind::NulByte)]);
}

#[test]
fn packed_text_is_unpacked_with_all_its_members_and_frames() {
    let two = [gzip(b"one\n"), gzip(b"two\n")].concat();
    assert_eq!(text(&two).0, "one\ntwo\n");
    let frames = [
        zstd::encode_all(&b"one\n"[..], 1).unwrap(),
        zstd::encode_all(&b"two\n"[..], 1).unwrap(),
    ]
    .concat();
    assert_eq!(text(&frames).0, "one\ntwo\n");
    let (read, finished) = text(&gzip(&frames));
    assert_eq!(read, "one\ntwo\n");
    assert_eq!(finished.notes, ["packed with gzip", "packed with zstd"]);
    let deep = gzip(&gzip(&gzip(&gzip(b"x"))));
    assert!(matches!(
        all(&deep, &Limits::default()),
        Err(OpenError::Unknown { .. })
    ));
}

#[test]
fn the_members_of_a_zip_archive_come_in_order_of_name() {
    let one = zip_of(&[("posts.csv", "id\n1\n")]);
    assert_eq!(text(&one).0, "id\n1\n");
    let two = zip_of(&[
        ("b.csv", "id\n2\n"),
        ("a.csv", "id\n1\n"),
        ("__MACOSX/a.csv", "x"),
    ]);
    let opened = all(&two, &Limits::default()).unwrap();
    let mut seen = Vec::new();
    for one in opened {
        let name = one.name.rsplit('/').next().unwrap().to_owned();
        let Content::Text(mut text) = one.content else {
            panic!("not text")
        };
        let mut read = String::new();
        text.read_to_string(&mut read).unwrap();
        assert_eq!(text.finish().unwrap().sha256, hex(&Sha256::digest(&two)));
        seen.push((name, read));
    }
    assert_eq!(
        seen,
        [
            ("a.csv".to_owned(), "id\n1\n".to_owned()),
            ("b.csv".to_owned(), "id\n2\n".to_owned())
        ]
    );
}

#[test]
fn parquet_and_workbooks_are_known_by_their_bytes_packed_or_not() {
    let parquet = b"PAR1 and whatever follows".to_vec();
    for bytes in [
        parquet.clone(),
        gzip(&parquet),
        zip_of(&[("x", "PAR1 and whatever follows")]),
    ] {
        let opened = all(&bytes, &Limits::default()).unwrap().remove(0);
        let Content::Parquet(mut whole) = opened.content else {
            panic!("not Parquet")
        };
        whole.file.rewind().unwrap();
        let mut read = Vec::new();
        whole.file.read_to_end(&mut read).unwrap();
        assert_eq!(read, parquet);
        assert_eq!(whole.finish().unwrap().sha256, hex(&Sha256::digest(&bytes)));
    }
    let workbook = zip_of(&[("[Content_Types].xml", "<x/>"), ("xl/workbook.xml", "<x/>")]);
    let opened = all(&workbook, &Limits::default()).unwrap().remove(0);
    assert!(matches!(opened.content, Content::Workbook(_)));
    let error = all(b"7z\xbc\xaf\x27\x1c0000", &Limits::default()).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("a 7-Zip archive; unpack it first"),
        "{error}"
    );
    assert_eq!(error.kind(), ProblemKind::Unreadable);
}

#[test]
fn a_bomb_is_refused_early() {
    let mut bomb = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    let zeros = vec![0_u8; 1 << 20];
    for _ in 0..512 {
        bomb.write_all(&zeros).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    let (read, finished) = text(&bomb);
    assert_eq!(read, "");
    assert!(
        kinds(&finished).contains(&(None, ProblemKind::TooLarge)),
        "{finished:?}"
    );

    // Members that each stay in proportion, and together do not end.
    let many = gzip(&b"x\n".repeat(50_000)).repeat(100);
    let limits = Limits {
        max_unpacked: 1_000_000,
        ..Limits::default()
    };
    let (read, finished) = text_within(&many, &limits);
    assert!(read.len() <= 1_000_000);
    assert_eq!(kinds(&finished), [(None, ProblemKind::TooLarge)]);
}

#[test]
fn a_file_that_ends_in_the_middle_counts_up_to_there() {
    let mut lines = String::new();
    for number in 0..20_000_u64 {
        lines += &number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_string();
        lines.push('\n');
    }
    for packed in [
        gzip(lines.as_bytes()),
        zstd::encode_all(lines.as_bytes(), 3).unwrap(),
    ] {
        let (read, finished) = text(&packed[..packed.len() / 2]);
        assert!(lines.starts_with(&read) && !read.is_empty());
        assert_eq!(kinds(&finished), [(None, ProblemKind::Truncated)]);
    }
}

#[test]
fn a_hundred_megabytes_without_a_line_end_are_one_long_line() {
    let endless = std::io::repeat(b'x').take(100 << 20);
    let source = std::io::BufReader::new(b"one\r\n".chain(endless).chain(&b"\nlast"[..]));
    let mut lines = Lines::new(source, 1 << 20);
    let mut seen = Vec::new();
    while let Some(line) = lines.next().unwrap() {
        seen.push(match line {
            Line::Whole {
                number,
                bytes,
                ended,
            } => (number, bytes.len() as u64, ended),
            Line::TooLong { number, length } => (number, length, false),
        });
    }
    assert_eq!(
        seen,
        [(1, 3, true), (2, (100 << 20) + 1, false), (3, 4, false)]
    );
}

#[test]
fn what_is_open_can_be_read_on_another_thread() {
    let opened = all(b"id\n1\n", &Limits::default()).unwrap().remove(0);
    let finished = std::thread::spawn(move || opened.finish().unwrap());
    assert_eq!(finished.join().unwrap().bytes, 5);
}

#[test]
fn a_missing_file_and_a_folder_are_told() {
    let error = open(&Input::Path("/nowhere/at-all".into()), &Limits::default()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("cannot read /nowhere/at-all: "),
        "{error}"
    );
    let folder = tempfile::tempdir().unwrap();
    assert!(open(&Input::Path(folder.path().to_owned()), &Limits::default()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_become_utf_8_or_an_error(
        magic in prop::sample::select(vec![
            &b""[..], b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"PK\x05\x06", b"PAR1",
            b"\xff\xfe", b"\xef\xbb\xbf",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let bytes = [magic, &rest].concat();
        for opened in all(&bytes, &Limits::default()).into_iter().flatten() {
            if let Content::Text(mut text) = opened.content {
                while !text.fill_buf().unwrap().is_empty() {
                    let chunk = text.fill_buf().unwrap();
                    prop_assert!(std::str::from_utf8(chunk).is_ok());
                    let read = chunk.len();
                    text.consume(read);
                }
                prop_assert_eq!(text.finish().unwrap().bytes, bytes.len() as u64);
            }
        }
    }

    #[test]
    fn lines_join_to_the_text(text in "[a-c\r\n]{0,60}", limit in 1_usize..20) {
        let mut lines = Lines::new(text.as_bytes(), limit);
        let mut expected = text.split_inclusive('\n');
        while let Some(line) = lines.next().unwrap() {
            let whole = expected.next().unwrap();
            let stripped = whole.strip_suffix('\n').map_or(whole, |l| l.strip_suffix('\r').unwrap_or(l));
            match line {
                Line::Whole { bytes, ended, .. } => {
                    prop_assert_eq!(bytes, stripped.as_bytes());
                    prop_assert_eq!(ended, whole.ends_with('\n'));
                }
                Line::TooLong { length, .. } => {
                    prop_assert!(stripped.len() > limit);
                    prop_assert_eq!(length, whole.len() as u64);
                }
            }
        }
        prop_assert!(expected.next().is_none());
    }
}
