"use strict";
// What a page does beyond being read: time lines zoom and tell of a bar, tables sort and filter.

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const made = (name, properties) => Object.assign(document.createElement(name), properties);
document.documentElement.classList.add("js");

// Times, as `tracetui.units` writes them on an axis.
const US = 1e3, MS = 1e6, S = 1e9, MINUTE = 60 * S, HOUR = 3600 * S, DAY = 24 * HOUR;
const STEPS = [1, US, MS].flatMap(unit => [1, 2, 5, 10, 20, 50, 100, 200, 500].map(step => unit * step))
  .concat([1, 2, 5, 10, 15, 30].map(step => S * step), [1, 2, 5, 10, 15, 30].map(step => MINUTE * step),
    [1, 2, 3, 6, 12, 24, 48, 96, 192].map(step => HOUR * step));
const stepOf = (length, most) => STEPS.find(step => step >= length / most) ?? 30 * DAY;

function clock(ns) {
  const seconds = Math.floor(ns / S);
  const parts = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const first = parts.findIndex(part => part);
  const last = parts[3] ? 3 : parts[2] || !parts[0] ? 2 : 1;
  const texts = parts.map((part, place) => String(part).padStart(2, "0") + "dhms"[place]);
  return texts.slice(first, last + 1).join("").replace(/^0/, "");
}

function tick(ns, step) {
  if (ns === 0) return step >= MS ? "0s" : "0";
  if (step >= MINUTE || (step >= S && ns >= MINUTE)) return clock(ns);
  for (const [unit, name] of [[S, "s"], [MS, "ms"], [US, "us"]])
    if (step >= unit || ns >= unit) return +(ns / unit).toFixed(6) + name;
  return ns + "ns";
}

// Axes: all that is drawn on one shows the same part of it, from `start`, `span` long (parts of one).
const CLOSEST = 1 / 1000;
const axes = new Map();
for (const svg of all("[data-axis]")) {
  const axis = axes.get(svg.dataset.axis) ?? { start: 0, span: 1, rulers: [], tracks: [], length: 0 };
  axes.set(svg.dataset.axis, axis);
  if (svg.dataset.length) axis.length = Number(svg.dataset.length);
  (svg.classList.contains("ruler") ? axis.rulers : axis.tracks).push(svg);
}

function show(axis, start, span) {
  axis.span = Math.min(1, Math.max(CLOSEST, span));
  axis.start = Math.min(1 - axis.span, Math.max(0, start));
  for (const svg of axis.tracks) {
    svg.setAttribute("width", `${100 / axis.span}%`);
    svg.setAttribute("x", `${-100 * axis.start / axis.span}%`);
  }
  for (const svg of axis.rulers) rule(axis, svg);
  const from = axis.start * axis.length, step = stepOf(axis.span * axis.length, 100);
  const shown = axis.span < 1 ? `${tick(Math.round(from / step) * step, step)} to ${
    tick(Math.round((from + axis.span * axis.length) / step) * step, step)}` : "";
  for (const output of all("output.window")) output.textContent = shown;
  point(null);
}

function rule(axis, svg) {
  const from = axis.start * axis.length, length = axis.span * axis.length;
  const step = stepOf(length, Math.max(2, Math.min(8, svg.clientWidth / 75)));
  const labels = [];
  for (let at = Math.ceil(from / step) * step; at <= from + 0.96 * length; at += step) {
    const label = document.createElementNS(svg.namespaceURI, "text");
    label.setAttribute("x", `${100 * (at - from) / length}%`);
    label.setAttribute("y", "15");
    label.textContent = tick(at, step);
    labels.push(label);
  }
  svg.replaceChildren(...labels);
}

function zoom(axis, factor, at = 0.5) {
  const span = Math.min(1, Math.max(CLOSEST, axis.span * factor));
  show(axis, axis.start + (axis.span - span) * at, span);
}

function act(what) {
  for (const axis of axes.values()) {
    if (what === "in") zoom(axis, 0.5);
    else if (what === "out") zoom(axis, 2);
    else if (what === "reset") show(axis, 0, 1);
    else show(axis, axis.start + (what === "later" ? 0.2 : -0.2) * axis.span, axis.span);
  }
}

