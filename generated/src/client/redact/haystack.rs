//! [`Haystack`]: a string as a graph of steps. From each position, one step reads the character there, and one
//! step reads each escape that begins there. Each path through the graph is one way to unescape the string.

use std::cell::RefCell;
use std::ops::Range;

/// The maximum depth of nested escapes, such as JSON in a JSON string in a URL.
const MAX_DEPTH: usize = 3;

/// The maximum length of a step in bytes.
pub(super) const MAX_STEP_LEN: usize = 127;

/// The HTML entities that escaping writes.
const NAMES: [(&str, char); 6] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
];

/// A step over one character.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Step {
    /// The position after the step.
    pub(super) end: usize,
    /// The unescaped character. `None` for a truncated escape, which may be any character.
    pub(super) char: Option<char>,
}

/// The steps from one position.
#[derive(Clone, Copy)]
pub(super) struct Steps {
    start: usize,
    /// More than 16 steps from one position don't occur in practice.
    steps: [Step; 16],
    length: usize,
}

impl Steps {
    fn new(start: usize) -> Self {
        Self {
            start,
            steps: [Step::default(); 16],
            length: 0,
        }
    }

    fn push(&mut self, end: usize, char: Option<char>) {
        let step = Step { end, char };
        if end - self.start > MAX_STEP_LEN || self.iter().any(|other| *other == step) {
            return;
        }
        if let Some(free) = self.steps.get_mut(self.length) {
            *free = step;
            self.length += 1;
        }
    }

    /// Ignores a code that isn't the code of a character.
    fn push_code(&mut self, end: usize, code: u32) {
        if let Some(char) = char::from_u32(code) {
            self.push(end, Some(char));
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().take(self.length)
    }
}

/// The result of reading a character or a number.
enum Parsed {
    /// The character's code or the number, and the position after it.
    Found(u32, usize),
    Truncated,
    Missing,
}

/// A string to search. It may be truncated.
pub(super) struct Haystack<'a> {
    text: &'a str,
    is_truncated: bool,
    /// A cache of the steps of recent escapes, by position and depth.
    cache: RefCell<Vec<Option<Steps>>>,
}

impl<'a> Haystack<'a> {
    fn new(text: &'a str, is_truncated: bool) -> Self {
        Self {
            text,
            is_truncated,
            cache: RefCell::default(),
        }
    }

    pub(super) fn complete(text: &'a str) -> Self {
        Self::new(text, false)
    }

    pub(super) fn truncated(text: &'a str) -> Self {
        Self::new(text, true)
    }

