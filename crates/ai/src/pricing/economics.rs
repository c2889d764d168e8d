//! What is left of a price.

use meschain_base::{Error, Result};
use serde::Serialize;

/// One product on one marketplace. Ratios: 0.2 is 20 %.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceContext {
    /// Price asked now.
    pub price: f64,
    /// Cost of one unit without KDV; None when unknown.
    pub cost: Option<f64>,
    /// Rate of KDV (value added tax).
    pub kdv_rate: f64,
    /// Whether prices are shown with KDV.
    pub price_includes_kdv: bool,
    /// Whether shoppers see prices with KDV: what a price ending is of.
    pub shows_kdv: bool,
    /// The marketplace's share of the price with KDV.
    pub commission: f64,
    /// Fixed fee for one unit, without KDV.
    pub fixed_fee: f64,
    /// Shipping the shop pays for one unit, without KDV.
    pub shipping: f64,
    /// Units in stock, below zero where some are owed; None when not tracked.
    pub stock: Option<f64>,
    /// Expected units a week at the price asked now; None: the model's.
    pub weekly_units: Option<f64>,
    /// Weeks until ordered units arrive.
    pub lead_time_weeks: f64,
    /// Prices of competitors.
    pub competitors: Vec<f64>,
    /// Whether customers pay another price than this one for now: an offer is in force.
    pub on_offer: bool,
    /// The catalogue's price beside which `price` is shown as a special: it has to stay below. None: `price` is no special.
    pub list_price: Option<f64>,
    /// How the special hangs on the catalogue's price, which then moves with it instead; None: not at all.
    pub list_follows: Option<Off>,
    /// Days since the price was last changed; None when unknown.
    pub last_change_days: Option<f64>,
    /// Digits after the decimal point of a price.
    pub decimals: u32,
}

/// What a special takes off the catalogue's price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Off {
    /// A share of it.
    Share,
    /// An amount.
    Amount,
}

impl PriceContext {
    /// A price and nothing else known: KDV of 20 % included, no fees.
    pub fn new(price: f64) -> Self {
        Self {
            price,
            cost: None,
            kdv_rate: 0.2,
            price_includes_kdv: true,
            shows_kdv: true,
            commission: 0.0,
            fixed_fee: 0.0,
            shipping: 0.0,
            stock: None,
            weekly_units: None,
            lead_time_weeks: 2.0,
            competitors: Vec::new(),
            on_offer: false,
            list_price: None,
            list_follows: None,
            last_change_days: None,
            decimals: 2,
        }
    }

    /// Price without KDV.
    pub fn net(&self, price: f64) -> f64 {
        if self.price_includes_kdv { price / (1.0 + self.kdv_rate) } else { price }
    }

    /// Price with KDV: what a marketplace takes its share of.
    pub fn gross(&self, price: f64) -> f64 {
        self.net(price) * (1.0 + self.kdv_rate)
    }

    /// What a shopper sees for a price of 1.
    pub(crate) fn shown_share(&self) -> f64 {
        match (self.price_includes_kdv, self.shows_kdv) {
            (false, true) => 1.0 + self.kdv_rate,
            (true, false) => 1.0 / (1.0 + self.kdv_rate),
            _ => 1.0,
        }
    }

    /// Profit on one unit at a price; an unknown cost counts as zero.
    pub fn unit_profit(&self, price: f64) -> f64 {
        self.net(price) - self.commission * self.gross(price) - self.outlay()
    }

    /// Cost, fee and shipping of one unit.
    pub(crate) fn outlay(&self) -> f64 {
        self.cost.unwrap_or(0.0) + self.fixed_fee + self.shipping
    }

    /// Least price at which the profit on a unit is `margin` times its cost.
    pub(crate) fn least_price(&self, margin: f64) -> Option<f64> {
        let cost = self.cost?;
        let kept = self.net(1.0) - self.commission * self.gross(1.0);
        (kept > 0.0).then(|| (self.outlay() + margin * cost) / kept)
    }

    pub(crate) fn check(&self) -> Result<()> {
        let amounts = [
            ("price", Some(self.price), 1e-6, 1e12),
            ("cost", self.cost, 0.0, 1e12),
            ("kdv_rate", Some(self.kdv_rate), 0.0, 1.0),
            ("commission", Some(self.commission), 0.0, 0.95),
            ("fixed_fee", Some(self.fixed_fee), 0.0, 1e12),
            ("shipping", Some(self.shipping), 0.0, 1e12),
            ("stock", self.stock, -1e12, 1e12),
            ("weekly_units", self.weekly_units, 0.0, 1e12),
            ("lead_time_weeks", Some(self.lead_time_weeks), 0.0, 1000.0),
            ("list_price", self.list_price, 1e-6, 1e12),
            ("last_change_days", self.last_change_days, 0.0, 1e6),
            ("decimals", Some(f64::from(self.decimals)), 0.0, 4.0),
        ];
        for (name, value, least, most) in amounts {
            if let Some(value) = value.filter(|value| !(least..=most).contains(value)) {
                return Err(Error::argument(name, format!("{least} to {most}"), value.to_string()));
            }
        }
        match self.competitors.iter().find(|price| !(1e-6..=1e12).contains(*price)) {
            Some(bad) => Err(Error::argument("competitors", "prices above 0", bad.to_string())),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profit_is_the_price_less_tax_commission_fees_and_cost() {
        let context = PriceContext {
            cost: Some(50.0),
            commission: 0.1,
            fixed_fee: 2.0,
            shipping: 8.0,
            ..PriceContext::new(120.0)
        };
        assert!((context.unit_profit(120.0) - (100.0 - 12.0 - 60.0)).abs() < 1e-9);
        let least = context.least_price(0.1).unwrap();
        assert!((context.unit_profit(least) - 5.0).abs() < 1e-9);
        assert_eq!(PriceContext::new(1.0).least_price(0.1), None);
        // The same product in a catalogue without tax: 100 there is 120 on the page, and the share is of the 120.
        let net = PriceContext { price_includes_kdv: false, price: 100.0, ..context.clone() };
        assert!((net.unit_profit(100.0) - context.unit_profit(120.0)).abs() < 1e-9);
        assert!((net.least_price(0.1).unwrap() * 1.2 - least).abs() < 1e-9);
        assert!(PriceContext::new(f64::NAN).check().is_err());
    }
}
