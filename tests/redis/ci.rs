//! `ci` runs the programs of modules under contract and looks at keyspaces: one report, one exit code.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::servers::for_each_server;

const REGISTRY: &str = "keywire: 1\nname: shop\nbuses:\n  main: { env: SHOP_REDIS_URL, owns: ['shop:*'] }\nservices: { web: { role: Shows it. } }\n";
const MODULE: &str = "\
module: NAME
role: Counts.
bus: main
config:
  LIMIT: { type: integer, default: 3 }
keys:
  NAME_visits: { key: 'shop:NAME:visits', purpose: Visits., type: string, value: integer, operations: [INCR], retention: { ttl: none, lifecycle: cumulative }, consumers: [{ name: web, reads: [GET] }] }
  NAME_cart: { key: 'shop:NAME:cart', purpose: A cart., type: string, value: text, operations: [SETEX], retention: { ttl: 1h }, consumers: [{ name: web, reads: [GET] }], required: false }
";

/// Calls as words on a line, made over a socket of the shell, and their answers awaited.
fn program(calls: &[&str]) -> String {
    let calls: String = calls.iter().map(|call| format!("echo '{call}' >&3; read -r answer <&3; ")).collect();
    format!("[\"bash\", \"-c\", \"exec 3<>/dev/tcp/$REDIS_HOST/$REDIS_PORT; {calls} exit $CODE\"]")
}

struct Shop(tempfile::TempDir);

