//! Products, brands, customers and returns: read whole every time, since they are few beside the orders.

use super::id_set::IdSet;
use super::read::Reader;
use super::row::{flag, id, integer, quantity, text, written};
use super::schema::{
    CustomerRow, CustomerWriter, ManufacturerRow, ManufacturerWriter, NO_COST, NO_DATE, ProductRow,
    ProductWriter, ReturnRow, ReturnWriter,
};
use super::spool::{Columns, TextSpool};
use super::texts::plain;
use super::wall::WallClock;
use jiff::civil::Date;
use meschain_base::Result;
use mysql::{Row, Value};
use std::collections::BTreeMap;

/// Ids in one `IN` list.
const BATCH: usize = 500;

/// Product and line ids of an order line, of as many lines as there are.
pub(super) struct LineIds<'a> {
    pub(super) product_id: &'a [u32],
    pub(super) order_product_id: &'a [u32],
}

impl Reader<'_> {
    /// Writes the products: those of the catalogue, and those that only lines know. Returns the ids.
    pub(super) fn products(
        &mut self,
        columns: &mut Columns,
        lines: &LineIds<'_>,
        language_id: u32,
        today: Date,
    ) -> Result<IdSet> {
        let catalogue = self.catalogue_ids()?;
        let mut all = IdSet::new();
        all.extend(catalogue.iter());
        all.extend(lines.product_id.iter().copied());
        let known = catalogue.ranks();
        let missing: Vec<u32> = all.iter().filter(|id| known.rank(*id).is_none()).collect();
        let names = self.names_on_lines(&missing, lines)?;
        let mut missing = missing.into_iter().peekable();
        let mut writer = ProductWriter::create(columns)?;
        let mut name = TextSpool::create(columns, "products.name")?;
        let mut model = TextSpool::create(columns, "products.model")?;
        let mut push = |product: ProductRow, product_name: &str, product_model: &str| {
            name.push(product_name)?;
            model.push(product_model)?;
            writer.push(product)
        };
        let lost = |product_id: u32| names.get(&product_id).map_or(("", ""), |(name, model)| (name, model));
        let (statement, clock) = (self.product_statement(language_id, today)?, self.clock.clone());
        self.rows(&statement, |row| {
            let product = product(row, &clock)?;
            while let Some(before) = missing.next_if(|id| *id < product.product_id) {
                let (name, model) = lost(before);
                push(unknown_product(before), name, model)?;
            }
            push(product, &plain(&text(row, 10)), &plain(&text(row, 11)))
        })?;
        for after in missing {
            let (name, model) = lost(after);
            push(unknown_product(after), name, model)?;
        }
        writer.finish(columns)?;
        name.finish(columns)?;
        model.finish(columns)?;
        Ok(all)
    }

    fn catalogue_ids(&mut self) -> Result<IdSet> {
        let mut ids = IdSet::new();
        let statement =
            format!("SELECT `product_id` FROM {} WHERE `product_id` >= 0", self.database.table("product"));
        self.rows(&statement, |row| {
            ids.insert(id(row, 0)?);
            Ok(())
        })?;
        Ok(ids)
    }

    /// The cost in force today, in the default currency (whose own value is 1). The name in any language where this one has none.
    fn product_statement(&mut self, language_id: u32, today: Date) -> Result<String> {
        let table = |name: &str| self.database.table(name);
        let (product, description, currency) =
            (table("product"), table("product_description"), table("currency"));
        let cost = if self.has_table("meschain_product_costs")? {
            format!(
                "(SELECT CAST(`c`.`cost` * 10000 / `u`.`value` AS SIGNED) FROM `meschain_product_costs` `c` \
                 JOIN {currency} `u` ON `u`.`code` = `c`.`currency_code` AND `u`.`value` > 0 \
                 WHERE `c`.`product_id` = `p`.`product_id` AND `c`.`valid_from` <= '{today}' \
                 ORDER BY `c`.`valid_from` DESC, `u`.`currency_id` LIMIT 1)"
            )
        } else {
            "NULL".to_owned()
        };
        Ok(format!(
            "SELECT `p`.`product_id`, `p`.`status`, CAST(`p`.`price` * 10000 AS SIGNED), {cost}, `p`.`quantity`, `p`.`subtract`, \
             `p`.`manufacturer_id`, `p`.`master_id`, `p`.`date_added`, `p`.`date_available`, COALESCE(NULLIF(`d`.`name`, ''), (SELECT `o`.`name` FROM {description} `o` \
             WHERE `o`.`product_id` = `p`.`product_id` AND `o`.`name` <> '' ORDER BY `o`.`language_id` LIMIT 1)), `p`.`model` \
             FROM {product} `p` LEFT JOIN {description} `d` ON `d`.`product_id` = `p`.`product_id` \
             AND `d`.`language_id` = {language_id} WHERE `p`.`product_id` >= 0 ORDER BY `p`.`product_id`"
        ))
    }

    /// What the last line of each of these products called it: name and model. Product 0 stands for many things.
    fn names_on_lines(
        &mut self,
        products: &[u32],
        lines: &LineIds<'_>,
    ) -> Result<BTreeMap<u32, (String, String)>> {
        let mut last: BTreeMap<u32, u32> = products.iter().filter(|id| **id > 0).map(|id| (*id, 0)).collect();
        if last.is_empty() {
            return Ok(BTreeMap::new());
        }
        for (product, line) in lines.product_id.iter().zip(lines.order_product_id) {
            if let Some(last) = last.get_mut(product) {
                *last = (*last).max(*line);
            }
        }
        let ids: Vec<String> = last.values().map(u32::to_string).collect();
        let mut names = BTreeMap::new();
        for batch in ids.chunks(BATCH) {
            let statement = format!(
                "SELECT `product_id`, `name`, `model` FROM {} WHERE `order_product_id` IN ({})",
                self.database.table("order_product"),
                batch.join(", "),
            );
            self.rows(&statement, |row| {
                let (name, model) = (plain(&text(row, 1)).into_owned(), plain(&text(row, 2)).into_owned());
                names.insert(id(row, 0)?, (name, model));
                Ok(())
            })?;
        }
        Ok(names)
    }

    /// Writes the customers: accounts, and those that only orders know. Returns the ids.
    pub(super) fn customers(&mut self, columns: &mut Columns, order_customers: &[u32]) -> Result<IdSet> {
        let mut all = IdSet::new();
        all.extend(order_customers.iter().copied().filter(|id| *id > 0));
        let mut only_orders = IdSet::new();
        only_orders.extend(all.iter());
        let mut missing = only_orders.iter().peekable();
        let (mut writer, clock) = (CustomerWriter::create(columns)?, self.clock.clone());
        let statement = format!(
            "SELECT `customer_id`, `status`, `customer_group_id`, `store_id`, `date_added` FROM {} \
             WHERE `customer_id` > 0 ORDER BY `customer_id`",
            self.database.table("customer"),
        );
        self.rows(&statement, |row| {
            let customer_id = id(row, 0)?;
            while let Some(before) = missing.next_if(|id| *id < customer_id) {
                writer.push(unknown_customer(before))?;
            }
            let _ = missing.next_if_eq(&customer_id);
            all.insert(customer_id);
            writer.push(CustomerRow {
                customer_id,
                known: 1,
                status: flag(row, 1)?,
                customer_group_id: id(row, 2)?,
                store_id: id(row, 3)?,
                date_added: clock.instant(written(row, 4)?),
            })
        })?;
        missing.try_for_each(|after| writer.push(unknown_customer(after)))?;
        writer.finish(columns)?;
        Ok(all)
    }

    /// Writes the return requests.
    pub(super) fn returns(&mut self, columns: &mut Columns) -> Result<()> {
        let (mut writer, clock) = (ReturnWriter::create(columns)?, self.clock.clone());
        let statement = format!(
            "SELECT `return_id`, `order_id`, `product_id`, `customer_id`, `quantity`, `return_status_id`, `date_added` \
             FROM {} WHERE `return_id` > 0 ORDER BY `return_id`",
            self.database.table("return"),
        );
        self.rows(&statement, |row| {
            writer.push(ReturnRow {
                return_id: id(row, 0)?,
                order_id: id(row, 1)?,
                product_id: id(row, 2)?,
                customer_id: id(row, 3)?,
                quantity: quantity(row, 4)?,
                status: id(row, 5)?,
                date_added: clock.instant(written(row, 6)?),
            })
        })?;
        writer.finish(columns)
    }

    /// Writes the brands.
    pub(super) fn manufacturers(&mut self, columns: &mut Columns) -> Result<()> {
        let mut writer = ManufacturerWriter::create(columns)?;
        let mut name = TextSpool::create(columns, "manufacturers.name")?;
        let statement = format!(
            "SELECT `manufacturer_id`, `name` FROM {} ORDER BY `manufacturer_id`",
            self.database.table("manufacturer")
        );
        self.rows(&statement, |row| {
            name.push(&plain(&text(row, 1)))?;
            writer.push(ManufacturerRow { manufacturer_id: id(row, 0)? })
        })?;
        writer.finish(columns)?;
        name.finish(columns)
    }
}

fn product(row: &Row, clock: &WallClock) -> Result<ProductRow> {
    let no_cost = matches!(row.as_ref(3), None | Some(Value::NULL));
    Ok(ProductRow {
        product_id: id(row, 0)?,
        known: 1,
        status: flag(row, 1)?,
        price: integer(row, 2)?,
        cost: if no_cost { NO_COST } else { integer(row, 3)? },
        quantity: quantity(row, 4)?,
        subtract: flag(row, 5)?,
        manufacturer_id: id(row, 6)?,
        master_id: id(row, 7)?,
        date_added: clock.instant(written(row, 8)?),
        date_available: clock.instant(written(row, 9)?),
    })
}

fn unknown_product(product_id: u32) -> ProductRow {
    ProductRow {
        product_id,
        known: 0,
        status: 0,
        price: 0,
        cost: NO_COST,
        quantity: 0,
        subtract: 0,
        manufacturer_id: 0,
        master_id: 0,
        date_added: NO_DATE,
        date_available: NO_DATE,
    }
}

fn unknown_customer(customer_id: u32) -> CustomerRow {
    CustomerRow { customer_id, known: 0, status: 0, customer_group_id: 0, store_id: 0, date_added: NO_DATE }
}
