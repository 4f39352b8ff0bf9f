//! What the generator of variations must know of each language: kinds of nodes, and how one file takes from another.

/// The kinds of nodes of a language.
pub(super) struct Syntax {
    pub(super) name: &'static str,
    pub(super) extensions: &'static [&'static str],
    /// Leaves that are names.
    pub(super) leaves: &'static [&'static str],
    /// What gives names, and its field that holds them; without a field, its first child does.
    pub(super) givers: &'static [(&'static str, &'static str)],
    /// Leaves of text.
    pub(super) texts: &'static [&'static str],
    /// Names that mean something to the language.
    pub(super) own: &'static [&'static str],
    /// Values given by name, which belong to whom they are given.
    pub(super) by_name: &'static [&'static str],
    /// Items that bring in names.
    pub(super) imports: &'static [&'static str],
    /// What stands around an item.
    pub(super) around: &'static [&'static str],
    /// Items that may stand in any order.
    pub(super) functions: &'static [&'static str],
    /// Types and their like, which may stand elsewhere.
    pub(super) types: &'static [&'static str],
    /// Items that hold values.
    pub(super) values: &'static [&'static str],
    /// What changes a name of the top level.
    pub(super) changes: &'static [&'static str],
    /// Bodies of classes.
    pub(super) bodies: &'static [&'static str],
    /// Methods in them.
    pub(super) methods: &'static [&'static str],
    /// May types stand in any order?
    pub(super) types_move: bool,
    /// Functions to put all code into: kind, opening and closing lines, indent.
    pub(super) wraps: &'static [(&'static str, &'static str, &'static str, &'static str)],
}

const JAVASCRIPT: Syntax = Syntax {
    name: "javascript",
    extensions: &["js", "jsx", "mjs", "cjs"],
    leaves: &[
        "identifier",
        "property_identifier",
        "private_property_identifier",
        "shorthand_property_identifier",
        "shorthand_property_identifier_pattern",
        "type_identifier",
    ],
    givers: &[
        ("function_declaration", "name"),
        ("generator_function_declaration", "name"),
        ("class_declaration", "name"),
        ("abstract_class_declaration", "name"),
        ("interface_declaration", "name"),
        ("type_alias_declaration", "name"),
        ("enum_declaration", "name"),
        ("method_definition", "name"),
        ("variable_declarator", "name"),
        ("field_definition", "property"),
        ("public_field_definition", "name"),
        ("required_parameter", "pattern"),
        ("optional_parameter", "pattern"),
        ("arrow_function", "parameter"),
        ("formal_parameters", ""),
        ("for_in_statement", "left"),
    ],
    texts: &["string_fragment", "jsx_text", "regex_pattern", "comment"],
    own: &[
        "constructor",
        "default",
        "module",
        "exports",
        "require",
        "process",
        "console",
        "undefined",
        "then",
        "arguments",
    ],
    by_name: &["pair", "shorthand_property_identifier"],
    imports: &["import_statement"],
    around: &["export_statement"],
    functions: &["function_declaration", "generator_function_declaration"],
    types: &[
        "class_declaration",
        "abstract_class_declaration",
        "interface_declaration",
        "type_alias_declaration",
        "enum_declaration",
    ],
    values: &["lexical_declaration", "variable_declaration"],
    changes: &["assignment_expression", "augmented_assignment_expression", "update_expression"],
    bodies: &["class_body"],
    methods: &["method_definition"],
    types_move: false,
    wraps: &[
        ("inside a function", "async function everything() {", "}\neverything();", ""),
        ("inside an arrow", "(async () => {", "})();", ""),
    ],
};

