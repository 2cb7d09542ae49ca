/** Gives a canvas the device pixels of its CSS size. Returns whether it changed, which blanks it. */
export function sizeCanvas(canvas, width, height, ratio) {
  const w = Math.max(1, Math.round(width * ratio))
  const h = Math.max(1, Math.round(height * ratio))
  if (canvas.width === w && canvas.height === h) return false
  canvas.width = w
  canvas.height = h
  return true
}
