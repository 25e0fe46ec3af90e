//! A TLS server on the loopback interface, with a certificate authority made for the test.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How long to wait for data in one direction before checking the other.
const TURN: Duration = Duration::from_millis(2);

/// A certificate authority that signs for `localhost` and `repository.test`.
pub(crate) struct Authority {
    /// The authority's certificate as PEM.
    pub(crate) pem: String,
    config: Arc<ServerConfig>,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let own = params.self_signed(&key).unwrap();
        let issuer = Issuer::new(params, key);
        let server_key = KeyPair::generate().unwrap();
        let server = CertificateParams::new(["localhost", "repository.test"].map(str::to_owned))
            .unwrap()
            .signed_by(&server_key, &issuer)
            .unwrap();
        let certificate: CertificateDer<'static> = server.der().clone();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        Self {
            pem: own.pem(),
            config: Arc::new(config),
        }
    }

    /// Starts a TLS server that forwards the decrypted data to `backend`. Returns its port.
    pub(crate) fn start_proxy(&self, backend: SocketAddr) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let config = Arc::clone(&self.config);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, config) = (stream.unwrap(), Arc::clone(&config));
                // Some tests make the handshake fail.
                thread::spawn(move || pass(stream, config, backend).ok());
            }
        });
        port
    }
}

fn pass(client: TcpStream, config: Arc<ServerConfig>, backend: SocketAddr) -> io::Result<()> {
    let mut plain = TcpStream::connect(backend)?;
    plain.set_read_timeout(Some(TURN))?;
    let mut connection = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut client = client;
    connection.complete_io(&mut client)?;
    client.set_read_timeout(Some(TURN))?;
    let mut secure = StreamOwned::new(connection, client);
    while copy(&mut secure, &mut plain)? && copy(&mut plain, &mut secure)? {}
    secure.conn.send_close_notify();
    secure.flush()
}

/// Forwards the available data. Returns `false` at the end of the stream.
fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<bool> {
    let mut buffer = [0; 1 << 14];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(false),
            Ok(length) => {
                to.write_all(&buffer[..length])?;
                to.flush()?;
            }
            Err(error) => {
                return match error.kind() {
                    io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Ok(true),
                    _ => Err(error),
                };
            }
        }
    }
}
