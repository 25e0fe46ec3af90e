//! [`Effect`]: whether a failed call changed something.

use http::StatusCode;

/// Whether a failed call changed something at LaunchDarkly.
///
/// All attempts of the call count, not only the last one: the effect of a create that timed out and
/// then got a 409 is `Unknown`. The effect of an operation that only reads is always `None`.
///
/// The variants are ordered by how certain a change is. The effect of a call is the maximum of the
/// effects of its attempts:
///
/// | effect | one attempt |
/// |---|---|
/// | `None` | not sent, or status 307, 308 or 4xx except 408 and 499 |
/// | `Applied` | the documented success status, but the body can't be parsed |
/// | `Unknown` | everything else: no response, 5xx, 408, 499, other redirects, another 2xx |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Nothing was changed: it is safe to repeat the call.
    None,
    /// The call may have taken effect. Check what exists before you repeat it.
    Unknown,
    /// The call took effect, but its response can't be parsed. Don't repeat it.
    Applied,
}

impl Effect {
    /// Returns the effect of one attempt by the status of its response, for operations that change
    /// something. `success` is the operation's documented success status.
    pub(crate) fn of_status(status: StatusCode, success: StatusCode) -> Self {
        if status == success {
            return Self::Applied;
        }
        match status.as_u16() {
            // The server or a proxy timed out (408), or the client of a proxy did (499, nginx). The
            // server behind the proxy may have received the complete request.
            408 | 499 => Self::Unknown,
            400..=499 => Self::None,
            // They ask to send the same request elsewhere, so this server didn't process it. It may
            // have done so before it responded with 301 to 303.
            307 | 308 => Self::None,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_decides_the_effect() {
        for success in [200, 201, 204] {
            let effect = |status| {
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
                assert_eq!(effect(status), expected, "{status}, success is {success}");
            }
        }
    }
}
