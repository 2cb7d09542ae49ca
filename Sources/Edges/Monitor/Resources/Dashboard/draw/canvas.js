/** Gives a canvas a size in CSS pixels, and the device pixels that it shows one to one. Returns whether it changed, which blanks it. */
export function sizeCanvas(canvas, width, height, ratio) {
  const w = Math.max(1, Math.round(width * ratio))
  const h = Math.max(1, Math.round(height * ratio))
  if (canvas.width === w && canvas.height === h) return false
  canvas.width = w
  canvas.height = h
  canvas.style.width = `${w / ratio}px`
  canvas.style.height = `${h / ratio}px`
  return true
}
