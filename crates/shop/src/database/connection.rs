//! A connection that was lent out, and what becomes of it when it comes back.

use super::fault::{Breaks, breaks};
use super::silence::Silence;
use mysql::prelude::{AsStatement, Queryable};
use mysql::{Binary, Params, PooledConn, QueryResult, Statement, Text, TxOpts};
use std::ops::{Deref, DerefMut};
use std::os::fd::AsRawFd;
use std::sync::Arc;

/// One connection of the pool. It goes back when dropped, unless an answer was cut off meanwhile: to wait for the server once more
/// would keep the page, and the next one to use it would get the late answer for its own.
///
/// It is dropped on the thread that took it; errors of the driver go through [`super::fault`], which counts what broke.
#[derive(Debug)]
pub struct Connection {
    inner: PooledConn,
    silence: Arc<Silence>,
    before: Breaks,
}

impl Connection {
    pub(super) fn new(inner: PooledConn, silence: Arc<Silence>) -> Self {
        Self { inner, silence, before: breaks() }
    }

    /// Begins a transaction, which is rolled back unless it is committed.
    pub fn start_transaction(&mut self, options: TxOpts) -> mysql::Result<Transaction<'_>> {
        // The driver's own would ask for a rollback, and wait for it, also where no answer comes any more.
        std::mem::forget(self.inner.start_transaction(options)?);
        Ok(Transaction { connection: self, is_over: false })
    }

    fn is_broken(&self) -> bool {
        breaks() != self.before
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.is_broken() {
            if breaks().silent != self.before.silent {
                self.silence.doubt();
            }
            hang_up(&mut self.inner);
        }
    }
}

/// Ends the connection: what the pool does with it next fails at once, and it is not kept.
pub(super) fn hang_up(connection: &mut PooledConn) {
    connection.reset_connection(true);
    // SAFETY: takes no memory; the socket is open as long as the connection, which is borrowed here.
    unsafe { libc::shutdown(connection.as_ref().as_raw_fd(), libc::SHUT_RDWR) };
}

impl Deref for Connection {
    type Target = PooledConn;

    fn deref(&self) -> &PooledConn {
        &self.inner
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut PooledConn {
        &mut self.inner
    }
}

/// One transaction of a [`Connection`].
#[derive(Debug)]
pub struct Transaction<'c> {
    connection: &'c mut Connection,
    is_over: bool,
}

impl Transaction<'_> {
    /// Makes what was done last. Where this fails it is rolled back.
    pub fn commit(mut self) -> mysql::Result<()> {
        self.connection.query_drop("COMMIT")?;
        self.is_over = true;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        // The server rolls back by itself what a connection that ends leaves open.
        if !self.is_over && !self.connection.is_broken() {
            let _ = self.connection.query_drop("ROLLBACK");
        }
    }
}

macro_rules! queryable {
    ($name:ty, $field:ident) => {
        impl Queryable for $name {
            fn query_iter<Q: AsRef<str>>(&mut self, sql: Q) -> mysql::Result<QueryResult<'_, '_, '_, Text>> {
                self.$field.query_iter(sql)
            }

            fn prep<Q: AsRef<str>>(&mut self, sql: Q) -> mysql::Result<Statement> {
                self.$field.prep(sql)
            }

            fn close(&mut self, statement: Statement) -> mysql::Result<()> {
                self.$field.close(statement)
            }

            fn exec_iter<S, P>(&mut self, sql: S, with: P) -> mysql::Result<QueryResult<'_, '_, '_, Binary>>
            where
                S: AsStatement,
                P: Into<Params>,
            {
                self.$field.exec_iter(sql, with)
            }

            fn exec_batch<S, P, I>(&mut self, sql: S, rows: I) -> mysql::Result<()>
            where
                Self: Sized,
                S: AsStatement,
                P: Into<Params>,
                I: IntoIterator<Item = P>,
            {
                self.$field.exec_batch(sql, rows)
            }
        }
    };
}

queryable!(Connection, inner);
queryable!(Transaction<'_>, connection);
