//! Which calls of a program are commands of Redis, on which keys, through which clients.
//!
//! In: a [`Program`]. Out: a [`Found`] for each command, place and way to come to it. What a client's method means as words, the
//! language says; what the words do, the table of commands says.

mod bounds;
mod candidates;
mod evidence;
mod found;
mod general;
mod lua;
mod reading;
mod sockets;
mod words;

use super::evaluate::value::{Bus, Text, Value};
use super::evaluate::{Evaluator, Touched};
use super::flow::Flow;
use super::index::Site;
use super::languages::{Role, UNKNOWN_METHOD};
use super::program::{Argument, Expression, Form};
use super::{Step, Told};
use crate::extract::Certainty;
use candidates::{Candidate, visible};
pub use candidates::{Candidates, candidates};
use evidence::Evidence;
pub use found::{Calls, Config, Found};
use sockets::raw_sockets;

/// All commands of a program.
pub fn calls<'p>(candidates: &'p Candidates<'p>, mut evaluator: Evaluator<'p>, told: Told<'_>) -> Calls {
    let program = evaluator.program;
    let evidence = &Evidence::new(program);
    let mut calls = Calls::default();
    for (done, (scope, index, candidate)) in candidates.by_scope.iter().enumerate() {
        told(Step::Following, done, candidates.by_scope.len());
        let Some(expression) = program.scopes[*scope].calls.get(*index) else { continue };
        if !may_speak(&mut evaluator.flow, evidence, *scope, expression, candidate) {
            continue;
        }
        let mut visit = Visit {
            evaluator: &mut evaluator,
            evidence,
            site: Site { scope: *scope, expression },
            candidate,
            start: calls.found.len(),
            calls: &mut calls,
            telling: false,
        };
        visit.evaluator.forget();
        visit.all();
    }
    raw_sockets(program, &mut calls);
    calls
}

/// May a call be one on a client, by what is known of all files or by its name?
fn may_speak<'p>(
    flow: &mut Flow<'p>,
    evidence: &Evidence<'p>,
    scope: usize,
    call: &'p Expression,
    candidate: &'p Candidate<'p>,
) -> bool {
    let Form::Call(callee, arguments) = &call.form else { return false };
    if candidate.whole.is_some() {
        return true;
    }
    candidate.called(callee, arguments).any(|called| match &called.form {
        Form::Attribute(base, method) => {
            flow.speaks(scope, base)
                || flow.speaks(scope, called)
                || evidence.by_name(flow.program, scope, base, method).is_some()
        }
        _ => flow.speaks(scope, called),
    })
}

struct Visit<'a, 'p> {
    evaluator: &'a mut Evaluator<'p>,
    evidence: &'a Evidence<'p>,
    site: Site<'p>,
    candidate: &'p Candidate<'p>,
    /// Where what this call gives begins.
    start: usize,
    calls: &'a mut Calls,
    /// Is it called on a client, as far as is known, or in a file that imports a Redis library?
    telling: bool,
}

/// A client that a call goes through.
struct Through {
    role: Role,
    bus: Bus,
    text: Option<Text>,
    certainty: Certainty,
    /// By its name alone, and a method that others have too.
    weak: bool,
}

