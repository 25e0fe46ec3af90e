//! Faults of servers, each through a real socket.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use xtask::upstream::Problem;

use crate::support::http::{Server, closed_port};
use crate::support::repository::{MANIFESTS, Repository};
use crate::{fetch, fetch_in_process, manifests};

fn fetch_problem(address: &str) -> Problem {
    fetch(address, None).unwrap_err().problem
}

/// Calls `serve` for each connection. Returns the address and the number of connections.
fn listen(
    serve: impl Fn(TcpStream, usize) -> std::io::Result<()> + Send + Sync + 'static,
) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/repo", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&count);
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (number, serve) = (counting.fetch_add(1, Ordering::SeqCst), Arc::clone(&serve));
            thread::spawn(move || serve(stream.unwrap(), number));
        }
    });
    (address, count)
}

fn read_head(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(())
}

#[test]
fn temporary_faults_are_retried() {
    let repository = Repository::fixture();
    for fault in [
        "status-503-2",
        "status-429-1",
        "status-502-1",
        "status-504-1",
        "short-2",
    ] {
        let server = Server::start(repository.root());
        let snapshot = fetch(&server.url(&format!("/{fault}/repo")), None);
        let snapshot = snapshot.unwrap_or_else(|error| panic!("{fault}: {error}"));
        assert_eq!(manifests(&snapshot), MANIFESTS, "{fault}");
        assert_eq!(
            fault.rsplit('-').next(),
            Some(server.faults().to_string().as_str())
        );
    }
}

#[test]
fn a_closed_connection_is_retried() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let backend = server.address();
    let (address, count) = listen(move |mut client, number| {
        if number < 2 {
            return read_head(&mut client);
        }
        let mut plain = TcpStream::connect(backend)?;
        let (mut from, mut to) = (client.try_clone()?, plain.try_clone()?);
        thread::spawn(move || std::io::copy(&mut from, &mut to));
        std::io::copy(&mut plain, &mut client).map(drop)
    });
    assert_eq!(manifests(&fetch(&address, None).unwrap()), MANIFESTS);
    assert!(count.load(Ordering::SeqCst) >= 3);
}

#[test]
fn a_lasting_fault_is_an_error_after_four_attempts() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let found = fetch_problem(&server.url("/status-503-99/repo"));
    assert!(
        matches!(found, Problem::Status { status: 503, .. }),
        "{found}"
    );
    assert_eq!(server.faults(), 4);
}

#[test]
fn permanent_faults_are_not_retried() {
    let repository = Repository::fixture();
    for (path, expected) in [
        ("/private/repo", "requires a login"),
        ("/missing", "doesn't have this repository"),
        ("/page/repo", "as a git server"),
        ("/status-500-99/repo", "status 500"),
        ("/status-404-99/repo", "doesn't have this repository"),
        ("/status-403-99/repo", "requires a login"),
        (
            "/to/user:hunter2@127.0.0.1:1/repo",
            "redirects to `http://127.0.0.1:1/repo",
        ),
    ] {
        let server = Server::start(repository.root());
        let message = fetch_problem(&server.url(path)).to_string();
        assert!(message.contains(expected), "{path}: {message}");
        assert!(!message.contains("hunter2"), "{message}");
        assert_eq!(server.listings(), 1, "{path}");
    }
}

#[test]
fn redirects_and_content_type_parameters_are_accepted() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let other = format!("/to/{}/repo", server.address());
    for path in ["/moved/repo", "/charset/repo", &other] {
        let snapshot = fetch(&server.url(path), None).unwrap();
        assert_eq!(manifests(&snapshot), MANIFESTS, "{path}");
    }
}

#[test]
fn endless_redirects_are_an_error() {
    let (address, count) = listen(|mut client, _| {
        loop {
            read_head(&mut client)?;
            let head = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\
                    Location: /repo/info/refs?service=git-upload-pack\r\n\r\n";
            client.write_all(head.as_bytes())?;
        }
    });
    assert!(matches!(fetch_problem(&address), Problem::Redirect { .. }));
    assert!(count.load(Ordering::SeqCst) < 20);
}

#[test]
fn an_endless_list_of_refs_is_an_error() {
    let (address, _) = listen(|mut client, _| {
        read_head(&mut client)?;
        client.write_all(
            b"HTTP/1.1 200 OK\r\nConnection: close\r\n\
              Content-Type: application/x-git-upload-pack-advertisement\r\n\r\n",
        )?;
        loop {
            client.write_all(&[b'0'; 1 << 16])?;
        }
    });
    let found = fetch_problem(&address);
    assert!(matches!(found, Problem::TooLarge { .. }), "{found}");
}

/// A NUL byte from a server must not reach the binding of libgit2.
#[test]
fn a_malformed_response_is_an_error() {
    for response in [
        "HTTP/1.1 200 OK\0\r\n\r\n\0",
        "HTTP/1.1 302 Found\r\nLocation: http://\0/\r\n\r\n",
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 48\r\n\
         Content-Type: application/x-git-upload-pack-advertisement\r\n\r\n\
         001e# service=git-upload-pack\n0000000aERR \0\x1b0000",
    ] {
        let (address, _) = listen(move |mut client, _| {
            read_head(&mut client)?;
            client.write_all(response.as_bytes())
        });
        let message = fetch(&address, None).unwrap_err().to_string();
        assert!(!message.contains(['\0', '\x1b']), "{message}");
    }
}

#[test]
fn a_cut_download_is_an_error() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    fetch(&server.url("/cut/repo"), None).unwrap_err();
}

#[test]
fn a_refused_connection_is_an_error() {
    for scheme in ["http", "https"] {
        let found = fetch_problem(&format!("{scheme}://{}/repo", closed_port()));
        assert!(
            matches!(found, Problem::ConnectionRefused { .. }),
            "{found}"
        );
    }
}

#[test]
fn an_unknown_host_is_an_error() {
    for scheme in ["http", "https"] {
        let message = fetch_in_process(&format!("{scheme}://does-not-exist.invalid/"), &[]);
        let expected = "the host `does-not-exist.invalid` isn't known";
        assert!(
            message.contains(expected) && message.contains("insteadOf"),
            "{message}"
        );
    }
}
