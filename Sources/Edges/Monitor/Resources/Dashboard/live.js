import { get } from "./api.js"

const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 15_000
/** A server sends to subscribers at 10 Hz; after this silence `/v1/status` is requested to check it. */
const SILENCE_MS = 5_000

/**
 * The live socket: renews its subscriptions after a lost connection and reports missed messages.
 *
 * Events: `state` (detail: { state, retryAt, error }), `missed` (detail: { reason }), and one per message type.
 * States: connecting, open, lost (retries at retryAt), refused (a retry would not help).
 */
export class Live extends EventTarget {
  constructor(url = socketURL()) {
    super()
    this.url = url
    this.subscriptions = new Map()
    this.state = "connecting"
    this.retryAt = null
    this.error = null
    this.attempts = 0
    this.hasBeenOpen = false
    this.lastSeq = 0
    this.heardAt = 0
  }

  start() {
    addEventListener("online", () => this.retryNow())
    addEventListener("offline", () => this.socket?.close())
    setInterval(() => this.listen(), 1_000)
    this.connect()
  }

  subscribe(key, request) {
    this.subscriptions.set(key, request)
    if (this.state === "open") this.send({ subscribe: request })
  }

  unsubscribe(key, request) {
    this.subscriptions.delete(key)
    if (this.state === "open") this.send({ unsubscribe: request })
  }

  retryNow() {
    if (this.state === "lost" || this.state === "refused") this.connect()
  }

  connect() {
    clearTimeout(this.timer)
    this.setState(this.hasBeenOpen || this.attempts > 0 ? "lost" : "connecting")
    const socket = new WebSocket(this.url)
    this.socket = socket
    socket.onopen = () => this.opened()
    socket.onmessage = event => this.received(event.data)
    socket.onclose = event => { if (this.socket === socket) this.closed(event) }
  }

  opened() {
    const returned = this.hasBeenOpen
    this.hasBeenOpen = true
    this.attempts = 0
    this.lastSeq = 0
    this.heardAt = performance.now()
    for (const request of this.subscriptions.values()) this.send({ subscribe: request })
    this.setState("open")
    if (returned) this.dispatchEvent(new CustomEvent("missed", { detail: { reason: "reconnected" } }))
  }

  send(message) { this.socket.send(JSON.stringify(message)) }

  received(text) {
    this.heardAt = performance.now()
    let message
    try { message = JSON.parse(text) } catch { return }
    if (typeof message?.type !== "string") return
    if (this.lastSeq && message.seq > this.lastSeq + 1 && message.type !== "gap") this.missed("sequence")
    if (message.seq > 0) this.lastSeq = message.seq
    if (message.type === "gap") this.missed("slow")
    this.dispatchEvent(new CustomEvent(message.type, { detail: message }))
  }

  missed(reason) { this.dispatchEvent(new CustomEvent("missed", { detail: { reason } })) }

  async closed() {
    this.socket = null
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.attempts) * (0.5 + Math.random() / 2)
    this.attempts += 1
    this.setState("lost", Date.now() + delay)
    this.timer = setTimeout(() => this.connect(), delay)
    await this.explain()
  }

  /** A refused upgrade has no status in browsers: an HTTP request finds the reason. */
  async explain() {
    try {
      await get("/v1/status")
    } catch (error) {
      if (this.state === "open" || (error.status !== 401 && error.status !== 403)) return
      clearTimeout(this.timer)
      this.setState("refused", null, error)
    }
  }

  /** A dead connection may stay silent: a long silence is checked, and the connection is dropped without a response. */
  async listen() {
    if (this.state !== "open" || performance.now() - this.heardAt < SILENCE_MS) return
    const socket = this.socket
    this.heardAt = performance.now()
    try { await get("/v1/status") } catch (error) { if (error.status === 0 && this.socket === socket) socket.close() }
  }

  setState(state, retryAt = null, error = null) {
    Object.assign(this, { state, retryAt, error })
    this.dispatchEvent(new CustomEvent("state", { detail: { state, retryAt, error } }))
  }
}

function socketURL() {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/v1/live`
}
