//! The builder of a struct of values. Its type records which required fields are set.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::defaults::{initial, preset};
use super::docs;
use super::structs::{code, field_type, ident, value_type};
use crate::model::{Field, Struct, Typestate};
use crate::names;

pub(super) fn items(values: &Struct) -> [TokenStream; 2] {
    let names = Names::new(values);
    [definition(values, &names), methods(values, &names)]
}

/// The names of a builder and its parameters.
struct Names {
    values: Ident,
    builder: Ident,
    parameters: Vec<Ident>,
}

impl Names {
    fn new(values: &Struct) -> Self {
        let mut required: Vec<_> = values.required().collect();
        // Sorted, so that the builder's type stays the same if upstream reorders the fields.
        required.sort_by_key(|(field, _)| &field.ident);
        Self {
            values: format_ident!("{}", values.name),
            builder: format_ident!("{}", values.builder_name),
            parameters: required.iter().map(|(_, state)| parameter(state)).collect(),
        }
    }

    /// The builder's type after the field with this parameter is set.
    fn set(&self, parameter: &Ident, value_type: &TokenStream) -> TokenStream {
        let builder = &self.builder;
        let arguments = self.parameters.iter().map(|other| {
            if other == parameter {
                value_type.clone()
            } else {
                quote!(#other)
            }
        });
        quote!(#builder<#(#arguments),*>)
    }
}

fn parameter(typestate: &Typestate) -> Ident {
    format_ident!("{}", typestate.parameter)
}

/// The function that returns a builder.
pub(super) fn entry(values: &Struct) -> TokenStream {
    let builder = format_ident!("{}", values.builder_name);
    let fields = values.fields.iter().map(|field| {
        let (ident, value) = (ident(field), initial(values, field));
        quote!(#ident: #value)
    });
    let doc = docs::outer([preset("Returns a builder", values)]);
    quote! {
        #doc
        #[inline]
        pub fn builder() -> #builder {
            #builder { #(#fields,)* }
        }
    }
}

fn definition(values: &Struct, names: &Names) -> TokenStream {
    let Names {
        builder,
        parameters,
        ..
    } = names;
    let fields = values.fields.iter().map(|field| {
        let ident = ident(field);
        let field_type = match field.typestate() {
            Some(typestate) => {
                let parameter = parameter(typestate);
                quote!(#parameter)
            }
            None => field_type(field),
        };
        quote!(#ident: #field_type)
    });
    let doc = docs::outer([purpose(values)]);
    quote! {
        #doc
        #[derive(Clone)]
        #[must_use]
        pub struct #builder<#(#parameters = crate::Missing),*> {
            #(#fields,)*
        }
    }
}

fn purpose(values: &Struct) -> String {
    let mut purpose = format!("Builds [`{}`].", values.name);
    let required = values.required();
    let required: Vec<String> = required
        .map(|(field, _)| format!("`{}`", field.ident))
        .collect();
    if !required.is_empty() {
        purpose.push_str(&format!(" Required: {}.", required.join(", ")));
    }
    purpose
}

fn methods(values: &Struct, names: &Names) -> TokenStream {
    let Names {
        builder,
        parameters,
        ..
    } = names;
    let setters = values
        .fields
        .iter()
        .map(|field| setter(values, names, field));
    let build = build(values, names);
    quote! {
        impl<#(#parameters),*> #builder<#(#parameters),*> {
            #(#setters)*
            #build
        }
    }
}

fn setter(values: &Struct, names: &Names, field: &Field) -> TokenStream {
    let this = ident(field);
    let doc = docs::outer([format!("Sets [`{}::{}`].", values.name, field.ident)]);
    let argument = code(&names::argument(field));
    let Some(typestate) = field.typestate() else {
        let value = if field.optional() {
            quote!(value.into_option())
        } else {
            let default = initial(values, field);
            // Clippy requires a closure for a call, but not for a constant.
            match default.to_string().ends_with(')') {
                true => quote!(value.into_option().unwrap_or_else(|| #default)),
                false => quote!(value.into_option().unwrap_or(#default)),
            }
        };
        return quote! {
            #doc
            pub fn #this(mut self, value: #argument) -> Self {
                self.#this = #value;
                self
            }
        };
    };
    // The returned builder has a different type, so every field has to be moved.
    let value = value(field);
    let builder = &names.builder;
    let set = names.set(&parameter(typestate), &value_type(&field.value_type));
    let fields = values.fields.iter().map(|field| {
        let ident = ident(field);
        if ident == this {
            quote!(#ident: #value)
        } else {
            quote!(#ident: self.#ident)
        }
    });
    quote! {
        #doc
        pub fn #this(self, value: #argument) -> #set {
            #builder { #(#fields,)* }
        }
    }
}

/// Converts the argument of a required field's setter to the value.
fn value(field: &Field) -> TokenStream {
    match (field.value_type.many, field.value_type.item.accepts_into()) {
        (false, false) => quote!(value),
        (false, true) => quote!(value.into()),
        (true, false) => quote!(value.into_iter().collect()),
        (true, true) => quote!(value.into_iter().map(Into::into).collect()),
    }
}

/// The builder's type with all required fields set, as an argument of a macro call.
pub(super) fn complete(values: &Struct) -> String {
    let mut required: Vec<&Field> = values.required().map(|(field, _)| field).collect();
    required.sort_by_key(|field| &field.ident);
    let arguments: Vec<String> = required
        .iter()
        .map(|field| field.value_type.path())
        .collect();
    let builder = &values.builder_name;
    match arguments.as_slice() {
        [] => builder.clone(),
        arguments => format!("{builder}<{}>", arguments.join(", ")),
    }
}

fn build(values: &Struct, names: &Names) -> TokenStream {
    let bounds = values.required().map(|(_, typestate)| {
        let (parameter, is_set) = (parameter(typestate), format_ident!("{}", typestate.is_set));
        quote!(#parameter: #is_set)
    });
    let conditions = (!names.parameters.is_empty()).then(|| quote!(where #(#bounds,)*));
    let fields = values.fields.iter().map(|field| {
        let ident = ident(field);
        match field.typestate() {
            Some(_) => quote!(#ident: self.#ident.value()),
            None => quote!(#ident: self.#ident),
        }
    });
    let values = &names.values;
    quote! {
        /// Builds the values.
        pub fn build(self) -> #values #conditions {
            #values { #(#fields,)* }
        }
    }
}

/// The macro call for the trait whose compiler error names the missing field.
pub(super) fn is_set(field: &Field, typestate: &Typestate) -> String {
    let mut message = format!("`{}` is required and not set", field.ident);
    if field.key != field.ident {
        message.push_str(&format!(" (wire key `{}`)", literal(&field.key)));
    }
    let label = format!("call `.{}(…)` before this", field.ident);
    let (is_set, value) = (&typestate.is_set, field.value_type.path());
    format!("crate::is_set!({is_set}, {value}, {message:?}, {label:?});")
}

/// The macro call for `Debug`. It shows no values, because parameters can have any type.
pub(super) fn debug(values: &Struct) -> String {
    let Names {
        builder,
        parameters,
        ..
    } = Names::new(values);
    let parameters: Vec<String> = parameters.iter().map(Ident::to_string).collect();
    format!(
        "crate::builder_debug!({builder}<{}>);",
        parameters.join(", ")
    )
}

/// Escapes text for a message of `#[diagnostic::on_unimplemented]`, which is a format string.
fn literal(text: &str) -> String {
    text.escape_debug()
        .to_string()
        .replace('{', "{{")
        .replace('}', "}}")
}
