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
  let html = "", wide = 0;
  // As high as it ever was at this width: what stands below does not move to and fro from one choice to the next.
  const write = () => {
    panel.innerHTML = html = model.get("panel");
    if (wide !== panel.offsetWidth) panel.style.minHeight = "";
    wide = panel.offsetWidth;
    panel.style.minHeight = `${panel.offsetHeight}px`;
  };
  const show = () => {
    if (html !== model.get("panel")) write();
    if (status.textContent !== model.get("status")) status.textContent = model.get("status");
    const lit = model.get("lit");
    for (const group of [drawn.lines, drawn.boxes, drawn.places]) {
      for (const [id, node] of Object.entries(group)) {
        if (lit[id]) node.dataset.lit = lit[id];
        else delete node.dataset.lit;
      }
    }
    root.classList.toggle("bp-choice", Object.keys(lit).length > 0);
  };
  const button = (text, act) => {
    const node = make("button", { type: "button", class: "bp-tool" }, text);
    node.addEventListener("click", act);
    return node;
  };
  return { data, ...drawn, task, tools, panel, status, show, button };
}
