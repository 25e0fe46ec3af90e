//! What became of each of a list.

use std::collections::HashMap;

/// What became of one of a list.
pub(super) enum Pair<'a, T> {
    Removed(&'a T),
    Added(&'a T),
    /// It is still there, at this place of the new list.
    Kept(&'a T, &'a T, usize),
}

/// Pairs the old with the new of the same Rust name: the compiler knows no other. First what was
/// there, in the old order, then what is new, in the new order.
pub(super) fn pair<'a, T>(old: &'a [T], new: &'a [T], name: fn(&T) -> &str) -> Vec<Pair<'a, T>> {
    let mut added: Vec<Option<&T>> = new.iter().map(Some).collect();
    let places: HashMap<&str, usize> = new.iter().map(name).zip(0..).collect();
    let mut pairs: Vec<Pair<'a, T>> = old
        .iter()
        .map(|old| {
            let kept = places
                .get(name(old))
                .and_then(|&place| Some((added[place].take()?, place)));
            match kept {
                Some((new, place)) => Pair::Kept(old, new, place),
                None => Pair::Removed(old),
            }
        })
        .collect();
    pairs.extend(added.into_iter().flatten().map(Pair::Added));
    pairs
}

/// Whether those that were kept stand in another order.
pub(super) fn reordered<T>(pairs: &[Pair<'_, T>]) -> bool {
    let places = pairs.iter().filter_map(|pair| match pair {
        Pair::Kept(.., place) => Some(*place),
        Pair::Removed(_) | Pair::Added(_) => None,
    });
    !places.is_sorted()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_reordered(old: &[&str], new: &[&str]) -> bool {
        reordered(&pair(old, new, |name| name))
    }

    #[test]
    fn what_comes_and_goes_moves_nothing() {
        assert!(!is_reordered(&["a", "b", "c"], &["x", "a", "y", "c"]));
        assert!(is_reordered(&["a", "b", "c"], &["c", "x", "a"]));
    }
}
