//! [`RetryPolicy`]: whether and when a call is made again. A pure function: no clock, no chance.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};

use super::rate_limit::RateLimit;

/// Whether and when a call is made again.
///
/// By default only what can't create a configuration twice: a call that LaunchDarkly turned down
/// for its rate limit (429), and one whose connection was never made. Anything else may have been
/// carried out, and is left to the caller.
///
/// ```
/// use std::time::Duration;
/// use launchdarkly_integrations::client::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(10).deadline(Duration::from_secs(300));
/// let none = RetryPolicy::never();
/// # let _ = (patient, none);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    backoff: Duration,
    max_wait: Duration,
    deadline: Duration,
    retry_ambiguous: bool,
}

impl Default for RetryPolicy {
    /// Five attempts within a minute, half a second before the second one.
    fn default() -> Self {
        Self {
            max_attempts: 5,
            backoff: Duration::from_millis(500),
            max_wait: Duration::from_secs(30),
            deadline: Duration::from_secs(60),
            retry_ambiguous: false,
        }
    }
}

impl RetryPolicy {
    /// One attempt, whatever becomes of it.
    #[must_use]
    pub fn never() -> Self {
        Self::default().max_attempts(1)
    }

    /// How many attempts are made at the most, the first included. Zero counts as one.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The wait before the second attempt, where the response asks for no longer one. It doubles
    /// with each attempt.
    #[must_use]
    pub fn backoff(mut self, backoff: Duration) -> Self {
        self.backoff = backoff;
        self
    }

    /// The longest wait between two attempts. A response that asks for more (`Retry-After`) ends
    /// the call, since calling earlier is not allowed; a later `X-Ratelimit-Reset` is taken for an
    /// error, and this much is waited.
    #[must_use]
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// The time for all attempts and waits together. No wait begins that would end after it. The
    /// time for each attempt is set at the client.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Whether to try again after a request that was sent and not answered, or answered by 500,
    /// 502, 503 or 504. It may have been carried out: then there are two configurations.
    #[must_use]
    pub fn retry_ambiguous(mut self, retry: bool) -> Self {
        self.retry_ambiguous = retry;
        self
    }

    pub(crate) fn attempt_time(&self, timeout: Duration, elapsed: Duration) -> Duration {
        timeout.min(self.deadline.saturating_sub(elapsed))
    }

    /// What to do after an attempt that failed.
    #[must_use]
    pub fn decide(&self, attempt: &Attempt<'_>) -> Decision {
        if attempt.number >= self.max_attempts || !self.is_safe(attempt.outcome, attempt.repeat) {
            return Decision::GiveUp;
        }
        let wait = match attempt.outcome {
            Outcome::Response { headers, .. } => {
                let limit = RateLimit::from_headers(headers);
                if limit.retry_after.is_some_and(|least| least > self.max_wait) {
                    return Decision::GiveUp;
                }
                let reset = limit.until_reset(attempt.now).min(self.max_wait);
                limit.retry_after.unwrap_or_default().max(reset)
            }
            Outcome::NotSent { .. } | Outcome::NoResponse => Duration::ZERO,
        };
        let wait = self.with_jitter(wait, attempt);
        match attempt.elapsed.checked_add(wait) {
            Some(end) if end < self.deadline => Decision::Retry { after: wait },
            _ => Decision::GiveUp,
        }
    }

    fn is_safe(&self, outcome: Outcome<'_>, repeat: Repeat) -> bool {
        match outcome {
            Outcome::NotSent { permanent } => !permanent,
            Outcome::NoResponse => self.retry_ambiguous || repeat != Repeat::Unsafe,
            Outcome::Response { status, .. } => match status.as_u16() {
                429 => true,
                500 | 502 | 503 | 504 => self.retry_ambiguous || repeat != Repeat::Unsafe,
                _ => false,
            },
        }
    }

    /// At least `least`, at least half the backoff, and by chance up to the whole of it more, so
    /// that calls which were turned down together don't come back together.
    fn with_jitter(&self, least: Duration, attempt: &Attempt<'_>) -> Duration {
        let doublings = attempt.number.saturating_sub(1).min(20);
        let backoff = self
            .backoff
            .saturating_mul(1 << doublings)
            .min(self.max_wait);
        // NaN, which `clamp` would keep, is no chance at all.
        let chance = if attempt.chance.is_finite() {
            attempt.chance.clamp(0.0, 1.0)
        } else {
            0.0
        };
        least
            .max(backoff / 2)
            .saturating_add(backoff.mul_f64(chance))
    }
}

/// An attempt that failed, as [`RetryPolicy::decide`] has to know it.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// Which one it was; the first is 1.
    pub number: u32,
    /// How it ended.
    pub outcome: Outcome<'a>,
    /// The time now, to which `X-Ratelimit-Reset` is compared.
    pub now: SystemTime,
    /// stub
    pub repeat: Repeat,
    /// stub
    pub timeout: Duration,
    /// The time since the first attempt began.
    pub elapsed: Duration,
    /// A random number from 0 to 1.
    pub chance: f64,
}

/// stub
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repeat {
    /// s
    Safe,
    /// i
    Idempotent,
    /// u
    Unsafe,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// The connection was never made, so nothing was sent.
    NotSent {
        /// stub
        permanent: bool,
    },
    /// The request may have been sent, and there is no whole response.
    NoResponse,
    /// There is a response.
    Response {
        /// Its status.
        status: StatusCode,
        /// Its headers.
        headers: &'a HeaderMap,
    },
}

/// What to do after an attempt that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing more.
    GiveUp,
    /// Try again.
    Retry {
        /// The time to wait before.
        after: Duration,
    },
}
