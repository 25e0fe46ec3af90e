//! What the environment says about the way to a host: proxies, and git's configuration.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::support::http::{Server, closed_port, text};
use crate::support::repository::Repository;
use crate::support::tls::Authority;
use crate::{assert_arrived, in_a_process};

/// A proxy for SOCKS and CONNECT, which leads to one address whatever is asked for, and remembers that.
struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start(backend: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self {
            address: listener.local_addr().unwrap(),
            asked: Arc::default(),
        };
        let asked = Arc::clone(&proxy.asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let asked = Arc::clone(&asked);
                thread::spawn(move || serve(stream.unwrap(), backend, &asked));
            }
        });
        proxy
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().drain(..).collect()
    }
}

fn serve(
    stream: TcpStream,
    backend: SocketAddr,
    asked: &Mutex<Vec<String>>,
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
    asked.lock().unwrap().push(target);
    let mut plain = TcpStream::connect(backend)?;
    let mut to = plain.try_clone()?;
    thread::spawn(move || std::io::copy(&mut reader, &mut to));
    std::io::copy(&mut plain, &mut client).map(drop)
}

/// A handshake without a login. Returns what was asked for, with the kind of its address.
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

/// The fixture behind a server and a TLS front, and a proxy for each.
struct Setting {
    repository: Repository,
    server: Server,
    plain: Proxy,
    secure: Proxy,
    pem: String,
}

impl Setting {
    fn new() -> Self {
        let repository = Repository::fixture();
        let server = Server::start(repository.root());
        let authority = Authority::new("ours");
        let front = SocketAddr::from(([127, 0, 0, 1], authority.front(server.address())));
        let pem = repository.root().join("authority.pem");
        fs::write(&pem, &authority.pem).unwrap();
        Self {
            plain: Proxy::start(server.address()),
            secure: Proxy::start(front),
            pem: text(pem),
            repository,
            server,
        }
    }

    fn fetch(&self, address: &str, variables: &[(&str, &str)]) -> String {
        let mut variables = variables.to_vec();
        variables.push(("SSL_CERT_FILE", &self.pem));
        in_a_process(address, &variables)
    }
}

const DEAD: &str = "http://127.0.0.1:1";

#[test]
fn each_kind_of_proxy_is_used() {
    let setting = Setting::new();
    let (plain, secure) = (setting.plain.address, setting.secure.address);
    let (https, http) = (
        "https://repository.test/repo",
        "http://repository.test/repo",
    );
    for (address, variable, value, asked) in [
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
        // The name is looked up here, and the proxy gets an address.
        (
            "http://192.0.2.7/repo",
            "ALL_PROXY",
            format!("socks5://{plain}"),
            "address [192, 0, 2, 7]",
        ),
    ] {
        let outcome = setting.fetch(address, &[(variable, &value)]);
        assert_arrived(&outcome, &setting.repository);
        let mut found = setting.plain.asked();
        found.extend(setting.secure.asked());
        assert!(!found.is_empty(), "{variable}={value}");
        assert!(found.iter().all(|found| found == asked), "{found:?}");
    }
}

#[test]
fn the_more_precise_variable_takes_precedence() {
    let setting = Setting::new();
    let good = format!("http://{}", setting.secure.address);
    let variables = [
        ("HTTPS_PROXY", good.as_str()),
        ("ALL_PROXY", DEAD),
        ("http_proxy", DEAD),
    ];
    let outcome = setting.fetch("https://repository.test/repo", &variables);
    assert_arrived(&outcome, &setting.repository);
}

#[test]
fn this_machine_is_reached_without_a_proxy() {
    let setting = Setting::new();
    let variables = ["http_proxy", "HTTPS_PROXY", "ALL_PROXY"].map(|name| (name, DEAD));
    let outcome = setting.fetch(&setting.server.url("/repo"), &variables);
    assert_arrived(&outcome, &setting.repository);
}

