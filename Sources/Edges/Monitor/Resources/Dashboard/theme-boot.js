// Before the first paint, so that nobody sees the other theme flash. The one script that is no module.
{
  let theme = null
  try { theme = localStorage.getItem("sidetone.theme") } catch { theme = null }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme
}
