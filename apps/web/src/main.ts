import { effect } from '@preact/signals'
import { h, render } from 'preact'
import { keepLanguage, keptLanguage, preferredLanguage } from './language.ts'
import { Store } from './store.ts'
import { App } from './views/app.ts'

const store = new Store(
  location.origin,
  preferredLanguage(location.search, keptLanguage(), navigator.languages),
)

effect(() => keepLanguage(store.language.value, store.text('app_document_title')))

const root = document.getElementById('app')
if (root === null) throw new Error('index.html has no #app')
render(h(App, { store }), root)
store.load().then(undefined, reportError)
