use super::*;
use meschain_base::Error;
use proptest::prelude::*;

fn header() -> Header {
    Header {
        kind: "test".into(),
        format: 3,
        created: "2026-11-22T05:00:00Z".into(),
        seed: 7,
        training_size: 10,
        metrics: IndexMap::from([("accuracy".to_owned(), 0.5)]),
        parameters: serde_json::json!({"note": "{\"checksum\":\"", "scale": 1.5}),
    }
}

fn writer() -> ModelWriter {
    let mut writer = ModelWriter::new(header()).unwrap();
    writer.vector("odd", &[1u8, 2, 3]).unwrap();
    writer.tensor("weights", &[2, 2], &[1.0f32, -2.0, 3.5, f32::MAX]).unwrap();
    writer.vector("wide", &[u64::MAX, 1]).unwrap();
    writer.vector::<f64>("none", &[]).unwrap();
    writer.strings("names", ["süt", "", "Işık"]).unwrap();
    writer
}

#[test]
fn what_is_written_is_read_where_it_lies() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("models/a.model");
    let sum = writer().write(&path).unwrap();
    let file = ModelFile::open(&path, "test", 3).unwrap();
    assert_eq!(file.header(), &header());
    assert_eq!(file.checksum(), sum);
    let weights = file.slice::<f32>("weights").unwrap();
    assert_eq!(file.shape("weights").unwrap(), [2, 2]);
    let range = file.bytes().as_ptr_range();
    assert!(range.contains(&weights.as_ptr().cast()), "not a copy");
    let names = file.strings("names").unwrap();
    let wide = file.slice_of::<u64>("wide", 2).unwrap();
    drop(file);
    assert_eq!(&*weights, [1.0, -2.0, 3.5, f32::MAX]);
    assert_eq!(&*wide, [u64::MAX, 1]);
    assert_eq!(names.iter().collect::<Vec<_>>(), ["süt", "", "Işık"]);
}

#[test]
fn the_wrong_kind_version_type_or_length_is_refused() {
    let bytes = writer().to_bytes().unwrap();
    assert!(matches!(ModelFile::from_bytes(&bytes, "other", 3), Err(Error::Corrupt { .. })));
    assert!(matches!(ModelFile::from_bytes(&bytes, "test", 4), Err(Error::Corrupt { .. })));
    let file = ModelFile::from_bytes(&bytes, "test", 3).unwrap();
    assert!(file.slice::<i8>("odd").is_err());
    assert!(file.slice_of::<u8>("odd", 4).is_err());
    assert!(file.slice::<u8>("missing").is_err());
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    assert_eq!(writer().to_bytes().unwrap(), writer().to_bytes().unwrap());
}

#[test]
fn only_finite_metrics_are_written() {
    let mut bad = header();
    bad.metrics.insert("loss".into(), f64::NAN);
    assert!(matches!(ModelWriter::new(bad), Err(Error::Argument { .. })));
}

#[test]
fn every_single_bit_and_every_cut_is_refused() {
    let bytes = writer().to_bytes().unwrap();
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1 << (at % 8);
        assert!(ModelFile::from_bytes(&altered, "test", 3).is_err(), "byte {at}");
        assert!(ModelFile::from_bytes(&bytes[..at], "test", 3).is_err(), "cut at {at}");
    }
}

proptest! {
    #[test]
    fn any_byte_flipped_is_refused(at in any::<prop::sample::Index>(), change in 1u8..=255) {
        let mut bytes = writer().to_bytes().unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        prop_assert!(ModelFile::from_bytes(&bytes, "test", 3).is_err());
    }

    #[test]
    fn any_rubbish_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        prop_assert!(ModelFile::from_bytes(&bytes, "test", 3).is_err());
    }
}