impl<'p> Visit<'_, 'p> {
    fn all(&mut self) {
        let open = self.evaluator.open(self.site.scope);
        let visit = &mut *self;
        let mut first = Calls::default();
        let scope = visit.site.scope;
        let expression = visit.site;
        let candidate = visit.candidate;
        let evidence = visit.evidence;
        let (client, touched) = visit.evaluator.ask(|evaluator| {
            let mut frame =
                Frame { evaluator, evidence, site: expression, candidate, calls: &mut first, client: false };
            frame.run(open);
            frame.client || frame.is_part()
        });
        let unit = self.evaluator.program.scopes[scope].unit;
        self.telling = client || evidence.speaks(unit);
        // All callers together give no client, so that no caller alone gives one.
        if !(client || touched.cut) && first.found.is_empty() && first.unresolved.is_empty() {
            if touched.given_up {
                self.give_up();
            }
            return;
        }
        let contexts =
            if touched.arguments || touched.this { self.evaluator.contexts(scope, touched) } else { Vec::new() };
        if contexts.is_empty() {
            self.take(first, touched);
            return;
        }
        let before = self.evaluator.looked_at;
        for frame in contexts {
            if self.evaluator.looked_at - before > STEPS {
                self.give_up();
                return;
            }
            let mut found = Calls::default();
            let ((), here) = self.evaluator.ask(|evaluator| {
                Frame { evaluator, evidence, site: expression, candidate, calls: &mut found, client: false }.run(frame);
            });
            self.take(found, here);
        }
        if general::may_be(self.calls, self.start) {
            let frame = self.evaluator.blind(scope);
            let mut blind = Calls::default();
            let visit = &mut *self;
            let ((), _) = visit.evaluator.ask(|evaluator| {
                Frame { evaluator, evidence, site: expression, candidate, calls: &mut blind, client: false }.run(frame);
            });
            general::note(&mut self.calls.found[self.start..], &blind.found);
        }
    }

    /// Keeps what was found; it is no more than likely where not all callers were looked at.
    fn take(&mut self, found: Calls, touched: Touched) {
        if touched.given_up {
            self.give_up();
        }
        for mut one in found.found {
            if touched.cut || touched.given_up {
                one.certainty = one.certainty.max(Certainty::Likely);
            }
            if !self.calls.found[self.start..].contains(&one) {
                self.calls.found.push(one);
            }
        }
        for one in found.unresolved {
            self.unresolved(one);
        }
    }

    fn unresolved(&mut self, one: (usize, u32, String, String)) {
        if !self.calls.unresolved.contains(&one) {
            self.calls.unresolved.push(one);
        }
    }

    /// Says that not all was looked at that this call may rest on.
    fn give_up(&mut self) {
        if !self.telling {
            return;
        }
        let Site { scope, expression } = self.site;
        let unit = &self.evaluator.program.sources[self.evaluator.program.scopes[scope].unit].unit;
        let why = "too many ways lead here to follow them all; what is told of this call may lack keys";
        self.unresolved((scope, expression.line, snippet(&unit.text, expression), why.to_owned()));
    }
}

/// So many expressions are looked at for one call, in all ways that lead to it.
const STEPS: u64 = 400_000;

/// One call in one frame.
pub(super) struct Frame<'a, 'p> {
    evaluator: &'a mut Evaluator<'p>,
    evidence: &'a Evidence<'p>,
    site: Site<'p>,
    candidate: &'p Candidate<'p>,
    calls: &'a mut Calls,
    /// Was there a client, or may there be one by its name?
    client: bool,
}

