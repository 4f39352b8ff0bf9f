//! A tree of Python files as that of a company with many services: their own settings, models, views and helpers, a few files that
//! speak Redis through wrappers, packages that all share, and the same names of classes and functions in each of them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Files of one service.
const FILES: usize = 50;
const NOUNS: &[&str] = &[
    "order", "user", "invoice", "cart", "session", "ticket", "report", "payment", "offer", "price", "device", "event",
    "message", "address", "account", "quote", "shipment", "coupon", "review", "profile",
];
const FIELDS: &[&str] = &[
    "id",
    "name",
    "status",
    "created_at",
    "updated_at",
    "owner",
    "amount",
    "currency",
    "country",
    "kind",
    "note",
    "version",
];

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn of(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }
}

/// Writes the tree, and tells its files.
pub fn write(folder: &Path, files: usize) -> Vec<PathBuf> {
    let mut chance = Chance(11);
    let mut paths = Vec::with_capacity(files);
    let mut put = |name: String, text: String| {
        if paths.len() < files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
            paths.push(path);
        }
    };
    put("common/__init__.py".to_owned(), String::new());
    put("common/cache.py".to_owned(), CACHE.to_owned());
    put("common/retry.py".to_owned(), RETRY.to_owned());
    let mut service = 0;
    let mut left = files.saturating_sub(3);
    while left > 0 {
        let noun = NOUNS[service % NOUNS.len()];
        let name = format!("services/{noun}_{service}");
        put(format!("{name}/app/__init__.py"), String::new());
        put(format!("{name}/app/settings.py"), settings(service));
        put(format!("{name}/app/keys.py"), keys(noun, service));
        put(format!("{name}/app/clients.py"), CLIENTS.to_owned());
        put(format!("{name}/app/repository.py"), repository(noun));
        put(format!("{name}/app/main.py"), start(noun));
        let plain = FILES - 6;
        for at in 0..plain {
            let other = chance.of(NOUNS);
            let text = match at % 8 {
                0 => models(&mut chance),
                1 => handlers(&mut chance, other, at),
                7 => tests(&mut chance, other),
                _ => helpers(&mut chance, other),
            };
            let kind = ["models", "handlers", "helpers", "tasks", "views", "utils", "forms", "tests"][at % 8];
            let kind = if kind == "tests" { "tests/test" } else { kind };
            put(format!("{name}/app/{kind}_{at}.py"), text);
        }
        left = left.saturating_sub(FILES);
        service += 1;
    }
    paths
}

const CACHE: &str = r#"import json
import redis

class Cache:
    """What all services put into Redis goes through here."""

    def __init__(self, client, prefix, ttl=300):
        self._client = client
        self.prefix = prefix
        self.ttl = ttl

    @classmethod
    def from_url(cls, url, prefix, ttl=300):
        return cls(redis.Redis.from_url(url), prefix, ttl)

    def _key(self, name):
        return f"{self.prefix}:{name}"

    def get(self, name, default=None):
        raw = self._client.get(self._key(name))
        return json.loads(raw) if raw else default

    def set(self, name, value, ttl=None):
        self._client.set(self._key(name), json.dumps(value), ex=ttl or self.ttl)

    def delete(self, name):
        self._client.delete(self._key(name))

    def get_or_set(self, name, make):
        value = self.get(name)
        if value is None:
            value = make()
            self.set(name, value)
        return value
"#;

const RETRY: &str = r#"import functools
import logging
import time

log = logging.getLogger(__name__)


def retry(times=3, delay=0.1, errors=(OSError,)):
    def wrap(function):
        @functools.wraps(function)
        def run(*args, **kwargs):
            for turn in range(times):
                try:
                    return function(*args, **kwargs)
                except errors as error:
                    log.warning("turn %s of %s: %s", turn, function.__name__, error)
                    time.sleep(delay * 2**turn)
            return function(*args, **kwargs)
        return run
    return wrap


def chunks(items, size):
    for start in range(0, len(items), size):
        yield items[start:start + size]


def get(data, path, default=None):
    for part in path.split("."):
        data = data.get(part, {})
    return data or default
"#;

const CLIENTS: &str = r#"import redis

from common.cache import Cache
from . import keys
from .settings import settings

_client = None


def get_client():
    global _client
    if _client is None:
        _client = redis.Redis.from_url(settings.redis_url, decode_responses=True)
    return _client


def get_cache():
    return Cache(get_client(), keys.PREFIX, ttl=settings.ttl)
"#;

fn settings(service: usize) -> String {
    format!(
        r#"import os
from dataclasses import dataclass


@dataclass
class Settings:
    redis_url: str = os.getenv("REDIS_URL", "redis://localhost:6379/0")
    name: str = "service-{service}"
    ttl: int = {ttl}
    page_size: int = 50
    debug: bool = False

    def update(self, data):
        for name, value in data.items():
            setattr(self, name, value)
        return self


settings = Settings()


def get(name, default=None):
    return getattr(settings, name, default)
"#,
        ttl = 60 + service % 7 * 30
    )
}