impl Shop {
    fn new(settings: &str) -> Self {
        let it = Self(tempfile::tempdir().unwrap());
        it.write("schema/registry.yaml", REGISTRY);
        for name in ["carts", "orders"] {
            it.write(&format!("schema/modules/{name}.yaml"), &MODULE.replace("NAME", name));
        }
        it.write("keywire.toml", settings);
        it
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn ci(&self, server: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> (i32, Value) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keywire"));
        command.args(["ci", "--format", "json", "--skip", "lint,generate,breaking"]).args(arguments);
        command.current_dir(self.0.path()).env("KEYWIRE_SERVER", server).env_remove("SHOP_REDIS_URL");
        let output = command.envs(variables.iter().copied()).output().unwrap();
        let report = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("no report: {}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code().unwrap(), report)
    }
}

/// Step, what it is about, and what it came to.
fn steps(report: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let steps = report["evidence"]["steps"].as_array().unwrap();
    steps
        .iter()
        .map(|step| format!("{} {} {}", word(&step["step"]), word(&step["of"]), word(&step["outcome"])))
        .collect()
}

fn rules(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().filter_map(|finding| finding["rule"].as_str()).collect()
}

#[test]
fn the_program_of_each_module_is_put_under_contract() {
    let both = program(&["INCR shop:carts:visits", "SETEX shop:carts:cart 3600 x"]);
    let half = program(&["INCR shop:orders:visits"]);
    let settings = |coverage: u32, code: u32| {
        format!(
            "[modules.carts]\nrun = {both}\ncoverage = 100\nenv = {{ CODE = '0' }}\n\
             [modules.orders]\nrun = {half}\ncoverage = {coverage}\nenv = {{ CODE = '{code}' }}\n"
        )
    };
    for_each_server(|server| {
        let binary = &server.binary().program;
        let shop = Shop::new(&settings(50, 0));
        let (code, report) = shop.ci(binary, &[], &[]);
        assert_eq!((code, rules(&report)), (0, vec![]), "{report:#}");
        assert_eq!(steps(&report), ["run carts clean", "run orders clean", "verify - not looked at"]);
        assert_eq!(report["coverage"]["operations"]["seen"], 3, "{report:#}");
        // Too little of one module, and a program that fails: each is a finding of its module alone.
        shop.write("keywire.toml", &settings(60, 0));
        let (code, report) = shop.ci(binary, &[], &[]);
        assert_eq!((code, rules(&report)), (1, vec!["coverage-below"]), "{report:#}");
        assert_eq!(steps(&report), ["run carts clean", "run orders findings", "verify - not looked at"]);
        assert_eq!(shop.ci(binary, &[], &["--module", "carts"]).0, 0);
        shop.write("keywire.toml", &settings(50, 4));
        let (code, report) = shop.ci(binary, &[], &["--only", "run"]);
        assert_eq!((code, rules(&report)), (1, vec!["program-failed"]), "{report:#}");
        assert_eq!(report["findings"][0]["module"], "orders");
        // The same of two modules is two findings.
        let fail = "run = ['false']\ncoverage = 50\n";
        shop.write("keywire.toml", &format!("[modules.carts]\n{fail}[modules.orders]\n{fail}"));
        let (_, report) = shop.ci(binary, &[], &["--only", "run"]);
        let found = report["findings"].as_array().unwrap().iter().map(|finding| (&finding["rule"], &finding["module"]));
        let mut found: Vec<String> = found.map(|(rule, module)| format!("{rule} {module}")).collect();
        found.sort();
        let rule = |rule: &str| ["carts", "orders"].map(|module| format!("\"{rule}\" \"{module}\""));
        let expected = [rule("coverage-below"), rule("missing-key"), rule("program-failed")].concat();
        assert_eq!(found, expected, "{report:#}");
    });
}

#[test]
fn a_program_that_cannot_be_started_does_not_hide_the_others() {
    let good = program(&["INCR shop:orders:visits"]);
    let settings =
        format!("[modules.carts]\nrun = ['./not-there']\n[modules.orders]\nrun = {good}\nenv = {{ CODE = '0' }}\n");
    for_each_server(|server| {
        let (code, report) = Shop::new(&settings).ci(&server.binary().program, &[], &[]);
        assert_eq!(code, 3, "{report:#}");
        assert_eq!(steps(&report), ["run carts failed", "run orders clean", "verify - not looked at"]);
        assert!(report["evidence"]["steps"][0]["why"].as_str().unwrap().contains("./not-there"), "{report:#}");
    });
}

#[test]
fn a_line_is_run_by_a_shell_and_stopped_after_its_time() {
    for_each_server(|server| {
        let call = "exec 3<>/dev/tcp/$REDIS_HOST/$REDIS_PORT; echo INCR shop:carts:visits >&3; read -r answer <&3";
        let settings = format!("[modules.carts]\nrun = \"exec bash -c '{call}; exec sleep 60'\"\nuntil = '1s'\n");
        let (code, report) = Shop::new(&settings).ci(&server.binary().program, &[], &["--only", "run"]);
        assert_eq!((code, steps(&report)), (0, vec!["run carts clean".to_owned()]), "{report:#}");
        let program = &report["evidence"]["steps"][0]["evidence"]["program"];
        assert_eq!(program["stopped"], "stopped after the time given", "{report:#}");
    });
}

#[test]
fn the_connections_of_a_program_of_several_modules_are_told_by_their_names() {
    let calls = ["CLIENT SETNAME carts", "INCR shop:carts:visits", "CLIENT SETNAME orders", "INCR shop:orders:visits"];
    let settings = format!("[modules.carts]\nrun = {}\nshared = SHARED\nenv = {{ CODE = '0' }}\n", program(&calls));
    for_each_server(|server| {
        let of = |shared: &str| {
            let shop = Shop::new(&settings.replace("SHARED", shared));
            let (code, report) = shop.ci(&server.binary().program, &[], &["--only", "run"]);
            (code, rules(&report).into_iter().map(str::to_owned).collect::<Vec<_>>())
        };
        assert_eq!(of("true"), (0, vec![]));
        assert_eq!(of("false"), (1, vec!["foreign-writer".to_owned()]), "all of it is the carts'");
    });
}

#[test]
fn the_keyspace_of_a_bus_whose_variable_is_set_is_looked_at() {
    for_each_server(|server| {
        let mut connection = redis::Client::open(server.url()).unwrap().get_connection().unwrap();
        for name in ["carts", "orders"] {
            redis::cmd("SET").arg(format!("shop:{name}:visits")).arg(1).exec(&mut connection).unwrap();
        }
        let (binary, url) = (&server.binary().program, server.url());
        let set = [("SHOP_REDIS_URL", url.as_str())];
        let shop = Shop::new("");
        let (code, report) = shop.ci(binary, &set, &[]);
        assert_eq!((code, steps(&report)), (0, vec!["run - not looked at".into(), "verify main clean".into()]));
        redis::cmd("SET").arg("shop:carts:cart").arg("x").exec(&mut connection).unwrap();
        let (code, report) = shop.ci(binary, &set, &[]);
        assert_eq!((code, rules(&report)), (1, vec!["ttl-missing"]), "{report:#}");
        assert_eq!(shop.ci(binary, &set, &["--module", "orders"]).0, 0);
        shop.write("keywire.toml", "[ci]\nverify = false\n");
        assert_eq!(steps(&shop.ci(binary, &set, &[]).1)[1], "verify - not looked at");
        // A server that does not answer is no clean one.
        shop.write("keywire.toml", "[ci]\nverify = ['main']\n");
        let (code, report) = shop.ci(binary, &[("SHOP_REDIS_URL", "redis://127.0.0.1:1/0")], &["--only", "verify"]);
        assert_eq!((code, steps(&report)), (3, vec!["verify main failed".to_owned()]));
    });
}
