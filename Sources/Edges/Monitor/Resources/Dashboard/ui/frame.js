/** The animation-frame loop of a page: it runs only after something was marked as changed. */
const waiting = new Set()
let isScheduled = false

/** Runs `task` once in the next frame, however often it is scheduled. */
export function inFrame(task) {
  waiting.add(task)
  if (isScheduled) return
  isScheduled = true
  requestAnimationFrame(now => {
    isScheduled = false
    const tasks = [...waiting]
    waiting.clear()
    for (const each of tasks) each(now)
  })
}
