//! A real WebSocket server and a real HTTP listener, both of the unreliable kind.

use concerted_formats::read::ReadOptions;
use concerted_watch::delivery::{Delivery, Receiver, signature};
use concerted_watch::source::{Jetstream, Position, Source};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};
use tungstenite::handshake::server::{Request, Response};
use tungstenite::{Message, WebSocket};

/// A frame of version 1 of Jetstream.
fn v1(number: u64) -> String {
    let time = 1_700_000_000_000_000 + number * 1_000_000;
    format!(
        r#"{{"did":"did:plc:a{number}","time_us":{time},"kind":"commit","commit":{{"rev":"r","operation":"create","collection":"app.bsky.feed.post","rkey":"k{number}","record":{{"$type":"app.bsky.feed.post","text":"hello {number}","createdAt":"2023-11-14T22:13:20Z"}},"cid":"c"}}}}"#
    )
}

/// A frame of version 2.
fn v2(number: u64) -> String {
    format!(
        r#"{{"$type":"network.bsky.jetstream.subscribeEvents#commit","seq":{number},"did":"did:plc:a{number}","time":"2023-11-14T22:13:{:02}.000000Z","rev":"r","operation":"create","collection":"app.bsky.feed.post","rkey":"k{number}","record":{{"$type":"app.bsky.feed.post","text":"hello {number}","createdAt":"2023-11-14T22:13:20Z"}},"cid":"c"}}"#,
        number % 60
    )
}

/// Accepts a connection; returns it and the address that was asked for.
fn accept(listener: &TcpListener) -> (WebSocket<TcpStream>, String) {
    let (stream, _) = listener.accept().unwrap();
    let mut asked = String::new();
    #[expect(
        clippy::result_large_err,
        reason = "the type is that of the library's callback"
    )]
    let socket = tungstenite::accept_hdr(stream, |request: &Request, response: Response| {
        asked = request.uri().to_string();
        Ok(response)
    })
    .unwrap();
    (socket, asked)
}

fn broken_stream(frame: fn(u64) -> String) -> (Vec<String>, Vec<String>, Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("ws://{}/subscribe", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let mut asked = Vec::new();
        let (mut socket, uri) = accept(&listener);
        asked.push(uri);
        for number in 1..=5 {
            socket.send(Message::text(frame(number))).unwrap();
        }
        // The connection ends in the middle of a frame: 100 bytes are announced, three come.
        socket
            .get_mut()
            .write_all(&[0x81, 100, b'{', b'"', b'd'])
            .unwrap();
        drop(socket);
        let (mut socket, uri) = accept(&listener);
        asked.push(uri);
        for number in 4..=8 {
            socket.send(Message::text(frame(number))).unwrap();
        }
        socket.send(Message::text("this is no record")).unwrap();
        // More than a message may have.
        let _ = socket.send(Message::text("x".repeat(5 << 20)));
        let _ = socket.read();
        drop(socket);
        let (mut socket, uri) = accept(&listener);
        asked.push(uri);
        socket.send(Message::text(frame(9))).unwrap();
        // Wait until the other side has gone.
        let _ = socket.read();
        asked
    });
    let mut source = Jetstream::new(&address, &ReadOptions::default(), Position::default());
    let (mut ids, mut notes) = (Vec::new(), Vec::new());
    let until = Instant::now() + Duration::from_mins(1);
    while !ids.iter().any(|id: &String| id.ends_with("k9")) && Instant::now() < until {
        let batch = source.next(Duration::from_millis(100)).unwrap();
        ids.extend(batch.posts.into_iter().map(|post| post.post_id));
        notes.extend(batch.notes);
    }
    drop(source);
    (ids, notes, server.join().unwrap())
}

#[test]
fn a_stream_that_breaks_is_taken_up_at_its_cursor() {
    for (frame, cursor) in [
        // Five seconds before the last record, in microseconds.
        (v1 as fn(u64) -> String, "cursor=1700000000000000"),
        (v2, "cursor=5"),
    ] {
        let (ids, notes, asked) = broken_stream(frame);
        let distinct: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(distinct.len(), 9, "{ids:?} {notes:?}");
        assert!(
            ids.len() > 9,
            "the overlap comes twice and is left to the engine"
        );
        assert!(!asked[0].contains("cursor"), "{asked:?}");
        assert!(asked[1].ends_with(cursor), "{asked:?}");
        assert!(
            notes.iter().any(|note| note.contains("connecting again")),
            "{notes:?}"
        );
    }
}

/// Reads one HTTP request: its headers, lower case, and its body.
fn request(stream: &TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (head, String::from_utf8(body).unwrap())
}

#[test]
fn a_webhook_gets_every_alert_at_least_once_and_can_check_it() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let (send, receive) = channel();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            send.send(request(&stream)).unwrap();
            let status = if number == 0 { "503 Busy" } else { "200 OK" };
            write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            .unwrap();
        }
    });
    let dir = tempfile::tempdir().unwrap();
    let (journal, progress) = (
        dir.path().join("alerts.jsonl"),
        dir.path().join("webhook.delivered"),
    );
    let lines = ["{\"id\":\"watch-1-1\"}\n", "{\"id\":\"watch-1-2\"}\n"];
    std::fs::write(&journal, lines.concat()).unwrap();
    let receiver = Receiver::Webhook {
        address,
        secret: b"between you and me".to_vec(),
    };
    let delivery = Delivery::start(receiver.clone(), &journal, &progress, |_| {}).unwrap();
    delivery.finish(Duration::from_mins(1));
    let got: Vec<(String, String)> = receive.try_iter().collect();
    let bodies: Vec<&str> = got.iter().map(|(_, body)| body.as_str()).collect();
    assert_eq!(
        bodies,
        [lines[0].trim(), lines[0].trim(), lines[1].trim()],
        "the first one was refused once"
    );
    for (head, body) in &got {
        let signed = signature(b"between you and me", body);
        assert!(head.contains(&signed), "{head}");
    }
    assert!(got[0].0.contains("watch-1-1") && got[2].0.contains("watch-1-2"));

    // After a restart only what is new is sent.
    std::fs::write(
        &journal,
        [lines[0], lines[1], "{\"id\":\"watch-2-1\"}\n"].concat(),
    )
    .unwrap();
    let delivery = Delivery::start(receiver, &journal, &progress, |_| {}).unwrap();
    delivery.finish(Duration::from_mins(1));
    let got: Vec<String> = receive.try_iter().map(|(_, body)| body).collect();
    assert_eq!(got, ["{\"id\":\"watch-2-1\"}"]);
}
