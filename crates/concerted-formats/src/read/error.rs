//! What stops the reading of everything, as against what is wrong with a row or a file.

use super::Reading;

/// Why nothing is read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No input could be read.
    #[error("nothing could be read{details}")]
    Nothing {
        /// What was wrong with each input, and what to do.
        details: String,
    },
    /// `--format` names a format that does not exist.
    #[error("there is no format {name}; there are {known}")]
    UnknownFormat {
        /// The name as given.
        name: String,
        /// The names there are.
        known: String,
    },
    /// `--format` names a format that the input cannot be.
    #[error(
        "{name} is not of the format {format}, which needs the columns {needs}; it has {columns}"
    )]
    NotThisFormat {
        /// The input.
        name: String,
        /// The format.
        format: String,
        /// The columns that mark it.
        needs: String,
        /// The columns there are.
        columns: String,
    },
    /// `--map` names a field that does not exist.
    #[error("there is no field {name} to map; there are {known}")]
    UnknownField {
        /// The field as given.
        name: String,
        /// The fields there are.
        known: String,
    },
    /// `--map` names a column that the input does not have.
    #[error("{name} has no column {column} to take {field} from; it has {columns}")]
    MissingColumn {
        /// The input.
        name: String,
        /// The field.
        field: String,
        /// The column as given.
        column: String,
        /// The columns there are.
        columns: String,
    },
    /// `--time-zone` or `--date-order` name something that does not exist.
    #[error(transparent)]
    Setting(#[from] super::time::SettingError),
    /// Times without zone, which could be hours off.
    #[error(
        "{name}: the times in the column {column} say no zone (row {row}: {sample}); say which zone \
         its clock keeps, for example --time-zone UTC"
    )]
    ZoneNeeded {
        /// The input.
        name: String,
        /// The column of the time.
        column: String,
        /// The first row of this kind.
        row: u64,
        /// Its time as written.
        sample: String,
    },
}

impl ReadError {
    pub(super) fn nothing(reading: &Reading) -> Self {
        const TOLD: usize = 5;
        let problems = reading.problems.list();
        let mut details = String::new();
        for problem in problems.iter().take(TOLD) {
            let name = &reading.inputs[problem.file as usize].name;
            details.push_str("\n  ");
            // An error of opening names the file itself.
            if !problem.detail.contains(name.as_str()) {
                details.extend([name, ": "]);
            }
            if !problem.column.is_empty() {
                details.extend(["column ", &problem.column, ": "]);
            }
            details.extend([&problem.detail, " (", problem.kind.advice(), ")"]);
        }
        if problems.len() > TOLD {
            let more = (problems.len() - TOLD).to_string();
            details.extend(["\n  and ", &more, " more problems"]);
        }
        if problems.is_empty() {
            details.push_str(": no input was named, or a folder without files");
        }
        Self::Nothing { details }
    }
}
