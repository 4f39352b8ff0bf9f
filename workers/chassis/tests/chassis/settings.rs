//! Where settings come from.

use chassis::program::BusVariable;
use chassis::settings::Settings;

fn read(text: &str) -> anyhow::Result<Settings> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    std::fs::write(&path, text).unwrap();
    Settings::read(Some(&path))
}

#[test]
fn a_json_file_gives_urls_of_buses_and_variables() {
    let settings = read(
        r#"{"buses": {"market-redis": {"url": "redis://bus:1"}}, "config": {"CHASSIS_LIST": ["SPX", "NDX"], "CHASSIS_N": 5}}"#,
    )
    .unwrap();
    let url = |bus| settings.bus_url(BusVariable { bus, name: "CHASSIS_UNSET_URL", default: "redis://default" });
    assert_eq!(url("market-redis"), "redis://bus:1");
    assert_eq!(url("other"), "redis://default");
    assert_eq!(settings.lookup("CHASSIS_LIST").as_deref(), Some("SPX,NDX"));
    assert_eq!(settings.lookup("CHASSIS_N").as_deref(), Some("5"));
    assert_eq!(settings.lookup("CHASSIS_UNSET"), None);
    // What every test has in its environment goes before the file.
    let settings = read(r#"{"config": {"CARGO_MANIFEST_DIR": "/of/the/file"}}"#).unwrap();
    assert_eq!(settings.lookup("CARGO_MANIFEST_DIR").as_deref(), Some(env!("CARGO_MANIFEST_DIR")));
}

#[test]
fn a_file_that_is_wrong_says_where_and_never_what_it_holds() {
    for (text, words) in [
        (r#"{"buses": {"market-redis": {"uri": "redis://:pa55@h"}}}"#, "`market-redis` has no `url`"),
        ("[\"pa55\"]", "no JSON object"),
        ("{\"buses\": \"pa55\n", "no JSON at line 2"),
    ] {
        let error = format!("{:#}", read(text).err().unwrap());
        assert!(error.contains(words) && !error.contains("pa55"), "{error}");
    }
}
