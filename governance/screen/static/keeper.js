// Keeps the four files of the page, no figure: a wall that is loaded again while the server is away still opens, and says
// itself that it waits. Browsers allow this on https and on the machine of the server itself.
'use strict';

const KEPT = 'wall', FILES = ['/', '/static/wall.css', '/static/charts.js', '/static/wall.js'], PATIENCE = 4000;

addEventListener('install', (event) => {
  skipWaiting();
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES)));
});

addEventListener('activate', (event) => event.waitUntil(clients.claim()));

addEventListener('fetch', (event) => {
  const {origin, pathname} = new URL(event.request.url);
  if (event.request.method === 'GET' && origin === location.origin && FILES.includes(pathname)) event.respondWith(answer(pathname));
});

// From the server where it answers, and well: the error page of a proxy is none of ours.
async function answer(path) {
  const kept = await caches.open(KEPT), control = new AbortController();
  const limit = setTimeout(() => control.abort(), PATIENCE);
  try {
    const fresh = await fetch(path, {cache: 'no-cache', signal: control.signal});
    if (fresh.ok) {
      await kept.put(path, fresh.clone());
      return fresh;
    }
  } catch (error) {
    // the kept one is for this
  } finally {
    clearTimeout(limit);
  }
  return await kept.match(path) || Response.error();
}