fn keys(noun: &str, service: usize) -> String {
    format!(
        r#""""Names of all keys of the service."""

PREFIX = "{noun}-{service}"
LATEST = PREFIX + ":latest"
COUNTER = f"{{PREFIX}}:counter"
QUEUE = "{{prefix}}:queue".format(prefix=PREFIX)
UPDATES = PREFIX + ":updates"


def {noun}_key(number):
    return f"{{PREFIX}}:{noun}:{{number}}"


def lock_key(kind, number):
    return "%s:lock:%s:%s" % (PREFIX, kind, number)


def build(*parts):
    return ":".join([PREFIX, *parts])
"#
    )
}

fn repository(noun: &str) -> String {
    let class = capital(noun);
    format!(
        r#"import json
import logging

from common.retry import chunks, retry
from . import keys
from .clients import get_cache, get_client
from .settings import settings

log = logging.getLogger(__name__)


class Repository:
    def __init__(self, client):
        self.client = client

    def get(self, key):
        return self.client.get(key)

    def set(self, key, value, ttl=None):
        self.client.set(key, value, ex=ttl)

    def delete(self, key):
        self.client.delete(key)


class {class}Repository(Repository):
    def __init__(self, client=None, cache=None):
        super().__init__(client or get_client())
        self.cache = cache or get_cache()

    @retry(times=3)
    def load(self, number):
        raw = self.get(keys.{noun}_key(number))
        return json.loads(raw) if raw else None

    def save(self, number, data):
        self.set(keys.{noun}_key(number), json.dumps(data), ttl=settings.ttl)
        self.client.publish(keys.UPDATES, number)
        self.client.incr(keys.COUNTER)

    def save_all(self, items):
        for part in chunks(items, settings.page_size):
            pipe = self.client.pipeline()
            for item in part:
                pipe.hset(keys.build("all", item["id"]), mapping=item)
                pipe.zadd(keys.LATEST, {{item["id"]: item["created_at"]}})
            pipe.execute()

    def push(self, item):
        self.client.lpush(keys.QUEUE, json.dumps(item))

    def lock(self, kind, number):
        return self.client.set(keys.lock_key(kind, number), "1", nx=True, ex=30)

    def summary(self, number):
        return self.cache.get_or_set(f"summary:{{number}}", lambda: self.load(number))
"#
    )
}

fn start(noun: &str) -> String {
    let class = capital(noun);
    format!(
        r#"import logging

from .clients import get_client
from .handlers_1 import Handler
from .repository import {class}Repository
from .settings import settings


class App:
    def __init__(self, repository, handlers):
        self.repository = repository
        self.handlers = handlers

    def run(self, data):
        for handler in self.handlers:
            handler.process(data)
        return self.repository.save(data["id"], data)

    def get(self, number):
        return self.repository.load(number)


def create_app():
    repository = {class}Repository(get_client())
    return App(repository, [Handler(repository, settings)])


def main():
    logging.basicConfig(level=logging.INFO)
    create_app().run({{"id": 1}})


if __name__ == "__main__":
    main()
"#
    )
}

fn models(chance: &mut Chance) -> String {
    let mut text = String::from("from dataclasses import dataclass, field\nfrom typing import Optional\n\n");
    for _ in 0..5 {
        let class = capital(chance.of(NOUNS));
        let (a, b) = (chance.of(FIELDS), chance.of(FIELDS));
        write!(
            text,
            r#"
@dataclass
class {class}:
    id: int
    name: str = ""
    status: Optional[str] = None
    tags: list = field(default_factory=list)

    @classmethod
    def from_dict(cls, data):
        item = cls(data["id"], data.get("name", ""))
        item.update(data)
        return item

    def update(self, data):
        self.{a} = data.get("{a}")
        self.{b} = data.get("{b}", self.{a})
        self.tags.extend(data.get("tags", []))

    def to_dict(self):
        result = {{"id": self.id, "name": self.name}}
        result["{a}"] = self.{a}
        if self.status is not None:
            result["status"] = self.status.lower()
        return {{name: value for name, value in result.items() if value is not None}}

    def get(self, name, default=None):
        return self.to_dict().get(name, default)

    @property
    def label(self):
        return "%s (%s)" % (self.name, self.id)

    def __str__(self):
        return self.label
"#
        )
        .unwrap();
    }
    text
}

