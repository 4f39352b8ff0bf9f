//! Redis ACLs as files: for each bus the users that follow from the registry, as ACL SETUSER lines and as an ACL file.

use std::path::PathBuf;

use anyhow::Result;

use super::{Artefact, BANNER, Language, Target, file_name};
use crate::access;
use crate::registry::{BusId, ModuleId, Registry};
use crate::settings::GenerateSettings;

/// `acl`.
pub static TARGET: Target = Target {
    name: "acl",
    about: "For each bus the ACL users of its modules and consumers, with the least that each needs.",
    generate,
};

/// Users hang together by their bus: they are made whichever modules are asked for.
fn generate(registry: &Registry, _modules: &[ModuleId], settings: &GenerateSettings) -> Result<Vec<Artefact>> {
    if settings.acl.is_empty() {
        return Ok(Vec::new());
    }
    let folder = PathBuf::from(&settings.acl);
    let mut artefacts = Vec::new();
    for bus in (0..registry.buses.len()).map(BusId) {
        let name = file_name(&registry.bus(bus).name);
        let path = |end: &str| folder.join(format!("{name}.{end}"));
        // The ACL file first: whether it is ours is told by its neighbour, as that was before.
        let text = access::acl_file(&all_users(registry, bus));
        artefacts.push(Artefact { path: path("acl"), text, language: Language::AclFile });
        artefacts.push(Artefact { path: path("setuser.txt"), text: setuser(registry, bus), language: Language::Acl });
    }
    Ok(artefacts)
}

fn all_users(registry: &Registry, bus: BusId) -> Vec<access::User> {
    access::users(registry, bus).into_iter().chain(access::observers(registry, bus)).collect()
}

fn setuser(registry: &Registry, bus: BusId) -> String {
    let name = &registry.bus(bus).name;
    let mut text = format!(
        "# {BANNER}\n#\n\
         # Users of the bus {name}, one for each module and consumer, with the least that each needs. A new user has no\n\
         # password and cannot log in before it has one: ACL SETUSER NAME >PASSWORD. When all programs log in as users of\n\
         # their own, turn off the user of everybody: ACL SETUSER default off\n#\n\
         # What these rules do not hold:\n"
    );
    for limit in access::limits(registry, bus) {
        text.push_str(&format!("# - {limit}\n"));
    }
    for user in all_users(registry, bus) {
        text.push_str(&format!("\n# {}\n{}\n", user.party, access::setuser_line(&user)));
    }
    text
}
