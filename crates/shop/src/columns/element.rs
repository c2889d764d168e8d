//! What a column may hold: plain little-endian numbers.

use bytemuck::Pod;
use safetensors::Dtype;

#[cfg(target_endian = "big")]
compile_error!("columns are mapped as they lie in the file, which is little-endian");

/// A number a column may hold.
pub trait Element: Pod {
    /// Its type in the file.
    const DTYPE: Dtype;
}

impl Element for u8 {
    const DTYPE: Dtype = Dtype::U8;
}
impl Element for u32 {
    const DTYPE: Dtype = Dtype::U32;
}
impl Element for u64 {
    const DTYPE: Dtype = Dtype::U64;
}
impl Element for i32 {
    const DTYPE: Dtype = Dtype::I32;
}
impl Element for i64 {
    const DTYPE: Dtype = Dtype::I64;
}
