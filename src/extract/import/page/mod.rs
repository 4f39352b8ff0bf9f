//! A Markdown text as a flat list of blocks with their lines: what a reader of tables and bullets needs, and no more.
//!
//! Nesting is a number, never a tree, so that no document can exhaust the stack. Knows nothing of registries.

mod inline;
#[cfg(test)]
mod tests;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

pub(super) use inline::{Inline, Piece, PieceKind};

/// A text, block by block.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The blocks in their order.
    pub(super) blocks: Vec<Block>,
}

/// A block and its line, from 1.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) line: u32,
    pub(super) kind: BlockKind,
}

/// What a block is.
#[derive(Debug)]
pub(super) enum BlockKind {
    /// A heading of a level, from 1.
    Heading(usize, Inline),
    /// A paragraph outside lists.
    Paragraph(Inline),
    /// The text of a list item, by how many lists it is in.
    Item(usize, Inline),
    /// A table; its rows have the header's number of cells.
    Table(Table),
    /// A fenced or indented block: its language and text.
    Code(String, String),
}

/// A table.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) header: Vec<Inline>,
    pub(super) rows: Vec<Row>,
}

/// A row of a table, with its line.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) line: u32,
    pub(super) cells: Vec<Inline>,
    /// What stands behind the last column of the header, as written: a table has no cells there.
    pub(super) beyond: Vec<String>,
}

impl Page {
    /// Reads a text.
    pub(super) fn parse(text: &str) -> Self {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
            | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
        let mut reader = Reader { text, lines: Lines::new(text), ..Reader::new(text) };
        for (event, span) in Parser::new_ext(text, options).into_offset_iter() {
            reader.event(event, span);
        }
        reader.flush();
        Page { blocks: reader.blocks }
    }
}

/// Lines by offset. Offsets come in order, so one pass suffices.
struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    fn new(text: &str) -> Self {
        let after = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self { starts: std::iter::once(0).chain(after).collect() }
    }

    fn of(&self, offset: usize) -> u32 {
        u32::try_from(self.starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }
}

