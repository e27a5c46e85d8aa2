//! Parses values given on the command line. Refusals are in the current language.

use std::fmt::Display;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::str::FromStr;

use ipnet::IpNet;
use shared::ids::PersonId;
use shared::time::Period;

use crate::words::said;

/// The refusal of a value.
pub(crate) fn refused(found: &str, vi: impl Display, en: impl Display) -> String {
    said(format!("đang là {found:?}; cho phép: {vi}"), format!("found {found:?}; allowed: {en}"))
}

/// A parser of whole numbers between two limits.
pub(crate) fn whole<T: FromStr + PartialOrd + Display>(
    allowed: RangeInclusive<T>,
) -> impl Fn(&str) -> Result<T, String> + Clone
where
    RangeInclusive<T>: Clone,
{
    move |text| {
        let (low, high) = (allowed.start(), allowed.end());
        let number = text.parse().ok().filter(|number| allowed.contains(number));
        number.ok_or_else(|| {
            refused(text, format!("số nguyên từ {low} đến {high}"), format!("a whole number from {low} to {high}"))
        })
    }
}

/// An address of a machine.
pub(crate) fn address(text: &str) -> Result<IpAddr, String> {
    let vi = "một địa chỉ IP như 127.0.0.1 hoặc 0.0.0.0";
    text.parse().map_err(|_| refused(text, vi, "an IP address such as 127.0.0.1 or 0.0.0.0"))
}

/// A network, or one address.
pub(crate) fn network(text: &str) -> Result<IpNet, String> {
    let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    let (vi, en) = ("một địa chỉ, hoặc một mạng như 10.0.0.0/8", "an address or a network such as 10.0.0.0/8");
    network.map_err(|_| refused(text, vi, en))
}

/// A period.
pub(crate) fn period(text: &str) -> Result<Period, String> {
    let (vi, en) = ("một kỳ như 2026-10, 2026-Q4, 2026-H2, 2026", "a period such as 2026-10, 2026-Q4, 2026-H2, 2026");
    text.parse().map_err(|_| refused(text, vi, en))
}

/// The id of a person.
pub(crate) fn person(text: &str) -> Result<PersonId, String> {
    let (vi, en) =
        ("mã của một người, như `congtam export cards` ghi", "the id of a person, as `congtam export cards` writes it");
    text.parse().map_err(|_| refused(text, vi, en))
}
