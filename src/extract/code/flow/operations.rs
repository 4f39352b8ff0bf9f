//! What functions and methods of the standard library make of what they are given.

use super::{Flow, Node, To, Way};
use crate::extract::code::languages::Operation;
use crate::extract::code::program::{Argument, Form};

impl<'p> Flow<'p> {
    /// What functions of the standard library make of their operands.
    pub(super) fn operation(
        &mut self,
        scope: usize,
        operation: Operation,
        (on, arguments): (Option<Node>, &'p [Argument]),
        to: To,
    ) {
        let operands = |flow: &mut Self| -> Vec<Node> {
            let mut all: Vec<Node> = on.into_iter().collect();
            all.extend(arguments.iter().map(|argument| flow.node_of(scope, &argument.value)));
            all
        };
        match operation {
            Operation::Same(_) | Operation::ClassOf | Operation::Shift => {
                for node in operands(self) {
                    self.pour(node, to);
                }
            }
            Operation::Get => {
                for (at, node) in operands(self).into_iter().enumerate() {
                    self.take(node, to);
                    if at > 1 {
                        self.edge(node.value(), to.value, Way::Same);
                    }
                }
                for argument in arguments {
                    if let Form::Text(name) = &argument.value.form {
                        self.pour_name(name, to);
                    }
                }
            }
            Operation::Names
            | Operation::Values
            | Operation::Items
            | Operation::Enumerate
            | Operation::Zip
            | Operation::Elements => {
                for node in operands(self) {
                    self.edge(node.content(), to.content, Way::Same);
                    self.edge(node.value(), to.content, Way::Same);
                }
            }
            Operation::Map | Operation::MapWith | Operation::Partial | Operation::Apply(_) => {
                for node in operands(self) {
                    self.edge(node.value(), to.value, Way::Same);
                    self.edge(node.value(), to.value, Way::Called);
                    self.edge(node.value(), to.content, Way::Called);
                    self.take(node, to);
                }
            }
            // Texts, numbers and times.
            _ => {}
        }
    }
}
