//! Takes the words, links and mentions out of the HTML in which some platforms keep a post.

/// What is in a piece of HTML.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Html {
    pub(super) text: String,
    pub(super) links: Vec<String>,
}

/// Reads a piece of HTML. Links to hashtags and to accounts, which Mastodon marks as such, are only
/// text.
pub(super) fn read(html: &str) -> Html {
    let mut read = Html::default();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        unescape(&rest[..open], &mut read.text);
        rest = &rest[open + 1..];
        let Some(close) = rest.find('>') else {
            read.text.push('<');
            break;
        };
        let tag = &rest[..close];
        rest = &rest[close + 1..];
        match tag.split([' ', '/', '\n']).next().unwrap_or_default() {
            "br" => read.text.push('\n'),
            "" if tag == "/p" && !rest.is_empty() => read.text.push_str("\n\n"),
            "a" => {
                let class = attribute(tag, "class").unwrap_or_default();
                let marked = class
                    .split(' ')
                    .any(|name| matches!(name, "mention" | "hashtag"));
                if let Some(link) = attribute(tag, "href").filter(|_| !marked) {
                    let mut url = String::new();
                    unescape(link, &mut url);
                    read.links.push(url);
                }
            }
            _ => {}
        }
    }
    unescape(rest, &mut read.text);
    read
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let start = tag.find(&format!(" {name}="))? + name.len() + 2;
    let quote = tag[start..]
        .chars()
        .next()
        .filter(|mark| matches!(mark, '"' | '\''))?;
    tag[start + 1..].split(quote).next()
}

fn unescape(text: &str, into: &mut String) {
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        into.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        let letter = end.and_then(|end| entity(&rest[1..end]));
        if let (Some(letter), Some(end)) = (letter, end) {
            into.push(letter);
            rest = &rest[end + 1..];
        } else {
            into.push('&');
            rest = &rest[1..];
        }
    }
    into.push_str(rest);
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_links_come_out() {
        let read = read(
            "<p>Vote &amp; read <a href=\"https://a.example/?x=1&amp;y=2\" rel=\"nofollow\">this</a><br/>\
             <a href=\"https://m.example/tags/x\" class=\"mention hashtag\">#<span>x</span></a></p>\
             <p>5 &lt; 6 &#39;ok&#x27; R&D <b</p>",
        );
        assert_eq!(read.text, "Vote & read this\n#x\n\n5 < 6 'ok' R&D ");
        assert_eq!(read.links, ["https://a.example/?x=1&y=2"]);
    }
}
