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

const drawSymbol = (node, math) => node.replaceChildren(make("span", { class: "bp-symbol", html: math }));
const setFamily = (node, family) => {
  for (const name of [...node.classList]) if (name.startsWith("bp-of-")) node.classList.remove(name);
  if (family) node.classList.add("bp-of-" + family);
};

// ---------------------------------------------------------------- the board

function drawBoard(data) {
  const svg = make("svg:svg", { viewBox: `0 0 ${data.width} ${data.height}`, "aria-hidden": "true" });
  const lines = {};
  for (const { id, at, family } of data.lines) {
    const [x1, y1, x2, y2] = at;
    svg.append((lines[id] = make("svg:line", { x1, y1, x2, y2, class: "bp-line bp-of-" + family })));
  }
  for (const { x, y, w, h, family, arrow } of data.nodes) {
    svg.append(make("svg:rect", { x, y, width: w, height: h, rx: h / 2, class: "bp-node bp-of-" + family }));
    if (arrow) {
      const [cx, cy] = [x + w / 2, y + h / 2];
      svg.append(make("svg:path", { d: `M${cx - 7} ${cy}h12m-4 -4l4 4l-4 4`, class: "bp-arrow" }));
    }
  }
  const board = make("div", { class: "bp-board", style: `aspect-ratio:${data.width}/${data.height}` }, svg);
  const at = (node, x, y) => {
    node.style.left = (100 * x) / data.width + "%";
    node.style.top = (100 * y) / data.height + "%";
    return node;
  };
  for (const { x, title, beneath } of data.titles) {
    const head = make("div", { class: "bp-title" }, title);
    if (beneath) head.append(make("small", {}, beneath));
    board.append(at(head, x, 24));
  }
  const places = {};
  for (const place of data.places) {
    const isButton = place.role !== "label";
    const node = make(isButton ? "button" : "span", { class: "bp-place bp-" + place.role, "data-place": place.id });
    if (isButton) node.type = "button";
    if (place.math) drawSymbol(node, place.math);
    if (place.edge) node.classList.add("bp-edge");
    setFamily(node, place.family);
    board.append(at(node, place.x, place.y));
    places[place.id] = node;
  }
  return { board, lines, places };
}

// ------------------------------------------------- one tab stop for a group, arrows inside it

