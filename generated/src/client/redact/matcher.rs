//! [`Needles`]: strings that are found in a text however their characters are escaped.
//!
//! All needles are followed at once, in a set of bits (an algorithm known as Shift-And): the time
//! is at most the length of the text times the length of all needles divided by 64, whatever both
//! hold.

use std::ops::Range;

use secrecy::zeroize::Zeroizing;

use super::steps::{LONGEST, Text};

/// Of a text that ends in the first part of a needle, so many characters stay.
const SPARED: usize = 3;

/// What is looked for. What it holds of it is zeroized on drop.
pub(super) struct Needles {
    /// The characters that occur, sorted.
    alphabet: Zeroizing<Vec<char>>,
    /// For each of the alphabet a set of bits: one for each character of each needle.
    masks: Zeroizing<Vec<u64>>,
    /// The length of a set of bits.
    words: usize,
    /// The bits of first characters.
    first: Vec<u64>,
    /// The bits of last characters.
    last: Vec<u64>,
    /// The bits of all characters behind those that are spared.
    telling: Vec<u64>,
    /// The characters of the shortest needle. 0 if there is none.
    shortest: usize,
}

impl Needles {
    pub(super) fn new<S: AsRef<str>>(needles: &[S]) -> Self {
        let lengths = || needles.iter().map(|needle| needle.as_ref().chars().count());
        let bits = lengths().sum();
        // With its capacity from the start: growing leaves copies behind.
        let mut chars = Zeroizing::new(Vec::with_capacity(bits));
        for needle in needles {
            chars.extend(needle.as_ref().chars());
        }
        let mut alphabet = Zeroizing::new(chars.to_vec());
        alphabet.sort_unstable();
        alphabet.dedup();

        let words = bits.div_ceil(64);
        let set = || vec![0; words];
        let (mut first, mut last, mut telling) = (set(), set(), set());
        let mut start = 0;
        for length in lengths().filter(|length| *length > 0) {
            let end = start + length;
            insert(&mut first, start);
            insert(&mut last, end - 1);
            (start + SPARED..end).for_each(|bit| insert(&mut telling, bit));
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
            telling,
            shortest: lengths().filter(|length| *length > 0).min().unwrap_or(0),
        }
    }

    /// Where needles are, sorted and apart. A text that may be cut may end in the first part of one.
    pub(super) fn find(&self, text: &Text<'_>) -> Vec<Range<usize>> {
        let length = text.as_str().len();
        if self.shortest == 0 || (length < self.shortest && !text.may_be_cut()) {
            return Vec::new();
        }
        let mut ends = Vec::new();
        self.walk(text, |at, followed| {
            for (word, followed) in followed.iter().enumerate() {
                let bits = |set: &[u64]| followed & set.get(word).copied().unwrap_or_default();
                let mut ended = bits(&self.last);
                if text.may_be_cut() && at == length {
                    ended |= bits(&self.telling);
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
        self.walk_back(text, ends)
    }

    /// Where the value begins of the first member whose quoted name is one of the needles.
    pub(super) fn member_start(&self, text: &Text<'_>) -> Option<usize> {
        let mut start = None;
        self.walk(text, |at, followed| {
            if start.is_none() && meet(followed, &self.last) {
                start = text.after_colon(at);
            }
        });
        start
    }

    /// The bits of this character.
    fn mask(&self, char: char) -> Option<&[u64]> {
        let row = self.alphabet.binary_search(&char).ok()?;
        self.masks.get(row * self.words..(row + 1) * self.words)
    }

    /// Goes through the text, and says at each position, in their order, up to which characters
    /// needles were followed. Says nothing where none was.
    fn walk(&self, text: &Text<'_>, mut visit: impl FnMut(usize, &[u64])) {
        let length = text.as_str().len();
        let mut ring = Ring::new(self.words, length);
        let mut next = vec![0; self.words];
        for (at, char) in text.as_str().char_indices() {
            // Needles go on with their next character, and each may begin here.
            if let Some((followed, _)) = ring.get(at) {
                visit(at, followed);
                next.copy_from_slice(followed);
                shift_up(&mut next);
                zip(&mut next, &self.first, |next, first| next | first);
            } else if Text::is_escape(char)
                || self.mask(char).is_some_and(|mask| meet(mask, &self.first))
            {
                next.copy_from_slice(&self.first);
            } else {
                continue;
            }
            for step in text.steps(at).iter() {
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
        if let Some((followed, _)) = ring.get(length) {
            visit(length, followed);
        }
    }

    /// Goes back from where needles end to where they begin.
    fn walk_back(&self, text: &Text<'_>, mut ends: Vec<End>) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut ring = Ring::new(self.words, text.as_str().len());
        let mut rest = vec![0; self.words];
        let mut at = text.as_str().len();
        loop {
            if ring.is_idle() {
                match ends.last() {
                    Some(end) => at = end.at,
                    None => break,
                }
            }
            ring.clear(at);
            let mut farthest = 0;
            for step in text.steps(at).iter() {
                let Some((ahead, end)) = ring.get(step.end) else {
                    continue;
                };
                rest.copy_from_slice(ahead);
                if let Some(char) = step.char {
                    match self.mask(char) {
                        Some(mask) => zip(&mut rest, mask, |rest, mask| rest & mask),
                        None => continue,
                    }
                }
                if meet(&rest, &self.first) {
                    farthest = farthest.max(end);
                }
                zip(&mut rest, &self.first, |rest, first| rest & !first);
                shift_down(&mut rest);
                ring.add(at, end, rest.iter().copied());
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
            match text.before(at) {
                Some(before) => at = before,
                None => break,
            }
        }
        found.reverse();
        found
    }
}

/// Where needles end.
struct End {
    at: usize,
    /// Which of the words of a set of bits.
    word: usize,
    /// The bits of their last characters.
    bits: u64,
}

/// A set of bits, and the farthest end that it stands for, for each of the positions that one step
/// reaches.
struct Ring {
    words: usize,
    bits: Vec<u64>,
    /// 0 where no bit is set.
    ends: Vec<usize>,
}

impl Ring {
    fn new(words: usize, length: usize) -> Self {
        let slots = length.min(LONGEST) + 1;
        Self {
            words,
            bits: vec![0; slots * words],
            ends: vec![0; slots],
        }
    }

    fn is_idle(&self) -> bool {
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

fn meet(one: &[u64], other: &[u64]) -> bool {
    one.iter().zip(other).any(|(one, other)| one & other != 0)
}

fn zip(set: &mut [u64], other: &[u64], combine: impl Fn(u64, u64) -> u64) {
    for (word, other) in set.iter_mut().zip(other) {
        *word = combine(*word, *other);
    }
}

/// To the next characters.
fn shift_up(set: &mut [u64]) {
    let mut carry = 0;
    for word in set {
        let shifted = (*word << 1) | carry;
        carry = *word >> 63;
        *word = shifted;
    }
}

/// To the characters before.
fn shift_down(set: &mut [u64]) {
    let mut carry = 0;
    for word in set.iter_mut().rev() {
        let shifted = (*word >> 1) | carry;
        carry = *word << 63;
        *word = shifted;
    }
}
