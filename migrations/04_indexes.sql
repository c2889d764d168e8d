-- Indexes that OpenCart lacks. oc_order of 4.0.2.3 has its primary key only, so every report by day reads the whole table.
--
-- Each is added only where its table and columns exist and no index begins with the same columns (4.1 has some of them), and is
-- called `meschain_...`, so that ours can be told from OpenCart's and dropped again: docs/database.md says how.
-- @repeat

-- Reports by day; the watermark of the snapshot.
-- @index order meschain_date_added date_added
CREATE INDEX `meschain_date_added` ON `{prefix}order` (`date_added`);

-- The refresh of the snapshot: edits and status changes since the last one.
-- @index order meschain_date_modified date_modified
CREATE INDEX `meschain_date_modified` ON `{prefix}order` (`date_modified`);

-- Reports by status and day.
-- @index order meschain_order_status_id order_status_id,date_added
CREATE INDEX `meschain_order_status_id` ON `{prefix}order` (`order_status_id`, `date_added`);

-- A customer's orders.
-- @index order meschain_customer_id customer_id,date_added
CREATE INDEX `meschain_customer_id` ON `{prefix}order` (`customer_id`, `date_added`);

-- Orders of guests.
-- @index order meschain_email email
CREATE INDEX `meschain_email` ON `{prefix}order` (`email`);

-- The lines of an order; OpenCart has it, a hand-made database may not.
-- @index order_product meschain_order_id order_id
CREATE INDEX `meschain_order_id` ON `{prefix}order_product` (`order_id`);

-- The sales of a product.
-- @index order_product meschain_product_id product_id,order_id
CREATE INDEX `meschain_product_id` ON `{prefix}order_product` (`product_id`, `order_id`);

-- What was chosen in an order's lines; OpenCart, too, asks for each line.
-- @index order_option meschain_order_id order_id,order_product_id
CREATE INDEX `meschain_order_id` ON `{prefix}order_option` (`order_id`, `order_product_id`);

-- The totals of an order; OpenCart has it, a hand-made database may not.
-- @index order_total meschain_order_id order_id
CREATE INDEX `meschain_order_id` ON `{prefix}order_total` (`order_id`);

-- When an order was paid or completed.
-- @index order_history meschain_order_id order_id,date_added
CREATE INDEX `meschain_order_id` ON `{prefix}order_history` (`order_id`, `date_added`);

-- The returns of an order.
-- @index return meschain_order_id order_id
CREATE INDEX `meschain_order_id` ON `{prefix}return` (`order_id`);

-- The returns of a product.
-- @index return meschain_product_id product_id
CREATE INDEX `meschain_product_id` ON `{prefix}return` (`product_id`);

-- Returns by day.
-- @index return meschain_date_added date_added
CREATE INDEX `meschain_date_added` ON `{prefix}return` (`date_added`);

-- The refresh of the snapshot.
-- @index return meschain_date_modified date_modified
CREATE INDEX `meschain_date_modified` ON `{prefix}return` (`date_modified`);

-- New customers by day.
-- @index customer meschain_date_added date_added
CREATE INDEX `meschain_date_added` ON `{prefix}customer` (`date_added`);

-- What changed in the catalogue since the last training.
-- @index product meschain_date_modified date_modified
CREATE INDEX `meschain_date_modified` ON `{prefix}product` (`date_modified`);

-- The products of a brand.
-- @index product meschain_manufacturer_id manufacturer_id
CREATE INDEX `meschain_manufacturer_id` ON `{prefix}product` (`manufacturer_id`);

-- The products of a category; OpenCart has it, a hand-made database may not.
-- @index product_to_category meschain_category_id category_id
CREATE INDEX `meschain_category_id` ON `{prefix}product_to_category` (`category_id`);