function roving(group, selector) {
  const all = () => [...group.querySelectorAll(selector)];
  const stop = (node) => all().forEach((other) => (other.tabIndex = other === node ? 0 : -1));
  const centre = (node) => {
    const box = node.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const next = (from, [right, down]) => {
    const [x, y] = centre(from);
    let best = null, least = Infinity;
    for (const node of all()) {
      if (node === from) continue;
      const [u, v] = centre(node);
      const along = (u - x) * right + (v - y) * down;
      const aside = Math.abs((u - x) * down) + Math.abs((v - y) * right);
      if (along > 3 && along + 2.5 * aside < least) [best, least] = [node, along + 2.5 * aside];
    }
    return best;
  };
  const arrows = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  group.addEventListener("focusin", (event) => all().includes(event.target) && stop(event.target));
  group.addEventListener("keydown", (event) => {
    const nodes = all(), from = event.target;
    if (!nodes.includes(from)) return;
    let to = null;
    if (arrows[event.key]) to = next(from, arrows[event.key]);
    else if (event.key === "Home") to = nodes[0];
    else if (event.key === "End") to = nodes[nodes.length - 1];
    else return;
    event.preventDefault();
    event.stopPropagation();
    to?.focus();
  });
  const refresh = () => {
    const nodes = all();
    if (!nodes.some((node) => node.getAttribute("tabindex") === "0")) stop(nodes[0]);
  };
  refresh();
  return refresh;
}

// ---------------------------------------------------------------- dragging, with any pointer

function draggable(node, { lift, over, drop }) {
  let start = null, ghost = null, dragged = false;
  const end = () => {
    ghost?.remove();
    over(null);
    start = ghost = null;
  };
  node.addEventListener("pointerdown", (event) => {
    dragged = false;
    if (event.button === 0 && lift()) start = event;
  });
  node.addEventListener("pointermove", (event) => {
    if (!start) return;
    if (!ghost && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < 6) return;
    if (!ghost) {
      node.setPointerCapture(event.pointerId);
      ghost = make("div", { class: "bp-ghost", "aria-hidden": "true" });
      ghost.innerHTML = lift();
      node.closest(".bp").append(ghost);
      dragged = true;
    }
    ghost.style.left = event.clientX + "px";
    ghost.style.top = event.clientY + "px";
    over(document.elementFromPoint(event.clientX, event.clientY));
  });
  node.addEventListener("pointerup", (event) => {
    const at = ghost && document.elementFromPoint(event.clientX, event.clientY);
    end();
    if (at) drop(at);
    setTimeout(() => (dragged = false));
  });
  node.addEventListener("pointercancel", end);
  // The click that ends a drag does not count as one.
  node.addEventListener("click", (event) => {
    if (dragged) event.stopImmediatePropagation();
    dragged = false;
  });
}

// ---------------------------------------------------------------- the frame around every mode

function frame(model, root) {
  const data = model.get("board");
  root.dataset.mode = model.get("mode");
  for (const [family, colour] of Object.entries(data.colours)) root.style.setProperty("--bp-" + family, colour);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", model.get("title"));
  const drawn = drawBoard(data);
  const task = make("p", { class: "bp-task", html: data.task });
  const tools = make("div", { class: "bp-tools" });
  const panel = make("div", { class: "bp-panel" });
  const status = make("p", { class: "bp-status", role: "status" });
  let html = "";
  const show = () => {
    if (html !== model.get("panel")) panel.innerHTML = html = model.get("panel");
    if (status.textContent !== model.get("status")) status.textContent = model.get("status");
    const lit = model.get("lit");
    for (const [id, line] of Object.entries(drawn.lines)) line.classList.toggle("bp-lit", lit.includes(id));
    for (const [id, node] of Object.entries(drawn.places)) node.classList.toggle("bp-lit", lit.includes(id));
  };
  const button = (text, act) => {
    const node = make("button", { type: "button", class: "bp-tool" }, text);
    node.addEventListener("click", act);
    return node;
  };
  return { data, ...drawn, task, tools, panel, status, show, button };
}

// A change counts as saved only when Python says that it is in the file.
function saving(model) {
  const note = make("span", { class: "bp-saved" });
  let timer = 0;
  const show = () => {
    clearTimeout(timer);
    if (model.get("saved") >= model.get("change")) {
      note.textContent = Object.keys(model.get("answers")).length ? "Saved in answers.json" : "";
      note.classList.remove("bp-late");
      return;
    }
    timer = setTimeout(() => {
      note.textContent = "Not saved yet: the kernel is not responding";
      note.classList.add("bp-late");
    }, 3000);
  };
  const put = (answers) => {
    model.set("answers", answers);
    model.set("change", model.get("change") + 1);
    model.set("marks", {});
    model.save_changes();
    show();
  };
  return { note, show, put, stop: () => clearTimeout(timer) };
}

function makeTiles(data, name) {
  const bank = make("div", { class: "bp-bank", role: "toolbar", "aria-label": name });
  const tiles = {};
  for (const { name: id, math, spoken, family } of data.tiles) {
    const node = make("button", { type: "button", class: "bp-tile", "data-tile": id, "aria-label": spoken });
    drawSymbol(node, math);
    setFamily(node, family);
    bank.append(node);
    tiles[id] = { node, math, spoken, family };
  }
  return { bank, tiles };
}

// ---------------------------------------------------------------- fill: a symbol for every place

function fill(model, root, ui) {
  const { bank, tiles } = makeTiles(ui.data, "Symbols");
  const save = saving(model);
  const words = Object.fromEntries(ui.data.places.map((place) => [place.id, place.words]));
  const order = ui.data.places.map((place) => place.id);
  let picked = null, target = null;
  const answers = () => model.get("answers");

  const put = (slot, tile, from) => {
    const now = { ...answers() };
    if (from && from !== slot) delete now[from];
    if (tile) now[slot] = tile;
    else delete now[slot];
    picked = target = null;
    save.put(now);
    draw();
  };
  const draw = () => {
    const now = answers(), marks = model.get("marks"), used = new Set(Object.values(now));
    for (const [slot, node] of Object.entries(ui.places)) {
      const tile = tiles[now[slot]];
      if (node.dataset.shown !== (now[slot] || "")) drawSymbol(node, tile ? tile.math : "<i>?</i>");
      node.dataset.shown = now[slot] || "";
      setFamily(node, tile?.family);
      node.dataset.mark = marks[slot] || "";
      node.setAttribute("aria-pressed", String(slot === target));
      const verdicts = { right: ", right", deck: ", right, as the slides write it", wrong: ", wrong" };
      node.setAttribute("aria-label", `${words[slot]}: ${tile ? tile.spoken : "empty"}${verdicts[marks[slot]] || ""}`);
    }
    for (const [id, { node }] of Object.entries(tiles)) {
      node.setAttribute("aria-pressed", String(id === picked));
      node.classList.toggle("bp-used", used.has(id));
    }
    root.classList.toggle("bp-placing", picked !== null);
    empty.disabled = !(target && now[target]);
    save.show();
    ui.show();
  };
  const over = (from) => (node) => {
    const slot = node?.closest?.(".bp-slot");
    for (const other of Object.values(ui.places)) other.classList.toggle("bp-over", other === slot && root.contains(slot));
  };
  const slotAt = (node) => {
    const slot = node?.closest?.(".bp-slot");
    return slot && root.contains(slot) ? slot.dataset.place : null;
  };
  const firstEmpty = () => order.find((slot) => !answers()[slot]);

  for (const [id, { node, math }] of Object.entries(tiles)) {
    draggable(node, { lift: () => math, over: over(), drop: (at) => slotAt(at) && put(slotAt(at), id) });
    node.addEventListener("click", (event) => {
      const byKey = event.detail === 0;
      if (target) {
        put(target, id);
        if (byKey) ui.places[firstEmpty() || order[0]].focus();
        return;
      }
      picked = picked === id ? null : id;
      draw();
      if (byKey && picked) ui.places[firstEmpty() || order[0]].focus();
    });
  }
  for (const [slot, node] of Object.entries(ui.places)) {
    draggable(node, {
      lift: () => tiles[answers()[slot]]?.math,
      over: over(),
      drop: (at) => {
        const to = slotAt(at);
        if (to) to !== slot && put(to, answers()[slot], slot);
        else put(slot, null);
      },
    });
    node.addEventListener("click", (event) => {
      const byKey = event.detail === 0;
      if (picked) {
        const tile = picked;
        put(slot, tile);
        if (byKey) tiles[tile].node.focus();
        return;
      }
      target = target === slot ? null : slot;
      draw();
      if (byKey && target) (tiles[answers()[slot]]?.node || bank.querySelector("[tabindex='0']")).focus();
    });
    node.addEventListener("keydown", (event) => {
      if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        event.stopPropagation();
        if (answers()[slot]) put(slot, null);
      }
    });
  }
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || (!picked && !target)) return;
    event.stopPropagation();
    picked = target = null;
    draw();
  });
  const check = ui.button("Check", () => model.send({ do: "check" }));
  const empty = ui.button("Remove the symbol", () => {
    const slot = target;
    put(slot, null);
    ui.places[slot].focus();
  });
  const how = "Click a symbol, then its place; or drag it. With the keyboard: Tab, arrows, Enter; Delete empties a place.";
  ui.tools.append(check, empty, save.note);
  ui.board.setAttribute("role", "group");
  ui.board.setAttribute("aria-label", "The network");
  root.append(ui.task, ui.board, make("p", { class: "bp-how" }, how), bank, ui.tools, ui.status, ui.panel);
  roving(bank, ".bp-tile");
  roving(ui.board, ".bp-slot");
  return { draw, stop: save.stop };
}

