//! [`RetryPolicy`]: whether and when a call is retried. It reads no clock and has no randomness.

#[cfg(test)]
mod tests;

use std::fmt;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};

use super::rate_limit::RateLimit;

/// Whether and when a call is retried.
///
/// By default only if the call can't take effect twice:
///
/// | outcome of the attempt | `list`, `get`, `delete` | other operations |
/// |---|---|---|
/// | rate limit (429); not sent, such as after a refused connection | retried | retried |
/// | no response after sending; status 408, 500, 502, 503, 504 | retried | only with [`retry_ambiguous`](Self::retry_ambiguous) |
/// | other statuses | not retried | not retried |
/// | failures that a retry can't resolve: an unknown host, an invalid certificate, a refused connection to a loopback host | not retried | not retried |
///
/// ```
/// use std::time::Duration;
/// use launchdarkly_integrations::client::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(10).deadline(Duration::from_secs(600));
/// let single_attempt = RetryPolicy::never();
/// # let _ = (patient, single_attempt);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    backoff: Duration,
    max_wait: Duration,
    deadline: Option<Duration>,
    retry_ambiguous: bool,
}

/// The default deadline, unless time-outs are too long for it.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(3 * 60);

impl Default for RetryPolicy {
    /// Up to five attempts within about three minutes, the second one after about one second. This
    /// outlasts LaunchDarkly's rate limit, whose window is 10 s, even if the clocks differ.
    fn default() -> Self {
        Self {
            max_attempts: 5,
            backoff: Duration::from_secs(1),
            max_wait: Duration::from_secs(70),
            deadline: None,
            retry_ambiguous: false,
        }
    }
}

impl RetryPolicy {
    /// Returns a policy without retries.
    #[must_use]
    pub fn never() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the maximum number of attempts, including the first one. Defaults to 5; 0 means 1.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the wait before the second attempt, unless the response requires a longer one. It doubles
    /// with each attempt. Defaults to 1 s.
    ///
    /// Jitter spreads the retries of several clients: a wait is 0.5 to 1.5 times the backoff, or 1 to
    /// 2 times after a 429.
    #[must_use]
    pub fn backoff(mut self, backoff: Duration) -> Self {
        self.backoff = backoff;
        self
    }

    /// Sets the maximum wait between two attempts, including jitter. Defaults to 70 s, because
    /// LaunchDarkly sometimes requires 60 s.
    ///
    /// If `Retry-After` requires a longer wait, the call fails, because an earlier retry is not
    /// allowed. A later `X-Ratelimit-Reset` is ignored as an error of the server or of a clock.
    #[must_use]
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// Sets the maximum time of all attempts and waits together. Defaults to three minutes or, if that
    /// is longer, to two time-outs plus the maximum wait.
    ///
    /// There is no retry unless the remaining time is at least one time-out or half the deadline,
    /// whichever is shorter. A deadline of less than two time-outs can therefore shorten the time-out
    /// of each attempt, including the first one. The time-out of an attempt is set with
    /// `ClientBuilder::timeout` or `Call::timeout`.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets whether operations other than `list`, `get` and `delete` are also retried after an attempt
    /// that may have taken effect: sent without a response, or status 408, 500, 502, 503 or 504.
    /// Defaults to `false`, because a retried `create` may create two resources.
    #[must_use]
    pub fn retry_ambiguous(mut self, retry: bool) -> Self {
        self.retry_ambiguous = retry;
        self
    }

    /// Decides what to do after a failed attempt.
    #[must_use]
    pub fn decide(&self, attempt: &Attempt<'_>) -> Decision {
        if attempt.number >= self.max_attempts || !self.may_repeat(attempt) {
            return Decision::GiveUp;
        }
        match self.wait(attempt) {
            Some(after) => Decision::Retry { after },
            None => Decision::GiveUp,
        }
    }

    /// Returns the time-out of an attempt that begins `elapsed` after the first one. Zero after the
    /// deadline, which happens only if a wait took much longer than [`decide`](Self::decide) set.
    #[cfg(any(feature = "async", feature = "blocking", test))]
    pub(crate) fn attempt_time(&self, timeout: Duration, elapsed: Duration) -> Duration {
        match self.deadline {
            Some(deadline) => timeout.min(deadline.saturating_sub(elapsed)),
            // The default deadline doesn't shorten time-outs.
            None => timeout,
        }
    }

    /// Returns the longest wait that leaves enough time for the next attempt. `None` if there is none.
    fn longest_wait(&self, timeout: Duration, elapsed: Duration) -> Option<Duration> {
        let deadline = self.deadline.unwrap_or_else(|| {
            let two_attempts = timeout.saturating_mul(2).saturating_add(self.max_wait);
            two_attempts.max(DEFAULT_DEADLINE)
        });
        let attempt = timeout.min(deadline / 2);
        let wait = deadline.checked_sub(elapsed)?.checked_sub(attempt)?;
        Some(wait.min(self.max_wait))
    }

