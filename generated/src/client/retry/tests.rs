use proptest::prelude::*;

use super::*;
use crate::client::rate_limit::tests::headers;

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

fn first(outcome: Outcome<'_>) -> Attempt<'_> {
    Attempt {
        number: 1,
        outcome,
        idempotency: Idempotency::Unsafe,
        timeout: TIMEOUT,
        now: now(),
        elapsed: Duration::ZERO,
        random: 0.0,
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

/// Returns the wait after a 429.
fn wait_after_429(
    policy: &RetryPolicy,
    number: u32,
    pairs: &[(&'static str, &str)],
    random: f64,
) -> Option<Duration> {
    let headers = headers(pairs);
    let attempt = Attempt {
        number,
        random,
        ..first(response(429, &headers))
    };
    wait(policy, &attempt)
}

fn ms(millis: u64) -> Option<Duration> {
    Some(Duration::from_millis(millis))
}

#[test]
fn by_default_only_calls_that_can_not_take_effect_twice_are_retried() {
    let default = RetryPolicy::default();
    let ambiguous = RetryPolicy::default().retry_ambiguous(true);
    let retries = |policy: &RetryPolicy, outcome, idempotency| {
        let attempt = Attempt {
            idempotency,
            ..first(outcome)
        };
        policy.decide(&attempt) != Decision::GiveUp
    };
    let all = [
        Idempotency::Safe,
        Idempotency::Idempotent,
        Idempotency::Unsafe,
    ];
    let empty = HeaderMap::new();

    for idempotency in all {
        for policy in [&default, &ambiguous] {
            assert!(retries(policy, NOT_SENT, idempotency));
            let permanent = Outcome::NotSent { permanent: true };
            assert!(!retries(policy, permanent, idempotency));
        }
        for outcome in std::iter::once(Outcome::NoResponse)
            .chain([408, 500, 502, 503, 504].map(|status| response(status, &empty)))
        {
            let safe = idempotency != Idempotency::Unsafe;
            assert_eq!(retries(&default, outcome, idempotency), safe, "{outcome:?}");
            assert!(retries(&ambiguous, outcome, idempotency), "{outcome:?}");
        }
        for status in 100..=999 {
            let outcome = response(status, &empty);
            let expected = match status {
                429 => true,
                408 | 500 | 502 | 503 | 504 => continue,
                _ => false,
            };
            for policy in [&default, &ambiguous] {
                assert_eq!(retries(policy, outcome, idempotency), expected, "{status}");
            }
        }
        let limited = response(429, &empty);
        for outcome in [NOT_SENT, Outcome::NoResponse, limited] {
            assert!(!retries(&RetryPolicy::never(), outcome, idempotency));
            assert!(!retries(
                &ambiguous.clone().max_attempts(0),
                outcome,
                idempotency
            ));
        }
    }
}

#[test]
fn a_wait_that_the_server_requires_is_the_minimum() {
    let policy = RetryPolicy::default().backoff(Duration::from_millis(500));
    let reset = (NOW_SECS * 1000 + 2000).to_string();
    let both = |after| {
        [
            ("retry-after", after),
            ("x-ratelimit-reset", reset.as_str()),
        ]
    };
    assert_eq!(wait_after_429(&policy, 1, &both("3"), 0.0), ms(3000));
    assert_eq!(wait_after_429(&policy, 1, &both("1"), 0.0), ms(2000));
    assert_eq!(wait_after_429(&policy, 1, &both("3"), 1.0), ms(3500));
    // A longer backoff takes precedence.
    assert_eq!(wait_after_429(&policy, 4, &both("3"), 0.0), ms(4000));

    // `X-Ratelimit-Reset` is used only after a 429.
    let headers = headers(&both("1"));
    let unavailable = Attempt {
        idempotency: Idempotency::Safe,
        ..first(response(503, &headers))
    };
    assert_eq!(wait(&policy, &unavailable), ms(1000));
}

#[test]
fn times_are_compared_with_the_servers_clock_if_it_is_known() {
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
            assert_eq!(
                wait_after_429(&policy, 1, &pairs, 0.0),
                ms(20_000),
                "{ahead}"
            );
        }
    }
    let then = date(NOW_SECS + 20);
    let undated = [("retry-after", then.as_str())];
    assert_eq!(wait_after_429(&policy, 1, &undated, 0.0), ms(20_000));
    let past = date(NOW_SECS - 20);
    let undated = [("retry-after", past.as_str())];
    assert_eq!(wait_after_429(&policy, 1, &undated, 0.0), ms(1000));
    // An earlier retry is not allowed, so there is none.
    let late = date(NOW_SECS + 71);
    let undated = [("retry-after", late.as_str())];
    assert_eq!(wait_after_429(&policy, 1, &undated, 0.0), None);
}

#[test]
fn the_backoff_doubles_and_jitter_spreads_it() {
    let policy = RetryPolicy::default();
    for (number, random, after_429, otherwise) in [
        (1, 0.0, 1_000, 500),
        (1, 1.0, 2_000, 1_500),
        (2, 0.0, 2_000, 1_000),
        (3, 0.5, 6_000, 4_000),
        (4, 0.0, 8_000, 4_000),
        (4, 1.0, 16_000, 12_000),
    ] {
        let attempt = Attempt {
            number,
            random,
            ..first(NOT_SENT)
        };
        assert_eq!(wait(&policy, &attempt), ms(otherwise), "{number}");
        assert_eq!(
            wait_after_429(&policy, number, &[], random),
            ms(after_429),
            "{number}"
        );
    }
    assert_eq!(wait_after_429(&policy, 5, &[], 0.0), None);

    // Never longer than the maximum wait.
    let long = policy.max_attempts(u32::MAX).deadline(Duration::MAX);
    for random in [0.0, 1.0] {
        assert_eq!(wait_after_429(&long, u32::MAX - 1, &[], random), ms(70_000));
    }
}

#[test]
fn invalid_headers_and_numbers_are_ignored() {
    let policy = RetryPolicy::default();
    for text in ["", "0", "-5", "x", "1e9"] {
        for name in ["retry-after", "x-ratelimit-reset", "date"] {
            assert_eq!(
                wait_after_429(&policy, 1, &[(name, text)], 0.0),
                ms(1000),
                "{text}"
            );
        }
    }
    // A later `Retry-After` ends the call; a later reset is ignored.
    for far in ["71", "18446744073709551615", "99999999999999999999"] {
        assert_eq!(
            wait_after_429(&policy, 1, &[("retry-after", far)], 0.0),
            None
        );
    }
    let reset = |millis: u64| {
        let text = millis.to_string();
        wait_after_429(&policy, 1, &[("x-ratelimit-reset", &text)], 1.0)
    };
    assert_eq!(reset(NOW_SECS * 1000 + 70_000), ms(70_000));
    assert_eq!(reset(NOW_SECS * 1000 + 70_001), ms(2000));
    assert_eq!(reset(u64::MAX), ms(2000));
    assert_eq!(reset(NOW_SECS * 1000 - 1), ms(2000));
    for random in [f64::NAN, f64::NEG_INFINITY, -1.0] {
        assert_eq!(
            wait_after_429(&policy, 1, &[], random),
            ms(1000),
            "{random}"
        );
    }
    assert_eq!(wait_after_429(&policy, 1, &[], f64::INFINITY), ms(2000));
}

#[test]
fn the_largest_numbers_cause_no_overflow() {
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
    for random in [0.0, 0.5, 1.0] {
        let attempt = Attempt { random, ..attempt };
        let after = wait(&policy, &attempt).unwrap();
        assert!(after >= most / 2 && after <= most - most / 2, "{random}");
        let late = Attempt {
            elapsed: secs(1),
            ..attempt
        };
        assert_eq!(wait(&policy, &late), None, "{random}");
        let quick = Attempt {
            timeout: TIMEOUT,
            ..attempt
        };
        let after = wait(&policy, &quick).unwrap();
        assert!(after >= most / 2 && after <= most - TIMEOUT, "{random}");
    }
    for random in [0.25, 1.0] {
        assert!(fraction(most, random) <= most, "{random}");
    }
    assert_eq!(policy.attempt_time(most, secs(1)), most - secs(1));
}

#[test]
fn the_default_deadline_shortens_no_time_out() {
    for timeout in [1, 30, 90, 120, 3600]
        .map(secs)
        .into_iter()
        .chain([Duration::MAX])
    {
        let policy = RetryPolicy::default();
        assert_eq!(policy.attempt_time(timeout, Duration::ZERO), timeout);
        // After an attempt that timed out, there is enough time for another.
        let attempt = Attempt {
            elapsed: timeout,
            timeout,
            idempotency: Idempotency::Safe,
            random: 1.0,
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
fn long_waits_do_not_shorten_time_outs() {
    let policy = RetryPolicy::default();
    let headers = headers(&[("retry-after", "29")]);
    let mut elapsed = Duration::ZERO;
    for number in 1..=5 {
        assert_eq!(policy.attempt_time(TIMEOUT, elapsed), TIMEOUT, "{number}");
        let attempt = Attempt {
            number,
            elapsed,
            random: 1.0,
            ..first(response(429, &headers))
        };
        match wait(&policy, &attempt) {
            Some(after) => elapsed += after,
            None => assert_eq!(number, 5),
        }
    }
}

#[test]
fn no_attempt_begins_shortly_before_the_deadline() {
    let decide = |policy: &RetryPolicy, millis| {
        let attempt = Attempt {
            elapsed: Duration::from_millis(millis),
            ..first(NOT_SENT)
        };
        wait(policy, &attempt)
    };
    // A complete time-out must remain.
    let long = RetryPolicy::default().deadline(secs(90));
    assert_eq!(decide(&long, 59_500), ms(500));
    assert_eq!(decide(&long, 59_501), None);
    assert_eq!(long.attempt_time(TIMEOUT, secs(60)), TIMEOUT);
    // Half the deadline must remain, because that is shorter.
    let short = RetryPolicy::default().deadline(secs(10));
    assert_eq!(short.attempt_time(TIMEOUT, Duration::ZERO), secs(10));
    assert_eq!(decide(&short, 4_500), ms(500));
    assert_eq!(decide(&short, 4_501), None);
    assert_eq!(short.attempt_time(TIMEOUT, secs(5)), secs(5));
    assert_eq!(short.attempt_time(TIMEOUT, secs(11)), Duration::ZERO);
    // The default: three minutes, or two time-outs and the maximum wait.
    let default = RetryPolicy::default();
    assert_eq!(decide(&default, 149_500), ms(500));
    assert_eq!(decide(&default, 149_501), None);
    assert_eq!(default.attempt_time(TIMEOUT, secs(151)), TIMEOUT);
    let never = RetryPolicy::default().deadline(Duration::ZERO);
    assert_eq!(decide(&never, 0), None);
    // Jitter is shortened before a retry is given up.
    let attempt = Attempt {
        elapsed: Duration::from_millis(59_400),
        random: 1.0,
        ..first(NOT_SENT)
    };
    assert_eq!(wait(&long, &attempt), ms(600));
}

/// A server that responds with 429 until a time.
struct LimitedServer {
    /// When it stops, in milliseconds after the first attempt.
    until: u64,
    /// How far its clock is ahead of the client's, in milliseconds.
    ahead: i64,
    sends_reset: bool,
    sends_date: bool,
    /// How long an attempt takes, in milliseconds.
    latency: u64,
}

impl LimitedServer {
    /// Runs all attempts of a create. Returns whether it succeeded.
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
                random: random.f64(),
                ..first(response(429, &headers))
            };
            match wait(policy, &attempt) {
                Some(after) => elapsed += after,
                None => return false,
            }
        }
        unreachable!()
    }

    /// Returns the number of successes in 1000 runs with the default policy.
    fn successes(&self) -> usize {
        let mut random = fastrand::Rng::with_seed(7);
        let policy = RetryPolicy::default();
        (0..1000).filter(|_| self.run(&policy, &mut random)).count()
    }
}

const LIMITED: LimitedServer = LimitedServer {
    until: 10_000,
    ahead: 0,
    sends_reset: true,
    sends_date: true,
    latency: 0,
};

#[test]
fn the_retries_outlast_a_window_even_if_the_clocks_differ() {
    // The reset appears to be between an hour ago and in an hour.
    for ahead in [
        -3_600_000, -15_000, -9_000, -5_000, 0, 5_000, 15_000, 3_600_000,
    ] {
        for sends_date in [false, true] {
            for until in [1, 2_500, 9_999, 10_000] {
                let server = LimitedServer {
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
    let without_reset = LimitedServer {
        sends_reset: false,
        ..LIMITED
    };
    assert!(without_reset.successes() >= 999);
}

#[test]
fn the_retries_outlast_a_reset_in_a_minute() {
    for (ahead, sends_date) in [(0, true), (0, false), (-15_000, true), (15_000, true)] {
        for until in [59_900, 60_000] {
            let server = LimitedServer {
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

/// A hundred clients begin at once, a window accepts 30, and responses have no rate limit headers.
#[test]
fn the_retries_of_many_clients_spread() {
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
            random: random.f64(),
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
    // Three windows accept 90. Without jitter, all retry in the first two, and 40 fail.
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

/// A value of `Retry-After`, and the minimum wait that it requires at [`now`].
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
    fn every_retry_follows_the_rules(
        policy in policy(),
        number in prop_oneof![0..10_u32, Just(u32::MAX - 1), Just(u32::MAX)],
        kind in prop_oneof![
            Just(OutcomeKind::NotSent), Just(OutcomeKind::NoResponse), Just(OutcomeKind::Response)
        ],
        status in prop_oneof![100..1000_u16, Just(429), Just(408), 500..505_u16],
        permanent in any::<bool>(),
        idempotency in prop_oneof![
            Just(Idempotency::Safe), Just(Idempotency::Idempotent), Just(Idempotency::Unsafe)
        ],
        timeout in duration(),
        elapsed in duration(),
        (retry_after, demanded) in retry_after(),
        reset in reset(),
        dated in any::<bool>(),
        random in prop_oneof![0.0..=1.0, any::<f64>(), Just(f64::NAN)],
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
        let attempt = Attempt { number, outcome, idempotency, timeout, now: now(), elapsed, random };

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
            let may = certain || idempotency != Idempotency::Unsafe || policy.retry_ambiguous;
            prop_assert!(may);
        }
    }

    /// A policy that never retries would follow the rules above, too.
    #[test]
    fn a_rate_limit_is_retried_if_the_required_wait_is_allowed(
        number in 1..5_u32,
        idempotency in prop_oneof![
            Just(Idempotency::Safe), Just(Idempotency::Idempotent), Just(Idempotency::Unsafe)
        ],
        (retry_after, demanded) in retry_after(),
        reset in reset(),
        elapsed in (0..80_000_u64).prop_map(Duration::from_millis),
        random in 0.0..=1.0,
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
            number, idempotency, elapsed, random, ..first(response(429, &headers))
        };
        let retries = wait(&RetryPolicy::default(), &attempt).is_some();
        prop_assert_eq!(retries, demanded <= secs(70));
    }
}