const charts = document.querySelector(".charts");
for (const button of all("[data-zoom]")) button.addEventListener("click", () => act(button.dataset.zoom));

const KEYS = { "+": "in", "=": "in", "-": "out", "_": "out", "0": "reset", ArrowLeft: "earlier", ArrowRight: "later" };
charts?.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "n" || event.key === "p") walk(event.key === "n" ? 1 : -1);
  else if (event.key === "Escape") point(null);
  else if (event.key in KEYS) act(KEYS[event.key]);
  else return;
  event.preventDefault();
});

// The pointer: dragging marks what to zoom in to, the wheel zooms with ctrl, and moves with a sideways turn.
const surfaceAt = event => event.target.closest?.(".track, .ruler");
const axisOf = svg => axes.get(svg.dataset.axis ?? svg.querySelector(".zoom").dataset.axis);
const partAt = (svg, x) => {
  const box = svg.getBoundingClientRect();
  return Math.min(1, Math.max(0, (x - box.left) / box.width));
};
let drag = null;

charts?.addEventListener("pointerdown", event => {
  const svg = surfaceAt(event);
  if (!svg || event.button !== 0) return;
  drag = { svg, from: event.clientX, mark: made("div", { className: "selection" }) };
  svg.setPointerCapture(event.pointerId);
});
charts?.addEventListener("pointermove", event => {
  if (!drag || Math.abs(event.clientX - drag.from) < 4) return;
  const box = drag.svg.getBoundingClientRect(), table = drag.svg.closest("table").getBoundingClientRect();
  const [left, right] = [drag.from, event.clientX].map(x => Math.min(box.right, Math.max(box.left, x))).sort((a, b) => a - b);
  if (!drag.mark.isConnected) document.body.append(drag.mark);
  Object.assign(drag.mark.style, { left: `${left}px`, width: `${right - left}px`, top: `${table.top}px`, height: `${table.height}px` });
});
charts?.addEventListener("pointerup", event => {
  if (!drag) return;
  const { svg, from, mark } = drag, axis = axisOf(svg);
  drag = null;
  mark.remove();
  if (Math.abs(event.clientX - from) < 4) return tell(document.elementFromPoint(event.clientX, event.clientY), event);
  const [left, right] = [partAt(svg, from), partAt(svg, event.clientX)].sort((a, b) => a - b);
  show(axis, axis.start + left * axis.span, (right - left) * axis.span);
});
charts?.addEventListener("pointercancel", () => { drag?.mark.remove(); drag = null; });
charts?.addEventListener("dblclick", event => { if (surfaceAt(event)) act("reset"); });
charts?.addEventListener("wheel", event => {
  const svg = surfaceAt(event);
  if (!svg) return;
  const axis = axisOf(svg);
  if (event.ctrlKey || event.metaKey) zoom(axis, Math.exp(event.deltaY / 300), partAt(svg, event.clientX));
  else if (Math.abs(event.deltaX) > Math.abs(event.deltaY) && axis.span < 1)
    show(axis, axis.start + event.deltaX / svg.clientWidth * axis.span, axis.span);
  else return;
  event.preventDefault();
}, { passive: false });

// What a bar is: its title, taken from it so that the browser does not show it a second time.
const tip = made("div", { className: "tip", hidden: true });
tip.setAttribute("role", "status");
document.body.append(tip);
const titles = new WeakMap();
let pointed = null;

function point(bar, x, y) {
  pointed?.classList.remove("at");
  pointed = bar;
  tip.hidden = !bar;
  if (!bar) return;
  const title = bar.querySelector("title");
  if (title) { titles.set(bar, title.textContent); title.remove(); }
  tip.textContent = titles.get(bar);
  const left = Math.max(8, Math.min(x + 14, innerWidth - tip.offsetWidth - 8));
  const top = y + 18 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 12 : y + 18;
  Object.assign(tip.style, { left: `${left}px`, top: `${Math.max(8, top)}px` });
}

function tell(element, at) {
  const hasTitle = element?.matches?.("rect") && (titles.has(element) || element.querySelector("title"));
  point(hasTitle ? element : null, at.clientX, at.clientY);
}

