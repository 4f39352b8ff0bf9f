//! What the generated writers of any registry take, as values for tests: one write of each method, and the specs that a
//! contract drives. A registry in, JSON out; nothing here knows a particular registry.

use std::time::Duration;

use keywire::generate::rust::plan::{self, Argument, ArgumentKind, EntryId, WriteMethod};
use keywire::registry::{ModuleId, Registry, Scalar, Value as Declared};
use keywire::testing::{ArgumentSpec, WriteSpec, strategies};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

/// One valid write of each method of a module on a bus, in the order of the registry. `words` gives the arguments that
/// cannot be made up, by method and argument.
pub fn one_of_each(registry: &Registry, module: ModuleId, words: impl Fn(&str, &str) -> Value) -> Vec<Value> {
    let mut runner = TestRunner::deterministic();
    let methods = plan::writes(registry, module);
    let one = |method: &WriteMethod| {
        let mut arguments = Map::new();
        for param in &method.params {
            arguments.insert(param.clone(), made(&mut runner, strategies::param(&registry.param(module, param).kind)));
        }
        for argument in &method.arguments {
            let spec = argument_spec(registry, module, argument);
            let value = sample(&mut runner, registry, module, &spec);
            arguments.insert(argument.name.clone(), value.unwrap_or_else(|| words(&method.name, &argument.name)));
        }
        json!({ &method.name: arguments })
    };
    methods.iter().map(one).collect()
}

/// The writes of a module's generated writers, for a contract to drive.
pub fn specs(registry: &Registry, module: ModuleId) -> Vec<WriteSpec> {
    let spec = |method: WriteMethod| {
        let params = method.params.iter().map(|param| (param.clone(), ArgumentSpec::Param(param.clone())));
        let arguments = method.arguments.iter();
        let arguments = arguments.map(|argument| (argument.name.clone(), argument_spec(registry, module, argument)));
        WriteSpec {
            bus: method.entry.bus(registry).unwrap(),
            key: if let EntryId::Key(id) = method.entry { Some(id) } else { None },
            arguments: params.chain(arguments).collect(),
            method: method.name.clone(),
        }
    };
    plan::writes(registry, module).into_iter().map(spec).collect()
}

fn argument_spec(registry: &Registry, module: ModuleId, argument: &Argument) -> ArgumentSpec {
    match &argument.kind {
        ArgumentKind::Value(value) => ArgumentSpec::Value(value.clone()),
        ArgumentKind::OptionalValue(value) => ArgumentSpec::OptionalValue(value.clone()),
        ArgumentKind::Score(value) => ArgumentSpec::Score(value.clone()),
        ArgumentKind::Param(param) => ArgumentSpec::Param(param.clone()),
        ArgumentKind::Integer => ArgumentSpec::Integer,
        ArgumentKind::Count => ArgumentSpec::Count,
        // Any whole number of degrees that is one on both axes.
        ArgumentKind::Number if matches!(argument.name.as_str(), "longitude" | "latitude") => {
            ArgumentSpec::Ttl(Some((Duration::ZERO, Duration::from_secs(85))))
        }
        ArgumentKind::Number => ArgumentSpec::Number,
        ArgumentKind::Flag => ArgumentSpec::Flag,
        ArgumentKind::Ttl(range) => {
            let resolve = |amount| registry.duration(module, amount);
            ArgumentSpec::Ttl(range.as_ref().and_then(|(min, max)| resolve(min).zip(resolve(max))))
        }
        _ => ArgumentSpec::Words,
    }
}

/// A value of an argument; `None` when it cannot be made up.
fn sample(runner: &mut TestRunner, registry: &Registry, module: ModuleId, spec: &ArgumentSpec) -> Option<Value> {
    Some(match spec {
        ArgumentSpec::Value(declared) | ArgumentSpec::OptionalValue(declared) | ArgumentSpec::Score(declared) => {
            match declared {
                Declared::Payload(id) => made(runner, strategies::payload(&registry.bundled_schema(*id))),
                Declared::Scalar(scalar) => made(runner, strategies::scalar_json(*scalar)),
                Declared::Unknown(_) => made(runner, strategies::scalar_json(Scalar::Bytes)),
            }
        }
        ArgumentSpec::Param(name) => made(runner, strategies::param(&registry.param(module, name).kind)),
        ArgumentSpec::Ttl(Some((_, most))) => json!(most.as_secs_f64()),
        ArgumentSpec::Ttl(None) | ArgumentSpec::Integer | ArgumentSpec::Count | ArgumentSpec::Number => json!(60),
        ArgumentSpec::Flag => json!(true),
        ArgumentSpec::Words => return None,
    })
}

fn made<T: Into<Value> + std::fmt::Debug>(runner: &mut TestRunner, strategy: BoxedStrategy<T>) -> Value {
    strategy.new_tree(runner).unwrap().current().into()
}
