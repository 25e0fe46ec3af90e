//! A proxy on a loopback address: CONNECT, plain HTTP and SOCKS5, all on one port.
//!
//! It forwards everything to one server, whichever host is requested, so that no name has to be resolved.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request to a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// `CONNECT`, `SOCKS5`, or the method of a plain request.
    pub(crate) how: String,
    /// The target, such as `ld.invalid:443`, or the whole URL of a plain request.
    pub(crate) target: String,
    /// The value of `Proxy-Authorization`, or `user:password` of SOCKS5.
    pub(crate) credentials: Option<String>,
}

pub(crate) struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Proxy {
    /// Starts a proxy to this server. With credentials, it refuses requests with other ones.
    pub(crate) fn new(server: SocketAddr, credentials: Option<&str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self {
            address: listener.local_addr().unwrap(),
            asked: Arc::default(),
        };
        let (log, credentials) = (Arc::clone(&proxy.asked), credentials.map(str::to_owned));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (log, credentials) = (Arc::clone(&log), credentials.clone());
                // Clients close the connection if they are refused.
                thread::spawn(move || serve(stream.unwrap(), server, &log, credentials.as_deref()));
            }
        });
        proxy
    }

    /// The host and port for a URL.
    pub(crate) fn authority(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(
    mut client: TcpStream,
    server: SocketAddr,
    log: &Mutex<Vec<Asked>>,
    credentials: Option<&str>,
) -> io::Result<()> {
    let mut first = [0];
    client.read_exact(&mut first)?;
    if first == [5] {
        return socks(client, server, log, credentials);
    }
    let mut head = first.to_vec();
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut first)?;
        head.extend(first);
    }
    let text = String::from_utf8(head.clone()).unwrap();
    let mut line = text.split(' ');
    let asked = Asked {
        how: line.next().unwrap().to_owned(),
        target: line.next().unwrap().to_owned(),
        credentials: text.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            let is_it = name.eq_ignore_ascii_case("proxy-authorization");
            is_it.then(|| value.to_owned())
        }),
    };
    log.lock().unwrap().push(asked.clone());
    if credentials.is_some() && asked.credentials.as_deref() != credentials {
        let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\n\
            Proxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\n\r\n";
        client.write_all(refusal)?;
        // Closing with unread data would reset the connection.
        client.shutdown(Shutdown::Write)?;
        io::copy(&mut client, &mut io::sink())?;
        return Ok(());
    }
    let mut server = TcpStream::connect(server)?;
    if asked.how == "CONNECT" {
        client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n")?;
    } else {
        server.write_all(&head)?;
    }
    both_ways(client, server)
}

fn socks(
    mut client: TcpStream,
    server: SocketAddr,
    log: &Mutex<Vec<Asked>>,
    credentials: Option<&str>,
) -> io::Result<()> {
    let methods = read_counted(&mut client)?;
    let offered = methods.contains(&2);
    let mut given = None;
    if offered {
        client.write_all(&[5, 2])?;
        client.read_exact(&mut [0])?;
        let (user, password) = (read_counted(&mut client)?, read_counted(&mut client)?);
        let text = [user, vec![b':'], password].concat();
        given = Some(String::from_utf8(text).unwrap());
        let is_right = credentials.is_none() || given.as_deref() == credentials;
        client.write_all(&[1, u8::from(!is_right)])?;
        if !is_right {
            return Ok(());
        }
    } else {
        let method = if credentials.is_some() { 0xff } else { 0 };
        client.write_all(&[5, method])?;
    }
    let mut request = [0; 4];
    client.read_exact(&mut request)?;
    let host = match request[3] {
        1 => {
            let mut address = [0; 4];
            client.read_exact(&mut address)?;
            std::net::Ipv4Addr::from(address).to_string()
        }
        _ => String::from_utf8(read_counted(&mut client)?).unwrap(),
    };
    let mut port = [0; 2];
    client.read_exact(&mut port)?;
    log.lock().unwrap().push(Asked {
        how: "SOCKS5".to_owned(),
        target: format!("{host}:{}", u16::from_be_bytes(port)),
        credentials: given,
    });
    let server = TcpStream::connect(server)?;
    client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 1])?;
    both_ways(client, server)
}

/// Reads a length and that number of bytes.
fn read_counted(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut count = [0];
    stream.read_exact(&mut count)?;
    let mut bytes = vec![0; count[0].into()];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn both_ways(client: TcpStream, server: TcpStream) -> io::Result<()> {
    let (mut from, mut to) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        to.shutdown(Shutdown::Write)
    });
    let (mut from, mut to) = (server, client);
    io::copy(&mut from, &mut to)?;
    to.shutdown(Shutdown::Write)
}
