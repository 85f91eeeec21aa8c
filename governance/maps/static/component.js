// The map as a component of the page: what the server sends becomes the map, its legend, its slider; a pick goes back.

import { drawMap } from './map.js'
import { drawLegend } from './legend.js'
import { Player } from './player.js'
import { pictureOf, savePng, saveSvg } from './picture.js'

const KEPT = 12 // geometries remembered by the page, beside the browser's own cache
const apps = new WeakMap()
const geometries = new Map()

export default function ({ parentElement, data, setTriggerValue, setStateValue }) {
  let app = apps.get(parentElement)
  if (!app) {
    app = new App(parentElement)
    apps.set(parentElement, app)
  }
  app.send = setTriggerValue
  app.keep = setStateValue
  app.take(data)
  return () => {
    app.destroy()
    apps.delete(parentElement)
  }
}

async function fetchGeometry(address, digest) {
  if (geometries.has(digest)) return geometries.get(digest)
  // This file lies at <root>/_stcore/bidi-components/<name>/: the root may have a path of its own.
  const answer = await fetch(new URL(`../../../${address}`, import.meta.url), { credentials: 'same-origin' })
  if (!answer.ok || !(answer.headers.get('content-type') || '').includes('json')) throw new Error(String(answer.status))
  return remember(digest, await answer.json())
}

function remember(digest, geometry) {
  geometries.set(digest, geometry)
  if (geometries.size > KEPT) geometries.delete(geometries.keys().next().value)
  return geometry
}

function hasWebGL() {
  const canvas = document.createElement('canvas')
  try {
    return Boolean(canvas.getContext('webgl2') || canvas.getContext('webgl'))
  } catch {
    return false
  }
}

// What the names of the grids of one community begin with: a reader who is there need not read it on each.
function sharedBeginning(names) {
  let shared = names.length > 1 ? names[0] : ''
  for (const name of names) while (!name.startsWith(shared)) shared = shared.slice(0, -1)
  const number = shared.lastIndexOf('第')
  if (number >= 0) shared = shared.slice(0, number)
  return names.every((name) => name.slice(shared.length).startsWith('第')) ? shared : ''
}

class App {
  constructor(parent) {
    const find = (name) => parent.querySelector(name)
    this.root = find('.frame')
    this.svg = find('.map')
    this.tip = find('.tip')
    this.message = find('.message')
    this.root.style.setProperty('--muted', '#5d6b7a')
    this.player = new Player(find('.player'), () => this.draw())
    this.click = (event) => {
      const button = event.target.closest('button[data-do]')
      if (button) this.act(button.dataset.do)
    }
    this.root.addEventListener('click', this.click)
  }

  async take(data) {
    this.data = data
    this.root.classList.toggle('bare', Boolean(data.isHidden))
    const turn = (this.turn = (this.turn || 0) + 1)
    const { address, digest, document: inline } = data.geometry
    let geometry = inline ? remember(digest, inline) : null
    if (!geometry && address) {
      try {
        geometry = await fetchGeometry(address, digest)
      } catch {
        // No such route here (or a proxy in between): the outlines then come with the values.
        if (turn === this.turn) this.keep('inline', true)
        return
      }
    }
    if (turn !== this.turn || !this.root.isConnected || !geometry) return
    if (geometry.codes.length !== data.count) {
      this.say('地图边界与数据不是同一批，请刷新页面。')
      return
    }
    this.geometry = geometry
    this.shared = sharedBeginning(geometry.names)
    this.player.take(data.frames)
    this.draw()
    this.askForColumns()
  }

  draw() {
    const { data, geometry } = this
    const frame = this.player.index
    const letters = data.frames ? data.frames.letters[frame] : data.letters
    this.letters = letters
    const values = { letters, legend: data.legend, layers: data.layers, circles: this.circles(letters) }
    this.map = drawMap(this.svg, geometry, values, {
      chosen: data.chosen,
      labels: (index) => this.lines(index),
      short: (index) => this.shared && (/第(\d+)/.exec(geometry.names[index].slice(this.shared.length)) || [])[1],
      tell: (index) => `${geometry.names[index]}，${this.words(index)}`,
      onPick: (code) => this.pick(code),
      onHover: (index, x, y) => this.hover(index, x, y),
      onSay: (text, x, y) => this.bubble(text && [text], x, y),
    })
    const { title, place, notes } = data.caption
    this.root.querySelector('.title').textContent = title
    this.root.querySelector('.where').textContent = place
    this.root.querySelector('.notes').textContent = notes.join('　')
    this.svg.setAttribute('aria-label', `${title}，${place}。用 Tab 或方向键选地方，回车进入。`)
    this.root.querySelector('[data-do=up]').hidden = data.up == null
    drawLegend(this.root.querySelector('.legend'), data, letters, (letter) => this.map.emphasize(letter))
    this.say(geometry.paths.some(Boolean) ? '' : '这一层级没有边界，图上画不出来；数字见右侧和表格。')
    this.svg.dataset.digest = data.geometry.digest
  }

