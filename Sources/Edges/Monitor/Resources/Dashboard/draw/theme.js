import { heatMap } from "./spectrogram.js"

const COLOURS = ["text", "muted", "line", "grid", "panel", "raised", "well", "accent", "inbound", "outbound", "overtalk", "warn", "alert"]
const HEAT = {
  dark: ["#0b0e13", "#14213f", "#1f4a78", "#2f8a8a", "#8fc46a", "#f7e28b"],
  light: ["#f7f9fb", "#d5e3ea", "#92bfc6", "#3f8aa0", "#2b4f86", "#1c1b44"],
}

/**
 * The colours and fonts of the style sheet (`base.css`), for canvases.
 *
 * @param {Element} element an element with the page's colours
 * @param {boolean} isDark whether the dark theme is active
 */
export function themeOf(element, isDark) {
  const probe = element.appendChild(element.ownerDocument.createElement("i"))
  const style = getComputedStyle(probe)
  const theme = {}
  for (const name of COLOURS) {
    probe.style.color = `var(--${name})`
    theme[name] = style.color
  }
  probe.remove()
  const root = getComputedStyle(element.ownerDocument.documentElement)
  const size = Number.parseFloat(root.fontSize)
  theme.em = size / 14
  theme.font = `${Math.round(size * 0.857)}px ${root.fontFamily}`
  theme.small = `${Math.round(size * 0.786)}px ${root.fontFamily}`
  theme.heat = heatMap(HEAT[isDark ? "dark" : "light"])
  return theme
}
