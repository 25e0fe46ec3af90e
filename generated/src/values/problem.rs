//! What is wrong with values that were read.

use std::error::Error;
use std::fmt;

/// What is wrong with the values that were read: every problem, not only the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidValues {
    pub(super) problems: Vec<Problem>,
}

impl InvalidValues {
    /// The problems: first keys that are unknown or given twice, in the order of the input, then
    /// all others in the order of [`FormValues::FIELDS`](crate::FormValues::FIELDS).
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// A problem of the whole, where an object was expected.
    pub(super) fn whole(kind: ProblemKind, found: String) -> Self {
        Self {
            problems: vec![Problem {
                kind,
                path: String::new(),
                expected: super::object::EXPECTED.to_owned(),
                found: Some(found),
                suggestion: None,
            }],
        }
    }
}

impl fmt::Display for InvalidValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.problems.len() != 1 {
            write!(f, "{} problems: ", self.problems.len())?;
        }
        for (position, problem) in self.problems.iter().enumerate() {
            let separator = if position == 0 { "" } else { " | " };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl Error for InvalidValues {}

/// One thing that is wrong with values that were read.
///
/// Holds nothing of a secret: its own value is only named by its JSON type, as is the value
/// under an unknown key. Of any other refused text it holds at most a hundred characters, with
/// `[redacted]` for passwords in URLs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// What kind of problem it is.
    pub kind: ProblemKind,
    /// Where: the key on the wire, with the position for an element of a list, as in
    /// `eventFilter[1]`. Empty for the whole.
    pub path: String,
    /// What was expected there.
    pub expected: String,
    /// What was found, unless the kind says it all.
    pub found: Option<String>,
    /// The known key that an unknown one was probably meant to be.
    pub suggestion: Option<&'static str>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "{}; expected {}", self.kind, self.expected)?;
        if let Some(found) = &self.found {
            write!(f, "; found {found}")?;
        }
        if let Some(suggestion) = self.suggestion {
            write!(f, "; did you mean {suggestion}?")?;
        }
        Ok(())
    }
}

/// The kinds of [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The text isn't JSON.
    InvalidJson,
    /// The integration has no such form variable.
    UnknownKey,
    /// The object has this key more than once.
    DuplicateKey,
    /// A required form variable is left out.
    MissingKey,
    /// `null`, also for an optional form variable: that is left out instead.
    Null,
    /// JSON of another type than the form variable's.
    WrongType,
    /// A text that isn't among the listed ones.
    UnlistedValue,
    /// A text that isn't an absolute URI with a host.
    InvalidUri,
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidJson => "invalid JSON",
            Self::UnknownKey => "unknown key",
            Self::DuplicateKey => "given more than once",
            Self::MissingKey => "required, but missing",
            Self::Null => "null (leave the key out instead)",
            Self::WrongType => "wrong type",
            Self::UnlistedValue => "unlisted value",
            Self::InvalidUri => "invalid URI",
        })
    }
}
