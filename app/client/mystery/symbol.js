// Symbols of quantities, in a table or in a sentence.
import {h, subscripted} from "../shared/dom.js"

/** @param {string} text "tau_m" */
export const symbol = (text) => h("span", {class: "symbol"}, ...subscripted(text))

/** @param {string} words with symbols between backquotes */
export const sentence = (words) => words.split("`").map((part, at) => at % 2 ? symbol(part) : part)
