// Pictures that change in place, and two sentences beneath the buttons: one that is announced, one that is not.
const make = (parent, tag, name) => {
  const node = parent.appendChild(document.createElement(tag));
  node.className = name;
  return node;
};

function render({ model, el }) {
  el.classList.add("bp-display");
  // Made once: a live region that is replaced as a whole is not announced.
  const message = make(el, "p", "bp-message");
  message.setAttribute("role", "status");
  message.setAttribute("aria-live", "polite");
  const detail = make(el, "p", "bp-detail");
  const row = make(el, "div", "bp-frames");
  const images = [];

  const showFrames = () => {
    model.get("frames").forEach((frame, n) => {
      if (!images[n]) {
        images[n] = make(row, "img", "bp-frame");
        images[n].decoding = "sync"; // the old picture stays until the new one is there
        images[n].addEventListener("click", (event) => {
          const box = images[n].getBoundingClientRect();
          const x = (event.clientX - box.left) / box.width, y = (event.clientY - box.top) / box.height;
          model.send({ do: "click", frame: n, x, y: 1 - y });
        });
      }
      const image = images[n], before = image.src;
      Object.assign(image, { width: frame.width, height: frame.height, alt: frame.alt });
      image.src = URL.createObjectURL(new Blob([frame.png], { type: "image/png" }));
      if (before) URL.revokeObjectURL(before);
    });
  };
  const showMessage = () => {
    if (message.textContent !== model.get("message")) message.textContent = model.get("message");
  };
  const showDetail = () => { detail.textContent = model.get("detail"); };
  const showClickable = () => el.classList.toggle("bp-clickable", model.get("clickable"));
  const handlers = {
    "change:frames": showFrames,
    "change:message": showMessage,
    "change:detail": showDetail,
    "change:clickable": showClickable,
  };
  for (const [event, handler] of Object.entries(handlers)) { handler(); model.on(event, handler); }
  const forget = noticeConnection(model, el);
  return () => {
    forget();
    for (const [event, handler] of Object.entries(handlers)) model.off(event, handler);
    for (const image of images) URL.revokeObjectURL(image.src);
  };
}
export default { render };
