//! One request to the relay, as libgit2 writes it: HTTP/1.1, with its length known.

use std::io::{self, BufRead, BufReader, Read};

const LARGEST_HEAD: u64 = 64 << 10;
const LARGEST_BODY: u64 = 16 << 20;

/// A request, read to its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Incoming {
    pub(super) method: String,
    pub(super) target: String,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Incoming {
    pub(super) fn read(stream: impl Read) -> io::Result<Self> {
        let mut stream = BufReader::new(stream);
        let mut head = Vec::new();
        let mut limited = (&mut stream).take(LARGEST_HEAD);
        while !head.ends_with(b"\r\n\r\n") {
            if limited.read_until(b'\n', &mut head)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let mut request = Self::parse(&head).ok_or(io::ErrorKind::InvalidData)?;
        let length = request.length().ok_or(io::ErrorKind::InvalidData)?;
        request.body.resize(length, 0);
        stream.read_exact(&mut request.body)?;
        Ok(request)
    }

    fn parse(head: &[u8]) -> Option<Self> {
        let mut lines = std::str::from_utf8(head).ok()?.lines();
        let mut words = lines.next()?.split(' ');
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        let headers = lines
            .take_while(|line| !line.is_empty())
            .map(|line| {
                let (name, value) = line.split_once(':')?;
                Some((name.to_ascii_lowercase(), value.trim().to_owned()))
            })
            .collect::<Option<_>>()?;
        let body = Vec::new();
        Some(Self {
            method,
            target,
            headers,
            body,
        })
    }

    /// A header's value, by its name in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(found, _)| found == name)?;
        Some(value)
    }

    fn length(&self) -> Option<usize> {
        if self.header("transfer-encoding").is_some() {
            return None;
        }
        let length: u64 = self
            .header("content-length")
            .map_or(Ok(0), str::parse)
            .ok()?;
        usize::try_from(length)
            .ok()
            .filter(|_| length <= LARGEST_BODY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_to_its_end_and_no_further() {
        let text = "POST /x HTTP/1.1\r\nContent-Length: 3\r\nAccept:  a/b \r\n\r\nabcdef";
        let request = Incoming::read(text.as_bytes()).unwrap();
        assert_eq!(
            (request.method.as_str(), request.target.as_str()),
            ("POST", "/x")
        );
        assert_eq!(request.header("accept"), Some("a/b"));
        assert_eq!(request.header("cookie"), None);
        assert_eq!(request.body, b"abc");
    }

    #[test]
    fn what_libgit2_never_writes_is_refused() {
        let endless = format!("GET / HTTP/1.1\r\nx: {}", "y".repeat(1 << 17));
        for text in [
            "",
            "\r\n\r\n",
            "GET / HTTP/1.1\r\n",
            "GET / HTTP/1.1\r\nno header\r\n\r\n",
            "POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nshort",
            "POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
            "POST / HTTP/1.1\r\ncontent-length: 99999999999999\r\n\r\n",
            "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            &endless,
        ] {
            assert!(Incoming::read(text.as_bytes()).is_err(), "{text:.80}");
        }
    }
}
