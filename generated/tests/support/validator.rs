//! Validation with JSON Schemas, by another library.

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::Value;

pub(crate) struct Validator {
    schemas: Schemas,
    root: SchemaIndex,
}

impl Validator {
    /// A validator for a schema of draft 2020-12. Panics if the schema is invalid.
    pub(crate) fn new(schema: &Value) -> Self {
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        Self::compile(compiler, schema)
    }

    /// Like `new`, but ignores the keyword `format`.
    pub(crate) fn without_formats(schema: &Value) -> Self {
        Self::compile(Compiler::new(), schema)
    }

    /// A validator for a schema of draft 4, which OpenAPI 3.0 uses.
    pub(crate) fn draft_4(schema: &Value) -> Self {
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V4);
        Self::compile(compiler, schema)
    }

    fn compile(mut compiler: Compiler, schema: &Value) -> Self {
        const PLACE: &str = "https://schema.example/schema.json";
        let mut schemas = Schemas::new();
        compiler.add_resource(PLACE, schema.clone()).unwrap();
        let root = compiler.compile(PLACE, &mut schemas).unwrap();
        Self { schemas, root }
    }

    pub(crate) fn is_valid(&self, document: &Value) -> bool {
        self.check(document).is_ok()
    }

    /// Returns what is wrong with a document.
    pub(crate) fn check(&self, document: &Value) -> Result<(), String> {
        let checked = self.schemas.validate(document, self.root);
        checked.map_err(|error| format!("{error:#}"))
    }
}
