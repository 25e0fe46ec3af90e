//! [`Needles`]: searches a string for others whose characters may be escaped.
//!
//! It searches for all needles at once, with the Shift-And algorithm on sets of bits. The time is at most
//! proportional to the length of the haystack times the length of all needles divided by 64.

use std::ops::Range;

use secrecy::zeroize::Zeroizing;

use super::haystack::{Haystack, MAX_STEP_LEN};

/// The beginning of a needle at the end of a truncated haystack is found if it has more than this many
/// characters.
const MAX_IGNORED: usize = 3;

/// The strings to search for. They are zeroized on drop.
pub(super) struct Needles {
    /// The characters of all needles, sorted, without duplicates.
    alphabet: Zeroizing<Vec<char>>,
    /// For each character of the alphabet, a set with one bit per character of each needle.
    masks: Zeroizing<Vec<u64>>,
    /// The length of a set of bits in words.
    words: usize,
    /// The bits of the first characters.
    first: Vec<u64>,
    /// The bits of the last characters.
    last: Vec<u64>,
    /// The bits of the characters after the first [`MAX_IGNORED`].
    revealing: Vec<u64>,
    /// The length of the shortest needle in characters. 0 without needles.
    shortest: usize,
}

impl Needles {
    pub(super) fn new<S: AsRef<str>>(needles: &[S]) -> Self {
        let lengths = || needles.iter().map(|needle| needle.as_ref().chars().count());
        let bits = lengths().sum();
        // A vector that grows would leave copies of the secrets in memory.
        let mut chars = Zeroizing::new(Vec::with_capacity(bits));
        for needle in needles {
            chars.extend(needle.as_ref().chars());
        }
        let mut alphabet = Zeroizing::new(chars.to_vec());
        alphabet.sort_unstable();
        alphabet.dedup();

        let words = bits.div_ceil(64);
        let set = || vec![0; words];
        let (mut first, mut last, mut revealing) = (set(), set(), set());
        let mut start = 0;
        for length in lengths().filter(|length| *length > 0) {
            let end = start + length;
            insert(&mut first, start);
            insert(&mut last, end - 1);
            (start + MAX_IGNORED..end).for_each(|bit| insert(&mut revealing, bit));
            start = end;
        }
        let mut masks = Zeroizing::new(vec![0; words * alphabet.len()]);
        for (bit, char) in chars.iter().enumerate() {
            let row = alphabet.binary_search(char).unwrap_or_default();
            insert(masks.get_mut(row * words..).unwrap_or_default(), bit);
        }
        Self {
            alphabet,
            masks,
            words,
            first,
            last,
            revealing,
            shortest: lengths().filter(|length| *length > 0).min().unwrap_or(0),
        }
    }

    /// The ranges of needles, sorted, without overlaps. Includes the beginning of a needle at the end of a
    /// truncated haystack.
    pub(super) fn find(&self, haystack: &Haystack<'_>) -> Vec<Range<usize>> {
        let length = haystack.as_str().len();
        if self.shortest == 0 || (length < self.shortest && !haystack.may_be_truncated()) {
            return Vec::new();
        }
        let mut ends = Vec::new();
        self.walk(haystack, |at, matched| {
            for (word, matched) in matched.iter().enumerate() {
                let bits = |set: &[u64]| matched & set.get(word).copied().unwrap_or_default();
                let mut ended = bits(&self.last);
                if haystack.may_be_truncated() && at == length {
                    ended |= bits(&self.revealing);
                }
                if ended != 0 {
                    ends.push(End {
                        at,
                        word,
                        bits: ended,
                    });
                }
            }
        });
        self.walk_back(haystack, ends)
    }

    /// The start of the value of the first JSON member whose quoted name is a needle.
    pub(super) fn member_start(&self, haystack: &Haystack<'_>) -> Option<usize> {
        let mut start = None;
        self.walk(haystack, |at, matched| {
            if start.is_none() && intersect(matched, &self.last) {
                start = haystack.after_colon(at);
            }
        });
        start
    }

    /// The bits of a character.
    fn mask(&self, char: char) -> Option<&[u64]> {
        let row = self.alphabet.binary_search(&char).ok()?;
        self.masks.get(row * self.words..(row + 1) * self.words)
    }

    /// Reads the haystack forwards. Calls `visit` in order with each position where a beginning of a needle ends,
    /// and with the bits of the last characters of these beginnings.
    fn walk(&self, haystack: &Haystack<'_>, mut visit: impl FnMut(usize, &[u64])) {
        let length = haystack.as_str().len();
        let mut ring = Ring::new(self.words, length);
        let mut next = vec![0; self.words];
        for (at, char) in haystack.as_str().char_indices() {
            // Needles continue with their next character, and each may begin here.
            if let Some((matched, _)) = ring.get(at) {
                visit(at, matched);
                next.copy_from_slice(matched);
                shift_up(&mut next);
                combine(&mut next, &self.first, |next, first| next | first);
            } else if Haystack::may_begin_escape(char)
                || self
                    .mask(char)
                    .is_some_and(|mask| intersect(mask, &self.first))
            {
                next.copy_from_slice(&self.first);
            } else {
                continue;
            }
            for step in haystack.steps(at).iter() {
                match step.char {
                    Some(char) => {
                        if let Some(mask) = self.mask(char) {
                            let bits = next.iter().zip(mask).map(|(next, mask)| next & mask);
                            ring.add(step.end, 1, bits);
                        }
                    }
                    None => ring.add(step.end, 1, next.iter().copied()),
                }
            }
            ring.clear(at);
        }
        if let Some((matched, _)) = ring.get(length) {
            visit(length, matched);
        }
    }

