import { byId } from "../ui/dom.js"

const CLOSER = 0.8
const FARTHER = 1.25

/** Pointer, wheel and keys of the timeline. */
export function listen(panel) {
  const lanes = byId("lanes")
  const plot = byId("plot")
  const { view } = panel
  const moved = act => { act(); panel.moved() }

  byId("follow").addEventListener("click", () => moved(() => view.follow(!view.follows)))
  byId("zoom-in").addEventListener("click", () => moved(() => view.zoom(0.5)))
  byId("zoom-out").addEventListener("click", () => moved(() => view.zoom(2)))
  byId("fit").addEventListener("click", () => moved(() => view.fit()))

  plot.addEventListener("wheel", event => {
    const { offsetX, deltaX, deltaY, ctrlKey, shiftKey } = event
    // The wheel scrolls the page; with Control (or a pinch) it zooms, with Shift or sideways it pans.
    if (ctrlKey) moved(() => view.zoom(deltaY < 0 ? CLOSER : FARTHER, view.time(offsetX)))
    else if (shiftKey || Math.abs(deltaX) > Math.abs(deltaY)) moved(() => view.pan((deltaX || deltaY) * view.secondsPerPixel))
    else return
    event.preventDefault()
  }, { passive: false })

  const keys = {
    ArrowLeft: () => view.pan(-view.span * 0.1),
    ArrowRight: () => view.pan(view.span * 0.1),
    PageUp: () => view.pan(-view.span * 0.9),
    PageDown: () => view.pan(view.span * 0.9),
    Home: () => view.pan(-Infinity),
    End: () => (panel.isLive ? view.follow(true) : view.pan(view.limit)),
    "+": () => view.zoom(0.5),
    "=": () => view.zoom(0.5),
    "-": () => view.zoom(2),
    0: () => view.fit(),
    f: () => { if (panel.isLive) view.follow(!view.follows) },
    n: () => panel.step(1),
    p: () => panel.step(-1),
    Enter: () => { if (panel.marks.selected) panel.chosen(panel.marks.selected) },
  }
  lanes.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === " " && panel.toggle) {
      event.preventDefault()
      panel.toggle()
      return
    }
    const act = keys[event.key] ?? keys[event.key.toLowerCase()]
    if (!act) return
    event.preventDefault()
    moved(act)
  })
  drag(panel, plot, moved)
}

/** Dragging pans; a click selects an event, or else the time to play from. */
function drag(panel, plot, moved) {
  const { view } = panel
  let last = null
  let travelled = 0
  plot.addEventListener("pointerdown", event => {
    if (event.button !== 0) return
    last = event.offsetX
    travelled = 0
  })
  plot.addEventListener("pointermove", event => {
    const x = event.offsetX
    if (last !== null && event.buttons & 1) {
      travelled += Math.abs(x - last)
      if (travelled > 4) {
        if (!plot.hasPointerCapture(event.pointerId)) plot.setPointerCapture(event.pointerId)
        moved(() => view.pan((last - x) * view.secondsPerPixel))
      }
      last = x
    }
    panel.marks.pointer = view.time(x)
    plot.classList.toggle("has-event", Boolean(panel.stack.pick(x, event.offsetY, view, panel.timeline).event))
    panel.changed()
  })
  plot.addEventListener("pointerup", event => {
    const isClick = last !== null && travelled <= 4
    last = null
    if (!isClick) return
    const { event: found } = panel.stack.pick(event.offsetX, event.offsetY, view, panel.timeline)
    if (found) panel.chosen(found)
    else if (panel.seek) panel.seek(view.time(event.offsetX))
  })
  plot.addEventListener("pointerleave", () => {
    panel.marks.pointer = null
    panel.changed()
  })
}
