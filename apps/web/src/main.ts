import { effect } from '@preact/signals'
import { h, render } from 'preact'
import { preferredLanguage } from './messages.ts'
import { Store } from './store.ts'
import { App } from './views/app.ts'

const languageKey = 'jeon.language'
const store = new Store(
  location.origin,
  preferredLanguage(location.search, kept(), navigator.languages),
)

effect(() => {
  const language = store.language.value
  document.documentElement.lang = language
  document.title = store.text('app_document_title')
  try {
    localStorage.setItem(languageKey, language)
  } catch {
    // Some browsers forbid storage; then the choice lasts as long as the page.
  }
})

const root = document.getElementById('app')
if (root === null) throw new Error('index.html has no #app')
render(h(App, { store }), root)
store.load().then(undefined, reportError)

function kept(): string | null {
  try {
    return localStorage.getItem(languageKey)
  } catch {
    return null
  }
}
