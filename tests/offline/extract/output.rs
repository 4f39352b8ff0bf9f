//! What `keywire extract --format json` prints for each language: the shape, from where each file is run, and how sure it is.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use serde_json::Value;

/// A program of a language: what runs, a script, a test, and what nothing runs; and a client that only its name tells.
struct Program {
    language: &'static str,
    files: &'static [(&'static str, &'static str)],
    /// File, reach, certainty, of the one call in it.
    calls: &'static [(&'static str, &'static str, &'static str)],
}

const PROGRAMS: &[Program] = &[
    Program {
        language: "python",
        files: &[
            ("app.py", "import redis\nimport store\n\nredis.Redis().get(\"one\")\nstore.save()\n"),
            ("store.py", "import redis\n\n\ndef save():\n    redis.Redis().setex(\"two\", 60, 1)\n"),
            ("scripts/fill.py", "import redis\n\nif __name__ == \"__main__\":\n    redis.Redis().delete(\"three\")\n"),
            ("tests/test_all.py", "import redis\n\n\ndef test_all():\n    redis.Redis().get(\"four\")\n"),
            ("old.py", "def f(redis_client):\n    redis_client.get(\"five\")\n"),
        ],
        calls: &[
            ("app.py", "production", "certain"),
            ("store.py", "production", "certain"),
            ("scripts/fill.py", "script", "certain"),
            ("tests/test_all.py", "test", "certain"),
            ("old.py", "dead", "likely"),
        ],
    },
    Program {
        language: "javascript",
        files: &[
            (
                "server.js",
                "const Redis = require(\"ioredis\");\nconst { save } = require(\"./store\");\nnew Redis().get(\"one\");\nsave();\n",
            ),
            (
                "store.js",
                "const Redis = require(\"ioredis\");\nexports.save = () => new Redis().setex(\"two\", 60, 1);\n",
            ),
            (
                "scripts/fill.js",
                "#!/usr/bin/env node\nconst Redis = require(\"ioredis\");\nnew Redis().del(\"three\");\n",
            ),
            ("all.test.js", "const Redis = require(\"ioredis\");\nit(\"reads\", () => new Redis().get(\"four\"));\n"),
            ("old.js", "exports.f = (redisClient) => redisClient.get(\"five\");\n"),
        ],
        calls: &[
            ("server.js", "production", "certain"),
            ("store.js", "production", "certain"),
            ("scripts/fill.js", "script", "certain"),
            ("all.test.js", "test", "certain"),
            ("old.js", "dead", "likely"),
        ],
    },
    Program {
        language: "typescript",
        files: &[
            (
                "main.ts",
                "import Redis from \"ioredis\";\nimport { save } from \"./store\";\nnew Redis().get(\"one\");\nsave();\n",
            ),
            (
                "store.ts",
                "import Redis from \"ioredis\";\nexport const save = () => new Redis().setex(\"two\", 60, 1);\n",
            ),
            ("all.spec.ts", "import Redis from \"ioredis\";\nit(\"reads\", () => new Redis().get(\"four\"));\n"),
            ("old.ts", "export const f = (redisClient: any) => redisClient.get(\"five\");\n"),
        ],
        calls: &[
            ("main.ts", "production", "certain"),
            ("store.ts", "production", "certain"),
            ("all.spec.ts", "test", "certain"),
            ("old.ts", "dead", "likely"),
        ],
    },
    Program {
        language: "go",
        files: &[
            ("go.mod", "module example.com/app\n"),
            (
                "cmd/api/main.go",
                "package main\n\nimport (\n\t\"context\"\n\n\t\"example.com/app/store\"\n)\n\nfunc main() { store.Save(context.Background()) }\n",
            ),
            (
                "store/store.go",
                "package store\n\nimport (\n\t\"context\"\n\n\t\"github.com/redis/go-redis/v9\"\n)\n\nfunc Save(ctx context.Context) { redis.NewClient(&redis.Options{Addr: \"a:1\"}).Get(ctx, \"two\") }\n",
            ),
            (
                "old/old.go",
                "package old\n\nimport (\n\t\"context\"\n\n\t\"github.com/redis/go-redis/v9\"\n)\n\nfunc Old(ctx context.Context, link *redis.Client) { link.Get(ctx, \"five\") }\n",
            ),
        ],
        calls: &[("store/store.go", "production", "certain"), ("old/old.go", "dead", "certain")],
    },
    Program {
        language: "rust",
        files: &[
            ("src/main.rs", "mod store;\n\nfn main() {\n    store::save();\n}\n"),
            (
                "src/store.rs",
                "use redis::Commands;\n\npub fn save() {\n    let mut link = redis::Client::open(\"redis://a/\").unwrap().get_connection().unwrap();\n    let _: () = link.set(\"two\", 1).unwrap();\n}\n",
            ),
            (
                "src/old.rs",
                "use redis::Commands;\n\npub fn old(link: &mut redis::Connection) {\n    let _: () = link.get(\"five\").unwrap();\n}\n",
            ),
            (
                "tests/all.rs",
                "use redis::Commands;\n\n#[test]\nfn all() {\n    let mut link = redis::Client::open(\"redis://a/\").unwrap().get_connection().unwrap();\n    let _: () = link.get(\"four\").unwrap();\n}\n",
            ),
        ],
        calls: &[
            ("src/store.rs", "production", "certain"),
            ("src/old.rs", "dead", "certain"),
            ("tests/all.rs", "test", "certain"),
        ],
    },
];

fn names(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn json_tells_of_each_call_from_where_it_is_run_and_how_sure_it_is() {
    for program in PROGRAMS {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in program.files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let output = Command::new(env!("CARGO_BIN_EXE_keywire"))
            .args(["extract", ".", "--format", "json", "--tests", "--language", program.language])
            .current_dir(folder.path())
            .env_clear()
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut found: BTreeMap<String, (String, String)> = BTreeMap::new();
        for entry in printed.as_array().unwrap() {
            assert_eq!(names(entry), ["pattern", "bus", "redis_type", "kind", "accesses", "unresolved"]);
            for access in entry["accesses"].as_array().unwrap() {
                let fields =
                    ["module", "file", "line", "command", "mode", "ttl", "bound", "key_expr", "certainty", "reach"];
                assert_eq!(names(access), fields);
                let text = |name: &str| access[name].as_str().unwrap().to_owned();
                assert!(access["line"].as_u64().unwrap() > 0);
                found.insert(text("file").trim_start_matches("./").to_owned(), (text("reach"), text("certainty")));
            }
        }
        let expected = program.calls.iter();
        let expected: BTreeMap<String, (String, String)> = expected
            .map(|(file, reach, certainty)| ((*file).to_owned(), ((*reach).to_owned(), (*certainty).to_owned())))
            .collect();
        assert_eq!(found, expected, "{}", program.language);
    }
}
