//! The vendor's published samples, where they lie beside the workspace: they are not ours to keep in the tree.
//! Looked for in `shared/massive-api` next to the workspace, or in the folder that MASSIVE_API_SAMPLES names.

use std::path::{Path, PathBuf};

use chain_worker::distil::{distil, spot};
use massive_client::mock::http::{Reply, Server};
use massive_client::provider::Provider;
use massive_client::provider::chain::Next;

use super::PATIENCE;
use super::servers::say;

fn samples() -> Option<PathBuf> {
    let folder = match std::env::var_os("MASSIVE_API_SAMPLES") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/massive-api"),
    };
    folder.join("API.md").exists().then_some(folder)
}

async fn answering(path: &Path) -> (Server, Provider) {
    let body = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::start(listener, move |_| Reply::new(200, "application/json", body.clone())).unwrap();
    let provider = Provider::new(&format!("http://{}", server.address()), "key".parse().unwrap(), PATIENCE).unwrap();
    (server, provider)
}

#[tokio::test]
async fn the_vendors_samples_are_contracts_and_expirations() {
    let Some(folder) = samples() else {
        return say("skipped: no samples of the vendor beside the workspace");
    };
    for name in [
        "rest/v3_snapshot_options_chain_AAPL.json",
        "rest-spec-examples/v3_snapshot_options_chain.json",
        "rest-spec-examples-2026-04/v3_snapshot_options_chain.json",
    ] {
        let (_server, provider) = answering(&folder.join(name)).await;
        let page = provider.chain("AAPL", jiff::civil::date(2023, 6, 16)).await.unwrap();
        assert!(page.malformed == 0 && page.next == Next::End && !page.rows.is_empty(), "{name}");
        for row in &page.rows {
            let day = row.details.as_ref().unwrap().expiration_date.as_ref().unwrap().parse().unwrap();
            let contract = distil(row, day).unwrap();
            assert!(
                contract.strike > 0.0 && contract.delta.is_some() && contract.bid.is_some(),
                "{name}: {contract:?}"
            );
            assert!(spot(row).is_some(), "{name}");
        }
    }
    let (_server, provider) = answering(&folder.join("rest/v3_reference_options_contracts_page1.json")).await;
    let day = provider.expiration_from("A", jiff::civil::date(2022, 1, 1)).await.unwrap();
    assert_eq!(day, Some(jiff::civil::date(2022, 5, 20)));
}
