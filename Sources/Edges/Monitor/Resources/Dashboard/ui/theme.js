import { heatMap } from "../draw/spectrogram.js"

const COLOURS = ["text", "muted", "line", "grid", "panel", "raised", "well", "accent", "inbound", "outbound", "overtalk", "warn", "alert"]
const HEAT = {
  dark: ["#0b0e13", "#14213f", "#1f4a78", "#2f8a8a", "#8fc46a", "#f7e28b"],
  light: ["#f7f9fb", "#d5e3ea", "#92bfc6", "#3f8aa0", "#2b4f86", "#1c1b44"],
}

/**
 * The colours and fonts of the style sheet, for canvases.
 *
 * @param {Element} element where the page's colours hold
 */
export function themeOf(element) {
  const probe = element.appendChild(document.createElement("i"))
  const style = getComputedStyle(probe)
  const theme = {}
  for (const name of COLOURS) {
    probe.style.color = `var(--${name})`
    theme[name] = style.color
  }
  probe.remove()
  const root = getComputedStyle(document.documentElement)
  const size = Number.parseFloat(root.fontSize)
  theme.em = size / 14
  theme.font = `${Math.round(size * 0.857)}px ${root.fontFamily}`
  theme.small = `${Math.round(size * 0.786)}px ${root.fontFamily}`
  theme.heat = heatMap(HEAT[isDark() ? "dark" : "light"])
  return theme
}

export function isDark() {
  const chosen = document.documentElement.dataset.theme
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches
}

/** Chooses a theme for this reader: `light`, `dark`, or null for the system's. */
export function choose(theme) {
  if (theme) document.documentElement.dataset.theme = theme
  else delete document.documentElement.dataset.theme
  try {
    if (theme) localStorage.setItem("sidetone.theme", theme)
    else localStorage.removeItem("sidetone.theme")
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  dispatchEvent(new Event("themechange"))
}

export const chosen = () => document.documentElement.dataset.theme ?? null
