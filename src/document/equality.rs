//! Equality as JSON Schema means it: numbers by value, objects regardless of order.
//! Takes nodes; `const`, `enum` and `uniqueItems` rest on it. Recursion is bounded by the nesting limit.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use jsonschema::JsonType;
use jsonschema::json::{Array as _, Node as _, Object as _, cmp};
use serde_json::Value;

use super::node::{Elements, Node, Object};

/// Up to so many elements are compared pair by pair; beyond, hashes come first.
const FEW_ELEMENTS: usize = 16;

/// Whether `node` equals a value of the schema.
pub(super) fn equals_value(node: Node<'_>, expected: &Value) -> bool {
    match expected {
        Value::Null => node.is_null(),
        Value::Bool(expected) => node.as_boolean() == Some(*expected),
        Value::Number(expected) => node.as_number().is_some_and(|number| cmp::equal_numbers(&number, expected)),
        Value::String(expected) => node.is_string() && node.text() == expected,
        Value::Array(expected) => node.as_array().is_some_and(|array| {
            array.len() == expected.len()
                && array.elements().zip(expected).all(|(node, value)| equals_value(node, value))
        }),
        Value::Object(expected) => node.as_object().is_some_and(|object| {
            object.len() == expected.len()
                && object
                    .members()
                    .all(|(name, node)| expected.get(name).is_some_and(|value| equals_value(node, value)))
        }),
    }
}

/// Whether two nodes of one document are equal.
fn equal(left: Node<'_>, right: Node<'_>) -> bool {
    if let (Some(left), Some(right)) = (left.as_number(), right.as_number()) {
        return left.equals(&right);
    }
    if let (Some(left), Some(right)) = (left.as_array(), right.as_array()) {
        return left.len() == right.len()
            && left.elements().zip(right.elements()).all(|(left, right)| equal(left, right));
    }
    if let (Some(left), Some(right)) = (left.as_object(), right.as_object()) {
        return left.len() == right.len() && equal_members(left, right);
    }
    left.json_type() == right.json_type()
        && left.as_boolean() == right.as_boolean()
        && (!left.is_string() || left.text() == right.text())
}

/// Whether two objects of as many members have equal ones.
fn equal_members(left: Object<'_>, right: Object<'_>) -> bool {
    if left.members().zip(right.members()).all(|((left, _), (right, _))| left == right) {
        return left.members().zip(right.members()).all(|((_, left), (_, right))| equal(left, right));
    }
    // Looking up each name would take quadratic time on large objects.
    let (left, right) = (sorted(left), sorted(right));
    left.iter().zip(&right).all(|((left, _), (right, _))| left == right)
        && left.iter().zip(&right).all(|((_, left), (_, right))| equal(*left, *right))
}

fn sorted(object: Object<'_>) -> Vec<(&str, Node<'_>)> {
    let mut members: Vec<_> = object.members().collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    members
}

/// Feeds `hasher` alike for equal nodes.
fn hash(node: Node<'_>, state: &RandomState, hasher: &mut impl Hasher) {
    match node.json_type() {
        JsonType::Number => node.as_number().map(|number| number.hash_key()).hash(hasher),
        JsonType::String => node.text().hash(hasher),
        JsonType::Array => {
            hasher.write_u32(node.slot.len);
            for element in node.as_array().into_iter().flat_map(|array| array.elements()) {
                hash(element, state, hasher);
            }
        }
        JsonType::Object => {
            // The sum does not depend on the order of members.
            let mut sum = 0_u64;
            for (name, value) in node.as_object().into_iter().flat_map(|object| object.members()) {
                let mut member = state.build_hasher();
                name.hash(&mut member);
                hash(value, state, &mut member);
                sum = sum.wrapping_add(member.finish());
            }
            hasher.write_u64(sum);
        }
        other => {
            (other, node.as_boolean()).hash(hasher);
        }
    }
}

/// Whether no two of `count` elements are equal.
pub(super) fn is_unique(elements: Elements<'_>, count: usize) -> bool {
    if count <= FEW_ELEMENTS {
        let mut left = elements;
        while let Some(element) = left.next() {
            if left.clone().any(|other| equal(element, other)) {
                return false;
            }
        }
        return true;
    }
    // Randomly keyed, so that a document cannot aim for equal hashes.
    let state = RandomState::new();
    let mut hashed: Vec<(u64, Node<'_>)> = elements
        .map(|element| {
            let mut hasher = state.build_hasher();
            hash(element, &state, &mut hasher);
            (hasher.finish(), element)
        })
        .collect();
    hashed.sort_unstable_by_key(|(hash, _)| *hash);
    hashed.chunk_by(|left, right| left.0 == right.0).all(|group| {
        group
            .iter()
            .enumerate()
            .all(|(index, (_, left))| group.iter().skip(index + 1).all(|(_, right)| !equal(*left, *right)))
    })
}
