//! What a document says of its placeholders, before its keys are read.

use super::names::Legend;
use crate::extract::import::page::{BlockKind, Inline, Page, PieceKind};

/// Collects the legend of a document.
pub(super) fn of(page: &Page, own: bool) -> Legend {
    let mut legend = Legend { own, ..Legend::default() };
    let mut explains = false;
    for block in &page.blocks {
        match &block.kind {
            BlockKind::Heading(_, inline) => {
                let lower = inline.plain().to_lowercase();
                explains = ["placeholder", "legend", "notation", "convention", "parameter", "variables"]
                    .iter()
                    .any(|word| lower.contains(word));
            }
            BlockKind::Paragraph(inline) => said(&inline.plain(), explains, &mut legend),
            BlockKind::Item(_, inline) => {
                if explains {
                    first(inline, &mut legend);
                }
                said(&inline.plain(), explains, &mut legend);
            }
            BlockKind::Table(table) => {
                let head = table.header.first().map(|head| head.plain().to_lowercase()).unwrap_or_default();
                if explains || matches!(head.as_str(), "placeholder" | "placeholders" | "param" | "parameter" | "token")
                {
                    table.rows.iter().filter_map(|row| row.cells.first()).for_each(|cell| first(cell, &mut legend));
                }
            }
            BlockKind::Code(..) => {}
        }
    }
    legend
}

/// The word that a bullet or row explains.
fn first(inline: &Inline, legend: &mut Legend) {
    let piece = inline.pieces.iter().find(|piece| matches!(piece.kind, PieceKind::Code | PieceKind::Strong));
    let word = piece.map_or_else(|| inline.plain(), |piece| piece.text.clone());
    add(word.split([' ', '=', '–']).next().unwrap_or_default(), legend);
}

/// `where SYMBOL is a ticker`, `ID = the user's number`.
fn said(text: &str, explains: bool, legend: &mut Legend) {
    let words: Vec<&str> = text.split_whitespace().collect();
    for pair in words.windows(3) {
        let is = matches!(pair[2], "is" | "=" | "are" | "means" | "stands");
        if is && (explains || matches!(pair[0].to_lowercase().as_str(), "where" | "and" | "with")) {
            add(pair[1], legend);
        }
    }
}

fn add(word: &str, legend: &mut Legend) {
    let word = word.trim_matches(['`', '"', '\'', ',', '.', ';', '*', '(', ')']);
    if let Some(name) = word.strip_prefix(':')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
    {
        legend.colons = true;
    }
    let capital = word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if capital && word.starts_with(|c: char| c.is_ascii_uppercase()) && !legend.words.iter().any(|known| known == word)
    {
        legend.words.push(word.to_owned());
    }
}
