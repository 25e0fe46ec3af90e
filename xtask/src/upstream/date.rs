//! Formats a commit's date.

use git2::Time;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// RFC 3339 with the commit's offset, such as `2025-11-19T10:44:49+01:00`. An invalid date becomes the
/// start of 1970.
pub(super) fn rfc3339(commit: Time) -> String {
    let offset = UtcOffset::from_whole_seconds(commit.offset_minutes().saturating_mul(60));
    let offset = offset.unwrap_or(UtcOffset::UTC);
    let text = |seconds| {
        let date = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
        date.checked_to_offset(offset)?.format(&Rfc3339).ok()
    };
    let text = text(commit.seconds()).or_else(|| text(0));
    // Other tools and older pins write UTC as an offset.
    text.unwrap_or_default().replace('Z', "+00:00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_keeps_the_offset_of_its_commit() {
        let cases = [
            (0, 0, "1970-01-01T00:00:00+00:00"),
            (1_763_545_489, 60, "2025-11-19T10:44:49+01:00"),
            (951_868_799, -210, "2000-02-29T20:29:59-03:30"),
            (1_735_689_599, 330, "2025-01-01T05:29:59+05:30"),
            (-1, 0, "1969-12-31T23:59:59+00:00"),
            (i64::MAX, 0, "1970-01-01T00:00:00+00:00"),
            (i64::MIN, 840, "1970-01-01T14:00:00+14:00"),
            (0, i32::MAX, "1970-01-01T00:00:00+00:00"),
        ];
        for (seconds, offset, expected) in cases {
            assert_eq!(rfc3339(Time::new(seconds, offset)), expected);
        }
    }
}
