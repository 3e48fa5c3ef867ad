/**
 * What of oidc-provider is used as a value. It knows a supported runtime by its long-term support, which a release of Node gets
 * only half a year after it came out, and warns of others at each start; nothing else is kept back.
 */
const warn = console.warn
console.warn = (...said: unknown[]) => {
  if (!String(said[0]).includes('oidc-provider WARNING: Unsupported runtime')) warn(...said)
}
export const openid = await import('oidc-provider')
console.warn = warn
