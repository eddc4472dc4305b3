// Icons as strokes on a field of 24 pixels.

const SVG = "http://www.w3.org/2000/svg"
/** @type {Object<string, string>} */
const STROKES = {
  reset: "M5 12a7 7 0 1 0 2.2-5.1M4.5 4v4.5H9",
  undo: "M9 7L4.5 11.5 9 16M5 11.5h9a5 5 0 0 1 0 10h-3",
  redo: "M15 7l4.5 4.5L15 16M19 11.5h-9a5 5 0 0 0 0 10h3",
  down: "M7 10l5 5 5-5",
  share:
    "M8.6 10.7l6.8-3.9M8.6 13.3l6.8 3.9M6 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM18 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM18 21a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  export: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  lessons: "M12 6.5c-2-1.6-5-2-8-1.6v13c3-.4 6 0 8 1.6 2-1.6 5-2 8-1.6v-13c-3-.4-6 0-8 1.6zM12 6.5V19",
  mystery: "M9 3h6M10 3v6.2l-5.4 9.3a1.7 1.7 0 0 0 1.5 2.5h11.8a1.7 1.7 0 0 0 1.5-2.5L14 9.2V3M7.4 15h9.2",
  classroom: "M4 5h16v9H4zM8 21l1.5-3.5h5L16 21M12 14v3.5",
  print: "M7 8V3h10v5M7 17H4v-7a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v7h-3M7 14h10v7H7z",
  present: "M3 4h18M5 4v11h14V4M12 15v5M8 20h8",
  leave: "M6 6l12 12M18 6L6 18",
  equations: "M18 7V5H6l6 7-6 7h12v-2",
  star: "M12 3.5l2.6 5.5 6 .7-4.4 4.1 1.2 6-5.4-3-5.4 3 1.2-6L3.4 9.7l6-.7z",
  sound: "M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  more: "M5 12h.01M12 12h.01M19 12h.01",
}

/** @param {string} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path")
  svg.setAttribute("viewBox", "0 0 24 24")
  svg.setAttribute("aria-hidden", "true")
  if (name === "more") svg.style.strokeWidth = "3.5"
  path.setAttribute("d", STROKES[name])
  svg.append(path)
  return svg
}
