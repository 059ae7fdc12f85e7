//! A saved figure as PNG: the few shapes that our figures use, drawn without a browser.
//!
//! This reads what [`saved`](super::saved) writes and nothing else: rectangles, lines, circles, paths of
//! straight lines, polygons and words, styled by classes. An element that it does not know is an error,
//! so that a new figure cannot lose a mark silently. Words are drawn in Inter, whose Latin part is
//! built in, without ligatures and kerning; for other scripts take the SVG.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use tiny_skia::{
    Color, FillRule, LineCap, Paint, Path, PathBuilder, Pixmap, Stroke, StrokeDash, Transform,
};
use ttf_parser::{Face, OutlineBuilder};

/// Why a picture could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum RasterError {
    /// The picture is not well-formed.
    #[error("the picture is not well-formed XML: {0}; draw it from a figure")]
    Syntax(String),
    /// A shape that this file does not draw.
    #[error("the picture has an element <{0}> that cannot be drawn; save it as SVG")]
    Element(String),
    /// A picture without a size, or too large for memory.
    #[error("the picture is {0} by {1} pixels and cannot be drawn; save it as SVG")]
    Size(f32, f32),
    /// PNG could not be written.
    #[error("the picture could not be written as PNG: {0}")]
    Png(String),
}

const REGULAR: &[u8] = include_bytes!("../../assets/inter-latin-400.ttf");
const SEMIBOLD: &[u8] = include_bytes!("../../assets/inter-latin-600.ttf");

