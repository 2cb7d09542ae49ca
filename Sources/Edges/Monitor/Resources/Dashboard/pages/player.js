import { filePath } from "../api.js"
import { clock } from "../draw/text.js"
import { byId, setHidden, setText } from "../ui/dom.js"
import { inFrame } from "../ui/frame.js"

/** Plays the recording on the time axis; a worker prepares its waveform and spectrogram. */
export class Player {
  constructor(panel, timeline) {
    this.panel = panel
    this.timeline = timeline
    this.audio = byId("audio")
    this.follow = this.follow.bind(this)
    byId("play").addEventListener("click", () => this.toggle())
    byId("back").addEventListener("click", () => this.seek(this.audio.currentTime - 5))
    byId("forward").addEventListener("click", () => this.seek(this.audio.currentTime + 5))
    byId("speed").addEventListener("change", event => { this.audio.playbackRate = Number(event.target.value) })
    for (const name of ["play", "pause", "ended"]) this.audio.addEventListener(name, () => this.showState())
    this.audio.addEventListener("seeked", () => inFrame(this.follow))
    this.audio.addEventListener("loadedmetadata", () => inFrame(this.follow))
    this.audio.addEventListener("error", () => this.explain("The recording cannot be played."))
  }

  /** Loads the recording of a call, for playback and a finer waveform than the server's steps of 100 ms. */
  load(call) {
    if (this.url) return
    this.open(filePath(call.id, "call.wav"))
    this.explain("Loading the recording")
    const worker = new Worker("/assets/audio/worker.js", { type: "module" })
    worker.onmessage = ({ data }) => this.handle(data, worker)
    worker.onerror = () => this.explain("The recording cannot be drawn.")
    worker.postMessage({ url: this.url, duration: call.duration_s })
  }

  /** Plays the audio at a URL. */
  open(url) {
    this.url = url
    this.audio.src = url
    this.panel.seek = time => this.seek(time)
    this.panel.toggle = () => this.toggle()
    this.explain("")
  }

  handle(message, worker) {
    if (message.kind === "head") this.timeline.startRecording(message)
    else if (message.kind === "part") this.timeline.addRecording(message)
    else {
      worker.terminate()
      if (message.kind === "done") this.timeline.setDuration(message.seconds)
      this.explain(message.kind === "failed" ? `${message.message[0].toUpperCase()}${message.message.slice(1)}.` : "")
    }
    this.panel.changed()
  }

  explain(message) {
    setHidden(byId("player"), false)
    setText(byId("player-note"), message)
    for (const id of ["play", "back", "forward", "speed"]) byId(id).disabled = !this.url
  }

  toggle() {
    if (!this.audio.paused) this.audio.pause()
    else this.audio.play().catch(() => this.explain("The recording cannot be played."))
  }

  seek(time) {
    this.audio.currentTime = Math.min(Math.max(0, time), this.audio.duration || 0)
    inFrame(this.follow)
  }

  showState() {
    const isPlaying = !this.audio.paused
    setText(byId("play"), isPlaying ? "Pause" : "Play")
    byId("play").setAttribute("aria-label", isPlaying ? "Pause" : "Play")
    inFrame(this.follow)
  }

  /** Moves the playhead; during playback, again in the next frame. */
  follow() {
    const { audio, panel } = this
    const time = audio.currentTime
    panel.marks.playing = time
    setText(byId("position"), clock(time, true))
    setText(byId("length"), clock(audio.duration || this.timeline.duration, true))
    if (!audio.paused) {
      if (time > panel.view.to - panel.view.span * 0.05 || time < panel.view.from) {
        panel.view.pan(time - panel.view.from - panel.view.span * 0.1)
      }
      inFrame(this.follow)
    }
    panel.changed()
  }
}
