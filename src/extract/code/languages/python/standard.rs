//! Calls of the standard library that say the same as another form.

use crate::extract::code::languages::UNKNOWN_METHOD;
use crate::extract::code::program::{Argument, Expression, Form};

/// Classes that call a function later, with the place of the function and of its arguments where they are given by place.
const LATER: &[(&str, usize, usize)] =
    &[("Thread", 1, 3), ("Process", 1, 3), ("Timer", 1, 2), ("start_new_thread", 0, 1)];

/// `getattr(x, "name")` is `x.name`; `Thread(target=f, args=(a,))` calls `f(a)`.
pub(super) fn rewritten(callee: &Expression, arguments: &[Argument]) -> Option<Form> {
    match (&callee.form, arguments) {
        (Form::Name(name), [of, method]) if name == "getattr" && of.name.is_none() && method.name.is_none() => {
            let method = match &method.value.form {
                Form::Text(method) => method.clone(),
                _ => UNKNOWN_METHOD.to_owned(),
            };
            Some(Form::Attribute(Box::new(of.value.clone()), method))
        }
        (Form::Name(name) | Form::Attribute(_, name), _) => {
            let (_, function, given) = LATER.iter().find(|(known, ..)| known == name)?;
            later(arguments, *function, *given)
        }
        _ => None,
    }
}

fn later(arguments: &[Argument], function: usize, given: usize) -> Option<Form> {
    let by_name = |name: &str| arguments.iter().find(|argument| argument.name.as_deref() == Some(name));
    let by_place = |at: usize| arguments.get(at).filter(|argument| argument.name.is_none() && !argument.spread);
    let target = by_name("target").or_else(|| by_name("function")).or_else(|| by_place(function))?;
    if !matches!(target.value.form, Form::Name(_) | Form::Attribute(..) | Form::Closure(_)) {
        return None;
    }
    let mut found = Vec::new();
    match by_name("args").or_else(|| by_place(given)).map(|args| &args.value) {
        Some(Expression { form: Form::List(values), .. }) => {
            found.extend(values.iter().map(|value| Argument { name: None, value: value.clone(), spread: false }));
        }
        Some(value) => found.push(Argument { name: None, value: value.clone(), spread: true }),
        None => {}
    }
    match by_name("kwargs").map(|given| &given.value) {
        Some(Expression { form: Form::Map(entries), .. }) => {
            found.extend(entries.iter().filter_map(|(name, value)| {
                let Some(Expression { form: Form::Text(name), .. }) = name else { return None };
                Some(Argument { name: Some(name.clone()), value: value.clone(), spread: false })
            }))
        }
        Some(value) => found.push(Argument { name: Some("**".to_owned()), value: value.clone(), spread: true }),
        None => {}
    }
    Some(Form::Call(Box::new(target.value.clone()), found))
}
