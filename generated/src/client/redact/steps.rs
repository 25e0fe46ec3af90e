//! [`Text`]: a text as a graph. From each position a step leads over the character that stands
//! there, and one over each escape that begins there. A path through the text spells one of its
//! readings.

use std::cell::RefCell;
use std::ops::Range;

/// How deep escapes may be nested, such as JSON in a JSON string in a URL.
const DEPTH: usize = 3;

/// The longest step in bytes.
pub(super) const LONGEST: usize = 127;

/// The named characters that escaping writes.
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
    /// Where the text goes on.
    pub(super) end: usize,
    /// What it leads over. `None` for an escape that is cut off: it may become any.
    pub(super) char: Option<char>,
}

/// The steps from one position.
#[derive(Clone, Copy)]
pub(super) struct Steps {
    start: usize,
    /// Nested escapes have few readings; more than these are no escaping that anybody does.
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
        if end - self.start > LONGEST || self.iter().any(|other| *other == step) {
            return;
        }
        if let Some(free) = self.steps.get_mut(self.length) {
            *free = step;
            self.length += 1;
        }
    }

    /// Nothing, if it is the code of no character.
    fn push_code(&mut self, end: usize, code: u32) {
        if let Some(char) = char::from_u32(code) {
            self.push(end, Some(char));
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().take(self.length)
    }
}

/// A number in a text, and where the text goes on behind it.
enum Number {
    Is(u32, usize),
    Cut,
    No,
}

/// A text, and whether it may be cut off.
pub(super) struct Text<'a> {
    text: &'a str,
    cut: bool,
    /// The steps from the last few escapes, by how deep these are nested: each is asked for many
    /// times.
    known: RefCell<Vec<Option<Steps>>>,
}

impl<'a> Text<'a> {
    fn new(text: &'a str, cut: bool) -> Self {
        Self {
            text,
            cut,
            known: RefCell::default(),
        }
    }

    pub(super) fn whole(text: &'a str) -> Self {
        Self::new(text, false)
    }

    pub(super) fn cut(text: &'a str) -> Self {
        Self::new(text, true)
    }

