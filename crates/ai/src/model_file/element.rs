//! Which numbers a tensor may hold.

use safetensors::Dtype;

#[cfg(target_endian = "big")]
compile_error!("model files are little endian and are used where they lie");

/// A number that can be read where it lies in a mapping.
///
/// # Safety
/// Implementors are plain numbers without padding for which every bit pattern is a value.
pub unsafe trait Element: Copy + Send + Sync + 'static {
    /// The type's name in the file.
    const DTYPE: Dtype;
}

macro_rules! elements {
    ($($number:ty => $dtype:ident),*) => {$(
        // SAFETY: a primitive number: no padding, every bit pattern is a value.
        unsafe impl Element for $number {
            const DTYPE: Dtype = Dtype::$dtype;
        }
    )*};
}

elements!(u8 => U8, i8 => I8, u16 => U16, i16 => I16, u32 => U32, i32 => I32, u64 => U64, i64 => I64, f32 => F32, f64 => F64);

/// The bytes of `values`, as they go into the file.
pub fn bytes_of<T: Element>(values: &[T]) -> &[u8] {
    // SAFETY: `Element` promises plain numbers without padding; the range is exactly that of `values`, and `u8` has
    // no alignment of its own.
    unsafe { std::slice::from_raw_parts(values.as_ptr().cast::<u8>(), std::mem::size_of_val(values)) }
}
