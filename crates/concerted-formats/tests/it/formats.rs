//! Each format is recognised by its columns and read with its quirks.

use super::*;
use arrow::array::{
    ArrayRef, DictionaryArray, Float64Array, Int64Array, ListArray, RecordBatch, StringArray,
    TimestampMicrosecondArray, TimestampSecondArray,
};
use arrow::datatypes::{Int32Type, UInt8Type};
use std::sync::Arc;

/// The only post of a text that is of this format.
fn one(format: &str, text: &str) -> Post {
    let reading = read_text(text);
    assert_eq!(
        reading.inputs[0].format, format,
        "{}",
        reading.inputs[0].why
    );
    assert_eq!(reading.inputs[0].refused, 0, "{:?}", problems(&reading));
    assert_eq!(reading.posts.len(), 1);
    posts(&reading).remove(0)
}

#[test]
fn share_tables_of_cooretweet_keep_their_objects() {
    let reading = read_text(
        "object_id,account_id,content_id,timestamp_share,kind\no1,a,p1,1600000000,url\no2,a,p1,1600000000,hashtag\no1,b,p2,1600000001,mystery\n",
    );
    assert_eq!(reading.inputs[0].format, "cooretweet");
    let read = posts(&reading);
    let object = |kind: &str, id: &str| (kind.to_owned(), id.to_owned());
    assert_eq!(read.len(), 2);
    assert_eq!(
        read[0].objects,
        [object("link", "o1"), object("hashtag", "o2")]
    );
    assert_eq!(read[1].objects, [object("", "o1")]);
}

#[test]
fn wide_tables_are_gathered_into_posts() {
    let header = "account_id,post_id,url_id,hashtag_id,domain_id,phash_id,timestamp\n";
    let reading = read_text(format!(
        "{header}fb_1,10,5,7,,,2021-08-21 23:50:36\ntw_2,11,,,,9,2021-08-21 23:50:37\nfb_1,10,5,8.0,3,,2021-08-21 23:50:36\nfb_1,10,5,7,,,2021-08-21 23:50:36\n"
    ));
    let input = &reading.inputs[0];
    assert_eq!(
        (input.format.as_str(), input.rows, input.posts),
        ("german-wide", 4, 2)
    );
    let first = reading.posts.get(0).to_post();
    let objects: Vec<_> = first
        .objects
        .iter()
        .map(|(kind, id)| (kind.as_str(), id.as_str()))
        .collect();
    assert_eq!(
        objects,
        [
            ("link", "5"),
            ("hashtag", "7"),
            ("hashtag", "8"),
            ("domain", "3")
        ]
    );
    assert_eq!((first.platform.as_str(), first.source.row), ("facebook", 2));
    assert_eq!(reading.posts.get(1).platform(), "twitter");
    assert_eq!(first.time, 1_629_589_836_000);
    assert!(
        input
            .notes
            .iter()
            .any(|note| note.starts_with("1 rows repeat")),
        "{:?}",
        input.notes
    );
}

#[test]
fn a_post_that_several_rows_tell_has_the_hash_of_their_hashes() {
    use sha2::{Digest, Sha256};
    let rows = ["a,1,x,1600000000", "a,1,y,1600000000"];
    let text = format!(
        "account_id,content_id,object_id,timestamp\n{}\n",
        rows.join("\n")
    );
    let mut hashes = rows.map(|row| <[u8; 32]>::from(Sha256::digest(row)));
    hashes.sort_unstable();
    let expected = <[u8; 32]>::from(Sha256::digest(hashes.concat()));
    assert_eq!(one("cooretweet", &text).source.sha256, expected);
}

#[test]
fn eight_columns_of_the_qut_toolkit_are_read_by_position() {
    let row = "m1,u1,name,r1,,hello,1600000000,http://a.de http://b.de\n";
    let expected = |post: &Post| {
        assert_eq!(
            (post.post_id.as_str(), post.account_id.as_str()),
            ("m1", "u1")
        );
        assert_eq!(
            (post.repost_of.as_str(), post.text.as_str()),
            ("r1", "hello")
        );
        assert_eq!((post.is_repost, post.urls.len()), (Some(true), 2));
    };
    let named = "message_id,user_id,username,repost_id,reply_id,message,timestamp,urls\n";
    let other = "a1,a2,a3,a4,a5,a6,a7,a8\n";
    for header in ["", named, other] {
        let post = one("qut", &format!("{header}{row}"));
        expected(&post);
        assert_eq!(post.source.row, if header.is_empty() { 1 } else { 2 });
    }
    let empty = one("qut", &format!("{named}m1,u1,name,,,hello,1600000000,\n"));
    assert!(empty.urls.is_empty());
    assert_eq!(empty.is_repost, Some(false));
}

