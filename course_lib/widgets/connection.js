// A widget whose kernel has restarted can do nothing any more: it says so, and takes no more clicks.
function noticeConnection(model, el) {
  const notice = document.createElement("p");
  notice.className = "bp-lost";
  notice.setAttribute("role", "alert");
  notice.style.cssText = "margin:0.4em 0;padding:0.4em 0.8em;border-left:4px solid #c98a00;font-weight:700";
  const update = () => {
    // anywidget does not say whether its own model is connected; the model of its layout, which comes and goes with
    // it, does.
    const lost = model.get("layout")?.comm_live === false;
    // An explorer is several widgets, and the notice is for all of it.
    const root = el.closest(".bp-explorer") ?? el;
    notice.textContent = lost ? "The kernel has restarted. To go on, run the first cell of the notebook, then this one." : "";
    for (const child of root.children) child.inert = lost && child !== notice;
    if (lost) root.prepend(notice);
    else notice.remove();
  };
  const later = () => setTimeout(update);
  later();
  model.on("comm_live_update", later);
  return () => model.off("comm_live_update", later);
}
