//! The document as `jsonschema` reads it: its traits over slots. Nothing else knows those traits.

use std::borrow::Cow;
use std::iter;
use std::ops::ControlFlow;
use std::ptr;

use jsonschema::JsonType;
use jsonschema::json::{self, Array as _, Json, Node as _, NodeIdentity, Object as _};
use serde_json::Value;

use super::equality;
use super::number::Number;
use super::slot::{Name, Slot, Tag, Texts};

/// The representation of JSON that a [`Document`](super::Document) gives the validator.
pub struct Flat;

/// One value of a document.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    pub(super) texts: &'a Texts<'a>,
    pub(super) slot: &'a Slot,
    /// The slots after this one: a container's children, then what follows the container.
    rest: &'a [Slot],
}

static NULL_SLOT: Slot = Slot { bits: 0, start: 0, len: 0, tag: Tag::Null };

/// All that an error of the validator holds of the instance: values are private, and copying what
/// failed, once per error, would cost far more than finding it. Only errors ask for it.
static WITHHELD: Value = Value::Null;

impl<'a> Node<'a> {
    /// The value of the first slot.
    pub(super) fn first(texts: &'a Texts<'a>, slots: &'a [Slot]) -> Self {
        match slots.split_first() {
            Some((slot, rest)) => Self { texts, slot, rest },
            // A parsed document has at least one slot.
            None => Self { texts, slot: &NULL_SLOT, rest: &[] },
        }
    }

    /// The slots of a container's children.
    fn children(&self) -> &'a [Slot] {
        self.rest.get(..self.slot.span() - 1).unwrap_or_default()
    }

    pub(super) fn text(&self) -> &'a str {
        self.texts.of(self.slot)
    }

    /// The node that a JSON pointer leads to from this one.
    pub(super) fn descend(self, pointer: &str) -> Option<Self> {
        pointer.split('/').skip(1).try_fold(self, |node, step| {
            if let Some(array) = node.as_array() {
                return array.elements().nth(step.parse().ok()?);
            }
            let name = step.replace("~1", "/").replace("~0", "~");
            node.as_object()?.get(&Name::new(&name))
        })
    }

    /// The names of an object's members; none of other values.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.as_object().into_iter().flat_map(|object| object.members().map(|(name, _)| name))
    }
}

impl Json for Flat {
    type Node<'a> = Node<'a>;
    type PreparedKey = Name;
    type StringBuffer = ();

    // A look-up compares one word per member, which no pass over the members beats.
    const KEYS_PER_LOOKUP: usize = 0;
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> Name {
        Name::new(key)
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(Node<'_>) -> T) -> T {
        let texts = Texts { source: string, unescaped: "" };
        let len = u32::try_from(string.len()).unwrap_or(u32::MAX);
        let slot = Slot { bits: 0, start: 0, len, tag: Tag::Text };
        f(Node { texts: &texts, slot: &slot, rest: &[] })
    }
}

impl<'a> json::Node<'a, Flat> for Node<'a> {
    type Object = Object<'a>;
    type Array = Array<'a>;
    type Number = Number<'a>;

    fn as_object(&self) -> Option<Object<'a>> {
        (self.slot.tag == Tag::Object).then(|| Object {
            texts: self.texts,
            count: self.slot.len as usize,
            slots: self.children(),
        })
    }

    fn as_array(&self) -> Option<Array<'a>> {
        (self.slot.tag == Tag::Array).then(|| Array {
            texts: self.texts,
            count: self.slot.len as usize,
            slots: self.children(),
        })
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.is_string().then(|| Cow::Borrowed(self.text()))
    }

    fn as_number(&self) -> Option<Number<'a>> {
        let Slot { tag, bits, .. } = *self.slot;
        self.is_number().then(|| Number { tag, bits, text: self.text() })
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.slot.tag {
            Tag::True => Some(true),
            Tag::False => Some(false),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        self.slot.tag == Tag::Null
    }

    fn is_number(&self) -> bool {
        self.json_type() == JsonType::Number
    }

    fn json_type(&self) -> JsonType {
        match self.slot.tag {
            Tag::Null => JsonType::Null,
            Tag::False | Tag::True => JsonType::Boolean,
            Tag::Unsigned | Tag::Negative | Tag::Float | Tag::Huge => JsonType::Number,
            // `propertyNames` sees names as strings.
            Tag::Text | Tag::Unescaped | Tag::Name | Tag::UnescapedName | Tag::Replaced | Tag::ReplacedUnescaped => {
                JsonType::String
            }
            Tag::Array => JsonType::Array,
            Tag::Object => JsonType::Object,
        }
    }

    fn string_length_within(&self, min: u64, max: u64) -> Option<bool> {
        if !self.is_string() {
            return None;
        }
        // A character takes one to four bytes, so that the number of bytes often decides.
        let bytes = u64::from(self.slot.len);
        let fewest = bytes.div_ceil(4);
        if bytes < min || fewest > max {
            return Some(false);
        }
        if min <= fewest && bytes <= max {
            return Some(true);
        }
        Some((min..=max).contains(&(self.text().chars().count() as u64)))
    }

    fn equals_value(&self, expected: &Value) -> bool {
        equality::equals_value(*self, expected)
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Borrowed(&WITHHELD)
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(ptr::from_ref(self.slot).addr()))
    }
}

