//! The problems that reading finds.

use std::error::Error;
use std::fmt;

use crate::Endpoint;

/// The error for values that can't be read. It has all problems, not only the first.
///
/// `Display` shows all of them. If a key is unknown, it also says how to send it anyway.
#[derive(Clone, PartialEq, Eq)]
pub struct InvalidValues {
    /// At least one.
    problems: Vec<Problem>,
}

impl InvalidValues {
    /// Returns the problems, at least one. First come unknown and duplicate keys, in the order of the input,
    /// then all others, in the order of [`FormValues::FIELDS`](crate::FormValues::FIELDS).
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        if problems.is_empty() {
            // Only an impl of `FormValues` outside of this crate can refuse values without a problem.
            problems.push(Problem::new(ProblemKind::WrongType, "", "other values"));
        }
        Self { problems }
    }

    /// The error if the whole input is not an object.
    pub(super) fn whole(kind: ProblemKind, found: String) -> Self {
        Self::new(vec![
            Problem::new(kind, "", super::object::EXPECTED).found(found),
        ])
    }

    /// The endpoint that accepts these values, if reading found that it is another one.
    pub(crate) fn other_endpoint(&self) -> Option<Endpoint> {
        let mut problems = self.problems.iter();
        let problem = problems.find(|problem| problem.kind == ProblemKind::OtherEndpoint)?;
        problem.suggestion?.parse().ok()
    }

    /// Replaces all problems for which `is_part` returns true by `summary`.
    pub(crate) fn summarize(&mut self, summary: Problem, is_part: impl Fn(&Problem) -> bool) {
        self.problems.retain(|problem| !is_part(problem));
        self.problems.insert(0, summary);
    }
}

impl fmt::Display for InvalidValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", ProblemList(&self.problems))?;
        // The hint is only for form variables, not for the keys inside a value. A key with a suggestion is
        // a typing mistake.
        let is_new = |problem: &Problem| {
            problem.kind == ProblemKind::UnknownKey
                && problem.suggestion.is_none()
                && !problem.path.contains('.')
        };
        if self.problems.iter().any(is_new) {
            f.write_str(
                "; to send a key that the manifest lacks, use `with_value` of the request, or \
                 `RawConfigValues`",
            )?;
        }
        Ok(())
    }
}

/// Formats problems on one line. If there are several, their number comes first.
pub(crate) struct ProblemList<'a>(pub(crate) &'a [Problem]);

impl fmt::Display for ProblemList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(problems) = self;
        if problems.len() != 1 {
            write!(f, "{} problems: ", problems.len())?;
        }
        for (position, problem) in problems.iter().enumerate() {
            let separator = if position == 0 { "" } else { " | " };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

crate::wording::debug_as_display!(InvalidValues);

impl Error for InvalidValues {}

/// One problem in values that were read.
///
/// It has no part of a secret: for secret values and the values of unknown keys, it names only the JSON type.
/// For other values it has at most 100 characters, with passwords in URLs redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The kind of problem.
    pub kind: ProblemKind,
    /// The place: the wire key and, in a list, the index: `eventFilter[1]`. Empty if the problem is the whole
    /// input.
    pub path: String,
    /// The expected value.
    pub expected: String,
    /// The value that was found. `None` if the kind already says it.
    pub found: Option<String>,
    /// For an unknown key, the key that was probably meant. For values of another endpoint, the name of that
    /// endpoint.
    pub suggestion: Option<&'static str>,
}

impl Problem {
    pub(crate) fn new(
        kind: ProblemKind,
        path: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            path: path.into(),
            expected: expected.into(),
            found: None,
            suggestion: None,
        }
    }

    pub(crate) fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// Puts the path of the object that contains the value before the problem's own path.
    pub(crate) fn within(mut self, path: &str) -> Self {
        self.path = match (path, self.path.as_str()) {
            ("", _) => self.path,
            (path, "") => path.to_owned(),
            (path, inner) => format!("{path}.{inner}"),
        };
        self
    }

    pub(crate) fn suggest(mut self, suggestion: Option<&'static str>) -> Self {
        self.suggestion = suggestion;
        self
    }
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
        match (self.kind, self.suggestion) {
            (_, None) => Ok(()),
            (ProblemKind::OtherEndpoint, Some(name)) => write!(f, "; their endpoint is {name}"),
            (_, Some(suggestion)) => write!(f, "; did you mean {suggestion}?"),
        }
    }
}

/// The kinds of [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The string isn't JSON.
    InvalidJson,
    /// The integration doesn't have a form variable with this key.
    UnknownKey,
    /// The object has this key more than once.
    DuplicateKey,
    /// A required form variable is missing.
    MissingKey,
    /// `null`. Omit the key of an optional form variable instead.
    Null,
    /// JSON of the wrong type.
    WrongType,
    /// A string that isn't listed.
    UnlistedValue,
    /// A string that isn't an absolute URI with a host.
    InvalidUri,
    /// An empty string, or only white space, for a required form variable.
    Blank,
    /// The values belong to another part of the integration, which another endpoint accepts.
    OtherEndpoint,
    /// The integration is unknown.
    UnknownIntegration,
    /// The endpoint doesn't accept values of the integration.
    WrongEndpoint,
    /// An environment variable isn't set or is blank.
    MissingVariable,
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
            Self::Blank => "empty or blank",
            Self::OtherEndpoint => "values of another part",
            Self::UnknownIntegration => "unknown integration key",
            Self::WrongEndpoint => "wrong endpoint",
            Self::MissingVariable => "environment variable not set, or blank",
        })
    }
}
