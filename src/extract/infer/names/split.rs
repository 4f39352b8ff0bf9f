//! One name to steps through the tree: a separator and a part each, in which what looks variable is one byte.

use super::look::{Class, base64, classify, date, ipv6, period, time_of_day, uuid};

/// Parts of a name that are looked at; what comes after is `rest`.
pub const DEEPEST: usize = 24;

/// Separators that part names wherever they stand.
const STRONG: [u8; 5] = [b':', b'/', b'|', b'{', b'}'];
/// Separators that part a name which has no strong one, the first of these that it has.
const FALLBACK: [u8; 6] = [b'.', b'_', b'-', b'#', b' ', b','];

/// A name in steps. The buffers are used again for the next name.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    /// Keys of all steps, one after the other: the separator before the part (0 before the first), then its bytes.
    keys: Vec<u8>,
    steps: Vec<Step>,
    /// The values of variable places, as ranges of the name.
    values: Vec<(usize, usize)>,
}

/// One step: ranges of the buffers and of the name.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    key: (usize, usize),
    /// The part as it stands in the name.
    pub whole: (usize, usize),
    values: (usize, usize),
}

impl Steps {
    /// Reads a name of which at most `longest` bytes are looked at, in at most `deepest` parts. Returns what of it is text.
    pub fn read<'n>(&mut self, name: &'n [u8], longest: usize, deepest: usize) -> &'n str {
        self.keys.clear();
        self.steps.clear();
        self.values.clear();
        let seen = &name[..name.len().min(longest)];
        let text = match std::str::from_utf8(seen) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&seen[..error.valid_up_to()]).unwrap_or_default(),
        };
        let whole = text.len() == name.len();
        let bytes = text.as_bytes();
        let separators = separators(bytes);
        let (mut start, mut separator) = (0, 0u8);
        loop {
            let end = end_of_part(bytes, start, separators);
            let last = end == bytes.len();
            if (last && !whole) || (self.steps.len() + 1 >= deepest && !last) {
                self.step(separator, (start, bytes.len()), |keys, _| keys.push(Class::Rest as u8));
                return text;
            }
            self.part(separator, text, start, end);
            if last {
                return text;
            }
            separator = bytes[end];
            start = end + 1;
        }
    }

    /// The steps in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The key of a step.
    #[must_use]
    pub fn key(&self, step: Step) -> &[u8] {
        &self.keys[step.key.0..step.key.1]
    }

    /// The values at the variable places of a step.
    #[must_use]
    pub fn values(&self, step: Step) -> &[(usize, usize)] {
        &self.values[step.values.0..step.values.1]
    }

    fn step(
        &mut self,
        separator: u8,
        whole: (usize, usize),
        fill: impl FnOnce(&mut Vec<u8>, &mut Vec<(usize, usize)>),
    ) {
        let (key, values) = (self.keys.len(), self.values.len());
        self.keys.push(separator);
        fill(&mut self.keys, &mut self.values);
        self.steps.push(Step { key: (key, self.keys.len()), whole, values: (values, self.values.len()) });
    }

    fn part(&mut self, separator: u8, text: &str, start: usize, end: usize) {
        self.step(separator, (start, end), |keys, values| {
            let part = &text[start..end];
            if let Some(class) = classify(part).filter(|class| *class != Class::Opaque || !holds_uuid(part.as_bytes()))
            {
                keys.push(class as u8);
                return;
            }
            template(part.as_bytes(), text, start, keys, values);
        });
    }
}

/// Which separators part this name.
fn separators(bytes: &[u8]) -> [bool; 128] {
    let mut set = [false; 128];
    let mut strong = false;
    for byte in bytes {
        // No word has a control character in it, and some libraries part names with one. That of zero stands for none.
        if STRONG.contains(byte) || (byte.is_ascii_control() && *byte != 0) {
            set[usize::from(*byte)] = true;
            strong |= !matches!(byte, b'{' | b'}') && !byte.is_ascii_control();
        }
    }
    if !strong && let Some(fallback) = FALLBACK.iter().find(|byte| bytes.contains(byte)) {
        set[usize::from(*fallback)] = true;
    }
    set
}

