// The slider over the periods: all of them came with one payload, so that playing asks the server nothing.

const PACE = 900 // ms per period

export class Player {
  constructor(box, onChange) {
    this.box = box
    this.onChange = onChange
    this.button = box.querySelector('button')
    this.slider = box.querySelector('input')
    this.output = box.querySelector('output')
    this.frames = null
    this.index = 0
    this.button.addEventListener('click', () => this.toggle())
    this.slider.addEventListener('input', () => this.go(Number(this.slider.value)))
    this.slider.addEventListener('keydown', (event) => {
      if (event.key !== ' ') return
      event.preventDefault()
      this.toggle()
    })
  }

  get label() {
    return this.frames ? this.frames.labels[this.index] : ''
  }

  // New periods: the one that was shown stays, if it is among them; else the last.
  take(frames) {
    const before = this.label || remembered()
    this.frames = frames
    this.box.hidden = !frames
    if (!frames) {
      this.stop()
      return
    }
    const found = frames.labels.indexOf(before)
    this.index = found >= 0 ? found : frames.labels.length - 1
    this.slider.max = frames.labels.length - 1
    this.show()
  }

  go(index) {
    this.index = index
    try {
      sessionStorage.setItem('map-frame', this.label)
    } catch {
      // a browser that keeps nothing: then a reload starts at the last period
    }
    this.show()
    this.onChange()
  }

  show() {
    this.slider.value = this.index
    this.slider.setAttribute('aria-valuetext', this.label)
    this.output.textContent = this.label
  }

  toggle() {
    if (this.timer) {
      this.stop()
      return
    }
    if (this.index === this.frames.labels.length - 1) this.go(0)
    this.timer = setInterval(() => {
      if (this.index >= this.frames.labels.length - 1) this.stop()
      else this.go(this.index + 1)
    }, PACE)
    this.mark()
  }

  stop() {
    clearInterval(this.timer)
    this.timer = null
    this.mark()
  }

  mark() {
    this.button.textContent = this.timer ? '❚❚' : '▶'
    this.button.setAttribute('aria-label', this.timer ? '暂停' : '播放')
  }
}

function remembered() {
  try {
    return sessionStorage.getItem('map-frame') || ''
  } catch {
    return ''
  }
}
