import { act, closePaywall, openPaywall, type Paywall, render, undo, wake } from './controller.ts'
import { createPanel, type Panel } from './panel.ts'

/**
 * `<jeon-paywall>`: a price, one tap, and the text in its place.
 *
 * Attributes: `server`, `key`, `offer`, `price`, `currency`, `content` (a URL on the page's own origin), `lang`
 * (Default: the nearest `lang`, else the browser's), `timeout-ms` (Default: 8000).
 * Events, bubbling and composed: `jeon-paid`, `jeon-refunded`, `jeon-declined`. The attribute `state` mirrors the state.
 */
export class JeonPaywall extends HTMLElement {
  static readonly observedAttributes = ['server', 'key', 'offer', 'price', 'currency', 'lang']

  #panel?: Panel
  #paywall?: Paywall | undefined

  connectedCallback(): void {
    this.#panel ??= createPanel(this.attachShadow({ mode: 'open' }), this.#on(act), this.#on(undo))
    document.addEventListener('visibilitychange', this.#wake)
    this.#open(this.#panel)
  }

  disconnectedCallback(): void {
    document.removeEventListener('visibilitychange', this.#wake)
    this.#close()
    this.#paywall = undefined
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (!this.#panel || !this.#paywall || before === after) return
    if (name === 'lang') render(this.#paywall)
    else this.#open(this.#panel)
  }

  readonly #on = (action: (paywall: Paywall) => void) => (): void => {
    if (this.#paywall) action(this.#paywall)
  }

  readonly #wake = this.#on(wake)
  readonly #close = this.#on(closePaywall)

  #open(panel: Panel): void {
    this.#close()
    this.#paywall = openPaywall(this, panel)
  }
}
