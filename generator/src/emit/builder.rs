//! The builder of a struct of values, whose type knows which required fields are set.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::defaults::initial;
use super::docs;
use super::structs::{field_type, ident, value_type};
use crate::model::{Enum, Field, Presence, State, Struct, ValueType};

pub(super) fn tokens(of: &Struct, descriptions: bool) -> TokenStream {
    let names = Names::new(of);
    let definition = definition(of, &names);
    let methods = methods(of, &names, descriptions);
    let bounds = of.fields.iter().filter_map(bound);
    quote!(#definition #methods #(#bounds)*)
}

/// The names of a builder and its parameters.
struct Names {
    values: Ident,
    builder: Ident,
    parameters: Vec<Ident>,
}

impl Names {
    fn new(of: &Struct) -> Self {
        let mut required: Vec<&Field> = of.required().collect();
        // Upstream may reorder its fields, and a user may have written the builder's type out.
        required.sort_by_key(|field| &field.ident);
        let states = required.iter().filter_map(|field| field.state.as_ref());
        Self {
            values: format_ident!("{}", of.name),
            builder: format_ident!("{}", of.builder_name),
            parameters: states.map(parameter).collect(),
        }
    }

    /// The builder's type, once the field with this parameter is set.
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

fn parameter(state: &State) -> Ident {
    format_ident!("{}", state.parameter)
}

/// The function by which a builder is had.
pub(super) fn entry(of: &Struct) -> TokenStream {
    let builder = format_ident!("{}", of.builder_name);
    let fields = of.fields.iter().map(|field| {
        let (ident, value) = (ident(field), initial(of, field));
        quote!(#ident: #value)
    });
    let doc = docs::outer([match of.required().next() {
        None => "A builder with nothing set but what has to be sent.",
        Some(_) => "A builder without the required fields, which have to be set before it builds.",
    }]);
    quote! {
        #doc
        #[inline]
        pub fn builder() -> #builder {
            #builder { #(#fields,)* }
        }
    }
}

fn definition(of: &Struct, names: &Names) -> TokenStream {
    let Names {
        builder,
        parameters,
        ..
    } = names;
    let fields = of.fields.iter().map(|field| {
        let ident = ident(field);
        let field_type = match &field.state {
            Some(state) => {
                let parameter = parameter(state);
                quote!(#parameter)
            }
            None => field_type(field),
        };
        quote!(#ident: #field_type)
    });
    let doc = docs::outer(purpose(of));
    quote! {
        #doc
        #[derive(Clone, Debug)]
        #[must_use]
        pub struct #builder<#(#parameters = crate::Missing),*> {
            #(#fields,)*
        }
    }
}

fn purpose(of: &Struct) -> Vec<String> {
    let mut lines = vec![format!("Builds [`{}`].", of.name)];
    let required = of.required();
    let required: Vec<String> = required
        .map(|field| format!("[`{0}`](Self::{0}())", field.ident))
        .collect();
    if !required.is_empty() {
        lines.push(String::new());
        lines.push(format!("Needs {}.", required.join(", ")));
        lines.push(
            "For each of them its type has a parameter, which is [`Missing`](crate::Missing) \
             until the field is set."
                .into(),
        );
    }
    lines
}

fn methods(of: &Struct, names: &Names, descriptions: bool) -> TokenStream {
    let Names {
        builder,
        parameters,
        ..
    } = names;
    let setters = of.fields.iter().map(|field| match &field.state {
        Some(state) => required_setter(of, names, (field, state), descriptions),
        None => setter(field, descriptions),
    });
    let build = build(of, names);
    quote! {
        impl<#(#parameters),*> #builder<#(#parameters),*> {
            #(#setters)*
            #build
        }
    }
}

fn setter(field: &Field, descriptions: bool) -> TokenStream {
    let ident = ident(field);
    let (parameter, value) = argument(field);
    let value = match field.presence {
        Presence::Optional => quote!(Some(#value)),
        Presence::Required | Presence::Prefilled => value,
    };
    let doc = docs::outer(docs::field(field, descriptions));
    quote! {
        #doc
        pub fn #ident(mut self, value: #parameter) -> Self {
            self.#ident = #value;
            self
        }
    }
}

/// A builder of another type comes back, so every field has to be moved.
fn required_setter(
    of: &Struct,
    names: &Names,
    (field, state): (&Field, &State),
    descriptions: bool,
) -> TokenStream {
    let builder = &names.builder;
    let this = ident(field);
    let (argument, value) = argument(field);
    let set = names.set(&parameter(state), &value_type(&field.value_type));
    let fields = of.fields.iter().map(|field| {
        let ident = ident(field);
        if ident == this {
            quote!(#ident: #value)
        } else {
            quote!(#ident: self.#ident)
        }
    });
    let doc = docs::outer(docs::field(field, descriptions));
    quote! {
        #doc
        pub fn #this(self, value: #argument) -> #set {
            #builder { #(#fields,)* }
        }
    }
}

/// What a setter takes, and how that becomes the value.
fn argument(field: &Field) -> (TokenStream, TokenStream) {
    let value_type = value_type(&field.value_type);
    match &field.value_type {
        // Nothing else turns into these without an error.
        ValueType::Bool | ValueType::Enum(_) | ValueType::Uri | ValueType::SecretUri => {
            (value_type, quote!(value))
        }
        ValueType::EnumList(Enum { name, .. }) => {
            let item = format_ident!("{name}");
            (
                quote!(impl IntoIterator<Item = #item>),
                quote!(value.into_iter().collect()),
            )
        }
        ValueType::StringList => (
            quote!(impl IntoIterator<Item = impl Into<String>>),
            quote!(value.into_iter().map(Into::into).collect()),
        ),
        _ => (quote!(impl Into<#value_type>), quote!(value.into())),
    }
}

fn build(of: &Struct, names: &Names) -> TokenStream {
    let values = &names.values;
    let bounds = of.fields.iter().filter_map(|field| {
        let state = field.state.as_ref()?;
        let (parameter, bound) = (parameter(state), format_ident!("{}", state.bound));
        Some(quote!(#parameter: #bound))
    });
    let conditions = (!names.parameters.is_empty()).then(|| quote!(where #(#bounds,)*));
    let fields = of.fields.iter().map(|field| {
        let ident = ident(field);
        match field.state {
            Some(_) => quote!(#ident: self.#ident.value()),
            None => quote!(#ident: self.#ident),
        }
    });
    quote! {
        /// The values.
        pub fn build(self) -> #values #conditions {
            #values { #(#fields,)* }
        }
    }
}

/// The trait that says in the compiler's error which field is missing.
fn bound(field: &Field) -> Option<TokenStream> {
    let bound = format_ident!("{}", field.state.as_ref()?.bound);
    let value_type = value_type(&field.value_type);
    let message = format!(
        "`{}` is required and not set (wire key `{}`)",
        field.ident,
        literal(&field.key)
    );
    let label = format!("call `.{}(…)` before this", field.ident);
    Some(quote! {
        #[doc(hidden)]
        #[diagnostic::on_unimplemented(message = #message, label = #label)]
        pub trait #bound {
            fn value(self) -> #value_type;
        }

        #[diagnostic::do_not_recommend]
        impl #bound for #value_type {
            fn value(self) -> #value_type {
                self
            }
        }
    })
}

/// Text for a format string of the compiler's, in one line.
fn literal(text: &str) -> String {
    text.escape_debug()
        .to_string()
        .replace('{', "{{")
        .replace('}', "}}")
}
