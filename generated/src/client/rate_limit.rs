//! [`RateLimit`]: the rate limits in the headers of a response.

use std::time::{Duration, SystemTime};

use http::HeaderMap;

/// LaunchDarkly's rate limits, from the headers of a response.
///
/// A field is `None` if its header is missing or can't be parsed. The local clock isn't read:
/// [`RateLimit::min_wait`] and [`RateLimit::until_reset`] take the local time as an argument, and
/// use it only for a response without `Date`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The shortest time to wait before the next request (`Retry-After`). LaunchDarkly sends it in
    /// seconds, for limits by IP address. A CDN may send a date: this is then the time from `Date`
    /// until that date, or `None` if there is no `Date`.
    pub retry_after: Option<Duration>,
    /// The earliest time of the next request by the server's clock, if `Retry-After` is a date.
    pub retry_at: Option<SystemTime>,
    /// When the current window ends and the counters are reset, by the server's clock
    /// (`X-Ratelimit-Reset`, in milliseconds since 1970).
    pub reset: Option<SystemTime>,
    /// When the response was created, by the server's clock (`Date`).
    pub date: Option<SystemTime>,
    /// The remaining requests of the account in this window (`X-Ratelimit-Global-Remaining`).
    pub global_remaining: Option<u64>,
    /// The remaining requests to this route in this window (`X-Ratelimit-Route-Remaining`).
    pub route_remaining: Option<u64>,
}

impl RateLimit {
    /// Parses the headers of a response.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let text = |name| Some(headers.get(name)?.to_str().ok()?.trim());
        let number = |name| text(name)?.parse::<u64>().ok();
        let time = |name| httpdate::parse_http_date(text(name)?).ok();

        let date = time("date");
        let retry_at = time("retry-after");
        Self {
            retry_after: text("retry-after")
                .and_then(seconds)
                .or_else(|| Some(until(retry_at?, date?))),
            retry_at,
            // A time that is out of the clock's range counts as missing.
            reset: number("x-ratelimit-reset").and_then(|millis| {
                SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(millis))
            }),
            date,
            global_remaining: number("x-ratelimit-global-remaining"),
            route_remaining: number("x-ratelimit-route-remaining"),
        }
    }

    /// Returns the shortest time to wait before the next request, which LaunchDarkly requires. `now` is
    /// the local time at which the response arrived; it is used only if `Retry-After` is a date and
    /// there is no `Date`. For a date in the past the result is zero.
    #[must_use]
    pub fn min_wait(&self, now: SystemTime) -> Option<Duration> {
        self.retry_after
            .or_else(|| Some(until(self.retry_at?, now)))
    }

    /// Returns the time from `Date` until the counters are reset. Without `Date`, it is the time from
    /// `now`, the local time at which the response arrived. Zero if the reset is in the past, which
    /// happens if the clocks differ.
    #[must_use]
    pub fn until_reset(&self, now: SystemTime) -> Option<Duration> {
        Some(until(self.reset?, self.date.unwrap_or(now)))
    }
}

/// Parses the seconds of `Retry-After`. A number that is too large for `u64` becomes `u64::MAX`.
fn seconds(text: &str) -> Option<Duration> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| Duration::from_secs(text.parse().unwrap_or(u64::MAX)))
}

