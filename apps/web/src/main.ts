import { startPage } from './shell/start.ts'
import { Store } from './store.ts'
import { App } from './views/app.ts'

startPage((language) => new Store(location.origin, language), App)