  // ---------------------------------------------------------------- words

  words(index) {
    const { data } = this
    const letter = this.letters[index]
    if (data.frames) {
      const entry = data.legend.entries.find((each) => each.key === letter)
      return `${this.player.label} ${data.label} ${entry ? entry.words : ''}`
    }
    const base = data.bases[index].toLocaleString('en-US')
    let text = `${data.label} ${data.values[index]}`
    if (letter !== 'n') {
      if (data.hits) text += `（${data.hits[index].toLocaleString('en-US')} / ${base}）`
      else if (!data.isCount) text += `（n=${base}）`
    }
    if (data.changes && data.changes[index]) text += `；${data.changes[index]}`
    return letter === 'f' ? `${text}，样本不足` : text
  }

  // What is written on a place: its name and, where it fits, its number.
  lines(index) {
    const { data } = this
    const letter = this.letters[index]
    const name = this.geometry.names[index].slice(this.shared.length).replace(/（[^）]*）$/, '')
    if (data.frames || letter === 'n' || letter === 'f') return [name]
    if (!data.changes) return [name, data.values[index]]
    const change = /[+−][\d.,]+%?|持平/.exec(data.changes[index].split('，')[1] || '')
    return [name, change ? change[0] : '']
  }

  hover(index, x, y) {
    if (index == null) this.bubble(null)
    else this.bubble([this.geometry.names[index], this.words(index)], x, y)
  }

  bubble(lines, x, y) {
    const { tip } = this
    tip.hidden = !lines
    if (!lines) return
    const parts = lines.map((line, number) => {
      const part = document.createElement(number === 0 && lines.length > 1 ? 'b' : 'span')
      part.textContent = line
      return part
    })
    tip.replaceChildren(...parts)
    const { width, height } = this.svg.getBoundingClientRect()
    const left = Math.min(Math.max(x + 14, 0), Math.max(width - tip.offsetWidth, 0))
    const above = y - tip.offsetHeight - 12
    tip.style.transform = `translate(${left}px, ${above > 0 ? above : Math.min(y + 18, height)}px)`
  }

  say(text, isCorner = false) {
    this.message.textContent = text
    this.message.hidden = !text
    this.message.classList.toggle('corner', isCorner)
  }

  // ---------------------------------------------------------------- what a reader does

  pick(code) {
    if (code !== this.data.chosen) this.send('place', code)
  }

  act(name) {
    if (!this.map) return
    if (name === 'up') this.send('place', this.data.up)
    else if (name === 'in') this.map.zoom(1.6)
    else if (name === 'out') this.map.zoom(1 / 1.6)
    else if (name === 'whole') this.map.fit(true)
    else if (name === 'png' || name === 'svg') {
      const picture = pictureOf(this.map, this.data, this.letters, this.player.label)
      if (name === 'svg') saveSvg(picture, this.data.caption.file)
      else savePng(picture, this.data.caption.file)
    }
  }

  // ---------------------------------------------------------------- columns

  askForColumns() {
    if (!this.data.heights) return
    if (this.webgl && !this.data.isHidden) this.keep('webgl', true)
    else this.say('这台电脑的浏览器不支持立体图形（WebGL），改用圆的大小表示。', true)
  }

  circles(letters) {
    const { data, geometry } = this
    if (!data.heights) return null
    if (this.webgl === undefined) this.webgl = hasWebGL()
    if (this.webgl) return null
    const colors = new Map(data.legend.entries.map((entry) => [entry.key, entry.color]))
    const found = []
    geometry.labels.forEach((label, index) => {
      if (!label || !data.heights[index]) return
      const words = `${geometry.names[index]}　${this.words(index)}`
      found.push([label[0], label[1], data.heights[index], words, colors.get(letters[index]) || '#d5dbe1'])
    })
    return found.sort((a, b) => b[2] - a[2])
  }

  destroy() {
    this.turn += 1
    this.player.stop()
    if (this.map) this.map.destroy()
    this.root.removeEventListener('click', this.click)
  }
}
