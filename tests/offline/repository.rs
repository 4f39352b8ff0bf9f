//! A git repository with a registry, for tests of commands that read revisions.

use std::process::Command;

pub const REGISTRY: &str =
    "keywire: 1\nname: shop\nbuses:\n  main: { env: SHOP_REDIS_URL }\nservices: { web: { role: Shows it. } }\n";
pub const MODULE: &str = "\
module: shop
role: Sells.
bus: main
keys:
  cart:
    key: shop:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: web, reads: [GET] }]
";

/// A git repository with a registry.
pub struct Repository(tempfile::TempDir);

impl Repository {
    /// A git repository whose registry is in a folder below its top, as in a monorepo, with one commit and a tag.
    pub fn new() -> Self {
        let it = Self(tempfile::tempdir().unwrap());
        it.write("services/shop/schema/registry.yaml", REGISTRY);
        it.write("services/shop/schema/modules/shop.yaml", MODULE);
        it.git(&["init", "-q", "-b", "main"]);
        it.commit("v1.0");
        it
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn module(&self, text: &str) {
        self.write("services/shop/schema/modules/shop.yaml", text);
    }

    /// Its folder.
    pub fn path(&self) -> &std::path::Path {
        self.0.path()
    }

    /// What a file says.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.0.path().join(path)).unwrap()
    }

    pub fn commit(&self, tag: &str) {
        self.git(&["add", "."]);
        self.git(&["commit", "-q", "-m", tag]);
        self.git(&["tag", tag]);
    }

    pub fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false"]);
        command.args(arguments).current_dir(self.0.path());
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        assert!(command.status().unwrap().success(), "git {arguments:?}");
    }

    /// Exit code, and both outputs.
    pub fn keywire(&self, arguments: &[&str]) -> (i32, String) {
        self.keywire_in("services/shop", arguments)
    }

    pub fn keywire_in(&self, folder: &str, arguments: &[&str]) -> (i32, String) {
        self.keywire_with(&[], folder, arguments)
    }

    /// With variables of the environment; those by which a CI tells what is compared are taken away from it.
    pub fn keywire_with(&self, variables: &[(&str, &str)], folder: &str, arguments: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keywire"));
        command.args(arguments).current_dir(self.0.path().join(folder)).env_remove("GIT_DIR");
        let of_ci = |name: &str| ["GITHUB_", "CI_", "SHOP_"].iter().any(|start| name.starts_with(start));
        for (name, _) in std::env::vars_os().filter(|(name, _)| of_ci(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied());
        let output = command.output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code().unwrap(), text)
    }
}
