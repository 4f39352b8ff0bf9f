//! Snippets in neutral terms, written so that people can read them.

mod shown;

use std::path::Path;

use self::shown::shown;
use super::lower;

fn neutral(name: &str, text: &str) -> String {
    shown(&lower(Path::new(name), text.into()))
}

#[test]
fn imports_and_exports_of_both_kinds() {
    insta::assert_snapshot!(neutral(
        "a.js",
        r#"
        import Redis, { Cluster as C } from "ioredis";
        import * as keys from './keys.js';
        import type { Store } from "../store";
        import "./setup";
        export * from "./more";
        export * as all from "./all";
        export { a as b, default as c } from "./other";
        export { local as renamed };
        export default new Redis();
        const { createClient: make, RESP_TYPES } = require("redis");
        const cache = require("./cache"), Old = require("old").default;
        const { x } = await import("./dynamic.js");
        module.exports = { cache, keys };
        exports.get = (k) => cache.get(k);
        exports.cache = cache;
        require("dotenv").config();
        const ioredis_1 = __importDefault(require("ioredis"));
        const web = require("npm:@upstash/redis@1.2");
        "#
    ));
}

#[test]
fn values() {
    insta::assert_snapshot!(neutral(
        "a.js",
        r#"
        const a = `user:${id}:${this.kind}x`;
        const b = "tab\t\x41\u{42}\u0043" + 'q';
        const c = process.env.PREFIX || "app";
        const d = options?.prefix ?? "p";
        const e = ok ? "yes" : client.get("no");
        const f = 60 * 60 * 1_000;
        const g = 0xff;
        const h = ["a", ...rest].join(":");
        const i = { a, "b-c": 1, [d]: 2, ...other, run() { return this.a }, get now() { return a } };
        const j = TEMPLATE.replace(/\{id\}/g, id).replaceAll("{x}", x);
        const k = key`user:${id}`;
        const l = sql`select ${id}`;
        const m = ready && redis.get("m");
        const n = keys.map(key => redis.get(key));
        const o = -1, p = !0, q = void 0;
        "#
    ));
}

#[test]
fn destructuring() {
    insta::assert_snapshot!(neutral(
        "a.js",
        r#"
        const { redis, prefix: p = "x", deep: { er }, ...rest } = options;
        const { one, two } = await redis.hgetall("k");
        const [a, , { b }] = await Promise.all([x(), y(), z()]);
        function f({ redis, ttl = 60 }, [first], key = "k", ...more) { return redis.get(key) }
        for (const [name, { key }] of Object.entries(KEYS)) redis.get(key);
        for (const name in KEYS) redis.del(KEYS[name]);
        ({ a, b } = other);
        "#
    ));
}

#[test]
fn statements() {
    insta::assert_snapshot!(neutral(
        "a.js",
        r#"
        if (a) { one() } else if (await b()) { two() } else three();
        switch (kind) { case "a": case "b": one(); break; default: two() }
        try { one() } catch (e) { two() } finally { three() }
        for (let i = 0; i < 3; i++) one(i);
        while ((m = next())) { two(m) }
        for await (const key of client.scanIterator({ MATCH: "a:*" })) await client.del(key);
        keys.forEach((key) => { redis.del(key) });
        (async () => { await redis.set("a", 1) })();
        this.redis ??= new Redis();
        text += "more";
        new Promise((resolve, reject) => client.get("k", resolve));
        function* all() { yield redis.get("k") }
        "#
    ));
}