/// The cells of a row, as written, behind as many as the header has.
fn beyond(row: &str, columns: usize) -> Vec<String> {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in row.chars() {
        if c == '|' && !escaped {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    let behind = cells.into_iter().skip(columns).map(|cell| cell.trim().to_owned());
    behind.filter(|cell| !cell.is_empty()).collect()
}

struct Reader<'a> {
    text: &'a str,
    lines: Lines,
    blocks: Vec<Block>,
    inline: Inline,
    line: u32,
    lists: usize,
    in_item: bool,
    heading: Option<usize>,
    table: Option<Table>,
    code: Option<(String, String)>,
    metadata: bool,
    strong: usize,
    /// HTML `<code>` is open.
    html_code: bool,
    /// For each open emphasis: was its marker glued to a word, so that it is no markup?
    glued: Vec<bool>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            lines: Lines { starts: Vec::new() },
            blocks: Vec::new(),
            inline: Inline::default(),
            line: 1,
            lists: 0,
            in_item: false,
            heading: None,
            table: None,
            code: None,
            metadata: false,
            strong: 0,
            html_code: false,
            glued: Vec::new(),
        }
    }

    fn event(&mut self, event: Event<'_>, span: Range<usize>) {
        if self.inline.is_empty() && self.table.is_none() {
            self.line = self.lines.of(span.start);
        }
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.words(&text),
            Event::Code(text) => self.inline.push(PieceKind::Code, &text),
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html),
            Event::SoftBreak => self.inline.push(PieceKind::Text, "\n"),
            Event::HardBreak => self.inline.push(PieceKind::Break, " "),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.words(&text),
            Event::FootnoteReference(_) | Event::Rule | Event::TaskListMarker(_) => {}
        }
    }

    fn words(&mut self, text: &str) {
        match &mut self.code {
            _ if self.metadata => {}
            Some((_, content)) => content.push_str(text),
            None if self.html_code => self.inline.extend(text),
            None if self.strong > 0 => self.inline.push(PieceKind::Strong, text),
            None => self.inline.push(PieceKind::Text, text),
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some(level as usize);
                self.line = self.lines.of(span.start);
            }
            Tag::List(_) => {
                self.flush();
                self.lists += 1;
            }
            Tag::Item => {
                self.flush();
                self.in_item = true;
                self.line = self.lines.of(span.start);
            }
            Tag::Table(_) => {
                self.flush();
                self.table = Some(Table::default());
                self.line = self.lines.of(span.start);
            }
            Tag::TableRow => {
                let line = self.lines.of(span.start);
                if let Some(table) = &mut self.table {
                    let beyond = beyond(self.text.get(span).unwrap_or_default(), table.header.len());
                    table.rows.push(Row { line, cells: Vec::new(), beyond });
                }
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                let language = if let CodeBlockKind::Fenced(info) = kind { info.to_string() } else { String::new() };
                self.code = Some((language, String::new()));
            }
            Tag::MetadataBlock(_) => self.metadata = true,
            Tag::Strong => {
                let glued = self.is_glued(span.start);
                self.marker(glued, "**");
                self.strong += usize::from(!glued);
            }
            Tag::Emphasis => {
                let glued = self.is_glued(span.start);
                let mark = self.text.get(span.start..=span.start).unwrap_or("*").to_owned();
                self.marker(glued, &mark);
            }
            Tag::Paragraph | Tag::FootnoteDefinition(_) | Tag::BlockQuote(_) | Tag::HtmlBlock => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::List(_) => {
                self.flush();
                self.lists = self.lists.saturating_sub(1);
                self.in_item = self.lists > 0;
            }
            TagEnd::TableCell => self.cell(),
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    self.blocks.push(Block { line: self.line, kind: BlockKind::Table(table) });
                }
            }
            TagEnd::CodeBlock => {
                if let Some((language, content)) = self.code.take() {
                    self.blocks.push(Block { line: self.line, kind: BlockKind::Code(language, content) });
                }
            }
            TagEnd::MetadataBlock(_) => self.metadata = false,
            TagEnd::Strong => {
                let glued = self.glued.pop().unwrap_or(false);
                if glued {
                    self.words("**");
                }
                self.strong = self.strong.saturating_sub(usize::from(!glued));
            }
            TagEnd::Emphasis => {
                let glued = self.glued.pop().unwrap_or(false);
                self.words(if glued { "*" } else { "" });
            }
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::HtmlBlock | TagEnd::FootnoteDefinition => {
                self.flush();
            }
            _ => {}
        }
    }

    fn cell(&mut self) {
        let inline = std::mem::take(&mut self.inline);
        self.html_code = false;
        let Some(table) = &mut self.table else { return };
        match table.rows.last_mut() {
            Some(row) => row.cells.push(inline),
            None => table.header.push(inline),
        }
    }

    /// `a:*, b:*` is two globs, not emphasis: a marker that is glued to a name before it is part of that name.
    fn is_glued(&self, at: usize) -> bool {
        self.text
            .get(..at)
            .and_then(|before| before.chars().next_back())
            .is_some_and(|c| matches!(c, ':' | '.' | '/' | '-' | '_') || c.is_alphanumeric())
    }

    fn marker(&mut self, glued: bool, mark: &str) {
        self.glued.push(glued);
        if glued {
            self.words(mark);
        }
    }

    fn html(&mut self, html: &str) {
        let name: String = html
            .trim_start_matches(['<', '/'])
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        match name.as_str() {
            "br" => self.inline.push(PieceKind::Break, " "),
            "code" | "kbd" | "tt" => {
                self.html_code = !html.starts_with("</");
                if self.html_code {
                    self.inline.push(PieceKind::Code, "");
                }
            }
            "b" | "strong" if html.starts_with("</") => self.strong = self.strong.saturating_sub(1),
            "b" | "strong" => self.strong += 1,
            "" | "i" | "em" | "a" | "sub" | "sup" | "span" | "div" | "p" | "details" | "summary" | "img" | "small"
            | "ul" | "ol" | "li" | "u" | "s" | "del" | "ins" | "font" | "center" | "hr" | "table" | "tr" | "td"
            | "th" | "tbody" | "thead" => {}
            // `user:<id>` without a code span is a placeholder.
            _ => self.words(html.trim_end()),
        }
    }

    /// Ends the text that is open.
    fn flush(&mut self) {
        if self.table.is_some() {
            return;
        }
        self.html_code = false;
        let heading = self.heading.take();
        let inline = std::mem::take(&mut self.inline).trimmed();
        if inline.is_empty() {
            return;
        }
        let kind = match heading {
            Some(level) => BlockKind::Heading(level, inline),
            None if self.in_item => BlockKind::Item(self.lists, inline),
            None => BlockKind::Paragraph(inline),
        };
        self.blocks.push(Block { line: self.line, kind });
    }
}
