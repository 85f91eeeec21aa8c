// The map itself, as SVG: no WebGL, no library, no framework.
//
//   import { drawMap } from './map.js'
//   const map = drawMap(svg, geometry, values, options)
//
// geometry: the document of governance/maps/geometry.py. values: { letters, legend: { entries } } and, if there are
// any, layers. options: { chosen, labels(index) -> [line, …], onPick(code), onHover(index, x, y), tell(index) -> text }.
// Called again with the same svg it only changes what differs: same geometry, same view, new colours.

import { placeLabels } from './labels.js'
import { watchGestures } from './gestures.js'

const SVG = 'http://www.w3.org/2000/svg'
const DEEPEST = 24 // times the view of the whole
const FAR = 3.5 // px: where most shapes have a smaller inner radius, lines are drawn thin or would hide the colours
const SMALL = 5 // px: a shape of a smaller inner radius also gets a dot that can be seen and hit
const EDGE = '#ffffff'
const BARE = '#9aa7b4' // the edge of a white shape
const maps = new WeakMap()

export function element(name, attributes = {}, parent = null) {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  if (parent) parent.appendChild(made)
  return made
}

export function drawMap(svg, geometry, values, options = {}) {
  let map = maps.get(svg)
  if (!map || map.geometry !== geometry) {
    if (map) map.destroy()
    map = new Drawing(svg, geometry, options)
    maps.set(svg, map)
  }
  map.show(values, options)
  return map
}

// What a place of a class is filled with: a plain colour, hatching for no data, dots for too few.
export function look(letter, entries, prefix) {
  if (letter === 'n') return `url(#${prefix}-none)`
  if (letter === 'f') return `url(#${prefix}-few)`
  const entry = entries.find((each) => each.key === letter)
  return entry ? entry.color : '#ffffff'
}

export function patterns(svg, prefix) {
  const defs = element('defs', {}, svg)
  const none = element('pattern', { id: `${prefix}-none`, width: 7, height: 7, patternUnits: 'userSpaceOnUse' }, defs)
  element('rect', { width: 7, height: 7, fill: '#ffffff' }, none)
  element('path', { d: 'M-1 8L8-1M-1 1L1-1M6 8L8 6', stroke: '#c3cbd4', 'stroke-width': 1 }, none)
  const few = element('pattern', { id: `${prefix}-few`, width: 6, height: 6, patternUnits: 'userSpaceOnUse' }, defs)
  element('rect', { width: 6, height: 6, fill: '#d5dbe1' }, few)
  element('circle', { cx: 1.5, cy: 1.5, r: 0.8, fill: '#9aa5b1' }, few)
  element('circle', { cx: 4.5, cy: 4.5, r: 0.8, fill: '#9aa5b1' }, few)
  return [none, few]
}

let numbers = 0

class Drawing {
  constructor(svg, geometry, options) {
    this.svg = svg
    this.geometry = geometry
    this.options = options
    this.prefix = `map${(numbers += 1)}`
    this.shapes = []
    this.dots = []
    svg.replaceChildren()
    const radii = geometry.labels.filter(Boolean).map((label) => label[2]).sort((a, b) => a - b)
    this.radius = radii[radii.length >> 1] || 0
    this.patterns = patterns(svg, this.prefix)
    this.world = element('g', {}, svg)
    this.areas = element('g', { class: 'areas' }, this.world)
    this.lines = element('g', { class: 'lines', 'pointer-events': 'none' }, this.world)
    this.over = element('g', { class: 'over' }, svg)
    this.marks = element('g', { class: 'marks' }, svg)
    this.names = element('g', { class: 'names', 'pointer-events': 'none' }, svg)
    this.build()
    this.resize = () => this.fit(this.isWhole)
    this.watcher = new ResizeObserver(() => this.resize())
    this.watcher.observe(svg)
    this.stop = watchGestures(svg, this)
    this.fit(true)
  }

  build() {
    const { codes, paths, names, labels, borders } = this.geometry
    paths.forEach((path, index) => {
      if (!path) return
      const look = { fill: '#ffffff', 'fill-rule': 'evenodd', 'vector-effect': 'non-scaling-stroke' }
      const shape = element('path', { d: path, ...look })
      shape.setAttribute('class', 'place')
      this.prepare(shape, index)
      this.areas.appendChild(shape)
      this.shapes[index] = shape
    })
    // In a far view a whole county may be a few pixels: a dot of its colour stands for it.
    labels.forEach((label, index) => {
      if (!label || codes.length > 400) return
      const dot = element('circle', { r: 6, class: 'place dot', 'stroke-width': 1.5, stroke: EDGE })
      dot.dataset.index = index
      this.dots[index] = dot
    })
    if (borders) {
      const line = { d: borders, fill: 'none', stroke: '#5d6b7a', 'stroke-width': 1.4, 'stroke-linejoin': 'round' }
      element('path', { ...line, class: 'borders', 'vector-effect': 'non-scaling-stroke', 'stroke-opacity': 0.75 }, this.lines)
    }
    const ring = { fill: 'none', 'vector-effect': 'non-scaling-stroke', 'stroke-linejoin': 'round', d: '' }
    this.halo = element('path', { ...ring, stroke: '#ffffff', 'stroke-width': 5 }, this.lines)
    this.outline = element('path', { ...ring, stroke: '#1c2733', 'stroke-width': 2.5 }, this.lines)
    this.focus = element('path', { ...ring, stroke: '#1c2733', 'stroke-width': 2, class: 'focus' }, this.lines)
  }

