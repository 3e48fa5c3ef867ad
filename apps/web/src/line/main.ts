import { startPage } from '../shell/start.ts'
import { LineStore } from './store.ts'
import { App } from './views/app.ts'

startPage((language) => new LineStore(language), App)