fn until(time: SystemTime, now: SystemTime) -> Duration {
    time.duration_since(now).unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    const OCTOBER: &str = "Wed, 21 Oct 2015 07:28:00 GMT";
    const OCTOBER_MILLIS: u64 = 1_445_412_480_000;

    pub(crate) fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                let name = http::HeaderName::from_static(name);
                (name, value.parse().unwrap())
            })
            .collect()
    }

    fn read(pairs: &[(&'static str, &str)]) -> RateLimit {
        RateLimit::from_headers(&headers(pairs))
    }

    fn at(millis: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
    }

    fn secs(secs: u64) -> Option<Duration> {
        Some(Duration::from_secs(secs))
    }

    #[test]
    fn every_header_is_parsed() {
        let limit = read(&[
            ("retry-after", "7"),
            ("x-ratelimit-reset", "1500"),
            ("date", OCTOBER),
            ("x-ratelimit-global-remaining", "3"),
            ("x-ratelimit-route-remaining", "0"),
        ]);
        let expected = RateLimit {
            retry_after: secs(7),
            retry_at: None,
            reset: Some(at(1500)),
            date: Some(at(OCTOBER_MILLIS)),
            global_remaining: Some(3),
            route_remaining: Some(0),
        };
        assert_eq!(limit, expected);
    }

    #[test]
    fn a_date_is_compared_with_the_servers_clock_if_it_is_known() {
        let wrong_now = at(OCTOBER_MILLIS + 3_600_000);
        let dated = read(&[
            ("retry-after", "Wed, 21 Oct 2015 07:28:20 GMT"),
            ("date", OCTOBER),
        ]);
        assert_eq!(dated.retry_after, secs(20));
        assert_eq!(dated.min_wait(wrong_now), secs(20));

        // The two older forms that HTTP still allows.
        for form in [
            "Wednesday, 21-Oct-15 07:28:20 GMT",
            "Wed Oct 21 07:28:20 2015",
        ] {
            let limit = read(&[("retry-after", form), ("date", OCTOBER)]);
            assert_eq!(limit.retry_after, secs(20), "{form}");
        }

        let undated = read(&[("retry-after", OCTOBER)]);
        assert_eq!(undated.retry_after, None);
        assert_eq!(undated.retry_at, Some(at(OCTOBER_MILLIS)));
        assert_eq!(undated.min_wait(at(OCTOBER_MILLIS - 5_000)), secs(5));
        assert_eq!(undated.min_wait(wrong_now), secs(0));

        let reset = (OCTOBER_MILLIS + 9_500).to_string();
        let dated = read(&[("x-ratelimit-reset", &reset), ("date", OCTOBER)]);
        let wait = Some(Duration::from_millis(9_500));
        assert_eq!(dated.until_reset(wrong_now), wait);
        let undated = read(&[("x-ratelimit-reset", &reset)]);
        assert_eq!(undated.until_reset(at(OCTOBER_MILLIS)), wait);
    }

    #[test]
    fn unexpected_headers_are_ignored() {
        for text in [
            "",
            "-1",
            "+ 1",
            "soon",
            "1.5",
            "1e9",
            "Wed, 41 Oct 2015 07:28:00 GMT",
        ] {
            let limit = read(&[
                ("retry-after", text),
                ("x-ratelimit-reset", text),
                ("date", text),
            ]);
            assert_eq!(limit, RateLimit::default(), "{text}");
            assert_eq!(limit.min_wait(at(0)), None, "{text}");
            assert_eq!(limit.until_reset(at(0)), None, "{text}");
        }
        for past in ["0", "9999", "10000"] {
            let limit = read(&[("x-ratelimit-reset", past)]);
            assert_eq!(limit.until_reset(at(10_000)), secs(0), "{past}");
        }
    }

    #[test]
    fn a_huge_number_is_a_long_wait() {
        for text in ["18446744073709551615", "99999999999999999999999"] {
            let limit = read(&[("retry-after", text)]);
            assert_eq!(limit.retry_after, secs(u64::MAX), "{text}");
        }
        // It is out of some clocks' range.
        let limit = read(&[("x-ratelimit-reset", "18446744073709551615")]);
        let _ = limit.until_reset(at(0));
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn no_header_causes_a_panic(
            retry_after in text(), reset in text(), date in text(), now in 0..u64::MAX / 2
        ) {
            let limit = read(&[
                ("retry-after", &retry_after),
                ("x-ratelimit-reset", &reset),
                ("date", &date),
            ]);
            let now = SystemTime::UNIX_EPOCH
                .checked_add(Duration::from_millis(now))
                .unwrap_or(SystemTime::UNIX_EPOCH);
            let _ = limit.min_wait(now);
            let _ = limit.until_reset(now);
        }
    }

    /// Printable strings, and many that look like dates or numbers.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ -~]{0,40}",
            "[0-9]{0,24}",
            "(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-3][0-9] (Jan|Feb|Mar|Oct|Dec) \
             [0-9]{4} [0-2][0-9]:[0-6][0-9]:[0-6][0-9] GMT",
            "(Mon|Sun) (Jan|Feb|Dec) [ 0-3][0-9] [0-2][0-9]:[0-6][0-9]:[0-6][0-9] [0-9]{4}",
            "(Monday|Sunday), [0-3][0-9]-(Jan|Feb|Dec)-[0-9]{2} [0-2][0-9]:[0-6][0-9]:[0-6][0-9] GMT",
        ]
    }
}
