//! Reads responses leniently: a part with an unexpected shape is kept as unparsed.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::common::ReceivedEffect;
use super::flag_import::FlagImportState;
use super::json::{Json, Members};
use super::sensitive_string::SensitiveString;
use super::unparsed::Unparsed;

/// Declares a struct for a part of a response. Each member is listed once: field, type, key.
///
/// The key `a.b` means the member `b` of the object `a`.
macro_rules! part {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {$(
            $(#[$doc:meta])*
            $field:ident: $type:ty = $key:literal,
        )*}
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {$(
            $(#[$doc])*
            #[doc = ""]
            #[doc = concat!("On the wire: `", $key, "`.")]
            pub $field: $type,
        )*}

        impl $crate::client::responses::object::FromObject for $name {
            fn from_object(object: &mut $crate::client::responses::object::Object<'_>) -> Self {
                Self { $($field: object.take($key),)* }
            }
        }
    };
}

/// Declares a struct for a whole response: like [`part!`], with the field `unparsed`.
macro_rules! response {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {$(
            $(#[$doc:meta])*
            $field:ident: $type:ty = $key:literal,
        )*}
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$doc])*
                #[doc = ""]
                #[doc = concat!("On the wire: `", $key, "`.")]
                pub $field: $type,
            )*
            /// The parts that have an unexpected shape.
            pub unparsed: $crate::client::responses::Unparsed,
        }

        impl $name {
            fn from_members(members: $crate::client::responses::json::Members<'_>) -> Self {
                let mut unparsed = $crate::client::responses::Unparsed::default();
                let mut object = $crate::client::responses::object::Object {
                    path: &$crate::client::responses::object::Path::Root,
                    members,
                    unparsed: &mut unparsed,
                };
                $(let $field = object.take($key);)*
                Self { $($field,)* unparsed }
            }
        }
    };
}

/// Declares a struct for a response that describes a resource: like [`response!`], with an id, and with the
/// values of form variables in the field `$values`.
macro_rules! resource {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($members:tt)* }
        form variables: $values:ident of $endpoint:ident
    ) => {
        response! {
            $(#[$meta])*
            pub struct $name {
                /// The id. Never empty.
                id: String = "_id",
                $($members)*
            }
        }

        impl $name {
            /// Reads it from LaunchDarkly's JSON. Returns `None` if the id is missing.
            #[must_use]
            pub fn from_json(value: ::serde_json::Value) -> Option<Self> {
                $crate::client::responses::FromResponse::from_response(value.into())
            }
        }

        impl $crate::client::responses::List<$name> {
            /// Reads it from LaunchDarkly's JSON. Returns `None` if that isn't a list.
            #[must_use]
            pub fn from_json(value: ::serde_json::Value) -> Option<Self> {
                $crate::client::responses::FromResponse::from_response(value.into())
            }
        }

        impl $crate::client::responses::object::Resource for $name {
            fn read<'a>(
                json: $crate::client::responses::json::Json<'a>,
            ) -> Result<Self, $crate::client::responses::json::Json<'a>> {
                let members = $crate::client::responses::object::members_with_id(json)?;
                let mut read = Self::from_members(members);
                if let (Some(values), Some(key)) = (&mut read.$values, &read.integration_key) {
                    values.set_fields(key, $crate::Endpoint::$endpoint);
                }
                Ok(read)
            }
        }
    };
}

/// Declares an enum of strings that keeps unlisted strings.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                $(#[$doc])*
                #[doc = ""]
                #[doc = concat!("On the wire: `", $text, "`.")]
                $variant,
            )*
            /// A string that this version of the crate doesn't know.
            Other(String),
        }

        impl $name {
            /// The string on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $($text => Self::$variant,)*
                    _ => Self::Other(text),
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

/// A path in the response. It is formatted only when something is unparsed.
pub(super) enum Path<'a> {
    Root,
    Member(&'a Path<'a>, &'a str),
    Element(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(Self::Root, key) => f.write_str(key),
            Self::Member(parent, key) => write!(f, "{parent}.{key}"),
            Self::Element(list, index) => write!(f, "{list}[{index}]"),
        }
    }
}

/// A JSON object that is being read.
pub(super) struct Object<'a> {
    pub(super) path: &'a Path<'a>,
    pub(super) members: Members<'a>,
    pub(super) unparsed: &'a mut Unparsed,
}

impl Object<'_> {
    /// Takes a member. Returns the default if it is missing, or if it is unparsed.
    pub(super) fn take<T: Lenient + Default>(&mut self, key: &str) -> T {
        let path = Path::Member(self.path, key);
        let member = take_member(&mut self.members, key, self.path, self.unparsed);
        let member = member.map(|json| read_or_keep(json, &path, self.unparsed));
        member.flatten().unwrap_or_default()
    }
}

