//! CLIENT LIST as a table: who is behind an address of MONITOR.
//!
//! In: the text of one list or of several. Out: name, user and number by address. Clients of a Unix socket share their
//! address; they are someone only as far as all of them are the same.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Result, bail};

/// How keywire's own connections are named; see `server::connect::client_setup`.
pub(super) const OWN_NAME: &str = "keywire";

/// A client of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// The server's number of the connection, unique while the server runs.
    pub id: Option<u64>,
    pub name: Option<String>,
    pub user: Option<String>,
}

/// Clients by the addresses at which MONITOR shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientTable {
    by_address: HashMap<String, Row>,
    /// Clients of Unix sockets: those of each path, by number.
    by_path: HashMap<String, BTreeMap<u64, Row>>,
}

impl ClientTable {
    /// Reads what CLIENT LIST answers. Several lists one after the other are merged, and the later wins. Lines without
    /// an `addr=` are passed over, such as prompts, dates and replies between lists.
    ///
    /// # Errors
    /// When there is text, and no client in it.
    pub fn parse(text: &[u8]) -> Result<Self> {
        let text = String::from_utf8_lossy(text);
        let mut table = Self::default();
        let mut first = None;
        for (index, line) in text.lines().enumerate() {
            if !table.add(line) && first.is_none() && !line.trim().is_empty() {
                first = Some(index + 1);
            }
        }
        if let Some(line) = first.filter(|_| table.is_empty()) {
            bail!(
                "line {line}: it has no `addr=`, and no other line has: this is no CLIENT LIST; write one with \
                 `redis-cli CLIENT LIST > FILE` while the clients are connected"
            );
        }
        Ok(table)
    }

    /// How many clients it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_address.len() + self.by_path.values().map(BTreeMap::len).sum::<usize>()
    }

    /// Has it none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Who is at an address; for one that is shared, what its clients other than keywire have in common.
    pub(super) fn find(&self, address: &str) -> Option<Row> {
        let Some(path) = address.strip_prefix("unix:") else { return self.by_address.get(address).cloned() };
        let clients = self.by_path.get(path)?;
        let mut others = clients.values().filter(|row| row.name.as_deref() != Some(OWN_NAME));
        let Some(first) = others.next() else { return Some(Row::default()) };
        let (mut name, mut user) = (first.name.clone(), first.user.clone());
        for row in others {
            name = name.filter(|name| row.name.as_ref() == Some(name));
            user = user.filter(|user| row.user.as_ref() == Some(user));
        }
        Some(Row { id: None, name, user })
    }

    fn add(&mut self, line: &str) -> bool {
        let line = format!(" {}", line.trim());
        let Some(address) = address(&line) else { return false };
        let value = |key: &str| -> Option<String> {
            let (_, rest) = line.rsplit_once(key)?;
            let value = rest.split(' ').next().unwrap_or_default();
            (!value.is_empty()).then(|| value.to_owned())
        };
        let row =
            Row { id: value(" id=").and_then(|id| id.parse().ok()), name: value(" name="), user: value(" user=") };
        let is_unix = value(" flags=").is_some_and(|flags| flags.contains('U'));
        match path(address).filter(|path| is_unix || path.starts_with('/')) {
            Some(path) => {
                let clients = self.by_path.entry(path.to_owned()).or_default();
                let number = row.id.unwrap_or(clients.len() as u64);
                clients.insert(number, row);
            }
            None => {
                self.by_address.insert(address.to_owned(), row);
            }
        }
        true
    }
}

/// What follows `addr=`. A path may hold spaces, so it goes on until the field that comes next in all versions.
fn address(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(" addr=")?;
    let ends = [" laddr=", " fd="].into_iter().filter_map(|key| rest.find(key));
    let end = ends.min().or_else(|| rest.find(' ')).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|address| !address.is_empty())
}