// ---------------------------------------------------------------- choose: the factors of one derivative

function choose(model, root, ui) {
  const { bank, tiles } = makeTiles(ui.data, "Factors to choose from");
  const save = saving(model);
  const slots = ui.data.slots;
  const chosen = make("div", { class: "bp-chosen", role: "toolbar", "aria-label": "Chosen factors" });
  const left = make("span", { class: "bp-left", html: ui.data.left });
  const strip = make("div", { class: "bp-strip" }, left, chosen);
  const announcement = make("span", { class: "bp-hidden", role: "status" });
  const factors = () => slots.map((slot) => model.get("answers")[slot]).filter(Boolean);
  const put = (list) => {
    save.put(Object.fromEntries(list.map((tile, n) => [slots[n], tile])));
    draw();
  };
  const add = (id) => {
    if (factors().length < slots.length) put([...factors(), id]);
    announcement.textContent = `${tiles[id].spoken} added, ${factors().length} chosen`;
  };
  const take = (n) => {
    const id = factors()[n];
    put(factors().filter((_, m) => m !== n));
    announcement.textContent = `${tiles[id].spoken} removed, ${factors().length} chosen`;
  };
  const onStrip = (node) => Boolean(node && strip.contains(node));
  const over = (node) => strip.classList.toggle("bp-over", onStrip(node));
  let shown = null;
  const draw = () => {
    const now = factors(), key = JSON.stringify(now);
    if (key !== shown) {
      chosen.replaceChildren(...now.map(asFactor));
      if (!now.length) chosen.append(make("span", { class: "bp-none" }, "choose the factors below"));
      shown = key;
      refresh();
    }
    for (const [id, { node }] of Object.entries(tiles)) node.classList.toggle("bp-used", now.includes(id));
    clear.disabled = !now.length;
    save.show();
    ui.show();
  };
  const asFactor = (id, n) => {
    const { math, spoken, family } = tiles[id];
    const node = make("button", {
      type: "button", class: "bp-tile bp-factor", "data-factor": n, "aria-label": `${spoken}, remove`, tabindex: "-1",
    });
    drawSymbol(node, math);
    setFamily(node, family);
    draggable(node, { lift: () => math, over, drop: (at) => onStrip(at) || take(n) });
    const out = () => {
      take(n);
      const rest = chosen.querySelectorAll(".bp-factor");
      (rest[Math.min(n, rest.length - 1)] || bank.querySelector("[tabindex='0']")).focus();
    };
    node.addEventListener("click", out);
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Delete" && event.key !== "Backspace") return;
      event.preventDefault();
      event.stopPropagation();
      out();
    });
    return node;
  };
  for (const [id, { node, math }] of Object.entries(tiles)) {
    draggable(node, { lift: () => math, over, drop: (at) => onStrip(at) && add(id) });
    node.addEventListener("click", () => add(id));
  }
  const check = ui.button("Check", () => model.send({ do: "check" }));
  const clear = ui.button("Start again", () => {
    put([]);
    bank.querySelector("[tabindex='0']").focus();
  });
  const how = "Click a factor to add it, or drag it up; click it in the product to remove it. The order does not matter.";
  ui.tools.append(check, clear, save.note, announcement);
  root.append(ui.task, ui.board, strip, make("p", { class: "bp-how" }, how), bank, ui.tools, ui.status, ui.panel);
  roving(bank, ".bp-tile");
  const refresh = roving(chosen, ".bp-factor");
  return { draw, stop: save.stop };
}

