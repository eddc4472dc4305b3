// Stimuli: (p) -> (start, end) -> mean current between two times, pA.
/*:means*/

const MEANS = {/*:names*/}

/** What fields a stimulus has, and their values where none is given. */
const DEFAULTS = {
/*:defaults*/
}

/** Numbers from 0 to 1 (sfc32, seeded by three whole numbers): for one of them, and as a normal number. */
function generator(...seed) {
  let [a, b, c] = seed.map((one) => Math.imul(one ^ 0x9e3779b9, 0x85ebca6b)), d = 1
  const word = () => {
    const t = (a + b | 0) + d | 0
    d = d + 1 | 0
    a = b ^ b >>> 9
    b = c + (c << 3) | 0
    c = (c << 21 | c >>> 11) + t | 0
    return t >>> 0
  }
  for (let k = 0; k < 20; k++) word()
  const uniform = () => ((word() >>> 5) * 67108864 + (word() >>> 6) + 0.5) / 9007199254740992
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  /** A Poisson number: inverted where few are expected; many are the sum of few. */
  const poisson = (mean) => {
    let count = 0
    for (; mean > 20; mean -= 20) count += poisson(20)
    if (!(mean > 0)) return count
    for (let left = uniform(), part = Math.exp(-mean), k = 1; left > part && part > 1e-300; k++) {
      left -= part
      part *= mean / k
      count++
    }
    return count
  }
  return {normal, poisson}
}

/** The values of a stimulus for one unit: its own of those that differ between units. */
function valuesOf({type, ...given}, unit) {
  if (!(type in DEFAULTS)) throw new Error(`There is no stimulus ${JSON.stringify(type)}, but ${Object.keys(DEFAULTS).join(", ")}.`)
  const values = {...DEFAULTS[type]}, fields = Object.keys(values)
  const own = (row) => Array.isArray(row) ? row[row.length > 1 ? unit : 0] : row
  for (const [name, told] of Object.entries(given)) {
    if (!fields.includes(name)) throw new Error(`${type} has no ${JSON.stringify(name)}, but ${fields.join(", ")}.`)
    const value = told?.type === "array" ? told.values : told
    values[name] = name === "samples" ? value.map(own) : own(value)
    if (typeof values[name] === "object" && name !== "samples") {
      throw new Error(`${type}.${name} is drawn by an initializer: give the numbers that it draws.`)
    }
  }
  return values
}

/** Which part of a step lies within a window. */
const shareOf = (p) => Step({...p, amplitude: 1})

/** What a stimulus of one kind delivers in each step, as a function of the step's beginning and end, in their order. */
function delivered(kind, p, dt, unit, twin) {
  if (kind in MEANS) return MEANS[kind](p)
  const who = p.frozen ? 0 : unit
  if (kind === "OrnsteinUhlenbeck") {
    const law = stepMeans(dt / p.tau), {normal} = generator(p.seed, 1 + 4 * twin, who), share = shareOf(p)
    let known = law.first * normal()
    return (start, end) => {
      const n = normal(), mean = known + law.fresh * n
      known = law.kept * known + law.kick * n
      return share(start, end) * (p.mean + p.std * mean)
    }
  }
  if (kind === "PoissonSynapses") {
    const parts = ["excitatory", "inhibitory"].map((name, k) => synapse(p, name, dt, generator(p.seed, 2 + k + 4 * twin, who)))
    return (start, end) => parts[0](start, end) - parts[1](start, end)
  }
  const {samples, interval} = p, charge = [0] // an Array
  for (const sample of samples) charge.push(charge.at(-1) + sample)
  const until = (t) => {
    const place = Math.min(Math.max(t / interval, 0), samples.length)
    const whole = Math.min(Math.floor(place + 1e-9), samples.length - 1)
    return (charge[whole] + (place - whole) * samples[whole]) * interval
  }
  return (start, end) => (until(end) - until(start)) / (end - start)
}

/** Poisson events that add a weight, which decays; its mean over each step. */
function synapse(p, name, dt, {poisson}) {
  const tau = p[`${name}_tau`], kept = Math.exp(-dt / tau), share = shareOf(p)
  let x = 0
  return (start, end) => {
    x += poisson(p[`${name}_rate`] * dt / 1000 * share(start, end))
    const current = p[`${name}_weight`] * x * (1 - kept) * tau / dt
    x *= kept
    return current
  }
}

/** The current held in each step, pA: of a number, of a current for each step, or of stimuli as Spark's to_dict(). */
export function currents(stimulus, dt, steps, unit = 0) {
  if (typeof stimulus === "number") return new Float64Array(steps).fill(stimulus)
  const list = Array.isArray(stimulus) || ArrayBuffer.isView(stimulus) ? stimulus : [stimulus]
  if (typeof list[0] === "number") {
    if (list.length < steps) throw new Error(`The current has ${list.length} values, of ${steps} steps.`)
    return Float64Array.from({length: steps}, (_, k) => list[k])
  }
  const parts = list.flatMap(partsOf), held = new Float64Array(steps)
  parts.forEach((part, place) => {
    // Parts of one kind and seed must not draw the same noise.
    const twin = parts.slice(0, place).filter((other) => other.type === part.type && other.seed === part.seed).length
    const mean = delivered(part.type, valuesOf(part, unit), dt, unit, twin)
    for (let k = 0; k < steps; k++) held[k] += mean(k * dt, k * dt + dt)
  })
  return held
}

const partsOf = (stimulus) => stimulus.parts ? stimulus.parts.flatMap(partsOf) : [stimulus]