  prepare(shape, index) {
    shape.dataset.index = index
    if (!this.options.onPick) return
    shape.dataset.code = this.geometry.codes[index]
    if (shape === this.dots[index]) return
    shape.setAttribute('tabindex', '0')
    shape.setAttribute('role', 'button')
    shape.addEventListener('focus', () => this.point(index, true))
    shape.addEventListener('blur', () => this.point(null))
  }

  show(values, options) {
    this.values = values
    this.options = { ...this.options, ...options }
    const { geometry, prefix } = this
    const { entries } = values.legend
    geometry.codes.forEach((code, index) => {
      const letter = values.letters[index] || 'n'
      const fill = look(letter, entries, prefix)
      const edge = letter === 'n' || letter === 'z' ? BARE : EDGE
      for (const shape of [this.shapes[index], this.dots[index]]) {
        if (!shape) continue
        if (shape.getAttribute('fill') !== fill) shape.setAttribute('fill', fill)
        if (shape !== this.dots[index]) shape.setAttribute('stroke', edge)
        shape.dataset.letter = letter
      }
      if (this.shapes[index] && this.options.tell) this.shapes[index].setAttribute('aria-label', this.options.tell(index))
    })
    const chosen = geometry.codes.indexOf(this.options.chosen)
    for (const ring of [this.halo, this.outline]) ring.setAttribute('d', (chosen >= 0 && geometry.paths[chosen]) || '')
    this.drawMarks()
    this.emphasize(this.emphasized)
    this.arrange()
    // The first colours stand at once; only later ones fade, or the map would come out of black.
    requestAnimationFrame(() => this.svg.classList.add('fading'))
  }

  // Only the places of one class stay bright (the legend is pointed at).
  emphasize(letter) {
    this.emphasized = letter
    this.svg.classList.toggle('dimmed', letter != null)
    for (const shape of [...this.shapes, ...this.dots]) {
      if (shape) shape.classList.toggle('lit', letter != null && shape.dataset.letter === letter)
    }
  }

  drawMarks() {
    this.marks.replaceChildren()
    this.symbols = []
    const { layers = [], circles } = this.values
    if (circles) this.addSymbols('circle', circles, 34, null)
    for (const layer of layers) this.addSymbols(layer.key, layer.marks, 13, layer.label)
  }

  addSymbols(key, marks, largest, label) {
    const top = Math.max(...marks.map((mark) => mark[2]), 1)
    for (const [x, y, count, words, fill] of marks) {
      const size = Math.max(Math.sqrt(count / top) * largest, key === 'circle' ? 2 : 5)
      const symbol = element('path', { d: SYMBOLS[key](size), class: `mark mark-${key}` }, this.marks)
      const paint = PAINTS[key]
      for (const [name, value] of Object.entries(paint)) symbol.setAttribute(name, value)
      if (fill) symbol.setAttribute('fill', fill)
      const text = label ? `${label}：${words}` : words
      symbol.addEventListener('pointerenter', (event) => this.say(text, event))
      symbol.addEventListener('pointerleave', () => this.say(null))
      this.symbols.push([symbol, x, y, label ? size : 0])
    }
  }

  say(text, event) {
    if (this.options.onSay) this.options.onSay(text, ...(event ? this.local(event) : [0, 0]))
  }

  local(event) {
    const box = this.svg.getBoundingClientRect()
    return [event.clientX - box.left, event.clientY - box.top]
  }

  // ---------------------------------------------------------------- the view

  fit(whole) {
    const box = this.svg.getBoundingClientRect()
    if (!box.width || !box.height) return
    const [width, height] = this.geometry.size
    const before = this.box
    this.box = { width: box.width, height: box.height }
    this.least = Math.min(box.width / width, box.height / height)
    if (whole || !before) {
      this.isWhole = true
      this.k = this.least
      this.x = (box.width - width * this.k) / 2
      this.y = (box.height - height * this.k) / 2
    } else {
      this.x += (box.width - before.width) / 2
      this.y += (box.height - before.height) / 2
    }
    this.move()
  }

