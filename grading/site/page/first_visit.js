// In the head of a lesson's page. What a lesson keeps goes through a worker between page and host, and a kernel that starts
// before the worker is there keeps nothing. So on a first visit the page stops loading, waits for the worker, and begins again;
// only where no worker is allowed it begins again without.
(async ({ version }) => {
  const workers = navigator.serviceWorker, tried = "backprop-first";
  if (!workers) return;
  if (workers.controller) {
    // JupyterLite would put a worker of its own in the place of one whose version it does not know, while the kernel starts.
    localStorage.setItem(`${workers.controller.scriptURL}-version`, version);
    sessionStorage.removeItem(tried);
    return;
  }
  if (sessionStorage.getItem(tried)) return;
  sessionStorage.setItem(tried, "yes");
  window.stop();
  document.documentElement.append(Object.assign(document.createElement("p"), { textContent: "Getting ready for a first visit …" }));
  const ready = new Promise((resolve) => {
    workers.addEventListener("controllerchange", resolve, { once: true });
    setTimeout(resolve, 60_000);
  });
  const [known] = await workers.getRegistrations();
  const registered = workers.register(new URL("../service-worker.js", location.href));
  await registered.then(() => known?.active || ready, () => {});
  location.reload();
})(document.currentScript.dataset);
