//! Merges a manifest, its supplement and its overrides, and keeps the path of each form variable.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, JsonPath, escape_and_truncate};
use crate::manifest::{FormVariable, Manifest};
use crate::model;
use crate::overrides::{Correction, CorrectionEntry, Corrections, TOP_LEVEL};

/// An integration's manifest, merged with its supplement and overrides.
pub(crate) struct Merged<'a> {
    pub(crate) key: &'a str,
    /// The source of the facts about the integration itself, such as its name.
    pub(crate) facts: &'a Manifest,
    /// The path of `facts` in its document.
    pub(crate) path: JsonPath,
    /// The module's name, if an override sets it.
    pub(crate) rename: Option<&'a str>,
    /// The names of all capabilities.
    pub(crate) capabilities: Vec<&'a str>,
    /// The form variables of the integration itself, then those of its capabilities.
    pub(crate) blocks: Vec<MergedBlock<'a>>,
    /// The part that comes from the supplement.
    pub(crate) supplement: Option<model::Supplement>,
}

/// A list of form variables.
pub(crate) struct MergedBlock<'a> {
    /// The capability of the block; empty for the integration itself.
    pub(crate) capability: &'a str,
    pub(crate) name: &'a str,
    pub(crate) path: JsonPath,
    /// The prefix of its type names, if an override sets it.
    pub(crate) rename: Option<&'a str>,
    pub(crate) variables: Vec<MergedVariable<'a>>,
}

/// A form variable with its path and its overrides.
pub(crate) struct MergedVariable<'a> {
    pub(crate) path: JsonPath,
    pub(crate) variable: &'a FormVariable,
    pub(crate) supplement: bool,
    /// Whether an override marks it as secret.
    pub(crate) secret: bool,
    pub(crate) rename: Option<&'a str>,
    /// The names that overrides set for listed values, by value.
    pub(crate) values: HashMap<&'a str, &'a str>,
}

/// Merges a manifest with its overrides. The diagnostics are about overrides that match nothing, and
/// about parts of a supplement that the manifest now has itself; the manifest takes precedence.
pub(crate) fn merge<'a>(
    key: &'a str,
    manifest: &'a Manifest,
    corrections: Corrections<'a>,
) -> (Merged<'a>, Vec<Diagnostic>) {
    let mut merged = Merged::new(key, manifest, JsonPath::root());
    let mut problems = Vec::new();
    merged.add(manifest, None, &mut problems);
    if let Some(supplement) = corrections.supplement() {
        if supplement.defines_integration() {
            let path = supplement.path.key("integration");
            problems.push(superseded(path, "a manifest of the integration"));
        } else {
            let known = merged.capabilities.len();
            merged.add(&supplement.manifest, Some(&supplement.path), &mut problems);
            merged.supplement = Some(model::Supplement {
                whole_integration: false,
                capabilities: owned(&merged.capabilities[known..]),
                reason: supplement.reason.clone(),
                evidence: supplement.evidence.clone(),
            });
        }
    }
    problems.extend(merged.correct(corrections.entries()));
    corrections.locate(&mut problems);
    (merged, problems)
}

/// The same for an integration without a manifest. Returns `None` and errors if no supplement defines
/// the integration.
pub(crate) fn supplement_only<'a>(
    key: &'a str,
    corrections: Corrections<'a>,
) -> (Option<Merged<'a>>, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let supplement = corrections.supplement();
    let mut merged = None;
    match supplement {
        Some(supplement) if supplement.defines_integration() => {
            let mut integration = Merged::new(key, &supplement.manifest, supplement.path.clone());
            integration.add(&supplement.manifest, Some(&supplement.path), &mut problems);
            integration.supplement = Some(model::Supplement {
                whole_integration: true,
                capabilities: owned(&integration.capabilities),
                reason: supplement.reason.clone(),
                evidence: supplement.evidence.clone(),
            });
            problems.extend(integration.correct(corrections.entries()));
            merged = Some(integration);
        }
        Some(supplement) => problems.push(
            Diagnostic::error(
                "unmatched-override",
                supplement.path.clone(),
                "the supplement adds to a manifest that doesn't exist",
            )
            .found(key)
            .help("remove it, or add a `name` if LaunchDarkly still has the integration"),
        ),
        None => {}
    }
    if merged.is_none() {
        problems.extend(
            corrections
                .entries()
                .iter()
                .map(|entry| entry.unmatched(key)),
        );
    }
    corrections.locate(&mut problems);
    (merged, problems)
}

