// ---------------------------------------------------------------- choose something, see what it does

function choosable(model, root, ui, after) {
  const place = Object.fromEntries(ui.data.places.map((one) => [one.id, one]));
  let flowed = model.get("flow").count;
  const select = (id) => {
    model.set("selected", id === model.get("selected") ? "" : id);
    model.save_changes();
    after.draw();
  };
  for (const [id, node] of Object.entries(ui.places)) node.addEventListener("click", () => select(id));
  // A line is chosen where it is drawn, too; by key there is the button on it.
  for (const [id, line] of Object.entries(ui.lines)) if (place[id]) line.addEventListener("click", () => select(id));
  ui.board.setAttribute("role", "group");
  ui.board.setAttribute("aria-label", "The network");
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && model.get("selected")) select("");
  });
  const value = Object.fromEntries(
    Object.entries(ui.places).map(([id, node]) => {
      const own = make("span", { class: "bp-value" });
      node.append(own);
      return [id, own];
    }),
  );
  return () => {
    const texts = model.get("texts"), symbols = model.get("symbols"), strengths = model.get("strengths");
    for (const [id, node] of Object.entries(ui.places)) {
      const text = texts[id] ?? "", math = symbols[id] ?? place[id].math;
      node.setAttribute("aria-pressed", String(id === model.get("selected")));
      const spoken = place[id].spoken ? `${place[id].spoken}, ` : "";
      node.setAttribute("aria-label", spoken + place[id].words + (text ? `: ${text}` : ""));
      node.classList.toggle("bp-changed", id in symbols);
      node.classList.toggle("bp-empty", place[id].kind === "tag" && !text);
      if (value[id].textContent !== text) value[id].textContent = text;
      if (node.dataset.math !== math) drawSymbol(node, (node.dataset.math = math), symbols[id] ?? place[id].short);
    }
    for (const [id, weight] of Object.entries(strengths)) {
      ui.lines[id].style.setProperty("--bp-width", 1 + 2.4 * Math.min(Math.abs(weight), 2));
      ui.lines[id].classList.toggle("bp-negative", weight < 0);
    }
    ui.show();
    const flow = model.get("flow");
    if (flow.count !== flowed) send(ui, flow);
    flowed = flow.count;
  };
}

const how = (more = "") => {
  const lines = "The larger a weight, the wider its line; a line is dashed where its weight is negative.";
  const lights = `Around what you choose, blue is what enters it and orange what it reaches${more}.`;
  return make("p", { class: "bp-how" }, `${lines} ${lights}`);
};

// Which training pair is looked at; nothing where there is only one.
function pairs(model, ui, after) {
  const count = ui.data.pairs;
  if (count < 2) return { nodes: [], draw() {} };
  const turn = (step) => () => {
    model.set("pair", (model.get("pair") + step + count) % count);
    model.save_changes();
    after.draw();
  };
  const which = make("span", { class: "bp-which" });
  const draw = () => (which.textContent = `training pair ${model.get("pair") + 1} of ${count}`);
  const group = make("span", { class: "bp-pairs" }, ui.button("Previous pair", turn(-1)), ui.button("Next pair", turn(1)), which);
  return { nodes: [group], draw };
}

function trace(model, root, ui) {
  const after = {};
  const shared = choosable(model, root, ui, after), pair = pairs(model, ui, after);
  ui.tools.append(...pair.nodes);
  root.append(ui.task, ui.board, how(), ui.tools, ui.status, ui.panel);
  roving(ui.board, ".bp-button");
  after.draw = () => {
    shared();
    pair.draw();
  };
  return after;
}

function forward(model, root, ui) {
  const after = {};
  const shared = choosable(model, root, ui, after);
  const slider = make("input", { type: "range", min: ui.data.least, max: ui.data.most, step: "0.05", class: "bp-slider" });
  const name = make("span", { class: "bp-name" }), label = make("label", { class: "bp-which" }, name, slider);
  slider.addEventListener("input", () => {
    model.set("values", { ...model.get("values"), [model.get("selected")]: Number(slider.value) });
    model.save_changes();
    after.draw();
  });
  const reset = ui.button("Back to the initial numbers", () => model.send({ do: "reset" }));
  ui.tools.append(label, reset);
  root.append(ui.task, ui.board, how(), ui.tools, ui.status, ui.panel);
  roving(ui.board, ".bp-button");
  let named = null;
  after.draw = () => {
    shared();
    const id = model.get("selected"), value = model.get("values")[id];
    slider.disabled = value === undefined;
    if (Number(slider.value) !== (value ?? 0)) slider.value = value ?? 0;
    const place = ui.data.places.find((one) => one.id === id);
    const written = value === undefined ? "" : value.toFixed(2).replace("-", "−");
    const html = value === undefined ? "Choose an input or a weight to move it" : `${place.math} = <b>${written}</b>`;
    if (html !== named) name.innerHTML = named = html;
  };
  return after;
}

// ---------------------------------------------------------------- the sweep back, step by step

function backward(model, root, ui) {
  const after = {};
  const shared = choosable(model, root, ui, after), pair = pairs(model, ui, after);
  const last = ui.data.steps.length;
  const go = (step) => {
    model.set("step", step);
    model.save_changes();
    after.draw();
  };
  const stops = ui.data.steps.map(({ phase, name }, n) => {
    const label = `Step ${n + 1} of ${last}, ${phase}: ${name}`;
    const stop = make("button", { type: "button", class: `bp-stop bp-${phase}`, title: name, "aria-label": label }, `${n + 1}`);
    stop.addEventListener("click", () => go(n + 1));
    return stop;
  });
  const way = make("div", { class: "bp-way", role: "toolbar", "aria-label": "Steps of the sweep" });
  for (const phase of new Set(ui.data.steps.map((step) => step.phase))) {
    const own = stops.filter((_, n) => ui.data.steps[n].phase === phase);
    way.append(make("div", { class: "bp-phase bp-" + phase }, make("span", {}, phase), make("div", {}, ...own)));
  }
  const back = ui.button("Back", () => go(model.get("step") - 1));
  const next = ui.button("Next step", () => (model.get("step") < last ? go(model.get("step") + 1) : model.send({ do: "again" })));
  next.classList.add("bp-main");
  const reset = ui.button("Start again", () => model.send({ do: "reset" }));
  ui.tools.append(back, next, way, reset, ...pair.nodes);
  root.append(ui.task, ui.tools, ui.board, how(", pink is what flows back"), ui.status, ui.panel);
  roving(ui.board, ".bp-button:not(.bp-empty)");
  roving(way, ".bp-stop");
  after.draw = () => {
    const step = model.get("step");
    shared();
    pair.draw();
    back.disabled = step === 0;
    next.textContent = step < last ? "Next step" : "Next sweep";
    stops.forEach((stop, n) => {
      if (n + 1 === step) stop.setAttribute("aria-current", "step");
      else stop.removeAttribute("aria-current");
      stop.classList.toggle("bp-done", n + 1 < step);
    });
    root.dataset.phase = ui.data.steps[step - 1]?.phase ?? "";
  };
  return after;
}
