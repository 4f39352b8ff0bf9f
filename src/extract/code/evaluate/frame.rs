//! Where an expression is evaluated: in which scope, with which arguments, on which object. Frames are made once each, so that
//! what was evaluated in one is remembered.

use super::value::Values;
use crate::extract::code::maps::HashMap;
use crate::extract::code::program::{Argument, Expression};

/// So many calls within calls are followed.
pub const DEPTH: u32 = 12;

/// An object: its class, and where it was made.
pub type This = (usize, Option<usize>);

/// Where an expression is evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Frame {
    /// The scope.
    pub scope: usize,
    /// The call that gave the arguments; `None`: any.
    pub given: Option<usize>,
    /// What a method is called on.
    pub this: Option<This>,
    /// The frame of the scope around, where that is known.
    pub parent: Option<usize>,
}

/// What a call gives.
#[derive(Debug, Clone, Copy)]
pub enum Given<'p> {
    /// Arguments.
    Arguments(&'p [Argument]),
    /// The fields of a struct literal.
    Fields(&'p [(String, Expression)]),
    /// To a closure: each element of this.
    Elements(&'p Expression),
}

/// A call or struct literal in a frame.
#[derive(Debug, Clone)]
pub struct Place<'p> {
    /// What is given.
    pub given: Given<'p>,
    /// Arguments before these, as values.
    pub before: Vec<Values>,
    /// The frame that they are evaluated in.
    pub frame: usize,
}

/// All frames and places.
#[derive(Debug, Default)]
pub struct Frames<'p> {
    frames: Vec<(Frame, u32)>,
    known: HashMap<Frame, usize>,
    places: Vec<Place<'p>>,
    known_places: HashMap<(usize, usize, Vec<Values>), usize>,
}

impl<'p> Frames<'p> {
    /// The frame of that number.
    pub fn get(&self, frame: usize) -> &Frame {
        &self.frames[frame].0
    }

    /// Is it the frame of a scope of which neither the call nor the object is known?
    pub fn is_open(&self, frame: usize) -> bool {
        let Frame { given, this, parent, .. } = &self.frames[frame].0;
        given.is_none() && parent.is_none() && this.is_none_or(|(_, made)| made.is_none())
    }

    /// How many calls deep it is.
    pub fn depth(&self, frame: usize) -> u32 {
        self.frames[frame].1
    }

    /// The number of a frame.
    pub fn intern(&mut self, frame: Frame) -> usize {
        if let Some(known) = self.known.get(&frame) {
            return *known;
        }
        let of_place = |place: Option<usize>| place.map_or(0, |place| self.frames[self.places[place].frame].1 + 1);
        let outer = frame.parent.map_or(0, |parent| self.frames[parent].1);
        let depth = of_place(frame.given).max(frame.this.map_or(0, |(_, place)| of_place(place))).max(outer);
        self.frames.push((frame.clone(), depth));
        self.known.insert(frame, self.frames.len() - 1);
        self.frames.len() - 1
    }

    /// The place of that number.
    pub fn place(&self, place: usize) -> &Place<'p> {
        &self.places[place]
    }

    /// Does a frame run a scope that one of those runs which led to it by their arguments?
    fn is_again(&self, frame: usize) -> bool {
        let scope = self.frames[frame].0.scope;
        let before = |frame: &usize| self.frames[*frame].0.given.map(|place| self.places[place].frame);
        std::iter::successors(before(&frame), before).any(|outer| self.frames[outer].0.scope == scope)
    }

    /// The number of a place; `None` where it is too deep. A function that calls itself is followed once: each of its calls of itself
    /// leads to all of them again, so that their number would be a power of the depth.
    pub fn intern_place(&mut self, place: Place<'p>) -> Option<usize> {
        if self.depth(place.frame) >= DEPTH || self.is_again(place.frame) {
            return None;
        }
        let address = match place.given {
            Given::Arguments(arguments) => arguments.as_ptr() as usize,
            Given::Fields(fields) => fields.as_ptr() as usize,
            Given::Elements(over) => std::ptr::from_ref(over) as usize,
        };
        // Empty lists of arguments share an address; they give the same wherever they are.
        let key = (address, place.frame, place.before.clone());
        if let Some(known) = self.known_places.get(&key) {
            return Some(*known);
        }
        self.places.push(place);
        self.known_places.insert(key, self.places.len() - 1);
        Some(self.places.len() - 1)
    }
}
