// Opens the app and says in plain words what is happening until it is open.
//
// What it agrees on with the app:
//   - `#opening` is removed here as soon as the app has started; the app mounts to the body.
//   - `<html data-boot>` is `loading`, then `started` or `failed`; `unencrypted` where the browser keeps nothing for want of HTTPS.
//   - A panic (WebAssembly.RuntimeError) shows `#recovery`. The app's panic hook may do so earlier with
//     `window.dispatchEvent(new CustomEvent('congtam:panic', {detail: 'words for support'}))`.
//   - A new version that is ready to take over sets `<html data-update="ready">` and fires `congtam:update-ready` on window.
//     When nothing is unsaved and the person agrees, the app fires `congtam:apply-update`; the page then reloads once.

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

/** Hands out the journal's files as they are; the office reads them with the same code as the tablet. */
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

/** The answer with its body counted while it arrives, so that a slow line shows that it is moving. */
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
  // A captive portal answers everything with its own page.
  if (!answer.ok || !type.startsWith('application/wasm')) throw new TypeError(`app: found ${answer.status} ${type}`);
  const { default: init } = await module;
  await init({ module_or_path: counted(answer, Number(link.dataset.bytes)) });
  root.dataset.boot = 'started';
  element('opening')?.remove();
}

/** What the page asked for before the worker was there is kept, too: asked for again, it comes from the browser's own cache. */
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
  // A tablet that is never closed would otherwise not hear of a new version.
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

/** Without HTTPS a browser has neither keys nor a place to keep work, and passwords can be read on the way. */
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
  // After the app, so that on a slow line the first screen does not wait for the copy kept for offline.
  keepForOffline().catch((error) => console.warn('offline copy', error));
}

if (isSecureContext) await open();
else sendToHttps();
