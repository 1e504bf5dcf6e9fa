// Pictures that change in place, tables of numbers, a hillside, the names of the lines; and two sentences beneath the
// buttons: one that is announced, one that is not.
const make = (parent, tag, name, text = "") => {
  const node = parent.appendChild(document.createElement(tag));
  node.className = name;
  node.textContent = text;
  return node;
};

const show = (image, data) => {
  const before = image.src;
  image.src = URL.createObjectURL(new Blob([data], { type: "image/png" }));
  if (before) URL.revokeObjectURL(before);
};

// What stands and what moves lie on each other, so that a step sends only what moves.
const makeFrame = (row, click) => {
  const box = make(row, "div", "bp-frame");
  const [still, moving] = ["bp-still", "bp-moving"].map((name) => make(box, "img", name));
  still.alt = "";
  for (const image of [still, moving]) image.decoding = "sync"; // the old picture stays until the new one is there
  box.addEventListener("click", (event) => {
    const { left, top, width, height } = box.getBoundingClientRect();
    click((event.clientX - left) / width, 1 - (event.clientY - top) / height);
  });
  return { box, still, moving };
};

const fillTables = (parent, tables) => {
  parent.replaceChildren();
  for (const { name, family, rows } of tables) {
    const table = make(parent, "table", `bp-numbers bp-of-${family}`);
    make(table, "caption", "").innerHTML = name;
    for (const row of rows) {
      const line = make(table, "tr", "");
      for (const [text, share] of row) {
        const cell = make(line, "td", share < 0 ? "bp-minus" : "bp-plus", text);
        cell.style.setProperty("--bp-share", `${Math.round(100 * Math.min(1, Math.abs(share)))}%`);
      }
    }
  }
};

const fillLegend = (parent, names) => {
  parent.replaceChildren();
  for (const [style, words] of names) make(make(parent, "li", ""), "span", `bp-line-${style}`).after(words);
};

function render({ model, el }) {
  el.classList.add("bp-display");
  // Made once: a live region that is replaced as a whole is not announced.
  const said = make(el, "div", "bp-said");
  const message = make(said, "p", "bp-message");
  message.setAttribute("role", "status");
  message.setAttribute("aria-live", "polite");
  const detail = make(said, "p", "bp-detail");
  const row = make(el, "div", "bp-frames");
  const hill = model.get("hill") && makeHillside(row, model);
  const tables = make(row, "div", "bp-tables");
  const frames = [];
  // Made when its picture comes, which may be later than the view.
  const frame = (n) => {
    if (!frames[n]) {
      frames[n] = makeFrame(row, (x, y) => model.send({ do: "click", frame: n, x, y }));
      tables.before(frames[n].box);
    }
    return frames[n];
  };
  const legend = make(el, "ul", "bp-legend");

  const handlers = {
    "change:stills": () => model.get("stills").forEach((data, n) => show(frame(n).still, data)),
    "change:frames": () => model.get("frames").forEach(({ png, alt, width, height }, n) => {
      const { box, moving } = frame(n);
      box.style.setProperty("--bp-width", width);
      box.style.aspectRatio = `${width} / ${height}`;
      moving.alt = alt;
      show(moving, png);
    }),
    "change:tables": () => fillTables(tables, model.get("tables")),
    "change:legend": () => fillLegend(legend, model.get("legend")),
    "change:message": () => {
      if (message.textContent !== model.get("message")) message.textContent = model.get("message");
    },
    "change:detail": () => { detail.textContent = model.get("detail"); },
    "change:clickable": () => el.classList.toggle("bp-clickable", model.get("clickable")),
  };
  for (const [event, handler] of Object.entries(handlers)) { handler(); model.on(event, handler); }
  const forget = noticeConnection(model, el);
  return () => {
    forget();
    hill?.remove();
    for (const [event, handler] of Object.entries(handlers)) model.off(event, handler);
    for (const { still, moving } of frames) for (const image of [still, moving]) URL.revokeObjectURL(image.src);
  };
}
export default { render };
