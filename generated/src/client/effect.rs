//! [`Effect`]: whether an operation that failed changed something.

use http::StatusCode;

use super::retry::Outcome;

/// Whether an operation changed something at LaunchDarkly, over all attempts of the call.
///
/// Every attempt that may have been carried out counts, not only the last one: a create that timed
/// out and was then turned down with 409 is `Unknown`. An operation that only reads is always
/// `None`.
///
/// The order is that of certainty about a change, so the effect of several attempts is the largest
/// of theirs:
///
/// | effect | one attempt |
/// |---|---|
/// | `None` | it was never sent, or the status is 307, 308 or 4xx other than 408 and 499 |
/// | `Applied` | the documented status of success, although the response can't be read |
/// | `Unknown` | anything else: no response, 5xx, 408, 499, other redirects, another 2xx |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Nothing was changed: repeating the operation is safe.
    None,
    /// The operation may have been carried out. Look at what exists before you repeat it.
    Unknown,
    /// The operation was carried out, only its response can't be read. Don't repeat it.
    Applied,
}

impl Effect {
    /// The effect of one attempt of an operation that changes something, by the status of its
    /// response. `success` is the status that the documentation names for the operation.
    pub(crate) fn of_status(status: StatusCode, success: StatusCode) -> Self {
        if status == success {
            return Self::Applied;
        }
        match status.as_u16() {
            // The server or a proxy gave up waiting (408), or the client before a proxy did (499,
            // nginx): what is behind the proxy may have the whole request.
            408 | 499 => Self::Unknown,
            400..=499 => Self::None,
            // "Send the same request there": this server did nothing with it. 301 to 303 may
            // follow a form that was processed.
            307 | 308 => Self::None,
            _ => Self::Unknown,
        }
    }

    /// The effect of one attempt of an operation that changes something.
    pub(crate) fn of_outcome(outcome: Outcome<'_>, success: StatusCode) -> Self {
        match outcome {
            Outcome::NotSent { .. } => Self::None,
            Outcome::NoResponse => Self::Unknown,
            Outcome::Response { status, .. } => Self::of_status(status, success),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use http::HeaderMap;

    /// What became of an attempt.
    enum Sent {
        No,
        NoResponse,
        Status(u16),
    }
    use Sent::{No, NoResponse, Status};

    #[test]
    fn the_effect_of_a_status() {
        for success in [200, 201, 204] {
            let of = |status| {
                let [status, success] =
                    [status, success].map(|code| StatusCode::from_u16(code).unwrap());
                Effect::of_status(status, success)
            };
            for status in 100..=999 {
                let expected = match status {
                    status if status == success => Effect::Applied,
                    307 | 308 => Effect::None,
                    408 | 499 => Effect::Unknown,
                    400..=499 => Effect::None,
                    _ => Effect::Unknown,
                };
                assert_eq!(of(status), expected, "{status}, success is {success}");
            }
        }
    }

    #[test]
    fn the_effect_of_all_attempts_is_the_largest() {
        let headers = HeaderMap::new();
        for (attempts, effect) in [
            (&[No, No, No][..], Effect::None),
            (&[Status(429), Status(429), Status(400)], Effect::None),
            (&[Status(401)], Effect::None),
            (&[Status(307), Status(308)], Effect::None),
            (&[No, Status(409)], Effect::None),
            (&[NoResponse], Effect::Unknown),
            // Each of these said "nothing was sent" or hid the doubt once.
            (&[NoResponse, No], Effect::Unknown),
            (&[NoResponse, Status(400)], Effect::Unknown),
            (&[NoResponse, Status(401)], Effect::Unknown),
            (&[NoResponse, Status(409)], Effect::Unknown),
            (&[NoResponse, Status(429)], Effect::Unknown),
            (&[Status(503), Status(404)], Effect::Unknown),
            (&[Status(408), Status(429)], Effect::Unknown),
            (&[Status(499), No], Effect::Unknown),
            (&[Status(303)], Effect::Unknown),
            // A page of a proxy's.
            (&[Status(200)], Effect::Unknown),
            (&[Status(429), Status(202)], Effect::Unknown),
            (&[Status(201)], Effect::Applied),
            (&[NoResponse, Status(201)], Effect::Applied),
            (&[Status(201), Status(429)], Effect::Applied),
        ] {
            let of = |attempt: &Sent| {
                let outcome = match attempt {
                    No => Outcome::NotSent { permanent: false },
                    NoResponse => Outcome::NoResponse,
                    Status(code) => Outcome::Response {
                        status: StatusCode::from_u16(*code).unwrap(),
                        headers: &headers,
                    },
                };
                Effect::of_outcome(outcome, StatusCode::CREATED)
            };
            let all: Vec<_> = attempts.iter().map(of).collect();
            assert_eq!(all.iter().max(), Some(&effect), "{all:?}");
        }
    }
}
