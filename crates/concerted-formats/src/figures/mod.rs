//! Figures that the report and the workbench share: plain data in, SVG and a table of the same numbers
//! out.
//!
//! Blue is what was observed, grey is what chance gives. Every figure carries a title that says what it
//! shows, a line that says what was counted, one sentence for those who do not see it, and its numbers
//! as a table. Colours are roles that the page defines. Nothing here reads a file, a clock or a random
//! number of the system, so one case always gives one picture.

pub mod accounts;
pub mod chance;
pub mod coverage;
pub mod delays;
pub mod divisions;
pub mod evaluation;
pub mod layout;
pub mod network;
pub mod palette;
pub mod raster;
pub mod saved;
mod scale;
pub mod window;

use crate::words::unbroken;
use maud::{Markup, html};

/// Width in CSS pixels of a figure that takes the whole column. It prints at this size on A4, so type
/// never shrinks.
pub const WIDE: f64 = 680.0;
/// Width of one of two figures side by side.
pub const HALF: f64 = 404.0;

/// A figure with everything that has to stand around it.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Its name in the page, for links.
    pub id: String,
    /// A sentence or question with the figure in it.
    pub title: String,
    /// What was counted.
    pub counted: String,
    /// What the marks mean.
    pub key: Vec<Meaning>,
    /// The picture.
    pub svg: Markup,
    /// The same numbers.
    pub numbers: Numbers,
    /// Where the numbers are from, what limits them, and the way to the posts.
    pub note: Markup,
}

/// A mark and what it means.
#[derive(Clone, Debug)]
pub struct Meaning {
    /// The mark, in a box of 22 by 12 pixels.
    pub mark: Markup,
    /// Its meaning in a few words.
    pub text: String,
}

/// The numbers of a figure as a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numbers {
    /// Heads of the columns.
    pub head: Vec<&'static str>,
    /// Cells, row by row.
    pub rows: Vec<Vec<String>>,
}

impl Figure {
    /// The figure as it stands in a page.
    pub fn html(&self) -> Markup {
        html! {
            figure id=(self.id) {
                h4 { (unbroken(&self.title)) }
                p.counted { (self.counted) }
                div.key { @for meaning in &self.key {
                    span {
                        svg width="22" height="12" viewBox="0 0 22 12" aria-hidden="true" { (meaning.mark) }
                        " " (meaning.text)
                    }
                } }
                div.drawn { (self.svg) }
                figcaption {
                    (self.note)
                    details.numbers {
                        summary { "The numbers" }
                        (self.numbers.html(&self.title))
                    }
                }
            }
        }
    }
}

impl Numbers {
    /// The table, with a caption for those who come to it without the picture.
    pub fn html(&self, caption: &str) -> Markup {
        html! {
            div.wide {
                table {
                    caption.unseen { (caption) }
                    thead { tr { @for (at, head) in self.head.iter().enumerate() { th.n[self.is_number(at)] scope="col" { (head) } } } }
                    tbody {
                        @for row in &self.rows {
                            tr { @for (at, cell) in row.iter().enumerate() { td.n[self.is_number(at)] { (cell) } } }
                        }
                    }
                }
            }
        }
    }
}

impl Numbers {
    /// Whether every cell of a column begins with a digit, or says that it is missing; such columns
    /// stand to the right.
    fn is_number(&self, column: usize) -> bool {
        let mut cells = self.rows.iter().filter_map(|row| row.get(column));
        !self.rows.is_empty()
            && cells.all(|cell| {
                cell == "–" || cell.starts_with(|c: char| c.is_ascii_digit() || "<−".contains(c))
            })
    }
}

/// A picture of this size with a name for screen readers. One with links is a group to them, since what
/// is inside an image cannot be reached.
fn drawing(width: f64, height: f64, name: &str, marks: &Markup) -> Markup {
    let role = if marks.0.contains("<a ") {
        "group"
    } else {
        "img"
    };
    html! {
        svg viewBox={ "0 0 " (px(width)) " " (px(height)) }
            width=(px(width)) height=(px(height)) role=(role) aria-label=(name) { (marks) }
    }
}

/// A coordinate: a tenth of a pixel is finer than any screen.
fn px(x: f64) -> String {
    let text = format!("{x:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Writing in a picture.
fn label(x: f64, y: f64, class: &str, text: &str) -> Markup {
    html! { text x=(px(x)) y=(px(y)) class=(class) { (text) } }
}

/// A straight line of a class.
fn line(from: (f64, f64), to: (f64, f64), class: &str) -> Markup {
    html! { line x1=(px(from.0)) y1=(px(from.1)) x2=(px(to.0)) y2=(px(to.1)) class=(class) {} }
}

/// A rectangle of a class.
fn bar(x: f64, y: f64, width: f64, height: f64, class: &str) -> Markup {
    html! { rect x=(px(x)) y=(px(y)) width=(px(width)) height=(px(height)) class=(class) {} }
}

/// A point of a class.
fn dot(x: f64, y: f64, radius: f64, class: &str) -> Markup {
    html! { circle cx=(px(x)) cy=(px(y)) r=(px(radius)) class=(class) {} }
}

/// A mark with its meaning, for the line above a picture.
fn meaning(mark: &Markup, text: &str) -> Meaning {
    Meaning {
        mark: mark.clone(),
        text: text.to_owned(),
    }
}
