import { effect } from '@preact/signals'
import { type ComponentType, h, render } from 'preact'
import { keepLanguage, keptLanguage, type Language, preferredLanguage } from '../language.ts'
import type { ShellStore } from './views.ts'

/** Puts a page into its document, in the language that its reader prefers, and begins to read what it shows. */
export function startPage<Store extends ShellStore>(
  open: (language: Language) => Store,
  App: ComponentType<{ readonly store: Store }>,
): void {
  const store = open(preferredLanguage(location.search, keptLanguage(), navigator.languages))
  effect(() => keepLanguage(store.language.value, store.text('app_document_title')))
  const root = document.getElementById('app')
  if (root === null) throw new Error('the document has no #app')
  render(h(App, { store }), root)
  store.load().then(undefined, reportError)
}
