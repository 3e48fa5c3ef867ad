import { type ComponentChildren, h } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { LineStore } from '../store.ts'

interface SheetFrameProps {
  readonly store: LineStore
  readonly title: string
  readonly children?: ComponentChildren
}

/** What lies over the page: from below on a phone, in the middle on a desk. Escape closes it. */
export function SheetFrame({ store, title, children }: SheetFrameProps): ComponentChildren {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const own = dialog.current
    own?.showModal()
    // Closing before it goes gives the focus back to where it was.
    return () => own?.close()
  }, [])
  const close = () => {
    store.sheet.value = undefined
  }
  return h(
    'dialog',
    { ref: dialog, class: 'sheet', 'aria-labelledby': 'sheet-title', onClose: close },
    [
      h('header', null, [
        h('h2', { id: 'sheet-title', class: 'dialog-title', tabIndex: -1, autofocus: true }, title),
        h(
          'button',
          {
            type: 'button',
            class: 'close',
            'aria-label': store.text('close_action'),
            onClick: close,
          },
          '✕',
        ),
      ]),
      children,
    ],
  )
}
