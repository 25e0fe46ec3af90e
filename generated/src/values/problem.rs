//! What is wrong with values that were read.

use std::error::Error;
use std::fmt;

use crate::Endpoint;

/// What is wrong with the values that were read: every problem, not only the first.
///
/// `Display` shows all of them, and where a key is unknown, how it is sent all the same.
#[derive(Clone, PartialEq, Eq)]
pub struct InvalidValues {
    /// One at least.
    problems: Vec<Problem>,
}

impl InvalidValues {
    /// The problems, of which there is at least one: first keys that are unknown or given twice, in
    /// the order of the input, then all others in the order of [`FormValues::FIELDS`](crate::FormValues::FIELDS).
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        if problems.is_empty() {
            // Only a `FormValues` that isn't ours refuses without a problem.
            problems.push(Problem::new(ProblemKind::WrongType, "", "other values"));
        }
        Self { problems }
    }

    /// A problem of the whole, where an object was expected.
    pub(super) fn whole(kind: ProblemKind, found: String) -> Self {
        Self::new(vec![
            Problem::new(kind, "", super::object::EXPECTED).found(found),
        ])
    }

    /// The endpoint whose values these are instead.
    pub(crate) fn other_endpoint(&self) -> Option<Endpoint> {
        let mut problems = self.problems.iter();
        let problem = problems.find(|one| one.kind == ProblemKind::OtherEndpoint)?;
        problem.suggestion?.parse().ok()
    }

    /// Puts one problem in the place of all of which this is part.
    pub(crate) fn summarize(&mut self, summary: Problem, is_part: impl Fn(&Problem) -> bool) {
        self.problems.retain(|problem| !is_part(problem));
        self.problems.insert(0, summary);
    }
}

impl fmt::Display for InvalidValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", All(&self.problems))?;
        // Not one in the object of a value.
        let is_form_variable = |problem: &Problem| !problem.path.contains('.');
        let mut unknown = self.problems.iter();
        if unknown.any(|one| one.kind == ProblemKind::UnknownKey && is_form_variable(one)) {
            f.write_str(
                "; to send a key that the manifest lacks, use `with_value` of the request, or \
                 `RawConfigValues`",
            )?;
        }
        Ok(())
    }
}

/// All problems in one line, after their number if it isn't one.
pub(crate) struct All<'a>(pub(crate) &'a [Problem]);

impl fmt::Display for All<'_> {
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
    /// The known key that an unknown one was probably meant to be; for values of another endpoint,
    /// the name of that.
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
    /// An empty string, or one of white space only, where the form variable is required.
    Blank,
    /// The values are those of another part of the integration, which another endpoint takes.
    OtherEndpoint,
    /// The integration is unknown.
    UnknownIntegration,
    /// The endpoint takes no values of the integration.
    WrongEndpoint,
    /// An environment variable that isn't set, or is blank.
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
            Self::OtherEndpoint => "values of another endpoint",
            Self::UnknownIntegration => "unknown integration key",
            Self::WrongEndpoint => "wrong endpoint",
            Self::MissingVariable => "environment variable not set, or blank",
        })
    }
}
