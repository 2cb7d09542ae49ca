// Runs before the first paint to avoid a flash of the other theme. The only script that is not a module.
{
  let theme = null
  try { theme = localStorage.getItem("sidetone.theme") } catch { theme = null }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme
}
