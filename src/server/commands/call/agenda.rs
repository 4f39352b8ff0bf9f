//! What is still to be matched, and where to go on from if it does not match: the memory of `parse`.
//!
//! Tasks in, tasks out, last in first out. It knows no words.

use crate::server::commands::model::Argument;

/// What is still to be matched.
#[derive(Clone, Copy)]
pub(super) enum Task {
    /// These arguments. Bits of `used` mark those of the options at its front that were there already.
    List { list: &'static [Argument], used: u64 },
    /// The argument with its token and all its repetitions.
    Whole(&'static Argument),
    /// One value of the argument, without its token.
    Value(&'static Argument),
    /// More repetitions of the argument: so many, or as many as there are.
    Again { argument: &'static Argument, left: Option<usize> },
}

/// A list of tasks, to which each choice adds its own front.
pub(super) type Tasks = Option<usize>;

/// A task and those that come after it.
#[derive(Clone, Copy)]
struct Step {
    task: Task,
    next: Tasks,
}

/// Where the words were when a choice was offered.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The next word.
    pub(super) at: usize,
    /// How many arguments had been found.
    pub(super) given: usize,
}

struct Choice {
    tasks: Tasks,
    steps: usize,
    place: Place,
}

/// The tasks ahead, and the choices that were not taken.
pub(super) struct Agenda {
    /// Steps refer to one another by index, so that choices share what is to come after them.
    steps: Vec<Step>,
    choices: Vec<Choice>,
    /// The tasks ahead.
    pub(super) tasks: Tasks,
}

impl Agenda {
    pub(super) fn new() -> Self {
        Self { steps: Vec::with_capacity(8), choices: Vec::new(), tasks: None }
    }

    pub(super) fn push(&mut self, task: Task) {
        self.steps.push(Step { task, next: self.tasks });
        self.tasks = Some(self.steps.len() - 1);
    }

    pub(super) fn push_list(&mut self, list: &'static [Argument]) {
        if !list.is_empty() {
            self.push(Task::List { list, used: 0 });
        }
    }

    /// The next task. Its place is free again, unless a choice may come back to it.
    pub(super) fn pop(&mut self) -> Option<Task> {
        let index = self.tasks?;
        let step = *self.steps.get(index)?;
        self.tasks = step.next;
        let kept = self.choices.last().map_or(0, |choice| choice.steps);
        if index + 1 == self.steps.len() && index >= kept {
            self.steps.pop();
        }
        Some(step.task)
    }

    /// The first of these tasks.
    pub(super) fn first(&self, tasks: Tasks) -> Option<Task> {
        self.steps.get(tasks?).map(|step| step.task)
    }

    /// Whether these are one task, and such a one.
    pub(super) fn is_last(&self, tasks: Tasks, such: impl Fn(Task) -> bool) -> bool {
        tasks.and_then(|index| self.steps.get(index)).is_some_and(|step| step.next.is_none() && such(step.task))
    }

    /// The tasks ahead are one way to go on from this place.
    pub(super) fn offer(&mut self, place: Place) {
        self.choices.push(Choice { tasks: self.tasks, steps: self.steps.len(), place });
    }

    /// How many ways to go on are open.
    pub(super) fn offers(&self) -> usize {
        self.choices.len()
    }

    /// Goes on with what was offered last, if anything was.
    pub(super) fn take(&mut self) -> Option<Place> {
        let choice = self.choices.pop()?;
        self.tasks = choice.tasks;
        self.steps.truncate(choice.steps);
        Some(choice.place)
    }
}
