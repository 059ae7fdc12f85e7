//! The text of an article, with where its paragraphs lie, its title, its day and who published it.

use crate::day::Day;

/// An article as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Article {
    /// Everything that is read, with a line end after each paragraph.
    pub(crate) text: String,
    pub(crate) title: String,
    pub(crate) publisher: Option<String>,
    pub(crate) published_on: Option<Day>,
}

/// Reads an article from HTML or plain text; which it is shows in its first characters.
pub(crate) fn read(source: &str) -> Article {
    let start = source.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('<') {
        html(start)
    } else {
        plain(start)
    }
}

/// Plain text: the first line is the title; a second line with a day in it names publisher and day.
fn plain(source: &str) -> Article {
    let mut lines = source.lines().peekable();
    let mut article = Article {
        title: lines.next().unwrap_or_default().trim().to_owned(),
        ..Article::default()
    };
    // `By Anna Brandt`: who wrote it stands before who published it.
    while lines
        .peek()
        .is_some_and(|line| line.trim_start().starts_with("By "))
    {
        lines.next();
    }
    if let Some((publisher, day)) = lines.peek().and_then(|line| byline(line)) {
        article.published_on = Some(day);
        article.publisher = Some(publisher).filter(|name| !name.is_empty());
        lines.next();
    }
    let mut paragraph = String::new();
    for line in lines.chain([""]) {
        if line.trim().is_empty() {
            push(&mut article.text, &paragraph);
            paragraph.clear();
        } else {
            paragraph.push(' ');
            paragraph.push_str(line.trim());
        }
    }
    article
}

/// `The Harbour Courier, 26 April 2031`, and the same with the day first or as 2031-04-26.
fn byline(line: &str) -> Option<(String, Day)> {
    let (day, range) = super::dates::written_day(line)?;
    let rest = format!("{}{}", &line[..range.start], &line[range.end..]);
    let name = rest.trim_matches(|letter: char| !letter.is_alphanumeric());
    Some((name.to_owned(), day))
}

fn push(text: &mut String, paragraph: &str) {
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    if !words.is_empty() {
        text.push_str(&words.join(" "));
        text.push('\n');
    }
}

/// Elements whose text is not the article's.
const SKIPPED: &[&str] = &[
    "script", "style", "noscript", "nav", "header", "footer", "aside", "form", "figure",
    "template", "svg",
];
/// Elements that do not end a paragraph.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "cite", "em", "font", "i", "mark", "q", "s", "small", "span", "strong",
    "sub", "sup", "time", "u", "wbr",
];

fn html(source: &str) -> Article {
    let mut article = Article::default();
    let mut paragraph = String::new();
    let mut heading = String::new();
    let (mut in_title, mut in_heading) = (false, false);
    let mut rest = source;
    while let Some(open) = rest.find('<') {
        let words = entities(&rest[..open]);
        if in_title {
            article.title.push_str(&words);
        } else if in_heading {
            heading.push_str(&words);
        } else {
            paragraph.push_str(&words);
        }
        rest = &rest[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let end = tag_end(rest);
        let tag = &rest[1..end];
        rest = rest.get(end + 1..).unwrap_or("");
        let closing = tag.starts_with('/');
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        if SKIPPED.contains(&name.as_str()) && !closing && !tag.ends_with('/') {
            rest = after_closing(rest, &name);
        }
        match name.as_str() {
            "title" => in_title = !closing && article.title.is_empty(),
            "h1" => in_heading = !closing && heading.is_empty(),
            "meta" => meta(tag, &mut article),
            _ => {}
        }
        if !INLINE.contains(&name.as_str()) {
            push(&mut article.text, &paragraph);
            paragraph.clear();
        }
    }
    paragraph.push_str(&entities(rest));
    push(&mut article.text, &paragraph);
    if !heading.trim().is_empty() {
        article.title = heading;
    }
    article.title = article
        .title
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    article
}

/// Where a tag ends, with `>` in quoted attributes passed over.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (at, letter) in tag.char_indices() {
        match (quote, letter) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    tag.len()
}

fn after_closing<'a>(text: &'a str, name: &str) -> &'a str {
    let low = text.to_ascii_lowercase();
    low.find(&format!("</{name}"))
        .and_then(|at| low[at..].find('>').map(|end| &text[at + end + 1..]))
        .unwrap_or("")
}

fn meta(tag: &str, article: &mut Article) {
    let Some(content) = attribute(tag, "content") else {
        return;
    };
    let name = attribute(tag, "property")
        .or_else(|| attribute(tag, "name"))
        .unwrap_or_default();
    match name.as_str() {
        "og:site_name" => article.publisher = Some(content),
        "article:published_time" | "date" | "dc.date" | "parsely-pub-date" => {
            article.published_on = content.get(..10).and_then(|day| day.parse().ok());
        }
        _ => {}
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!("{name}="))? + name.len() + 1;
    let quote = tag[at..]
        .chars()
        .next()
        .filter(|letter| matches!(letter, '"' | '\''))?;
    let value = tag[at + 1..].split(quote).next()?;
    Some(entities(value))
}

/// Puts the letters in the place of the character references that news pages use.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = rest
            .find(';')
            .filter(|end| *end <= 10)
            .and_then(|end| entity(&rest[1..end]).map(|letter| (letter, end)));
        if let Some((letter, end)) = found {
            out.push(letter);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "ldquo" => '“',
        "rdquo" => '”',
        "lsquo" => '‘',
        "rsquo" => '’',
        "mdash" => '—',
        "ndash" => '–',
        "hellip" => '…',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_paragraphs() {
        let page = "<html><head><title>T | P</title><meta name='date' content='2031-04-26'></head><body>\
            <script>\"no\" < 3</script><h1>A <b>title</b></h1><p title=\"a > b\">One &ldquo;two&rdquo;<br>three</p>\
            <!-- <p>not</p> --><p>four &#38; five &unknown;</p></body>";
        let article = read(page);
        assert_eq!(article.text, "One “two”\nthree\nfour & five &unknown;\n");
        assert_eq!(article.title, "A title");
        assert_eq!(article.published_on, Some("2031-04-26".parse().unwrap()));
    }

    #[test]
    fn unfinished_pages_are_read_to_their_end() {
        for page in [
            "<",
            "<p",
            "<p>a",
            "<script>",
            "<!--",
            "<p>&#xFFFFFFFF;",
            "<meta content=",
            "<é>",
        ] {
            read(page);
        }
    }

    #[test]
    fn a_byline_gives_publisher_and_day() {
        let article = read("Title\nThe Courier, 26 April 2031\n\nOne\ntwo.\n\nThree.");
        assert_eq!(article.publisher.as_deref(), Some("The Courier"));
        assert_eq!(article.published_on, Some("2031-04-26".parse().unwrap()));
        assert_eq!(article.text, "One two.\nThree.\n");
    }
}
