//! `concerted export`: figures and tables of a case for somebody's own report.

use crate::ui::Ui;
use anyhow::{Context, Result, bail};
use concerted_formats::case::Case;
use concerted_formats::case::csv_text::guard;
use concerted_formats::figures::{Figure, Numbers, raster, saved};
use concerted_formats::report::Options;
use concerted_formats::report::figures::{Graph, figures, findings, graph};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Save figures and tables of a case for a report of your own
///
/// Without `--figure` every figure is saved, of all groups or of the one that `--group` names. CSV is
/// the table under a figure, in a form that a spreadsheet opens without running anything; SVG and PNG
/// carry title, explanation and source. GEXF and GraphML hold the accounts of the groups and the lines
/// between them. Accounts are under the pseudonyms of the report. The same case gives the same bytes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Figures: chance, coverage; of a group: accounts, delays, window, network. As CSV also: groups.\n\nExamples:\n  concerted export desk.case --to png --figure accounts --group g1\n  concerted export desk.case --to svg --out figures\n  concerted export desk.case --to csv --figure groups --out groups-to-print.csv\n  concerted export desk.case --to gexf --group g1"
)]
pub(crate) struct Args {
    /// The case folder
    case: PathBuf,
    /// What to write
    #[arg(long, value_enum)]
    to: Form,
    /// One figure by its name
    #[arg(long, value_name = "NAME")]
    figure: Option<String>,
    /// One group by its id, such as g1
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    /// File to write, or folder for several; by default named after the case, in the current folder
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    Csv,
    Gexf,
    Graphml,
    Svg,
    Png,
}

impl Form {
    fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Gexf => "gexf",
            Self::Graphml => "graphml",
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }
}

pub(crate) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let case = Case::open(&args.case)?;
    if let Some(group) = &args.group {
        let groups = case.groups()?;
        if !groups.iter().any(|row| row.group_id == group.as_str()) {
            bail!(
                "the case has no group {group}; it has {}",
                if groups.is_empty() {
                    "none".to_owned()
                } else {
                    format!(
                        "{} to {}",
                        groups[0].group_id,
                        groups[groups.len() - 1].group_id
                    )
                }
            );
        }
    }
    let written = match args.to {
        Form::Gexf => vec![write_graph(args, &case, Graph::Gexf)?],
        Form::Graphml => vec![write_graph(args, &case, Graph::GraphMl)?],
        Form::Csv | Form::Svg | Form::Png => write_figures(args, &case)?,
    };
    for path in written {
        ui.result(&path.display().to_string())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn write_graph(args: &Args, case: &Case, form: Graph) -> Result<PathBuf> {
    if args.figure.is_some() {
        bail!(
            "--figure names a picture or a table; a graph file holds the network, of --group or of all"
        );
    }
    let name = format!(
        "{}-network.{}",
        args.group.as_deref().unwrap_or("groups"),
        args.to.ending()
    );
    let path = path(args, case, &name);
    graph(
        case,
        &Options::default(),
        form,
        args.group.as_deref(),
        &path,
    )?;
    Ok(path)
}

fn write_figures(args: &Args, case: &Case) -> Result<Vec<PathBuf>> {
    if args.figure.as_deref() == Some("groups") {
        if args.to != Form::Csv {
            bail!("groups is a table and not a picture; take --to csv");
        }
        let path = path(args, case, "groups.csv");
        write(&path, csv(&findings(case, &Options::default())?).as_bytes())?;
        return Ok(vec![path]);
    }
    let all = figures(case, &Options::default())?;
    let chosen = chosen(args, &all)?;
    let several = args.figure.is_none();
    let folder = if several {
        let folder = args
            .out
            .clone()
            .unwrap_or_else(|| PathBuf::from(format!("{}-figures", stem(case))));
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("the folder {} was not made", folder.display()))?;
        Some(folder)
    } else {
        None
    };
    let source = source(case);
    chosen
        .into_iter()
        .map(|figure| {
            let name = format!("{}.{}", figure.id, args.to.ending());
            let path = match &folder {
                Some(folder) => folder.join(name),
                None => path(args, case, &name),
            };
            let picture = || saved::svg(figure, &source);
            let bytes = match args.to {
                Form::Csv => csv(&figure.numbers).into_bytes(),
                Form::Svg => picture().into_bytes(),
                _ => raster::png(&picture(), 2.0)
                    .with_context(|| format!("the figure {} was not drawn", figure.id))?,
            };
            write(&path, &bytes)?;
            Ok(path)
        })
        .collect()
}

/// The figures that are asked for, in the order of the report.
fn chosen<'a>(args: &Args, all: &'a [Figure]) -> Result<Vec<&'a Figure>> {
    let of_group = |id: &str| -> bool {
        args.group.as_deref().is_none_or(|group| {
            id.strip_prefix(group)
                .is_some_and(|rest| rest.starts_with('-'))
        })
    };
    let Some(name) = args.figure.as_deref() else {
        return Ok(all.iter().filter(|figure| of_group(&figure.id)).collect());
    };
    let id = match &args.group {
        Some(group) if !name.starts_with(&format!("{group}-")) => format!("{group}-{name}"),
        _ => name.to_owned(),
    };
    let found: Vec<&Figure> = all.iter().filter(|figure| figure.id == id).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    if args.group.is_none()
        && all
            .iter()
            .any(|figure| figure.id.ends_with(&format!("-{name}")))
    {
        bail!("the figure {name} is one of a group; say which with --group");
    }
    let mut known: Vec<&str> = all
        .iter()
        .map(|figure| {
            figure
                .id
                .split_once('-')
                .map_or(figure.id.as_str(), |parts| parts.1)
        })
        .collect();
    known.sort_unstable();
    known.dedup();
    bail!(
        "there is no figure {id}; the figures of this case are {}",
        known.join(", ")
    );
}

/// What stands under a saved figure.
fn source(case: &Case) -> String {
    let plan = case.plan();
    let inputs = match plan.inputs.as_slice() {
        [one] => one.name.clone(),
        more => format!("{} inputs", more.len()),
    };
    format!(
        "Source: {inputs}, {} posts; concerted {}, case of {}. Acting together is no proof of deceit.",
        concerted_formats::words::count(plan.posts),
        plan.concerted,
        plan.made_at.get(..10).unwrap_or(&plan.made_at)
    )
}

/// A table for spreadsheets: no cell is a formula.
fn csv(numbers: &Numbers) -> String {
    let mut text = String::new();
    let heads = numbers.head.iter().map(|head| (*head).to_owned()).collect();
    for row in std::iter::once(&heads).chain(&numbers.rows) {
        let cells: Vec<String> = row.iter().map(|cell| quoted(&guard(cell))).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

/// A cell as RFC 4180 has it.
fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

fn path(args: &Args, case: &Case, name: &str) -> PathBuf {
    args.out
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("{}-{name}", stem(case))))
}

/// The name of the case without its ending.
fn stem(case: &Case) -> String {
    let whole = case.dir().canonicalize();
    let dir = whole.as_deref().unwrap_or(case.dir());
    dir.file_stem()
        .map_or_else(|| "case".into(), |stem| stem.to_string_lossy().into_owned())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("{} was not written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_safe_in_a_spreadsheet() {
        let numbers = Numbers {
            head: vec!["account", "posts"],
            rows: vec![
                vec!["=1+1".into(), "3".into()],
                vec!["a,\"b\"".into(), "-4".into()],
            ],
        };
        assert_eq!(
            csv(&numbers),
            "account,posts\n'=1+1,3\n\"a,\"\"b\"\"\",-4\n"
        );
    }
}
