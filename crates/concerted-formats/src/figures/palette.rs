//! Colours by what they are for: the page names roles, and only this file says which colour plays which.
//!
//! Text pairs meet 4.5 : 1 and marks 3 : 1 in both palettes. Blue is what was observed, grey is what
//! chance gives.

/// Roles and their colours on paper and on a light screen.
pub const LIGHT: [(&str, &str); 16] = [
    ("bg", "#ffffff"),
    ("panel", "#f6f7f9"),
    ("ink", "#14191f"),
    ("ink2", "#48525f"),
    ("ink3", "#5f6975"),
    ("line", "#e2e6ea"),
    ("line2", "#eef0f3"),
    ("accent", "#1a5f9e"),
    ("weak", "#e4eef8"),
    ("chance", "#8a94a0"),
    ("chanceweak", "#dfe3e8"),
    ("caution", "#8a5a00"),
    ("cautionbg", "#fdf6e7"),
    ("cautionline", "#e8cf95"),
    ("sidea", "#7423c6"),
    ("sideb", "#9a5a00"),
];

/// The same roles on a dark screen.
pub const DARK: [(&str, &str); 16] = [
    ("bg", "#12161b"),
    ("panel", "#191e25"),
    ("ink", "#e9edf1"),
    ("ink2", "#b3bcc7"),
    ("ink3", "#8d98a5"),
    ("line", "#2a313a"),
    ("line2", "#20262e"),
    ("accent", "#74b6ec"),
    ("weak", "#1b2e40"),
    ("chance", "#8793a0"),
    ("chanceweak", "#343d47"),
    ("caution", "#e6c274"),
    ("cautionbg", "#2a2415"),
    ("cautionline", "#5b4b22"),
    ("sidea", "#b866f0"),
    ("sideb", "#e3a54c"),
];

/// How the marks of figures look, in roles.
pub const MARKS: &str = include_str!("marks.css");

/// The roles as properties for a style sheet.
pub fn properties(palette: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (role, color) in palette {
        for part in ["--", role, ":", color, ";"] {
            text.push_str(part);
        }
    }
    text
}

/// [`MARKS`] with the colours themselves, for a picture that stands alone.
pub fn resolved(palette: &[(&str, &str)]) -> String {
    let mut marks = MARKS.replace("svg ", "");
    for (role, color) in palette {
        marks = marks.replace(&format!("var(--{role})"), color);
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(color: &str) -> f64 {
        let part = |at: usize| {
            let value = u8::from_str_radix(&color[at..at + 2], 16).unwrap();
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(palette: &[(&str, &str)], a: &str, b: &str) -> f64 {
        let of = |role: &str| {
            let entry = palette.iter().find(|entry| entry.0 == role).unwrap();
            luminance(entry.1) + 0.05
        };
        (of(a) / of(b)).max(of(b) / of(a))
    }

    #[test]
    fn writing_and_marks_stand_out_from_what_is_behind_them() {
        for palette in [&LIGHT, &DARK] {
            for (front, back) in [
                ("ink", "bg"),
                ("ink2", "bg"),
                ("ink3", "bg"),
                ("ink2", "panel"),
                ("ink3", "panel"),
                ("accent", "bg"),
                ("accent", "weak"),
                ("caution", "cautionbg"),
            ] {
                let found = contrast(palette, front, back);
                assert!(found >= 4.5, "{front} on {back}: {found}");
            }
            let found = contrast(palette, "chance", "bg");
            assert!(found >= 3.0, "chance on bg: {found}");
        }
    }

    #[test]
    fn every_role_that_marks_use_has_a_colour() {
        assert!(!resolved(&LIGHT).contains("var("), "{}", resolved(&LIGHT));
        assert!(
            LIGHT
                .iter()
                .map(|entry| entry.0)
                .eq(DARK.iter().map(|entry| entry.0))
        );
    }
}
