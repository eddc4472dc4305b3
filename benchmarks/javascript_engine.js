// Runs what Python asks for, a line of JSON for each: {source, code, given} -> {result} or {error}. The source is a
// module, the code the body of a function of it and of what is given. Nothing is permitted, and nothing needed.
const AsyncFunction = (async () => {}).constructor

/** Bytes of an array, and numbers that JSON has not, in words. */
function plain(_, value) {
  if (value instanceof Float64Array) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    return {float64: bytes.toBase64()}
  }
  return typeof value === "number" && !Number.isFinite(value) ? {number: String(value)} : value
}

async function answer({source, code, given}) {
  try {
    const module = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(source)}`)
    return {result: (await new AsyncFunction("module", "given", code)(module, given)) ?? null}
  } catch (error) {
    return {error: String(error)}
  }
}

const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
const encoder = new TextEncoder()
let rest = ""
for await (const piece of lines) {
  const whole = (rest + piece).split("\n")
  rest = whole.pop()
  for (const line of whole) {
    let told = encoder.encode(JSON.stringify(await answer(JSON.parse(line)), plain) + "\n")
    while (told.length) told = told.subarray(await Deno.stdout.write(told))
  }
}
