//! Column and figure names for people.

/// Machine name, English, Turkish.
const LABELS: [(&str, &str, &str); 21] = [
    ("figure", "Figure", "Gösterge"),
    ("unit", "Unit", "Birim"),
    ("value", "Value", "Değer"),
    ("previous", "Previous period", "Önceki dönem"),
    ("last_year", "Last year", "Geçen yıl"),
    ("change_previous", "Change to previous period", "Önceki döneme göre değişim"),
    ("change_last_year", "Change to last year", "Geçen yıla göre değişim"),
    ("period", "Period", "Dönem"),
    ("revenue", "Revenue", "Ciro"),
    ("orders", "Orders", "Siparişler"),
    ("units", "Units", "Adet"),
    ("previous_revenue", "Revenue of previous period", "Önceki dönemin cirosu"),
    ("product_id", "Product ID", "Ürün no"),
    ("name", "Name", "Ad"),
    ("model", "Model", "Model"),
    ("share", "Share", "Pay"),
    ("marketplace_id", "Marketplace ID", "Pazaryeri no"),
    ("code", "Code", "Kod"),
    ("average_order_value", "Average order value", "Ortalama sepet tutarı"),
    ("returns", "Returns", "İadeler"),
    ("new_customers", "New customers", "Yeni müşteriler"),
];

/// English and Turkish of a machine name.
pub(super) fn find(name: &str) -> Option<(&'static str, &'static str)> {
    LABELS.iter().find(|(known, ..)| *known == name).map(|(_, english, turkish)| (*english, *turkish))
}
