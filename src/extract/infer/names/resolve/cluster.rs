//! Which words at one place mean the same, and whether to write them out or to write one variable for them: the cheaper
//! description of the two.
//!
//! Writing n words out costs as many patterns as there are ways on under each, and each word has to be named; a word that
//! looks chosen by a programmer (`meta`) costs little, one that does not (`a7Q`, `my-first-post`) costs more. One variable
//! costs its own price and the ways on once. So what speaks for the variable is the sum over words of their oddness, and
//! over the ways on of their price for each word after the first; what speaks against it is the price of a variable. The
//! first way on is cheap: a word before an id (`user:17`, `order:4`) is what any layout has. Each further one that words have
//! in common (`mail:7`, `mail:meta`; `sms:3`, `sms:meta`) is dear, for it is hardly chance.

use std::collections::BTreeSet;

use super::known::Known;
use super::outline::{Outline, closer};
use crate::extract::infer::names::look::Class;
use crate::extract::infer::names::words::{is_structural, is_symbol, oddness};

/// What a variable costs.
const VARIABLE: f64 = 9.0;
/// What one costs that begins a name, where words are names of parts of a system more often than anywhere.
const VARIABLE_AT_ROOT: f64 = 20.0;
/// Words that programs are built of stand beside no more than so many others.
const PARTS: usize = 24;
/// What a short word in capitals costs among others: more than by itself. And a word that is data elsewhere.
const SYMBOL: f64 = 3.1;
/// What it costs, for each way on and each word after the first, that keys hold the same: two named parts or more, or one.
const SAME_RECORD: f64 = 3.5;
const SAME_CONTENT: f64 = 1.0;
/// And that they are of one type, of which no more is known.
const SAME_TYPE: f64 = 0.3;
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
#[derive(Debug, Clone, Copy)]
pub struct Beside<'k> {
    /// What is known of words.
    pub known: &'k Known,
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
    Beside { known, company, prefixed, at_root }: Beside<'_>,
) -> bool {
    let structural = cluster.members.iter().filter(|at| is_structural(word(**at))).count();
    if structural * 2 > cluster.members.len() && cluster.members.len() <= PARTS {
        return false;
    }
    // Three tickers in a row are no coincidence; a word in capitals among others may be a state.
    let symbols = cluster.members.iter().all(|at| is_symbol(word(*at)));
    let shares: Vec<Sharing> = cluster.outline.0.keys().map(|way| sharing(cluster, outlines, way)).collect();
    // Words that are data elsewhere are so here, if as much is known of the keys as that they may be of one meaning.
    let is_data = |at: &&usize| known.is_data(word(**at));
    let data = cluster.members.iter().filter(is_data).count();
    let data = data >= 2
        && data * 3 >= cluster.members.len() * 2
        && shares.iter().all(|share| !matches!(share, Sharing::Unknown | Sharing::Nothing));
    let price_of = |at: &usize| if data && known.is_data(word(*at)) { SYMBOL } else { oddness(word(*at)) };
    let odd: f64 = if symbols {
        SYMBOL * (cluster.members.len() + prefixed) as f64
    } else {
        cluster.members.iter().map(price_of).sum()
    };
    let mut ways: Vec<f64> = Vec::new();
    let mut first: Option<(f64, usize)> = None;
    for (way, share) in cluster.outline.0.keys().zip(&shares) {
        let count = cluster.members.iter().filter(|at| outlines[**at].0.contains_key(way)).count();
        let more = (count + company).saturating_sub(1);
        if more == 0 {
            continue;
        }
        let (alone, further) = price(way);
        let same = match share {
            Sharing::Record => SAME_RECORD,
            Sharing::Content => SAME_CONTENT,
            Sharing::Type => SAME_TYPE,
            Sharing::Nothing | Sharing::Unknown => 0.0,
        };
        if count > 1 {
            ways.push(same * (count - 1) as f64);
        }
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
    match (any_word, fixed) {
        (true, false) => (1.0, 3.0),
        // Different words before the same one are less of a chance than before an id.
        (_, true) => (3.5, 6.0),
        (false, false) => (2.0, 6.0),
    }
}

/// What is known in common of the keys at the end of one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sharing {
    /// Names alone are known.
    Unknown,
    /// More is known of them, and it differs.
    Nothing,
    /// The type.
    Type,
    /// One thing besides, which is all.
    Content,
    /// The names of parts, two or more, which are most of all.
    Record,
}

fn sharing(cluster: &Cluster, outlines: &[Outline], way: &[u8]) -> Sharing {
    let mut signatures = cluster.members.iter().filter_map(|at| outlines[*at].0.get(way)).peekable();
    if signatures.peek().is_none_or(|signature| signature.is_empty()) {
        return Sharing::Unknown;
    }
    let mut all: BTreeSet<&str> = BTreeSet::new();
    let mut common: Option<BTreeSet<&str>> = None;
    for signature in signatures {
        let words: BTreeSet<&str> = signature.iter().map(String::as_str).filter(|word| closer(word)).collect();
        all.extend(&words);
        common = Some(common.map_or(words.clone(), |known| &known & &words));
    }
    let common = common.unwrap_or_default().len();
    match common {
        _ if all.is_empty() => Sharing::Type,
        0 => Sharing::Nothing,
        2.. if common * 2 >= all.len() => Sharing::Record,
        _ if common == all.len() => Sharing::Content,
        _ => Sharing::Type,
    }
}
