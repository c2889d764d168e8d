//! Sealing secrets that must lie in the database: AES-256-GCM under a key that does not.
//!
//! A sealed text is `v1.<key id>.<nonce hex>.<cipher hex>`; the key id says which key of the ring opens it, so keys
//! can be rotated. The context (table, row, column) is bound as associated data: a text moved to another row does
//! not open.

use crate::{Error, Result, Secret};
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use rand::TryRng;
use std::collections::BTreeMap;

const VERSION: &str = "v1";
const NONCE_BYTES: usize = 12;
const KEY_BYTES: usize = 32;

/// The keys of an installation by id; the newest seals, all open.
#[derive(Debug, Clone, Default)]
pub struct KeyRing {
    keys: BTreeMap<u32, Secret>,
}

impl KeyRing {
    /// Reads the form `1:64 hex digits`, one key a line; empty lines and lines starting with `#` are skipped.
    pub fn parse(text: &str) -> Result<Self> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let keys =
            lines.map(parse_key).collect::<Option<BTreeMap<_, _>>>().ok_or_else(|| Error::Setting {
                name: "key file".to_owned(),
                expected: "lines of the form `id:64 hex digits`".to_owned(),
                given: "***".to_owned(),
            })?;
        Ok(Self { keys })
    }

    /// A fresh random key in the form that [`KeyRing::parse`] reads.
    pub fn generate_line(id: u32) -> Result<Secret> {
        Ok(Secret::new(format!("{id}:{}", to_hex(&random_bytes::<KEY_BYTES>()?))))
    }

    /// Seals `plain` under the newest key, bound to `context`.
    pub fn seal(&self, plain: &Secret, context: &str) -> Result<String> {
        let (id, key) = self.keys.last_key_value().ok_or(Error::NotConfigured { setting: "key file" })?;
        let nonce = random_bytes::<NONCE_BYTES>()?;
        let payload = Payload { msg: plain.expose().as_bytes(), aad: context.as_bytes() };
        let sealed = cipher(key)?.encrypt(&Nonce::from(nonce), payload).map_err(|_| refused("seal"))?;
        Ok(format!("{VERSION}.{id}.{}.{}", to_hex(&nonce), to_hex(&sealed)))
    }

    /// Opens what [`KeyRing::seal`] made for the same `context`; refuses anything altered, moved or of an unknown key.
    pub fn open(&self, sealed: &str, context: &str) -> Result<Secret> {
        let (id, nonce, body) = split(sealed).ok_or_else(|| refused("read"))?;
        let key = self
            .keys
            .get(&id)
            .ok_or_else(|| Error::NotFound { what: "encryption key", id: id.to_string() })?;
        let payload = Payload { msg: &body, aad: context.as_bytes() };
        let plain = cipher(key)?.decrypt(&Nonce::from(nonce), payload).map_err(|_| refused("open"))?;
        String::from_utf8(plain).map(Secret::new).map_err(|_| refused("open"))
    }

    /// The id of the key that seals now.
    pub fn newest(&self) -> Option<u32> {
        self.keys.last_key_value().map(|(id, _)| *id)
    }
}

fn parse_key(line: &str) -> Option<(u32, Secret)> {
    let (id, hex) = line.split_once(':')?;
    let id = id.trim().parse().ok()?;
    (from_hex(hex.trim())?.len() == KEY_BYTES).then(|| (id, Secret::new(hex.trim())))
}

fn cipher(key: &Secret) -> Result<Aes256Gcm> {
    let bytes = from_hex(key.expose()).ok_or_else(|| refused("read the key"))?;
    Aes256Gcm::new_from_slice(&bytes).map_err(|_| refused("read the key"))
}

fn split(sealed: &str) -> Option<(u32, [u8; NONCE_BYTES], Vec<u8>)> {
    let mut parts = sealed.split('.');
    (parts.next()? == VERSION).then_some(())?;
    let id = parts.next()?.parse().ok()?;
    let nonce = from_hex(parts.next()?)?.try_into().ok()?;
    let body = from_hex(parts.next()?)?;
    parts.next().is_none().then_some((id, nonce, body))
}

fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    rand::rngs::SysRng.try_fill_bytes(&mut bytes).map_err(|_| refused("draw randomness for"))?;
    Ok(bytes)
}

fn refused(action: &'static str) -> Error {
    Error::Unsupported { what: "sealed secret", reason: format!("could not {action} it") }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let nibble = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[high, low]| Some(nibble(*high)? << 4 | nibble(*low)?)).collect())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(ids: &[u32]) -> KeyRing {
        let lines: Vec<_> =
            ids.iter().map(|id| KeyRing::generate_line(*id).unwrap().expose().to_owned()).collect();
        KeyRing::parse(&lines.join("\n")).unwrap()
    }

    #[test]
    fn opens_only_in_its_place() {
        let keys = ring(&[1]);
        let sealed = keys.seal(&Secret::new("şifre"), "marketplace:7:token").unwrap();
        assert_eq!(keys.open(&sealed, "marketplace:7:token").unwrap().expose(), "şifre");
        assert!(keys.open(&sealed, "marketplace:8:token").is_err());
    }

    #[test]
    fn any_changed_character_is_refused() {
        let keys = ring(&[1]);
        let sealed = keys.seal(&Secret::new("token"), "row").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
            assert!(keys.open(&String::from_utf8(changed).unwrap(), "row").is_err(), "byte {at}");
        }
    }

    #[test]
    fn old_keys_open_after_rotation_and_the_newest_seals() {
        let text = format!("{}\n", KeyRing::generate_line(1).unwrap().expose());
        let old = KeyRing::parse(&text).unwrap();
        let sealed = old.seal(&Secret::new("a"), "row").unwrap();
        let both = format!("# rotated\n{text}{}", KeyRing::generate_line(2).unwrap().expose());
        let rotated = KeyRing::parse(&both).unwrap();
        assert_eq!(rotated.open(&sealed, "row").unwrap().expose(), "a");
        assert!(rotated.seal(&Secret::new("b"), "row").unwrap().starts_with("v1.2."));
        assert_eq!(rotated.newest(), Some(2));
    }

    #[test]
    fn malformed_key_files_are_refused_without_showing_them() {
        let error = KeyRing::parse("1:abc").unwrap_err();
        assert!(!format!("{error:?}").contains("abc"));
    }
}
