//! Turns the errors of the HTTP libraries into [`SendFailure`].

use std::error::Error;
use std::fmt;
use std::io;

use super::proxy::ProxyOrigin;
use super::transport::{SendError, SendFailure, SendStage};

/// Returns the failure that the error or the first of its known causes means, or
/// [`SendFailure::Connection`] if none is known.
pub(super) fn classify(error: &(dyn Error + 'static)) -> SendFailure {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(failure) = known_failure(cause) {
            return failure;
        }
        // `io::Error::source` skips the error that it contains.
        next = match cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
    }
    SendFailure::Connection
}

/// What the errors of a request depend on, besides the error of the HTTP library.
pub(super) struct ErrorContext {
    /// The proxy that the request goes through.
    pub(super) proxy: Option<ProxyOrigin>,
    /// There are no root certificates on this machine.
    pub(super) without_roots: bool,
}

impl ErrorContext {
    /// Creates the error of a request.
    pub(super) fn error(
        &self,
        not_sent: bool,
        failure: SendFailure,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> SendError {
        let stage = match not_sent {
            true => SendStage::NotSent,
            false => SendStage::Sent,
        };
        let failure = match failure {
            SendFailure::Tls if self.without_roots => SendFailure::NoRootCertificates,
            failure => failure,
        };
        let Some(ProxyOrigin { variable, is_local }) = self.proxy else {
            return SendError::new(stage, failure, source);
        };
        let is_unknown_host = failure == SendFailure::UnknownHost;
        let failure = match failure {
            SendFailure::UnknownHost => SendFailure::Proxy,
            // The proxy isn't running. One on this machine doesn't start by itself.
            SendFailure::Refused if is_local => SendFailure::Proxy,
            SendFailure::Refused => SendFailure::Connection,
            failure => failure,
        };
        let source = source.into();
        let source = ThroughProxy {
            variable,
            is_unknown_host,
            source,
        };
        SendError::new(stage, failure, source)
    }
}

/// Says where the URL of the proxy comes from, and never shows the URL.
#[derive(Debug)]
struct ThroughProxy {
    variable: &'static str,
    is_unknown_host: bool,
    source: Box<dyn Error + Send + Sync>,
}

impl fmt::Display for ThroughProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the request goes through the proxy in {}", self.variable)?;
        if self.is_unknown_host {
            f.write_str(
                "; the name of the proxy is unknown, or with socks5 or socks4 that of the host: \
                 socks5h or socks4a lets the proxy resolve it",
            )?;
        }
        Ok(())
    }
}

impl Error for ThroughProxy {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

fn known_failure(error: &(dyn Error + 'static)) -> Option<SendFailure> {
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(tls_failure(error));
    }
    if error.is::<rustls::pki_types::InvalidDnsNameError>() {
        return Some(SendFailure::UnknownHost);
    }
    #[cfg(feature = "blocking")]
    if let Some(error) = error.downcast_ref::<ureq::Error>() {
        return ureq_failure(error);
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        match error.kind() {
            io::ErrorKind::ConnectionRefused => return Some(SendFailure::Refused),
            // If it contains another error, that one is classified next.
            io::ErrorKind::TimedOut if error.get_ref().is_none() => {
                return Some(SendFailure::Timeout);
            }
            _ => {}
        }
        if is_unknown_host(error) {
            return Some(SendFailure::UnknownHost);
        }
    }
    // The libraries' types for proxy errors are private, so only the message can be compared.
    is_proxy_refusal(&error.to_string()).then_some(SendFailure::Proxy)
}

fn tls_failure(error: &rustls::Error) -> SendFailure {
    use rustls::{AlertDescription, InvalidMessage};

    match error {
        // The server responded to the handshake with plain text.
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => SendFailure::NotTls,
        // From rustls-platform-verifier.
        rustls::Error::General(text) if text.starts_with("No CA certificates") => {
            SendFailure::NoRootCertificates
        }
        // The server has a problem, or bytes were damaged on the way.
        rustls::Error::AlertReceived(
            AlertDescription::InternalError
            | AlertDescription::UserCanceled
            | AlertDescription::CloseNotify,
        )
        | rustls::Error::DecryptError => SendFailure::Connection,
        _ => SendFailure::Tls,
    }
}

#[cfg(feature = "blocking")]
fn ureq_failure(error: &ureq::Error) -> Option<SendFailure> {
    match error {
        ureq::Error::Timeout(_) => Some(SendFailure::Timeout),
        ureq::Error::HostNotFound => Some(SendFailure::UnknownHost),
        ureq::Error::ConnectProxyFailed(text) if text.contains("407") => Some(SendFailure::Proxy),
        ureq::Error::Tls(_) | ureq::Error::TlsRequired => Some(SendFailure::Tls),
        // ureq's errors have no `source`.
        ureq::Error::Rustls(error) => Some(tls_failure(error)),
        ureq::Error::Io(error) => Some(classify(error)),
        _ => None,
    }
}

/// The system's resolver reports errors only as messages. EAI_AGAIN, "Temporary failure in name
/// resolution", is not included.
fn is_unknown_host(error: &io::Error) -> bool {
    const MESSAGES: [&str; 5] = [
        "Name or service not known",      // glibc, EAI_NONAME
        "No address associated with",     // glibc, Android, BSD: EAI_NODATA
        "nodename nor servname provided", // macOS
        "hostname nor servname provided", // BSD
        "Name does not resolve",          // musl
    ];
    /// WSAHOST_NOT_FOUND.
    const WINDOWS: i32 = 11001;
    if cfg!(windows) && error.raw_os_error() == Some(WINDOWS) {
        return true;
    }
    let text = error.to_string();
    MESSAGES.iter().any(|message| text.contains(message))
}

fn is_proxy_refusal(text: &str) -> bool {
    const HYPER: [&str; 4] = [
        "tunnel error: proxy authorization required",
        "SOCKS error: server does not support user/pass authentication",
        "SOCKS error: credentials not accepted",
        "SOCKS error: connection not allowed",
    ];
    const UREQ: [&str; 4] = [
        "no acceptable auth methods",
        "unknown auth method",
        "password authentication failed",
        "connection not allowed by ruleset",
    ];
    HYPER.contains(&text) || UREQ.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Outer(io::Error);

    impl std::fmt::Display for Outer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("outer")
        }
    }

    impl Error for Outer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn a_nested_cause_is_found() {
        for (error, failure) in [
            (
                io::Error::other("failed to lookup address information: Name or service not known"),
                SendFailure::UnknownHost,
            ),
            (
                io::Error::other(
                    "failed to lookup address information: Temporary failure in name resolution",
                ),
                SendFailure::Connection,
            ),
            (
                io::ErrorKind::ConnectionRefused.into(),
                SendFailure::Refused,
            ),
            (io::ErrorKind::TimedOut.into(), SendFailure::Timeout),
            (
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer),
                ),
                SendFailure::Tls,
            ),
            (
                io::Error::other(rustls::Error::InvalidMessage(
                    rustls::InvalidMessage::InvalidContentType,
                )),
                SendFailure::NotTls,
            ),
            (
                io::Error::other("password authentication failed"),
                SendFailure::Proxy,
            ),
            (
                io::Error::other("SOCKS error: credentials not accepted"),
                SendFailure::Proxy,
            ),
            (
                io::Error::other("SOCKS error: host unreachable"),
                SendFailure::Connection,
            ),
        ] {
            let error = Outer(io::Error::other(Outer(error)));
            assert_eq!(classify(&error), failure, "{error:?}");
        }
    }
}