    /// Reads the haystack backwards, from the ends of needles to their starts.
    fn walk_back(&self, haystack: &Haystack<'_>, mut ends: Vec<End>) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut ring = Ring::new(self.words, haystack.as_str().len());
        let mut bits = vec![0; self.words];
        let mut at = haystack.as_str().len();
        loop {
            if ring.is_empty() {
                match ends.last() {
                    Some(end) => at = end.at,
                    None => break,
                }
            }
            ring.clear(at);
            let mut farthest = 0;
            for step in haystack.steps(at).iter() {
                let Some((ahead, end)) = ring.get(step.end) else {
                    continue;
                };
                bits.copy_from_slice(ahead);
                if let Some(char) = step.char {
                    match self.mask(char) {
                        Some(mask) => combine(&mut bits, mask, |bits, mask| bits & mask),
                        None => continue,
                    }
                }
                if intersect(&bits, &self.first) {
                    farthest = farthest.max(end);
                }
                combine(&mut bits, &self.first, |bits, first| bits & !first);
                shift_down(&mut bits);
                ring.add(at, end, bits.iter().copied());
            }
            match found.last_mut() {
                _ if farthest == 0 => {}
                Some(last) if last.start < farthest => {
                    *last = at..last.end.max(farthest);
                }
                _ => found.push(at..farthest),
            }
            while let Some(end) = ends.last().filter(|end| end.at == at) {
                let word = |word| if word == end.word { end.bits } else { 0 };
                ring.add(at, at, (0..self.words).map(word));
                ends.pop();
            }
            match haystack.before(at) {
                Some(before) => at = before,
                None => break,
            }
        }
        found.reverse();
        found
    }
}

/// A position where needles end.
struct End {
    at: usize,
    /// The index of a word in a set of bits.
    word: usize,
    /// The bits of their last characters in that word.
    bits: u64,
}

/// A ring buffer with a set of bits and an end for each position that one step can reach.
struct Ring {
    words: usize,
    bits: Vec<u64>,
    /// The farthest end that the bits lead to. 0 if no bit is set.
    ends: Vec<usize>,
}

impl Ring {
    fn new(words: usize, length: usize) -> Self {
        let slots = length.min(MAX_STEP_LEN) + 1;
        Self {
            words,
            bits: vec![0; slots * words],
            ends: vec![0; slots],
        }
    }

    fn is_empty(&self) -> bool {
        self.ends.iter().all(|end| *end == 0)
    }

    fn get(&self, at: usize) -> Option<(&[u64], usize)> {
        let slot = at % self.ends.len();
        let end = self.ends.get(slot).copied().filter(|end| *end > 0)?;
        let bits = self.bits.get(slot * self.words..(slot + 1) * self.words)?;
        Some((bits, end))
    }

    fn add(&mut self, at: usize, end: usize, bits: impl Iterator<Item = u64>) {
        let slot = at % self.ends.len();
        let row = self.bits.iter_mut().skip(slot * self.words);
        let mut all = 0;
        for (old, new) in row.zip(bits) {
            *old |= new;
            all |= new;
        }
        if let Some(old) = self.ends.get_mut(slot).filter(|_| all != 0) {
            *old = end.max(*old);
        }
    }

    fn clear(&mut self, at: usize) {
        let slot = at % self.ends.len();
        if self
            .ends
            .get_mut(slot)
            .is_some_and(|end| std::mem::take(end) > 0)
        {
            let row = self.bits.iter_mut().skip(slot * self.words);
            row.take(self.words).for_each(|bits| *bits = 0);
        }
    }
}

fn insert(set: &mut [u64], bit: usize) {
    if let Some(word) = set.get_mut(bit / 64) {
        *word |= 1 << (bit % 64);
    }
}

fn intersect(one: &[u64], other: &[u64]) -> bool {
    one.iter().zip(other).any(|(one, other)| one & other != 0)
}

fn combine(set: &mut [u64], other: &[u64], operation: impl Fn(u64, u64) -> u64) {
    for (word, other) in set.iter_mut().zip(other) {
        *word = operation(*word, *other);
    }
}

/// Moves each bit to the next character.
fn shift_up(set: &mut [u64]) {
    let mut carry = 0;
    for word in set {
        let shifted = (*word << 1) | carry;
        carry = *word >> 63;
        *word = shifted;
    }
}

/// Moves each bit to the previous character.
fn shift_down(set: &mut [u64]) {
    let mut carry = 0;
    for word in set.iter_mut().rev() {
        let shifted = (*word >> 1) | carry;
        carry = *word << 63;
        *word = shifted;
    }
}
