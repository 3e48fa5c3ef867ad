import type { Pocket } from '@jeon/sdk/payer'
import { type ComponentChildren, h } from 'preact'
import { isPositive, minus, moneyText } from '../figures.ts'
import type { ViewProps } from './app.ts'

/** What is in the wallet, with a button for each currency. */
export function Balance({ store }: ViewProps): ComponentChildren {
  const view = store.view.value
  const chosen = store.pocket.value
  if (view.name !== 'wallet' || chosen === undefined) return null
  const money = (amount: string, currency: string) =>
    moneyText(amount, currency, store.language.value)
  const { pockets } = view.wallet
  return h('section', { class: 'balance', 'aria-labelledby': 'balance-title' }, [
    h('h2', { id: 'balance-title' }, store.text('balance_title')),
    h('p', { class: 'sum' }, money(ownMoney(chosen), chosen.currency)),
    isPositive(chosen.held)
      ? h(
          'p',
          { class: 'held' },
          store.text('balance_held_label', { amount: money(chosen.held, chosen.currency) }),
        )
      : null,
    h('p', { class: 'fine' }, store.text('balance_sandbox_label')),
    pockets.length < 2
      ? null
      : h(
          'div',
          { class: 'pockets', role: 'group', 'aria-label': store.text('pockets_label') },
          pockets.map((pocket) => {
            const { currency } = pocket
            return h(
              'button',
              {
                key: currency,
                type: 'button',
                'aria-pressed': currency === chosen.currency,
                onClick: () => store.choosePocket(currency),
              },
              [
                h('span', { class: 'code' }, currency),
                ' ',
                h('strong', null, money(ownMoney(pocket), currency)),
              ],
            )
          }),
        ),
  ])
}

/** What is held is spent already, or only passes through to a phone bill: neither is there to be spent. */
function ownMoney({ balance, held, currency }: Pocket): string {
  return minus(balance, held, currency)
}