/// Where the part that starts here ends. UUIDs, dates and times hold separators without being parted by them.
fn end_of_part(bytes: &[u8], start: usize, separators: [bool; 128]) -> usize {
    let mut at = start;
    let separates = |byte: &u8| separators.get(usize::from(*byte)).copied().unwrap_or(false);
    if separates(&b'/') && (start == 0 || bytes[start - 1] != b'/') {
        let length = base64(&bytes[start..]);
        if length > 0 && bytes.get(start + length).is_none_or(separates) {
            return start + length;
        }
    }
    while at < bytes.len() {
        let fresh = at == start || !bytes[at - 1].is_ascii_alphanumeric();
        if fresh && let Some((length, class)) = solid(&bytes[at..]) {
            at += length;
            // An address ends its part: it is of `:` itself.
            if class == Class::Ip && bytes.get(at).is_none_or(separates) {
                return at;
            }
            // What follows a UUID is a part of its own, whatever parts it.
            if class == Class::Uuid && bytes.get(at).is_some_and(|byte| FALLBACK.contains(byte)) && at + 1 < bytes.len()
            {
                return at;
            }
            continue;
        }
        if separates(&bytes[at]) {
            return at;
        }
        at += 1;
    }
    at
}

/// Is there a UUID among other things? Then what is around it is a word, however mixed the whole looks.
fn holds_uuid(part: &[u8]) -> bool {
    let starts = |at: usize| at == 0 || !part[at - 1].is_ascii_alphanumeric();
    let ends = |at: usize| part.get(at).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    (0..part.len().saturating_sub(35)).any(|at| starts(at) && ends(at + 36) && uuid(&part[at..at + 36]))
}

/// A UUID, an address of IPv6, a date or a date with a time at the start of these bytes, not followed by a letter or digit.
fn solid(bytes: &[u8]) -> Option<(usize, Class)> {
    let address = ipv6(bytes);
    if address > 0 {
        return Some((address, Class::Ip));
    }
    if !bytes.first()?.is_ascii_hexdigit() {
        return None;
    }
    let ends = |length: usize| bytes.get(length).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    if bytes.len() >= 36 && uuid(&bytes[..36]) && ends(36) {
        return Some((36, Class::Uuid));
    }
    if bytes.len() >= 10 && date(&bytes[..10]) {
        let time = time_of_day(&bytes[10..]);
        if time > 0 && ends(10 + time) {
            return Some((10 + time, Class::Time));
        }
        return ends(10).then_some((10, Class::Date));
    }
    let length = period(bytes);
    (length > 0 && ends(length)).then_some((length, Class::Period))
}

/// A part that is not of one class as a whole: what lies between its inner separators may be.
fn template(part: &[u8], text: &str, offset: usize, keys: &mut Vec<u8>, values: &mut Vec<(usize, usize)>) {
    let inner = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
    let mut at = 0;
    let mut last_number: Option<usize> = None;
    while at < part.len() {
        if inner(&part[at]) {
            keys.push(part[at]);
            at += 1;
            continue;
        }
        if let Some((length, class)) = solid(&part[at..]) {
            values.push((offset + at, offset + at + length));
            keys.push(class as u8);
            at += length;
            continue;
        }
        let end = part[at..].iter().position(inner).map_or(part.len(), |length| at + length);
        let Some(class) = classify(&text[offset + at..offset + end]) else {
            keys.extend_from_slice(&part[at..end]);
            at = end;
            continue;
        };
        let number = matches!(class, Class::Integer | Class::Digits);
        // Short numbers in a row, as in 2026.11.28 or 1.5, are one value: which of them has a leading zero is chance.
        let number = number && end - at <= 4;
        if number && at > 0 && last_number == Some(at - 1) && matches!(part[at - 1], b'.' | b'-' | b'_') {
            keys.truncate(keys.len() - 2);
            keys.push(Class::Digits as u8);
            if let Some(value) = values.last_mut() {
                value.1 = offset + end;
            }
        } else {
            values.push((offset + at, offset + end));
            keys.push(class as u8);
        }
        last_number = number.then_some(end);
        at = end;
    }
}