let [lastX, lastY] = [-1, -1];
document.addEventListener("pointermove", event => {
  if (event.clientX === lastX && event.clientY === lastY) return;  // The page moved, the pointer did not.
  [lastX, lastY] = [event.clientX, event.clientY];
  tell(event.target, event);
});
document.documentElement.addEventListener("pointerleave", () => point(null));
document.addEventListener("scroll", () => pointed?.classList.contains("at") ? stand(pointed) : point(null), { passive: true });

function walk(by) {
  const bars = all(".track rect:not(.inert)", charts);
  const place = bars.indexOf(pointed) + by;
  const bar = bars[(place + bars.length) % bars.length];
  if (!bar) return;
  bar.closest("tr").scrollIntoView({ block: "nearest", behavior: "instant" });
  stand(bar);
}

function stand(bar) {
  const box = bar.getBoundingClientRect();
  point(bar, Math.min(Math.max(box.left, 0), innerWidth), box.bottom - 14);
  bar.classList.add("at");
}

// Tables.
for (const table of all("table.sortable")) {
  const body = table.tBodies[0], rows = [...body.rows], first = Number(table.dataset.first);
  const tools = document.querySelector(`[data-table="${table.id}"]`);
  const [field, output] = [tools.querySelector("input"), tools.querySelector("output")];
  const more = made("button", { type: "button", textContent: "show all" });
  const names = new Map(rows.map(row => [row, row.cells[0].textContent.toLowerCase()]));
  let isWhole = rows.length <= first;
  tools.append(more);

  function update() {
    const part = field.value.trim().toLowerCase();
    let found = 0;
    for (const row of body.rows) {
      const isMeant = names.get(row).includes(part);
      row.hidden = !isMeant || (!isWhole && found >= first);
      found += isMeant;
    }
    const shown = isWhole ? found : Math.min(found, first);
    output.textContent = shown < found || part ? `${shown} of ${part ? `${found} found` : found}` : `${found}`;
    more.hidden = isWhole || found <= first;
  }

  function sort(head, column) {
    const before = head.getAttribute("aria-sort"), isName = column === 0;
    const isDown = before ? before === "ascending" : !isName;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
    const key = row => isName ? names.get(row) : Number(row.cells[column].dataset.v);
    const compare = isName ? new Intl.Collator("en", { numeric: true }).compare : (a, b) => a - b;
    const keyed = rows.map(row => [key(row), row]).sort((a, b) => (isDown ? -1 : 1) * compare(a[0], b[0]));
    body.append(...keyed.map(([, row]) => row));
    update();
  }

  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    if ("fixed" in head.dataset) continue;
    const button = made("button", { type: "button", textContent: head.textContent });
    button.addEventListener("click", () => sort(head, column));
    head.replaceChildren(button);
  }
  field.addEventListener("input", update);
  more.addEventListener("click", () => { isWhole = true; update(); });
  update();
}

// Failures: a link to one opens it; commands can be copied; on paper all are open.
function openTarget() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
addEventListener("hashchange", openTarget);
openTarget();
let opened = [];
addEventListener("beforeprint", () => {
  opened = all("details.failure:not([open])");
  for (const each of opened) each.open = true;
});
addEventListener("afterprint", () => { for (const each of opened) each.open = false; });
for (const command of navigator.clipboard ? all(".command") : []) {
  const button = made("button", { type: "button", className: "copy", textContent: "copy" });
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(command.querySelector("code").textContent);
    button.textContent = "copied";
  });
  command.append(button);
}

// Which section is in sight.
const links = new Map(all("nav a").map(link => [link.hash.slice(1), link]));
const seen = new IntersectionObserver(entries => {
  for (const entry of entries) links.get(entry.target.id)?.classList.toggle("here", entry.isIntersecting);
}, { rootMargin: "-20% 0px -70% 0px" });
for (const section of all("main > section")) seen.observe(section);
addEventListener("resize", () => { for (const axis of axes.values()) show(axis, axis.start, axis.span); });
for (const axis of axes.values()) show(axis, 0, 1);