/// The last member with this key.
pub(super) fn find<'m, 'a>(members: &'m mut Members<'a>, key: &str) -> Option<&'m mut Json<'a>> {
    let mut members = members.iter_mut().rev();
    members
        .find(|(other, _)| other == key)
        .map(|(_, json)| json)
}

/// Takes a member and leaves `null`, which counts as missing. The key `a.b` means the member `b` of the
/// object `a`.
fn take_member<'a>(
    members: &mut Members<'a>,
    key: &str,
    path: &Path<'_>,
    unparsed: &mut Unparsed,
) -> Option<Json<'a>> {
    // Many times faster than `split_once` for such short strings.
    let Some(dot) = key.bytes().position(|byte| byte == b'.') else {
        return find(members, key)?.take();
    };
    let (outer, key) = (&key[..dot], &key[dot + 1..]);
    let path = Path::Member(path, outer);
    match find(members, outer)? {
        Json::Object(members) => take_member(members, key, &path, unparsed),
        other => {
            if let Some(other) = other.take() {
                unparsed.insert(path.to_string(), other.into());
            }
            None
        }
    }
}

/// Reads JSON, or keeps it as unparsed.
fn read_or_keep<T: Lenient>(json: Json<'_>, path: &Path<'_>, unparsed: &mut Unparsed) -> Option<T> {
    match T::read(json, path, unparsed) {
        Ok(value) => Some(value),
        Err(json) => {
            unparsed.insert(path.to_string(), json.into());
            None
        }
    }
}

/// A type that a member of a response can have.
pub(super) trait Lenient: Sized {
    /// Returns the JSON if it has another shape. Adds parts with another shape to `unparsed`.
    fn read<'a>(json: Json<'a>, path: &Path<'_>, unparsed: &mut Unparsed)
    -> Result<Self, Json<'a>>;
}

/// A type that is read from an object. See [`part!`].
pub(super) trait FromObject {
    fn from_object(object: &mut Object<'_>) -> Self;
}

/// A response with an id, which can be an item of a list. See [`resource!`].
pub(crate) trait Resource: Sized {
    /// Returns the JSON if the id is missing.
    fn read<'a>(json: Json<'a>) -> Result<Self, Json<'a>>;
}

/// The members of an object with an id. Returns the JSON if the id is missing.
pub(super) fn members_with_id(json: Json<'_>) -> Result<Members<'_>, Json<'_>> {
    match json {
        Json::Object(mut members) => match find(&mut members, "_id") {
            Some(Json::String(id)) if !id.is_empty() => Ok(members),
            _ => Err(Json::Object(members)),
        },
        other => Err(other),
    }
}

impl<T: FromObject> Lenient for T {
    fn read<'a>(
        json: Json<'a>,
        path: &Path<'_>,
        unparsed: &mut Unparsed,
    ) -> Result<Self, Json<'a>> {
        let Json::Object(members) = json else {
            return Err(json);
        };
        Ok(T::from_object(&mut Object {
            path,
            members,
            unparsed,
        }))
    }
}

impl<T: Lenient> Lenient for Option<T> {
    fn read<'a>(
        json: Json<'a>,
        path: &Path<'_>,
        unparsed: &mut Unparsed,
    ) -> Result<Self, Json<'a>> {
        T::read(json, path, unparsed).map(Some)
    }
}

/// An element with another shape is left out and kept as unparsed.
impl<T: FromObject> Lenient for Vec<T> {
    fn read<'a>(
        json: Json<'a>,
        path: &Path<'_>,
        unparsed: &mut Unparsed,
    ) -> Result<Self, Json<'a>> {
        let Json::Array(elements) = json else {
            return Err(json);
        };
        let mut read = Vec::with_capacity(elements.len());
        for (index, json) in elements.into_iter().enumerate() {
            read.extend(read_or_keep::<T>(
                json,
                &Path::Element(path, index),
                unparsed,
            ));
        }
        Ok(read)
    }
}

impl<T: FromObject> Lenient for BTreeMap<String, T> {
    fn read<'a>(
        json: Json<'a>,
        path: &Path<'_>,
        unparsed: &mut Unparsed,
    ) -> Result<Self, Json<'a>> {
        let Json::Object(members) = json else {
            return Err(json);
        };
        // Keeps the last member with a key.
        let members: BTreeMap<_, _> = members.into_iter().collect();
        let read = members
            .into_iter()
            .filter(|(_, json)| !matches!(json, Json::Null))
            .filter_map(|(key, json)| {
                let value = read_or_keep(json, &Path::Member(path, &key), unparsed)?;
                Some((key.into_owned(), value))
            })
            .collect();
        Ok(read)
    }
}