/// The picture as PNG, `scale` pixels for each pixel of CSS.
///
/// The same picture always gives the same bytes.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, RasterError> {
    let mut canvas = Canvas {
        pixels: None,
        scale,
        offsets: vec![(0.0, 0.0)],
        rules: Vec::new(),
        fonts: Fonts::new(),
    };
    let mut reader = Reader::from_str(svg);
    let mut writing: Option<(Attributes, String)> = None;
    let mut skipped = String::new();
    loop {
        let event = reader
            .read_event()
            .map_err(|error| RasterError::Syntax(error.to_string()))?;
        match event {
            Event::Start(start) => {
                let name = name(&start);
                match name.as_str() {
                    "text" => writing = Some((attributes(&start)?, String::new())),
                    "style" | "title" | "desc" => skipped = name,
                    _ => canvas.shape(&name, &attributes(&start)?, true)?,
                }
            }
            Event::Empty(start) => canvas.shape(&name(&start), &attributes(&start)?, false)?,
            Event::Text(text) => {
                let text = text.as_ref().to_owned();
                if skipped == "style" {
                    canvas.rules = rules(&text);
                } else if let Some((_, words)) = &mut writing {
                    words.push_str(&text);
                }
            }
            Event::GeneralRef(entity) => {
                if let Some((_, words)) = &mut writing {
                    words
                        .push_str(resolve_predefined_entity(entity.as_ref()).unwrap_or("\u{fffd}"));
                }
            }
            Event::End(end) => match end.name().as_ref() {
                "text" => {
                    if let Some((attributes, words)) = writing.take() {
                        canvas.write(&attributes, &words);
                    }
                }
                "svg" => {
                    canvas.offsets.pop();
                }
                "style" | "title" | "desc" => skipped.clear(),
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    let pixels = canvas.pixels.ok_or(RasterError::Size(0.0, 0.0))?;
    pixels
        .encode_png()
        .map_err(|error| RasterError::Png(error.to_string()))
}

/// Width of words in Inter at a size in pixels.
pub fn width_of(words: &str, size: f32, bold: bool) -> f32 {
    Fonts::new().width(words, size, bold)
}

type Attributes = BTreeMap<String, String>;
/// Selector and declarations, in order.
type Rules = Vec<(String, Vec<(String, String)>)>;

fn name(start: &BytesStart<'_>) -> String {
    start.name().as_ref().to_owned()
}

fn attributes(start: &BytesStart<'_>) -> Result<Attributes, RasterError> {
    start
        .attributes()
        .map(|attribute| {
            let attribute = attribute.map_err(|error| RasterError::Syntax(error.to_string()))?;
            Ok((
                attribute.key.as_ref().to_owned(),
                attribute.value.into_owned(),
            ))
        })
        .collect()
}

/// Rules whose selector is an element or a class.
fn rules(style: &str) -> Rules {
    style
        .split('}')
        .filter_map(|rule| rule.split_once('{'))
        .map(|(selector, body)| {
            let declarations = body
                .split(';')
                .filter_map(|one| one.split_once(':'))
                .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
                .collect();
            (selector.trim().to_owned(), declarations)
        })
        .collect()
}

fn number(attributes: &Attributes, key: &str) -> f32 {
    attributes
        .get(key)
        .and_then(|value| value.trim_end_matches("px").parse().ok())
        .unwrap_or(0.0)
}

/// Pairs of coordinates, however they are separated.
fn points(text: &str) -> Vec<(f32, f32)> {
    let numbers: Vec<f32> = text
        .split([',', ' '])
        .filter_map(|number| number.parse().ok())
        .collect();
    numbers
        .chunks_exact(2)
        .map(|pair| (pair[0], pair[1]))
        .collect()
}

struct Canvas {
    pixels: Option<Pixmap>,
    scale: f32,
    /// Where each nested picture begins.
    offsets: Vec<(f32, f32)>,
    rules: Rules,
    fonts: Fonts,
}

impl Canvas {
    fn shape(
        &mut self,
        name: &str,
        attributes: &Attributes,
        opens: bool,
    ) -> Result<(), RasterError> {
        let at = |key: &str| number(attributes, key);
        let mut path = PathBuilder::new();
        match name {
            "svg" => {
                let (x, y) = self.offset();
                if opens {
                    self.offsets.push((x + at("x"), y + at("y")));
                }
                if self.pixels.is_none() {
                    let size = (at("width") * self.scale, at("height") * self.scale);
                    let whole = |x: f32| {
                        #[expect(
                            clippy::cast_possible_truncation,
                            clippy::cast_sign_loss,
                            reason = "checked to lie between 1 and 20,000"
                        )]
                        (1.0..=20_000.0).contains(&x).then(|| x.ceil() as u32)
                    };
                    let pixels = whole(size.0).zip(whole(size.1));
                    self.pixels = pixels.and_then(|(width, height)| Pixmap::new(width, height));
                    if self.pixels.is_none() {
                        return Err(RasterError::Size(size.0, size.1));
                    }
                }
                return Ok(());
            }
            "g" | "a" => return Ok(()),
            "rect" => rectangle(
                &mut path,
                (at("x"), at("y")),
                (at("width"), at("height")),
                at("rx"),
            ),
            "circle" => path.push_circle(at("cx"), at("cy"), at("r")),
            "line" => {
                path.move_to(at("x1"), at("y1"));
                path.line_to(at("x2"), at("y2"));
            }
            "polygon" | "polyline" => {
                let corners = points(attributes.get("points").map_or("", String::as_str));
                for (place, &(x, y)) in corners.iter().enumerate() {
                    if place == 0 {
                        path.move_to(x, y);
                    } else {
                        path.line_to(x, y);
                    }
                }
                if name == "polygon" {
                    path.close();
                }
            }
            "path" => trace(&mut path, attributes.get("d").map_or("", String::as_str)),
            other => return Err(RasterError::Element(other.to_owned())),
        }
        if let Some(path) = path.finish() {
            self.paint(&path, &self.look(name, attributes));
        }
        Ok(())
    }

    fn offset(&self) -> (f32, f32) {
        self.offsets.last().copied().unwrap_or((0.0, 0.0))
    }

    /// Attributes first, then the rules that match, as in a browser.
    fn look(&self, name: &str, attributes: &Attributes) -> Attributes {
        let mut look = attributes.clone();
        let classes: Vec<String> = attributes
            .get("class")
            .map_or("", String::as_str)
            .split(' ')
            .map(|class| format!(".{class}"))
            .collect();
        // An element's rule is weaker than a class's, wherever it stands.
        for of_class in [false, true] {
            for (selector, declarations) in &self.rules {
                let matches = if of_class {
                    classes.contains(selector)
                } else {
                    selector == name
                };
                if matches {
                    look.extend(declarations.iter().cloned());
                }
            }
        }
        look
    }

    fn paint(&mut self, path: &Path, look: &Attributes) {
        let (x, y) = self.offset();
        let place = Transform::from_translate(x, y).post_scale(self.scale, self.scale);
        let Some(pixels) = &mut self.pixels else {
            return;
        };
        let fill = look.get("fill").map_or("#000000", String::as_str);
        if let Some(paint) = paint(fill, look.get("fill-opacity")) {
            pixels.fill_path(path, &paint, FillRule::Winding, place, None);
        }
        let stroke = look.get("stroke").map_or("none", String::as_str);
        if let Some(paint) = paint(stroke, look.get("stroke-opacity")) {
            let wide = look.get("stroke-width").and_then(|w| w.parse().ok());
            let dash = look.get("stroke-dasharray").and_then(|list| {
                let list: Vec<f32> = list.split(' ').filter_map(|x| x.parse().ok()).collect();
                StrokeDash::new(list, 0.0)
            });
            let stroke = Stroke {
                width: wide.unwrap_or(1.0),
                line_cap: LineCap::Butt,
                dash,
                ..Stroke::default()
            };
            pixels.stroke_path(path, &paint, &stroke, place, None);
        }
    }

    fn write(&mut self, attributes: &Attributes, words: &str) {
        let look = self.look("text", attributes);
        let size = number(&look, "font-size");
        let bold = look
            .get("font-weight")
            .is_some_and(|weight| weight == "600");
        let wide = self.fonts.width(words, size, bold);
        let from = number(attributes, "x")
            - match look.get("text-anchor").map(String::as_str) {
                Some("middle") => wide / 2.0,
                Some("end") => wide,
                _ => 0.0,
            };
        let outline = self
            .fonts
            .outline(words, (from, number(attributes, "y")), size, bold);
        if let Some(outline) = outline {
            self.paint(&outline, &look);
        }
    }
}

