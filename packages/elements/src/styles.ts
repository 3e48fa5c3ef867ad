/**
 * The panel's looks. `Canvas` and `CanvasText` are the page's own paper and ink in light, dark and forced colours, so
 * that without a single property set it already belongs to the page. Written tight: it travels with every page.
 */
export const styles = `
:host{display:block}
[hidden],p:empty{display:none!important}
[part~=panel]{font:var(--jeon-font,.9375rem/1.5 system-ui,sans-serif);margin:1.5rem auto;max-width:26rem;text-align:center;word-break:keep-all}
[part=row],button,a{display:flex;flex-wrap:wrap;gap:0 .75rem;align-items:center;justify-content:center}
p{margin:.75rem 0}
button,a{font:inherit;font-weight:600;min-height:48px;padding:0 1.25rem;border:0;border-radius:var(--jeon-radius,10px);cursor:pointer;background:none;color:inherit;text-decoration:underline;text-underline-offset:.25em}
[part=button],:host([state=waiting]) a{flex:100%;background:var(--jeon-accent,CanvasText);color:var(--jeon-on-accent,Canvas);font-size:1.0625rem;text-decoration:none}
[part=hint]{font-size:.8125rem;opacity:.75}
:focus-visible{outline:2px solid;outline-offset:-6px}
[aria-busy=true]>*{animation:pulse .7s infinite alternate}
[part~=quiet]{position:sticky;bottom:1rem;z-index:1;width:fit-content;display:flex;align-items:center;overflow:hidden;padding-left:1.25rem;background:CanvasText;color:Canvas;border-radius:var(--jeon-radius,10px);box-shadow:0 4px 24px #0003}
[part=bar]{position:absolute;inset:auto 0 0;height:3px;background:currentColor;opacity:.5;animation:drain 10s linear}
@keyframes pulse{to{opacity:.6}}
@keyframes drain{to{right:100%}}
@media(prefers-reduced-motion:reduce){*{animation:none!important}}
`
