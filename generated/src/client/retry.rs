//! [`RetryPolicy`]: whether and when an operation is retried. A pure function: no clock, no randomness.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};

use super::rate_limit::RateLimit;

/// Whether and when an operation is retried.
///
/// By default only where that can't do something twice:
///
/// | outcome of the attempt | reads, deletes | creates, patches and the like |
/// |---|---|---|
/// | rate limit (429); never sent, such as a refused connection | retried | retried |
/// | sent without a response; status 408, 500, 502, 503, 504 | retried | only with [`retry_ambiguous`](Self::retry_ambiguous) |
/// | any other status; a failure that would only repeat itself, such as an unknown host | not retried | not retried |
///
/// ```
/// use std::time::Duration;
/// use launchdarkly_integrations::client::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(10).deadline(Duration::from_secs(600));
/// let none = RetryPolicy::never();
/// # let _ = (patient, none);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    backoff: Duration,
    max_wait: Duration,
    deadline: Option<Duration>,
    retry_ambiguous: bool,
}

/// The deadline where none is set and time-outs are no longer than most are.
const DEADLINE: Duration = Duration::from_secs(3 * 60);

impl Default for RetryPolicy {
    /// Five attempts within about three minutes, a second before the second one. That gets through
    /// LaunchDarkly's rate limit, whose window is 10 s, also where the clocks disagree.
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
    /// One attempt, whatever its outcome.
    #[must_use]
    pub fn never() -> Self {
        Self::default().max_attempts(1)
    }

    /// The largest number of attempts, the first included. Defaults to 5; zero counts as 1.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The wait before the second attempt, where the response asks for no longer one. It doubles
    /// with each attempt. Defaults to 1 s.
    ///
    /// Jitter spreads it, so that clients that failed together don't come back together: from half
    /// of it to one and a half, and after a 429, from once to twice.
    #[must_use]
    pub fn backoff(mut self, backoff: Duration) -> Self {
        self.backoff = backoff;
        self
    }

    /// The longest wait between two attempts, jitter included. Defaults to 70 s, since
    /// LaunchDarkly has been seen to ask for 60 s.
    ///
    /// A response that asks for more (`Retry-After`) ends the call, since retrying earlier is not
    /// allowed. A later `X-Ratelimit-Reset` is an error of the server's or of a clock, and is
    /// ignored.
    #[must_use]
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// The time for all attempts and waits together. Defaults to three minutes, or if that is
    /// longer, to the time for two attempts that time out and the longest wait between them.
    ///
    /// An attempt has its whole time-out, or if that is shorter, at least half the deadline: with
    /// less time left there is no retry. So a deadline shortens time-outs only if it is shorter
    /// than two of them, the first attempt's too. The time-out of one attempt is set at the client
    /// or the call.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Whether creates, patches and the like are retried too when the last attempt may have been
    /// carried out: it was sent and there is no response, or status 408, 500, 502, 503 or 504.
    /// Defaults to `false`, since a create that is retried may have created two.
    #[must_use]
    pub fn retry_ambiguous(mut self, retry: bool) -> Self {
        self.retry_ambiguous = retry;
        self
    }

    /// What to do after an attempt that failed.
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

    /// The time for an attempt that begins when `elapsed` has passed since the first one began.
    /// Zero once a deadline that was set is past, which [`decide`](Self::decide) leads to only if a
    /// wait took much longer than it was meant to.
    #[cfg(any(feature = "async", feature = "blocking", test))]
    pub(crate) fn attempt_time(&self, timeout: Duration, elapsed: Duration) -> Duration {
        match self.deadline {
            Some(deadline) => timeout.min(deadline.saturating_sub(elapsed)),
            // A sleep that is late by a millisecond doesn't shorten the time-out by one.
            None => timeout,
        }
    }

