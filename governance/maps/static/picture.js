// The map as a picture for a report: title, place and period, the view as it is on the screen, legend, notes.

import { countLetters } from './legend.js'
import { textWidth } from './labels.js'
import { element, look, patterns, PAINTS, SYMBOLS } from './map.js'

const PADDING = 24
const SHARPNESS = 2 // pixels per unit of the PNG

export function pictureOf(map, data, letters, period) {
  const { palette, caption, legend } = data
  const width = Math.max(Math.round(map.box.width), 640) + 2 * PADDING
  const svg = element('svg', { xmlns: 'http://www.w3.org/2000/svg', 'font-family': palette.font, fill: palette.ink })
  patterns(svg, 'picture')
  element('rect', { width: '100%', height: '100%', fill: '#ffffff' }, svg)
  write(svg, PADDING, 40, caption.title + (period ? `　${period}` : ''), { 'font-size': 20, 'font-weight': 600 })
  write(svg, PADDING, 62, caption.place, { 'font-size': 13, fill: palette.muted })
  drawPlaces(svg, map, letters, legend.entries, (width - map.box.width) / 2)
  const below = drawKeys(svg, data, letters, width, 80 + map.box.height + 26)
  const height = Math.round(drawNotes(svg, caption.notes, palette, width, below + 26) + 12)
  svg.setAttribute('width', width)
  svg.setAttribute('height', height)
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`)
  return { svg, width, height }
}

function write(parent, x, y, text, attributes) {
  element('text', { x, y, ...attributes }, parent).textContent = text
}

function drawPlaces(svg, map, letters, entries, left) {
  const { width, height } = map.box
  const clip = element('clipPath', { id: 'window' }, svg.querySelector('defs'))
  element('rect', { width, height }, clip)
  const view = element('g', { transform: `translate(${left} 80)`, 'clip-path': 'url(#window)' }, svg)
  const copy = map.world.cloneNode(true)
  const over = map.over.cloneNode(true)
  for (const focus of copy.querySelectorAll('.focus')) focus.remove()
  const isFar = map.svg.classList.contains('far')
  if (isFar) for (const line of copy.querySelectorAll('.borders')) line.setAttribute('stroke-width', 0.6)
  for (const shape of [...copy.querySelectorAll('.place'), ...over.querySelectorAll('.place')]) {
    const index = Number(shape.dataset.index)
    shape.setAttribute('fill', look(letters[index] || 'n', entries, 'picture'))
    if (shape.localName === 'path') shape.setAttribute('stroke-width', isFar ? 0.25 : 0.8)
    for (const name of ['class', 'tabindex', 'role', 'aria-label', 'data-index', 'data-code', 'data-letter']) {
      shape.removeAttribute(name)
    }
  }
  view.append(copy, over, map.marks.cloneNode(true), map.names.cloneNode(true))
  for (const pattern of svg.querySelectorAll('pattern')) pattern.setAttribute('patternTransform', `scale(${1 / map.k})`)
}

// The legend in as many lines as it takes; returns the baseline of the last.
function drawKeys(svg, data, letters, width, top) {
  const { palette } = data
  const counts = countLetters(letters)
  const size = 13
  let x = PADDING
  let y = top
  const room = (wide) => {
    if (x + wide > width - PADDING && x > PADDING) {
      x = PADDING
      y += 24
    }
  }
  const title = data.legend.title
  write(svg, x, y, title, { 'font-size': size, 'font-weight': 600 })
  x += textWidth(title, size) + 20
  // Patterns of the map are scaled to its view; the legend needs its own.
  const own = element('g', {}, svg)
  patterns(own, 'key')
  for (const entry of data.legend.entries) {
    const number = (counts.get(entry.key) || 0).toLocaleString('en-US')
    const wide = 26 + textWidth(entry.words, size) + 8 + textWidth(number, size)
    room(wide)
    const fill = look(entry.key, data.legend.entries, 'key')
    element('rect', { x, y: y - 11, width: 20, height: 14, rx: 2, fill, stroke: '#9aa7b4' }, svg)
    write(svg, x + 26, y, entry.words, { 'font-size': size })
    write(svg, x + 34 + textWidth(entry.words, size), y, number, { 'font-size': size, fill: palette.muted })
    x += wide + 18
  }
  for (const layer of data.layers) {
    const text = `${layer.label} ${layer.total.toLocaleString('en-US')}`
    room(26 + textWidth(text, size))
    element('path', { d: SYMBOLS[layer.key](5.5), transform: `translate(${x + 10} ${y - 4})`, ...PAINTS[layer.key] }, svg)
    write(svg, x + 26, y, text, { 'font-size': size })
    x += 44 + textWidth(text, size)
  }
  return y
}

function drawNotes(svg, notes, palette, width, top) {
  let x = PADDING
  let y = top
  for (const note of notes) {
    const wide = textWidth(note, 12)
    if (x > PADDING && x + wide > width - PADDING) {
      x = PADDING
      y += 20
    }
    write(svg, x, y, note, { 'font-size': 12, fill: palette.muted })
    x += wide + 20
  }
  return y
}

const textOf = ({ svg }) => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}`

function download(blob, name) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 10000)
}

export function saveSvg(picture, name) {
  download(new Blob([textOf(picture)], { type: 'image/svg+xml' }), `${name}.svg`)
}

export function savePng(picture, name) {
  const address = URL.createObjectURL(new Blob([textOf(picture)], { type: 'image/svg+xml' }))
  const image = new Image()
  image.onload = () => {
    const canvas = document.createElement('canvas')
    canvas.width = picture.width * SHARPNESS
    canvas.height = picture.height * SHARPNESS
    const pen = canvas.getContext('2d')
    pen.scale(SHARPNESS, SHARPNESS)
    pen.drawImage(image, 0, 0, picture.width, picture.height)
    URL.revokeObjectURL(address)
    canvas.toBlob((blob) => download(blob, `${name}.png`), 'image/png')
  }
  image.src = address
}
