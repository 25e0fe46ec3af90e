//! Proxy variables and git's configuration.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::support::http::{Server, closed_port, path_to_string};
use crate::support::repository::Repository;
use crate::support::tls::Authority;
use crate::{assert_same_outcome, fetch_in_process};

/// A SOCKS and CONNECT proxy that always connects to one address and records the requested targets.
struct Proxy {
    address: SocketAddr,
    requested: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start(backend: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self {
            address: listener.local_addr().unwrap(),
            requested: Arc::default(),
        };
        let requested = Arc::clone(&proxy.requested);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let requested = Arc::clone(&requested);
                thread::spawn(move || serve(stream.unwrap(), backend, &requested));
            }
        });
        proxy
    }

    fn requested(&self) -> Vec<String> {
        self.requested.lock().unwrap().drain(..).collect()
    }
}

fn serve(
    stream: TcpStream,
    backend: SocketAddr,
    requested: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut client = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    let is_socks = reader.fill_buf()?.first() == Some(&5);
    let target = if is_socks {
        socks(&mut reader, &mut client)?
    } else {
        let mut lines = (&mut reader).lines();
        let first = lines.next().transpose()?.unwrap_or_default();
        for line in lines {
            if line?.is_empty() {
                break;
            }
        }
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
        first
    };
    requested.lock().unwrap().push(target);
    let mut plain = TcpStream::connect(backend)?;
    let mut to = plain.try_clone()?;
    thread::spawn(move || std::io::copy(&mut reader, &mut to));
    std::io::copy(&mut plain, &mut client).map(drop)
}

/// Runs a SOCKS handshake without a login. Returns the requested target and the kind of its address.
fn socks(reader: &mut impl Read, client: &mut TcpStream) -> std::io::Result<String> {
    let mut take = |length: usize| {
        let mut bytes = vec![0; length];
        reader.read_exact(&mut bytes).map(|()| bytes)
    };
    let methods = take(2)?[1];
    take(methods.into())?;
    client.write_all(&[5, 0])?;
    let target = match take(4)?[3] {
        1 => format!("address {:?}", take(4)?),
        3 => {
            let length = take(1)?[0];
            format!("name {}", String::from_utf8_lossy(&take(length.into())?))
        }
        _ => "other".to_owned(),
    };
    take(2)?;
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    Ok(target)
}

/// The fixture behind an HTTP and a TLS server, and a proxy for each.
struct Setup {
    repository: Repository,
    server: Server,
    plain: Proxy,
    secure: Proxy,
    pem: String,
}

impl Setup {
    fn new() -> Self {
        let repository = Repository::fixture();
        let server = Server::start(repository.root());
        let authority = Authority::new("ours");
        let tls = SocketAddr::from(([127, 0, 0, 1], authority.start_proxy(server.address())));
        let pem = repository.root().join("authority.pem");
        fs::write(&pem, &authority.pem).unwrap();
        Self {
            plain: Proxy::start(server.address()),
            secure: Proxy::start(tls),
            pem: path_to_string(pem),
            repository,
            server,
        }
    }

    fn fetch(&self, address: &str, variables: &[(&str, &str)]) -> String {
        let mut variables = variables.to_vec();
        variables.push(("SSL_CERT_FILE", &self.pem));
        fetch_in_process(address, &variables)
    }
}

const UNREACHABLE: &str = "http://127.0.0.1:1";

#[test]
fn every_kind_of_proxy_is_used() {
    let setup = Setup::new();
    let (plain, secure) = (setup.plain.address, setup.secure.address);
    let (https, http) = (
        "https://repository.test/repo",
        "http://repository.test/repo",
    );
    for (address, variable, value, requested) in [
        (
            https,
            "HTTPS_PROXY",
            format!("http://{secure}"),
            "CONNECT repository.test:443 HTTP/1.1",
        ),
        (
            https,
            "https_proxy",
            secure.to_string(),
            "CONNECT repository.test:443 HTTP/1.1",
        ),
        (
            https,
            "ALL_PROXY",
            format!("socks5h://{secure}"),
            "name repository.test",
        ),
        (
            http,
            "http_proxy",
            format!("socks5h://{plain}"),
            "name repository.test",
        ),
        (
            http,
            "all_proxy",
            format!("http://{plain}"),
            "CONNECT repository.test:80 HTTP/1.1",
        ),
        // With `socks5`, the client resolves the name and sends the proxy an address.
        (
            "http://192.0.2.7/repo",
            "ALL_PROXY",
            format!("socks5://{plain}"),
            "address [192, 0, 2, 7]",
        ),
    ] {
        let outcome = setup.fetch(address, &[(variable, &value)]);
        assert_same_outcome(&outcome, &setup.repository);
        let mut found = setup.plain.requested();
        found.extend(setup.secure.requested());
        assert!(!found.is_empty(), "{variable}={value}");
        assert!(found.iter().all(|found| found == requested), "{found:?}");
    }
}

