//! [`Call`]: an operation and the client that sends it. `Attempts` has the logic of its retries.

use std::fmt;

#[cfg(any(feature = "async", feature = "blocking"))]
pub(crate) use attempts::{Attempts, Finished, Next};
#[cfg(any(feature = "async", feature = "blocking"))]
use std::time::Duration;

use super::api::operation::Operation;
#[cfg(any(feature = "async", feature = "blocking"))]
use super::retry::RetryPolicy;

/// A call of the API that isn't sent yet. `call.send().await?` sends it and returns the response, or
/// `call.send()?` with a `blocking::Client`.
///
/// `R` is the type of its response. `C` sends it: a `Client` or a `blocking::Client`. With an
/// [`Api`](super::Api), your program sends the request itself.
#[must_use = "a call does nothing until it is sent: call `.send()`"]
pub struct Call<'a, R, C> {
    pub(crate) client: &'a C,
    pub(crate) operation: Operation<'a, R>,
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) options: CallOptions,
}

/// The options of one call, which take precedence over the client's.
#[cfg(any(feature = "async", feature = "blocking"))]
#[derive(Clone, Default)]
pub(crate) struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
}

impl<'a, R, C> Call<'a, R, C> {
    pub(crate) fn new(client: &'a C, operation: Operation<'a, R>) -> Self {
        Self {
            client,
            operation,
            #[cfg(any(feature = "async", feature = "blocking"))]
            options: CallOptions::default(),
        }
    }
}

/// Options of one call, for both clients.
#[cfg(any(feature = "async", feature = "blocking"))]
impl<R, C: super::config::BuildClient> Call<'_, R, C> {
    /// Sets the time-out of each attempt of this call. Defaults to the client's.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Sets when this call is retried. Defaults to the client's policy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }
}

impl<R, C> fmt::Debug for Call<'_, R, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = &self.operation.request;
        f.debug_struct("Call")
            .field("operation", &request.metadata.name)
            .field("path", &request.path)
            .finish_non_exhaustive()
    }
}

#[cfg(any(feature = "async", feature = "blocking"))]
mod attempts {
    use std::time::{Duration, Instant, SystemTime};

    use http::{Request, Response};

    use super::CallOptions;
    use crate::client::api::Api;
    use crate::client::api::operation::{MalformedBody, OperationRequest};
    use crate::client::body::Body;
    use crate::client::config::ClientConfig;
    use crate::client::effect::Effect;
    use crate::client::error::Error;
    use crate::client::host::is_loopback;
    use crate::client::retry::{Attempt, Decision, Idempotency, Outcome, RetryPolicy};
    use crate::client::transport::{Limits, Received, SendError, SendFailure, SendStage};