#[test]
fn classes_of_javascript() {
    insta::assert_snapshot!(neutral(
        "a.js",
        r#"
        class Store extends Base {
          static PREFIX = "s";
          #redis;
          ttl = 60;
          constructor(redis) { super(redis, "x"); this.#redis = redis; }
          get = async (id) => this.#redis.get(this.key(id));
          get all() { return "all" }
          static of(redis) { return new this(redis) }
          key(id) { return super.key(id) }
        }
        function Old(client) { this.client = client }
        Old.prototype.get = function (id) { return this.client.get(id) };
        module.exports = class { run() {} };
        "#
    ));
}

#[test]
fn typescript() {
    insta::assert_snapshot!(neutral(
        "a.ts",
        r#"
        import IORedis = require("ioredis");
        export enum Keys { User = "user:", Item = "item:" }
        namespace Names { export const A = "a"; export function b(x: string) { return "b:" + x } }
        interface Deps { redis: Redis; prefix: string }
        type More = { cache: RedisClientType };
        @Injectable()
        export class Service {
          @Inject("REDIS") private readonly other: Redis;
          private ttl: number = 60;
          constructor(@InjectRedis() private readonly redis, protected keys: KeyService, plain: string) {}
          async get<T>(id: string): Promise<T> { return JSON.parse((await this.redis.get(`x:${id}`))!) as T }
        }
        const TABLE = { a: "a:1" } as const;
        const client = app.get("redis") as Redis;
        const injected = container.resolve<Redis>(TOKEN);
        function make({ redis, prefix }: { redis: Redis; prefix: string }) {}
        export default function ({ redis }: Deps) {}
        "#
    ));
}

#[test]
fn calls_that_say_the_same_in_another_form() {
    insta::assert_snapshot!(neutral(
        "a.js",
        r#"
        const getAsync = promisify(client.get).bind(client);
        redis.pipeline([["set", "k", 1], ["expire", key, 60]]).exec();
        client.json.set("k", "$", 1);
        res.json.set("k", 1);
        redis.defineCommand("take", { numberOfKeys: 1, lua: "return 1" });
        redis.take("bucket", 5);
        client.v4.get("k");
        "#
    ));
}

#[test]
fn what_cannot_be_read_does_not_end_the_file() {
    let unit = lower(Path::new("a.js"), "const a = 1;\nfunction ( {{{ \nredis.set('k', 1);\nconst b = 2;\n".into());
    assert!(!unit.faults.is_empty());
    assert!(shown(&unit).contains("redis.set"), "{}", shown(&unit));
}

#[test]
fn types_of_flow_are_read() {
    let unit =
        lower(Path::new("a.js"), "// @flow\nfunction f(id: string): Promise<void> { return redis.get(id) }\n".into());
    assert_eq!(unit.faults, Vec::<u32>::new());
}

#[test]
fn depth_ends_nothing_and_loses_nothing() {
    let deep = [
        format!("{}redis.get('k'){}", "(".repeat(20_000), ")".repeat(20_000)),
        format!("{}redis.get('k'){}", "[".repeat(5_000), "]".repeat(5_000)),
        format!("{}redis.get('k'){}", "f(".repeat(5_000), ")".repeat(5_000)),
        format!("{}redis.get('k'){}", "if (a) {".repeat(5_000), "}".repeat(5_000)),
        format!("{}redis.get('k')", "!".repeat(5_000)),
        format!("x = {}redis.get('k')", "'a' + ".repeat(5_000)),
        format!("p{}.get('k')", ".set('a', 1)".repeat(2_000)),
        format!("{}redis.get('k'){}", "() => {".repeat(3_000), "}".repeat(3_000)),
        format!("if (a) b(); {}else redis.get('k')", "else if (a) b(); ".repeat(3_000)),
        // An error, as a `;` is missing.
        format!("if (a) b(){} else redis.get('k')", " else if (a) b()".repeat(3_000)),
    ];
    for text in deep {
        // Short lines, as it is no bundle.
        let unit = lower(Path::new("a.js"), format!("{text}{}", "\n".repeat(5_000)).into());
        let told = shown(&unit).contains(".get(") || unit.faults.contains(&1);
        assert!(told, "{}", text.get(..40).unwrap_or_default());
    }
}

#[test]
fn bundles_are_not_read() {
    let bundle = format!("{}\n", "redis.get('k');".repeat(5_000));
    assert!(lower(Path::new("a.js"), bundle.into()).body.is_empty());
}

#[test]
fn what_runs_by_itself_is_told() {
    let entry = |text: &str| lower(Path::new("a.js"), text.into()).entry;
    assert!(entry("#!/usr/bin/env node\nf()"));
    assert!(entry("main().catch(console.error)"));
    assert!(entry("(async () => { await f() })()"));
    assert!(entry("app.listen(80)"));
    assert!(entry("if (require.main === module) { f() }"));
    assert!(!entry("module.exports = { main }"));
    assert!(!entry("export const x = 1; redis.on('error', log)"));
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in ".{0,200}") {
        lower(Path::new("a.ts"), text.as_str().into());
    }

    #[test]
    fn any_cut_of_a_program_is_read(from in 0_usize..1_200, length in 0_usize..1_200) {
        let text: String = PROGRAM.chars().skip(from).take(length).collect();
        lower(Path::new("a.tsx"), text.as_str().into());
    }
}

const PROGRAM: &str = r#"
import Redis from "ioredis"; export class A { constructor(private readonly r: Redis, @Inject("x") b?: string) { super(r) }
  get k() { return `a:${this.b}` } static async f({ a, b: [c, { d = 1 }] }: X = {}, ...e) { for (const [k, v] of Object.entries(x)) {
    await this.r.multi().set(k, v).expire(k, 60 * 60).exec() } return { a, ...b, ["c" + d]: e ? f : g, h() {}, get i() { return 1 } } } }
export const { a, b = 2 } = require("./x").y; switch (a) { case 1: b(); default: { c() } } try { d() } catch { e() } finally { f() }
module.exports = { x: function () { return <div onClick={() => redis.get("k")}>{a}</div> } }; enum E { A = "a", B } namespace N { export const x = 1 }
const z = promisify(client.get).bind(client); label: for (;;) { break label } export * from "./a"; export { b as c }; async () => { yield* x }
"#;
