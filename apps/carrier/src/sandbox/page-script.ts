/**
 * What runs in the sandbox's page: reads the inbox anew every second while the page is looked at. The texts that it
 * needs are in data attributes, so that nothing is put together into code.
 */
export const pageScript = `
const box = document.querySelector('.messages')
const state = document.querySelector('.state')
const { number, locale, zone, empty, emptyHint, lost } = box.dataset
const clock = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone })
const element = (name, props, ...children) => {
  const made = Object.assign(document.createElement(name), props)
  made.append(...children)
  return made
}
let known = new Set()
let shown
function show(messages) {
  const key = messages.map(({ id }) => id).join()
  if (key === shown) return
  const isFirst = shown === undefined
  shown = key
  const bubbles = messages.map(({ id, text, at }) => element('article',
    { className: 'message' + (isFirst || known.has(id) ? '' : ' new') },
    element('time', { dateTime: at, textContent: clock.format(new Date(at)) }),
    element('p', { textContent: text })))
  known = new Set(messages.map(({ id }) => id))
  const nothing = element('div', { className: 'nothing' },
    element('strong', { textContent: empty }), emptyHint)
  box.replaceChildren(...(bubbles.length === 0 ? [nothing] : bubbles))
}
async function read() {
  try {
    const answer = await fetch('/sandbox/inbox?phone_number=' + encodeURIComponent(number))
    if (!answer.ok) throw new Error(answer.statusText)
    show((await answer.json()).messages)
    state.textContent = ''
  } catch {
    state.textContent = lost
  }
}
async function turn() {
  if (!document.hidden) await read()
  setTimeout(turn, 1000)
}
turn()
const reset = document.querySelector('.reset')
reset?.addEventListener('click', async () => {
  reset.disabled = true
  const path = '/sandbox/lines/' + encodeURIComponent(number) + '/reset'
  const answer = await fetch(path, { method: 'POST' }).catch(() => undefined)
  if (answer?.ok) location.reload()
  else { reset.disabled = false; state.textContent = lost }
})
`
