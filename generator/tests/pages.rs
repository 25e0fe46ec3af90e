//! The pages for people: the catalog, the index of integrations, and the list of public names.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use std::collections::BTreeSet;

use generator::{Analysis, Files, model::Integration, model::Presence};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use support::{analyze_complete, analyze_valid, emit_all, hostile, integrations};

fn committed() -> (Analysis, Files) {
    let committed = support::committed();
    let analysis = analyze_complete(&committed.sources, &committed.overrides);
    (analysis, committed.emit())
}

fn hostile() -> (Analysis, Files) {
    let analysis = analyze_valid(&hostile::accepted(), &hostile::overrides());
    let files = emit_all(&analysis, Some(&support::fixtures().pin), true);
    (analysis, files)
}

/// The parts of a page that a reader sees.
#[derive(Debug, Default)]
struct Page {
    /// The text of each table's cells, including the head.
    tables: Vec<Vec<Vec<String>>>,
    headings: Vec<String>,
    links: Vec<String>,
    html: BTreeSet<String>,
}

impl Page {
    fn read(text: &str) -> Self {
        let mut page = Self::default();
        // Text outside of cells and headings is collected, too, and dropped.
        let mut seen = String::new();
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Table(_)) => page.tables.push(Vec::new()),
                Event::Start(Tag::TableHead | Tag::TableRow) => {
                    page.tables.last_mut().unwrap().push(Vec::new());
                }
                Event::Start(Tag::TableCell | Tag::Heading { .. }) => seen.clear(),
                Event::Start(Tag::Link { dest_url, .. }) => page.links.push(dest_url.into_string()),
                Event::Start(Tag::CodeBlock(_) | Tag::Image { .. } | Tag::List(_)) => {
                    panic!("{event:?}")
                }
                Event::End(TagEnd::TableCell) => {
                    let row = page.tables.last_mut().unwrap().last_mut().unwrap();
                    row.push(std::mem::take(&mut seen));
                }
                Event::End(TagEnd::Heading(_)) => page.headings.push(std::mem::take(&mut seen)),
                Event::Text(text) | Event::Code(text) => seen.push_str(&text),
                Event::Html(html) | Event::InlineHtml(html) => {
                    page.html.insert(html.trim_end().to_owned());
                }
                _ => {}
            }
        }
        page
    }
}

/// Text as a page shows it.
fn printable(text: &str) -> String {
    if text.is_empty() {
        return "the empty string".to_owned();
    }
    let escaped = text.chars().map(|c| {
        let hidden = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if c.is_control() || hidden {
            c.escape_default().to_string()
        } else {
            c.to_string()
        }
    });
    escaped.collect()
}

fn has_fields(integration: &Integration) -> bool {
    integration
        .structs()
        .any(|values| !values.fields.is_empty())
}

#[test]
fn the_catalog_shows_every_field_of_every_integration() {
    for (analysis, files) in [committed(), hostile()] {
        let page = Page::read(&files.pages["CATALOG.md"]);
        let mut tables = page.tables.iter();
        let endpoints = tables.next().unwrap();
        assert!(endpoints.len() > 1, "a row for each endpoint");

        let (with_fields, without): (Vec<&Integration>, Vec<&Integration>) =
            integrations(&analysis)
                .into_iter()
                .partition(|integration| has_fields(integration));
        let structs = with_fields.iter().flat_map(|one| one.structs());
        for values in structs.filter(|values| !values.fields.is_empty()) {
            let table = tables.next().unwrap();
            assert_eq!(table.len(), 1 + values.fields.len());
            for (row, field) in table.iter().skip(1).zip(&values.fields) {
                let listed: Vec<String> = field.listed_values().map(printable).collect();
                assert_eq!(row[0], printable(&field.key));
                assert_eq!(row[1], field.ident);
                assert_eq!(row[2], field.value_type.name());
                let required = matches!(field.presence, Presence::Required(_));
                assert_eq!(row[3].starts_with("required"), required);
                let listed = match listed.join(", ") {
                    values if values.is_empty() => values,
                    values => format!("; listed: {values}"),
                };
                let requirement = row[3].strip_suffix(&listed).unwrap();
                assert_eq!(requirement.contains(", secret"), field.secret);
            }
        }
        if !without.is_empty() {
            let keys = tables.next().unwrap().iter().skip(1).map(|row| &row[0]);
            assert!(keys.eq(without.iter().map(|integration| &integration.key)));
        }
        assert!(tables.next().is_none());
        for table in &page.tables {
            assert!(table.iter().all(|row| row.len() == table[0].len()));
        }

        let keys = with_fields.iter().map(|integration| &*integration.key);
        let last = (!without.is_empty()).then_some("Integrations without form variables");
        let headings: Vec<&str> = std::iter::once("All integrations")
            .chain(keys)
            .chain(last)
            .collect();
        assert_eq!(page.headings, headings);
        // GitHub makes an anchor from a heading.
        let anchors: BTreeSet<String> = headings
            .iter()
            .map(|heading| heading.to_lowercase().replace('.', ""))
            .collect();
        for link in &page.links {
            let exists = match link.strip_prefix('#') {
                Some(anchor) => anchors.contains(anchor),
                None => link.strip_prefix("src/integrations/").map_or(
                    link.starts_with("https://github.com/launchdarkly/"),
                    |name| files.modules.contains_key(name),
                ),
            };
            assert!(exists, "{link}");
        }
    }
}

