//! How numbers, days and periods are written for people.

use shared::ids::DeviceId;
use shared::num::{DecimalMark, Exact, Misread};
use shared::time::{Millis, Period};

use super::{Language, language, t};

/// Decimals of a total on the screen. The explanation shows the exact value.
const PLACES: u32 = 2;
/// Decimals of a mark or quantity. Nobody enters more.
const MARK_PLACES: u32 = 6;

fn localise(text: String) -> String {
    match language() {
        Language::Vi => text.replace('.', ","),
        Language::En => text,
    }
}

/// A total: `76,7`, or `≈ 89,99` where more decimals follow. It is cut, never rounded: 89.996 must not look like 90.
pub(crate) fn decimal(value: &Exact) -> String {
    short(value, &cut(value))
}

/// How many points are missing. As [`decimal`], but rounded up, so that it never shows less than what is missing.
pub(crate) fn missing_points(value: &Exact) -> String {
    short(value, &-cut(&-value))
}

/// Whether [`decimal`] leaves something out.
pub(crate) fn is_cut(value: &Exact) -> bool {
    cut(value) != *value
}

/// `value` cut down to [`PLACES`] decimals.
fn cut(value: &Exact) -> Exact {
    let hundred = Exact::from_int(100);
    (value * &hundred).floor().checked_div(&hundred).unwrap_or_default()
}

/// Writes `shown` for `value`: with `≈` and both decimals if it was cut.
fn short(value: &Exact, shown: &Exact) -> String {
    let decimal = shown.to_decimal(PLACES);
    if shown == value {
        return localise(decimal);
    }
    let (whole, fraction) = decimal.split_once('.').unwrap_or((&decimal, ""));
    localise(format!("≈ {whole}.{fraction:0<2}"))
}

/// A mark: `2,5`. The mean of a team's marks is cut as a total is: `≈ 96,66`.
pub(crate) fn mark(value: &Exact) -> String {
    decimal(value)
}

/// A quantity: `0,8`.
pub(crate) fn quantity(value: &Exact) -> String {
    localise(value.to_decimal(MARK_PLACES))
}

/// A share as percent: `50 %`.
pub(crate) fn percent(share: &Exact) -> String {
    format!("{} %", decimal(&(share * &Exact::from_int(100))))
}

fn decimal_mark() -> DecimalMark {
    match language() {
        Language::Vi => DecimalMark::Comma,
        Language::En => DecimalMark::Point,
    }
}

/// Reads a number as people write it in the language of the page.
pub(crate) fn read_number(text: &str) -> Result<Exact, Misread> {
    Exact::read_written(text, decimal_mark())
}

/// A number with thousands separators: `100.000`, `1.250,5`.
pub(crate) fn grouped(value: &Exact) -> String {
    let text = value.to_decimal(MARK_PLACES);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let (thousands, point) = match decimal_mark() {
        DecimalMark::Comma => ('.', ','),
        DecimalMark::Point => (',', '.'),
    };
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            grouped.push(thousands);
        }
        grouped.push(digit);
    }
    if !fraction.is_empty() {
        grouped.push(point);
        grouped.push_str(fraction);
    }
    grouped
}

/// A count of letters with thousands separators.
pub(crate) fn count_text(count: usize) -> String {
    grouped(&Exact::from_int(i64::try_from(count).unwrap_or(i64::MAX)))
}

/// Whether a number is shown with all its decimals.
pub(crate) fn is_shown_whole(value: &Exact) -> bool {
    Exact::parse(&value.to_decimal(MARK_PLACES)).is_ok_and(|shown| shown == *value)
}

/// A day of a rule pack, `2026-01-01`, written for people: `01/01/2026`.
pub(crate) fn iso_day(text: &str) -> String {
    let parts: Vec<&str> = text.split('-').rev().collect();
    parts.join("/")
}

/// `Tháng 10/2026`.
pub(crate) fn period_name(period: Period) -> String {
    match period {
        Period::Month(year, month) => t::period::month(&month.to_string(), &year.to_string()),
        Period::Quarter(year, quarter) => t::period::quarter(&quarter.to_string(), &year.to_string()),
        Period::HalfYear(year, half) => t::period::half(&half.to_string(), &year.to_string()),
        Period::Year(year) => t::period::year(&year.to_string()),
    }
}