    pub(super) fn as_str(&self) -> &'a str {
        self.text
    }

    pub(super) fn may_be_truncated(&self) -> bool {
        self.is_truncated
    }

    /// Whether an escape may begin with this character.
    pub(super) fn may_begin_escape(char: char) -> bool {
        matches!(char, '\\' | '%' | '&' | '+')
    }

    /// The position before this one.
    pub(super) fn before(&self, at: usize) -> Option<usize> {
        let char = self.text.get(..at)?.chars().next_back()?;
        Some(at - char.len_utf8())
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// The steps from a position. None at the end.
    pub(super) fn steps(&self, at: usize) -> Steps {
        if at == self.text.len() {
            return Steps::new(at);
        }
        self.nested(at, MAX_DEPTH)
    }

    /// The steps from a position. Escapes may contain escapes up to this depth.
    fn nested(&self, at: usize, depth: usize) -> Steps {
        let mut steps = Steps::new(at);
        match self.char_at(at) {
            None if self.is_truncated => steps.push(at, None),
            None => {}
            Some(char) if depth == 0 || !Self::may_begin_escape(char) => {
                steps.push(at + char.len_utf8(), Some(char));
            }
            Some(_) => {
                let positions = self.text.len().min(MAX_STEP_LEN) + 1;
                let slot = (at % positions) * MAX_DEPTH + depth - 1;
                let cached = self.cache.borrow().get(slot).copied().flatten();
                if let Some(cached) = cached.filter(|cached| cached.start == at) {
                    return cached;
                }
                steps = self.escapes(at, depth - 1);
                let mut cache = self.cache.borrow_mut();
                cache.resize(positions * MAX_DEPTH, None);
                if let Some(cached) = cache.get_mut(slot) {
                    *cached = Some(steps);
                }
            }
        }
        steps
    }

    /// The steps that read an escape character, or the escape that it begins. The characters of the escape
    /// may be escapes of this depth.
    fn escapes(&self, at: usize, depth: usize) -> Steps {
        let inner = self.nested(at, depth);
        let mut steps = inner;
        for step in inner.iter() {
            match step.char {
                Some('\\') => self.backslash(step.end, depth, &mut steps),
                Some('%') => self.percent(step.end, depth, &mut steps),
                Some('&') => self.entity(step.end, depth, &mut steps),
                // Forms write a space as `+`.
                Some('+') => steps.push(step.end, Some(' ')),
                _ => {}
            }
        }
        steps
    }

    /// `at` is after the backslash.
    fn backslash(&self, at: usize, depth: usize, steps: &mut Steps) {
        for step in self.nested(at, depth).iter() {
            match step.char {
                None | Some('"' | '\\' | '/' | '\'') => steps.push(step.end, step.char),
                Some('b') => steps.push(step.end, Some('\u{8}')),
                Some('f') => steps.push(step.end, Some('\u{c}')),
                Some('n') => steps.push(step.end, Some('\n')),
                Some('r') => steps.push(step.end, Some('\r')),
                Some('t') => steps.push(step.end, Some('\t')),
                Some('u') => self.unicode(step.end, depth, steps),
                Some('x') => match self.hex(step.end, 2, depth) {
                    Parsed::Found(code, end) => steps.push_code(end, code),
                    Parsed::Truncated => self.push_truncated(steps),
                    Parsed::Missing => {}
                },
                _ => {}
            }
        }
    }

    /// `at` is after `\u`.
    fn unicode(&self, at: usize, depth: usize, steps: &mut Steps) {
        let (high, end) = match self.hex(at, 4, depth) {
            Parsed::Found(code, end) => (code, end),
            Parsed::Truncated => return self.push_truncated(steps),
            Parsed::Missing => return,
        };
        if let Some(char) = char::from_u32(high) {
            return steps.push(end, Some(char));
        }
        // A surrogate pair.
        for step in self.nested(end, depth).iter() {
            let low = match step.char {
                Some('\\') => match self.unescaped_char(step.end, depth, |char| char == 'u') {
                    Parsed::Found(_, end) => self.hex(end, 4, depth),
                    other => other,
                },
                Some(_) => Parsed::Missing,
                None => Parsed::Truncated,
            };
            match low {
                Parsed::Found(low @ 0xdc00..0xe000, end) => {
                    let code = 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
                    steps.push_code(end, code);
                }
                Parsed::Truncated => self.push_truncated(steps),
                Parsed::Found(..) | Parsed::Missing => {}
            }
        }
    }

    /// `at` is after the percent sign.
    fn percent(&self, at: usize, depth: usize, steps: &mut Steps) {
        let (first, mut end) = match self.hex(at, 2, depth) {
            Parsed::Found(byte, end) => (byte, end),
            Parsed::Truncated => return self.push_truncated(steps),
            Parsed::Missing => return,
        };
        let (mut code, more) = match first {
            0..0x80 => (first, 0),
            0xc2..0xe0 => (first & 0x1f, 1),
            0xe0..0xf0 => (first & 0x0f, 2),
            0xf0..0xf5 => (first & 0x07, 3),
            _ => return,
        };
        for _ in 0..more {
            let mut next = None;
            for step in self.nested(end, depth).iter() {
                let number = match step.char {
                    Some('%') => self.hex(step.end, 2, depth),
                    Some(_) => Parsed::Missing,
                    None => Parsed::Truncated,
                };
                match number {
                    Parsed::Found(byte @ 0x80..0xc0, end) => next = Some((byte & 0x3f, end)),
                    Parsed::Truncated => self.push_truncated(steps),
                    Parsed::Found(..) | Parsed::Missing => {}
                }
            }
            let Some((bits, after)) = next else { return };
            code = (code << 6) | bits;
            end = after;
        }
        steps.push_code(end, code);
    }

    /// `at` is after the ampersand.
    fn entity(&self, at: usize, depth: usize, steps: &mut Steps) {
        match self.unescaped_char(at, depth, |char| char == '#') {
            Parsed::Found(_, end) => return self.number(end, depth, steps),
            Parsed::Truncated => self.push_truncated(steps),
            Parsed::Missing => {}
        }
        for (name, char) in NAMES {
            let mut end = at;
            let mut read = Parsed::Missing;
            for letter in name.chars().chain([';']) {
                read = self.unescaped_char(end, depth, |char| char == letter);
                match read {
                    Parsed::Found(_, next) => end = next,
                    _ => break,
                }
            }
            match read {
                Parsed::Found(_, end) => steps.push(end, Some(char)),
                Parsed::Truncated => self.push_truncated(steps),
                Parsed::Missing => {}
            }
        }
    }

    /// `at` is after `&#`.
    fn number(&self, at: usize, depth: usize, steps: &mut Steps) {
        let (mut end, radix) =
            match self.unescaped_char(at, depth, |char| matches!(char, 'x' | 'X')) {
                Parsed::Found(_, end) => (end, 16),
                Parsed::Truncated => return self.push_truncated(steps),
                Parsed::Missing => (at, 10),
            };
        let mut code: u32 = 0;
        // Enough for the digits of a character, some leading zeros, and the semicolon.
        for _ in 0..=10 {
            match self.unescaped_char(end, depth, |char| char == ';' || char.is_digit(radix)) {
                Parsed::Found(letter, next) => {
                    let digit = char::from_u32(letter).and_then(|char| char.to_digit(radix));
                    match digit {
                        Some(digit) => code = code.saturating_mul(radix).saturating_add(digit),
                        None => return steps.push_code(next, code),
                    }
                    end = next;
                }
                Parsed::Truncated => return self.push_truncated(steps),
                Parsed::Missing => return,
            }
        }
    }

    /// The code of the character at `at`, escaped or not, if it fits.
    fn unescaped_char(&self, at: usize, depth: usize, fits: impl Fn(char) -> bool) -> Parsed {
        // Most characters aren't escaped.
        if let Some(char) = self.char_at(at).filter(|char| fits(*char)) {
            return Parsed::Found(char.into(), at + char.len_utf8());
        }
        let mut number = Parsed::Missing;
        for step in self.nested(at, depth).iter() {
            match step.char {
                Some(char) if fits(char) => return Parsed::Found(char.into(), step.end),
                Some(_) => {}
                None => number = Parsed::Truncated,
            }
        }
        number
    }

    fn push_truncated(&self, steps: &mut Steps) {
        steps.push(self.text.len(), None);
    }

    fn hex(&self, mut at: usize, digits: usize, depth: usize) -> Parsed {
        let mut number = 0;
        for _ in 0..digits {
            match self.unescaped_char(at, depth, |char| char.is_ascii_hexdigit()) {
                Parsed::Found(letter, end) => {
                    let digit = char::from_u32(letter).and_then(|char| char.to_digit(16));
                    number = number * 16 + digit.unwrap_or_default();
                    at = end;
                }
                other => return other,
            }
        }
        Parsed::Found(number, at)
    }

    /// Whether the range is a whole word: no letter or digit is next to it.
    pub(super) fn is_whole_word(&self, range: &Range<usize>) -> bool {
        if self.char_at(range.end).is_some_and(char::is_alphanumeric) {
            return false;
        }
        let mut before = self.before(range.start);
        let Some(char) = before.and_then(|before| self.char_at(before)) else {
            return true;
        };
        // A letter may be the end of an escape.
        while let Some(at) = before.filter(|at| range.start - at <= MAX_STEP_LEN) {
            let is_separator = |step: &Step| {
                step.end == range.start && step.char.is_some_and(|char| !char.is_alphanumeric())
            };
            if self.steps(at).iter().any(is_separator) {
                return true;
            }
            before = self.before(at);
        }
        !char.is_alphanumeric()
    }

    /// The position after a colon. Spaces before the colon are skipped.
    pub(super) fn after_colon(&self, mut at: usize) -> Option<usize> {
        loop {
            let steps = self.steps(at);
            if let Some(colon) = steps.iter().find(|step| step.char == Some(':')) {
                return Some(colon.end);
            }
            let is_space = |step: &&Step| step.char.is_some_and(char::is_whitespace);
            at = steps.iter().find(is_space)?.end;
        }
    }

    /// The string after percent-decoding.
    pub(super) fn percent_decoded(&self) -> String {
        let mut decoded = String::with_capacity(self.text.len());
        let mut at = 0;
        while let Some(char) = self.char_at(at) {
            let mut steps = Steps::new(at);
            if char == '%' {
                self.percent(at + 1, 0, &mut steps);
            }
            steps.push(at + char.len_utf8(), Some(char));
            for step in steps.iter().take(1) {
                decoded.extend(step.char);
                at = step.end;
            }
        }
        decoded
    }
}