    /// The attempts of one call. It decides what to do next. The clients send and wait.
    pub(crate) struct Attempts<'a> {
        api: &'a Api,
        request: &'a OperationRequest<'a>,
        retry: RetryPolicy,
        timeout: Duration,
        max_body: usize,
        started: Instant,
        attempt: u32,
        /// The effect of all attempts so far.
        effect: Effect,
        /// The most informative error so far.
        error: Option<Error>,
    }

    /// What to do after an attempt.
    pub(crate) enum Next {
        Done(Box<Result<Finished, Error>>),
        /// Begin another attempt after this time.
        Wait(Duration),
    }

    /// A response with the documented status.
    pub(crate) struct Finished {
        received: Received,
        attempts: u32,
    }

    impl<'a> Attempts<'a> {
        pub(crate) fn new(
            config: &'a ClientConfig,
            request: &'a OperationRequest<'a>,
            options: CallOptions,
        ) -> Self {
            Self {
                api: &config.api,
                request,
                retry: options.retry.unwrap_or_else(|| config.retry.clone()),
                timeout: options.timeout.unwrap_or(config.timeout),
                max_body: config.max_body,
                started: Instant::now(),
                attempt: 0,
                effect: Effect::None,
                error: None,
            }
        }

        /// Creates the span of the call, with OpenTelemetry's names for HTTP clients.
        pub(crate) fn span(&self) -> tracing::Span {
            let metadata = self.request.metadata;
            let host = self.api.host_ref();
            tracing::debug_span!(
                "launchdarkly",
                otel.name = %format_args!("{} {}", metadata.method, metadata.template),
                otel.kind = "client",
                http.request.method = %metadata.method,
                url.template = metadata.template,
                url.path = self.request.path.as_deref().unwrap_or_default(),
                server.address = host.address(),
                server.port = host.port(),
                http.response.status_code = tracing::field::Empty,
                http.request.resend_count = tracing::field::Empty,
                error.type = tracing::field::Empty,
            )
        }

        /// Begins an attempt: returns the request to send.
        pub(crate) fn begin(&mut self) -> Result<(Request<Body>, Limits), Error> {
            let request = self.api.request(self.request)?;
            self.attempt += 1;
            let time = self
                .retry
                .attempt_time(self.timeout, self.started.elapsed());
            Ok((request, Limits::new(time, self.max_body)))
        }

        /// Ends an attempt, and decides whether there is another one.
        pub(crate) fn end(&mut self, sent: Result<Received, SendError>) -> Next {
            let (error, decision) = match sent {
                Ok(received) => match self.received(received) {
                    Ok(finished) => return Next::Done(Box::new(Ok(finished))),
                    Err(failure) => *failure,
                },
                Err(error) => {
                    let outcome = match error.stage {
                        SendStage::NotSent => Outcome::NotSent {
                            permanent: self.is_permanent(error.failure),
                        },
                        SendStage::Sent => Outcome::NoResponse,
                    };
                    let decision = self.decide(outcome);
                    (Error::from_send(self.api, self.request, error), decision)
                }
            };
            self.effect = self.effect.max(error.effect());
            match decision {
                Decision::Retry { after } => {
                    self.log_retry(&error, after);
                    self.error = Some(self.more_informative(error));
                    Next::Wait(after)
                }
                Decision::GiveUp => {
                    let error = self
                        .more_informative(error)
                        .after(self.attempt, self.effect);
                    self.log_failure(&error);
                    Next::Done(Box::new(Err(error)))
                }
            }
        }

        /// Returns the response if its status is the documented one, or the error and what to do.
        fn received(&self, received: Received) -> Result<Finished, Box<(Error, Decision)>> {
            let Received {
                response,
                interrupted,
            } = &received;
            let is_success = response.status() == self.request.metadata.success;
            if is_success && !(interrupted.is_some() && self.may_read_again(response)) {
                tracing::Span::current()
                    .record("http.response.status_code", response.status().as_u16())
                    .record("http.request.resend_count", self.attempt - 1);
                return Ok(Finished {
                    received,
                    attempts: self.attempt,
                });
            }
            let outcome = if is_success {
                Outcome::NoResponse
            } else {
                Outcome::Response {
                    status: response.status(),
                    headers: response.headers(),
                }
            };
            let decision = self.decide(outcome);
            Err(Box::new((self.error_of(received), decision)))
        }

        /// Whether to retry after an incomplete body: only if the operation is safe.
        fn may_read_again(&self, response: &Response<Vec<u8>>) -> bool {
            let body = serde_json::from_slice::<serde::de::IgnoredAny>(response.body());
            self.request.metadata.idempotency == Idempotency::Safe && body.is_err()
        }

        /// Whether a retry would fail in the same way. A server on this machine, such as a mock server,
        /// doesn't start by itself.
        fn is_permanent(&self, failure: SendFailure) -> bool {
            let is_local = is_loopback(self.api.host_ref().address());
            failure.is_permanent() || (failure == SendFailure::Refused && is_local)
        }

        fn decide(&self, outcome: Outcome<'_>) -> Decision {
            self.retry.decide(&Attempt {
                number: self.attempt,
                outcome,
                idempotency: self.request.metadata.idempotency,
                timeout: self.timeout,
                now: SystemTime::now(),
                elapsed: self.started.elapsed(),
                random: fastrand::f64(),
            })
        }

        fn error_of(&self, received: Received) -> Error {
            let (parts, body) = received.response.into_parts();
            let error =
                Error::from_response(self.api, self.request, parts.status, &parts.headers, &body);
            match received.interrupted {
                Some(interrupted) => error.interrupted(interrupted),
                None => error,
            }
        }

        /// Returns this error, or the one so far if that is more informative.
        fn more_informative(&mut self, error: Error) -> Error {
            let earlier = self.error.take();
            earlier
                .filter(|earlier| earlier.rank() > error.rank())
                .unwrap_or(error)
        }

        /// Returns the error of a response with the documented status whose body can't be parsed.
        pub(crate) fn malformed(&self, finished: Finished, malformed: MalformedBody) -> Error {
            let mut error = self.error_of(finished.received);
            if let Some(cause) = malformed.0 {
                error = error.with_source(cause.into());
            }
            let error = error.after(finished.attempts, self.effect);
            self.log_failure(&error);
            error
        }

        fn log_failure(&self, error: &Error) {
            let span = tracing::Span::current();
            span.record("http.request.resend_count", self.attempt.saturating_sub(1));
            span.record("error.type", tracing::field::debug(error.kind()));
            if let Some(status) = error.status() {
                span.record("http.response.status_code", status.as_u16());
            }
            tracing::debug!(
                attempts = self.attempt,
                effect = ?error.effect(),
                request_id = error.request_id(),
                "{} failed",
                self.request.metadata.name,
            );
        }

        /// Logs at `WARN`, because a silent wait looks like a hang.
        fn log_retry(&self, error: &Error, after: Duration) {
            tracing::warn!(
                attempt = self.attempt,
                kind = ?error.kind(),
                status = error.status().map(|status| status.as_u16()),
                request_id = error.request_id(),
                wait_ms = u64::try_from(after.as_millis()).unwrap_or(u64::MAX),
                "{}: retrying",
                self.request.metadata.name,
            );
        }
    }

    impl Finished {
        pub(crate) fn body(&self) -> &[u8] {
            self.received.response.body()
        }
    }
}
