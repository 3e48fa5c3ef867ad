/**
 * What a merchant's page embeds. Importing this defines `<jeon-paywall>`; it is what the server gives out as
 * `/elements.js`. For browsers only.
 */
import { JeonPaywall } from './paywall.ts'

if (!customElements.get('jeon-paywall')) customElements.define('jeon-paywall', JeonPaywall)

export { JeonPaywall }