/// A period within its year: `Tháng 10`, `Quý 4`, `6 tháng cuối năm`.
pub(crate) fn period_within_year(period: Period) -> String {
    match period {
        Period::Month(_, month) => t::year::month(&month.to_string()),
        Period::Quarter(_, quarter) => t::year::quarter(&quarter.to_string()),
        Period::HalfYear(_, 1) => t::year::first_half().to_owned(),
        Period::HalfYear(..) => t::year::second_half().to_owned(),
        Period::Year(_) => t::year::whole_year().to_owned(),
    }
}

/// `14:05`, `14:05 hôm qua`, `14:05 ngày 03/10/2026`.
pub(crate) fn clock_text(at: Millis, now: Millis) -> String {
    let clock = at.clock();
    match now.day().0.saturating_sub(at.day().0) {
        0 => clock,
        1 => t::time::yesterday(&clock),
        _ => t::time::on_day(&clock, &at.day().vietnamese()),
    }
}

/// `hôm nay`, `hôm qua`, `3 ngày trước`.
pub(crate) fn days_ago(at: Millis, now: Millis) -> String {
    match now.day().0.saturating_sub(at.day().0) {
        days if days <= 0 => t::time::today().to_owned(),
        1 => t::time::since_yesterday().to_owned(),
        days => t::time::days_ago(usize::try_from(days).unwrap_or_default()),
    }
}

/// A short name for a device: the end of its id. Ids begin with their time, so that devices of one day begin alike.
pub(crate) fn device_name(device: DeviceId) -> String {
    let id = device.to_string();
    id.get(id.len().saturating_sub(DEVICE_NAME_LETTERS)..).unwrap_or_default().to_owned()
}

const DEVICE_NAME_LETTERS: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_written_as_in_vietnam() {
        for (text, value) in [("2,5", "5/2"), ("1.250", "1250"), ("1.250,5", "2501/2")] {
            assert_eq!(read_number(text), Ok(Exact::parse(value).unwrap()), "{text}");
            assert_eq!(grouped(&Exact::parse(value).unwrap()), text);
        }
        assert_eq!(grouped(&Exact::from_int(100_000)), "100.000");
        assert_eq!(count_text(5_400), "5.400");
        assert!(is_shown_whole(&Exact::parse("0.123456").unwrap()));
        assert!(!is_shown_whole(&Exact::parse("0.1234567").unwrap()));
    }

    #[test]
    fn vietnamese_numbers_have_a_comma_and_the_exact_value_is_kept() {
        for (total, shown) in
            [("76.7", "76,7"), ("89.996", "≈ 89,99"), ("90", "90"), ("11045/144", "≈ 76,70"), ("2699/30", "≈ 89,96")]
        {
            assert_eq!(decimal(&Exact::parse(total).unwrap()), shown);
        }
        assert_eq!(missing_points(&Exact::parse("1/30").unwrap()), "≈ 0,04");
        assert_eq!(missing_points(&Exact::parse("0.04").unwrap()), "0,04");
        assert_eq!(mark(&Exact::ratio(5, 2).unwrap()), "2,5");
        assert_eq!(mark(&Exact::ratio(290, 3).unwrap()), "≈ 96,66");
        assert_eq!(percent(&Exact::ratio(1, 2).unwrap()), "50 %");
    }

    #[test]
    fn a_day_of_a_pack_is_written_as_on_paper() {
        assert_eq!(iso_day("2026-01-31"), "31/01/2026");
    }

    #[test]
    fn a_time_says_how_long_ago_it_was() {
        let now = Millis(1_793_000_000_000);
        let day_ms = 86_400_000;
        assert_eq!(clock_text(now, now), now.clock());
        assert_eq!(clock_text(Millis(now.0 - day_ms), now), format!("{} hôm qua", now.clock()));
        assert_eq!(days_ago(Millis(now.0 - 3 * day_ms), now), "3 ngày trước");
    }

    #[test]
    fn row_21_two_devices_of_one_day_have_different_names() {
        let [first, second] = ["019a2b3c-4d5e-7a01-8b02-0c0d0e0f1a2b", "019a2b3c-4d5e-7a02-9c03-1c1d1e1f3c4d"]
            .map(|id| device_name(id.parse().unwrap()));
        assert_eq!((first.as_str(), second.as_str()), ("1a2b", "3c4d"));
    }
}
