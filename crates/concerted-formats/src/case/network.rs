//! The network for Gephi, igraph and networkx: GraphML, GEXF 1.3, and GEXF with times.
//!
//! Attributes are static by default, because Gephi freezes on or silently drops much of a dynamic
//! file; the dynamic one is written beside it, and in it every end lies after its start, which
//! Gephi also demands. XML 1.0 cannot hold control characters, not even escaped: they are replaced
//! by U+FFFD and counted. Where two accounts would become one by that, the second gets a `~2`.

use super::cell::{Kind, Time};
use super::error::CaseError;
use super::row::{Column, Row};
use super::tables::{EdgeRow, NodeRow};
use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::name::QName;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

/// Shortest time that something lasts in the dynamic file.
const SHORTEST_MS: i64 = 1_000;

/// A network whose texts XML can hold.
pub(crate) struct Network<'n, 'a> {
    nodes: &'n [NodeRow<'a>],
    edges: &'n [EdgeRow<'a>],
    ids: BTreeMap<&'n str, String>,
    /// Characters replaced, in the form written last.
    replaced: u64,
}

impl<'n, 'a> Network<'n, 'a> {
    pub(crate) fn new(
        nodes: &'n [NodeRow<'a>],
        edges: &'n [EdgeRow<'a>],
    ) -> Result<Self, CaseError> {
        let mut ids = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for node in nodes {
            let plain = legal(&node.account_id, &mut 0).into_owned();
            let mut id = plain.clone();
            let mut copy = 1;
            while !taken.insert(id.clone()) {
                copy += 1;
                id = format!("{plain}~{copy}");
            }
            if ids.insert(node.account_id.as_ref(), id).is_some() {
                return Err(CaseError::DoubleNode(node.account_id.to_string()));
            }
        }
        for account in edges.iter().flat_map(|edge| [&edge.source, &edge.target]) {
            if !ids.contains_key(account.as_ref()) {
                return Err(CaseError::UnknownNode(account.to_string()));
            }
        }
        Ok(Self {
            nodes,
            edges,
            ids,
            replaced: 0,
        })
    }

    /// Writes `network.graphml`; returns how many characters were replaced.
    pub(crate) fn write_graphml(&mut self, path: &Path) -> Result<u64, CaseError> {
        self.write(path, Self::graphml)
    }

    /// Writes `network.gexf`; returns how many characters were replaced.
    pub(crate) fn write_gexf(&mut self, path: &Path) -> Result<u64, CaseError> {
        self.write(path, |network, xml| network.gexf(xml, false))
    }

    /// Writes `network-dynamic.gexf`; returns how many characters were replaced.
    pub(crate) fn write_dynamic_gexf(&mut self, path: &Path) -> Result<u64, CaseError> {
        self.write(path, |network, xml| network.gexf(xml, true))
    }

    fn write(
        &mut self,
        path: &Path,
        body: impl FnOnce(&mut Self, &mut Xml) -> io::Result<()>,
    ) -> Result<u64, CaseError> {
        self.replaced = 0;
        let file = File::create(path).map_err(CaseError::io(path))?;
        let mut xml = Writer::new_with_indent(BufWriter::with_capacity(1 << 18, file), b' ', 1);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
            .and_then(|()| body(self, &mut xml))
            .and_then(|()| io::Write::write_all(xml.get_mut(), b"\n"))
            .and_then(|()| io::Write::flush(xml.get_mut()))
            .map_err(CaseError::io(path))?;
        Ok(self.replaced)
    }

    fn graphml(&mut self, xml: &mut Xml) -> io::Result<()> {
        let root = element("graphml").with("xmlns", "http://graphml.graphdrawing.org/xmlns");
        open(xml, root)?;
        for (domain, prefix, columns) in [
            ("node", "n_", NodeRow::TABLE.columns),
            ("edge", "e_", edge_columns()),
        ] {
            for column in columns {
                open(
                    xml,
                    element("key")
                        .with("id", &format!("{prefix}{}", column.name))
                        .with("for", domain)
                        .with("attr.name", column.name)
                        .with("attr.type", graph_type(column.kind())),
                )?;
                open(xml, element("desc"))?;
                xml.write_event(Event::Text(BytesText::new(column.description())))?;
                close(xml, "desc")?;
                close(xml, "key")?;
            }
        }
        open(
            xml,
            element("graph")
                .with("id", "network")
                .with("edgedefault", "undirected"),
        )?;
        for node in self.nodes {
            open(
                xml,
                element("node").with("id", &self.ids[node.account_id.as_ref()]),
            )?;
            self.data(xml, "n_", NodeRow::TABLE.columns, &node.texts())?;
            close(xml, "node")?;
        }
        for (at, edge) in self.edges.iter().enumerate() {
            let start = element("edge").with("id", &at.to_string());
            open(xml, self.ends(start, edge))?;
            self.data(xml, "e_", edge_columns(), &edge.texts()[2..])?;
            close(xml, "edge")?;
        }
        close(xml, "graph")?;
        close(xml, "graphml")
    }

    fn data(
        &mut self,
        xml: &mut Xml,
        prefix: &str,
        columns: &[Column],
        cells: &[Cow<'_, str>],
    ) -> io::Result<()> {
        for (column, cell) in columns.iter().zip(cells) {
            if !cell.is_empty() {
                let cell = legal(cell, &mut self.replaced);
                xml.write_event(Event::Start(
                    element("data").with("key", &format!("{prefix}{}", column.name)),
                ))?;
                // A reader turns a bare carriage return into a line feed.
                let cell = escape(cell).replace('\r', "&#13;");
                xml.write_event(Event::Text(BytesText::from_escaped(cell)))?;
                close(xml, "data")?;
            }
        }
        Ok(())
    }

    fn gexf(&mut self, xml: &mut Xml, dynamic: bool) -> io::Result<()> {
        open(
            xml,
            element("gexf")
                .with("xmlns", "http://gexf.net/1.3")
                .with("xmlns:viz", "http://gexf.net/1.3/viz")
                .with("version", "1.3"),
        )?;
        open(xml, element("meta"))?;
        open(xml, element("creator"))?;
        xml.write_event(Event::Text(BytesText::new("concerted")))?;
        close(xml, "creator")?;
        close(xml, "meta")?;
        let graph = element("graph").with("defaultedgetype", "undirected");
        open(
            xml,
            if dynamic {
                // With `dateTime` networkx does not open the file; Gephi reads the time of day with
                // either word.
                graph.with("mode", "dynamic").with("timeformat", "date")
            } else {
                graph.with("mode", "static")
            },
        )?;
        for (class, columns) in [("node", NodeRow::TABLE.columns), ("edge", edge_columns())] {
            open(
                xml,
                element("attributes")
                    .with("class", class)
                    .with("mode", "static"),
            )?;
            for column in columns.iter().filter(|column| is_attribute(column)) {
                empty(
                    xml,
                    element("attribute")
                        .with("id", column.name)
                        .with("title", column.name)
                        .with("type", graph_type(column.kind())),
                )?;
            }
            close(xml, "attributes")?;
        }
        let spans = if dynamic {
            self.spans()
        } else {
            BTreeMap::new()
        };
        open(xml, element("nodes"))?;
        for node in self.nodes {
            let label = legal(&node.label, &mut self.replaced);
            let start = element("node")
                .with("id", &self.ids[node.account_id.as_ref()])
                .with("label", &label);
            open(xml, during(start, spans.get(node.account_id.as_ref())))?;
            self.attvalues(xml, NodeRow::TABLE.columns, &node.texts())?;
            look(xml, node)?;
            close(xml, "node")?;
        }
        close(xml, "nodes")?;
        open(xml, element("edges"))?;
        for (at, edge) in self.edges.iter().enumerate() {
            let start = element("edge").with("id", &at.to_string());
            let start = self.ends(start, edge).with("weight", &edge.texts()[2]);
            let span = dynamic.then(|| lasting(edge.first, edge.last));
            open(xml, during(start, span.as_ref()))?;
            self.attvalues(xml, edge_columns(), &edge.texts()[2..])?;
            close(xml, "edge")?;
        }
        close(xml, "edges")?;
        close(xml, "graph")?;
        close(xml, "gexf")
    }

    fn attvalues(
        &mut self,
        xml: &mut Xml,
        columns: &[Column],
        cells: &[Cow<'_, str>],
    ) -> io::Result<()> {
        open(xml, element("attvalues"))?;
        for (column, cell) in columns.iter().zip(cells) {
            if is_attribute(column) && !cell.is_empty() {
                let cell = legal(cell, &mut self.replaced);
                empty(
                    xml,
                    element("attvalue")
                        .with("for", column.name)
                        .with("value", &cell),
                )?;
            }
        }
        close(xml, "attvalues")
    }

    fn ends(&self, start: BytesStart<'static>, edge: &EdgeRow<'_>) -> BytesStart<'static> {
        start
            .with("source", &self.ids[edge.source.as_ref()])
            .with("target", &self.ids[edge.target.as_ref()])
    }

    /// How long each account is there: from its first post or tie to its last.
    fn spans(&self) -> BTreeMap<&'n str, (Time, Time)> {
        let mut spans: BTreeMap<&str, (Time, Time)> = BTreeMap::new();
        let seen = self.nodes.iter().filter_map(|node| {
            let first = node.first_seen?;
            let last = node.last_seen.unwrap_or(first);
            Some((node.account_id.as_ref(), lasting(first, last)))
        });
        let tied = self.edges.iter().flat_map(|edge| {
            let span = lasting(edge.first, edge.last);
            [(edge.source.as_ref(), span), (edge.target.as_ref(), span)]
        });
        for (account, (first, last)) in seen.chain(tied) {
            let span = spans.entry(account).or_insert((first, last));
            *span = (span.0.min(first), span.1.max(last));
        }
        spans
    }
}

