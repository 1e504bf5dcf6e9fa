"""A button that hands a file of the kernel's to whoever reads the page, where the kernel runs in the browser."""

from pathlib import Path

import anywidget
import traitlets

# The file goes over when it is asked for, and never into the notebook: it holds the notebook, which would double.
_ASKS = """
export default {
  render({ model, el }) {
    const button = document.createElement("button");
    button.className = "jupyter-button widget-button bp-download";
    button.style.width = "auto";
    button.textContent = `Download ${model.get("name")}`;
    button.addEventListener("click", () => model.send({ wanted: model.get("name") }));
    const save = (content, buffers) => {
      const address = URL.createObjectURL(new Blob(buffers, { type: "application/zip" }));
      const link = Object.assign(document.createElement("a"), { href: address, download: content.name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    };
    model.on("msg:custom", save);
    el.append(button);
    return () => model.off("msg:custom", save);
  },
};
"""


class Download(anywidget.AnyWidget):
    """A button that saves the file at `path`, as it is when the button is pressed."""

    _esm = _ASKS
    name = traitlets.Unicode().tag(sync=True)

    def __init__(self, path: Path) -> None:
        super().__init__(name=path.name)
        self._path = path
        self.on_msg(lambda widget, content, buffers: self.hand_over())

    def hand_over(self) -> None:
        """Send the file to the page."""
        self.send({"name": self.name}, [self._path.read_bytes()])
