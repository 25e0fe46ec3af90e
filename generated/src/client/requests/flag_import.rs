//! [`NewFlagImport`] and [`FlagImportPatch`].

use super::draft::{COMMON_FORMAT, Draft, new_resource, optional_name};
use super::form_variables::FormVariables;
use super::patch::{Patch, patch};

/// A new flag import configuration: LaunchDarkly imports the flags of another product into a project.
#[derive(Clone, Debug)]
#[must_use]
pub struct NewFlagImport(pub(super) Draft);

optional_name!(NewFlagImport, FlagImportValues, FlagImport);
new_resource!(NewFlagImport, COMMON_FORMAT);

/// A patch of a flag import configuration. Each method replaces a whole property.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct FlagImportPatch(pub(crate) Patch);

patch!(FlagImportPatch, FlagImportValues, FlagImport, "/config");
