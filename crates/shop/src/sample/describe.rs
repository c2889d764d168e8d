//! Sentences about products, in both languages, and reviews. They never name the category: a model that read it there would
//! have learnt nothing.

use super::draw::Draw;
use super::product::Product;

/// A Turkish description.
pub(super) fn turkish(product: &Product) -> String {
    let extra = match product.kdv {
        0 => "Özenle basıldı, hızlı kargoyla kapınızda.",
        1 => "Taze ve güvenilir kaynaklardan, sofranıza.",
        10 => "Her gün için, rahatlığıyla fark yaratır.",
        _ => "Kaliteli malzemeden, uzun süre kullanım için.",
    };
    format!(
        "{} kalitesiyle. {} çeşidi, {} seçeneği. {extra}",
        product.brand, product.variant_tr, product.size
    )
}

/// The English description.
pub(super) fn english(product: &Product) -> String {
    let extra = match product.kdv {
        0 => "Carefully printed and quickly at your door.",
        1 => "Fresh and from sources you can trust.",
        10 => "For every day, and a pleasure to have.",
        _ => "Made of good materials, to be used for long.",
    };
    format!("By {}. {} variety, size {}. {extra}", product.brand, product.variant_en, product.size)
}

/// Author and text of a review with that many stars.
pub(super) fn review(rating: u8, draw: &mut Draw) -> (&'static str, &'static str) {
    const AUTHORS: [&str; 8] =
        ["Ayşe K.", "Mehmet D.", "Elif Y.", "Can A.", "Zeynep Ş.", "Murat Ö.", "Derya T.", "Emre B."];
    const BAD: [&str; 3] =
        ["Beklediğim gibi çıkmadı.", "Kargo geç geldi, ürün ezilmişti.", "Fiyatına değmez."];
    const FAIR: [&str; 3] = ["İdare eder.", "Fena değil ama daha iyisi var.", "Ürün güzel, paketleme zayıf."];
    const GOOD: [&str; 4] = [
        "Çok memnun kaldım.",
        "Tam anlatıldığı gibi, tavsiye ederim.",
        "Yine alırım.",
        "Fiyat performans ürünü.",
    ];
    let texts: &[&'static str] = match rating {
        0..=2 => &BAD,
        3 => &FAIR,
        _ => &GOOD,
    };
    (draw.one(&AUTHORS).copied().unwrap_or(""), draw.one(texts).copied().unwrap_or(""))
}
