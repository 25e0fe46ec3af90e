//! Matches the items of an old and a new list by name.

use std::collections::HashMap;

/// An item of the old or the new list, or of both.
pub(super) enum Pair<'a, T> {
    Removed(&'a T),
    Added(&'a T),
    /// The old item, the new item, and its index in the new list.
    Kept(&'a T, &'a T, usize),
}

/// Matches items with the same Rust name. Returns first the old items in their order, then the added
/// ones in theirs.
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

/// Whether the order of the kept items changed.
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
