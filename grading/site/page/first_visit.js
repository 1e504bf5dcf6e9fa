// In the head of a lesson's page: on the first visit nothing stands between page and host yet, so nothing would be kept.
// The page stops loading, lets the worker get ready, and begins again; where no worker is allowed it begins again without.
(async () => {
  if (!("serviceWorker" in navigator) || navigator.serviceWorker.controller || sessionStorage.getItem("backprop-first")) return;
  sessionStorage.setItem("backprop-first", "done");
  window.stop();
  const ready = new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
    setTimeout(resolve, 10_000);
  });
  await navigator.serviceWorker.register(new URL("../service-worker.js", location.href)).then(() => ready, () => {});
  location.reload();
})();
