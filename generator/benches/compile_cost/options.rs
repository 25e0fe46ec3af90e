//! The command line.

use std::env;
use std::path::PathBuf;
use std::process;

use crate::package::Origin;
use crate::support;

const USAGE: &str = "\
usage: cargo bench -p generator --bench compile_cost -- [OPTION]...
  --repetitions N    number of runs of each measure (default: 5)
  --only NAME,...    measure only these packages; the names are derive, bon and ours
  --also NAME=PATH   also measure the generated package of the checkout at this absolute path";

pub(crate) struct Options {
    pub(crate) repetitions: usize,
    only: Option<Vec<String>>,
    also: Vec<(String, PathBuf)>,
}

impl Options {
    pub(crate) fn from_arguments() -> Self {
        Self::parse(env::args().skip(1)).unwrap_or_else(|| {
            eprintln!("{USAGE}");
            process::exit(2)
        })
    }

    fn parse(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut options = Self {
            repetitions: 5,
            only: None,
            also: Vec::new(),
        };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                // `cargo bench` adds this argument.
                "--bench" => {}
                "--repetitions" => {
                    options.repetitions = arguments.next()?.parse().ok().filter(|n| *n > 0)?;
                }
                "--only" => {
                    let names = arguments.next()?;
                    options.only = Some(names.split(',').map(str::to_owned).collect());
                }
                "--also" => options.also.push(checkout(&arguments.next()?)?),
                _ => return None,
            }
        }
        Some(options)
    }

    /// The packages to measure, by name. The others are compared with the first.
    pub(crate) fn subjects(&self) -> Vec<(String, Origin)> {
        let own = [
            ("derive", Origin::Derives { builder: false }),
            ("bon", Origin::Derives { builder: true }),
            ("ours", Origin::Checkout(support::workspace())),
        ];
        let wanted = |name: &str| match &self.only {
            Some(only) => only.iter().any(|wanted| wanted == name),
            None => true,
        };
        let own = own.into_iter().filter(|(name, _)| wanted(name));
        let also = self.also.iter().cloned();
        own.map(|(name, origin)| (name.to_owned(), origin))
            .chain(also.map(|(name, path)| (name, Origin::Checkout(path))))
            .collect()
    }
}

/// Parses `NAME=PATH`. The path must be absolute, because cargo runs benchmarks in another folder.
fn checkout(argument: &str) -> Option<(String, PathBuf)> {
    let (name, path) = argument.split_once('=')?;
    let path = PathBuf::from(path);
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (plain && path.is_absolute()).then(|| (name.to_owned(), path))
}
