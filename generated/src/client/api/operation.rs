//! [`Operation`]: one call of the API as a value, before anything sends it.

use std::borrow::Cow;
use std::str;

use http::{Method, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::de::Error as _;

use crate::client::error::InvalidRequest;
use crate::client::requests::Payload;
use crate::client::responses::{FromResponse, Json};
use crate::client::retry::Repeat;

/// The facts of an operation, whatever it is sent with.
#[derive(Debug)]
pub(crate) struct Metadata {
    /// Words for people, such as `create an integration configuration`.
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    /// The path, with `{names}` of its parameters.
    pub(crate) template: &'static str,
    /// The only status that means success.
    pub(crate) success: StatusCode,
    /// Whether the API calls it beta, so that it takes another version header.
    pub(crate) beta: bool,
    pub(crate) repeat: Repeat,
}

/// What is sent, and how its response is read.
pub(crate) struct Operation<'a, R> {
    pub(crate) request: OperationRequest<'a>,
    pub(crate) read: fn(&[u8]) -> Result<R, Unreadable>,
}

/// What is sent. Not generic, so that the compiler sees what sends it once.
pub(crate) struct OperationRequest<'a> {
    pub(crate) metadata: &'static Metadata,
    /// The path, encoded.
    pub(crate) path: Result<String, InvalidRequest>,
    pub(crate) payload: Option<&'a dyn Payload>,
}

/// Why the body of a successful response can't be read: it isn't JSON, or not of the shape.
pub(crate) struct Unreadable(pub(crate) Option<serde_json::Error>);

impl<'a, R: FromResponse> Operation<'a, R> {
    /// An operation whose response is JSON.
    pub(crate) fn new(metadata: &'static Metadata, parameters: &[&str]) -> Self {
        Self {
            request: OperationRequest::new(metadata, parameters),
            read: read_json,
        }
    }
}

impl<'a> Operation<'a, ()> {
    /// An operation whose response has no body.
    pub(crate) fn without_response(metadata: &'static Metadata, parameters: &[&str]) -> Self {
        Self {
            request: OperationRequest::new(metadata, parameters),
            read: |_| Ok(()),
        }
    }
}

impl<'a, R> Operation<'a, R> {
    /// Sends this.
    pub(crate) fn with_payload(mut self, payload: &'a dyn Payload) -> Self {
        self.request.payload = Some(payload);
        self
    }

    /// As [`with_payload`](Self::with_payload), unless the payload's values are of another
    /// integration than the path says.
    pub(crate) fn with_payload_of(self, integration_key: &str, payload: &'a dyn Payload) -> Self {
        let mut operation = self.with_payload(payload);
        if let Some(other) = payload
            .integration_key()
            .filter(|key| *key != integration_key)
        {
            operation.request.path = Err(InvalidRequest::OtherIntegration {
                path: integration_key.to_owned(),
                values: other.to_owned(),
            });
        }
        operation
    }
}

fn read_json<R: FromResponse>(body: &[u8]) -> Result<R, Unreadable> {
    // All at once: serde_json would check each string of its own.
    let text = str::from_utf8(body).map_err(serde_json::Error::custom);
    let json = text.and_then(serde_json::from_str::<Json<'_>>);
    let json = json.map_err(|error| Unreadable(Some(error)))?;
    R::from_response(json).ok_or(Unreadable(None))
}

impl OperationRequest<'_> {
    fn new(metadata: &'static Metadata, parameters: &[&str]) -> Self {
        Self {
            metadata,
            path: fill(metadata.template, parameters),
            payload: None,
        }
    }

    /// The names of the path's parameters with their values.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&'static str, Cow<'_, str>)> {
        let path = self.path.as_deref().unwrap_or_default();
        let segments = self.metadata.template.split('/').zip(path.split('/'));
        segments.filter_map(|(segment, value)| {
            let name = segment.strip_prefix('{')?.strip_suffix('}')?;
            Some((name, percent_decode_str(value).decode_utf8_lossy()))
        })
    }
}

/// What can stand in a segment as it is, by RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The path with its parameters.
fn fill(template: &str, parameters: &[&str]) -> Result<String, InvalidRequest> {
    let mut path = String::with_capacity(template.len() + 32);
    let mut parameters = parameters.iter();
    for segment in template.split('/').skip(1) {
        path.push('/');
        match segment.strip_prefix('{') {
            None => path.push_str(segment),
            Some(name) => {
                let name = name.trim_end_matches('}');
                let value = parameters.next().copied().unwrap_or_default();
                // URL libraries resolve dots, encoded or not.
                if matches!(value, "" | "." | "..") {
                    return Err(InvalidRequest::Parameter {
                        name: words(name),
                        value: value.to_owned(),
                    });
                }
                path.extend(utf8_percent_encode(value, ENCODED));
            }
        }
    }
    Ok(path)
}

/// A parameter's name for people.
pub(crate) fn words(parameter: &str) -> &'static str {
    match parameter {
        "integrationKey" => "integration key",
        "projectKey" => "project key",
        "environmentKey" => "environment key",
        _ => "id",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded_or_refused() {
        let template = "/api/v2/integrations/{integrationKey}/{id}";
        for (key, id, path) in [
            ("datadog", "1", "/api/v2/integrations/datadog/1"),
            ("a/b", "c?d#e", "/api/v2/integrations/a%2Fb/c%3Fd%23e"),
            ("%2e", "...", "/api/v2/integrations/%252e/..."),
            ("é \n", "~._-", "/api/v2/integrations/%C3%A9%20%0A/~._-"),
        ] {
            assert_eq!(fill(template, &[key, id]).ok().as_deref(), Some(path));
        }
        for wrong in ["", ".", ".."] {
            let refused = fill(template, &["datadog", wrong]).unwrap_err();
            assert!(refused.to_string().starts_with("the id"), "{refused}");
            assert!(fill(template, &[wrong, "1"]).is_err());
        }
    }
    #[test]
    fn what_is_no_text_is_no_json() {
        let read = read_json::<crate::client::IntegrationConfiguration>;
        assert_eq!(read(br#"{"_id": "1"}"#).ok().unwrap().id, "1");
        assert!(read(b"{\"_id\": \"1\", \"new\": \"\xff\"}").is_err_and(|error| error.0.is_some()));
        assert!(read(b"{}").is_err_and(|error| error.0.is_none()));
    }
}