    /// The longest wait after which the next attempt still has a useful time. `None` if no attempt
    /// has.
    fn room(&self, timeout: Duration, elapsed: Duration) -> Option<Duration> {
        let deadline = self.deadline.unwrap_or_else(|| {
            let two = timeout.saturating_mul(2).saturating_add(self.max_wait);
            two.max(DEADLINE)
        });
        let useful = timeout.min(deadline / 2);
        let room = deadline.checked_sub(elapsed)?.checked_sub(useful)?;
        Some(room.min(self.max_wait))
    }

    /// The backoff after so many others, without chance.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn whole_backoff(&self, earlier: u32) -> Duration {
        let doubled = self.backoff.saturating_mul(1 << earlier.min(20));
        doubled.min(self.max_wait)
    }

    fn may_repeat(&self, attempt: &Attempt<'_>) -> bool {
        let ambiguous = match attempt.repeat {
            Repeat::Safe | Repeat::Idempotent => true,
            Repeat::Unsafe => self.retry_ambiguous,
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

    /// The wait before the next attempt. `None` if it has to be longer than it may be.
    fn wait(&self, attempt: &Attempt<'_>) -> Option<Duration> {
        let doublings = attempt.number.saturating_sub(1).min(20);
        let backoff = self
            .backoff
            .saturating_mul(1 << doublings)
            .min(self.max_wait);

        let mut least = backoff / 2;
        if let Outcome::Response { status, headers } = attempt.outcome {
            let limit = RateLimit::from_headers(headers);
            if status == StatusCode::TOO_MANY_REQUESTS {
                let reset = limit.until_reset(attempt.now);
                let reset = reset.filter(|reset| *reset <= self.max_wait);
                // The whole backoff even if there is a reset: by a clock that disagrees it comes
                // too early, and the backoffs alone have to outlast the window.
                least = backoff.max(reset.unwrap_or_default());
            }
            least = least.max(limit.least_wait(attempt.now).unwrap_or_default());
        }

        let room = self.room(attempt.timeout, attempt.elapsed)?;
        let jitter = backoff.min(room.checked_sub(least)?);
        Some(least.saturating_add(portion(jitter, attempt.chance)))
    }
}

/// `chance` of `whole`, where `Duration::mul_f64` would panic for the largest durations.
fn portion(whole: Duration, chance: f64) -> Duration {
    // NaN, which `clamp` would keep, is no chance at all.
    let chance = if chance.is_nan() {
        0.0
    } else {
        chance.clamp(0.0, 1.0)
    };
    Duration::try_from_secs_f64(whole.as_secs_f64() * chance)
        .unwrap_or(whole)
        .min(whole)
}

/// What repeating an operation may do, in the terms of HTTP (RFC 9110, section 9.2). A property of
/// the operation, not of its method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repeat {
    /// It changes nothing: `list`, `get`.
    Safe,
    /// Twice has the effect of once: `delete`.
    Idempotent,
    /// Twice may do something else than once: `create`, `update`, `validate`, `trigger`.
    Unsafe,
}

/// An attempt that failed, as [`RetryPolicy::decide`] has to know it.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// Its number; the first is 1.
    pub number: u32,
    /// How it ended.
    pub outcome: Outcome<'a>,
    /// What repeating the operation may do.
    pub repeat: Repeat,
    /// The time-out of one attempt.
    pub timeout: Duration,
    /// The local time, with which the times in a response without a `Date` header are compared.
    pub now: SystemTime,
    /// The time since the first attempt began.
    pub elapsed: Duration,
    /// A random number from 0 to 1.
    pub chance: f64,
}