#[test]
fn the_archive_of_twitter_gets_its_milliseconds_from_ids() {
    let post = one(
        "twitter-io",
        "tweetid,userid,user_screen_name,tweet_client_name,tweet_time,tweet_text,is_retweet,retweet_tweetid,retweet_userid,urls,hashtags,user_mentions\n\
         914580356430536707,3b1f==,3b1f==,web,2017-10-01 19:58,hello,False,,,\"[http://a.de, http://b.de]\",\"[x, y]\",[]\n",
    );
    assert_eq!(
        post.time,
        (914_580_356_430_536_707_i64 >> 22) + 1_288_834_974_657
    );
    assert_eq!(
        (post.platform.as_str(), post.is_repost),
        ("twitter", Some(false))
    );
    assert_eq!(post.urls, ["http://a.de", "http://b.de"]);
    assert_eq!(post.hashtags, ["x", "y"]);
    let reading = read_text(
        "tweetid,userid,tweet_client_name,tweet_time,tweet_text\n914580356430536707,a,web,2017-10-01 19:58,x\n914580356430536707,a,web,2017-10-01 21:58,x\n",
    );
    let input = &reading.inputs[0];
    assert_eq!(input.clock.resolution_ms, 60_000);
    assert!(
        input
            .notes
            .iter()
            .any(|note| note.ends_with("the snowflake id of 1 of 2 posts")),
        "{:?}",
        input.notes
    );
}

#[test]
fn rounded_ids_of_the_fivethirtyeight_release_give_way_to_handles() {
    let text = |id: &str| {
        format!(
            "external_author_id,author,content,publish_date,retweet,account_category,tweet_id\n{id},10_GOP,x,10/1/2017 19:58,1,RightTroll,914580356430536707\n"
        )
    };
    assert_eq!(
        one("fivethirtyeight-ira", &text("906000000000000000")).account_id,
        "10_GOP"
    );
    let post = one("fivethirtyeight-ira", &text("2528776985"));
    assert_eq!(
        (post.account_id.as_str(), post.is_repost),
        ("2528776985", Some(true))
    );
    let reading = read_text(text("9.06E+17"));
    assert_eq!(reading.posts.get(0).account_id(), "10_GOP");
    assert!(
        problems(&reading)
            .contains(&"2 precision-lost external_author_id: 9.06E+17 has been rounded".to_owned())
    );
}

#[test]
fn exports_of_4cat_keep_seconds_in_unix_timestamp() {
    let post = one(
        "4cat",
        "id,thread_id,timestamp,unix_timestamp,author,author_id,body,is_retweet,retweeted_user,hashtags,urls,retweet_count\n\
         7,7,2021-01-01 02:00:00,1609459200,name,9,hello,yes,other,\"x,y\",\"http://a.de,http://b.de\",4\n",
    );
    assert_eq!(
        (post.time, post.account_id.as_str()),
        (1_609_459_200_000, "9")
    );
    assert_eq!(
        (post.is_repost, post.repost_of_account.as_str()),
        (Some(true), "other")
    );
    assert_eq!(
        (post.platform.as_str(), post.urls.len(), post.hashtags.len()),
        ("twitter", 2, 2)
    );
}

#[test]
fn tables_of_twarc_and_minet() {
    let post = one(
        "twarc-csv",
        "id,author_id,author.username,created_at,text,referenced_tweets.retweeted.id,entities.urls,__twarc.version\n\
         7,9,n,2021-01-01T00:00:00.000Z,hi,6,\"[{\"\"expanded_url\"\":\"\"http://a.de\"\"}]\",2.0\n",
    );
    assert_eq!(
        (post.repost_of.as_str(), post.urls),
        ("6", vec!["http://a.de".to_owned()])
    );
    assert_eq!(post.platform, "twitter");
    let post = one(
        "minet-twitter",
        "id,timestamp_utc,local_time,user_screen_name,user_id,text,links,retweeted_id,collected_via\n\
         7,1609459200,2021-01-01T01:00:00,n,9,hi,http://a.de|http://b.de,,search\n",
    );
    assert_eq!(
        (post.time, post.urls.len(), post.is_repost),
        (1_609_459_200_000, 2, Some(false))
    );
}