fn rectangle(path: &mut PathBuilder, (x, y): (f32, f32), (w, h): (f32, f32), round: f32) {
    let r = round.min(w / 2.0).min(h / 2.0).max(0.0);
    path.move_to(x + r, y);
    path.line_to(x + w - r, y);
    path.quad_to(x + w, y, x + w, y + r);
    path.line_to(x + w, y + h - r);
    path.quad_to(x + w, y + h, x + w - r, y + h);
    path.line_to(x + r, y + h);
    path.quad_to(x, y + h, x, y + h - r);
    path.line_to(x, y + r);
    path.quad_to(x, y, x + r, y);
    path.close();
}

/// Paths of `M`, `L` and `v`, which is all that figures draw.
fn trace(path: &mut PathBuilder, data: &str) {
    let mut here = (0.0, 0.0);
    let mut rest = data;
    while let Some(command) = rest.chars().next() {
        let body = &rest[command.len_utf8()..];
        let end = body
            .find(|c: char| c.is_ascii_alphabetic())
            .unwrap_or(body.len());
        let values = &body[..end];
        match command {
            'M' | 'L' => {
                for (x, y) in points(values) {
                    here = (x, y);
                    if command == 'M' {
                        path.move_to(x, y);
                    } else {
                        path.line_to(x, y);
                    }
                }
            }
            'v' => {
                here.1 += values.trim().parse::<f32>().unwrap_or(0.0);
                path.line_to(here.0, here.1);
            }
            _ => {}
        }
        rest = &body[end..];
    }
}

fn paint(color: &str, opacity: Option<&String>) -> Option<Paint<'static>> {
    let part = |at: usize| u8::from_str_radix(color.get(at..at + 2)?, 16).ok();
    if !color.starts_with('#') || color.len() != 7 {
        return None;
    }
    let opacity = opacity.and_then(|text| text.parse().ok()).unwrap_or(1.0);
    let mut solid = Color::from_rgba8(part(1)?, part(3)?, part(5)?, 255);
    solid.apply_opacity(opacity);
    let mut paint = Paint::default();
    paint.set_color(solid);
    Some(paint)
}

