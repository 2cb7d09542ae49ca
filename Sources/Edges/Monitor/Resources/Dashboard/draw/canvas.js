/** Sets the size of a canvas in CSS pixels with matching device pixels. Returns whether it changed, which clears the canvas. */
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