fn superseded(path: JsonPath, what: &str) -> Diagnostic {
    Diagnostic::error(
        "superseded-supplement",
        path,
        format!("upstream has {what} now"),
    )
    .help("remove it from the supplement: upstream takes precedence")
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

impl<'a> Merged<'a> {
    fn new(key: &'a str, facts: &'a Manifest, path: JsonPath) -> Self {
        let top = MergedBlock::new("", TOP_LEVEL, path.key(TOP_LEVEL));
        Self {
            key,
            facts,
            path,
            rename: None,
            capabilities: Vec::new(),
            blocks: vec![top],
            supplement: None,
        }
    }

    /// Adds a manifest, or the supplement at this path.
    fn add(
        &mut self,
        manifest: &'a Manifest,
        supplement: Option<&JsonPath>,
        problems: &mut Vec<Diagnostic>,
    ) {
        let root = supplement.cloned().unwrap_or_default();
        let is_supplement = supplement.is_some();
        for capability in &manifest.capabilities {
            let path = root.key("capabilities").key(&capability.name);
            // Names are unique within a manifest, so only a supplement needs this check.
            if !is_supplement || !self.capabilities.contains(&capability.name.as_str()) {
                self.capabilities.push(&capability.name);
            } else if capability.blocks.is_empty() {
                problems.push(superseded(path.clone(), "this capability"));
            }
            for block in &capability.blocks {
                let path = path.key(&block.name);
                let same = |known: &MergedBlock<'_>| {
                    (known.capability, known.name) == (&*capability.name, &*block.name)
                };
                let known = if is_supplement {
                    self.blocks.iter().position(same)
                } else {
                    None
                };
                let place = known.unwrap_or(self.blocks.len());
                if known.is_none() {
                    let new = MergedBlock::new(&capability.name, &block.name, path.clone());
                    self.blocks.push(new);
                }
                self.blocks[place].add(&path, &block.variables, is_supplement, problems);
            }
        }
        let path = root.key(TOP_LEVEL);
        self.blocks[0].add(&path, &manifest.form_variables, is_supplement, problems);
    }

    /// Applies all entries. Returns an error for each entry that matches nothing.
    fn correct(&mut self, entries: &'a [CorrectionEntry]) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for entry in entries {
            if self.apply(entry).is_none() {
                problems.push(entry.unmatched(self.key));
            }
        }
        problems
    }

    fn apply(&mut self, entry: &'a CorrectionEntry) -> Option<()> {
        let target = &entry.target;
        let block = self
            .blocks
            .iter_mut()
            .find(|block| block.is(&target.block))?;
        match (&entry.correction, &target.field, &target.value) {
            (Correction::Name(name), None, None) if block.capability.is_empty() => {
                self.rename = Some(name);
            }
            (Correction::Name(name), None, None) => block.rename = Some(name),
            (correction, Some(field), value) => {
                let mut variables = block.variables.iter_mut();
                let variable = variables.find(|known| known.variable.key == *field)?;
                match (correction, value) {
                    (Correction::Secret, _) => variable.secret = true,
                    (Correction::Name(name), None) => variable.rename = Some(name),
                    (Correction::Name(name), Some(value)) => variable.name_value(value, name)?,
                }
            }
            (_, None, _) => return None,
        }
        Some(())
    }
}

impl<'a> MergedBlock<'a> {
    fn new(capability: &'a str, name: &'a str, path: JsonPath) -> Self {
        Self {
            capability,
            name,
            path,
            rename: None,
            variables: Vec::new(),
        }
    }

    /// Whether `name` is the name that overrides use for this block.
    fn is(&self, name: &str) -> bool {
        if self.capability.is_empty() {
            return self.name == name;
        }
        let block = name.strip_prefix(self.capability);
        block.and_then(|block| block.strip_prefix('.')) == Some(self.name)
    }

    fn add(
        &mut self,
        path: &JsonPath,
        variables: &'a [FormVariable],
        supplement: bool,
        problems: &mut Vec<Diagnostic>,
    ) {
        let known = self.variables.len();
        for variable in variables {
            let path = path.index(variable.position);
            let same = |other: &MergedVariable<'_>| other.variable.key == variable.key;
            if supplement && self.variables[..known].iter().any(same) {
                let what = format!("the form variable {:?}", escape_and_truncate(&variable.key));
                problems.push(superseded(path, &what));
                continue;
            }
            self.variables.push(MergedVariable {
                path,
                variable,
                supplement,
                secret: false,
                rename: None,
                values: HashMap::new(),
            });
        }
    }
}

impl<'a> MergedVariable<'a> {
    fn name_value(&mut self, value: &'a str, name: &'a str) -> Option<()> {
        let row = self.variable.kind.row();
        let listed = (row.listing.as_ref()?.values)(self.variable);
        listed.iter().find(|(listed, _)| *listed == value)?;
        self.values.insert(value, name);
        Some(())
    }
}
