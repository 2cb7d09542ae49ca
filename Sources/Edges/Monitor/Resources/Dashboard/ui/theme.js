/** Whether the page is dark now: by this reader's choice, else by the system's. */
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
