// What was visited is kept for when there is no network. With one, its answer comes first, so a new version is seen at once.
const KEPT = "backprop-course";

function isOurs(request) {
  const { origin, pathname } = new URL(request.url);
  const live = ["/api/drive", "/api/stdin/", "/api/service-worker-heartbeat"].some((each) => pathname.includes(each));
  return request.method === "GET" && origin === location.origin && !live;
}

async function answer(request) {
  const cache = await caches.open(KEPT);
  const key = request.url.split(/[?#]/)[0];
  let found;
  try {
    found = await fetch(request);
  } catch (error) {
    const kept = await cache.match(key);
    if (kept) return kept;
    throw error;
  }
  if (found.status === 200 && !(await isKept(cache, key, found))) {
    await cache.put(key, found.clone()).catch(() => {}); // a full disk is no reason to fail
  }
  return found;
}

async function isKept(cache, key, found) {
  const stamp = (response) => ["etag", "last-modified", "content-length"].map((name) => response.headers.get(name)).join();
  const kept = await cache.match(key);
  return kept !== undefined && (found.headers.get("etag") || found.headers.get("last-modified")) !== null && stamp(kept) === stamp(found);
}

self.addEventListener("fetch", (event) => {
  if (!isOurs(event.request)) return;
  event.stopImmediatePropagation();
  event.respondWith(answer(event.request));
});

// The rest is JupyterLite's: files between the kernel and the page.
importScripts("jupyterlite-service-worker.js");
