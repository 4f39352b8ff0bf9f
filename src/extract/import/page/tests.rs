//! Blocks of texts as people write them.

use super::*;

fn table(text: &str) -> Table {
    let page = Page::parse(text);
    page.blocks
        .into_iter()
        .find_map(|block| if let BlockKind::Table(table) = block.kind { Some(table) } else { None })
        .unwrap()
}

#[test]
fn a_table_with_spaces_at_its_end_and_one_without_closing_pipes() {
    let first = table("| A | B |  \r\n|---|---|  \r\n| 1 | 2 |  \r\n");
    assert_eq!((first.header.len(), first.rows.len(), first.rows[0].line), (2, 1, 3));
    let second = table("A | B\n--- | ---\n`x:y` | a \\| b\n");
    assert_eq!(second.rows[0].cells[1].plain(), "a | b");
}

#[test]
fn globs_are_no_emphasis_and_angle_brackets_no_tags() {
    let row = &table("| K | P |\n|---|---|\n| a:*, b:* | user:<id>:cart<br>next |\n").rows[0];
    assert_eq!(row.cells[0].plain(), "a:*, b:*");
    assert_eq!(row.cells[1].plain(), "user:<id>:cart next");
}

#[test]
fn labels_are_told_from_what_they_label() {
    let page = Page::parse("- **Role:** Does `x`: all.\n- Type: STRING\n- `a:b`: note\n");
    let items: Vec<_> = page
        .blocks
        .iter()
        .filter_map(|block| if let BlockKind::Item(_, inline) = &block.kind { Some(inline) } else { None })
        .collect();
    let (label, rest) = items[0].labelled().unwrap();
    assert_eq!((label.as_str(), rest.plain().as_str()), ("Role", "Does x: all."));
    assert_eq!(items[1].labelled().unwrap().1.plain(), "STRING");
    assert!(items[2].labelled().is_none());
}

#[test]
fn front_matter_and_footnotes_are_no_content() {
    let page = Page::parse("---\ntitle: x\n---\n\nText[^1].\n\n[^1]: Note.\n");
    assert_eq!(page.blocks.len(), 2);
}

#[test]
fn cells_without_a_column_are_kept_apart() {
    let table = table("| A | B |\n|---|---|\n| a | b |\n| `x:y` | a \\| b | extra | |\nk | v | w\n| one |\n");
    let beyond: Vec<&[String]> = table.rows.iter().map(|row| row.beyond.as_slice()).collect();
    assert_eq!(beyond, [&[][..], &["extra".to_owned()], &["w".to_owned()], &[]]);
}
