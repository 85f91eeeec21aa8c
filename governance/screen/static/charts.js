// The marks of the wall: figures, lines, bars, dots, a histogram, a map. Each takes a block of a scene and an element, and
// fills it; what needs pixels is drawn to the size the element has. All numbers and words come ready from the server.
'use strict';

const charts = (() => {
  const SVG = 'http://www.w3.org/2000/svg';
  const unit = () => Math.min(innerWidth, innerHeight) / 100;

  function element(tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function mark(parent, tag, attributes, text) {
    const made = document.createElementNS(SVG, tag);
    for (const name in attributes) made.setAttribute(name, attributes[name]);
    if (text !== undefined) made.textContent = text;
    parent.appendChild(made);
    return made;
  }

  function drawing(plot) {
    const width = plot.clientWidth, height = plot.clientHeight;
    const svg = mark(plot, 'svg', {width, height, viewBox: `0 0 ${width} ${height}`});
    return {svg, width, height, u: unit()};
  }

  // Widths are reckoned, not measured: a Chinese character is one em wide, a figure a good half.
  function widthOf(text, size) {
    let ems = 0;
    for (const character of text) ems += character === '%' || character.charCodeAt(0) > 0x2000 ? 1 : 0.6;
    return ems * size;
  }

  function figures(block, host) {
    const list = host.appendChild(element('ol'));
    for (const item of block.items) {
      const entry = list.appendChild(element('li', item.alert ? 'alert' : ''));
      entry.appendChild(element('p', 'label', item.label));
      const value = entry.appendChild(element('p', 'value', item.value));
      if (item.unit) value.appendChild(element('small', '', item.unit));
      if (item.change) entry.appendChild(element('p', 'change', item.change));
      if (item.note) entry.appendChild(element('p', 'note', item.note));
    }
  }

  function rowsOf(block, host, fill) {
    const plot = host.appendChild(element('div', 'plot'));
    const list = plot.appendChild(element('ol', 'rows'));
    if (block.centre) {
      const entry = list.appendChild(element('li'));
      for (const [name, text] of [['name', ''], ['centre', block.centre], ['text', '']]) entry.appendChild(element('span', name, text));
    }
    for (const row of block.rows) {
      const entry = list.appendChild(element('li', row.alert ? 'row alert' : 'row'));
      entry.appendChild(element('span', 'name', row.name));
      fill(entry.appendChild(element('span', 'mark')), row);
      entry.appendChild(element('span', 'text', row.text));
      if (row.note !== undefined) entry.appendChild(element('span', 'note', row.note));
    }
    return () => dropRows(plot, list, host, block);
  }

  // As many rows as there is room for, and under the heading how many that are: it may take a line more, and the room of
  // another row. Dots lie in order, so the middle goes first; bars lose their smallest.
  function dropRows(plot, list, host, block) {
    for (let rows = list.querySelectorAll('.row'); ; rows = list.querySelectorAll('.row')) {
      const missing = block.rows.length - rows.length;
      if (block.kind === 'dots' && missing) note(host, block, `中间 ${missing} 个未列`);
      if (block.total > rows.length) note(host, block, `列前 ${rows.length} 个`);
      if (rows.length < 2 || !overflows(list, plot)) break;
      rows[block.kind === 'dots' ? Math.floor(rows.length / 2) : rows.length - 1].remove();
    }
  }

  function overflows(list, plot) {
    const last = list.lastElementChild.lastElementChild;
    return list.scrollHeight > plot.clientHeight + 1
      || last.getBoundingClientRect().bottom > plot.getBoundingClientRect().bottom + 1;
  }

  function note(host, block, text) {
    const heading = host.querySelector('h2');
    const small = heading.querySelector('small') || heading.appendChild(element('small'));
    small.textContent = block.note ? `${block.note}，${text}` : text;
  }

  function bars(block, host) {
    return rowsOf(block, host, (cell, row) => {
      cell.appendChild(element('i')).style.width = `${Math.max(0, Math.min(1, row.share)) * 100}%`;
    });
  }

  function dots(block, host) {
    return rowsOf(block, host, (cell, row) => {
      const at = 50 + Math.max(-1, Math.min(1, row.x)) * 46;
      const stem = cell.appendChild(element('i'));
      stem.style.left = `${Math.min(50, at)}%`;
      stem.style.width = `${Math.abs(at - 50)}%`;
      cell.appendChild(element('b')).style.left = `${at}%`;
    });
  }

  function line(block, host) {
    const plot = host.appendChild(element('div', 'plot'));
    return () => {
      const {svg, width, height, u} = drawing(plot);
      const small = 2.3 * u, medium = 2.5 * u, large = 3.2 * u;
      const left = Math.max(...block.ticks.map((tick) => widthOf(tick.text, small))) + 1.2 * u;
      const right = Math.max(...block.lines.map((one) =>
        Math.max(widthOf(one.end, large), widthOf(one.name, medium)))) + 2.4 * u;
      const top = 1.6 * u, bottom = height - 7.2 * u;
      const x = (i) => left + (width - left - right) * (block.across.length > 1 ? i / (block.across.length - 1) : 1);
      const y = (value) => bottom - (bottom - top) * (value - block.low) / (block.high - block.low);
      const step = Math.ceil(block.ticks.length / Math.max(2, (bottom - top) / (5 * u)));
      block.ticks.forEach((tick, i) => {
        if (i % step) return;
        mark(svg, 'line', {class: 'grid', x1: left, x2: width - right, y1: y(tick.at), y2: y(tick.at)});
        mark(svg, 'text', {x: left - 1.2 * u, y: y(tick.at) + 0.8 * u, 'text-anchor': 'end'}, tick.text);
      });
      across(svg, block.across, x, {width, height, u, small});
      const ends = block.lines.map((one, i) => {
        const kind = i ? ' second' : '';
        let path = '', pen = 'M';
        one.values.forEach((value, at) => {
          if (value === null) { pen = 'M'; return; }
          path += `${pen}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
          pen = 'L';
          const isAlone = [at - 1, at + 1].every((beside) => (one.values[beside] ?? null) === null);
          if (isAlone) mark(svg, 'circle', {class: `end${kind}`, cx: x(at), cy: y(value), r: 0.5 * u});
        });
        mark(svg, 'path', {class: `line${kind}`, d: path});
        let last = one.values.length - 1;
        while (last > 0 && one.values[last] === null) last -= 1;
        mark(svg, 'circle', {class: `end${kind}`, cx: x(last), cy: y(one.values[last]), r: 0.95 * u});
        return {one, kind, at: y(one.values[last]), from: x(last)};
      });
      placeEnds(svg, ends, u, top, height);
    };
  }

  // Every label, or every second, third … counted from the last; under the first of a year or month its name.
  function across(svg, labels, x, {width, height, u, small}) {
    const widest = Math.max(...labels.map((label) => widthOf(label.text, small))) + 1.4 * u;
    const room = labels.length > 1 ? x(1) - x(0) : width;
    const step = Math.max(1, Math.ceil(widest / room));
    const picked = labels.map((label, i) => i).filter((i) => (labels.length - 1 - i) % step === 0);
    let group = '', free = -Infinity;
    for (const i of picked) {
      const half = widthOf(labels[i].text, small) / 2;
      const middle = Math.min(width - half, Math.max(half, x(i)));
      mark(svg, 'text', {x: middle, y: height - 3.5 * u, 'text-anchor': 'middle'}, labels[i].text);
      if (labels[i].group === group) continue;
      const half2 = widthOf(labels[i].group, small) / 2;
      const under = Math.min(width - half2, Math.max(half2, x(i)));
      if (under - half2 < free) continue;
      group = labels[i].group;
      free = under + half2 + u;
      mark(svg, 'text', {x: under, y: height - 0.6 * u, 'text-anchor': 'middle'}, group);
    }
  }

  // The value and the name at the end of each line, moved apart where they would touch.
  function placeEnds(svg, ends, u, top, height) {
    const tall = ends.some((end) => end.one.name) ? 6.6 * u : 3.8 * u;
    ends.sort((a, b) => a.at - b.at);
    ends.forEach((end, i) => { end.to = Math.max(end.at, i ? ends[i - 1].to + tall : top + 1.6 * u); });
    let limit = height - 7.2 * u - (tall - 3.8 * u);
    for (let i = ends.length - 1; i >= 0; i -= 1) {
      ends[i].to = Math.min(ends[i].to, limit);
      limit = ends[i].to - tall;
    }
    for (const end of ends) {
      mark(svg, 'text', {class: 'value', x: end.from + 2 * u, y: end.to + 1 * u}, end.one.end);
      if (end.one.name) mark(svg, 'text', {class: `name of${end.kind}`, x: end.from + 2 * u, y: end.to + 3.9 * u}, end.one.name);
    }
  }

  function histogram(block, host) {
    const plot = host.appendChild(element('div', 'plot'));
    return () => {
      const {svg, width, height, u} = drawing(plot);
      const most = Math.max(...block.bins.map((bin) => bin.count)), top = 5.2 * u, bottom = height - 4.6 * u;
      const wide = width / block.bins.length;
      block.bins.forEach((bin, i) => {
        const tall = Math.max(bin.count ? 0.3 * u : 0, (bottom - top) * bin.count / most), middle = (i + 0.5) * wide;
        mark(svg, 'rect', {class: bin.text === '0' ? 'bin idle' : 'bin', x: i * wide + wide * 0.12, width: wide * 0.76, y: bottom - tall, height: tall});
        mark(svg, 'text', {class: 'value', x: middle, y: bottom - tall - 1.2 * u, 'text-anchor': 'middle'}, String(bin.count));
        mark(svg, 'text', {x: middle, y: height - 1 * u, 'text-anchor': 'middle'}, bin.text);
      });
      mark(svg, 'line', {class: 'grid', x1: 0, x2: width, y1: bottom, y2: bottom});
    };
  }

  function map(block, host) {
    const plot = host.appendChild(element('div', 'plot'));
    const legend = host.appendChild(element('ol', 'legend'));
    for (const entry of block.legend) {
      const item = legend.appendChild(element('li'));
      item.appendChild(element('i', entry.look));
      item.appendChild(document.createTextNode(entry.text));
      item.appendChild(element('b', '', `${entry.count} 个`));
    }
    return () => {
      const {svg, width, height, u} = drawing(plot);
      const factor = Math.min(width / block.width, height / block.height);
      const left = (width - block.width * factor) / 2, top = (height - block.height * factor) / 2;
      const shapes = mark(svg, 'g', {transform: `translate(${left} ${top}) scale(${factor})`});
      for (const one of [...block.shapes].sort((a, b) => a.alert - b.alert)) {  // a border lies above its neighbours'
        const [x, y, scale] = one.at;
        mark(shapes, 'path', {
          class: `place ${one.look}${one.alert ? ' behind' : ''}`, d: one.path, 'fill-rule': 'evenodd', transform: `translate(${x} ${y}) scale(${scale})`,
        });
      }
      const taken = [];
      for (const one of [...block.shapes].sort((a, b) => b.room - a.room)) {
        label(svg, one, left + one.anchor[0] * factor, top + one.anchor[1] * factor, taken, {width, height, u});
      }
    };
  }

  // A name and a number where they fit; the name alone where only that fits; nothing where nothing does.
  function label(svg, one, x, y, taken, room) {
    const u = room.u;
    for (const lines of one.text ? [[one.name, one.text], [one.name]] : [[one.name]]) {
      const wide = Math.max(widthOf(one.name, 2.3 * u), lines[1] ? widthOf(lines[1], 2.8 * u) : 0) / 2 + 0.5 * u;
      const middle = Math.min(room.width - wide, Math.max(wide, x));
      const tall = lines.length > 1 ? 3.1 * u : 1.6 * u;
      const box = [middle - wide, y - tall, middle + wide, y + tall];
      if (box[1] < 0 || box[3] > room.height) continue;
      if (taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) continue;
      taken.push(box);
      mark(svg, 'text', {class: 'town', x: middle, y: y + (lines.length > 1 ? -0.5 : 0.75) * u}, lines[0]);
      if (lines[1]) mark(svg, 'text', {class: 'town strong', x: middle, y: y + 2.5 * u}, lines[1]);
      return;
    }
  }

  const kinds = {figures, line, bars, dots, histogram, map};

  // Fill an element with a block; a function that finishes it once the element has its size comes back.
  function fill(block, host) {
    host.className = `block ${block.kind}`;
    if (block.title) {
      const heading = host.appendChild(element('h2', '', block.title));
      if (block.note) heading.appendChild(element('small', '', block.note));
    }
    return kinds[block.kind](block, host) || (() => {});
  }

  return {element, fill};
})();