impl Lenient for Value {
    fn read<'a>(json: Json<'a>, _: &Path<'_>, _: &mut Unparsed) -> Result<Self, Json<'a>> {
        Ok(json.into())
    }
}

impl Lenient for bool {
    fn read<'a>(json: Json<'a>, _: &Path<'_>, _: &mut Unparsed) -> Result<Self, Json<'a>> {
        match json {
            Json::Bool(bool) => Ok(bool),
            other => Err(other),
        }
    }
}

impl Lenient for u64 {
    fn read<'a>(json: Json<'a>, _: &Path<'_>, _: &mut Unparsed) -> Result<Self, Json<'a>> {
        json.as_u64().ok_or(json)
    }
}

/// An HTTP status code.
impl Lenient for u16 {
    fn read<'a>(json: Json<'a>, _: &Path<'_>, _: &mut Unparsed) -> Result<Self, Json<'a>> {
        let code = json.as_u64().and_then(|code| code.try_into().ok());
        code.ok_or(json)
    }
}

/// A time as LaunchDarkly writes it: milliseconds since 1970, negative ones before.
impl Lenient for SystemTime {
    fn read<'a>(json: Json<'a>, _: &Path<'_>, _: &mut Unparsed) -> Result<Self, Json<'a>> {
        let time = json.as_i64().and_then(|milliseconds| {
            let distance = Duration::from_millis(milliseconds.unsigned_abs());
            if milliseconds < 0 {
                Self::UNIX_EPOCH.checked_sub(distance)
            } else {
                Self::UNIX_EPOCH.checked_add(distance)
            }
        });
        time.ok_or(json)
    }
}

macro_rules! from_string {
    ($($type:ty),*) => {$(
        impl Lenient for $type {
            fn read<'a>(json: Json<'a>, _: &Path<'_>, _: &mut Unparsed) -> Result<Self, Json<'a>> {
                match json {
                    Json::String(text) => Ok(text.into_owned().into()),
                    other => Err(other),
                }
            }
        }
    )*};
}

from_string!(String, SensitiveString, ReceivedEffect, FlagImportState);

macro_rules! from_list_of_strings {
    ($($type:ty),*) => {$(
        /// All elements must be strings: callers would take a part of the list for the whole list.
        impl Lenient for Vec<$type> {
            fn read<'a>(json: Json<'a>, _: &Path<'_>, _: &mut Unparsed) -> Result<Self, Json<'a>> {
                match json {
                    Json::Array(elements)
                        if elements.iter().all(|element| matches!(element, Json::String(_))) =>
                    {
                        let texts = elements.into_iter().filter_map(|element| match element {
                            Json::String(text) => Some(text.into_owned().into()),
                            _ => None,
                        });
                        Ok(texts.collect())
                    }
                    other => Err(other),
                }
            }
        }
    )*};
}

