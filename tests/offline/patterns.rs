//! Laws of patterns: a formatted name matches its own pattern and gives its values back; automata and matcher agree on
//! who else claims it; the most specific pattern wins.

use std::path::PathBuf;

use keywire::registry::automaton::{Answer, Language, overlap};
use keywire::registry::{Claim, Matcher, ModuleId, ParamKind, Registry, load_texts, more_specific};
use keywire::testing::strategies;
use proptest::prelude::*;

const KINDS: &str = "  text: { type: string }
  upper: { type: string, pattern: \"[A-Z]{1,4}\" }
  symbol: { type: string, pattern: \"(?:I:)?[A-Z][A-Z.]{0,9}\" }
  number: { type: integer, min: -5, max: 5000 }
  uuid: { type: uuid }
  hex: { type: hex, length: 8 }
  day: { type: date }
  ms: { type: epoch_ms }
  word: { type: enum, values: [cart, trail, \"a.b\"] }
  tail: { type: rest }
";

const NAMES: [&str; 10] = ["text", "upper", "symbol", "number", "uuid", "hex", "day", "ms", "word", "tail"];

/// One to four segments: literals, braces among them, and params, each param at most once.
fn pattern() -> impl Strategy<Value = String> {
    let literal = prop::sample::select(vec!["app", "cart", "trail", "a.b", "I", "{{x}}", "7", "ключ"]);
    let segment =
        prop_oneof![literal.prop_map(str::to_owned), (0..NAMES.len()).prop_map(|at| format!("{{{}}}", NAMES[at]))];
    prop::collection::vec(segment, 1..5).prop_map(|mut segments| {
        let mut seen = Vec::new();
        segments.retain(|segment| {
            !segment.starts_with("{")
                || segment.starts_with("{{")
                || !seen.contains(segment) && {
                    seen.push(segment.clone());
                    true
                }
        });
        format!("p:{}", segments.join(":"))
    })
}

fn registry(patterns: &[String]) -> Registry {
    let main = "keywire: 1\nname: laws\nbuses: { main: {} }\n".to_owned();
    let mut module = format!("module: app\nbus: main\nparams:\n{KINDS}keys:\n");
    for (at, pattern) in patterns.iter().enumerate() {
        module.push_str(&format!("  k{at}: {{ key: \"{pattern}\", type: string }}\n"));
    }
    load_texts([(PathBuf::from("registry.yaml"), main), (PathBuf::from("modules/app.yaml"), module)])
        .unwrap_or_else(|error| panic!("{error}"))
}

fn claims(registry: &Registry) -> Vec<Claim<usize>> {
    let claim =
        |(at, key): (usize, &keywire::registry::Key)| Claim::new(at, &key.pattern, registry, ModuleId(0)).unwrap();
    registry.keys.iter().enumerate().map(claim).collect()
}

/// Patterns, and valid values of every param.
fn case() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    let registry = registry(&["p:x".to_owned()]);
    let kinds: Vec<ParamKind> = NAMES.iter().map(|name| registry.param(ModuleId(0), name).kind).collect();
    let values: Vec<_> = kinds.iter().map(strategies::param).collect();
    // The same pattern twice is one name with two owners: lint speaks of it.
    let patterns = prop::collection::btree_set(pattern(), 1..6).prop_map(|patterns| patterns.into_iter().collect());
    (patterns, values)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_formatted_name_is_claimed_by_its_pattern_and_by_those_that_overlap((patterns, values) in case()) {
        let registry = registry(&patterns);
        let claims = claims(&registry);
        let value = |param: &str| NAMES.iter().position(|name| *name == param).map(|at| values[at].clone());
        for claim in &claims {
            let name = claim.pattern().format(value).unwrap();
            prop_assert!(claim.matches(name.as_bytes()), "{} does not claim {name}", claim.pattern());
            // Values give the name back, even where a value could be split in another way.
            let read = claim.values(name.as_bytes());
            let again = claim.pattern().format(|param| {
                let (_, value) = read.iter().find(|(known, _)| *known == param)?;
                Some(String::from_utf8(value.to_vec()).unwrap())
            });
            prop_assert_eq!(again.as_deref(), Some(name.as_str()));
            for other in &claims {
                let both = overlap(&Language::new(claim.expression()).unwrap(), &Language::new(other.expression()).unwrap());
                match both {
                    Answer::Empty => prop_assert!(!other.matches(name.as_bytes()), "{} claims {name}", other.pattern()),
                    // Ranges of integers are not in the automaton, so that a witness may lie outside of one.
                    Answer::Witness(_) | Answer::Undecided => {}
                }
            }
        }
    }

    #[test]
    fn the_matcher_finds_what_trying_all_patterns_finds((patterns, values) in case()) {
        let registry = registry(&patterns);
        let claims = claims(&registry);
        let matcher = Matcher::new(claims.clone());
        let value = |param: &str| NAMES.iter().position(|name| *name == param).map(|at| values[at].clone());
        for name in claims.iter().map(|claim| claim.pattern().format(value).unwrap()) {
            let matching: Vec<&Claim<usize>> = claims.iter().filter(|claim| claim.matches(name.as_bytes())).collect();
            let found = matcher.find(name.as_bytes()).unwrap();
            prop_assert!(matching.iter().any(|claim| claim.target == found.target));
            prop_assert!(
                !matching.iter().any(|claim| more_specific(claim.pattern(), found.pattern())),
                "{} won over a more specific pattern for {name}", found.pattern()
            );
            prop_assert_eq!(matcher.find_all(name.as_bytes()).len(), matching.len());
        }
    }

    #[test]
    fn any_bytes_are_matched_without_a_panic(patterns in prop::collection::vec(pattern(), 1..4), name in prop::collection::vec(any::<u8>(), 0..60)) {
        let registry = registry(&patterns);
        let matcher = Matcher::new(claims(&registry));
        if let Some(claim) = matcher.find(&name) {
            prop_assert!(claim.matches(&name));
        }
    }

    #[test]
    fn more_specific_is_a_strict_order(a in pattern(), b in pattern(), c in pattern()) {
        let parse = |text: &str| keywire::registry::Pattern::parse(text).unwrap();
        let (a, b, c) = (parse(&a), parse(&b), parse(&c));
        prop_assert!(!more_specific(&a, &a));
        prop_assert!(!(more_specific(&a, &b) && more_specific(&b, &a)));
        if more_specific(&a, &b) && more_specific(&b, &c) {
            prop_assert!(more_specific(&a, &c));
        }
    }
}
