//! Rows of the category tree.

use super::bulk::Inserter;
use super::catalogue::Bilingual;
use super::reference::LONG_AGO;
use super::rows::time_value;
use super::shelf_rows::Shelves;
use meschain_base::Result;
use mysql::PooledConn;

/// Batches of the tables a category touches.
pub(super) struct CategoryRows {
    category: Inserter,
    text: Inserter,
    path: Inserter,
    store: Inserter,
    english: u32,
    turkish: u32,
    second_store: u32,
}

impl CategoryRows {
    /// Prepares the batches.
    pub fn new(shelves: &Shelves<'_>, conn: &mut PooledConn) -> Result<Self> {
        let mut table = |name: &str, columns: &[&str]| Inserter::new(shelves.database, conn, name, columns);
        Ok(Self {
            category: table(
                "category",
                &[
                    "category_id",
                    "parent_id",
                    "top",
                    "column",
                    "sort_order",
                    "status",
                    "date_added",
                    "date_modified",
                ],
            )?,
            text: table(
                "category_description",
                &[
                    "category_id",
                    "language_id",
                    "name",
                    "description",
                    "meta_title",
                    "meta_description",
                    "meta_keyword",
                ],
            )?,
            path: table("category_path", &["category_id", "path_id", "level"])?,
            store: table("category_to_store", &["category_id", "store_id"])?,
            english: shelves.reference.english,
            turkish: shelves.reference.turkish,
            second_store: shelves.second_store,
        })
    }

    /// A category; `path` runs from the top down to the category itself.
    pub fn add(&mut self, conn: &mut PooledConn, id: u32, name: &Bilingual, path: &[u32]) -> Result<()> {
        let parent = path.iter().rev().nth(1).copied().unwrap_or(0);
        let (added, top) = (time_value(LONG_AGO), u8::from(path.len() == 1));
        let cells =
            [id.into(), parent.into(), top.into(), 1.into(), 0.into(), 1.into(), added.clone(), added];
        self.category.push(conn, cells)?;
        for (language, name) in [(self.english, name.en), (self.turkish, name.tr)] {
            // A shop page of OpenCart 4.1 dies of a NULL in the last two.
            let cells =
                [id.into(), language.into(), name.into(), "".into(), name.into(), "".into(), "".into()];
            self.text.push(conn, cells)?;
        }
        for (level, ancestor) in path.iter().enumerate() {
            self.path.push(conn, [id.into(), (*ancestor).into(), (level as u32).into()])?;
        }
        for store in [0, self.second_store] {
            self.store.push(conn, [id.into(), store.into()])?;
        }
        Ok(())
    }

    /// Writes what is held.
    pub fn flush(&mut self, conn: &mut PooledConn) -> Result<()> {
        [&mut self.category, &mut self.text, &mut self.path, &mut self.store]
            .into_iter()
            .try_for_each(|rows| rows.flush(conn))
    }
}