  zoom(factor, x = this.box.width / 2, y = this.box.height / 2) {
    const k = Math.min(Math.max(this.k * factor, this.least), this.least * DEEPEST)
    if (Math.abs(k - this.k) < 1e-9) return false
    this.x = x - ((x - this.x) * k) / this.k
    this.y = y - ((y - this.y) * k) / this.k
    this.k = k
    this.isWhole = k <= this.least * 1.001
    if (this.isWhole) this.fit(true)
    else this.pan(0, 0)
    return true
  }

  pan(dx, dy) {
    const [width, height] = this.geometry.size
    const keep = (at, size, room) => Math.min(Math.max(at, room * 0.5 - size), room * 0.5)
    this.x = keep(this.x + dx, width * this.k, this.box.width)
    this.y = keep(this.y + dy, height * this.k, this.box.height)
    if (dx || dy) this.isWhole = false
    this.move()
  }

  move() {
    this.world.setAttribute('transform', `translate(${this.x} ${this.y}) scale(${this.k})`)
    for (const pattern of this.patterns) pattern.setAttribute('patternTransform', `scale(${1 / this.k})`)
    if (this.values && !this.frame) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0
        this.arrange()
      })
    }
  }

  screen(x, y) {
    return [x * this.k + this.x, y * this.k + this.y]
  }

  // Dots, symbols and names keep their size on the screen: they are put where the view has them now.
  arrange() {
    if (!this.box) return
    const { labels } = this.geometry
    this.svg.classList.toggle('far', this.radius * this.k < FAR)
    this.dots.forEach((dot, index) => {
      const isSmall = labels[index][2] * this.k < SMALL
      if (isSmall && !dot.parentNode) {
        this.prepare(dot, index)
        this.over.appendChild(dot)
      } else if (!isSmall && dot.parentNode) dot.remove()
      if (isSmall) {
        const [x, y] = this.screen(labels[index][0], labels[index][1])
        dot.setAttribute('transform', `translate(${x} ${y})`)
      }
    })
    for (const [symbol, x, y] of this.symbols) symbol.setAttribute('transform', `translate(${this.screen(x, y).join(' ')})`)
    placeLabels(this)
  }

  // ---------------------------------------------------------------- reader

  pick(index) {
    if (index != null && this.options.onPick) this.options.onPick(this.geometry.codes[index])
  }

  point(index, isFocus = false, event = null) {
    this.focus.setAttribute('d', (index != null && this.geometry.paths[index]) || '')
    this.focus.classList.toggle('strong', isFocus)
    if (!this.options.onHover) return
    if (index == null) this.options.onHover(null)
    else {
      const label = this.geometry.labels[index]
      this.options.onHover(index, ...(event ? this.local(event) : this.screen(label[0], label[1])))
    }
  }

  // From the place that has the focus to its nearest neighbour in a direction.
  step(dx, dy) {
    const root = this.svg.getRootNode()
    const here = root.activeElement && root.activeElement.dataset ? this.geometry.labels[root.activeElement.dataset.index] : null
    if (!here) return false
    let best = null
    this.geometry.labels.forEach((label, index) => {
      if (!label) return
      const [x, y] = [label[0] - here[0], label[1] - here[1]]
      const along = x * dx + y * dy
      const aside = Math.abs(x * dy) + Math.abs(y * dx)
      if (along <= 0) return
      const cost = along + 2 * aside
      if (!best || cost < best[0]) best = [cost, index]
    })
    if (best) this.shapes[best[1]].focus()
    return true
  }

  destroy() {
    this.watcher.disconnect()
    this.stop()
    cancelAnimationFrame(this.frame)
    this.svg.replaceChildren()
    maps.delete(this.svg)
  }
}

const circle = (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
export const SYMBOLS = {
  circle,
  repeat: circle,
  overdue: (r) => `M${-r * 0.85} ${-r * 0.85}h${r * 1.7}v${r * 1.7}h${-r * 1.7}z`,
  service: (r) => `M0 ${-r * 1.15}L${r * 1.15} 0L0 ${r * 1.15}L${-r * 1.15} 0z`,
  video: (r) => `M0 ${-r * 1.1}L${r} ${r * 0.8}H${-r}z`,
}
export const PAINTS = {
  circle: { 'fill-opacity': 0.75, stroke: '#ffffff', 'stroke-width': 1 },
  repeat: { fill: '#ffffff', 'fill-opacity': 0.6, stroke: '#6b3f8f', 'stroke-width': 2.5 },
  overdue: { fill: '#c0392b', 'fill-opacity': 0.85, stroke: '#ffffff', 'stroke-width': 1.5 },
  service: { fill: '#2f9178', 'fill-opacity': 0.9, stroke: '#ffffff', 'stroke-width': 1.5 },
  video: { fill: '#4b5a6a', 'fill-opacity': 0.9, stroke: '#ffffff', 'stroke-width': 1.5 },
}
