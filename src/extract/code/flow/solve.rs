//! Values go along edges until none brings anything new.

use std::collections::VecDeque;

use super::{Edge, Mask, Place, Way};

/// Fills the masks.
pub(super) fn solve(edges: &[Edge], masks: &mut [Mask]) {
    // Edges by where they start, in one list.
    let mut starts = vec![0_u32; masks.len() + 1];
    for edge in edges {
        starts[edge.from as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut sorted: Vec<(Place, Way)> = vec![(0, Way::Same); edges.len()];
    let mut next = starts.clone();
    for edge in edges {
        let at = &mut next[edge.from as usize];
        sorted[*at as usize] = (edge.to, edge.way);
        *at += 1;
    }
    // First come, first served: what comes in meanwhile goes on together.
    let mut waiting: VecDeque<Place> =
        (0..).zip(masks.iter()).filter(|(_, mask)| **mask != 0).map(|(at, _)| at).collect();
    let mut waits: Vec<bool> = masks.iter().map(|mask| *mask != 0).collect();
    while let Some(from) = waiting.pop_front() {
        let from = from as usize;
        waits[from] = false;
        let mask = masks[from];
        for (next, way) in &sorted[starts[from] as usize..starts[from + 1] as usize] {
            let to = *next as usize;
            let more = masks[to] | way.of(mask);
            if more != masks[to] {
                masks[to] = more;
                if !waits[to] {
                    waits[to] = true;
                    waiting.push_back(*next);
                }
            }
        }
    }
}
