//! The cells of one row: where each stands in a text, without a copy of any that stands there whole.

use csv::StringRecord;

/// Where the cells of a row stand, to be filled and used again.
#[derive(Debug, Default)]
pub(super) struct Spans {
    spans: Vec<Span>,
    /// Cells that do not stand in the text as they read: quotes in them were doubled.
    own: String,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    start: usize,
    end: usize,
    own: bool,
}

/// The cells of one row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cells<'a> {
    text: &'a str,
    spans: &'a Spans,
}

impl Spans {
    pub(super) fn clear(&mut self) {
        self.spans.clear();
        self.own.clear();
    }

    /// How many cells there are.
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// Adds a cell that stands in the text.
    pub(super) fn push(&mut self, start: usize, end: usize) {
        self.spans.push(Span {
            start,
            end,
            own: false,
        });
    }

    /// Adds to the cell that is being put together.
    pub(super) fn copy(&mut self, part: &str) {
        self.own.push_str(part);
    }

    /// Adds the cell that was put together, from `start` on.
    pub(super) fn push_own(&mut self, start: usize) {
        self.spans.push(Span {
            start,
            end: self.own.len(),
            own: true,
        });
    }

    /// How much has been put together.
    pub(super) fn own(&self) -> usize {
        self.own.len()
    }

    /// The cells, which stand in this text.
    pub(super) fn cells<'a>(&'a self, text: &'a str) -> Cells<'a> {
        Cells { text, spans: self }
    }
}

impl<'a> Cells<'a> {
    /// How many there are.
    pub(super) fn len(self) -> usize {
        self.spans.len()
    }

    /// The cell in a column.
    pub(super) fn get(self, column: usize) -> Option<&'a str> {
        let span = self.spans.spans.get(column)?;
        let text = if span.own { &self.spans.own } else { self.text };
        Some(&text[span.start..span.end])
    }

    /// The cells in order.
    pub(super) fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).filter_map(move |column| self.get(column))
    }

    /// A copy, to be shown to those who recognise formats.
    pub(super) fn to_record(self) -> StringRecord {
        self.iter().collect()
    }
}
