// What the page has before its components: BokehJS, KaTeX, and what they make themselves (spark.js).
// deno-lint-ignore-file no-explicit-any
import type {Spark} from "./spark.js"

declare global {
  var Bokeh: any
  var katex: any
  var spark: Spark | undefined
}
