import { fileURLToPath } from 'node:url'

/** Where the checkout is that this program runs from. */
export const repositoryRoot = fileURLToPath(new URL('../../..', import.meta.url))