#[test]
fn exports_of_meta() {
    let post = one(
        "crowdtangle",
        "Page Name,User Name,Facebook Id,Post Created,Message,URL,Link,Final Link,Link Text,Total Interactions\n\
         P,p,77,2021-01-01 00:00:00 EST,hi,https://fb.com/1,http://s.hort,http://a.de,T,\"1,000\"\n",
    );
    assert_eq!(
        (post.account_id.as_str(), post.account_name.as_str()),
        ("77", "p")
    );
    assert_eq!(post.time, 1_609_477_200_000);
    assert_eq!(
        (post.urls, post.link_title.as_str()),
        (vec!["http://a.de".to_owned()], "T")
    );
    let post = one(
        "meta-content-library",
        "id,post_owner.id,post_owner.name,creation_time,text,link_attachment.link,shared_post_id\n\
         1,2,N,2024-05-01T10:00:00+00:00,hi,http://a.de,3\n",
    );
    assert_eq!((post.repost_of.as_str(), post.is_repost), ("3", Some(true)));
}

#[test]
fn social_listening_begins_with_lines_about_the_query() {
    let options = ReadOptions {
        time_zone: Some("UTC".into()),
        ..ReadOptions::default()
    };
    let brandwatch = "Report:,Bulk Mentions Download\nBrand:,Election\nFrom:,Mon Jan 01 2024\n\n\
         Query Id,Query Name,Date,Title,Snippet,Url,Author,Page Type,Full Text\n\
         1,q,2024-01-01 10:00:00.0,t,s,http://x.com/1,anna,twitter,hello there\n";
    let reading = read_with(brandwatch, &options);
    assert_eq!(reading.inputs[0].format, "brandwatch");
    let post = posts(&reading).remove(0);
    assert_eq!(
        (post.text.as_str(), post.source.row, post.time),
        ("hello there", 6, 1_704_103_200_000)
    );
    let meltwater = "Date,Time,Document ID,URL,Author Handle,Hit Sentence,Opening Text\n\
         2024-01-01,10:00:30,d1,http://x.com/1,@anna,hello,hello there\n";
    let reading = read_with(meltwater, &options);
    assert_eq!(reading.inputs[0].format, "meltwater");
    assert_eq!(reading.posts.get(0).time(), 1_704_103_230_000);
    let post = one(
        "talkwalker",
        "published;content;title;url;extra_author_attributes.id;extra_author_attributes.name\n1704103200000;hello;T;http://x;9;Anna\n",
    );
    assert_eq!(
        (post.time, post.account_id.as_str()),
        (1_704_103_200_000, "9")
    );
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).expect("columns are of one length");
    let mut bytes = Vec::new();
    let mut writer = ::parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None)
        .expect("the schema can be written");
    writer.write(&batch).expect("rows can be written");
    writer.close().expect("a file in memory can be closed");
    bytes
}

fn lists() -> ArrayRef {
    Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>([
        Some(vec![Some(1), None, Some(2)]),
        None,
    ]))
}

fn some_parquet() -> Vec<u8> {
    let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("a, b"), None]));
    let accounts: DictionaryArray<UInt8Type> = ["anna", "bert"].into_iter().collect();
    parquet(vec![
        (
            "post_id",
            Arc::new(Float64Array::from(vec![129_235.0, 1e18])),
        ),
        ("account_id", Arc::new(accounts)),
        ("text", texts),
        ("media_ids", lists()),
        (
            "repost_of",
            Arc::new(Int64Array::from(vec![Some(i64::MAX), None])),
        ),
        (
            "time",
            Arc::new(TimestampMicrosecondArray::from(vec![
                1_600_000_000_123_456,
                -1,
            ])),
        ),
    ])
}

