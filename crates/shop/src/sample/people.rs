//! Names and addresses of the sample's customers, from `people.txt`. Any likeness to living people is chance: first names,
//! surnames and streets are drawn apart.

use super::draw::Draw;
use meschain_base::{Error, Result};

const TEXT: &str = include_str!("people.txt");

/// Street names that exist in every town.
const STREETS: [&str; 10] = [
    "Atatürk Caddesi",
    "Cumhuriyet Caddesi",
    "İnönü Bulvarı",
    "Gül Sokak",
    "Lale Sokak",
    "Çınar Sokak",
    "Menekşe Sokak",
    "Zafer Caddesi",
    "Barış Sokak",
    "Yunus Emre Caddesi",
];

/// A city, its zone in OpenCart and its districts.
#[derive(Debug)]
pub(super) struct City {
    pub name: &'static str,
    pub zone_code: &'static str,
    share: f64,
    districts: Vec<&'static str>,
}

/// What persons are drawn from.
#[derive(Debug, Default)]
pub(super) struct Names {
    first: Vec<&'static str>,
    last: Vec<&'static str>,
    pub cities: Vec<City>,
    shares: Vec<f64>,
}

/// A person in a few bytes; the texts come from [`Names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Person {
    first: u8,
    last: u8,
    pub city: u8,
    district: u8,
    street: u8,
    house: u16,
    phone: u32,
}

impl Names {
    /// Reads the text that is compiled in.
    pub fn read() -> Result<Self> {
        let mut names = Self::default();
        for line in TEXT.lines().filter(|line| !line.starts_with('#')) {
            names.take(line).ok_or_else(|| Error::internal("sample people", line))?;
        }
        names.shares = names.cities.iter().map(|city| city.share).collect();
        Ok(names)
    }

    fn take(&mut self, line: &'static str) -> Option<()> {
        let (mark, rest) = line.split_once(' ')?;
        let list = |text: &'static str| text.split(',').map(str::trim).collect();
        match mark {
            "first" => self.first = list(rest),
            "last" => self.last = list(rest),
            "city" => {
                let mut fields = rest.split('|').map(str::trim);
                let (name, zone_code) = (fields.next()?, fields.next()?);
                let share = fields.next()?.parse().ok()?;
                self.cities.push(City { name, zone_code, share, districts: list(fields.next()?) });
            }
            _ => return None,
        }
        Some(())
    }

    /// Draws a person.
    pub fn person(&self, draw: &mut Draw) -> Person {
        let city = draw.weighted(&self.shares);
        let districts = self.cities.get(city).map_or(1, |city| city.districts.len());
        Person {
            first: draw.below(self.first.len()) as u8,
            last: draw.below(self.last.len()) as u8,
            city: city as u8,
            district: draw.below(districts) as u8,
            street: draw.below(STREETS.len()) as u8,
            house: draw.days(1, 180) as u16,
            phone: draw.below(10_000_000) as u32,
        }
    }

    /// First name.
    pub fn first(&self, person: &Person) -> &'static str {
        self.first.get(usize::from(person.first)).copied().unwrap_or("")
    }

    /// Surname.
    pub fn last(&self, person: &Person) -> &'static str {
        self.last.get(usize::from(person.last)).copied().unwrap_or("")
    }

    /// City.
    pub fn city(&self, person: &Person) -> Option<&City> {
        self.cities.get(usize::from(person.city))
    }

    /// Street and number.
    pub fn street(&self, person: &Person) -> String {
        format!("{} No: {}", STREETS.get(usize::from(person.street)).copied().unwrap_or(""), person.house)
    }

    /// District.
    pub fn district(&self, person: &Person) -> &'static str {
        let district = self.city(person).and_then(|city| city.districts.get(usize::from(person.district)));
        district.copied().unwrap_or("")
    }

    /// Telephone; 0500 is a prefix that no operator gives out.
    pub fn telephone(&self, person: &Person) -> String {
        format!("0500{:07}", person.phone)
    }

    /// An address of the reserved domain example.com, told apart by `number`.
    pub fn email(&self, person: &Person, number: usize) -> String {
        format!("{}.{}{number}@example.com", ascii(self.first(person)), ascii(self.last(person)))
    }
}

fn ascii(name: &str) -> String {
    let plain = |c: char| match c {
        'ç' | 'Ç' => 'c',
        'ğ' | 'Ğ' => 'g',
        'ı' | 'İ' => 'i',
        'ö' | 'Ö' => 'o',
        'ş' | 'Ş' => 's',
        'ü' | 'Ü' => 'u',
        c => c.to_ascii_lowercase(),
    };
    name.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_have_every_part_and_mail_to_nobody() {
        let names = Names::read().unwrap();
        assert!(names.first.len() <= 256 && names.last.len() <= 256 && names.cities.len() <= 256);
        let mut draw = Draw::new(1, 0);
        for number in 0..500 {
            let person = names.person(&mut draw);
            let mail = names.email(&person, number);
            assert!(mail.is_ascii() && mail.ends_with("@example.com"), "{mail}");
            assert!(!names.first(&person).is_empty() && !names.district(&person).is_empty());
            assert!(names.telephone(&person).len() == 11);
        }
    }
}
