import { styles } from './styles.ts'
import type { View } from './view.ts'

/** The element's own part of the page: below the teaser, above or after the paid text. */
export interface Panel {
  show(view: View, language: string, server: string): void
  focus(): void
}

// Paid text takes the place of the panel, which then follows it as a small bar at the screen's edge.
const markup = `<style>${styles}</style><slot></slot><slot name=content></slot><div part=panel><p part=status role=status></p><div part=row><button part=button><span part=action></span><span part=price></span></button><button part=undo></button><a part=wallet target=_blank></a></div><p part=hint></p><i part=bar></i></div>`

const worded = ['status', 'action', 'price', 'undo', 'wallet', 'hint'] as const

/** Builds the panel once; afterwards only words, and what is hidden, change, so that focus is never lost to a redraw. */
export function createPanel(root: ShadowRoot, act: () => void, undo: () => void): Panel {
  root.innerHTML = markup
  const part = (name: string) => root.querySelector<HTMLElement>(`[part=${name}]`)!
  const panel = part('panel')
  const button = part('button')
  const bar = part('bar')
  button.onclick = act
  part('undo').onclick = undo

  return {
    show(view, language, server) {
      panel.lang = language
      panel.part.toggle('quiet', !!view.quiet)
      // Not `disabled`: a disabled button drops the focus that the paid text is to take over.
      panel.ariaBusy = button.ariaDisabled = `${!!view.busy}`
      const { href = '/wallet' } = view
      part('wallet').setAttribute('href', href[0] === '/' ? server + href : href)
      for (const name of worded) {
        const element = part(name)
        const words = view[name] ?? ''
        // Words that did not change are left alone, or a live region would say them again.
        if (element.textContent !== words) element.textContent = words
        // A live region must be there before it speaks; without words it takes no room.
        element.hidden = !words && name !== 'status'
      }
      button.hidden = !view.action
      bar.hidden = !view.quiet || !view.undo
    },
    focus() {
      button.focus({ preventScroll: true })
    },
  }
}
