// The network diagram. Python holds the state and does the arithmetic; this module draws it and handles input.
// Places and tiles are real buttons on top of an SVG, so that mouse, touch, keyboard and screen reader find the same.

const SVG = "http://www.w3.org/2000/svg";

function make(tag, attributes = {}, ...children) {
  const node = tag.startsWith("svg:")
    ? document.createElementNS(SVG, tag.slice(4))
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "html") node.innerHTML = value;
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

// Where there is little room, a symbol stands without its upper index.
const drawSymbol = (node, math, short = math) => {
  const both = short === math ? math : `<span class="bp-full">${math}</span><span class="bp-short">${short}</span>`;
  const symbol = node.querySelector(":scope > .bp-symbol");
  if (symbol) symbol.innerHTML = both;
  else node.prepend(make("span", { class: "bp-symbol", html: both }));
};
const setFamily = (node, family) => {
  for (const name of [...node.classList]) if (name.startsWith("bp-of-")) node.classList.remove(name);
  if (family) node.classList.add("bp-of-" + family);
};

// ---------------------------------------------------------------- the board

function drawBoard(data) {
  const svg = make("svg:svg", { viewBox: `0 0 ${data.width} ${data.height}`, "aria-hidden": "true" });
  const lines = {}, boxes = {};
  for (const { id, d, family } of data.lines) {
    svg.append((lines[id] = make("svg:path", { d, class: "bp-line bp-of-" + family })));
  }
  for (const { id, x, y, w, h, family, square } of data.nodes) {
    const rx = square ? 4 : 14;
    svg.append((boxes[id] = make("svg:rect", { x, y, width: w, height: h, rx, class: "bp-node bp-of-" + family })));
  }
  const board = make("div", { class: "bp-board", style: `aspect-ratio:${data.width}/${data.height}` }, svg);
  for (const what of ["label", "node"]) board.style.setProperty("--bp-" + what, (100 * data[what]) / data.width + "%");
  const at = (node, x, y) => {
    node.style.left = (100 * x) / data.width + "%";
    node.style.top = (100 * y) / data.height + "%";
    return node;
  };
  for (const { x, title, beneath } of data.titles) {
    const head = make("div", { class: "bp-title" }, title);
    if (beneath) head.append(make("small", {}, beneath));
    board.append(at(head, x, 0));
  }
  const places = {};
  for (const place of data.places) {
    const isButton = place.role !== "label";
    const kinds = `bp-place bp-${place.role} bp-${place.kind}`;
    const node = make(isButton ? "button" : "span", { class: kinds, "data-place": place.id });
    if (isButton) node.type = "button";
    if (place.math) drawSymbol(node, place.math, place.short);
    setFamily(node, place.family);
    board.append(at(node, place.x, place.y));
    places[place.id] = node;
  }
  return { board, svg, lines, boxes, places };
}

// Something runs along lines, once: forward, or back.
const isStill = matchMedia("(prefers-reduced-motion: reduce)");

function send(drawn, { lines, way }) {
  if (isStill.matches) return;
  for (const id of lines) {
    const line = drawn.lines[id];
    const pulse = make("svg:path", { d: line.getAttribute("d"), class: `bp-pulse bp-${way}`, pathLength: 100 });
    line.after(pulse);
    pulse.addEventListener("animationend", () => pulse.remove());
  }
}
