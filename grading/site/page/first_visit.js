// In the head of a lesson's page: on the first visit nothing stands between page and host yet, so nothing would be kept.
(async () => {
  if (!("serviceWorker" in navigator) || navigator.serviceWorker.controller || sessionStorage.getItem("backprop-first")) return;
  sessionStorage.setItem("backprop-first", "done");
  const ready = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
  try {
    await navigator.serviceWorker.register(new URL("../service-worker.js", location.href));
    await ready;
    location.reload();
  } catch {
    // A browser that allows none shows the lesson all the same.
  }
})();
