//! A commit's date as text.

use git2::Time;

const SECONDS_A_DAY: i64 = 86_400;

/// RFC 3339 in the offset that the commit has, e.g. `2025-11-19T10:44:49+01:00`.
pub(super) fn rfc3339(time: Time) -> String {
    let offset = time.offset_minutes();
    let local = time.seconds().saturating_add(i64::from(offset) * 60);
    let (year, month, day) = civil(local.div_euclid(SECONDS_A_DAY));
    let second = local.rem_euclid(SECONDS_A_DAY);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}{}{:02}:{:02}",
        second / 3600,
        second / 60 % 60,
        second % 60,
        if offset < 0 { '-' } else { '+' },
        offset.unsigned_abs() / 60,
        offset.unsigned_abs() % 60,
    )
}

/// Year, month and day in the proleptic Gregorian calendar, from the days since 1970-01-01.
///
/// Years are counted from March, so that a leap day is the last day of its year.
fn civil(days: i64) -> (i64, i64, i64) {
    const DAYS_FROM_MARCH_OF_YEAR_0: i64 = 719_468;
    const DAYS_IN_400_YEARS: i64 = 146_097;
    let days = days.saturating_add(DAYS_FROM_MARCH_OF_YEAR_0);
    let era = days.div_euclid(DAYS_IN_400_YEARS);
    let day_of_era = days.rem_euclid(DAYS_IN_400_YEARS);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_keeps_the_offset_of_its_commit() {
        let cases = [
            (0, 0, "1970-01-01T00:00:00+00:00"),
            (1_763_545_489, 60, "2025-11-19T10:44:49+01:00"),
            (951_782_400, 0, "2000-02-29T00:00:00+00:00"),
            (951_868_799, -210, "2000-02-29T20:29:59-03:30"),
            (1_709_164_800, 0, "2024-02-29T00:00:00+00:00"),
            (4_107_542_400, 0, "2100-03-01T00:00:00+00:00"),
            (1_735_689_599, 330, "2025-01-01T05:29:59+05:30"),
            (-1, 0, "1969-12-31T23:59:59+00:00"),
        ];
        for (seconds, offset, expected) in cases {
            assert_eq!(rfc3339(Time::new(seconds, offset)), expected);
        }
    }

    #[test]
    fn an_absurd_date_is_still_text() {
        for seconds in [i64::MAX, i64::MIN] {
            assert!(rfc3339(Time::new(seconds, 840)).contains('T'));
        }
    }
}
