const MODES = { fill, choose, trace, forward, backward };
const WATCHED = [
  "answers", "marks", "saved", "selected", "pair", "step", "values", "texts", "symbols", "strengths", "lit", "flow",
  "panel", "status",
];

export default {
  render({ model, el }) {
    const root = make("div", { class: "bp" });
    const ui = frame(model, root);
    const mode = MODES[model.get("mode")](model, root, ui);
    el.append(root);
    mode.draw();
    const forget = noticeConnection(model, el);
    // Letters and arrows pressed here must not trigger JupyterLab's shortcuts; Ctrl+S still does. Where a front end
    // takes keys in the capture phase, before they arrive here, this attribute tells it: on what has the focus, since
    // it looks no further where a shortcut is for whatever has it.
    const mute = ({ target, ctrlKey, metaKey }) =>
      root.contains(target) && target.toggleAttribute("data-lm-suppress-shortcuts", !ctrlKey && !metaKey);
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
