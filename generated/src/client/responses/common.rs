//! Types that several responses share.
//!
//! LaunchDarkly writes times as milliseconds since 1970. They are read as
//! [`SystemTime`](std::time::SystemTime). What 0 means is not documented, so it is read as
//! [`UNIX_EPOCH`](std::time::UNIX_EPOCH).

use std::collections::BTreeMap;

/// Links to related resources by their relation, such as `self` or `parent`.
pub type Links = BTreeMap<String, Link>;

part! {
    /// A link to a related resource.
    #[derive(Eq)]
    pub struct Link {
        /// The path, such as `/api/v2/integrations/datadog`.
        href: Option<String> = "href",
        /// The media type, such as `application/json`.
        kind: Option<String> = "type",
    }
}

part! {
    /// What the access token allows and denies on a resource.
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
        /// The policy statement that allows or denies it.
        reason: Option<ReceivedStatement> = "reason",
    }
}

part! {
    /// A policy statement in a response. It may have both `resources` and `notResources`, or both `actions`
    /// and `notActions`.
    ///
    /// To send a policy statement, create a [`Statement`](crate::client::Statement).
    #[derive(Eq)]
    pub struct ReceivedStatement {
        /// Whether it allows or denies.
        effect: Option<ReceivedEffect> = "effect",
        /// The resources that it applies to, such as `proj/*:env/*:flag/*`.
        resources: Vec<String> = "resources",
        /// The resources that it doesn't apply to.
        not_resources: Vec<String> = "notResources",
        /// The actions that it applies to, such as `updateOn` or `*`.
        actions: Vec<String> = "actions",
        /// The actions that it doesn't apply to.
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
