//! Order of a chart's two columns with few crossing arrows. Layout engines start from the order in which they are told of
//! nodes, and stay near it.

/// Rounds of sorting either column by the other; the best order seen is kept, and more rounds rarely better it.
const ROUNDS: usize = 12;

/// The orders of a left and a right column, given the arrows between them. Left nodes of one group stay together, the
/// groups in their order.
pub(super) fn arrange(groups: &[usize], right: usize, arrows: &[(usize, usize)]) -> (Vec<usize>, Vec<usize>) {
    let mut lefts: Vec<usize> = (0..groups.len()).collect();
    // What nobody reads stands last, out of the way of arrows.
    lefts.sort_by_key(|node| (groups[*node], !arrows.iter().any(|arrow| arrow.0 == *node)));
    let mut rights: Vec<usize> = (0..right).collect();
    let mut best = (usize::MAX, lefts.clone(), rights.clone());
    for _ in 0..ROUNDS {
        sort_by_middle(
            &mut rights,
            &lefts,
            |_| 0,
            |node| arrows.iter().filter(move |arrow| arrow.1 == node).map(|arrow| arrow.0),
        );
        keep_better(&mut best, &lefts, &rights, arrows);
        sort_by_middle(
            &mut lefts,
            &rights,
            |node| groups[node],
            |node| arrows.iter().filter(move |arrow| arrow.0 == node).map(|arrow| arrow.1),
        );
        keep_better(&mut best, &lefts, &rights, arrows);
    }
    (best.1, best.2)
}

/// Sorts nodes by the mean place of their neighbours; those without any keep to the end.
fn sort_by_middle<I: Iterator<Item = usize>>(
    nodes: &mut [usize],
    others: &[usize],
    group: impl Fn(usize) -> usize,
    neighbours: impl Fn(usize) -> I,
) {
    let place = |node: usize| others.iter().position(|other| *other == node).unwrap_or(0);
    let middle = |node: usize| {
        let places: Vec<usize> = neighbours(node).map(place).collect();
        // In thousandths, to sort without fractions.
        if places.is_empty() { usize::MAX } else { places.iter().sum::<usize>() * 1_000 / places.len() }
    };
    nodes.sort_by_cached_key(|node| (group(*node), middle(*node)));
}

fn keep_better(
    best: &mut (usize, Vec<usize>, Vec<usize>),
    lefts: &[usize],
    rights: &[usize],
    arrows: &[(usize, usize)],
) {
    let place = |nodes: &[usize], node: usize| nodes.iter().position(|other| *other == node).unwrap_or(0);
    let placed: Vec<(usize, usize)> =
        arrows.iter().map(|arrow| (place(lefts, arrow.0), place(rights, arrow.1))).collect();
    let crosses = |a: &(usize, usize), b: &(usize, usize)| a.0 < b.0 && a.1 > b.1 || a.0 > b.0 && a.1 < b.1;
    let pairs = placed.iter().enumerate().flat_map(|(at, a)| placed[at + 1..].iter().map(move |b| (a, b)));
    let crossings = pairs.filter(|(a, b)| crosses(a, b)).count();
    if crossings < best.0 {
        *best = (crossings, lefts.to_vec(), rights.to_vec());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossings_that_need_not_be_are_gone() {
        let (lefts, rights) = arrange(&[0, 0, 0], 3, &[(0, 2), (1, 1), (2, 0)]);
        let place = |nodes: &[usize], node| nodes.iter().position(|other| *other == node);
        for (left, right) in [(0, 2), (1, 1), (2, 0)] {
            assert_eq!(place(&lefts, left), place(&rights, right));
        }
    }

    #[test]
    fn groups_stay_together_and_nothing_is_lost() {
        let (lefts, rights) = arrange(&[0, 0, 1, 1], 2, &[(0, 1), (1, 0), (2, 1), (3, 0)]);
        assert!(lefts[..2].iter().all(|node| *node < 2));
        assert_eq!((lefts.len(), rights.len()), (4, 2));
        assert_eq!(arrange(&[], 0, &[]), (vec![], vec![]));
    }
}
