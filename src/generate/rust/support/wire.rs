//! The commands of a batch: gathered, then sent in one round trip, as one transaction, or slot by slot. It knows commands
//! as words; what they mean is the business of the generated methods.

use std::collections::BTreeMap;

use redis::aio::ConnectionLike;
use redis::{Arg, Cmd, Pipeline, RedisError, Value};

use super::slots::slot_of;

/// Commands that wait to be sent.
#[derive(Debug)]
pub struct Commands {
    pipeline: Pipeline,
    /// For each command, which of its words is the key.
    key_words: Vec<u8>,
}

impl Default for Commands {
    fn default() -> Self {
        Self::new()
    }
}

impl Commands {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self { pipeline: Pipeline::new(), key_words: Vec::new() }
    }

    /// Starts a command of about so many words and bytes; its words follow with `arg`. `key_word` is the index of the
    /// word that decides the slot.
    pub fn start(&mut self, key_word: u8, words: usize, bytes: usize) -> &mut Pipeline {
        self.key_words.push(key_word);
        self.pipeline.add_command(Cmd::with_capacity(words, bytes))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.key_words.len()
    }

    /// Is there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.key_words.is_empty()
    }

    /// Drops them; memory is kept for the next ones.
    pub fn clear(&mut self) {
        self.pipeline.clear();
        self.key_words.clear();
    }

    /// The words of each.
    pub fn iter(&self) -> impl Iterator<Item = Vec<&[u8]>> {
        self.pipeline.cmd_iter().map(|command| {
            let words = command.args_iter().map(|word| match word {
                Arg::Simple(bytes) => bytes,
                _ => &b"0"[..],
            });
            words.collect()
        })
    }

    /// Sends them in one round trip, and drops them when all were answered well.
    ///
    /// # Errors
    /// When the connection fails, or the server refuses one; they stay then.
    pub async fn execute(&mut self, conn: &mut impl ConnectionLike) -> Result<Vec<Value>, RedisError> {
        if self.pipeline.is_transaction() {
            let mut pipeline = Pipeline::with_capacity(self.len());
            for command in self.pipeline.cmd_iter() {
                pipeline.add_command(command.clone());
            }
            self.pipeline = pipeline;
        }
        self.send(conn).await
    }

    /// Sends them as one transaction (MULTI, EXEC), and drops them when all were answered well.
    ///
    /// # Errors
    /// As for `execute`.
    pub async fn execute_atomic(&mut self, conn: &mut impl ConnectionLike) -> Result<Vec<Value>, RedisError> {
        self.pipeline.atomic();
        self.send(conn).await
    }

    /// Sends them to a cluster: one round trip per slot, so that no pipeline crosses slots. The answers are in the order
    /// of the commands. Drops them when all were answered well.
    ///
    /// # Errors
    /// As for `execute`; commands of other slots may have been done.
    pub async fn execute_by_slot(&mut self, conn: &mut impl ConnectionLike) -> Result<Vec<Value>, RedisError> {
        let groups = self.by_slot();
        if groups.len() <= 1 {
            return self.execute(conn).await;
        }
        let mut answers = vec![Value::Nil; self.len()];
        for (places, pipeline) in groups.into_values() {
            let group: Vec<Value> = pipeline.query_async(conn).await?;
            for (place, answer) in places.into_iter().zip(group) {
                if let Some(slot) = answers.get_mut(place) {
                    *slot = answer;
                }
            }
        }
        self.clear();
        Ok(answers)
    }

    async fn send(&mut self, conn: &mut impl ConnectionLike) -> Result<Vec<Value>, RedisError> {
        if self.is_empty() {
            return Ok(Vec::new());
        }
        let answers = self.pipeline.query_async(conn).await?;
        self.clear();
        Ok(answers)
    }

    fn by_slot(&self) -> BTreeMap<u16, (Vec<usize>, Pipeline)> {
        let mut groups: BTreeMap<u16, (Vec<usize>, Pipeline)> = BTreeMap::new();
        for (place, (command, key_word)) in self.pipeline.cmd_iter().zip(&self.key_words).enumerate() {
            let slot = match command.args_iter().nth(usize::from(*key_word)) {
                Some(Arg::Simple(key)) => slot_of(key),
                _ => 0,
            };
            let (places, pipeline) = groups.entry(slot).or_default();
            places.push(place);
            pipeline.add_command(command.clone());
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Commands {
        let mut commands = Commands::new();
        commands.start(1, 3, 10).arg("SET").arg("foo").arg("1");
        commands.start(2, 5, 30).arg("XGROUP").arg("CREATE").arg("{bar}:s").arg("g").arg("$");
        commands.start(1, 3, 10).arg("SET").arg("a{foo}").arg("2");
        commands
    }

    #[test]
    fn commands_of_one_slot_go_together_in_order() {
        let commands = filled();
        let groups = commands.by_slot();
        let places: Vec<&[usize]> = groups.values().map(|(places, _)| places.as_slice()).collect();
        assert_eq!(places, [&[1][..], &[0, 2][..]]);
        assert_eq!(groups.keys().copied().collect::<Vec<_>>(), [slot_of(b"bar"), slot_of(b"foo")]);
    }

    #[test]
    fn clearing_leaves_nothing() {
        let mut commands = filled();
        assert_eq!(commands.len(), 3);
        assert_eq!(commands.iter().next().unwrap(), [&b"SET"[..], b"foo", b"1"]);
        commands.clear();
        assert!(commands.is_empty() && commands.iter().next().is_none());
    }
}