type Xml = Writer<BufWriter<File>>;

/// The columns of an edge behind its two ends, which the formats have their own words for.
fn edge_columns() -> &'static [Column] {
    &EdgeRow::TABLE.columns[2..]
}

/// Whether GEXF has no word of its own for a column.
fn is_attribute(column: &Column) -> bool {
    !["label", "x", "y", "size", "color", "weight"].contains(&column.name)
}

fn graph_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "long",
        Kind::Number => "double",
        Kind::Boolean => "boolean",
        Kind::Text | Kind::Texts | Kind::Time => "string",
    }
}

fn lasting(first: Time, last: Time) -> (Time, Time) {
    (first, last.max(Time(first.0.saturating_add(SHORTEST_MS))))
}

fn during(start: BytesStart<'static>, span: Option<&(Time, Time)>) -> BytesStart<'static> {
    match span {
        Some((first, last)) => start
            .with("start", &first.to_string())
            .with("end", &last.to_string()),
        None => start,
    }
}

/// Place, size and colour, as far as they are given.
fn look(xml: &mut Xml, node: &NodeRow<'_>) -> io::Result<()> {
    if node.x.is_finite() && node.y.is_finite() {
        empty(
            xml,
            element("viz:position")
                .with("x", &node.x.to_string())
                .with("y", &node.y.to_string())
                .with("z", "0"),
        )?;
    }
    if node.size.is_finite() && node.size > 0.0 {
        empty(
            xml,
            element("viz:size").with("value", &node.size.to_string()),
        )?;
    }
    let color = node.color.strip_prefix('#').filter(|hex| hex.len() == 6);
    if let Some(rgb) = color.and_then(|hex| u32::from_str_radix(hex, 16).ok()) {
        let part = |shift: u32| ((rgb >> shift) & 0xff).to_string();
        empty(
            xml,
            element("viz:color")
                .with("r", &part(16))
                .with("g", &part(8))
                .with("b", &part(0)),
        )?;
    }
    Ok(())
}

/// The text without characters that XML 1.0 has no way to write; counts what it replaced.
fn legal<'t>(text: &'t str, replaced: &mut u64) -> Cow<'t, str> {
    let illegal = |c: char| {
        (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    let count = text.chars().filter(|&c| illegal(c)).count() as u64;
    if count == 0 {
        return Cow::Borrowed(text);
    }
    *replaced += count;
    Cow::Owned(text.replace(illegal, "\u{fffd}"))
}

trait With {
    fn with(self, key: &str, value: &str) -> Self;
}

impl With for BytesStart<'static> {
    /// Adds an attribute. Line breaks and tabs are written as references, because a reader turns
    /// bare ones into spaces.
    fn with(mut self, key: &str, value: &str) -> Self {
        let mut value = escape(value);
        for (bare, reference) in [("\t", "&#9;"), ("\n", "&#10;"), ("\r", "&#13;")] {
            if value.contains(bare) {
                value = Cow::Owned(value.replace(bare, reference));
            }
        }
        self.push_attribute(Attribute {
            key: QName(key),
            value,
        });
        self
    }
}

fn element(name: &'static str) -> BytesStart<'static> {
    BytesStart::new(name)
}

fn open(xml: &mut Xml, start: BytesStart<'_>) -> io::Result<()> {
    xml.write_event(Event::Start(start))
}

fn empty(xml: &mut Xml, start: BytesStart<'_>) -> io::Result<()> {
    xml.write_event(Event::Empty(start))
}

fn close(xml: &mut Xml, name: &str) -> io::Result<()> {
    xml.write_event(Event::End(BytesEnd::new(name)))
}
