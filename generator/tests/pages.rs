//! The pages for people: Markdown that shows what the manifests say, and the list of public names.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of a test that unwraps fails the test with the reason"
)]

mod support;

use std::collections::BTreeSet;

use generator::{Analysis, Files, model::Integration, model::Presence};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use support::{analyse_all, analyse_good, emit_all, hostile, integrations};

fn committed() -> (Analysis, Files) {
    let committed = support::committed();
    let analysis = analyse_all(&committed.sources, &committed.overrides);
    (analysis, committed.emit())
}

fn hostile() -> (Analysis, Files) {
    let analysis = analyse_good(&hostile::accepted(), &hostile::overrides());
    let files = emit_all(&analysis, Some(&support::fixtures().pin), true);
    (analysis, files)
}

/// What a reader of a page sees of it.
#[derive(Debug, Default)]
struct Page {
    /// The text of each table's cells, its head's included.
    tables: Vec<Vec<Vec<String>>>,
    headings: Vec<String>,
    links: Vec<String>,
    html: BTreeSet<String>,
}

impl Page {
    fn read(text: &str) -> Self {
        let mut page = Self::default();
        // What stands outside of cells and headings is collected, too, and dropped.
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

/// A key as a page shows it.
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

fn with_fields(analysis: &Analysis) -> Vec<&Integration> {
    let mut with_fields = integrations(analysis);
    with_fields.retain(|integration| integration.structs().any(|of| !of.fields.is_empty()));
    with_fields
}

#[test]
fn the_catalogue_shows_every_field_of_every_integration() {
    for (analysis, files) in [committed(), hostile()] {
        let page = Page::read(&files.pages["CATALOG.md"]);
        let mut tables = page.tables.iter();
        let overview = tables.next().unwrap();
        let keys: Vec<&String> = overview.iter().skip(1).map(|row| &row[0]).collect();
        let all = integrations(&analysis);
        assert_eq!(keys, all.iter().map(|one| &one.key).collect::<Vec<_>>());

        let with_fields = with_fields(&analysis);
        let structs = with_fields.iter().flat_map(|one| one.structs());
        for of in structs.filter(|of| !of.fields.is_empty()) {
            let table = tables.next().unwrap();
            assert_eq!(table.len(), 1 + of.fields.len());
            for (row, field) in table.iter().skip(1).zip(&of.fields) {
                let values: Vec<String> = field.listed_values().map(printable).collect();
                assert_eq!(row[0], printable(&field.key));
                assert_eq!(row[1], field.ident);
                assert_eq!(row[2], field.value_type.name());
                let required = matches!(field.presence, Presence::Required(_));
                assert_eq!(row[3].starts_with("required"), required);
                assert_eq!(row[3].contains(", secret"), field.secret);
                let listed = row.get(4).map_or("", String::as_str);
                assert_eq!(listed, values.join(", "));
            }
        }
        assert!(tables.next().is_none());
        for table in &page.tables {
            assert!(table.iter().all(|row| row.len() == table[0].len()));
        }

        let modules = with_fields.iter().map(|one| one.module.as_str());
        let headings: Vec<&str> = std::iter::once("All integrations").chain(modules).collect();
        assert_eq!(page.headings, headings);
        for link in &page.links {
            let leads = match link.strip_prefix('#') {
                Some(heading) => headings.contains(&heading),
                None => link.strip_prefix("src/integrations/").map_or(
                    link.starts_with("https://github.com/launchdarkly/"),
                    |name| files.modules.contains_key(name),
                ),
            };
            assert!(leads, "{link}");
        }
    }
}

#[test]
fn only_harmless_html_is_in_the_pages() {
    for (_, files) in [committed(), hostile()] {
        for text in [&files.pages["CATALOG.md"], &files.modules["front_page.md"]] {
            for html in Page::read(text).html {
                let ours = ["<code>", "</code>", "<br>"].contains(&html.as_str());
                assert!(ours || html.starts_with("<!-- @generated"), "{html}");
            }
        }
    }
}

#[test]
fn the_front_page_names_every_integration_and_every_field() {
    for (analysis, files) in [committed(), hostile()] {
        let page = Page::read(&files.modules["front_page.md"]);
        let links: BTreeSet<&str> = page.links.iter().map(String::as_str).collect();
        for integration in integrations(&analysis) {
            let module = format!("crate::integrations::{}", integration.module);
            assert!(links.contains(format!("mod@{module}").as_str()), "{module}");
            for of in integration.structs() {
                for field in &of.fields {
                    let field = format!("{module}::{}::{}", of.name, field.ident);
                    assert!(links.contains(field.as_str()), "{field}");
                }
            }
        }
        assert_eq!(page.tables.len(), 1);
        assert_eq!(page.tables[0].len(), 1 + with_fields(&analysis).len());
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
            for of in integration.structs() {
                has(format!("{module}::{}", of.name));
                for field in &of.fields {
                    let rust_type = field.rust_type().replace("Value", "serde_json::Value");
                    let rust_type = match field.enumeration() {
                        Some(_) => field.rust_type(),
                        None => rust_type,
                    };
                    has(format!(
                        "{module}::{}.{}: {rust_type}",
                        of.name, field.ident
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
        assert!(!text.contains("IsSet"), "hidden");
    }
}
