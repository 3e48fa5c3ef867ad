/**
 * The paid text: fetched from the merchant's own server with the receipt, put into the page as it came.
 *
 * The fragment is trusted because it is of the page's own origin (`mode: 'same-origin'` holds for redirects as well), and
 * that origin could do to its page whatever it likes. Scripts in it stay inert all the same. The receipt goes nowhere else.
 */
export async function fetchContent(
  url: string,
  receipt: string,
): Promise<{ readonly html?: string; readonly refused?: boolean }> {
  try {
    const headers = { 'Jeon-Receipt': receipt }
    const response = await fetch(url, { headers, mode: 'same-origin' })
    if (response.ok) return { html: await response.text() }
    return { refused: response.status === 402 || response.status === 403 }
  } catch {
    return {}
  }
}

/** Puts the fragment where the panel was. It lives in the page itself, so that the page's own styles are its styles. */
export function showContent(host: HTMLElement, html: string): HTMLElement {
  const box = document.createElement('div')
  box.slot = 'content'
  box.innerHTML = html
  host.append(box)
  return box
}

/** Screen readers go on at the text's first heading, or at the text. */
export function focusContent(box: HTMLElement): void {
  const target = box.querySelector<HTMLElement>('h1,h2,h3') ?? box
  target.tabIndex = -1
  target.focus({ preventScroll: true })
}
