//! The results as Markdown, aligned for terminals.

use crate::cargo;
use crate::measure::MEASURES;
use crate::package::Package;

/// The median seconds of each measure and package, with the ratio to the first package.
pub(crate) fn times(packages: &[Package], samples: &[Vec<Vec<f64>>]) -> String {
    let first = &packages[0].name;
    let title = format!("median seconds (times {first})");
    let mut rows = vec![header(&title, packages)];
    for (measure, samples) in MEASURES.iter().zip(samples) {
        let medians: Vec<f64> = samples.iter().map(|samples| median(samples)).collect();
        let cells = medians
            .iter()
            .map(|time| format!("{time:.2} ({:.2})", time / medians[0]));
        rows.push(row(measure.title, cells));
    }
    markdown(&rows)
}

/// The number of crates that each package depends on.
pub(crate) fn crates(packages: &[Package]) -> String {
    let counts: Vec<(usize, usize)> = packages.iter().map(cargo::dependencies).collect();
    let all = counts.iter().map(|(all, _)| all.to_string());
    let macros = counts.iter().map(|(_, macros)| macros.to_string());
    markdown(&[
        header("dependencies", packages),
        row("crates", all),
        row("of these, procedural macros", macros),
    ])
}

fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) {
        (sorted[middle - 1] + sorted[middle]) / 2.0
    } else {
        sorted[middle]
    }
}

fn header(title: &str, packages: &[Package]) -> Vec<String> {
    row(title, packages.iter().map(|package| package.name.clone()))
}

fn row(title: &str, cells: impl IntoIterator<Item = String>) -> Vec<String> {
    std::iter::once(title.to_owned()).chain(cells).collect()
}

/// The first row is the header. All columns except the first are aligned to the right.
fn markdown(rows: &[Vec<String>]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let mut text = String::new();
    for (position, row) in rows.iter().enumerate() {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            text += &match column {
                0 => format!("| {cell:<width$} |"),
                _ => format!(" {cell:>width$} |"),
            };
        }
        text.push('\n');
        if position == 0 {
            let rules = widths
                .iter()
                .enumerate()
                .map(|(column, width)| match column {
                    0 => format!("|{}|", "-".repeat(width + 2)),
                    _ => format!("{}:|", "-".repeat(width + 1)),
                });
            text.extend(rules);
            text.push('\n');
        }
    }
    text
}
