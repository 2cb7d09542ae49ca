"""What a canvas shows, asked of the page itself."""

INK = """([id, from, to]) => {
  const canvas = document.getElementById(id)
  const g = canvas.getContext('2d')
  const top = Math.round(canvas.height * from), height = Math.max(1, Math.round(canvas.height * (to - from)))
  const data = g.getImageData(0, top, canvas.width, height).data
  const colours = new Set()
  for (let i = 0; i < data.length; i += 4 * 7) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2])
  return colours.size
}"""

HASH = """id => {
  const canvas = document.getElementById(id)
  const data = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)
  let hash = 0
  for (let i = 0; i < data.length; i += 13) hash = (hash * 31 + data[i]) | 0
  return hash
}"""


def colours(page, canvas, top=0.0, bottom=1.0):
    """How many colours a band of a canvas has (top and bottom as shares of its height)."""
    return page.evaluate(INK, [canvas, top, bottom])


def picture(page, canvas):
    """A number that differs where the picture differs."""
    return page.evaluate(HASH, canvas)
