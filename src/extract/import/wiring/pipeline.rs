//! The tables of the page of all modules: buses and services.

use super::overview;
use super::tables::Sheet;
use super::walk::Walk;
use crate::extract::draft::Node;
use crate::extract::import::record::{Fields, named};

/// `Service | Role | Belongs to | Bus | Owner | Notes`.
pub(super) fn services(walk: &mut Walk<'_>, sheet: &Sheet<'_>) {
    for row in &sheet.table.rows {
        let mut fields = Fields::default();
        fields.text("role", sheet.text(row, "role"));
        fields.text("bus", sheet.text(row, "bus"));
        match sheet.text(row, "belongs to").as_str() {
            "the system" => fields.text("scope", "internal"),
            "admins and developers" => fields.text("scope", "admin"),
            "another system" => fields.text("scope", "external"),
            other => walk.unresolved(
                row.line,
                other,
                "a service belongs to `the system`, `another system` or `admins and developers`",
            ),
        }
        fields.text("owner", sheet.text(row, "owner"));
        fields.text("notes", sheet.text(row, "notes"));
        *named(&mut walk.collected.services, &sheet.text(row, "service")) = fields;
    }
}

/// `Bus | What it is for | URL from | Built as | Names it answers for`.
pub(super) fn buses(walk: &mut Walk<'_>, sheet: &Sheet<'_>) {
    for row in &sheet.table.rows {
        let mut fields = Fields::default();
        fields.text("about", sheet.text(row, "what it is for"));
        if let Some(cell) = sheet.cell(row, "url from") {
            overview::url(cell, 0, &mut fields);
        }
        let owns = sheet.codes(row, "names it answers for");
        fields.set("owns", Node::texts(owns));
        match sheet.text(row, "built as").as_str() {
            "servers watched by Sentinel" => fields.text("topology", "sentinel"),
            "a cluster" => fields.text("topology", "cluster"),
            _ => {}
        }
        *named(&mut walk.collected.buses, &sheet.text(row, "bus")) = fields;
    }
}