/// The two weights of Inter.
struct Fonts(Vec<Face<'static>>);

impl Fonts {
    fn new() -> Self {
        let face = |data| Face::parse(data, 0).expect("the font was made with the program");
        Self(vec![face(REGULAR), face(SEMIBOLD)])
    }

    /// A letter's glyph; a narrow blank stands for every blank that the font does not have.
    fn glyph(&self, letter: char, bold: bool) -> ttf_parser::GlyphId {
        let face = &self.0[usize::from(bold)];
        let letter = match letter {
            '\u{202f}' | '\u{a0}' => '\u{2009}',
            other => other,
        };
        face.glyph_index(letter).unwrap_or_default()
    }

    fn advance(&self, letter: char, size: f32, bold: bool) -> f32 {
        let face = &self.0[usize::from(bold)];
        let units = face
            .glyph_hor_advance(self.glyph(letter, bold))
            .unwrap_or(0);
        f32::from(units) * size / f32::from(face.units_per_em())
    }

    fn width(&self, words: &str, size: f32, bold: bool) -> f32 {
        words
            .chars()
            .map(|letter| self.advance(letter, size, bold))
            .sum()
    }

    fn outline(&self, words: &str, (x, y): (f32, f32), size: f32, bold: bool) -> Option<Path> {
        let face = &self.0[usize::from(bold)];
        let mut pen = Pen {
            path: PathBuilder::new(),
            x,
            y,
            scale: size / f32::from(face.units_per_em()),
        };
        for letter in words.chars() {
            face.outline_glyph(self.glyph(letter, bold), &mut pen);
            pen.x += self.advance(letter, size, bold);
        }
        pen.path.finish()
    }
}

/// Draws glyphs one behind the other.
struct Pen {
    path: PathBuilder,
    x: f32,
    y: f32,
    scale: f32,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixels(svg: &str) -> Pixmap {
        Pixmap::decode_png(&png(svg, 1.0).unwrap()).unwrap()
    }

    fn color(pixels: &Pixmap, x: u32, y: u32) -> (u8, u8, u8, u8) {
        let pixel = pixels.pixel(x, y).unwrap();
        (pixel.red(), pixel.green(), pixel.blue(), pixel.alpha())
    }

    #[test]
    fn shapes_stand_where_they_are_put() {
        let drawn = pixels(
            "<svg width=\"40\" height=\"20\"><style>.a{fill:#1a5f9e}.b{fill:none;stroke:#8a5a00;stroke-width:2}</style>\
             <rect x=\"0\" y=\"0\" width=\"10\" height=\"10\" class=\"a\"/>\
             <svg x=\"20\" y=\"10\"><line x1=\"0\" y1=\"5\" x2=\"10\" y2=\"5\" class=\"b\"/></svg>\
             <path d=\"M15 0v8\" class=\"b\"/></svg>",
        );
        assert_eq!(color(&drawn, 5, 5), (0x1a, 0x5f, 0x9e, 255));
        assert_eq!(color(&drawn, 25, 15), (0x8a, 0x5a, 0, 255));
        assert_eq!(color(&drawn, 15, 4), (0x8a, 0x5a, 0, 255));
        assert_eq!(color(&drawn, 35, 2).3, 0);
    }

    #[test]
    fn words_have_the_width_that_the_font_gives() {
        let drawn = pixels(
            "<svg width=\"60\" height=\"20\"><style>text{fill:#000000;font-size:16px}</style><text x=\"0\" y=\"15\">H&amp;H</text></svg>",
        );
        let right = (0..60)
            .rev()
            .find(|&x| (0..20).any(|y| color(&drawn, x, y).3 > 128))
            .unwrap();
        let wide = width_of("H&H", 16.0, false);
        assert!(
            f64::from(wide) - 3.0 < f64::from(right) && f64::from(right) < f64::from(wide),
            "{right} of {wide}"
        );
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error_and_never_left_out() {
        let foreign = png("<svg width=\"4\" height=\"4\"><image/></svg>", 1.0);
        assert!(matches!(foreign, Err(RasterError::Element(name)) if name == "image"));
        assert!(matches!(png("<svg/>", 1.0), Err(RasterError::Size(..))));
        assert!(png("<svg width=\"4\"", 1.0).is_err());
    }
}
