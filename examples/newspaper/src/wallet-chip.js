// How much is in this browser's wallet, in the corner of every page. Without a wallet the chip is only a link.
const chip = document.querySelector('.chip')
const sum = chip.querySelector('b')

async function refresh() {
  try {
    const response = await fetch(`${chip.dataset.server}/v1/wallet`, {
      credentials: 'include',
      headers: { authorization: `Bearer ${chip.dataset.key}` },
    })
    if (!response.ok) return
    const { pockets } = await response.json()
    const { available, currency } = pockets[0]
    const { amount } = typeof available === 'string' ? { amount: available } : available
    const options = { style: 'currency', currency, maximumFractionDigits: 6 }
    sum.textContent = new Intl.NumberFormat(document.documentElement.lang, options).format(amount)
    sum.hidden = false
  } catch {
    // The paper reads as well without it.
  }
}

addEventListener('jeon-paid', refresh)
addEventListener('jeon-refunded', refresh)
refresh()
