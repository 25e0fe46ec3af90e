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
    after_sending: bool,
}

impl Default for RetryPolicy {
    /// Five attempts within a minute, half a second before the second one.
    fn default() -> Self {
        Self {
            max_attempts: 5,
            backoff: Duration::from_millis(500),
            max_wait: Duration::from_secs(30),
            deadline: Duration::from_secs(60),
            after_sending: false,
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
    pub fn after_sending(mut self, retry: bool) -> Self {
        self.after_sending = retry;
        self
    }

    /// The time for all attempts and waits together.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn overall(&self) -> Duration {
        self.deadline
    }

    /// What to do after an attempt that failed.
    #[must_use]
    pub fn decide(&self, attempt: &Attempt<'_>) -> Decision {
        if attempt.number >= self.max_attempts || !self.is_safe(attempt.outcome) {
            return Decision::GiveUp;
        }
        let wait = match attempt.outcome {
            Outcome::Answered { headers, .. } => {
                let limit = RateLimit::from_headers(headers);
                if limit.retry_after.is_some_and(|least| least > self.max_wait) {
                    return Decision::GiveUp;
                }
                let reset = limit.until_reset(attempt.now).min(self.max_wait);
                limit.retry_after.unwrap_or_default().max(reset)
            }
            Outcome::NotSent | Outcome::Unanswered => Duration::ZERO,
        };
        let wait = self.with_jitter(wait, attempt);
        match attempt.elapsed.checked_add(wait) {
            Some(end) if end < self.deadline => Decision::Retry { after: wait },
            _ => Decision::GiveUp,
        }
    }

    fn is_safe(&self, outcome: Outcome<'_>) -> bool {
        match outcome {
            Outcome::NotSent => true,
            Outcome::Unanswered => self.after_sending,
            Outcome::Answered { status, .. } => match status.as_u16() {
                429 => true,
                500 | 502 | 503 | 504 => self.after_sending,
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
    /// The time since the first attempt began.
    pub elapsed: Duration,
    /// A random number from 0 to 1.
    pub chance: f64,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// The connection was never made, so nothing was sent.
    NotSent,
    /// The request may have been sent, and there is no whole response.
    Unanswered,
    /// There is a response.
    Answered {
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

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                let name = http::HeaderName::from_static(name);
                (name, value.parse().unwrap())
            })
            .collect()
    }

    fn limited(
        policy: &RetryPolicy,
        number: u32,
        pairs: &[(&'static str, &str)],
        chance: f64,
    ) -> Option<Duration> {
        answered(policy, 429, number, pairs, chance)
    }

    fn answered(
        policy: &RetryPolicy,
        status: u16,
        number: u32,
        pairs: &[(&'static str, &str)],
        chance: f64,
    ) -> Option<Duration> {
        let headers = headers(pairs);
        let decision = policy.decide(&Attempt {
            number,
            outcome: Outcome::Answered {
                status: StatusCode::from_u16(status).unwrap(),
                headers: &headers,
            },
            now: NOW,
            elapsed: Duration::ZERO,
            chance,
        });
        match decision {
            Decision::GiveUp => None,
            Decision::Retry { after } => Some(after),
        }
    }

    fn ms(millis: u64) -> Option<Duration> {
        Some(Duration::from_millis(millis))
    }

    #[test]
    fn the_larger_of_both_headers_is_waited_for() {
        let policy = RetryPolicy::default();
        let both = |after, reset| {
            limited(
                &policy,
                1,
                &[("retry-after", after), ("x-ratelimit-reset", reset)],
                0.0,
            )
        };
        assert_eq!(both("3", "2000"), ms(3000));
        assert_eq!(both("1", "2000"), ms(2000));
        assert_eq!(limited(&policy, 1, &[("retry-after", "3")], 1.0), ms(3500));
    }

    #[test]
    fn without_a_header_the_wait_doubles_with_jitter() {
        let policy = RetryPolicy::default();
        for (number, chance, wait) in [
            (1, 0.0, 250),
            (1, 1.0, 750),
            (2, 0.0, 500),
            (3, 0.5, 2000),
            (4, 0.0, 2000),
        ] {
            assert_eq!(limited(&policy, number, &[], chance), ms(wait), "{number}");
        }
        assert_eq!(limited(&policy, 5, &[], 0.0), None);
        let long = RetryPolicy::default()
            .max_attempts(u32::MAX)
            .deadline(Duration::MAX);
        assert_eq!(limited(&long, u32::MAX - 1, &[], 1.0), ms(45_000));
    }

    #[test]
    fn odd_headers_are_harmless() {
        let policy = RetryPolicy::default();
        for odd in ["", "0", "-5", "x", "1e9", "99999999999999999999"] {
            assert_eq!(
                limited(&policy, 1, &[("retry-after", odd)], 0.0),
                ms(250),
                "{odd}"
            );
            assert_eq!(
                limited(&policy, 1, &[("x-ratelimit-reset", odd)], 0.0),
                ms(250),
                "{odd}"
            );
        }
        // A far future: the one must not be cut short, the other is an error of the server's.
        assert_eq!(
            limited(&policy, 1, &[("retry-after", "18446744073709551615")], 0.0),
            None
        );
        assert_eq!(limited(&policy, 1, &[("retry-after", "31")], 0.0), None);
        assert_eq!(
            limited(&policy, 1, &[("x-ratelimit-reset", "4000000000000")], 0.0),
            ms(30_000)
        );
        let most = [("x-ratelimit-reset", "18446744073709551615")];
        assert!(limited(&policy, 1, &most, 0.0).is_some());
        for chance in [f64::NAN, f64::INFINITY, -1.0] {
            assert_eq!(limited(&policy, 1, &[], chance), ms(250), "{chance}");
        }
    }

    #[test]
    fn only_what_is_safe_is_tried_again() {
        let default = RetryPolicy::default();
        let bold = RetryPolicy::default().after_sending(true);
        for status in [200, 201, 302, 400, 401, 403, 404, 409, 422, 501] {
            assert_eq!(answered(&default, status, 1, &[], 0.0), None, "{status}");
            assert_eq!(answered(&bold, status, 1, &[], 0.0), None, "{status}");
        }
        for status in [500, 502, 503, 504] {
            assert_eq!(answered(&default, status, 1, &[], 0.0), None, "{status}");
            assert_eq!(answered(&bold, status, 1, &[], 0.0), ms(250), "{status}");
        }
        let decide = |policy: &RetryPolicy, outcome| {
            policy.decide(&Attempt {
                number: 1,
                outcome,
                now: NOW,
                elapsed: Duration::ZERO,
                chance: 0.0,
            }) != Decision::GiveUp
        };
        assert!(decide(&default, Outcome::NotSent));
        assert!(!decide(&default, Outcome::Unanswered));
        assert!(decide(&bold, Outcome::Unanswered));
        assert!(!decide(&RetryPolicy::never(), Outcome::NotSent));
    }

    #[test]
    fn no_wait_ends_after_the_deadline() {
        let policy = RetryPolicy::default().deadline(Duration::from_secs(10));
        let decide = |elapsed| {
            policy.decide(&Attempt {
                number: 1,
                outcome: Outcome::NotSent,
                now: NOW,
                elapsed,
                chance: 0.0,
            })
        };
        assert_ne!(decide(Duration::from_millis(9_749)), Decision::GiveUp);
        assert_eq!(decide(Duration::from_millis(9_750)), Decision::GiveUp);
        assert_eq!(decide(Duration::MAX), Decision::GiveUp);
    }
}