#[test]
fn the_variable_of_the_scheme_takes_precedence() {
    let setup = Setup::new();
    let good = format!("http://{}", setup.secure.address);
    let variables = [
        ("HTTPS_PROXY", good.as_str()),
        ("ALL_PROXY", UNREACHABLE),
        ("http_proxy", UNREACHABLE),
    ];
    let outcome = setup.fetch("https://repository.test/repo", &variables);
    assert_same_outcome(&outcome, &setup.repository);
}

#[test]
fn a_loopback_address_is_reached_without_a_proxy() {
    let setup = Setup::new();
    let variables = ["http_proxy", "HTTPS_PROXY", "ALL_PROXY"].map(|name| (name, UNREACHABLE));
    let outcome = setup.fetch(&setup.server.url("/repo"), &variables);
    assert_same_outcome(&outcome, &setup.repository);
}

#[test]
fn an_excluded_host_is_reached_without_a_proxy() {
    let setup = Setup::new();
    let proxy = format!("http://{}", setup.plain.address);
    for (list, through) in [
        ("example.com .test", false),
        ("*", false),
        ("other.test,test:81", true),
    ] {
        let variables = [("http_proxy", proxy.as_str()), ("NO_PROXY", list)];
        let outcome = setup.fetch("http://repository.test/repo", &variables);
        // Without the proxy, the name can't be resolved.
        assert_eq!(
            outcome.contains("`repository.test` isn't known"),
            !through,
            "{outcome}"
        );
        assert_eq!(!setup.plain.requested().is_empty(), through, "{list}");
    }
}

#[test]
fn an_error_of_an_unreachable_proxy_names_it_without_the_password() {
    let (unreachable, setup) = (closed_port(), Setup::new());
    for scheme in ["http", "socks5", "socks5h"] {
        for address in ["https://192.0.2.7/repo", "http://192.0.2.7/repo"] {
            let value = format!("{scheme}://user:hunter2@{unreachable}");
            let outcome = setup.fetch(address, &[("ALL_PROXY", &value)]);
            let expected = format!("the proxy `{unreachable}` of ALL_PROXY failed");
            assert!(outcome.contains(&expected), "{outcome}");
            assert!(!outcome.contains("hunter2"), "{outcome}");
        }
    }
    let variables = [(
        "HTTPS_PROXY",
        "http://user:hunter2@does-not-exist.invalid:3128",
    )];
    let outcome = setup.fetch("https://repository.test/repo", &variables);
    let expected = "the proxy `does-not-exist.invalid:3128` of HTTPS_PROXY failed";
    assert!(
        outcome.contains(expected) && !outcome.contains("hunter2"),
        "{outcome}"
    );
}

#[test]
fn an_error_of_a_proxy_that_rejects_the_request_names_it() {
    let setup = Setup::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // CONNECT clients read this as a request for a login; for SOCKS clients it is malformed.
            let _ = stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
            let _ = stream.read_to_end(&mut Vec::new());
        }
    });
    for scheme in ["http", "socks5h"] {
        let value = format!("{scheme}://user:hunter2@{address}");
        let outcome = setup.fetch("https://repository.test/repo", &[("HTTPS_PROXY", &value)]);
        let expected = format!("the proxy `{address}` of HTTPS_PROXY failed");
        assert!(
            outcome.contains(&expected) && !outcome.contains("hunter2"),
            "{outcome}"
        );
    }
}

#[test]
fn a_malformed_proxy_is_an_error() {
    let setup = Setup::new();
    for value in [
        "socks9://u:hunter2@proxy:1",
        "http://proxy:hunter2",
        "http://",
    ] {
        let outcome = setup.fetch("https://repository.test/repo", &[("HTTPS_PROXY", value)]);
        assert!(
            outcome.contains("HTTPS_PROXY is not a proxy's address"),
            "{outcome}"
        );
        assert!(!outcome.contains("hunter2"), "{outcome}");
    }
}

/// Git's configuration has no effect, whether it is valid or not.
#[test]
fn the_users_git_configuration_is_ignored() {
    let setup = Setup::new();
    let rules = "[url \"https://127.0.0.2:1/\"]\n\tinsteadOf = http://\n\
                 [url \"/nowhere\"]\n\tinsteadOf = xtask-http://\n\
                 [http]\n\tproxy = http://127.0.0.1:1\n[init]\n\ttemplateDir = /\n\
                 [extensions]\n\todd = true\n[core]\n\trepositoryFormatVersion = 7\n";
    for configuration in [rules, "[core\n", "\0"] {
        let home = setup.repository.root().join("home");
        fs::create_dir_all(&home).unwrap();
        fs::write(home.join(".gitconfig"), configuration).unwrap();
        let home = path_to_string(home);
        let variables = [("HOME", home.as_str()), ("XDG_CONFIG_HOME", &home)];
        for address in [setup.server.url("/repo"), setup.repository.path_string()] {
            assert_same_outcome(&setup.fetch(&address, &variables), &setup.repository);
        }
    }
}