#[test]
fn an_excluded_host_is_reached_without_a_proxy() {
    let setting = Setting::new();
    let proxy = format!("http://{}", setting.plain.address);
    for (list, through) in [
        ("example.com .test", false),
        ("*", false),
        ("other.test,test:81", true),
    ] {
        let variables = [("http_proxy", proxy.as_str()), ("NO_PROXY", list)];
        let outcome = setting.fetch("http://repository.test/repo", &variables);
        // Without the proxy, the name has no address.
        assert_eq!(
            outcome.contains("`repository.test` isn't known"),
            !through,
            "{outcome}"
        );
        assert_eq!(!setting.plain.asked().is_empty(), through, "{list}");
    }
}

#[test]
fn a_dead_proxy_is_named_and_its_password_is_not() {
    let (dead, setting) = (closed_port(), Setting::new());
    for scheme in ["http", "socks5", "socks5h"] {
        for address in ["https://192.0.2.7/repo", "http://192.0.2.7/repo"] {
            let value = format!("{scheme}://user:hunter2@{dead}");
            let outcome = setting.fetch(address, &[("ALL_PROXY", &value)]);
            let expected = format!("the proxy `{dead}` of ALL_PROXY failed");
            assert!(outcome.contains(&expected), "{outcome}");
            assert!(!outcome.contains("hunter2"), "{outcome}");
        }
    }
    let variables = [(
        "HTTPS_PROXY",
        "http://user:hunter2@does-not-exist.invalid:3128",
    )];
    let outcome = setting.fetch("https://repository.test/repo", &variables);
    let expected = "the proxy `does-not-exist.invalid:3128` of HTTPS_PROXY failed";
    assert!(
        outcome.contains(expected) && !outcome.contains("hunter2"),
        "{outcome}"
    );
}

#[test]
fn a_proxy_that_refuses_is_named() {
    let setting = Setting::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // To CONNECT, a wish for a login; to SOCKS, nonsense.
            let _ = stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
            let _ = stream.read_to_end(&mut Vec::new());
        }
    });
    for scheme in ["http", "socks5h"] {
        let value = format!("{scheme}://user:hunter2@{address}");
        let outcome = setting.fetch("https://repository.test/repo", &[("HTTPS_PROXY", &value)]);
        let expected = format!("the proxy `{address}` of HTTPS_PROXY failed");
        assert!(
            outcome.contains(&expected) && !outcome.contains("hunter2"),
            "{outcome}"
        );
    }
}

#[test]
fn a_malformed_proxy_is_an_error() {
    let setting = Setting::new();
    for value in [
        "socks9://u:hunter2@proxy:1",
        "http://proxy:hunter2",
        "http://",
    ] {
        let outcome = setting.fetch("https://repository.test/repo", &[("HTTPS_PROXY", value)]);
        assert!(
            outcome.contains("HTTPS_PROXY is not a proxy's address"),
            "{outcome}"
        );
        assert!(!outcome.contains("hunter2"), "{outcome}");
    }
}

/// Nothing of git's configuration has an effect, be it sensible or broken.
#[test]
fn the_users_git_configuration_is_left_out() {
    let setting = Setting::new();
    let rules = "[url \"https://127.0.0.2:1/\"]\n\tinsteadOf = http://\n\
                 [url \"/nowhere\"]\n\tinsteadOf = xtask-http://\n\
                 [http]\n\tproxy = http://127.0.0.1:1\n[init]\n\ttemplateDir = /\n\
                 [extensions]\n\todd = true\n[core]\n\trepositoryFormatVersion = 7\n";
    for configuration in [rules, "[core\n", "\0"] {
        let home = setting.repository.root().join("home");
        fs::create_dir_all(&home).unwrap();
        fs::write(home.join(".gitconfig"), configuration).unwrap();
        let home = text(home);
        let variables = [("HOME", home.as_str()), ("XDG_CONFIG_HOME", &home)];
        for address in [setting.server.url("/repo"), setting.repository.path_text()] {
            assert_arrived(&setting.fetch(&address, &variables), &setting.repository);
        }
    }
}