// ---------------------------------------------------------------- trace and forward: choose something, see what it does

function choosable(model, root, ui, selector, after) {
  const words = Object.fromEntries(ui.data.places.map((place) => [place.id, `${place.spoken}, ${place.words}`]));
  const select = (id) => {
    model.set("selected", id);
    model.save_changes();
    after.draw();
  };
  for (const [id, node] of Object.entries(ui.places)) {
    if (!node.matches(selector)) continue;
    node.addEventListener("click", () => select(id));
  }
  ui.board.setAttribute("role", "group");
  ui.board.setAttribute("aria-label", "The network");
  return () => {
    const texts = model.get("texts");
    for (const [id, node] of Object.entries(ui.places)) {
      if (node.matches(selector)) {
        node.setAttribute("aria-pressed", String(id === model.get("selected")));
        node.setAttribute("aria-label", words[id] + (texts[id] ? `: ${texts[id]}` : ""));
      }
      if (texts[id] === undefined) continue;
      let value = node.querySelector(".bp-value");
      if (!value) node.append((value = make("span", { class: "bp-value" })));
      if (value.textContent !== texts[id]) value.textContent = texts[id];
    }
    ui.show();
  };
}

function trace(model, root, ui) {
  const after = {};
  const shared = choosable(model, root, ui, ".bp-button", after);
  const turn = (step) => () => {
    model.set("pair", (model.get("pair") + step + ui.data.pairs) % ui.data.pairs);
    model.save_changes();
    after.draw();
  };
  const which = make("span", { class: "bp-which" });
  ui.tools.append(ui.button("Previous pair", turn(-1)), ui.button("Next pair", turn(1)), which);
  root.append(ui.task, ui.board, ui.tools, ui.status, ui.panel);
  roving(ui.board, ".bp-button");
  after.draw = () => {
    shared();
    which.textContent = `training pair ${model.get("pair") + 1} of ${ui.data.pairs}`;
  };
  return after;
}