#[test]
fn parquet_columns_of_any_type_lose_nothing() {
    let reading = read_text(some_parquet());
    let post = posts(&reading).remove(0);
    assert_eq!(
        (post.post_id.as_str(), post.account_id.as_str()),
        ("129235", "anna")
    );
    assert_eq!(
        (post.text.as_str(), post.repost_of.as_str()),
        ("a, b", "9223372036854775807")
    );
    assert_eq!(
        (post.time, post.media),
        (1_600_000_000_123, vec!["1".to_owned(), "2".to_owned()])
    );
    assert_eq!(
        problems(&reading),
        [
            "- no-zone time: its timestamps carry no zone and were read as UTC",
            "2! time-out-of-range time: 1969-12-31T23:59:59.999999 is not between 1990 and 2200",
            "2 precision-lost post_id: 1000000000000000000 has been rounded",
        ]
    );
    let zoned = TimestampSecondArray::from(vec![1_600_000_000]).with_timezone("+02:00");
    let reading = read_text(parquet(vec![
        ("ts", Arc::new(zoned)),
        ("user", Arc::new(StringArray::from(vec!["a"]))),
        ("id", Arc::new(Int64Array::from(vec![1]))),
        ("text", Arc::new(StringArray::from(vec!["x"]))),
    ]));
    assert_eq!(reading.posts.get(0).time(), 1_600_000_000_000);
    assert_eq!(problems(&reading), [""; 0]);
}

#[test]
fn a_parquet_file_that_is_cut_short() {
    let whole = some_parquet();
    let error = error(&whole[..whole.len() - 30], &ReadOptions::default());
    assert!(
        error.contains("posts.csv: it is a Parquet file without a readable end"),
        "{error}"
    );
    assert!(
        error.contains("Fetch the file again; it ends in the middle"),
        "{error}"
    );
}

#[test]
fn json_comes_by_the_same_door() {
    let line = r#"{"id":"1","account_id":"a","time":"2021-01-01T00:00:00Z","text":"grün"}"#;
    let reading = read_text(format!("{line}\n{}\n", line.replace("\"1\"", "\"2\"")));
    assert_eq!(reading.posts.len(), 2, "{:?}", problems(&reading));
    assert_eq!(reading.posts.get(0).text(), "grün");
    assert!(concerted_formats::read::formats().contains(&reading.inputs[0].format.as_str()));
}

/// A workbook with one sheet whose rows are given as XML.
fn workbook(rows: &str) -> Vec<u8> {
    use std::io::Write;
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns='{PACKAGE}/content-types'><Default Extension='xml' ContentType='application/xml'/>\
                 <Override PartName='/xl/workbook.xml' ContentType='application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns='{PACKAGE}/relationships'><Relationship Id='rId1' Type='{OFFICE}/officeDocument' Target='xl/workbook.xml'/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns='{MAIN}' xmlns:r='{OFFICE}'><sheets><sheet name='Posts' sheetId='1' r:id='rId1'/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns='{PACKAGE}/relationships'><Relationship Id='rId1' Type='{OFFICE}/worksheet' Target='worksheets/sheet1.xml'/>\
                 <Relationship Id='rId2' Type='{OFFICE}/styles' Target='styles.xml'/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns='{MAIN}'><cellXfs count='2'><xf numFmtId='0'/><xf numFmtId='22'/></cellXfs></styleSheet>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns='{MAIN}'><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .expect("names are short");
        zip.write_all(content.as_bytes()).expect("memory takes all");
    }
    zip.finish().expect("memory takes all").into_inner()
}

#[test]
fn a_workbook_keeps_times_without_zone_and_rounds_ids() {
    let text = |place: &str, text: &str| {
        format!("<c r='{place}' t='inlineStr'><is><t>{text}</t></is></c>")
    };
    let header: String = [
        ("A2", "post_id"),
        ("B2", "user"),
        ("C2", "time"),
        ("D2", "text"),
    ]
    .iter()
    .map(|(place, name)| text(place, name))
    .collect();
    let sheet = workbook(&format!(
        "<row r='2'>{header}</row><row r='3'><c r='A3'><v>1000000000000000000</v></c>{}<c r='C3' s='1'><v>44197.5</v></c>{}</row>",
        text("B3", "anna"),
        text("D3", "hello")
    ));
    assert_eq!(
        error(&sheet, &ReadOptions::default()),
        "posts.csv: the times in the column time say no zone (row 3: 2021-01-01 12:00:00); \
         say which zone its clock keeps, for example --time-zone UTC"
    );
    let options = ReadOptions {
        time_zone: Some("UTC".into()),
        ..ReadOptions::default()
    };
    let reading = read_with(&sheet, &options);
    let post = posts(&reading).remove(0);
    assert_eq!(
        (post.time, post.source.row, post.text.as_str()),
        (1_609_502_400_000, 3, "hello")
    );
    assert_eq!(
        problems(&reading),
        ["3 precision-lost post_id: 1000000000000000000 has been rounded"]
    );
    assert!(
        reading.inputs[0]
            .notes
            .contains(&"read from the sheet Posts".to_owned())
    );
}