    pub(super) fn as_str(&self) -> &'a str {
        self.text
    }

    pub(super) fn may_be_cut(&self) -> bool {
        self.cut
    }

    /// Whether an escape may begin with it.
    pub(super) fn is_escape(char: char) -> bool {
        matches!(char, '\\' | '%' | '&' | '+')
    }

    /// The position before this one.
    pub(super) fn before(&self, at: usize) -> Option<usize> {
        let char = self.text.get(..at)?.chars().next_back()?;
        Some(at - char.len_utf8())
    }

    fn char(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// The steps from a position, none from the end.
    pub(super) fn steps(&self, at: usize) -> Steps {
        if at == self.text.len() {
            return Steps::new(at);
        }
        self.nested(at, DEPTH)
    }

    fn nested(&self, at: usize, depth: usize) -> Steps {
        let mut steps = Steps::new(at);
        match self.char(at) {
            None if self.cut => steps.push(at, None),
            None => {}
            Some(char) if depth == 0 || !Self::is_escape(char) => {
                steps.push(at + char.len_utf8(), Some(char));
            }
            Some(_) => {
                let positions = self.text.len().min(LONGEST) + 1;
                let slot = (at % positions) * DEPTH + depth - 1;
                let known = self.known.borrow().get(slot).copied().flatten();
                if let Some(known) = known.filter(|known| known.start == at) {
                    return known;
                }
                steps = self.escapes(at, depth - 1);
                let mut known = self.known.borrow_mut();
                known.resize(positions * DEPTH, None);
                if let Some(known) = known.get_mut(slot) {
                    *known = Some(steps);
                }
            }
        }
        steps
    }

    /// The steps over an escape character, and over what it begins, of characters that are nested
    /// as deep as this.
    fn escapes(&self, at: usize, depth: usize) -> Steps {
        let inner = self.nested(at, depth);
        let mut steps = inner;
        for step in inner.iter() {
            match step.char {
                Some('\\') => self.backslash(step.end, depth, &mut steps),
                Some('%') => self.percent(step.end, depth, &mut steps),
                Some('&') => self.entity(step.end, depth, &mut steps),
                // A space in a form.
                Some('+') => steps.push(step.end, Some(' ')),
                _ => {}
            }
        }
        steps
    }

    /// `at` is behind the backslash.
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
                    Number::Is(code, end) => steps.push_code(end, code),
                    Number::Cut => self.push_cut(steps),
                    Number::No => {}
                },
                _ => {}
            }
        }
    }

    /// `at` is behind `\u`.
    fn unicode(&self, at: usize, depth: usize, steps: &mut Steps) {
        let (high, end) = match self.hex(at, 4, depth) {
            Number::Is(code, end) => (code, end),
            Number::Cut => return self.push_cut(steps),
            Number::No => return,
        };
        if let Some(char) = char::from_u32(high) {
            return steps.push(end, Some(char));
        }
        // The first of two surrogates.
        for step in self.nested(end, depth).iter() {
            let low = match step.char {
                Some('\\') => match self.one(step.end, depth, |char| char == 'u') {
                    Number::Is(_, end) => self.hex(end, 4, depth),
                    other => other,
                },
                Some(_) => Number::No,
                None => Number::Cut,
            };
            match low {
                Number::Is(low @ 0xdc00..0xe000, end) => {
                    let code = 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
                    steps.push_code(end, code);
                }
                Number::Cut => self.push_cut(steps),
                Number::Is(..) | Number::No => {}
            }
        }
    }

    /// `at` is behind the percent sign.
    fn percent(&self, at: usize, depth: usize, steps: &mut Steps) {
        let (first, mut end) = match self.hex(at, 2, depth) {
            Number::Is(byte, end) => (byte, end),
            Number::Cut => return self.push_cut(steps),
            Number::No => return,
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
                    Some(_) => Number::No,
                    None => Number::Cut,
                };
                match number {
                    Number::Is(byte @ 0x80..0xc0, end) => next = Some((byte & 0x3f, end)),
                    Number::Cut => self.push_cut(steps),
                    Number::Is(..) | Number::No => {}
                }
            }
            let Some((bits, behind)) = next else { return };
            code = (code << 6) | bits;
            end = behind;
        }
        steps.push_code(end, code);
    }

    /// `at` is behind the ampersand.
    fn entity(&self, at: usize, depth: usize, steps: &mut Steps) {
        match self.one(at, depth, |char| char == '#') {
            Number::Is(_, end) => return self.number(end, depth, steps),
            Number::Cut => self.push_cut(steps),
            Number::No => {}
        }
        for (name, char) in NAMES {
            let mut end = at;
            let mut read = Number::No;
            for letter in name.chars().chain([';']) {
                read = self.one(end, depth, |char| char == letter);
                match read {
                    Number::Is(_, next) => end = next,
                    _ => break,
                }
            }
            match read {
                Number::Is(_, end) => steps.push(end, Some(char)),
                Number::Cut => self.push_cut(steps),
                Number::No => {}
            }
        }
    }

    /// `at` is behind `&#`.
    fn number(&self, at: usize, depth: usize, steps: &mut Steps) {
        let (mut end, radix) = match self.one(at, depth, |char| matches!(char, 'x' | 'X')) {
            Number::Is(_, end) => (end, 16),
            Number::Cut => return self.push_cut(steps),
            Number::No => (at, 10),
        };
        let mut code: u32 = 0;
        // As many digits as a character has, zeros before them, and the semicolon.
        for _ in 0..=10 {
            match self.one(end, depth, |char| char == ';' || char.is_digit(radix)) {
                Number::Is(letter, next) => {
                    let digit = char::from_u32(letter).and_then(|char| char.to_digit(radix));
                    match digit {
                        Some(digit) => code = code.saturating_mul(radix).saturating_add(digit),
                        None => return steps.push_code(next, code),
                    }
                    end = next;
                }
                Number::Cut => return self.push_cut(steps),
                Number::No => return,
            }
        }
    }

    /// The first reading of what stands there that fits, by its code.
    fn one(&self, at: usize, depth: usize, fits: impl Fn(char) -> bool) -> Number {
        // Most are no escapes.
        if let Some(char) = self.char(at).filter(|char| fits(*char)) {
            return Number::Is(char.into(), at + char.len_utf8());
        }
        let mut number = Number::No;
        for step in self.nested(at, depth).iter() {
            match step.char {
                Some(char) if fits(char) => return Number::Is(char.into(), step.end),
                Some(_) => {}
                None => number = Number::Cut,
            }
        }
        number
    }

    fn push_cut(&self, steps: &mut Steps) {
        steps.push(self.text.len(), None);
    }

    fn hex(&self, mut at: usize, digits: usize, depth: usize) -> Number {
        let mut number = 0;
        for _ in 0..digits {
            match self.one(at, depth, |char| char.is_ascii_hexdigit()) {
                Number::Is(letter, end) => {
                    let digit = char::from_u32(letter).and_then(|char| char.to_digit(16));
                    number = number * 16 + digit.unwrap_or_default();
                    at = end;
                }
                other => return other,
            }
        }
        Number::Is(number, at)
    }

    /// Whether no letter or digit is next to the range.
    pub(super) fn is_alone(&self, range: &Range<usize>) -> bool {
        if self.char(range.end).is_some_and(char::is_alphanumeric) {
            return false;
        }
        let mut before = self.before(range.start);
        let Some(char) = before.and_then(|before| self.char(before)) else {
            return true;
        };
        // What looks like a letter may be the end of an escape.
        while let Some(at) = before.filter(|at| range.start - at <= LONGEST) {
            let is_other = |step: &Step| {
                step.end == range.start && step.char.is_some_and(|char| !char.is_alphanumeric())
            };
            if self.steps(at).iter().any(is_other) {
                return true;
            }
            before = self.before(at);
        }
        !char.is_alphanumeric()
    }

    /// The position behind a colon, before which there may be spaces.
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

    /// The text with what is written in percent decoded.
    pub(super) fn percent_decoded(&self) -> String {
        let mut decoded = String::with_capacity(self.text.len());
        let mut at = 0;
        while let Some(char) = self.char(at) {
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
