/** Whether the page is dark: by the user's choice, else by the system setting. */
export function isDark() {
  const chosen = document.documentElement.dataset.theme
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches
}

/** Sets the theme: `light`, `dark`, or null for the system setting. */
export function choose(theme) {
  if (theme) document.documentElement.dataset.theme = theme
  else delete document.documentElement.dataset.theme
  try {
    if (theme) localStorage.setItem("sidetone.theme", theme)
    else localStorage.removeItem("sidetone.theme")
  } catch {
    // Without storage the choice is lost with the page.
  }
  dispatchEvent(new Event("themechange"))
}

export const chosen = () => document.documentElement.dataset.theme ?? null