/// An object of a document.
#[derive(Debug, Clone, Copy)]
pub struct Object<'a> {
    texts: &'a Texts<'a>,
    count: usize,
    slots: &'a [Slot],
}

impl<'a> Object<'a> {
    /// Name slots that count, each as a node, with the node of its value.
    pub(super) fn pairs(self) -> impl Iterator<Item = (Node<'a>, Node<'a>)> {
        let mut members = self.members_from_slots();
        iter::from_fn(move || members.next_pair())
    }

    fn members_from_slots(self) -> Members<'a> {
        Members { texts: self.texts, slots: self.slots }
    }
}

impl<'a> json::Object<'a, Flat> for Object<'a> {
    type Node = Node<'a>;
    type MemberName = &'a str;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        self.count
    }

    fn get(&self, key: &Name) -> Option<Node<'a>> {
        let mut slots = self.slots;
        while let [name, rest @ ..] = slots {
            let value = rest.first()?;
            if key.matches(name, self.texts) {
                return Some(Node::first(self.texts, rest));
            }
            slots = rest.get(value.span()..)?;
        }
        None
    }

    fn members(&self) -> Members<'a> {
        self.members_from_slots()
    }

    fn try_for_each_name_node<B>(&self, (): &mut (), mut f: impl FnMut(Node<'_>) -> ControlFlow<B>) -> ControlFlow<B> {
        for (name, _) in self.pairs() {
            f(name)?;
        }
        ControlFlow::Continue(())
    }
}

/// The members of an object in document order, without those replaced further on.
#[derive(Debug, Clone)]
pub struct Members<'a> {
    texts: &'a Texts<'a>,
    slots: &'a [Slot],
}

impl<'a> Members<'a> {
    fn next_pair(&mut self) -> Option<(Node<'a>, Node<'a>)> {
        loop {
            let (name, rest) = self.slots.split_first()?;
            let value = Node::first(self.texts, rest);
            self.slots = rest.get(value.slot.span()..).unwrap_or_default();
            if name.is_live_name() {
                return Some((Node { texts: self.texts, slot: name, rest: &[] }, value));
            }
        }
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.next_pair().map(|(name, value)| (name.text(), value))
    }
}

/// An array of a document.
#[derive(Debug, Clone, Copy)]
pub struct Array<'a> {
    texts: &'a Texts<'a>,
    count: usize,
    slots: &'a [Slot],
}

impl<'a> json::Array<'a, Flat> for Array<'a> {
    type Node = Node<'a>;
    type ElementsIter = Elements<'a>;

    fn len(&self) -> usize {
        self.count
    }

    fn elements(&self) -> Elements<'a> {
        Elements { texts: self.texts, slots: self.slots }
    }

    fn is_unique(&self) -> bool {
        equality::is_unique(self.elements(), self.count)
    }
}

/// The elements of an array.
#[derive(Debug, Clone)]
pub struct Elements<'a> {
    texts: &'a Texts<'a>,
    slots: &'a [Slot],
}

impl<'a> Iterator for Elements<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        let slot = self.slots.first()?;
        let node = Node::first(self.texts, self.slots);
        self.slots = self.slots.get(slot.span()..).unwrap_or_default();
        Some(node)
    }
}
