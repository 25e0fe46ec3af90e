//! A sentence that keeps our words and untrusted text apart, so that each report format can quote the
//! untrusted text.

use std::fmt::{self, Write as _};

use serde::{Serialize, Serializer};

use crate::diagnostic::escape_and_truncate;

/// A sentence of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase(Vec<Piece>);

/// A part of a [`Phrase`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Our own words. They need no escaping.
    Words(String),
    /// A name, a type or a value, which may contain untrusted text. It is one line and truncated.
    Code(String),
}

impl Phrase {
    /// A sentence that begins with these words.
    #[must_use]
    pub(super) fn new(words: impl Into<String>) -> Self {
        Self::default().words(words)
    }

    /// Appends words.
    #[must_use]
    pub(super) fn words(mut self, words: impl Into<String>) -> Self {
        self.0.push(Piece::Words(words.into()));
        self
    }

    /// Appends a name, a type or a value.
    #[must_use]
    pub(super) fn code(mut self, text: impl AsRef<str>) -> Self {
        self.0.push(Piece::Code(escape_and_truncate(text.as_ref())));
        self
    }

    /// Appends `old → new`.
    #[must_use]
    pub(super) fn replaced(self, old: impl AsRef<str>, new: impl AsRef<str>) -> Self {
        self.code(old).words(" → ").code(new)
    }

    /// The parts, in order.
    pub fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.0.iter()
    }
}

/// As plain text, with backticks around names, types and values.
impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => f.write_str(words)?,
                Piece::Code(text) => {
                    f.write_char('`')?;
                    f.write_str(text)?;
                    f.write_char('`')?;
                }
            }
        }
        Ok(())
    }
}

impl Serialize for Phrase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
