//! The shop's four models: what category is this, what should it cost, how much will sell, what goes with it.
//!
//! Everything here works on typed data in memory: rows come from the shop's snapshot, answers go back as data. Every
//! model lives in a [`model_file`]: verified, memory-mapped, shared by all processes of the machine.

pub mod categorizer;
pub mod data;
pub mod forecast;
pub mod inference;
pub mod model_file;
pub mod operations;
pub mod pricing;
pub mod recommend;
pub mod registry;
pub mod settings;
pub mod suggestions;
pub mod text;
pub mod training;
mod wide;