/// All languages.
pub(super) const SYNTAXES: &[Syntax] = &[
    JAVASCRIPT,
    Syntax { name: "typescript", extensions: &["ts", "tsx", "mts", "cts"], ..JAVASCRIPT },
    Syntax {
        name: "python",
        extensions: &["py"],
        leaves: &["identifier"],
        givers: &[
            ("function_definition", "name"),
            ("class_definition", "name"),
            ("assignment", "left"),
            ("parameters", ""),
            ("lambda_parameters", ""),
            ("typed_parameter", "*"),
            ("default_parameter", "name"),
            ("typed_default_parameter", "name"),
            ("for_statement", "left"),
            ("for_in_clause", "left"),
            ("as_pattern_target", ""),
        ],
        texts: &["string_content", "comment"],
        own: &["self", "cls", "main", "_"],
        by_name: &["keyword_argument"],
        imports: &["import_statement", "import_from_statement", "future_import_statement"],
        around: &["decorated_definition", "expression_statement"],
        functions: &["function_definition"],
        types: &["class_definition"],
        values: &["assignment"],
        changes: &["global_statement"],
        bodies: &["block"],
        methods: &["function_definition"],
        types_move: false,
        wraps: &[("inside a function", "def everything():", "\neverything()", "    ")],
    },
    Syntax {
        name: "rust",
        extensions: &["rs"],
        leaves: &["identifier", "field_identifier", "type_identifier", "shorthand_field_identifier"],
        givers: &[
            ("function_item", "name"),
            ("function_signature_item", "name"),
            ("struct_item", "name"),
            ("enum_item", "name"),
            ("trait_item", "name"),
            ("type_item", "name"),
            ("const_item", "name"),
            ("static_item", "name"),
            ("impl_item", "type"),
            ("field_declaration", "name"),
            ("let_declaration", "pattern"),
            ("parameter", "pattern"),
            ("closure_parameters", ""),
            ("for_expression", "pattern"),
        ],
        texts: &["string_content", "line_comment", "block_comment"],
        own: &[
            "main", "self", "Self", "crate", "super", "new", "default", "Ok", "Err", "Some", "None", "String", "fmt",
            "from",
        ],
        by_name: &[],
        imports: &["use_declaration", "extern_crate_declaration"],
        around: &[],
        functions: &["function_item"],
        types: &["struct_item", "enum_item", "trait_item", "type_item", "impl_item"],
        values: &["const_item", "static_item"],
        changes: &[],
        bodies: &["declaration_list"],
        methods: &["function_item"],
        types_move: true,
        wraps: &[],
    },
    Syntax {
        name: "go",
        extensions: &["go"],
        leaves: &["identifier", "field_identifier", "type_identifier"],
        givers: &[
            ("function_declaration", "name"),
            ("method_declaration", "name"),
            ("type_spec", "name"),
            ("const_spec", "name"),
            ("var_spec", "name"),
            ("short_var_declaration", "left"),
            ("parameter_declaration", "name"),
            ("field_declaration", "name"),
            ("range_clause", "left"),
        ],
        texts: &["interpreted_string_literal_content", "raw_string_literal_content", "comment"],
        own: &["main", "init", "nil", "iota", "err", "ctx", "_", "true", "false", "String", "Error"],
        by_name: &["keyed_element"],
        imports: &["package_clause", "import_declaration"],
        around: &[],
        functions: &["function_declaration", "method_declaration"],
        types: &["type_declaration"],
        values: &["const_declaration", "var_declaration"],
        changes: &[],
        bodies: &[],
        methods: &[],
        types_move: true,
        wraps: &[],
    },
];

/// The grammar of a file.
pub(super) fn grammar(file: &str) -> tree_sitter::Language {
    match file.rsplit('.').next().unwrap() {
        "py" => tree_sitter_python::LANGUAGE.into(),
        "rs" => tree_sitter_rust::LANGUAGE.into(),
        "go" => tree_sitter_go::LANGUAGE.into(),
        "tsx" => tree_sitter_typescript::LANGUAGE_TSX.into(),
        "ts" | "mts" | "cts" => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        _ => tree_sitter_javascript::LANGUAGE.into(),
    }
}