impl<'p> Frame<'_, 'p> {
    /// Is the class around only a part, of which the fields and the makers stand elsewhere: methods of a type beside it?
    fn is_part(&self) -> bool {
        let program = self.evaluator.program;
        let class = program.class_of(self.site.scope).and_then(|class| program.scopes[class].class);
        program.language(self.site.scope).constructors.is_empty() && class.is_some_and(|class| class.fields.is_empty())
    }

    fn run(&mut self, frame: usize) {
        let Form::Call(callee, arguments) = &self.site.expression.form else { return };
        let candidate = self.candidate;
        if let Some(whole) = &candidate.whole {
            self.client = true;
            let through = match &whole.client {
                Some(client) => self.through(client, "", frame),
                None => Vec::new(),
            };
            let through = through.into_iter().next().unwrap_or(Through {
                role: Role::Client,
                bus: Bus::default(),
                text: None,
                certainty: Certainty::Certain,
                weak: false,
            });
            self.command(&whole.words, &Through { weak: false, ..through }, frame);
            return;
        }
        let called = match candidate.mentioned {
            Some(at) => match arguments.get(at) {
                Some(argument) => &argument.value,
                None => return,
            },
            None => callee,
        };
        if let Some(kept) = candidate.kept {
            self.kept(kept, callee, frame);
            return;
        }
        if let (Some(list), Form::Attribute(base, method)) = (candidate.list, &called.form) {
            for through in self.through(base, method, frame) {
                self.commands(list, &through, frame);
            }
            return;
        }
        if let Form::Attribute(base, method) = &called.form
            && method == UNKNOWN_METHOD
        {
            if !self.through(base, method, frame).is_empty() {
                self.unresolved("the command is known only when the program runs; declare its keys by hand");
            }
            return;
        }
        if candidate.words.is_empty() {
            self.script(called, arguments, frame);
            return;
        }
        let Form::Attribute(base, method) = &called.form else { return };
        let through = self.through(base, method, frame);
        self.each_client(&through, frame);
        if candidate.mentioned.is_none() {
            self.script(called, arguments, frame);
        }
    }

    /// A method that is called by the name that it is kept under.
    fn kept(&mut self, kept: &'p Expression, callee: &'p Expression, frame: usize) {
        let Form::Attribute(base, method) = &kept.form else { return };
        let values = self.evaluator.value(callee, frame);
        let clients = values.iter().filter_map(|item| {
            let Value::Method(base, called) = &item.value else { return None };
            let (Value::Object(role, bus, text), true) = (&**base, **called == **method) else { return None };
            Some(Through { role: *role, bus: bus.clone(), text: text.clone(), certainty: item.certainty, weak: false })
        });
        let mut through: Vec<Through> = clients.collect();
        self.client |= !through.is_empty();
        let near = matches!(&callee.form, Form::Name(name) if visible(self.evaluator.program, self.site.scope, name)
            .is_some_and(|here| std::ptr::eq(here, kept)));
        if through.is_empty() && near {
            through = self.through(base, method, frame);
        }
        self.each_client(&through, frame);
    }

    fn each_client(&mut self, through: &[Through], frame: usize) {
        let candidate = self.candidate;
        for through in through {
            if let Some((_, words)) = candidate.words.iter().find(|(role, _)| *role == through.role) {
                self.command(words, through, frame);
            }
        }
    }

    /// The clients that an expression may be.
    fn through(&mut self, base: &'p Expression, method: &str, frame: usize) -> Vec<Through> {
        let values = self.evaluator.value(base, frame);
        let mut all: Vec<Through> = Vec::new();
        let mut other = false;
        for item in values.iter() {
            match &item.value {
                Value::Object(role, bus, text) => all.push(Through {
                    role: *role,
                    bus: bus.clone(),
                    text: text.clone(),
                    certainty: item.certainty,
                    weak: false,
                }),
                Value::Instance(class, _) => {
                    let own = self.evaluator.program.scopes[*class].bindings.contains_key(method);
                    if let Some(role) = self.evaluator.extends_client(*class).filter(|_| !own) {
                        let bus = self.evaluator.embedded_bus(&item.value);
                        all.push(Through { role, bus, text: None, certainty: item.certainty, weak: false });
                    }
                    other = true;
                }
                Value::Null => {}
                value => other |= !value.is_hole(),
            }
        }
        let named = self.evidence.by_name(self.evaluator.program, self.site.scope, base, method);
        self.client |= !all.is_empty() || named.is_some();
        if !all.is_empty() || other {
            return all;
        }
        // Nothing is known of it: its name is the last resort.
        named
            .into_iter()
            .map(|(role, bus, weak)| Through { role, bus, text: None, certainty: Certainty::Likely, weak })
            .collect()
    }

    /// A script that is called with its keys.
    fn script(&mut self, called: &'p Expression, arguments: &'p [Argument], frame: usize) {
        let Some(keys) = arguments.iter().find(|argument| argument.name.as_deref() == Some("keys")) else { return };
        if !matches!(called.form, Form::Name(_) | Form::Attribute(..)) {
            return;
        }
        let values = self.evaluator.value(called, frame);
        for item in values.iter() {
            let Value::Object(Role::Script, bus, text) = &item.value else { continue };
            self.client = true;
            let expanded = self.list(&keys.value, frame);
            let through = Through {
                role: Role::Script,
                bus: bus.clone(),
                text: text.clone(),
                certainty: item.certainty,
                weak: false,
            };
            self.scripted("EVALSHA", through.text.as_ref(), &expanded, &through);
        }
    }

    fn text_of(&self, expression: &Expression) -> String {
        let unit = &self.evaluator.program.sources[self.evaluator.program.scopes[self.site.scope].unit].unit;
        snippet(&unit.text, expression)
    }

    fn unresolved(&mut self, why: &str) {
        let text = self.text_of(self.site.expression);
        self.calls.unresolved.push((self.site.scope, self.site.expression.line, text, why.to_owned()));
    }
}

/// An expression as written, on one line and cut.
pub fn snippet(text: &str, expression: &Expression) -> String {
    let range = expression.span.start as usize..expression.span.end as usize;
    let written = text.get(range).unwrap_or_default();
    let line: Vec<&str> = written.split_whitespace().collect();
    let line = line.join(" ");
    if line.chars().count() > 160 { line.chars().take(157).chain("...".chars()).collect() } else { line }
}
