//! [`Operation`]: one operation of the API with its arguments, as a value.

use std::borrow::Cow;
use std::str;

use http::{Method, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::de::Error as _;

use crate::client::invalid_request::InvalidRequest;
use crate::client::requests::Payload;
use crate::client::responses::{FromResponse, Json};
use crate::client::retry::Idempotency;

/// The properties of an operation that don't depend on its arguments.
#[derive(Debug)]
pub(crate) struct Metadata {
    /// The name in errors, such as `create an integration configuration`.
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    /// The path, with parameters such as `{projectKey}`.
    pub(crate) template: &'static str,
    /// The documented success status. Every other status is an error.
    pub(crate) success: StatusCode,
    /// Whether the operation is in beta and needs the version header `beta`.
    pub(crate) beta: bool,
    pub(crate) idempotency: Idempotency,
}

/// The request, and the function that parses the response's body.
pub(crate) struct Operation<'a, R> {
    pub(crate) request: OperationRequest<'a>,
    pub(crate) parse: fn(&[u8]) -> Result<R, MalformedBody>,
}

/// The request. It isn't generic, so that the code that sends it is compiled once.
pub(crate) struct OperationRequest<'a> {
    pub(crate) metadata: &'static Metadata,
    /// The path with its encoded parameters.
    pub(crate) path: Result<String, InvalidRequest>,
    pub(crate) payload: Option<&'a dyn Payload>,
}

/// The error for the body of a successful response. Without an inner error, the body is JSON, but the id, or
/// the `items` of a list, are missing.
pub(crate) struct MalformedBody(pub(crate) Option<serde_json::Error>);

impl<'a, R: FromResponse> Operation<'a, R> {
    /// An operation whose response is JSON.
    pub(crate) fn new(metadata: &'static Metadata, parameters: &[&str]) -> Self {
        Self {
            request: OperationRequest::new(metadata, parameters),
            parse: parse_json,
        }
    }
}

impl<'a> Operation<'a, ()> {
    /// An operation whose response has no body.
    pub(crate) fn without_response(metadata: &'static Metadata, parameters: &[&str]) -> Self {
        Self {
            request: OperationRequest::new(metadata, parameters),
            parse: |_| Ok(()),
        }
    }
}

impl<'a, R> Operation<'a, R> {
    /// Sets the request's body.
    pub(crate) fn with_payload(mut self, payload: &'a dyn Payload) -> Self {
        self.request.payload = Some(payload);
        self
    }

    /// Sets the request's body. The request is invalid if the payload's values belong to another
    /// integration than this one.
    pub(crate) fn with_payload_for(self, integration_key: &str, payload: &'a dyn Payload) -> Self {
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

fn parse_json<R: FromResponse>(body: &[u8]) -> Result<R, MalformedBody> {
    // Checked once here: serde_json would check each string separately.
    let text = str::from_utf8(body).map_err(serde_json::Error::custom);
    let json = text.and_then(serde_json::from_str::<Json<'_>>);
    let json = json.map_err(|error| MalformedBody(Some(error)))?;
    R::from_response(json).ok_or(MalformedBody(None))
}

impl OperationRequest<'_> {
    fn new(metadata: &'static Metadata, parameters: &[&str]) -> Self {
        Self {
            metadata,
            path: fill_template(metadata.template, parameters),
            payload: None,
        }
    }

    /// The name and the value of each parameter of the path.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&'static str, Cow<'_, str>)> {
        let path = self.path.as_deref().unwrap_or_default();
        let segments = self.metadata.template.split('/').zip(path.split('/'));
        segments.filter_map(|(segment, value)| {
            let name = segment.strip_prefix('{')?.strip_suffix('}')?;
            Some((name, percent_decode_str(value).decode_utf8_lossy()))
        })
    }
}

/// All characters except those that RFC 3986 calls unreserved.
pub(crate) const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Replaces the parameters of a path with their encoded values.
fn fill_template(template: &str, parameters: &[&str]) -> Result<String, InvalidRequest> {
    let mut path = String::with_capacity(template.len() + 32);
    let mut parameters = parameters.iter();
    for segment in template.split('/').skip(1) {
        path.push('/');
        match segment.strip_prefix('{') {
            None => path.push_str(segment),
            Some(name) => {
                let name = name.trim_end_matches('}');
                let value = parameters.next().copied().unwrap_or_default();
                // URL libraries resolve `.` and `..` even if they are percent-encoded.
                if matches!(value, "" | "." | "..") {
                    return Err(InvalidRequest::Parameter {
                        name: display_name(name),
                        value: value.to_owned(),
                    });
                }
                path.extend(utf8_percent_encode(value, ENCODED));
            }
        }
    }
    Ok(path)
}

/// The name of a parameter in errors.
pub(crate) fn display_name(parameter: &str) -> &'static str {
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
    fn parameters_are_encoded_or_rejected() {
        let template = "/api/v2/integrations/{integrationKey}/{id}";
        for (key, id, path) in [
            ("datadog", "1", "/api/v2/integrations/datadog/1"),
            ("a/b", "c?d#e", "/api/v2/integrations/a%2Fb/c%3Fd%23e"),
            ("%2e", "...", "/api/v2/integrations/%252e/..."),
            ("é \n", "~._-", "/api/v2/integrations/%C3%A9%20%0A/~._-"),
        ] {
            assert_eq!(
                fill_template(template, &[key, id]).ok().as_deref(),
                Some(path)
            );
        }
        for invalid in ["", ".", ".."] {
            let error = fill_template(template, &["datadog", invalid]).unwrap_err();
            assert!(error.to_string().starts_with("the id"), "{error}");
            assert!(fill_template(template, &[invalid, "1"]).is_err());
        }
    }

    #[test]
    fn a_body_that_is_not_utf_8_is_malformed() {
        let parse = parse_json::<crate::client::IntegrationConfiguration>;
        assert_eq!(parse(br#"{"_id": "1"}"#).ok().unwrap().id, "1");
        assert!(
            parse(b"{\"_id\": \"1\", \"new\": \"\xff\"}").is_err_and(|error| error.0.is_some())
        );
        assert!(parse(b"{}").is_err_and(|error| error.0.is_none()));
    }
}
