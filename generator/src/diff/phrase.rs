//! A sentence in which our words and foreign text are kept apart, so that each report can quote the
//! foreign text in its own way.

use std::fmt::{self, Write as _};

use serde::{Serialize, Serializer};

use crate::diagnostic::bounded;

/// A sentence of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase(Vec<Piece>);

/// A part of a [`Phrase`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words of ours.
    Words(String),
    /// A name, a type or a value, which may be anybody's text. It is cut to what a line can bear.
    Code(String),
}

impl Phrase {
    /// A sentence that begins with words of ours.
    #[must_use]
    pub(super) fn new(words: impl Into<String>) -> Self {
        Self::default().words(words)
    }

    /// And then these words of ours.
    #[must_use]
    pub(super) fn words(mut self, words: impl Into<String>) -> Self {
        self.0.push(Piece::Words(words.into()));
        self
    }

    /// And then this name, type or value.
    #[must_use]
    pub(super) fn code(mut self, text: impl AsRef<str>) -> Self {
        self.0.push(Piece::Code(bounded(text.as_ref())));
        self
    }

    /// And then what it was and what it is.
    #[must_use]
    pub(super) fn moved(self, old: impl AsRef<str>, new: impl AsRef<str>) -> Self {
        self.code(old).words(" → ").code(new)
    }

    /// Its parts, in order.
    pub fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.0.iter()
    }
}

/// As plain text, with backticks around what isn't ours.
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