from_list_of_strings!(String, SensitiveString);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{AuditLogSubscription, IntegrationConfiguration, ReceivedEffect};
    use super::*;

    #[test]
    fn only_the_id_is_required() {
        let minimal = IntegrationConfiguration::from_json(json!({"_id": "1"})).unwrap();
        assert_eq!(minimal.id, "1");
        assert!(minimal.unparsed.is_empty());
        assert!(minimal.tags.is_empty());
        assert_eq!(minimal.config_values, None);
        for other in [
            json!({}),
            json!({"_id": 1}),
            json!({"_id": null}),
            json!({"_id": ""}),
            json!("1"),
            json!([]),
        ] {
            let read = IntegrationConfiguration::from_json(other.clone());
            assert_eq!(read, None, "{other}");
        }
    }

    #[test]
    fn parts_with_another_shape_are_kept_and_the_rest_is_read() {
        let statement = json!({
            "effect": "permit", "actions": ["*"], "notActions": [null, null], "new": 1,
        });
        let read = IntegrationConfiguration::from_json(json!({
            "_id": "1",
            "name": 7,
            "_createdAt": 0.5,
            "tags": ["a", 1],
            "enabled": "true",
            "_links": {"self": {"href": "/x", "type": 3}, "odd": "x", "none": null},
            "_access": {"allowed": [], "denied": {}},
            "configValues": "x",
            "capabilityConfig": {
                "auditLogEventsHook": {"statements": [4, statement]},
                "approvals": "invalid example",
            },
            "unknown": {"a": 1},
        }))
        .unwrap();
        assert_eq!(read.links["self"].href.as_deref(), Some("/x"));
        assert_eq!(read.links.len(), 1);
        assert_eq!(read.access, Some(Default::default()));
        assert_eq!(read.statements.len(), 1);
        let effect = ReceivedEffect::Other("permit".to_owned());
        assert_eq!(read.statements[0].effect, Some(effect));
        assert_eq!(read.statements[0].actions, ["*"]);
        let expected = json!({
            "_access.denied": {},
            "_createdAt": 0.5,
            "_links.odd": "x",
            "_links.self.type": 3,
            "capabilityConfig.approvals": "invalid example",
            "capabilityConfig.auditLogEventsHook.statements[0]": 4,
            "capabilityConfig.auditLogEventsHook.statements[1].notActions": [null, null],
            "configValues": "x",
            "enabled": "true",
            "name": 7,
            "tags": ["a", 1],
        });
        assert_eq!(Value::from_iter(read.unparsed), expected);
    }

    #[test]
    fn an_object_with_two_fields_is_kept_once() {
        for odd in [json!("x"), json!([1]), json!(false)] {
            let json = json!({"_id": "1", "capabilityConfig": odd});
            let read = IntegrationConfiguration::from_json(json).unwrap();
            let expected = json!({"capabilityConfig": odd});
            assert_eq!(Value::from_iter(read.unparsed), expected);
        }
    }

    #[test]
    fn the_last_member_with_a_key_counts() {
        let text = r#"{
            "_id": "", "_id": "1", "name": "a", "name": null, "enabled": 7, "enabled": true,
            "_links": {"a": 1, "a": {"href": "/x"}, "b": {"href": "/y"}, "b": null},
            "configValues": {"url": "a", "url": "b"},
            "capabilityConfig": "x", "capabilityConfig": {"approvals": 1, "approvals": null}
        }"#;
        let json: Json<'_> = serde_json::from_str(text).unwrap();
        let read = IntegrationConfiguration::read(json).ok().unwrap();
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(
            Some(&read),
            IntegrationConfiguration::from_json(value).as_ref()
        );
        assert_eq!((read.id.as_str(), read.enabled), ("1", Some(true)));
        assert_eq!((read.name, read.links.len()), (None, 1));
        assert!(read.unparsed.is_empty(), "{:?}", read.unparsed);
    }

    #[test]
    fn times_are_read() {
        let milliseconds = Duration::from_millis;
        for (json, time) in [
            (json!(0), Some(SystemTime::UNIX_EPOCH)),
            (
                json!(1500),
                SystemTime::UNIX_EPOCH.checked_add(milliseconds(1500)),
            ),
            (
                json!(-1),
                SystemTime::UNIX_EPOCH.checked_sub(milliseconds(1)),
            ),
            (json!("0"), None),
            (json!(u64::MAX), None),
        ] {
            let read = json!({"_id": "1", "_status": {"lastSuccess": json}});
            let read = AuditLogSubscription::from_json(read).unwrap();
            assert_eq!(read.status.unwrap().last_success, time, "{json}");
            assert_eq!(read.unparsed.is_empty(), time.is_some(), "{json}");
        }
        // The minimum and the maximum may be out of the platform's range.
        for json in [json!(i64::MIN), json!(i64::MAX)] {
            let read = json!({"_id": "1", "_createdAt": json});
            let read = IntegrationConfiguration::from_json(read).unwrap();
            assert_ne!(
                read.created_at.is_some(),
                !read.unparsed.is_empty(),
                "{json}"
            );
        }
    }

    #[test]
    fn debug_shows_no_possible_secret() {
        let canary = "canary";
        let subscription = AuditLogSubscription::from_json(json!({
            "_id": "1",
            "config": {"url": canary},
            "url": canary,
            "apiKey": canary,
            "tags": {"odd": canary},
            "_status": {"errors": [{"responseBody": canary}]},
        }));
        let configuration = IntegrationConfiguration::from_json(json!({
            "_id": "1",
            "configValues": {"url": canary},
            "name": [canary],
            "snowflakeSetupScript": canary,
            "redshiftSetupScripts": [canary],
            "redshiftIAMPermissionsPolicy": canary,
            "redshiftIAMTrustPolicy": canary,
        }));
        let debug = format!("{:?} {:?}", subscription.unwrap(), configuration.unwrap());
        assert!(!debug.contains(canary), "{debug}");
        for shown in [r#"config: Some({"url"})"#, r#"unparsed: {"tags"}"#] {
            assert!(debug.contains(shown), "{debug}");
        }
    }
}
