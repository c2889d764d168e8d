//! What a report needs to know besides the shop: where its days begin, and what day it is.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use meschain_base::{Error, Result};

/// Time zone and time of a report.
#[derive(Debug, Clone)]
pub struct Context {
    /// The shop's time zone, an IANA name. Days begin at midnight there.
    pub timezone: String,
    /// Now.
    pub now: Timestamp,
}

impl Context {
    pub(crate) fn zone(&self) -> Result<TimeZone> {
        TimeZone::get(&self.timezone).map_err(|_| Error::Setting {
            name: "timezone".to_owned(),
            expected: "an IANA time zone such as Europe/Istanbul".to_owned(),
            given: self.timezone.clone(),
        })
    }

    pub(crate) fn today(&self, zone: &TimeZone) -> Date {
        self.now.to_zoned(zone.clone()).date()
    }
}

/// The first instant of a day, in seconds since 1970 UTC. Where a clock change swallows midnight, the day begins with the
/// first hour it has.
pub(crate) fn start_of_day(day: Date, zone: &TimeZone) -> Result<i64> {
    let start = day.to_zoned(zone.clone()).and_then(|noon: Zoned| noon.start_of_day());
    start
        .map(|zoned| zoned.timestamp().as_second())
        .map_err(|error| Error::internal("start of day", error.to_string()))
}