/// The path of `/path:0`, or as Valkey writes it, which takes a path for IPv6, `[/path:0]:0`.
fn path(address: &str) -> Option<&str> {
    let inside = address.strip_prefix('[').and_then(|it| it.strip_suffix("]:0")).unwrap_or(address);
    inside.strip_suffix(":0")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "\
id=3 addr=127.0.0.1:50312 laddr=127.0.0.1:6379 fd=7 name=spot age=3 idle=0 flags=N db=0 user=app redir=-1 resp=2 lib-name=redis-py lib-ver=5\r
id=4 addr=[::1]:50313 laddr=[::1]:6379 fd=8 name= age=3 idle=0 flags=N db=0 user=default
";

    fn who(table: &ClientTable, address: &str) -> Option<(Option<String>, Option<String>)> {
        table.find(address).map(|row| (row.name, row.user))
    }

    fn named(name: &str, user: &str) -> Option<(Option<String>, Option<String>)> {
        let word = |word: &str| Some(word.to_owned()).filter(|word| !word.is_empty());
        Some((word(name), word(user)))
    }

    #[test]
    fn clients_are_found_by_address_and_the_later_list_wins() {
        let later =
            format!("{LIST}\n127.0.0.1:6379> client list\nid=9 addr=127.0.0.1:50312 fd=7 name=new user=other\n");
        let table = ClientTable::parse(later.as_bytes()).unwrap();
        assert_eq!(table.len(), 2);
        assert_eq!(who(&table, "127.0.0.1:50312"), named("new", "other"));
        assert_eq!(table.find("127.0.0.1:50312").unwrap().id, Some(9));
        assert_eq!(who(&table, "[::1]:50313"), named("", "default"));
        assert_eq!(who(&table, "127.0.0.1:1"), None);
        let first = ClientTable::parse(LIST.as_bytes()).unwrap();
        assert_eq!(who(&first, "127.0.0.1:50312"), named("spot", "app"));
        // Versions before 6.0 know no users, those before 6.2 no laddr.
        let old = ClientTable::parse(b"id=1 addr=10.0.0.1:5 fd=7 name=old age=3").unwrap();
        assert_eq!(who(&old, "10.0.0.1:5"), named("old", ""));
    }

    #[test]
    fn clients_of_a_socket_are_who_all_of_them_are() {
        let unix = |rows: &[(&str, &str)], address: &str| {
            let mut text = String::new();
            for (id, (name, user)) in rows.iter().enumerate() {
                text += &format!("id={id} addr={address} laddr={address} fd=7 name={name} flags=U db=0 user={user}\n");
            }
            who(&ClientTable::parse(text.as_bytes()).unwrap(), "unix:/run/my s/a=b")
        };
        for address in ["/run/my s/a=b:0", "[/run/my s/a=b:0]:0"] {
            assert_eq!(unix(&[("spot", "app"), ("spot", "app")], address), named("spot", "app"));
            assert_eq!(unix(&[("spot", "app"), ("keywire", "admin")], address), named("spot", "app"));
            assert_eq!(unix(&[("spot", "app"), ("chain", "app")], address), named("", "app"));
            assert_eq!(unix(&[("spot", "app"), ("", "app")], address), named("", "app"));
            assert_eq!(unix(&[("keywire", "app")], address), named("", ""));
        }
        assert_eq!(unix(&[("spot", "app")], "/run/other:0"), None);
        let relative = ClientTable::parse(b"id=1 addr=my.sock:0 fd=7 name=a flags=U user=b").unwrap();
        assert_eq!(who(&relative, "unix:my.sock"), named("a", "b"));
    }

    #[test]
    fn what_is_no_list_is_an_error() {
        assert!(ClientTable::parse(b"").unwrap().is_empty());
        let error = ClientTable::parse(b"\n\nwrong file\n").unwrap_err().to_string();
        assert!(error.contains("line 3") && error.contains("CLIENT LIST"), "{error}");
        assert!(ClientTable::parse(b"addr= fd=3\xff").is_err());
    }
}
