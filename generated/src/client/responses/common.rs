//! What several responses have in common.
//!
//! Times come as milliseconds since 1970 and are given as [`SystemTime`](std::time::SystemTime).
//! LaunchDarkly's API description doesn't say what 0 means, such as in a store's `lastSync`: it is
//! kept as given, [`UNIX_EPOCH`](std::time::UNIX_EPOCH).

use std::collections::BTreeMap;

/// Related resources, by what they are, such as `self` or `parent`.
pub type Links = BTreeMap<String, Link>;

part! {
    /// A related resource.
    #[derive(Eq)]
    pub struct Link {
        /// Its address, relative to the host, such as `/api/v2/integrations/datadog`.
        href: Option<String> = "href",
        /// The media type found there, such as `application/json`.
        kind: Option<String> = "type",
    }
}

part! {
    /// What the owner of the access token may and may not do with a resource.
    #[derive(Eq)]
    pub struct Access {
        /// The actions that are allowed.
        allowed: Vec<Permission> = "allowed",
        /// The actions that are denied.
        denied: Vec<Permission> = "denied",
    }
}

part! {
    /// An action, and why it is allowed or denied.
    #[derive(Eq)]
    pub struct Permission {
        /// The action, such as `updateIntegration`.
        action: Option<String> = "action",
        /// The policy statement that decides.
        reason: Option<ReceivedStatement> = "reason",
    }
}

part! {
    /// A policy statement as LaunchDarkly sends it, which may have both of an either-or pair.
    ///
    /// To send one, make a [`Statement`](crate::client::Statement).
    #[derive(Eq)]
    pub struct ReceivedStatement {
        /// Whether it allows or denies.
        effect: Option<ReceivedEffect> = "effect",
        /// The resources that it applies to, such as `proj/*:env/*:flag/*`.
        resources: Vec<String> = "resources",
        /// Or the only resources that it doesn't apply to.
        not_resources: Vec<String> = "notResources",
        /// The actions that it applies to, such as `updateOn` or `*`.
        actions: Vec<String> = "actions",
        /// Or the only actions that it doesn't apply to.
        not_actions: Vec<String> = "notActions",
        /// The role that it belongs to. Only in [`Access`].
        role_name: Option<String> = "role_name",
    }
}

open_enum! {
    /// Whether a [`ReceivedStatement`] allows or denies.
    pub enum ReceivedEffect {
        /// The actions are allowed.
        Allow = "allow",
        /// The actions are denied.
        Deny = "deny",
    }
}
