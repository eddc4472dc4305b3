// Light or dark: as the system has it, until somebody chooses the other one by the page's own button.
import {remember, remembered} from "../shared/remembered.js"

const SETTING = "dark"
const COOKIE = "spark-dark" // by which the server makes the next page so from the beginning

export class Scheme {
  /**
   * @param {() => boolean} isDark
   * @param {HTMLElement} toggle the page's button
   */
  constructor(isDark, toggle) {
    this.isDark = isDark
    this.toggle = toggle
    this.system = matchMedia("(prefers-color-scheme: dark)")
    this.follow = () => {
      if (this.isDark() !== this.wanted) this.toggle.click()
      this.tell(this.wanted)
    }
    this.system.addEventListener("change", this.follow)
    toggle.addEventListener("click", (event) => {
      if (event.isTrusted) this.choose(!this.isDark())
    }, {capture: true})
    this.follow()
  }

  leave() {
    this.system.removeEventListener("change", this.follow)
  }

  get wanted() {
    const chosen = remembered(SETTING)
    return chosen == null ? this.system.matches : chosen === "true"
  }

  /**
   * To choose what the system has is to follow it.
   * @param {boolean} dark
   */
  choose(dark) {
    remember(SETTING, dark === this.system.matches ? null : String(dark))
    this.tell(dark)
  }

  /** @param {boolean} dark */
  tell(dark) {
    document.cookie = `${COOKIE}=${dark}; path=/; max-age=31536000; samesite=lax`
  }
}
