//! Flow charts in Mermaid's language. Ids are ours and labels are quoted and encoded, so that no name can break a chart.

use super::text::one_line;
use crate::registry::Scope;

/// Room between columns, so that arrows do not run under nodes, and names on one line.
const SETTINGS: &str = r#"%%{init: {"flowchart": {"rankSpacing": 240, "nodeSpacing": 24, "wrappingWidth": 480}}}%%"#;

/// What a node stands for, which decides its shape and colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Module,
    Key,
    Channel,
    Internal,
    External,
    Admin,
}

impl Kind {
    /// The kind of a consumer.
    pub(super) fn of_scope(scope: Scope) -> Self {
        match scope {
            Scope::Internal => Self::Internal,
            Scope::External => Self::External,
            Scope::Admin => Self::Admin,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Key => "key",
            Self::Channel => "channel",
            Self::Internal => "internal",
            Self::External => "external",
            Self::Admin => "admin",
        }
    }

    /// Colours with a dark text, legible on a light and on a dark page.
    fn style(self) -> &'static str {
        match self {
            Self::Module => "fill:#cfe2ff,stroke:#2b5fab,color:#10233f",
            Self::Key => "fill:#fdebd0,stroke:#b9770e,color:#3d2a05",
            Self::Channel => "fill:#fadbd8,stroke:#b03a2e,color:#3d0f0a",
            Self::Internal => "fill:#d5f5e3,stroke:#1e8449,color:#0b2e19",
            Self::External => "fill:#e8daef,stroke:#76448a,color:#2a1533",
            Self::Admin => "fill:#e5e8e8,stroke:#616a6b,color:#1f2424",
        }
    }

    fn brackets(self) -> (&'static str, &'static str) {
        match self {
            Self::Module => ("[[", "]]"),
            Self::Key => ("[", "]"),
            Self::Channel => ("([", "])"),
            Self::Internal | Self::External | Self::Admin => ("(", ")"),
        }
    }
}

/// A node, by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node(usize);

/// A chart from left to right.
#[derive(Debug, Default)]
pub(super) struct Chart {
    nodes: Vec<(Kind, Vec<String>)>,
    edges: Vec<(Node, Node, String, bool)>,
}

impl Chart {
    /// A node with the parts of its label.
    pub(super) fn node(&mut self, kind: Kind, parts: &[&str]) -> Node {
        self.nodes.push((kind, parts.iter().map(|part| escape(part)).filter(|part| !part.is_empty()).collect()));
        Node(self.nodes.len() - 1)
    }

    /// An arrow; dashed for what is not known to be so yet.
    pub(super) fn edge(&mut self, from: Node, to: Node, label: &str, dashed: bool) {
        self.edges.push((from, to, escape(label), dashed));
    }

    /// The chart as a fenced block, nothing without arrows.
    pub(super) fn render(&self) -> String {
        if self.edges.is_empty() {
            return String::new();
        }
        let mut lines = vec![SETTINGS.to_owned(), "flowchart LR".to_owned()];
        // A node that nothing leads to or from tells nothing.
        let connected = |at: usize| self.edges.iter().any(|(from, to, ..)| from.0 == at || to.0 == at);
        let nodes: Vec<(usize, &(Kind, Vec<String>))> =
            self.nodes.iter().enumerate().filter(|(at, _)| connected(*at)).collect();
        for (at, (kind, label)) in &nodes {
            let (open, close) = kind.brackets();
            let label = if label.is_empty() { " ".to_owned() } else { label.join(" · ") };
            lines.push(format!("  n{at}{open}\"{label}\"{close}:::{}", kind.class()));
        }
        for (from, to, label, dashed) in &self.edges {
            let arrow = if *dashed { "-.->" } else { "-->" };
            let label = if label.is_empty() { String::new() } else { format!("|\"{label}\"|") };
            lines.push(format!("  n{} {arrow}{label} n{}", from.0, to.0));
        }
        let mut kinds: Vec<Kind> = nodes.iter().map(|(_, (kind, _))| *kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        lines.extend(kinds.into_iter().map(|kind| format!("  classDef {} {}", kind.class(), kind.style())));
        format!("```mermaid\n{}\n```", lines.join("\n"))
    }
}

/// A label's text: what Mermaid, HTML or Markdown could read as markup is written as a character code.
fn escape(label: &str) -> String {
    let line = one_line(label);
    let mut escaped = String::with_capacity(line.len());
    for (at, c) in line.chars().enumerate() {
        let plain = c.is_alphanumeric()
            || matches!(c, ' ' | ':' | '{' | '}' | '(' | ')' | '/' | ',' | '?' | '!' | '=')
            || (at > 0 && matches!(c, '_' | '-' | '.' | '+'));
        if plain {
            escaped.push(c);
        } else {
            escaped.push_str(&format!("#{};", u32::from(c)));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cannot_leave_their_quotes() {
        assert_eq!(escape("a\"]; end %% <b> `x` #1"), "a#34;#93;#59; end #37;#37; #60;b#62; #96;x#96; #35;1");
        assert_eq!(escape("massive:model:spot:{symbol}"), "massive:model:spot:{symbol}");
        assert_eq!(escape("- list"), "#45; list");
    }

    #[test]
    fn a_chart_without_arrows_is_none() {
        let mut chart = Chart::default();
        let node = chart.node(Kind::Module, &["a"]);
        assert_eq!(chart.render(), "");
        chart.edge(node, node, "x", true);
        assert!(chart.render().contains("n0 -.->|\"x\"| n0"));
    }
}