    /// Returns the backoff after `earlier` other backoffs, without jitter.
    pub(crate) fn doubled_backoff(&self, earlier: u32) -> Duration {
        let doubled = self.backoff.saturating_mul(1 << earlier.min(20));
        doubled.min(self.max_wait)
    }

    fn may_repeat(&self, attempt: &Attempt<'_>) -> bool {
        let ambiguous = match attempt.idempotency {
            Idempotency::Safe | Idempotency::Idempotent => true,
            Idempotency::Unsafe => self.retry_ambiguous,
        };
        match attempt.outcome {
            Outcome::NotSent { permanent } => !permanent,
            Outcome::NoResponse => ambiguous,
            Outcome::Response { status, .. } => match status.as_u16() {
                429 => true,
                408 | 500 | 502 | 503 | 504 => ambiguous,
                _ => false,
            },
        }
    }

    /// Returns the wait before the next attempt. `None` if the required wait is too long.
    fn wait(&self, attempt: &Attempt<'_>) -> Option<Duration> {
        let backoff = self.doubled_backoff(attempt.number.saturating_sub(1));
        let mut least = backoff / 2;
        if let Outcome::Response { status, headers } = attempt.outcome {
            let limit = RateLimit::from_headers(headers);
            if status == StatusCode::TOO_MANY_REQUESTS {
                let reset = limit.until_reset(attempt.now);
                let reset = reset.filter(|reset| *reset <= self.max_wait);
                // At least the full backoff: if the clocks differ, the reset may be too early, and
                // the backoffs alone must outlast the window.
                least = backoff.max(reset.unwrap_or_default());
            }
            least = least.max(limit.min_wait(attempt.now).unwrap_or_default());
        }

        let longest = self.longest_wait(attempt.timeout, attempt.elapsed)?;
        let jitter = backoff.min(longest.checked_sub(least)?);
        Some(least.saturating_add(fraction(jitter, attempt.random)))
    }
}

/// Multiplies `total` by `factor`, which is limited to 0 to 1. `Duration::mul_f64` panics for the
/// largest durations.
fn fraction(total: Duration, factor: f64) -> Duration {
    // NaN, which `clamp` would return, becomes 0.
    let factor = if factor > 0.0 { factor.min(1.0) } else { 0.0 };
    Duration::try_from_secs_f64(total.as_secs_f64() * factor)
        .unwrap_or(total)
        .min(total)
}

/// Whether an operation can be repeated without another effect, in the terms of HTTP (RFC 9110, section
/// 9.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Idempotency {
    /// The operation changes nothing: `list`, `get`.
    Safe,
    /// Repeating it has no further effect: `delete`.
    Idempotent,
    /// Repeating it may have another effect: `create`, `update`, `validate`, `trigger`.
    Unsafe,
}

/// A failed attempt, the argument of [`RetryPolicy::decide`].
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The number of the attempt; the first is 1.
    pub number: u32,
    /// How the attempt ended.
    pub outcome: Outcome<'a>,
    /// Whether the operation can be repeated without another effect.
    pub idempotency: Idempotency,
    /// The time-out of one attempt.
    pub timeout: Duration,
    /// The local time. It is compared with the times in a response without a `Date` header.
    pub now: SystemTime,
    /// The time since the first attempt began.
    pub elapsed: Duration,
    /// A random number from 0 to 1, for the jitter.
    pub random: f64,
}

/// How a failed attempt ended.
///
/// `Debug` shows no headers, because they may contain secrets.
#[derive(Clone, Copy)]
pub enum Outcome<'a> {
    /// Nothing was sent.
    NotSent {
        /// Whether a retry would fail in the same way, such as with an unknown host.
        permanent: bool,
    },
    /// The request may have been sent, and there is no response. Also used if the body of a successful
    /// `list` or `get` is incomplete.
    NoResponse,
    /// There is a response, or at least its status and headers.
    Response {
        /// The status.
        status: StatusCode,
        /// The headers.
        headers: &'a HeaderMap,
    },
}

impl fmt::Debug for Outcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent { permanent } => write!(f, "NotSent {{ permanent: {permanent} }}"),
            Self::NoResponse => f.write_str("NoResponse"),
            Self::Response { status, .. } => write!(f, "Response({status})"),
        }
    }
}

/// What to do after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Return the error.
    GiveUp,
    /// Begin another attempt.
    Retry {
        /// The time to wait before it.
        after: Duration,
    },
}
