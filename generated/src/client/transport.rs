//! What a transport is asked and answers: between the client and an HTTP library.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use http::Response;

/// What an attempt may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The time for the whole attempt, from connecting to the last byte of the answer.
    pub time: Duration,
    /// The most bytes of the answer's body that are read; the rest is left.
    pub body: usize,
}

impl Limits {
    /// These limits.
    #[must_use]
    pub fn new(time: Duration, body: usize) -> Self {
        Self { time, body }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// Status, headers, and the body as far as it came.
    pub response: Response<Vec<u8>>,
    /// Why the body isn't whole, if it isn't.
    pub broken: Option<SendError>,
}

/// Why nothing came back.
#[derive(Debug)]
pub struct SendError {
    /// How far it got.
    pub reached: Reached,
    /// What the HTTP library says. Must hold nothing of the request's headers and body.
    pub source: Box<dyn Error + Send + Sync>,
}

impl SendError {
    /// An error of an HTTP library.
    pub fn new(reached: Reached, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            reached,
            source: source.into(),
        }
    }
}

/// How far an attempt got that wasn't answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reached {
    /// There was no connection, or none that took any of the request's body: the request was not
    /// carried out, for certain.
    Nothing,
    /// The request was sent, at least in part, and then the connection broke.
    Connection,
    /// The request was sent, at least in part, and then the time was over.
    Timeout,
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.reached {
            Reached::Nothing => "no connection",
            Reached::Connection => "the connection broke",
            Reached::Timeout => "the time was over",
        };
        write!(f, "{words}: {}", self.source)
    }
}

impl Error for SendError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}
