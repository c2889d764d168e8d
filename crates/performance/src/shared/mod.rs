//! What the processes of one machine agree on.

pub mod hash;
