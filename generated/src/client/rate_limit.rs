//! [`RateLimit`]: what a response says about the calls that are left.

use std::time::{Duration, SystemTime};

use http::HeaderMap;

/// What the headers of a response say about LaunchDarkly's rate limits.
///
/// Headers that are missing, or hold no number, are `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The shortest time to wait before the next call (`Retry-After`, in seconds). LaunchDarkly
    /// sends it for limits by IP address.
    pub retry_after: Option<Duration>,
    /// When the window ends and calls are counted anew (`X-Ratelimit-Reset`, in milliseconds since
    /// 1970).
    pub reset: Option<SystemTime>,
    /// Calls left in this window to the account (`X-Ratelimit-Global-Remaining`).
    pub global_remaining: Option<u64>,
    /// Calls left in this window to this route (`X-Ratelimit-Route-Remaining`).
    pub route_remaining: Option<u64>,
}

impl RateLimit {
    /// Reads the headers of a response.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let number = |name: &str| {
            let text = headers.get(name)?.to_str().ok()?;
            text.trim().parse::<u64>().ok()
        };
        Self {
            retry_after: number("retry-after").map(Duration::from_secs),
            // A time that the clock can't hold says as little as none.
            reset: number("x-ratelimit-reset").and_then(|millis| {
                SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(millis))
            }),
            global_remaining: number("x-ratelimit-global-remaining"),
            route_remaining: number("x-ratelimit-route-remaining"),
        }
    }

    /// How long it is until the window ends; zero for a time that is past.
    pub(crate) fn until_reset(&self, now: SystemTime) -> Duration {
        self.reset
            .and_then(|reset| reset.duration_since(now).ok())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                let name = http::HeaderName::from_static(name);
                (name, value.parse().unwrap())
            })
            .collect()
    }

    #[test]
    fn every_header_is_read() {
        let limit = RateLimit::from_headers(&headers(&[
            ("retry-after", "7"),
            ("x-ratelimit-reset", "1500"),
            ("x-ratelimit-global-remaining", "3"),
            ("x-ratelimit-route-remaining", "0"),
        ]));
        assert_eq!(limit.retry_after, Some(Duration::from_secs(7)));
        assert_eq!(
            limit.reset,
            Some(SystemTime::UNIX_EPOCH + Duration::from_millis(1500))
        );
        assert_eq!(
            (limit.global_remaining, limit.route_remaining),
            (Some(3), Some(0))
        );
    }

    #[test]
    fn odd_headers_are_harmless() {
        for odd in [
            "",
            "-1",
            "soon",
            "1.5",
            "99999999999999999999999",
            "Wed, 21 Oct 2015 07:28:00 GMT",
        ] {
            let limit = RateLimit::from_headers(&headers(&[
                ("retry-after", odd),
                ("x-ratelimit-reset", odd),
            ]));
            assert_eq!(limit, RateLimit::default(), "{odd}");
        }
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(10);
        for past in ["0", "9999", "10000"] {
            let limit = RateLimit::from_headers(&headers(&[("x-ratelimit-reset", past)]));
            assert_eq!(limit.until_reset(now), Duration::ZERO, "{past}");
        }
        // The far future, which not every clock can hold.
        let limit =
            RateLimit::from_headers(&headers(&[("x-ratelimit-reset", "18446744073709551615")]));
        limit.until_reset(now);
    }
}
