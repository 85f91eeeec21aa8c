// The wall: asks the server for its state every few seconds, turns the scenes, and says so when it no longer hears from it.
// Time is the server's: the last answer's hour plus what has passed since by a clock that nobody sets.
'use strict';

(() => {
  const POLL = 5000, PATIENCE = 4000, LOST_AFTER = 14000, FADE = 800, HOUR = 3600e3;
  const $ = (id) => document.getElementById(id);
  const asked = new URLSearchParams(location.search);
  const wishes = new URLSearchParams();
  for (const [name, value] of asked) if (name !== 'scene' && name !== 'paused') wishes.append(name, value);

  let state = null;             // the last answer
  let heard = -Infinity;        // when it came, in performance.now()
  let offset = 0;               // server time = performance.now() + offset
  let isLost = false;
  const build = document.documentElement.dataset.build;  // of the page that is loaded, perhaps from what the keeper kept
  let current = asked.get('scene');
  let isPaused = asked.get('paused') === '1';
  let begun = 0;                // when the scene on show began, less what was spent in pause
  let shown = null;             // {element, document}
  let turning = 0;              // the number of the last turn that was begun; an older one that ends later is dropped
  const documents = new Map();  // by name, of the bundle in use

  const clock = () => performance.now();

  async function ask(path) {
    const control = new AbortController();
    const limit = setTimeout(() => control.abort(), PATIENCE);
    try {
      const answer = await fetch(path, {signal: control.signal, cache: 'no-store', credentials: 'omit'});
      if (!answer.ok) throw new Error(String(answer.status));
      return await answer.json();
    } finally {
      clearTimeout(limit);
    }
  }

  // ---------- what the server says

  let isAsking = false;
  async function poll() {
    if (isAsking) return;
    isAsking = true;
    const sent = clock();
    try {
      const answer = await ask(`/state?${wishes}`);
      offset = Date.parse(answer.server_time) - (sent + clock()) / 2;
      heard = clock();
      await take(answer);
    } catch (error) {
      // silence is noticed by tick()
    } finally {
      isAsking = false;
      performance.clearResourceTimings();  // the browser would keep a record of every question
    }
  }

  async function take(answer) {
    const before = state;
    state = answer;
    if (isLost) {
      isLost = false;
      begun = clock();
    }
    frame();
    const names = answer.scenes.map((scene) => scene.name);
    if (!before || before.bundle !== answer.bundle) documents.clear();
    if (!names.length) {
      clear(answer.message);
      return;
    }
    if (!names.includes(current)) await turn(names[0]);
    else if (!shown || shown.document.scene !== current || shown.document.bundle !== answer.bundle) await turn(current, true);
  }

  // ---------- turning scenes

  async function read(name) {
    if (!documents.has(name)) {
      const found = await ask(`/scene/${name}?${wishes}`);
      if (found.bundle !== state.bundle) return found;  // swapped meanwhile: the next poll sets it right
      documents.set(name, found);
    }
    return documents.get(name);
  }

  async function turn(name, isSame) {
    const number = ++turning;
    try {
      if (build !== state.build && !isSame && clock() - heard < POLL && await canBeLoaded(state.build)) {
        remember(name);
        location.reload();
        return;
      }
      const found = await read(name);
      if (number !== turning) return;
      show(found);
      current = name;
      if (!isSame) begun = clock();
      remember(name);
      frame();
    } catch (error) {
      if (number === turning && !isSame) begun = clock() - spanOf(current) + 2000;  // the old scene stays; again in two seconds
    }
  }

  // Whether loading the page again would bring this build: a proxy that keeps an old page must not make the wall go round.
  async function canBeLoaded(wanted) {
    const signal = AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : undefined;
    const page = await (await fetch('/', {cache: 'no-store', signal})).text();
    return page.includes(`data-build="${wanted}"`);
  }

  function step(by) {
    if (!state || !state.scenes.length) return;
    const names = state.scenes.map((scene) => scene.name);
    const at = Math.max(0, names.indexOf(current));
    turn(names[(at + by + names.length) % names.length]);
  }

  const spanOf = (name) => {
    const found = state && state.scenes.find((scene) => scene.name === name);
    return found ? found.seconds * 1000 : 20000;
  };

  function remember(name) {
    const kept = new URLSearchParams(wishes);
    kept.set('scene', name);
    if (isPaused) kept.set('paused', '1');
    history.replaceState(null, '', `/?${kept}`);
  }

  // ---------- drawing

  function compose(found) {
    const scene = charts.element('main', `scene ${found.scene}`);
    for (const region of ['lead', 'side']) if (!found[region].length) scene.classList.add(`no-${region}`);
    const head = scene.appendChild(charts.element('div', 'head'));
    const title = head.appendChild(charts.element('h1'));  // breaks after a comma first, and not within a name
    for (const part of found.title.split(/(?<=[，：；、])/)) title.appendChild(charts.element('span', '', part));
    if (found.subtitle) head.appendChild(charts.element('p', '', found.subtitle));
    const finish = [];
    for (const region of ['lead', 'main', 'side']) {
      if (!found[region].length) continue;
      const place = scene.appendChild(charts.element('div', `region ${region}`));
      for (const block of found[region]) finish.push(charts.fill(block, place.appendChild(charts.element('section'))));
    }
    return {scene, finish};
  }

  // The new scene is laid out unseen above the old one, fades in over it, and only then the old one goes.
  function show(found, isStill) {
    const {scene, finish} = compose(found);
    const stage = $('stage');
    const isFirst = !shown;
    stage.appendChild(scene);
    fit(scene);
    for (const draw of finish) draw();
    $('message').hidden = true;
    shown = {element: scene, document: found};
    const others = [...stage.querySelectorAll('.scene')].filter((other) => other !== scene);
    for (const other of others) other.classList.add('old');
    if (isStill || isFirst) scene.classList.add('still');
    scene.getBoundingClientRect();  // its first state is settled before it changes
    scene.classList.add('on');
    if (isStill) for (const other of others) other.remove();
    else setTimeout(retire, FADE, scene, others);
  }

  // The old scenes go when the new one covers them: on a slow screen its fade begins, and so ends, later.
  function retire(scene, others) {
    if (document.hidden || !scene.isConnected || getComputedStyle(scene).opacity === '1') others.forEach((other) => other.remove());
    else setTimeout(retire, FADE, scene, others);
  }

  // Nothing is cut off: numbers too long for their place get smaller; where a scene has more to say than it has room,
  // first all its numbers get smaller, then their notes go, then the last of them.
  function fit(scene) {
    const unit = Math.min(innerWidth, innerHeight) / 100, least = 15 * unit;
    const slack = 1 + 0.2 * unit;  // a line's box reaches beyond its place by parts of its size, no ink
    const isRoomy = () => scene.scrollHeight <= scene.clientHeight + slack
      && [...scene.querySelectorAll('.region')].every((region) => region.scrollHeight <= region.clientHeight + slack)
      && [...scene.querySelectorAll('.plot')].every((plot) => plot.clientHeight >= least);
    scene.classList.add('fitting');  // rows that do not fit are dropped later and must not count here
    for (let k = 1; k >= 0.55; k -= 0.09) {
      scene.style.setProperty('--k', k.toFixed(2));
      if (isRoomy()) break;
    }
    if (!isRoomy()) scene.classList.add('terse');
    for (const list of scene.querySelectorAll('.figures ol')) {
      while (!isRoomy() && list.children.length > 1) list.lastElementChild.remove();
    }
    for (const value of scene.querySelectorAll('.value')) shrink(value, () => value.scrollWidth <= value.clientWidth);
    scene.classList.remove('fitting');
    const title = scene.querySelector('h1');
    shrink(title, () => title.scrollWidth <= title.clientWidth
      && title.clientHeight < 3.4 * parseFloat(getComputedStyle(title).lineHeight));
  }

  function shrink(text, isSmallEnough) {
    let size = parseFloat(getComputedStyle(text).fontSize);
    for (let i = 0; i < 24 && !isSmallEnough(); i += 1) {
      size *= 0.94;
      text.style.fontSize = `${size}px`;
    }
  }

  function clear(message) {
    for (const scene of $('stage').querySelectorAll('.scene')) scene.remove();
    shown = null;
    $('message').hidden = false;
    $('message').textContent = message;
  }

  function redraw() {
    if (shown) show(shown.document, true);
  }

  // ---------- what stands around the scene

  const two = (number) => String(number).padStart(2, '0');
  // Local time of the county (+08:00) whatever this machine believes.
  const local = (time) => new Date(time + 8 * HOUR);
  const hhmm = (time) => `${two(local(time).getUTCHours())}:${two(local(time).getUTCMinutes())}`;
  const day = (time) => `${local(time).getUTCFullYear()}年${local(time).getUTCMonth() + 1}月${local(time).getUTCDate()}日`;

  function write(id, text) {
    if ($(id).textContent !== text) $(id).textContent = text;
  }

  function frame() {
    write('title', [state.title, state.area_name].filter((text, i, all) => text && all.indexOf(text) === i).join(' · '));
    const asOf = state.as_of ? Date.parse(state.as_of) : null;
    write('cutoff', asOf ? `数据截至 ${day(asOf)} ${hhmm(asOf)}` : '');
    write('notes', [...state.notes, ...(clock() < 60000 ? state.problems : [])].join('　'));
    const labels = state.scenes.map((scene) => scene.label);
    const steps = $('steps');
    if ([...steps.children].map((item) => item.textContent).join() !== labels.join()) {
      steps.textContent = '';
      for (const label of labels) steps.appendChild(charts.element('li', '', label));
    }
    state.scenes.forEach((scene, i) => steps.children[i].classList.toggle('on', scene.name === current));
  }

  function warning(now) {
    if (isLost) return state ? `与服务器的连接中断，画面为 ${hhmm(heard + offset)} 的数据，恢复后自动更新` : '连接不上服务器，正在重试';
    if (!state || !state.as_of) return '';
    const age = (now - Date.parse(state.as_of)) / HOUR;
    if (age <= state.stale_after_hours) return '';
    return age < 48 ? `数据已 ${Math.floor(age)} 小时未更新` : `数据已 ${Math.floor(age / 24)} 天未更新`;
  }

  function tick() {
    const now = clock() + offset;
    if (state) {
      write('clock', hhmm(now));
      write('date', `${day(now)} 星期${'日一二三四五六'[local(now).getUTCDay()]}`);
    }
    const silence = clock() - (heard === -Infinity ? 0 : heard);
    if (!isLost && silence > LOST_AFTER) isLost = true;
    $('stage').classList.toggle('lost', isLost && Boolean(state));
    const words = warning(now);
    write('banner', words);
    if ($('banner').hidden === Boolean(words)) {
      $('banner').hidden = !words;
      redraw();
    }
    if (isLost && !state) $('message').textContent = '连接不上服务器，正在重试…';
    progress();
  }

  function progress() {
    const bar = $('progress').firstElementChild;
    const isStill = isLost || isPaused || !shown || state.scenes.length < 2;
    if (isStill) begun += clock() - lastTick;
    lastTick = clock();
    const share = shown && !isLost ? Math.min(1, (clock() - begun) / spanOf(current)) : 0;
    bar.style.transform = `scaleX(${share.toFixed(4)})`;
    bar.style.opacity = isPaused ? '.35' : '1';
    if (!isStill && share >= 1) {
      begun = clock();
      step(1);
    }
  }
  let lastTick = clock();

  // ---------- keys: a keyboard, or the remote control of a presenter

  const KEYS = {ArrowRight: 1, ArrowDown: 1, PageDown: 1, Enter: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1};
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !state) return;
    if (event.key in KEYS) step(KEYS[event.key]);
    else if (event.key === ' ') {
      isPaused = !isPaused;
      remember(current);
    } else if (/^[1-9]$/.test(event.key) && state.scenes[event.key - 1]) turn(state.scenes[event.key - 1].name);
    else return;
    event.preventDefault();
  });
  addEventListener('contextmenu', (event) => event.preventDefault());
  addEventListener('dragstart', (event) => event.preventDefault());

  let resizing = 0;
  addEventListener('resize', () => {
    clearTimeout(resizing);
    resizing = setTimeout(redraw, 120);
  });
  addEventListener('online', poll);
  if (document.fonts && document.fonts.ready) document.fonts.ready.then(redraw);

  if (navigator.serviceWorker) navigator.serviceWorker.register('/static/keeper.js', {scope: '/'}).catch(() => {});
  setInterval(poll, POLL);
  setInterval(tick, 250);
  poll();
})();
