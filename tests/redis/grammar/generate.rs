//! Well-formed calls from a command's argument tree: each option on or off, repetitions, counts that are right.
//!
//! Written from the documentation's rules alone, so that it is a second opinion on the parser's.

use keywire::server::commands::{Argument, ArgumentKind, Command};

/// A source of chance that gives the same each time.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 33) % u64::try_from(sides).unwrap()).unwrap()
    }
}

/// How much of what may be left out is there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Options {
    None,
    All,
    Some,
}

/// Makes calls of one command after another.
pub struct Generator {
    pub dice: Dice,
    options: Options,
    names: usize,
}

/// A well-formed call of the command.
pub fn call(command: &Command, seed: u64) -> Vec<String> {
    let options = match seed {
        0 => Options::None,
        1 => Options::All,
        _ => Options::Some,
    };
    let mut generator = Generator { dice: Dice::new(seed + 1), options, names: 0 };
    let mut words: Vec<String> = command.name.split(' ').map(str::to_owned).collect();
    generator.list(&command.arguments, &mut words);
    words
}

fn begins_with_token(argument: &Argument) -> bool {
    argument.token.is_some()
        || (argument.kind == ArgumentKind::OneOf && argument.arguments.iter().all(begins_with_token))
}

fn is_count(argument: &Argument, next: Option<&Argument>) -> bool {
    argument.kind == ArgumentKind::Integer && argument.name.starts_with("num") && next.is_some_and(|next| next.multiple)
}

impl Generator {
    fn list(&mut self, list: &[Argument], words: &mut Vec<String>) {
        let mut index = 0;
        while let Some(argument) = list.get(index) {
            let next = list.get(index + 1);
            if is_count(argument, next) {
                let next = next.unwrap();
                let count = if next.optional { self.dice.roll(4) } else { 1 + self.dice.roll(3) };
                words.extend(argument.token.clone());
                words.push(count.to_string());
                self.repeat(next, count, words);
                index += 2;
            } else if argument.kind == ArgumentKind::Key && argument.multiple && next.is_some_and(|next| next.multiple)
            {
                // As many ids as keys: XREAD.
                let count = 1 + self.dice.roll(3);
                self.repeat(argument, count, words);
                self.repeat(next.unwrap(), count, words);
                index += 2;
            } else if argument.optional && begins_with_token(argument) {
                let end = list[index..].iter().take_while(|next| next.optional && begins_with_token(next)).count();
                self.in_any_order(&list[index..index + end], words);
                index += end;
            } else {
                self.whole(argument, words);
                index += 1;
            }
        }
    }

    fn in_any_order(&mut self, options: &[Argument], words: &mut Vec<String>) {
        let mut parts: Vec<Vec<String>> = Vec::new();
        for option in options {
            let mut part = Vec::new();
            self.whole(option, &mut part);
            let place = if self.options == Options::Some { self.dice.roll(parts.len() + 1) } else { parts.len() };
            parts.insert(place, part);
        }
        words.extend(parts.concat());
    }

    fn whole(&mut self, argument: &Argument, words: &mut Vec<String>) {
        let left_out = match self.options {
            Options::None => true,
            Options::All => false,
            Options::Some => self.dice.roll(2) == 0,
        };
        if argument.optional && left_out {
            return;
        }
        let count = if argument.multiple { 1 + self.dice.roll(3) } else { 1 };
        if argument.kind != ArgumentKind::PureToken {
            words.extend(argument.token.clone());
        }
        if argument.multiple_token {
            for nth in 0..count {
                if nth > 0 {
                    words.extend(argument.token.clone());
                }
                self.value(argument, words);
            }
        } else {
            self.repeat(argument, count, words);
        }
    }

    fn repeat(&mut self, argument: &Argument, count: usize, words: &mut Vec<String>) {
        for _ in 0..count {
            self.value(argument, words);
        }
    }

    fn value(&mut self, argument: &Argument, words: &mut Vec<String>) {
        self.names += 1;
        match argument.kind {
            ArgumentKind::Block => self.list(&argument.arguments, words),
            ArgumentKind::OneOf => {
                let choice = self.dice.roll(argument.arguments.len());
                // An alternative is there, whatever it says of itself.
                let chosen = Argument { optional: false, ..argument.arguments[choice].clone() };
                self.whole(&chosen, words);
            }
            ArgumentKind::PureToken => {
                let token = argument.token.clone().unwrap();
                words.push(if self.dice.roll(2) == 0 { token } else { token.to_lowercase() });
            }
            ArgumentKind::Key => words.push(format!("key{}", self.names)),
            ArgumentKind::Pattern => words.push(format!("pattern{}_*", self.names)),
            ArgumentKind::Double => words.push(format!("{}.5", 1 + self.dice.roll(9))),
            ArgumentKind::UnixTime => words.push("99999999999".to_owned()),
            ArgumentKind::String if argument.name == "encoding" => words.push("u8".to_owned()),
            // Numbers will do as ids, limits and names.
            ArgumentKind::String | ArgumentKind::Integer => words.push((1 + self.dice.roll(9)).to_string()),
        }
    }
}
