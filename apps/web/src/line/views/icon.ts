import { type ComponentChildren, h } from 'preact'

const paths = {
  home: 'M3 10.5 12 3l9 7.5V21h-6v-6H9v6H3z',
  bills: 'M5 3h14v18l-3-2-2 2-2-2-2 2-2-2-3 2zM9 8h6M9 12h6',
  safety: 'M12 3l8 3v6c0 5-3.5 7.6-8 9-4.5-1.4-8-4-8-9V6z',
  phone: 'M4 5h16v11H10l-4 4v-4H4z',
  good: 'M5 12.5l4.5 4.5L19 7.5',
  pause: 'M9 6v12M15 6v12',
  alert: 'M12 5v9M12 18.5v.1',
  cross: 'M6 6l12 12M18 6L6 18',
  back: 'M9 7l-5 5 5 5M4 12h11a5 5 0 0 1 5 5v1',
  onward: 'M9 6l6 6-6 6',
} as const

export type IconName = keyof typeof paths

/** Drawn, because not every phone has every sign in its fonts. Says nothing that words do not say too. */
export function Icon({ name }: { readonly name: IconName }): ComponentChildren {
  return h(
    'svg',
    { class: `icon ${name}`, viewBox: '0 0 24 24', 'aria-hidden': true },
    h('path', { d: paths[name] }),
  )
}
