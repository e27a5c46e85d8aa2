// The service worker: it keeps one whole version of the app on the device and opens it without a network.
//
//   - FILES lists the files of a version exactly, with the beginning of their SHA-256. `cargo xtask build` fills in the
//     two constants.
//   - A version becomes one cache. It is used only when every file has arrived with the right bytes, so neither a cut
//     download nor a captive portal's page can become part of it. Files that arrived are kept and not fetched again.
//   - The bytes are checked again whenever a file is served from the cache.
//   - A file marked `onDemand` (all rule packs, the screens about them, English) is not needed for that. It is kept
//     from the first time a screen asks for it, and a new version also keeps it if the previous version had it.
//   - A new version installs in the background and waits. It takes over when the app says that nothing is unsaved
//     (`{type: 'skip-waiting'}`), or when the last tab is closed.
//   - Requests to the server's interface below /v1/ pass through unchanged.

const VERSION = 'unbuilt';
const FILES = [];

const PREFIX = 'congtam-';
const CACHE = PREFIX + VERSION;
const LISTED = new Map(FILES.map((file) => [file.path, file]));

async function sha256(bytes) {
  // 96 bits of the hash. No other bytes have the same by chance or on purpose, and the list of files is shorter to
  // download.
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes), 0, 12);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function isWhole(file, answer) {
  if (!answer || answer.status !== 200 || answer.redirected) return false;
  if (!(answer.headers.get('content-type') ?? '').startsWith(file.type)) return false;
  return (await sha256(await answer.clone().arrayBuffer())) === file.sha256;
}

async function fetchWhole(file) {
  // Files with hashed names may come from the browser's own cache, because the page has usually just loaded them. The
  // second try may not.
  const modes = file.path.startsWith('/assets/') ? ['default', 'reload'] : ['no-cache', 'reload'];
  for (const cache of modes) {
    const answer = await fetch(file.path, { cache, credentials: 'same-origin', redirect: 'error' });
    if (await isWhole(file, answer)) return answer;
  }
  throw new Error(`${file.path}: the answer is not this version's file`);
}

async function keep(cache, file) {
  if (await cache.match(file.path)) return;
  // An unchanged file of the previous version need not cross the network again.
  const before = await caches.match(file.path);
  await cache.put(file.path, (await isWhole(file, before)) ? before : await fetchWhole(file));
}

/** A file's name without the hash of its content. */
const plainName = (path) => path.replace(/\.[0-9a-f]{12}\./, '.');

/** The files that were kept for the previous version, without their hashes. */
async function keptBefore() {
  const names = new Set();
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX)) continue;
    for (const { url } of await (await caches.open(name)).keys()) names.add(plainName(new URL(url).pathname));
  }
  return names;
}

async function install() {
  const cache = await caches.open(CACHE);
  const before = await keptBefore();
  const wanted = FILES.filter((file) => !file.onDemand || before.has(plainName(file.path)));
  const results = await Promise.allSettled(wanted.map((file) => keep(cache, file)));
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

async function answer(path) {
  const cache = await caches.open(CACHE);
  const file = LISTED.get(path);
  const kept = await cache.match(path);
  // Checked each time a file is served: a page can write into its own caches, and disks lose data.
  if (await isWhole(file, kept)) return kept;
  // An entry is missing if nobody requested it yet or the browser evicted it. Its listed bytes are then fetched and
  // kept.
  const fresh = await fetchWhole(file);
  await cache.put(path, fresh.clone());
  return fresh;
}

/** The path of the listed file that answers a request; null when the network should answer. */
function listedPath(request) {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return null;
  if (url.pathname.startsWith('/v1/')) return null;
  if (LISTED.has(url.pathname)) return url.pathname;
  return request.mode === 'navigate' ? '/index.html' : null;
}

/** The page that is shown when a kept file is damaged and the network cannot replace it. */
const damaged = () =>
  new Response(
    `<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Công Tâm</title>
<h1>Bản ứng dụng lưu trên máy bị hỏng</h1><p>Việc đã lưu trên máy vẫn còn nguyên. Hãy nối mạng rồi tải lại trang.</p>
<p lang="en">The copy of the app on this device is damaged. What was saved is still here. Connect to the network and reload.</p>`,
    { status: 503, headers: { 'content-type': 'text/html; charset=utf-8' } },
  );

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', ({ data }) => {
  if (data?.type === 'skip-waiting') self.skipWaiting();
});
self.addEventListener('fetch', (event) => {
  const path = listedPath(event.request);
  if (!path) return;
  const answered = answer(path);
  event.respondWith(event.request.mode === 'navigate' ? answered.catch(damaged) : answered);
});
