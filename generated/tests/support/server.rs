//! A server on a loopback address. A test decides what it does with each request.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What the server does after it received the request.
pub(crate) enum Action {
    /// Sends this and closes the connection.
    Send(Vec<u8>),
    /// Sends this and waits for another request on the connection.
    SendAndKeep(Vec<u8>),
    /// Sends this, and then nothing for this time.
    SendAndStall(Vec<u8>, Duration),
    /// Sends this, and then the letter `x` until the client closes the connection.
    SendEndlessly(Vec<u8>),
    /// Resets the connection.
    Reset,
}

/// A received request.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The address of the client.
    pub(crate) from: SocketAddr,
    pub(crate) at: Instant,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Received {
    /// The values of all headers of this name.
    pub(crate) fn headers(&self, name: &str) -> Vec<&str> {
        let lines = self
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'));
        lines
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .collect()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub(crate) struct Server {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

type Script = dyn Fn(usize, &Received) -> Action + Send + Sync;

impl Server {
    /// Starts a server. The argument of the function is the number of the request, from zero.
    pub(crate) fn new(script: impl Fn(usize, &Received) -> Action + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let (log, script): (_, Arc<Script>) = (Arc::clone(&received), Arc::new(script));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (log, script) = (Arc::clone(&log), Arc::clone(&script));
                thread::spawn(move || serve(stream.unwrap(), &log, &*script));
            }
        });
        Self { address, received }
    }

    /// Starts a server that always does the same.
    pub(crate) fn responding(status: &str, headers: &str, body: &str) -> Self {
        let bytes = response(status, headers, body);
        Self::new(move |_, _| Action::Send(bytes.clone()))
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

/// The bytes of a response that keeps the connection open.
pub(crate) fn kept(status: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
}

/// The bytes of a response that closes its connection.
pub(crate) fn response(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         Connection: close\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

fn serve(mut stream: TcpStream, log: &Mutex<Vec<Received>>, script: &Script) {
    while let Some(request) = read(&mut stream) {
        let number = {
            let mut log = log.lock().unwrap();
            log.push(request.clone());
            log.len() - 1
        };
        // The client may have closed the connection.
        match script(number, &request) {
            Action::SendAndKeep(bytes) => {
                let _ = stream.write_all(&bytes);
                continue;
            }
            Action::Send(bytes) => {
                let _ = stream.write_all(&bytes);
            }
            Action::SendAndStall(bytes, time) => {
                let _ = stream.write_all(&bytes);
                thread::sleep(time);
            }
            Action::SendEndlessly(bytes) => {
                let _ = stream.write_all(&bytes);
                while stream.write_all(&[b'x'; 4096]).is_ok() {}
            }
            Action::Reset => reset(stream),
        }
        return;
    }
}

/// Closes the connection with a reset.
fn reset(stream: TcpStream) {
    let socket = socket2::Socket::from(stream);
    socket.set_linger(Some(Duration::ZERO)).unwrap();
}

fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let end = loop {
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&buffer[..count]);
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
    };
    let mut request = Received {
        from: stream.peer_addr().ok()?,
        at: Instant::now(),
        head: String::from_utf8(bytes[..end].to_vec()).unwrap(),
        body: bytes[end + 4..].to_vec(),
    };
    let length = request.headers("content-length").first().copied();
    let length: usize = length.unwrap_or("0").parse().unwrap();
    while request.body.len() < length {
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        request.body.extend_from_slice(&buffer[..count]);
    }
    Some(request)
}
