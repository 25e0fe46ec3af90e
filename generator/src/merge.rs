//! A manifest and its supplement as one, with the place of each form variable.

use crate::diagnostic::{JsonPath, bounded};
use crate::manifest::{FormVariable, Manifest};
use crate::model;
use crate::overrides::{Corrections, TOP_LEVEL};

/// What is known of an integration.
pub(crate) struct Merged<'a> {
    /// What has the integration's own facts, such as its name.
    pub(crate) facts: &'a Manifest,
    /// Where that is.
    pub(crate) path: JsonPath,
    /// The names of all capabilities.
    pub(crate) capabilities: Vec<&'a str>,
    /// The form variables of the integration itself.
    pub(crate) top: Block<'a>,
    /// Those of its capabilities.
    pub(crate) blocks: Vec<Block<'a>>,
    /// What comes from the supplement.
    pub(crate) supplement: Option<model::Supplement>,
}

/// A list of form variables.
pub(crate) struct Block<'a> {
    /// The capability that it belongs to; empty for the integration itself.
    pub(crate) capability: &'a str,
    pub(crate) name: &'a str,
    pub(crate) path: JsonPath,
    pub(crate) variables: Vec<Variable<'a>>,
}

/// A form variable and its place.
pub(crate) struct Variable<'a> {
    pub(crate) path: JsonPath,
    pub(crate) variable: &'a FormVariable,
    pub(crate) supplement: bool,
}

/// What the manifest and the supplement say together.
///
/// Where both have the same, the manifest's counts and the supplement's is noted as superseded: a form
/// variable of the same key in the same block, a capability for which the supplement has no form
/// variables, or the whole integration.
pub(crate) fn merge<'a, 'c: 'a>(
    manifest: &'a Manifest,
    corrections: &mut Corrections<'c>,
) -> Merged<'a> {
    let mut merged = Merged::new(manifest, JsonPath::root());
    merged.add(manifest, false, corrections);
    let Some(supplement) = corrections.supplement() else {
        return merged;
    };
    if supplement.is_whole() {
        let path = supplement.path.key("integration");
        corrections.superseded(path, "a manifest of the integration");
        return merged;
    }
    let known = merged.capabilities.len();
    merged.add(&supplement.manifest, true, corrections);
    merged.supplement = Some(model::Supplement {
        whole: false,
        capabilities: owned(&merged.capabilities[known..]),
        reason: supplement.reason.clone(),
        evidence: supplement.evidence.clone(),
    });
    merged
}

/// What a supplement says of an integration that has no manifest; `None` if it isn't for one.
pub(crate) fn whole<'a>(corrections: &mut Corrections<'a>) -> Option<Merged<'a>> {
    let supplement = corrections.supplement()?;
    if !supplement.is_whole() {
        return None;
    }
    let mut merged = Merged::new(&supplement.manifest, supplement.path.clone());
    merged.add(&supplement.manifest, true, corrections);
    merged.supplement = Some(model::Supplement {
        whole: true,
        capabilities: owned(&merged.capabilities),
        reason: supplement.reason.clone(),
        evidence: supplement.evidence.clone(),
    });
    Some(merged)
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

impl<'a> Merged<'a> {
    fn new(facts: &'a Manifest, path: JsonPath) -> Self {
        let top = Block {
            capability: "",
            name: TOP_LEVEL,
            path: path.key(TOP_LEVEL),
            variables: Vec::new(),
        };
        Self {
            facts,
            path,
            capabilities: Vec::new(),
            top,
            blocks: Vec::new(),
            supplement: None,
        }
    }

    fn add(&mut self, manifest: &'a Manifest, supplement: bool, corrections: &mut Corrections<'_>) {
        let root = match corrections.supplement() {
            Some(found) if supplement => found.path.clone(),
            _ => JsonPath::root(),
        };
        for capability in &manifest.capabilities {
            let path = root.key("capabilities").key(&capability.name);
            if !self.capabilities.contains(&capability.name.as_str()) {
                self.capabilities.push(&capability.name);
            } else if supplement && capability.blocks.is_empty() {
                corrections.superseded(path.clone(), "this capability");
            }
            for block in &capability.blocks {
                let path = path.key(&block.name);
                let merged = self.block(&capability.name, &block.name, &path);
                merged.add(&path, &block.variables, supplement, corrections);
            }
        }
        let path = root.key(TOP_LEVEL);
        self.top
            .add(&path, &manifest.form_variables, supplement, corrections);
    }

    fn block(&mut self, capability: &'a str, name: &'a str, path: &JsonPath) -> &mut Block<'a> {
        let known = self
            .blocks
            .iter()
            .position(|block| (block.capability, block.name) == (capability, name));
        let position = known.unwrap_or(self.blocks.len());
        if known.is_none() {
            self.blocks.push(Block {
                capability,
                name,
                path: path.clone(),
                variables: Vec::new(),
            });
        }
        &mut self.blocks[position]
    }
}

impl<'a> Block<'a> {
    fn add(
        &mut self,
        path: &JsonPath,
        variables: &'a [FormVariable],
        supplement: bool,
        corrections: &mut Corrections<'_>,
    ) {
        let known = self.variables.len();
        for variable in variables {
            let path = path.index(variable.position);
            let same = |other: &Variable<'_>| other.variable.key == variable.key;
            if supplement && self.variables[..known].iter().any(same) {
                let what = format!("the form variable {:?}", bounded(&variable.key));
                corrections.superseded(path, &what);
                continue;
            }
            self.variables.push(Variable {
                path,
                variable,
                supplement,
            });
        }
    }
}
