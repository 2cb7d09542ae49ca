import { axisLane } from "./axis.js"
import { f0Lane } from "./f0.js"
import { overtalkLane, talkLane } from "./lanes.js"
import { marksLane } from "./marks.js"
import { networkLane } from "./network.js"
import { spectrogramLane } from "./spectrogram.js"
import { waveformLane } from "./waveform.js"

/** The lanes of a call, from top to bottom. */
export const allLanes = () => [
  axisLane, talkLane("inbound"), overtalkLane, talkLane("outbound"), marksLane,
  waveformLane("inbound"), waveformLane("outbound"), spectrogramLane("inbound"), spectrogramLane("outbound"), f0Lane, networkLane,
]
