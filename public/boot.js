// Opens the app, and shows the progress in plain words.
//
// The contract with the app:
//   - This file removes `#opening` as soon as the app has started; the app mounts to the body.
//   - `<html data-boot>` is `loading`, then `started` or `failed`; `unencrypted` where the browser stores nothing
//     because HTTPS is missing.
//   - A panic (WebAssembly.RuntimeError) shows `#recovery`. The app's panic hook may do so earlier with
//     `window.dispatchEvent(new CustomEvent('congtam:panic', {detail: 'words for support'}))`.
//   - When a new version is ready to take over, this file sets `<html data-update="ready">` and fires
//     `congtam:update-ready` on window. When nothing is unsaved and the person agrees, the app fires
//     `congtam:apply-update`; the page then reloads once.

const root = document.documentElement;
const element = (id) => document.getElementById(id);
const say = (words) => (element('opening-words').textContent = words);

root.dataset.boot = 'loading';

function showRecovery(details) {
  root.dataset.boot = 'failed';
  element('opening')?.remove();
  element('recovery-details').textContent += `${details}\n`;
  element('recovery').hidden = false;
}

window.addEventListener('congtam:panic', ({ detail }) => showRecovery(detail));
window.addEventListener('error', ({ error }) => {
  if (error instanceof WebAssembly.RuntimeError) showRecovery(error.stack ?? error.message);
});
window.addEventListener('unhandledrejection', ({ reason }) => {
  if (reason instanceof WebAssembly.RuntimeError) showRecovery(reason.stack ?? reason.message);
});
element('recovery-reload').addEventListener('click', () => location.reload());
element('recovery-save').addEventListener('click', saveUnsentWork);

/** Saves the journal's files as they are. The server reads them with the same code as the app. */
async function saveUnsentWork() {
  let saved = 0;
  try {
    const folder = await navigator.storage.getDirectory();
    for await (const [name, entry] of folder.entries()) {
      if (!name.endsWith('.journal')) continue;
      const file = await entry.getFile();
      if (file.size === 0) continue;
      const link = document.createElement('a');
      link.href = URL.createObjectURL(file);
      link.download = `congtam-${name}`;
      link.click();
      saved += 1;
    }
    element('recovery-words').textContent =
      saved > 0 ? 'Đã lưu ra tệp trong thư mục Tải xuống. / Saved to Downloads.' : 'Trên máy này không có việc chưa gửi. / Nothing unsent here.';
  } catch (error) {
    element('recovery-words').textContent = `Không lưu được ra tệp. / Could not save to a file. (${error.message})`;
  }
}

/** The answer, with its bytes counted while they arrive, so that progress is visible on a slow line. */
function counted(answer, bytesTotal) {
  let bytes = 0;
  const bar = element('opening-progress');
  const counter = new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      const percent = Math.min(100, Math.round((100 * bytes) / bytesTotal));
      bar.value = percent;
      say(`Đang mở… ${percent}%`);
      controller.enqueue(chunk);
    },
  });
  return new Response(answer.body.pipeThrough(counter), { headers: { 'content-type': 'application/wasm' } });
}

async function startApp() {
  const module = import(element('app-module').href);
  const link = element('app-wasm');
  const answer = await fetch(link.href, { credentials: 'same-origin' });
  const type = answer.headers.get('content-type') ?? '';
  // A captive portal answers every request with its own page.
  if (!answer.ok || !type.startsWith('application/wasm')) throw new TypeError(`app: found ${answer.status} ${type}`);
  const { default: init } = await module;
  await init({ module_or_path: counted(answer, Number(link.dataset.bytes)) });
  root.dataset.boot = 'started';
  element('opening')?.remove();
  // The first screens do without it, and so need not wait for it.
  element('tables').rel = 'stylesheet';
}

/**
 * Also keeps files that the page requested before the service worker existed. Requested again, they come from the
 * browser's own cache.
 */
function keepAsked() {
  const asked = performance.getEntriesByType('resource').filter(({ name }) => /\/assets\/(split_|packs)/.test(name));
  for (const { name } of asked) fetch(name).catch(() => {});
}

async function keepForOffline() {
  if (!('serviceWorker' in navigator)) return;
  if (!navigator.serviceWorker.controller) navigator.serviceWorker.addEventListener('controllerchange', keepAsked, { once: true });
  const registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
  const offer = () => {
    if (!registration.waiting || !navigator.serviceWorker.controller) return;
    root.dataset.update = 'ready';
    window.dispatchEvent(new CustomEvent('congtam:update-ready'));
  };
  offer();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', offer));
  window.addEventListener('congtam:apply-update', () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    registration.waiting?.postMessage({ type: 'skip-waiting' });
  });
  // A device whose app is never closed would otherwise not hear of a new version.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.update().catch(() => {});
  });
}

function explain(error) {
  root.dataset.boot = 'failed';
  element('opening-progress')?.remove();
  const words = 'Chưa mở được Công Tâm. Hãy kiểm tra mạng rồi tải lại trang; những gì đã lưu trên máy vẫn còn nguyên.';
  if (element('opening-words')) say(`${words} (${error.message})`);
}

/** Without HTTPS a browser has no keys and no private storage, and others could read passwords on the way. */
function sendToHttps() {
  root.dataset.boot = 'unencrypted';
  element('opening')?.remove();
  for (const link of document.querySelectorAll('[data-encrypted]')) {
    link.href = `https://${location.host}${location.pathname}`;
    link.textContent = link.href;
  }
  element('unencrypted').hidden = false;
}

async function open() {
  try {
    await startApp();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) showRecovery(error.stack ?? error.message);
    else explain(error);
  }
  // This runs after the app has started, so that on a slow line the first screen does not wait for the offline copy.
  keepForOffline().catch((error) => console.warn('offline copy', error));
}

if (isSecureContext) await open();
else sendToHttps();
