// A change counts as saved only when Python says that it is in the file. A check waits for that: messages overtake
// changes, and then what was placed last would not be judged.
function saving(model) {
  const note = make("span", { class: "bp-saved" });
  let timer = 0, asked = false;
  const ask = () => {
    if (asked) model.send({ do: "check" });
    asked = false;
  };
  const check = () => {
    asked = true;
    show();
  };
  const show = () => {
    clearTimeout(timer);
    const safe = model.get("saved") >= model.get("change");
    note.classList.toggle("bp-pending", !safe);
    if (safe) {
      note.textContent = Object.keys(model.get("answers")).length ? "Saved in answers.json" : "";
      note.classList.remove("bp-late");
      ask();
      return;
    }
    timer = setTimeout(late, 3000);
  };
  // A change that got lost on its way is said again: what was placed since waits behind it.
  const late = () => {
    note.textContent = "Not saved yet: the kernel is not responding";
    note.classList.add("bp-late");
    model.send({ do: "save", answers: model.get("answers"), change: model.get("change") });
    ask();
    timer = setTimeout(late, 3000);
  };
  const put = (answers) => {
    model.set("answers", answers);
    model.set("change", model.get("change") + 1);
    model.set("marks", {});
    model.save_changes();
    show();
  };
  return { note, show, put, check, stop: () => clearTimeout(timer) };
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
  const check = ui.button("Check", save.check);
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
  const check = ui.button("Check", save.check);
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