function forward(model, root, ui) {
  const after = {};
  const shared = choosable(model, root, ui, ".bp-button", after);
  const slider = make("input", { type: "range", min: ui.data.least, max: ui.data.most, step: "0.05", class: "bp-slider" });
  const label = make("label", { class: "bp-which" });
  label.append(make("span", {}), slider);
  slider.addEventListener("input", () => {
    model.set("values", { ...model.get("values"), [model.get("selected")]: Number(slider.value) });
    model.save_changes();
    after.draw();
  });
  const reset = ui.button("Back to the initial numbers", () => model.send({ do: "reset" }));
  ui.tools.append(label, reset);
  root.append(ui.task, ui.board, ui.tools, ui.status, ui.panel);
  roving(ui.board, ".bp-button");
  after.draw = () => {
    shared();
    const id = model.get("selected"), value = model.get("values")[id];
    slider.disabled = value === undefined;
    if (value !== undefined && Number(slider.value) !== value) slider.value = value;
    const place = ui.data.places.find((one) => one.id === id);
    const text = value === undefined ? "Choose an input or a weight to move it" : place.words;
    if (label.firstChild.textContent !== text) label.firstChild.textContent = text;
  };
  return after;
}

const MODES = { fill, choose, trace, forward };
const WATCHED = ["answers", "marks", "saved", "selected", "pair", "values", "texts", "lit", "panel", "status"];

export default {
  render({ model, el }) {
    const root = make("div", { class: "bp" });
    const ui = frame(model, root);
    const mode = MODES[model.get("mode")](model, root, ui);
    el.append(root);
    mode.draw();
    const forget = noticeConnection(model, el);
    // Letters and arrows pressed here must not trigger JupyterLab's shortcuts; Ctrl+S still does. Where a front end
    // takes keys in the capture phase, before they arrive here, this attribute tells it.
    const mute = ({ ctrlKey, metaKey }) => root.toggleAttribute("data-lm-suppress-shortcuts", !ctrlKey && !metaKey);
    window.addEventListener("keydown", mute, true);
    // JupyterLab takes them in the bubble phase.
    root.addEventListener("keydown", (event) => event.ctrlKey || event.metaKey || event.stopPropagation());
    const names = WATCHED.map((name) => "change:" + name);
    names.forEach((name) => model.on(name, mode.draw));
    return () => {
      window.removeEventListener("keydown", mute, true);
      names.forEach((name) => model.off(name, mode.draw));
      mode.stop?.();
      forget();
    };
  },
};
