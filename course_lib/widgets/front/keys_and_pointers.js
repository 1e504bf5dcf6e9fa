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
