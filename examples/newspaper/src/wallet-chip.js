// How much of its own is in this browser's wallet, in the corner of every page; what a phone bill would add is said apart.
// Without a wallet the chip is only a link.
const chip = document.querySelector('.chip')
const sum = chip.querySelector('b')
const credit = chip.querySelector('small')

async function refresh() {
  try {
    const response = await fetch(`${chip.dataset.server}/v1/wallet`, {
      credentials: 'include',
      headers: { authorization: `Bearer ${chip.dataset.key}` },
    })
    if (!response.ok) return
    const { pockets } = await response.json()
    const { balance, held, available, currency } = pockets[0]
    const options = { style: 'currency', currency, maximumFractionDigits: 6 }
    const text = new Intl.NumberFormat(document.documentElement.lang, options)
    // What is held is not there to be spent; below nothing it is the phone bill's already.
    const own = Math.max(0, balance - held)
    const more = available - own
    sum.textContent = text.format(own)
    credit.textContent = chip.dataset.credit.replace('{}', text.format(more))
    sum.hidden = false
    credit.hidden = more <= 0
  } catch {
    // The paper reads as well without it.
  }
}

addEventListener('jeon-paid', refresh)
addEventListener('jeon-refunded', refresh)
refresh()
