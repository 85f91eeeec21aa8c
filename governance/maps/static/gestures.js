// Mouse, fingers and keys on a map: drag to move, wheel or two fingers to zoom, a press that does not move picks.

const STILL = 6 // px a press may move and still be a press

export function watchGestures(svg, map) {
  const pointers = new Map()
  let moved = 0
  let pinch = 0
  const indexOf = (target) => {
    const shape = target && target.closest ? target.closest('.place') : null
    return shape ? Number(shape.dataset.index) : null
  }
  const spread = () => {
    const [a, b] = [...pointers.values()]
    return Math.hypot(a[0] - b[0], a[1] - b[1])
  }
  const down = (event) => {
    if (event.button) return
    pointers.set(event.pointerId, [event.clientX, event.clientY])
    moved = pointers.size > 1 ? STILL : 0
    if (pointers.size === 2) pinch = spread()
  }
  const move = (event) => {
    const before = pointers.get(event.pointerId)
    if (!before) {
      const index = event.pointerType === 'mouse' ? indexOf(event.target) : null
      map.point(index, false, event)
      return
    }
    pointers.set(event.pointerId, [event.clientX, event.clientY])
    if (pointers.size === 2) {
      const now = spread()
      const [x, y] = map.local({
        clientX: [...pointers.values()].reduce((sum, point) => sum + point[0], 0) / 2,
        clientY: [...pointers.values()].reduce((sum, point) => sum + point[1], 0) / 2,
      })
      if (pinch && now) map.zoom(now / pinch, x, y)
      pinch = now
      return
    }
    const [dx, dy] = [event.clientX - before[0], event.clientY - before[1]]
    moved += Math.hypot(dx, dy)
    if (moved < STILL) return
    if (!svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId)
    svg.classList.add('dragged')
    map.point(null)
    map.pan(dx, dy)
  }
  const up = (event) => {
    if (!pointers.delete(event.pointerId)) return
    svg.classList.remove('dragged')
    if (event.type === 'pointerup' && moved < STILL) map.pick(indexOf(event.target))
  }
  const wheel = (event) => {
    const [x, y] = map.local(event)
    const size = event.deltaMode === 1 ? 33 : 1
    // Once the whole map is in view, the page scrolls on.
    if (map.zoom(Math.exp(-event.deltaY * size * 0.0018), x, y)) event.preventDefault()
  }
  const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
  const key = (event) => {
    const index = indexOf(event.target)
    let isDone = true
    if (event.key === 'Enter' || event.key === ' ') map.pick(index)
    else if (KEYS[event.key]) isDone = map.step(...KEYS[event.key])
    else if (event.key === '+' || event.key === '=') map.zoom(1.5)
    else if (event.key === '-') map.zoom(1 / 1.5)
    else if (event.key === '0') map.fit(true)
    else if (event.key === 'Escape') event.target.blur()
    else isDone = false
    if (isDone) event.preventDefault()
  }
  const leave = () => map.point(null)
  const listeners = [
    ['pointerdown', down], ['pointermove', move], ['pointerup', up], ['pointercancel', up],
    ['pointerleave', leave], ['wheel', wheel, { passive: false }], ['keydown', key],
  ]
  for (const [name, listener, how] of listeners) svg.addEventListener(name, listener, how)
  return () => {
    for (const [name, listener, how] of listeners) svg.removeEventListener(name, listener, how)
  }
}
