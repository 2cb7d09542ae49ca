import { loginPath } from "../api.js"
import { clean } from "../draw/text.js"
import { byId, make, setHidden, setText } from "./dom.js"
import { choose, chosen } from "./theme.js"

const LABELS = { connecting: "Connecting", open: "Live", lost: "Connection lost", refused: "No access" }
const THEMES = [[null, "System theme"], ["light", "Light theme"], ["dark", "Dark theme"]]

/** The shared parts of all pages: connection state, banner and theme. */
export class Shell {
  constructor(live) {
    this.live = live
    this.showTheme()
    byId("theme").addEventListener("click", () => {
      const index = THEMES.findIndex(([name]) => name === chosen())
      choose(THEMES[(index + 1) % THEMES.length][0])
      this.showTheme()
    })
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dispatchEvent(new Event("themechange")))
    if (!live) return
    live.addEventListener("state", () => this.showState())
    live.addEventListener("hello", ({ detail }) => setText(byId("version"), clean(detail.version, 20)))
    this.showState()
  }

  showTheme() {
    const word = THEMES.find(([name]) => name === chosen())[1]
    setText(byId("theme-name"), word)
    byId("theme").setAttribute("aria-label", `${word}: press to change`)
  }

  showState() {
    const { state } = this.live
    const pill = byId("connection")
    pill.dataset.state = state
    setText(byId("connection-text"), LABELS[state])
    document.body.dataset.connection = state
    clearInterval(this.countdown)
    if (state === "lost") {
      this.showBanner("warn", "Connection lost", "", { label: "Try now", act: () => this.live.retryNow() })
      this.countDown()
      this.countdown = setInterval(() => this.countDown(), 1_000)
    } else if (state === "refused") this.showRefusal(this.live.error)
    else this.hideBanner()
  }

  /** Not announced every second: the element is outside the live region. */
  countDown() {
    const seconds = Math.max(0, Math.ceil((this.live.retryAt - Date.now()) / 1000))
    setText(byId("banner-detail"), this.live.retryAt === null
      ? "The data shown may be out of date. Connecting…"
      : `The data shown may be out of date. Next attempt in ${seconds} s.`)
  }

  showRefusal(error) {
    if (error?.status === 401) {
      this.showBanner("error", "Sign in to see calls", "This monitor requires a token.", { label: "Sign in", act: () => location.assign(loginPath()) })
    } else {
      this.showBanner("error", "This address is not allowed", `${clean(error?.message)} Add the host you use to allowed_hosts of the monitor sink.`)
    }
  }

  showBanner(kind, title, detail, action = null) {
    const banner = byId("banner")
    banner.dataset.kind = kind
    setText(byId("banner-title"), title)
    setText(byId("banner-detail"), detail)
    byId("banner-actions").replaceChildren(...action ? [make("button", { type: "button", class: "button", text: action.label, onclick: action.act })] : [])
    setHidden(banner, false)
  }

  hideBanner() { setHidden(byId("banner"), true) }
}