/// The index of the module `integrations`: its documentation from the heading on.
fn index(files: &Files) -> String {
    let lines = files.modules["mod.rs"].lines();
    let docs = lines.filter_map(|line| line.strip_prefix("//!"));
    let index = docs.skip_while(|line| line.trim() != "# Index");
    index.map(|line| format!("{}\n", line.trim())).collect()
}

#[test]
fn only_harmless_html_is_in_the_pages() {
    for (_, files) in [committed(), hostile()] {
        for text in [&files.pages["CATALOG.md"], &index(&files)] {
            for html in Page::read(text).html {
                let is_harmless = ["<code>", "</code>", "<br>"].contains(&html.as_str());
                assert!(is_harmless || html.starts_with("<!-- @generated"), "{html}");
            }
        }
    }
}

#[test]
fn the_index_links_every_integration_and_counts_its_fields() {
    for (analysis, files) in [committed(), hostile()] {
        let page = Page::read(&index(&files));
        let links: BTreeSet<&str> = page.links.iter().map(String::as_str).collect();
        let integrations = integrations(&analysis);
        for integration in &integrations {
            let link = format!("mod@{}", integration.module);
            assert!(links.contains(link.as_str()), "{link}");
        }
        let rows = page.tables[0].iter().skip(1);
        let with_fields = integrations.into_iter();
        let with_fields: Vec<&Integration> = with_fields
            .filter(|integration| has_fields(integration))
            .collect();
        assert_eq!(rows.len(), with_fields.len());
        for (row, integration) in rows.zip(with_fields) {
            assert!(row[0].starts_with(&integration.key), "{row:?}");
            let fields = integration.structs().map(|values| values.fields.len());
            assert_eq!(row[2], fields.sum::<usize>().to_string());
        }
    }
}

#[test]
fn every_public_name_has_one_line() {
    for (analysis, files) in [committed(), hostile()] {
        let text = &files.pages["PUBLIC_NAMES.txt"];
        let lines: Vec<&str> = text
            .lines()
            .skip_while(|line| line.starts_with('#'))
            .collect();
        let lines = &lines[1..];
        assert!(lines.is_sorted());
        assert_eq!(lines.iter().collect::<BTreeSet<_>>().len(), lines.len());
        let has = |line: String| assert!(lines.binary_search(&line.as_str()).is_ok(), "{line}");
        for integration in integrations(&analysis) {
            let module = &integration.module;
            has(module.clone());
            for values in integration.structs() {
                has(format!("{module}::{}", values.name));
                for field in &values.fields {
                    let rust_type = field.rust_type().replace("Value", "serde_json::Value");
                    let rust_type = match field.enumeration() {
                        Some(_) => field.rust_type(),
                        None => rust_type,
                    };
                    has(format!(
                        "{module}::{}.{}: {rust_type}",
                        values.name, field.ident
                    ));
                    for variant in field
                        .enumeration()
                        .into_iter()
                        .flat_map(|one| &one.variants)
                    {
                        let name = &field.enumeration().unwrap().name;
                        has(format!("{module}::{name}::{}", variant.ident));
                    }
                }
            }
        }
        has("get(&str) -> Option<&'static Integration>".to_owned());
        assert!(!text.contains("IsSet"), "the trait is hidden");
    }
}
