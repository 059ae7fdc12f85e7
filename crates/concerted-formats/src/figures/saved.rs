//! A figure that leaves the page: one SVG that carries its title, what was counted, what the marks mean
//! and where it is from, in the light palette.

use super::palette::{LIGHT, resolved};
use super::raster::width_of;
use super::{Figure, px};
use crate::words::unbroken;
use maud::{Markup, PreEscaped, html};

const MARGIN: f64 = 24.0;

/// Writing around the picture: size, line, whether bold, class.
struct Hand {
    size: f32,
    line: f64,
    bold: bool,
    class: &'static str,
}

const TITLE: Hand = Hand {
    size: 17.0,
    line: 23.0,
    bold: true,
    class: "saved-title",
};
const TEXT: Hand = Hand {
    size: 12.0,
    line: 17.0,
    bold: false,
    class: "saved-text",
};
const STYLE: &str = ".paper{fill:#ffffff}.saved-title{font-size:17px;font-weight:600;fill:#14191f}.saved-text{font-size:12px;fill:#48525f}";

/// The figure as a file of its own; `source` says where its data are from.
pub fn svg(figure: &Figure, source: &str) -> String {
    let (wide, high) = size(&figure.svg);
    let mut top = MARGIN;
    let title = block(&unbroken(&figure.title), &TITLE, wide, &mut top);
    top += 4.0;
    let counted = block(&figure.counted, &TEXT, wide, &mut top);
    top += 6.0;
    let key = key(figure, wide, &mut top);
    top += 6.0;
    let drawing = placed(&figure.svg, MARGIN, top);
    top += high + 10.0;
    let from = block(source, &TEXT, wide, &mut top);
    let (width, height) = (wide + 2.0 * MARGIN, top + MARGIN - 6.0);
    let picture = html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(px(width)) height=(px(height))
            viewBox={ "0 0 " (px(width)) " " (px(height)) } {
            title { (clean(&figure.title)) }
            desc { (clean(&figure.counted)) " " (clean(source)) }
            style { (PreEscaped(resolved(&LIGHT))) (PreEscaped(STYLE)) }
            rect class="paper" width=(px(width)) height=(px(height)) {}
            (title) (counted) (key) (drawing) (from)
        }
    };
    picture.into_string() + "\n"
}

/// Width and height that a picture says it has.
fn size(picture: &Markup) -> (f64, f64) {
    let of = |name: &str| {
        let from = picture.0.find(&format!(" {name}=\""))? + name.len() + 3;
        picture.0[from..].split('"').next()?.parse().ok()
    };
    (of("width").unwrap_or(0.0), of("height").unwrap_or(0.0))
}

/// A picture at its place in another; links into the page lead nowhere here and are left out.
fn placed(picture: &Markup, x: f64, y: f64) -> Markup {
    let mut text = picture.0.replacen(
        "<svg ",
        &format!("<svg x=\"{}\" y=\"{}\" ", px(x), px(y)),
        1,
    );
    while let Some(from) = text.find("<a ") {
        let end = text[from..]
            .find('>')
            .map_or(text.len(), |at| from + at + 1);
        text.replace_range(from..end, "");
    }
    PreEscaped(text.replace("</a>", ""))
}

/// Lines of words from `top` down, which is moved below them.
fn block(words: &str, hand: &Hand, wide: f64, top: &mut f64) -> Markup {
    let lines = wrapped(&clean(words), hand, wide);
    let first = *top;
    *top += hand.line * lines.len() as f64;
    html! {
        @for (place, line) in lines.iter().enumerate() {
            text x=(px(MARGIN)) y=(px(first + hand.line * place as f64 + f64::from(hand.size))) class=(hand.class) { (line) }
        }
    }
}

fn wrapped(words: &str, hand: &Hand, wide: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        let longer = lines.last().map(|line| format!("{line} {word}"));
        match longer.filter(|line| f64::from(width_of(line, hand.size, hand.bold)) <= wide) {
            Some(line) => *lines.last_mut().expect("a line was just seen") = line,
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// What the marks mean, side by side as far as there is room.
fn key(figure: &Figure, wide: f64, top: &mut f64) -> Markup {
    let mut at = MARGIN;
    let mut items = Vec::new();
    for meaning in &figure.key {
        let room = 28.0 + f64::from(width_of(&meaning.text, TEXT.size, false));
        if at > MARGIN && at + room > MARGIN + wide {
            at = MARGIN;
            *top += TEXT.line + 2.0;
        }
        items.push((at, *top, meaning));
        at += room + 16.0;
    }
    *top += TEXT.line;
    html! {
        @for (x, y, meaning) in items {
            svg x=(px(x)) y=(px(y + 2.0)) width="22" height="12" viewBox="0 0 22 12" { (meaning.mark) }
            text x=(px(x + 28.0)) y=(px(y + f64::from(TEXT.size))) class=(TEXT.class) { (meaning.text) }
        }
    }
}

/// Letters that XML can hold.
fn clean(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\t' | '\n' | '\r' => ' ',
            letter if letter.is_control() || ('\u{fffe}'..='\u{ffff}').contains(&letter) => {
                '\u{fffd}'
            }
            letter => letter,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::delays;

    fn figure() -> Figure {
        let delays = delays::Delays {
            group: "g1".into(),
            lags: vec![0, 1_000, 4_000, 9_000],
            window: 60_000,
            resolution: 1_000,
        };
        delays::figure(&delays, html! {})
    }

    #[test]
    fn a_saved_figure_stands_alone() {
        let picture = svg(&figure(), "Source: a <case>\0 & more");
        assert!(!picture.contains("var(") && !picture.contains("href"));
        assert!(picture.contains("a &lt;case&gt;\u{fffd} &amp; more"));
        assert!(picture.contains("How soon after the first?"));
        assert!(
            !crate::figures::raster::png(&picture, 2.0)
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn long_words_are_broken_into_lines_that_fit() {
        let lines = wrapped(&"seven words of a sentence ".repeat(8), &TEXT, 300.0);
        assert!(lines.len() > 2);
        for line in lines {
            assert!(width_of(&line, TEXT.size, false) <= 300.0, "{line}");
        }
    }
}
