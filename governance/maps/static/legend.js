// The legend: every class with its colour, its range and how many places it has; pointing at one shows only these.

import { element, look, patterns, PAINTS, SYMBOLS } from './map.js'

export function countLetters(letters) {
  const counts = new Map()
  for (const letter of letters) counts.set(letter, (counts.get(letter) || 0) + 1)
  return counts
}

function swatch(paint) {
  const svg = element('svg', { width: 20, height: 14, viewBox: '0 0 20 14', 'aria-hidden': 'true' })
  paint(svg)
  return svg
}

const states = new WeakMap()

export function drawLegend(box, data, letters, emphasize) {
  const counts = countLetters(letters)
  const wanted = JSON.stringify([data.legend, data.layers.map((layer) => [layer.key, layer.label, layer.total, layer.unseen])])
  let state = states.get(box)
  if (!state || state.wanted !== wanted) {
    state = { wanted, pinned: null, numbers: new Map() }
    states.set(box, state)
    build(box, data, state)
  }
  state.emphasize = emphasize
  for (const [key, number] of state.numbers) number.textContent = (counts.get(key) || 0).toLocaleString('en-US')
  emphasize(state.pinned)
}

function build(box, data, state) {
  const title = document.createElement('b')
  title.textContent = data.legend.title
  const parts = [title]
  for (const entry of data.legend.entries) {
    const button = document.createElement('button')
    button.type = 'button'
    button.setAttribute('aria-pressed', 'false')
    button.dataset.letter = entry.key
    const prefix = `legend-${entry.key}`
    const mark = swatch((svg) => {
      patterns(svg, prefix)
      const fill = look(entry.key, data.legend.entries, prefix)
      element('rect', { x: 0.5, y: 0.5, width: 19, height: 13, rx: 2, fill, stroke: '#9aa7b4' }, svg)
    })
    const number = document.createElement('i')
    state.numbers.set(entry.key, number)
    button.append(mark, entry.words, number)
    button.addEventListener('pointerenter', () => state.emphasize(entry.key))
    button.addEventListener('pointerleave', () => state.emphasize(state.pinned))
    button.addEventListener('focus', () => state.emphasize(entry.key))
    button.addEventListener('blur', () => state.emphasize(state.pinned))
    button.addEventListener('click', () => {
      state.pinned = state.pinned === entry.key ? null : entry.key
      for (const other of box.querySelectorAll('button')) {
        other.setAttribute('aria-pressed', String(other.dataset.letter === state.pinned))
      }
      state.emphasize(state.pinned)
    })
    parts.push(button)
  }
  for (const layer of data.layers) {
    const line = document.createElement('span')
    const mark = swatch((svg) => {
      const symbol = element('path', { d: SYMBOLS[layer.key](5.5), transform: 'translate(10 7)' }, svg)
      for (const [name, value] of Object.entries(PAINTS[layer.key])) symbol.setAttribute(name, value)
    })
    const unseen = layer.unseen ? `，其中 ${layer.unseen.toLocaleString('en-US')} 无处可标` : ''
    line.append(mark, `${layer.label} ${layer.total.toLocaleString('en-US')}${unseen}`)
    parts.push(line)
  }
  box.replaceChildren(...parts)
}
