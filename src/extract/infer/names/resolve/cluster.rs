//! Which words at one place mean the same, and whether to write them out or to write one variable for them: the cheaper
//! description of the two.
//!
//! Writing n words out costs as many patterns as there are ways on under each, and each word has to be named; a word that
//! looks chosen by a programmer (`meta`) costs little, one that does not (`a7Q`, `my-first-post`) costs more. One variable
//! costs its own price and the ways on once. So what speaks for the variable is the sum over words of their oddness, and
//! over the ways on of their price for each word after the first; what speaks against it is the price of a variable. The
//! first way on is cheap: a word before an id (`user:17`, `order:4`) is what any layout has. Each further one that words have
//! in common (`mail:7`, `mail:meta`; `sms:3`, `sms:meta`) is dear, for it is hardly chance.

use super::outline::Outline;
use crate::extract::infer::names::look::Class;
use crate::extract::infer::names::words::{is_structural, is_symbol, oddness};

/// What a variable costs.
const VARIABLE: f64 = 9.0;
/// What one costs that begins a name, where words are names of parts of a system more often than anywhere.
const VARIABLE_AT_ROOT: f64 = 20.0;
/// Words that programs are built of stand beside no more than so many others.
const PARTS: usize = 24;
/// What a short word in capitals costs among others: more than by itself.
const SYMBOL: f64 = 3.1;
/// How alike outlines of one meaning are at least.
const ALIKE: f64 = 0.5;

/// Words of one meaning, by their positions.
#[derive(Debug, Default)]
pub struct Cluster {
    /// Positions of the words, in order.
    pub members: Vec<usize>,
    /// What hangs under them.
    pub outline: Outline,
}

/// Puts words of one meaning together. The order of positions is that of the words, so that the answer depends on nothing else.
pub fn clusters(outlines: &[Outline]) -> Vec<Cluster> {
    let mut order: Vec<usize> = (0..outlines.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(outlines[*at].0.len()), *at));
    let mut clusters: Vec<Cluster> = Vec::new();
    for at in order {
        let outline = &outlines[at];
        let best = clusters
            .iter_mut()
            .map(|cluster| (cluster.outline.likeness(outline), cluster))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        match best {
            Some((_, cluster)) => {
                cluster.members.push(at);
                cluster.outline.extend(outline);
            }
            None => clusters.push(Cluster { members: vec![at], outline: outline.clone() }),
        }
    }
    for cluster in &mut clusters {
        cluster.members.sort_unstable();
    }
    clusters
}

/// What stands beside words that are judged.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside {
    /// Variables that have the same ways on.
    pub company: usize,
    /// Symbols with a part in capitals before them.
    pub prefixed: usize,
    /// Do they begin the name?
    pub at_root: bool,
}

/// Is one variable the cheaper description?
#[allow(clippy::cast_precision_loss, reason = "at most thousands")]
pub fn varies<'w>(
    cluster: &Cluster,
    outlines: &[Outline],
    word: impl Fn(usize) -> &'w [u8],
    Beside { company, prefixed, at_root }: Beside,
) -> bool {
    let structural = cluster.members.iter().filter(|at| is_structural(word(**at))).count();
    if structural * 2 > cluster.members.len() && cluster.members.len() <= PARTS {
        return false;
    }
    // Three tickers in a row are no coincidence; a word in capitals among others may be a state.
    let symbols = cluster.members.iter().all(|at| is_symbol(word(*at)));
    let odd: f64 = if symbols {
        SYMBOL * (cluster.members.len() + prefixed) as f64
    } else {
        cluster.members.iter().map(|at| oddness(word(*at))).sum()
    };
    let mut ways: Vec<f64> = Vec::new();
    let mut first: Option<(f64, usize)> = None;
    for way in cluster.outline.0.keys() {
        let count = cluster.members.iter().filter(|at| outlines[**at].0.contains_key(way)).count() + company;
        let more = count.saturating_sub(1);
        if more == 0 {
            continue;
        }
        let (alone, further) = price(way);
        ways.push(further * more as f64);
        let gain = alone * more as f64;
        if first.is_none_or(|(best, _)| gain > best) {
            first = Some((gain, ways.len() - 1));
        }
    }
    if let Some((gain, at)) = first {
        ways[at] = gain;
    }
    odd + ways.iter().sum::<f64>() > if at_root { VARIABLE_AT_ROOT } else { VARIABLE }
}

/// The price of a way on where it is the only one, and where it is one of several.
fn price(way: &[u8]) -> (f64, f64) {
    if way.is_empty() {
        return (0.3, 1.0);
    }
    let any_word = way.contains(&(Class::Word as u8));
    let fixed = way.split(|byte| *byte == 0).any(|key| key.len() > 2);
    if any_word && !fixed { (1.0, 3.0) } else { (2.0, 6.0) }
}