/// How an attempt ended that failed.
///
/// `Debug` shows no headers, which may repeat a secret.
#[derive(Clone, Copy)]
pub enum Outcome<'a> {
    /// Nothing was sent, for certain.
    NotSent {
        /// Another attempt would fail in the same way, such as for an unknown host.
        permanent: bool,
    },
    /// The request may have been sent and there is no response, or of a successful response to a
    /// read, only a part.
    NoResponse,
    /// There is a response, at least its status and headers.
    Response {
        /// Its status.
        status: StatusCode,
        /// Its headers.
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

/// What to do after an attempt that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Return the error.
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

    use proptest::prelude::*;

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum OutcomeKind {
        NotSent,
        NoResponse,
        Response,
    }

    /// 2015-10-21 07:28 GMT.
    const NOW_SECS: u64 = 1_445_412_480;
    const TIMEOUT: Duration = Duration::from_secs(30);
    const NOT_SENT: Outcome<'static> = Outcome::NotSent { permanent: false };

    fn at(millis: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
    }

    fn now() -> SystemTime {
        at(NOW_SECS * 1000)
    }

    fn date(secs: u64) -> String {
        httpdate::fmt_http_date(at(secs * 1000))
    }

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                let name = http::HeaderName::from_static(name);
                (name, value.parse().unwrap())
            })
            .collect()
    }

    fn first(outcome: Outcome<'_>) -> Attempt<'_> {
        Attempt {
            number: 1,
            outcome,
            repeat: Repeat::Unsafe,
            timeout: TIMEOUT,
            now: now(),
            elapsed: Duration::ZERO,
            chance: 0.0,
        }
    }

    fn response(status: u16, headers: &HeaderMap) -> Outcome<'_> {
        Outcome::Response {
            status: StatusCode::from_u16(status).unwrap(),
            headers,
        }
    }

    fn wait(policy: &RetryPolicy, attempt: &Attempt<'_>) -> Option<Duration> {
        match policy.decide(attempt) {
            Decision::GiveUp => None,
            Decision::Retry { after } => Some(after),
        }
    }

    /// The wait after a 429.
    fn limited(
        policy: &RetryPolicy,
        number: u32,
        pairs: &[(&'static str, &str)],
        chance: f64,
    ) -> Option<Duration> {
        let headers = headers(pairs);
        let attempt = Attempt {
            number,
            chance,
            ..first(response(429, &headers))
        };
        wait(policy, &attempt)
    }

    fn ms(millis: u64) -> Option<Duration> {
        Some(Duration::from_millis(millis))
    }

    #[test]
    fn only_what_can_not_do_something_twice_is_retried() {
        let default = RetryPolicy::default();
        let ambiguous = RetryPolicy::default().retry_ambiguous(true);
        let retries = |policy: &RetryPolicy, outcome, repeat| {
            let attempt = Attempt {
                repeat,
                ..first(outcome)
            };
            policy.decide(&attempt) != Decision::GiveUp
        };
        let all = [Repeat::Safe, Repeat::Idempotent, Repeat::Unsafe];
        let empty = HeaderMap::new();

        for repeat in all {
            for policy in [&default, &ambiguous] {
                assert!(retries(policy, NOT_SENT, repeat));
                let permanent = Outcome::NotSent { permanent: true };
                assert!(!retries(policy, permanent, repeat));
            }
            for outcome in std::iter::once(Outcome::NoResponse)
                .chain([408, 500, 502, 503, 504].map(|status| response(status, &empty)))
            {
                let safe = repeat != Repeat::Unsafe;
                assert_eq!(retries(&default, outcome, repeat), safe, "{outcome:?}");
                assert!(retries(&ambiguous, outcome, repeat), "{outcome:?}");
            }
            for status in 100..=999 {
                let outcome = response(status, &empty);
                let expected = match status {
                    429 => true,
                    408 | 500 | 502 | 503 | 504 => continue,
                    _ => false,
                };
                for policy in [&default, &ambiguous] {
                    assert_eq!(retries(policy, outcome, repeat), expected, "{status}");
                }
            }
            let limited = response(429, &empty);
            for outcome in [NOT_SENT, Outcome::NoResponse, limited] {
                assert!(!retries(&RetryPolicy::never(), outcome, repeat));
                assert!(!retries(
                    &ambiguous.clone().max_attempts(0),
                    outcome,
                    repeat
                ));
            }
        }
    }

    #[test]
    fn what_the_server_demands_is_waited_for_and_chance_adds_to_it() {
        let policy = RetryPolicy::default().backoff(Duration::from_millis(500));
        let reset = (NOW_SECS * 1000 + 2000).to_string();
        let both = |after| {
            [
                ("retry-after", after),
                ("x-ratelimit-reset", reset.as_str()),
            ]
        };
        assert_eq!(limited(&policy, 1, &both("3"), 0.0), ms(3000));
        assert_eq!(limited(&policy, 1, &both("1"), 0.0), ms(2000));
        assert_eq!(limited(&policy, 1, &both("3"), 1.0), ms(3500));
        // A longer backoff takes precedence.
        assert_eq!(limited(&policy, 4, &both("3"), 0.0), ms(4000));

        // Only a 429 is about the window.
        let headers = headers(&both("1"));
        let unavailable = Attempt {
            repeat: Repeat::Safe,
            ..first(response(503, &headers))
        };
        assert_eq!(wait(&policy, &unavailable), ms(1000));
    }

    #[test]
    fn times_are_compared_with_the_servers_clock_if_that_is_known() {
        let policy = RetryPolicy::default();
        for ahead in [0, 15, 3600] {
            let server = NOW_SECS + ahead;
            let [now, then] = [server, server + 20].map(date);
            let reset = ((server + 20) * 1000).to_string();
            for header in [
                ("retry-after", then.as_str()),
                ("x-ratelimit-reset", &reset),
            ] {
                let pairs = [header, ("date", now.as_str())];
                assert_eq!(limited(&policy, 1, &pairs, 0.0), ms(20_000), "{ahead}");
            }
        }
        let then = date(NOW_SECS + 20);
        let undated = [("retry-after", then.as_str())];
        assert_eq!(limited(&policy, 1, &undated, 0.0), ms(20_000));
        let past = date(NOW_SECS - 20);
        let undated = [("retry-after", past.as_str())];
        assert_eq!(limited(&policy, 1, &undated, 0.0), ms(1000));
        // It must not be retried earlier, so not at all.
        let late = date(NOW_SECS + 71);
        let undated = [("retry-after", late.as_str())];
        assert_eq!(limited(&policy, 1, &undated, 0.0), None);
    }

    #[test]
    fn the_backoff_doubles_and_chance_changes_it() {
        let policy = RetryPolicy::default();
        for (number, chance, after_429, otherwise) in [
            (1, 0.0, 1_000, 500),
            (1, 1.0, 2_000, 1_500),
            (2, 0.0, 2_000, 1_000),
            (3, 0.5, 6_000, 4_000),
            (4, 0.0, 8_000, 4_000),
            (4, 1.0, 16_000, 12_000),
        ] {
            let attempt = Attempt {
                number,
                chance,
                ..first(NOT_SENT)
            };
            assert_eq!(wait(&policy, &attempt), ms(otherwise), "{number}");
            assert_eq!(
                limited(&policy, number, &[], chance),
                ms(after_429),
                "{number}"
            );
        }
        assert_eq!(limited(&policy, 5, &[], 0.0), None);

        // Never more than the longest wait, however often.
        let long = policy.max_attempts(u32::MAX).deadline(Duration::MAX);
        for chance in [0.0, 1.0] {
            assert_eq!(limited(&long, u32::MAX - 1, &[], chance), ms(70_000));
        }
    }

    #[test]
    fn unexpected_headers_and_numbers_are_harmless() {
        let policy = RetryPolicy::default();
        for text in ["", "0", "-5", "x", "1e9"] {
            for name in ["retry-after", "x-ratelimit-reset", "date"] {
                assert_eq!(
                    limited(&policy, 1, &[(name, text)], 0.0),
                    ms(1000),
                    "{text}"
                );
            }
        }
        // A far future: the one must not be cut short, the other is an error of the server's.
        for far in ["71", "18446744073709551615", "99999999999999999999"] {
            assert_eq!(limited(&policy, 1, &[("retry-after", far)], 0.0), None);
        }
        let reset = |millis: u64| {
            let text = millis.to_string();
            limited(&policy, 1, &[("x-ratelimit-reset", &text)], 1.0)
        };
        assert_eq!(reset(NOW_SECS * 1000 + 70_000), ms(70_000));
        assert_eq!(reset(NOW_SECS * 1000 + 70_001), ms(2000));
        assert_eq!(reset(u64::MAX), ms(2000));
        assert_eq!(reset(NOW_SECS * 1000 - 1), ms(2000));
        for chance in [f64::NAN, f64::NEG_INFINITY, -1.0] {
            assert_eq!(limited(&policy, 1, &[], chance), ms(1000), "{chance}");
        }
        assert_eq!(limited(&policy, 1, &[], f64::INFINITY), ms(2000));
    }

    #[test]
    fn the_largest_numbers_are_harmless() {
        let most = Duration::MAX;
        let policy = RetryPolicy::default()
            .max_attempts(u32::MAX)
            .backoff(most)
            .max_wait(most)
            .deadline(most);
        let attempt = Attempt {
            timeout: most,
            ..first(NOT_SENT)
        };
        for chance in [0.0, 0.5, 1.0] {
            let attempt = Attempt { chance, ..attempt };
            let after = wait(&policy, &attempt).unwrap();
            assert!(after >= most / 2 && after <= most - most / 2, "{chance}");
            let late = Attempt {
                elapsed: secs(1),
                ..attempt
            };
            assert_eq!(wait(&policy, &late), None, "{chance}");
            let quick = Attempt {
                timeout: TIMEOUT,
                ..attempt
            };
            let after = wait(&policy, &quick).unwrap();
            assert!(after >= most / 2 && after <= most - TIMEOUT, "{chance}");
        }
        for chance in [0.25, 1.0] {
            assert!(portion(most, chance) <= most, "{chance}");
        }
        assert_eq!(policy.attempt_time(most, secs(1)), most - secs(1));
    }

    #[test]
    fn a_time_out_is_not_shortened() {
        for timeout in [1, 30, 90, 120, 3600]
            .map(secs)
            .into_iter()
            .chain([Duration::MAX])
        {
            let policy = RetryPolicy::default();
            assert_eq!(policy.attempt_time(timeout, Duration::ZERO), timeout);
            // After one that timed out there is the time for a second one.
            let attempt = Attempt {
                elapsed: timeout,
                timeout,
                repeat: Repeat::Safe,
                chance: 1.0,
                ..first(Outcome::NoResponse)
            };
            let Some(after) = wait(&policy, &attempt) else {
                assert_eq!(timeout, Duration::MAX);
                continue;
            };
            assert_eq!(policy.attempt_time(timeout, timeout + after), timeout);
        }
    }

    #[test]
    fn two_long_waits_leave_a_whole_attempt() {
        let policy = RetryPolicy::default();
        let headers = headers(&[("retry-after", "29")]);
        let mut elapsed = Duration::ZERO;
        for number in 1..=5 {
            assert_eq!(policy.attempt_time(TIMEOUT, elapsed), TIMEOUT, "{number}");
            let attempt = Attempt {
                number,
                elapsed,
                chance: 1.0,
                ..first(response(429, &headers))
            };
            match wait(&policy, &attempt) {
                Some(after) => elapsed += after,
                None => assert_eq!(number, 5),
            }
        }
    }

    #[test]
    fn no_attempt_begins_without_a_useful_rest_of_the_deadline() {
        let decide = |policy: &RetryPolicy, millis| {
            let attempt = Attempt {
                elapsed: Duration::from_millis(millis),
                ..first(NOT_SENT)
            };
            wait(policy, &attempt)
        };
        // A whole time-out.
        let long = RetryPolicy::default().deadline(secs(90));
        assert_eq!(decide(&long, 59_500), ms(500));
        assert_eq!(decide(&long, 59_501), None);
        assert_eq!(long.attempt_time(TIMEOUT, secs(60)), TIMEOUT);
        // Half the deadline, where that is shorter.
        let short = RetryPolicy::default().deadline(secs(10));
        assert_eq!(short.attempt_time(TIMEOUT, Duration::ZERO), secs(10));
        assert_eq!(decide(&short, 4_500), ms(500));
        assert_eq!(decide(&short, 4_501), None);
        assert_eq!(short.attempt_time(TIMEOUT, secs(5)), secs(5));
        assert_eq!(short.attempt_time(TIMEOUT, secs(11)), Duration::ZERO);
        // The default: three minutes, or two time-outs and the longest wait.
        let default = RetryPolicy::default();
        assert_eq!(decide(&default, 149_500), ms(500));
        assert_eq!(decide(&default, 149_501), None);
        assert_eq!(default.attempt_time(TIMEOUT, secs(151)), TIMEOUT);
        let never = RetryPolicy::default().deadline(Duration::ZERO);
        assert_eq!(decide(&never, 0), None);
        // Jitter is no reason to give up.
        let attempt = Attempt {
            elapsed: Duration::from_millis(59_400),
            chance: 1.0,
            ..first(NOT_SENT)
        };
        assert_eq!(wait(&long, &attempt), ms(600));
    }

    /// A server that turns everything down until a time, as seen by one client.
    struct Limited {
        /// When it stops to, in milliseconds from the first attempt.
        until: u64,
        /// How far its clock is ahead of the client's, in milliseconds.
        ahead: i64,
        sends_reset: bool,
        sends_date: bool,
        /// How long an attempt takes, in milliseconds.
        latency: u64,
    }

    impl Limited {
        /// Runs a create from the first attempt to the last. Whether it succeeded.
        fn run(&self, policy: &RetryPolicy, random: &mut fastrand::Rng) -> bool {
            let mut elapsed = Duration::ZERO;
            for number in 1.. {
                let begin = u64::try_from(elapsed.as_millis()).unwrap();
                if begin >= self.until {
                    return true;
                }
                elapsed += Duration::from_millis(self.latency);
                let server = |millis: u64| {
                    let millis = NOW_SECS * 1000 + millis;
                    millis.checked_add_signed(self.ahead).unwrap()
                };
                let reset = server(self.until).to_string();
                let date = date(server(begin) / 1000);
                let mut pairs = Vec::new();
                if self.sends_reset {
                    pairs.push(("x-ratelimit-reset", reset.as_str()));
                }
                if self.sends_date {
                    pairs.push(("date", date.as_str()));
                }
                let headers = headers(&pairs);
                let attempt = Attempt {
                    number,
                    now: now() + elapsed,
                    elapsed,
                    chance: random.f64(),
                    ..first(response(429, &headers))
                };
                match wait(policy, &attempt) {
                    Some(after) => elapsed += after,
                    None => return false,
                }
            }
            unreachable!()
        }

        /// The number of successes in 1000 runs with the default policy.
        fn successes(&self) -> usize {
            let mut random = fastrand::Rng::with_seed(7);
            let policy = RetryPolicy::default();
            (0..1000).filter(|_| self.run(&policy, &mut random)).count()
        }
    }

    const LIMITED: Limited = Limited {
        until: 10_000,
        ahead: 0,
        sends_reset: true,
        sends_date: true,
        latency: 0,
    };

    #[test]
    fn a_window_is_outlasted_whatever_the_clocks_say() {
        // From a reset that is long past to one that is far away.
        for ahead in [
            -3_600_000, -15_000, -9_000, -5_000, 0, 5_000, 15_000, 3_600_000,
        ] {
            for sends_date in [false, true] {
                for until in [1, 2_500, 9_999, 10_000] {
                    let server = Limited {
                        until,
                        ahead,
                        sends_date,
                        ..LIMITED
                    };
                    let successes = server.successes();
                    assert!(
                        successes >= 999,
                        "{successes}, {ahead}, {sends_date}, {until}"
                    );
                }
            }
        }
        let silent = Limited {
            sends_reset: false,
            ..LIMITED
        };
        assert!(silent.successes() >= 999);
    }

    #[test]
    fn a_reset_in_a_minute_is_waited_for() {
        for (ahead, sends_date) in [(0, true), (0, false), (-15_000, true), (15_000, true)] {
            for until in [59_900, 60_000] {
                let server = Limited {
                    until,
                    ahead,
                    sends_date,
                    latency: 200,
                    ..LIMITED
                };
                let successes = server.successes();
                assert!(
                    successes >= 999,
                    "{successes}, {ahead}, {sends_date}, {until}"
                );
            }
        }
    }

    /// A hundred clients that begin at once; a window lets 30 through, nobody sees a useful header.
    #[test]
    fn clients_that_were_turned_down_together_spread() {
        let policy = RetryPolicy::default();
        let mut random = fastrand::Rng::with_seed(7);
        let empty = HeaderMap::new();
        // Milliseconds, the number of the attempt.
        let mut attempts: Vec<(u64, u32)> = vec![(0, 1); 100];
        let mut accepted = std::collections::HashMap::<u64, u32>::new();
        let mut failed = 0;
        while let Some(next) = (0..attempts.len()).min_by_key(|index| attempts[*index]) {
            let (millis, number) = attempts.swap_remove(next);
            let window = accepted.entry(millis / 10_000).or_default();
            if *window < 30 {
                *window += 1;
                continue;
            }
            let attempt = Attempt {
                number,
                elapsed: Duration::from_millis(millis),
                chance: random.f64(),
                ..first(response(429, &empty))
            };
            match wait(&policy, &attempt) {
                Some(after) => {
                    attempts.push((
                        millis + u64::try_from(after.as_millis()).unwrap(),
                        number + 1,
                    ));
                }
                None => failed += 1,
            }
        }
        // Three windows take 90. Without chance everybody comes back in the first two, and 40 fail.
        assert!(failed <= 20, "{failed} of 100 gave up");
    }

    fn duration() -> impl Strategy<Value = Duration> {
        prop_oneof![
            Just(Duration::ZERO),
            Just(Duration::MAX),
            any::<Duration>(),
            (0..200_000_u64).prop_map(Duration::from_millis),
            (0..200_000_u64).prop_map(Duration::from_millis),
        ]
    }

    prop_compose! {
        fn policy()(
            max_attempts in prop_oneof![0..10_u32, Just(u32::MAX)],
            backoff in duration(),
            max_wait in duration(),
            deadline in proptest::option::of(duration()),
            ambiguous in any::<bool>(),
        ) -> RetryPolicy {
            let policy = RetryPolicy::default()
                .max_attempts(max_attempts)
                .backoff(backoff)
                .max_wait(max_wait)
                .retry_ambiguous(ambiguous);
            match deadline {
                Some(deadline) => policy.deadline(deadline),
                None => policy,
            }
        }
    }

    /// A value of `Retry-After`, and the least wait that it means when it is received at [`now`].
    fn retry_after() -> impl Strategy<Value = (Option<String>, Duration)> {
        let near = NOW_SECS - 100..NOW_SECS + 300;
        prop_oneof![
            Just((None, Duration::ZERO)),
            "[a-z ,.-]{0,9}".prop_map(|text| (Some(text), Duration::ZERO)),
            prop_oneof![0..200_u64, any::<u64>()]
                .prop_map(|count: u64| { (Some(count.to_string()), secs(count)) }),
            near.prop_map(|then| (Some(date(then)), secs(then.saturating_sub(NOW_SECS)))),
        ]
    }

    fn reset() -> impl Strategy<Value = Option<String>> {
        let now = NOW_SECS * 1000;
        prop_oneof![
            Just(None),
            "[ -~]{0,9}".prop_map(Some),
            any::<u64>().prop_map(|millis| Some(millis.to_string())),
            (now - 100_000..now + 200_000).prop_map(|millis| Some(millis.to_string())),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn every_retry_keeps_the_rules(
            policy in policy(),
            number in prop_oneof![0..10_u32, Just(u32::MAX - 1), Just(u32::MAX)],
            kind in prop_oneof![
                Just(OutcomeKind::NotSent), Just(OutcomeKind::NoResponse), Just(OutcomeKind::Response)
            ],
            status in prop_oneof![100..1000_u16, Just(429), Just(408), 500..505_u16],
            permanent in any::<bool>(),
            repeat in prop_oneof![
                Just(Repeat::Safe), Just(Repeat::Idempotent), Just(Repeat::Unsafe)
            ],
            timeout in duration(),
            elapsed in duration(),
            (retry_after, demanded) in retry_after(),
            reset in reset(),
            dated in any::<bool>(),
            chance in prop_oneof![0.0..=1.0, any::<f64>(), Just(f64::NAN)],
        ) {
            let date = date(NOW_SECS);
            let pairs = [
                ("retry-after", retry_after.as_deref()),
                ("x-ratelimit-reset", reset.as_deref()),
                ("date", dated.then_some(date.as_str())),
            ];
            let pairs: Vec<_> = pairs
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
                .collect();
            let headers = headers(&pairs);
            let outcome = match kind {
                OutcomeKind::NotSent => Outcome::NotSent { permanent },
                OutcomeKind::NoResponse => Outcome::NoResponse,
                OutcomeKind::Response => response(status, &headers),
            };
            let attempt = Attempt { number, outcome, repeat, timeout, now: now(), elapsed, chance };

            let first_time = policy.attempt_time(timeout, Duration::ZERO);
            prop_assert!(first_time <= timeout);
            prop_assert_eq!(first_time, timeout.min(policy.deadline.unwrap_or(timeout)));

            if let Some(after) = wait(&policy, &attempt) {
                prop_assert!(number < policy.max_attempts);
                prop_assert!(after <= policy.max_wait);
                if kind == OutcomeKind::Response {
                    prop_assert!(after >= demanded);
                }
                let total = policy.deadline.unwrap_or_else(|| {
                    let two = timeout.saturating_mul(2).saturating_add(policy.max_wait);
                    two.max(secs(180))
                });
                let rest = timeout.min(total / 2);
                let begin = elapsed.checked_add(after).unwrap();
                prop_assert!(begin.checked_add(rest).unwrap() <= total);
                let time = policy.attempt_time(timeout, begin);
                prop_assert!(time >= rest);
                let shortened = policy.deadline.is_some_and(|deadline| timeout > deadline / 2);
                prop_assert!(time == timeout || shortened);

                let certain = match outcome {
                    Outcome::NotSent { permanent } => !permanent,
                    Outcome::NoResponse => false,
                    Outcome::Response { status, .. } => status == 429,
                };
                let may = certain || repeat != Repeat::Unsafe || policy.retry_ambiguous;
                prop_assert!(may);
            }
        }

        /// The rules above would also hold for a policy that never retries.
        #[test]
        fn a_rate_limit_is_retried_where_nothing_forbids_it(
            number in 1..5_u32,
            repeat in prop_oneof![
                Just(Repeat::Safe), Just(Repeat::Idempotent), Just(Repeat::Unsafe)
            ],
            (retry_after, demanded) in retry_after(),
            reset in reset(),
            elapsed in (0..80_000_u64).prop_map(Duration::from_millis),
            chance in 0.0..=1.0,
        ) {
            let pairs = [
                ("retry-after", retry_after.as_deref()),
                ("x-ratelimit-reset", reset.as_deref()),
            ];
            let pairs: Vec<_> = pairs
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
                .collect();
            let headers = headers(&pairs);
            let attempt = Attempt {
                number, repeat, elapsed, chance, ..first(response(429, &headers))
            };
            let retries = wait(&RetryPolicy::default(), &attempt).is_some();
            prop_assert_eq!(retries, demanded <= secs(70));
        }
    }
}
