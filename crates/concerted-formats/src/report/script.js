"use strict";
// Conveniences; everything can be read without them. Nothing here writes markup or asks a network.
const text = (name, words) => {
  const element = document.createElement(name);
  element.textContent = words;
  return element;
};
// Sorting: the head of a column becomes a button.
const value = (cell) => {
  if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
  const plain = cell.textContent.replace(/[\u202f\u00a0 ]/g, "").replace("\u2212", "-");
  return /^[-<]?[0-9]/.test(plain) ? parseFloat(plain.replace("<", "")) : plain === "\u2013" ? -Infinity : NaN;
};
const compare = (a, b) => {
  const [x, y] = [value(a), value(b)];
  return Number.isNaN(x) || Number.isNaN(y)
    ? a.textContent.localeCompare(b.textContent, "en", { numeric: true })
    : x - y;
};
for (const table of document.querySelectorAll("table.sort")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, at) => {
    const button = text("button", head.textContent);
    button.type = "button";
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const was = head.getAttribute("aria-sort");
      const down = was ? was === "ascending" : head.classList.contains("n");
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const body = table.tBodies[0];
      const rows = [...body.rows].map((row, place) => ({ row, place }));
      rows.sort((a, b) => (down ? -1 : 1) * compare(a.row.cells[at], b.row.cells[at]) || a.place - b.place);
      body.append(...rows.map((entry) => entry.row));
    });
  });
}
// Finding groups: rows and dossiers that do not hold the words are hidden.
const list = document.getElementById("groups");
if (list && list.tBodies[0].rows.length > 5) {
  const rows = [...list.tBodies[0].rows];
  const dossiers = new Map([...document.querySelectorAll("article")].map((one) => [one.id, one]));
  const words = new Map();
  const form = document.createElement("p");
  form.className = "find";
  const label = text("label", "Show only groups with ");
  const input = document.createElement("input");
  input.type = "search";
  input.autocomplete = "off";
  label.append(input);
  const said = document.createElement("span");
  said.className = "quiet";
  said.setAttribute("role", "status");
  form.append(label, " ", said);
  list.parentElement.before(form);
  const show = () => {
    const wanted = input.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const link = row.querySelector("a");
      const dossier = link && dossiers.get(link.hash.slice(1));
      if (!words.has(row)) words.set(row, (row.textContent + " " + (dossier ? dossier.textContent : "")).toLowerCase());
      row.hidden = !words.get(row).includes(wanted);
      if (dossier) dossier.hidden = row.hidden;
      shown += row.hidden ? 0 : 1;
    }
    said.textContent = wanted ? `${shown} of ${rows.length} groups; their dossiers below are filtered too` : "";
  };
  input.addEventListener("input", show);
  // Paper shows everything.
  addEventListener("beforeprint", () => {
    input.value = "";
    show();
  });
}
// The contents show where the reader is.
const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
const places = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
let current = null;
const mark = () => {
  const line = innerHeight / 4;
  let here = null;
  for (const place of places) {
    const top = place.getBoundingClientRect().top;
    if (top <= line && (!here || top >= here.getBoundingClientRect().top)) here = place;
  }
  const link = links.get((here || places[0]).id);
  if (link === current) return;
  if (current) current.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  current = link;
};
if (places.length) {
  addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
  mark();
}
// What is wider than the screen can be reached, and moved with the arrow keys.
const reach = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) {
      const about = target.querySelector("caption, [aria-label]");
      target.tabIndex = 0;
      target.setAttribute("role", "region");
      target.setAttribute("aria-label", (about && (about.getAttribute("aria-label") || about.textContent)) || "Table");
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
    }
  }
});
for (const wide of document.querySelectorAll(".wide, .drawn")) reach.observe(wide);
