// Pictures that change in place, and two sentences beneath the buttons: one that is read out, one that is not.
const make = (parent, tag, name) => {
  const node = parent.appendChild(document.createElement(tag));
  node.className = name;
  return node;
};

function render({ model, el }) {
  el.classList.add("bp-stage");
  // Made once: a live region that is replaced as a whole is not read out.
  const said = make(el, "p", "bp-said");
  said.setAttribute("role", "status");
  said.setAttribute("aria-live", "polite");
  const note = make(el, "p", "bp-note");
  const row = make(el, "div", "bp-shots");
  const shown = [];

  const paint = () => {
    model.get("shots").forEach((shot, n) => {
      if (!shown[n]) {
        shown[n] = make(row, "img", "bp-shot");
        shown[n].decoding = "sync"; // the old picture stays until the new one is there
        shown[n].addEventListener("click", (event) => {
          const box = shown[n].getBoundingClientRect();
          const x = (event.clientX - box.left) / box.width, y = (event.clientY - box.top) / box.height;
          model.send({ do: "point", shot: n, x, y: 1 - y });
        });
      }
      const image = shown[n], before = image.src;
      Object.assign(image, { width: shot.width, height: shot.height, alt: shot.alt });
      image.src = URL.createObjectURL(new Blob([shot.png], { type: "image/png" }));
      if (before) URL.revokeObjectURL(before);
    });
  };
  const say = () => { if (said.textContent !== model.get("said")) said.textContent = model.get("said"); };
  const tell = () => { note.textContent = model.get("note"); };
  const point = () => el.classList.toggle("bp-pointing", model.get("pointing"));
  const follow = { "change:shots": paint, "change:said": say, "change:note": tell, "change:pointing": point };
  for (const [event, act] of Object.entries(follow)) { act(); model.on(event, act); }
  return () => {
    for (const [event, act] of Object.entries(follow)) model.off(event, act);
    for (const image of shown) URL.revokeObjectURL(image.src);
  };
}
export default { render };
