//! What failed, from the errors of the HTTP libraries, which differ, to [`SendFailure`].

use std::error::Error;
use std::io;

use super::transport::SendFailure;

/// The failure that an error or one of its causes names; [`SendFailure::Connection`] if none does.
pub(super) fn classify(error: &(dyn Error + 'static)) -> SendFailure {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(failure) = named(cause) {
            return failure;
        }
        // `io::Error::source` skips the error that it holds.
        next = match cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(held) => Some(held),
            None => cause.source(),
        };
    }
    SendFailure::Connection
}

fn named(error: &(dyn Error + 'static)) -> Option<SendFailure> {
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(of_tls(error));
    }
    if error.is::<rustls::pki_types::InvalidDnsNameError>() {
        return Some(SendFailure::UnknownHost);
    }
    #[cfg(feature = "blocking")]
    if let Some(error) = error.downcast_ref::<ureq::Error>() {
        return of_ureq(error);
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        // One that holds another error says no more than that one does.
        if error.kind() == io::ErrorKind::TimedOut && error.get_ref().is_none() {
            return Some(SendFailure::Timeout);
        }
        if is_unknown_host(error) {
            return Some(SendFailure::UnknownHost);
        }
    }
    // Errors of proxies have types that can't be named outside of their libraries.
    is_proxy_refusal(&error.to_string()).then_some(SendFailure::Proxy)
}

fn of_tls(error: &rustls::Error) -> SendFailure {
    use rustls::{AlertDescription, InvalidMessage};

    match error {
        // A plain-text response where the handshake's should be.
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => SendFailure::NotTls,
        // Of rustls-platform-verifier.
        rustls::Error::General(text) if text.starts_with("No CA certificates") => {
            SendFailure::NoRootCertificates
        }
        // The other side's own trouble, or bytes that were damaged on the way.
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
fn of_ureq(error: &ureq::Error) -> Option<SendFailure> {
    match error {
        ureq::Error::Timeout(_) => Some(SendFailure::Timeout),
        ureq::Error::HostNotFound => Some(SendFailure::UnknownHost),
        ureq::Error::ConnectProxyFailed(text) if text.contains("407") => Some(SendFailure::Proxy),
        ureq::Error::Tls(_) | ureq::Error::TlsRequired => Some(SendFailure::Tls),
        // ureq's errors name no source.
        ureq::Error::Rustls(error) => Some(of_tls(error)),
        ureq::Error::Io(error) => Some(classify(error)),
        _ => None,
    }
}

/// The system's resolver says what is wrong in words only. EAI_AGAIN, "Temporary failure in name
/// resolution", isn't among them.
fn is_unknown_host(error: &io::Error) -> bool {
    const WORDS: [&str; 5] = [
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
    WORDS.iter().any(|words| text.contains(words))
}

fn is_proxy_refusal(text: &str) -> bool {
    const OF_HYPER: [&str; 4] = [
        "tunnel error: proxy authorization required",
        "SOCKS error: server does not support user/pass authentication",
        "SOCKS error: credentials not accepted",
        "SOCKS error: connection not allowed",
    ];
    const OF_UREQ: [&str; 4] = [
        "no acceptable auth methods",
        "unknown auth method",
        "password authentication failed",
        "connection not allowed by ruleset",
    ];
    OF_HYPER.contains(&text) || OF_UREQ.contains(&text)
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
    fn the_cause_is_found_however_deep_it_is() {
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
                SendFailure::Connection,
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