fn handlers(chance: &mut Chance, noun: &str, at: usize) -> String {
    let mut text = format!(
        r#"import json
import logging

from common.retry import get, retry
from . import models_{models}
from .helpers_{helpers} import build, normalise, process
from .settings import settings

log = logging.getLogger(__name__)


class Handler:
    def __init__(self, repository, config=settings, {noun}=None):
        self.repository = repository
        self.config = config
        self.{noun} = {noun}
        self.items = {{}}

    def process(self, data, context=None):
        number = data.get("id")
        known = self.items.get(number)
        if known and known.get("version") == data.get("version"):
            return known
        self.items[number] = normalise(data)
        return self.update(number, data)

    def update(self, number, data):
        current = self.repository.load(number) or {{}}
        current.update(process(data, current))
        self.repository.save(number, current)
        return build(current.get("kind"), number)

    def get(self, number, default=None):
        return self.items.get(number, default)

    def delete(self, number):
        self.items.pop(number, None)
"#,
        models = at - 1,
        helpers = at + 1,
    );
    for turn in 0..6 {
        let (other, field, more) = (chance.of(NOUNS), chance.of(FIELDS), chance.of(FIELDS));
        write!(
            text,
            r#"
    @retry(times=2)
    def on_{other}_{turn}(self, request):
        body = json.loads(request.body)
        {field} = get(body, "{field}.{more}", default=body.get("{more}"))
        if not {field}:
            log.info("nothing for %s in %s", "{field}", body)
            return {{"error": "no {field}"}}
        result = self.process({{"id": body["id"], "{field}": {field}}}, context=request)
        return {{"ok": True, "result": result, "{more}": self.get(body["id"])}}
"#
        )
        .unwrap();
    }
    text
}

#[allow(clippy::too_many_lines, reason = "most of it is the text of a file")]
fn helpers(chance: &mut Chance, noun: &str) -> String {
    let mut text = format!(
        r#"import datetime
import hashlib
import logging

from common import retry
from .settings import get as setting

log = logging.getLogger(__name__)
LIMIT = {limit}
SEPARATOR = ":"


def build(kind, *parts):
    return SEPARATOR.join([kind or "{noun}", *map(str, parts)])


def normalise(data):
    return {{name.strip().lower(): value for name, value in data.items()}}


def process(data, context=None):
    result = dict(context or {{}})
    for name, value in normalise(data).items():
        result[name] = convert(value, result.get(name))
    return result


def convert(value, before=None):
    if isinstance(value, str):
        return value.strip()
    return value if value is not None else before


def digest(*parts):
    return hashlib.sha256(build("{noun}", *parts).encode()).hexdigest()[:LIMIT]


class Helper:
    def __init__(self, client, name="{noun}"):
        self.client = client
        self.name = name
        self.seen = set()

    def get(self, key, default=None):
        return self.client.get(build(self.name, key), default)

    def set(self, key, value):
        self.seen.add(key)
        self.client.set(build(self.name, key), value)

    def run(self, items):
        return [process(item, self.get(item.get("id"))) for item in items]


def create(client):
    return Helper(client, setting("name", "{noun}"))
"#,
        limit = chance.below(40) + 8
    );
    for turn in 0..14 {
        let (name, field, more) = (chance.of(NOUNS), chance.of(FIELDS), chance.of(FIELDS));
        write!(
            text,
            r#"

def update_{name}(items, {field}=None, limit=LIMIT):
    found = []
    for item in items:
        if item.get("{field}") != {field} or len(found) > limit:
            continue
        when = datetime.datetime.fromtimestamp(item["created_at"])
        row = process({{"{more}": item.get("{more}"), "turn": {turn}, "when": when.isoformat()}})
        row["key"] = build("{name}", row.get("{more}"), {field})
        found.append(row)
    log.debug("%s of %s", len(found), "{name}")
    return sorted(found, key=lambda row: row["key"])
"#
        )
        .unwrap();
    }
    text
}

fn tests(chance: &mut Chance, noun: &str) -> String {
    let class = capital(noun);
    let mut text = String::from(
        "from unittest.mock import Mock\n\nfrom app.handlers_1 import Handler\nfrom app.helpers_2 import Helper, build, process\n\n",
    );
    for turn in 0..16 {
        let (name, field) = (chance.of(NOUNS), chance.of(FIELDS));
        write!(
            text,
            r#"
class Test{class}{turn}:
    def setup_method(self):
        self.client = Mock()
        self.handler = Handler(self.client)

    def test_{name}(self):
        self.client.get.return_value = None
        result = self.handler.process({{"id": {turn}, "{field}": "{name}"}})
        assert result == build("{noun}", {turn})
        assert self.handler.get({turn}).get("{field}") == "{name}"

    def test_helper(self):
        helper = Helper(self.client, "{name}")
        helper.set("{field}", process({{"a": 1}}))
        self.client.set.assert_called_once()
"#
        )
        .unwrap();
    }
    text
}

fn capital(word: &str) -> String {
    word.chars().take(1).map(|c| c.to_ascii_uppercase()).chain(word.chars().skip(1)).collect()
}
