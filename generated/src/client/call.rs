//! A call with its attempts, without a network: what both clients go through.

use std::time::{Duration, Instant, SystemTime};

use http::{HeaderMap, Request};

use super::body::Body;
use super::configuration::Configuration;
use super::error::{Error, ErrorKind};
use super::new_configuration::NewConfiguration;
use super::options::Options;
use super::retry::{Attempt, Decision, Outcome};
use super::transport::{Limits, Received, SendError, SendFailure, SendStage};

/// A call to create one configuration.
pub(crate) struct Call<'a> {
    options: &'a Options,
    configuration: &'a NewConfiguration,
    started: Instant,
    attempt: u32,
}

/// What comes after an attempt.
pub(crate) enum Next {
    Done(Box<Result<Configuration, Error>>),
    /// Another attempt, after this time.
    Wait(Duration),
}

impl<'a> Call<'a> {
    pub(crate) fn new(options: &'a Options, configuration: &'a NewConfiguration) -> Self {
        Self {
            options,
            configuration,
            started: Instant::now(),
            attempt: 0,
        }
    }

    pub(crate) fn span(&self) -> tracing::Span {
        tracing::debug_span!(
            "create_configuration",
            method = "POST",
            integration_key = self.configuration.integration_key(),
        )
    }

    /// Begins an attempt.
    pub(crate) fn request(&mut self) -> Result<(Request<Body>, Limits), Error> {
        self.attempt += 1;
        let left = self
            .options
            .retry
            .overall()
            .saturating_sub(self.started.elapsed());
        let limits = Limits::new(self.options.timeout.min(left), self.options.max_body);
        Ok((self.options.api.request(self.configuration)?, limits))
    }

    /// Ends an attempt.
    pub(crate) fn answered(&self, sent: Result<Received, SendError>) -> Next {
        let (error, outcome) = match &sent {
            Ok(answer) => match self.read(answer) {
                Ok(created) => return self.done(Ok(created)),
                // It was created; another attempt would create a second one.
                Err(error) if answer.response.status().is_success() => {
                    return self.done(Err(error));
                }
                Err(error) => (error, answered(answer)),
            },
            Err(error) => (Error::new(kind(error)), unanswered(error)),
        };
        let decision = self.options.retry.decide(&Attempt {
            number: self.attempt,
            outcome,
            now: SystemTime::now(),
            elapsed: self.started.elapsed(),
            chance: fastrand::f64(),
        });
        if let Decision::Retry { after } = decision {
            self.log_retry(&error, after);
            return Next::Wait(after);
        }
        let source = match sent {
            Err(error) => Some(error.source),
            Ok(answer) => answer.interrupted.map(|error| error.source),
        };
        self.done(Err(match source {
            Some(source) => error.with(|details| details.source = Some(source)),
            None => error,
        }))
    }

    fn read(&self, answer: &Received) -> Result<Configuration, Error> {
        let read = self.options.api.read(self.configuration, &answer.response);
        match &answer.interrupted {
            // What is whole although more was announced is good enough.
            Some(broken) => read.map_err(|error| {
                let unreadable = error.kind() == ErrorKind::UnreadableAnswer;
                error.with(|details| {
                    if unreadable {
                        details.kind = kind(broken);
                    }
                })
            }),
            None => read,
        }
    }

    fn done(&self, result: Result<Configuration, Error>) -> Next {
        let result = result.map_err(|error| error.with(|details| details.attempts = self.attempt));
        match &result {
            Ok(_) => tracing::debug!(attempt = self.attempt, "created"),
            Err(error) => tracing::debug!(
                attempt = self.attempt,
                status = error.status().map(|status| status.as_u16()),
                request_id = error.request_id(),
                kind = ?error.kind(),
                "not created"
            ),
        }
        Next::Done(Box::new(result))
    }

    fn log_retry(&self, error: &Error, after: Duration) {
        tracing::debug!(
            attempt = self.attempt,
            status = error.status().map(|status| status.as_u16()),
            request_id = error.request_id(),
            kind = ?error.kind(),
            wait_ms = after.as_millis(),
            "trying again"
        );
    }
}

fn kind(error: &SendError) -> ErrorKind {
    match (error.stage, error.failure) {
        (SendStage::NotSent, _) => ErrorKind::NotConnected,
        (SendStage::Sent, SendFailure::Timeout) => ErrorKind::TimedOut,
        (SendStage::Sent, _) => ErrorKind::Interrupted,
    }
}

fn answered(answer: &Received) -> Outcome<'_> {
    let headers: &HeaderMap = answer.response.headers();
    Outcome::Answered {
        status: answer.response.status(),
        headers,
    }
}

fn unanswered(error: &SendError) -> Outcome<'static> {
    match error.stage {
        SendStage::NotSent => Outcome::NotSent,
        SendStage::Sent => Outcome::Unanswered,
    }
}
