//! New flag import configurations, and patches of them.

use super::draft::{Draft, RESOURCE, new_resource};
use super::form_variables::FormVariables;
use super::patch::{Patch, patch};
use crate::client::FlagImportValues;
use crate::{AnyConfigValues, Endpoint, WrongEndpoint};

/// A new flag import configuration: LaunchDarkly imports the flags of another product into a project.
#[derive(Clone, Debug)]
#[must_use]
pub struct NewFlagImport(Draft);

impl NewFlagImport {
    /// A flag import configuration with these values: a generated `ConfigValues`, or
    /// [`RawConfigValues`](crate::client::RawConfigValues). Values for another endpoint don't
    /// compile.
    pub fn new(values: impl FlagImportValues) -> Self {
        Self(Draft::new(None, FormVariables::new(values.into())))
    }

    /// As [`new`](Self::new), with values of an integration that is known only at run time.
    ///
    /// # Errors
    ///
    /// [`WrongEndpoint`] if the endpoint doesn't take them.
    pub fn with_any(values: AnyConfigValues) -> Result<Self, WrongEndpoint> {
        let values = FormVariables::checked(values, Endpoint::FlagImport)?;
        Ok(Self(Draft::new(None, values)))
    }

    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn name_ref(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Sets its name. LaunchDarkly makes one up when this is omitted; an empty or blank one is
    /// refused before anything is sent.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.0.name = Some(name.into());
        self
    }
}

new_resource!(NewFlagImport, RESOURCE);

/// A patch of a flag import configuration: it replaces whole properties.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct FlagImportPatch(pub(crate) Patch);

patch!(FlagImportPatch, FlagImportValues, FlagImport, "/config");
