import { effect } from '@preact/signals'
import { h, render } from 'preact'
import { keepLanguage, keptLanguage, preferredLanguage } from '../language.ts'
import { LineStore } from './store.ts'
import { App } from './views/app.ts'

const store = new LineStore(preferredLanguage(location.search, keptLanguage(), navigator.languages))

effect(() => keepLanguage(store.language.value, store.text('app_document_title')))

const root = document.getElementById('app')
if (root === null) throw new Error('line.html has no #app')
render(h(App, { store }), root)
store.load().then(undefined, reportError)
