//! Memory that the processes of one machine share.

pub mod hash;
pub mod region;

pub use region::Region;
