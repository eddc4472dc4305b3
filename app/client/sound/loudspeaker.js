// What sounds: a short click of a few levels, places from left to right, and a bound that no sum of clicks passes.
import {LEVELS, pan} from "./clicks.js"

const RING = 0.004 // s
const PITCH = 1400 // Hz
const DECAY = 0.0009 // s
const SOFT = 0.5 // of a click for one spike; four times as many spikes are twice as loud
export const LOUDEST = 0.5 // of what a loudspeaker can do

export class Loudspeaker {
  /** @param {BaseAudioContext} context */
  constructor(context) {
    this.context = context
    this.clicks = Array.from({length: LEVELS}, (_, level) => ring(context, SOFT * 4 ** (level / (LEVELS - 1))))
    // Clicks that fall together are evened out, and whatever is left above the bound is cut.
    const even = new DynamicsCompressorNode(context, {threshold: -18, knee: 12, ratio: 12, attack: 0, release: 0.1})
    const bound = new WaveShaperNode(context, {curve: new Float32Array([-LOUDEST, 0, LOUDEST])})
    const more = new GainNode(context, {gain: 3})
    even.connect(more).connect(bound).connect(context.destination)
    this.even = even
    /** @type {StereoPannerNode[]} */
    this.places = []
  }

  /** @param {number} count places from left to right */
  arrange(count) {
    if (this.places.length === count) return
    for (const place of this.places) place.disconnect()
    this.places = Array.from({length: count}, (_, k) => {
      const place = new StereoPannerNode(this.context, {pan: pan(k, count)})
      place.connect(this.even)
      return place
    })
  }

  /**
   * @param {number} when s of the context's clock
   * @param {import("./clicks.js").Click} click
   * @returns {AudioBufferSourceNode}
   */
  click(when, {place, level}) {
    const node = new AudioBufferSourceNode(this.context, {buffer: this.clicks[level]})
    node.connect(this.places[place])
    node.start(when)
    return node
  }
}

/**
 * A tone that dies away at once.
 * @param {BaseAudioContext} context
 * @param {number} loud
 */
function ring(context, loud) {
  const rate = context.sampleRate
  const wave = Array.from({length: Math.ceil(RING * rate)}, (_, k) => {
    const t = k / rate
    return Math.sin(2 * Math.PI * PITCH * t) * Math.exp(-t / DECAY) * (1 - t / RING)
  })
  const samples = Float32Array.from(wave, (one) => loud * one / Math.max(...wave))
  const buffer = new AudioBuffer({length: samples.length, sampleRate: rate})
  buffer.copyToChannel(samples, 0)
  return buffer
}
