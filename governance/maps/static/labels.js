// Names that never overlap: the largest places first, each only where its shape or the room around it has space.

const SVG = 'http://www.w3.org/2000/svg'
const LINE = 1.25 // line height
const MOST = 160
const FEW = 40 // places in view up to which a name may stand beside a shape that is too small for it
const wide = /[\u1100-\u11ff\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\ufe30-\ufe4f]/

export function textWidth(text, size) {
  let width = 0
  for (const letter of text) width += wide.test(letter) ? 1 : letter === '%' ? 0.85 : 0.56
  return width * size
}

// map: a Drawing. options.labels(index) gives the lines of a name: the first is needed, further ones where they fit.
// options.short(index) gives what may stand for a name that has no room, or nothing.
export function placeLabels(map) {
  const { geometry, box, k, names } = map
  const size = map.options.fontSize || 12
  const lines = map.options.labels || ((index) => [geometry.names[index]])
  const order = []
  geometry.labels.forEach((label, index) => {
    if (!label) return
    const [x, y] = map.screen(label[0], label[1])
    if (x < 0 || y < 0 || x > box.width || y > box.height) return
    const isChosen = geometry.codes[index] === map.options.chosen
    order.push({ index, x, y, radius: label[2] * k, rank: isChosen ? Infinity : label[2] })
  })
  order.sort((a, b) => b.rank - a.rank || a.index - b.index)
  // A symbol of a layer is covered only where the name has no other room in its shape.
  const marks = map.symbols.filter((symbol) => symbol[3]).map(([, x, y, reach]) => {
    const [left, top] = map.screen(x, y)
    return [left - reach, top - reach, left + reach, top + reach]
  })
  const meets = (area, others) =>
    others.some((other) => area[0] < other[2] && area[2] > other[0] && area[1] < other[3] && area[3] > other[1])
  const taken = []
  const placed = []
  for (const { index, x, y, radius, rank } of order) {
    if (placed.length >= MOST) break
    const [whole, ...more] = lines(index)
    const isShort = textWidth(whole, size) > radius * 3.2 && map.options.short
    const name = (isShort && map.options.short(index)) || whole
    const width = textWidth(name, size)
    // A name may lie a little over the edges of its shape, never far: it would seem to name a neighbour.
    const isDot = radius < 5
    const isTight = width > radius * 3.2
    if (isTight && rank !== Infinity && order.length > FEW) continue
    const rows = [name]
    for (const line of more) {
      const height = (rows.length + 1) * size * LINE
      if (line && textWidth(line, size) <= radius * 2.6 && height <= radius * 2) rows.push(line)
    }
    const half = Math.max(...rows.map((row) => textWidth(row, size))) / 2 + 3
    const tall = (rows.length * size * LINE) / 2 + 1
    const off = Math.max(radius, 5) + 4
    const beside = [[half + off, 0], [-half - off, 0], [0, tall + off], [0, -tall - off]]
    const aside = tall + 9 < radius ? [[0, 0], [0, tall + 9], [0, -tall - 9]] : [[0, 0]]
    const spots = isDot || (isTight && rank !== Infinity) ? beside : aside
    const free = spots
      .map(([dx, dy]) => [x + dx - half, y + dy - tall, x + dx + half, y + dy + tall])
      .filter((area) => area[0] >= 0 && area[2] <= box.width && area[1] >= 0 && area[3] <= box.height && !meets(area, taken))
    const area = free.find((each) => !meets(each, marks)) || free[0]
    if (!area) continue
    taken.push(area)
    placed.push({ index, x: (area[0] + area[2]) / 2, y: (area[1] + area[3]) / 2, rows })
  }
  render(names, placed, size)
}

function render(group, placed, size) {
  while (group.childNodes.length > placed.length) group.lastChild.remove()
  placed.forEach(({ index, x, y, rows }, number) => {
    let text = group.childNodes[number]
    if (!text) {
      text = document.createElementNS(SVG, 'text')
      text.setAttribute('class', 'name')
      text.setAttribute('text-anchor', 'middle')
      text.setAttribute('paint-order', 'stroke')
      text.setAttribute('stroke', '#ffffff')
      text.setAttribute('stroke-width', '3.5')
      text.setAttribute('stroke-linejoin', 'round')
      text.setAttribute('fill', '#1c2733')
      group.appendChild(text)
    }
    text.setAttribute('font-size', size)
    text.dataset.index = index
    const top = y - ((rows.length - 1) * size * LINE) / 2 + size * 0.36
    const wanted = rows.join('\n')
    if (text.dataset.words !== wanted) {
      text.dataset.words = wanted
      text.replaceChildren(
        ...rows.map((row, line) => {
          const part = document.createElementNS(SVG, 'tspan')
          part.textContent = row
          if (line) part.setAttribute('class', 'number')
          return part
        })
      )
    }
    ;[...text.childNodes].forEach((part, line) => {
      part.setAttribute('x', x.toFixed(1))
      part.setAttribute('y', (top + line * size * LINE).toFixed(1))
    })
  })
}
