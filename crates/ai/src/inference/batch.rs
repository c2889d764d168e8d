//! Forecasts of many products at once, and of all of them together.

use super::Advisor;
use super::demand::{DemandQuery, NoForecast, Outlook, paths};
use crate::data::sales::Sale;
use crate::data::{Known, Sales};
use crate::forecast::{Config, Forecast, Granularity, SeriesInput, forecast, parallel};
use crate::training::series;
use meschain_base::{Error, Progress, Result};
use serde_json::{Value, json};

/// Products in one call at most.
pub const MOST_PRODUCTS: usize = 10_000;
/// Weeks of a yearly season.
const YEAR_OF_WEEKS: usize = 52;

/// What is added up over all products.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Pieces.
    Units,
    /// Paid amounts without tax, in the default currency.
    Revenue,
}

impl Measure {
    /// From its name.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "units" => Ok(Self::Units),
            "revenue" => Ok(Self::Revenue),
            _ => Err(Error::argument("options[\"measure\"]", "units or revenue", format!("\"{name}\""))),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Revenue => "revenue",
        }
    }
}

impl Advisor<'_> {
    /// What `take` makes of the outlook of each product row, in order, on all threads the advisor may use. `coming` says by product id
    /// what is on its way beside the query's `on_order`. What is read of the shop is read once, and an outlook is dropped when it was taken.
    pub fn outlooks<T: Send>(
        &self,
        rows: &[usize],
        query: &DemandQuery,
        coming: impl Fn(u32) -> f64 + Sync,
        progress: &Progress,
        take: impl Fn(usize, std::result::Result<Outlook, NoForecast>) -> T + Sync,
    ) -> Result<Vec<T>> {
        let desk = self.desk(query.marketplace_id)?;
        // A thread costs more than a handful of forecasts.
        let threads = if rows.len() < 64 { 1 } else { self.threads };
        parallel::map(rows, threads, progress, |row| {
            let on_order = query.on_order + coming(self.product_id(*row));
            Ok(take(*row, self.outlook(&desk, *row, &DemandQuery { on_order, ..query.clone() })?))
        })
    }

    /// Forecasts of many products: `items` in the order asked for, without their histories.
    pub fn forecast_batch(&self, product_ids: &[u32], query: &DemandQuery) -> Result<Value> {
        let rows: Vec<usize> = product_ids.iter().map(|id| self.row(*id)).collect::<Result<_>>()?;
        let items = self.outlooks(
            &rows,
            query,
            |_| 0.0,
            &Progress::silent(),
            |row, outlook| {
                let mut answer = match outlook {
                    Ok(outlook) => self.forecast_answer(row, &outlook, query),
                    Err(none) => none.answer(),
                };
                if let Some(map) = answer.as_object_mut() {
                    map.remove("history");
                    map.insert("product_id".to_owned(), json!(self.product_id(row)));
                }
                answer
            },
        )?;
        Ok(json!({ "available": true, "items": items }))
    }

    /// Rows of products that are on sale.
    pub fn on_sale(&self) -> Vec<usize> {
        let products = self.snapshot.products();
        let flags = products.known.iter().zip(products.status).enumerate();
        flags.filter(|(_, (known, status))| **known == 1 && **status == 1).map(|(row, _)| row).collect()
    }

    /// The forecast of everything the shop, or one marketplace, sells, as an answer.
    pub fn forecast_total(&self, query: &DemandQuery, measure: Measure) -> Result<Value> {
        let (series, forecast) = match self.total(query, measure)? {
            Ok(found) => found,
            Err(none) => return Ok(none.answer()),
        };
        let mut answer = paths(&series, &forecast, query.granularity);
        if let Some(map) = answer.as_object_mut() {
            map.insert("measure".to_owned(), json!(measure.name()));
            map.insert("marketplace_id".to_owned(), json!(query.marketplace_id));
        }
        Ok(answer)
    }

    /// Made on the total itself, which shows a season and a trend that no single product shows; it is not the sum of the
    /// products' forecasts.
    pub fn total(
        &self,
        query: &DemandQuery,
        measure: Measure,
    ) -> Result<std::result::Result<(SeriesInput, Forecast), NoForecast>> {
        query.check()?;
        let sales = Sales::read(&self.scope(query.marketplace_id)?)?;
        let worth = |sale: &Sale| match measure {
            Measure::Units => *sale,
            Measure::Revenue => Sale { units: sale.units * sale.price, ..*sale },
        };
        let all: Vec<Sale> = sales.all().iter().map(worth).collect();
        let (day, ahead) = (sales.last_day(), query.horizon);
        let Some(mut total) =
            series::input(&all, Known::of_shop(self.snapshot), day, query.granularity, ahead)
        else {
            return Ok(Err(NoForecast::NeverSold));
        };
        if total.history.len() < super::demand::LEAST_PERIODS {
            return Ok(Err(NoForecast::Short(total.history.len())));
        }
        if query.granularity == Granularity::Week {
            total.seasons = vec![YEAR_OF_WEEKS];
        }
        let forecast = forecast(&total, ahead, &Config::default(), None)?;
        Ok(Ok((total, forecast)))
    }
}
