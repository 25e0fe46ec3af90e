//! [`Effect`]: whether an operation that failed changed something.

use http::StatusCode;

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
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
