import { randomUUID } from 'node:crypto'
import { type Fields, JeonProblem } from '@jeon/sdk'
import { Argument, Option } from 'commander'
import { CliFailure } from '../io.ts'
import { needsText } from '../line/proof.ts'
import { askLine, isUuid, listOf, objectsOf } from '../line/request.ts'
import {
  billsText,
  careMoney,
  creditLines,
  historyText,
  inboxText,
  lineZone,
  standingText,
} from '../line/views.ts'
import { asFields, fieldText } from '../sandbox.ts'
import { type CommandSpec, type Context, optionText } from './context.ts'

export const lineShow: CommandSpec<undefined> = {
  name: 'show',
  summary: 'state, use, coming bill, what is owed and what restores service',
  examples: [['jeon line show', 'everything about the linked line']],
  read: () => undefined,
  async run(context) {
    const link = await linked(context)
    const [line, usage, standing] = await Promise.all([
      askLine(context, { path: '/line/care/line' }),
      askLine(context, { path: '/line/care/usage' }),
      askLine(context, { path: '/line/care/standing' }),
    ])
    context.print(standingText(context, { link, line, usage, standing }), {
      link,
      line,
      usage,
      standing,
    })
    return 0
  },
}

interface LinkOptions {
  readonly carrier: string
  readonly link: string | undefined
  readonly code: string | undefined
  readonly password: string | undefined
}

export const lineLink: CommandSpec<LinkOptions> = {
  name: 'link',
  summary: 'let this terminal’s wallet be paid through a phone line',
  args: [new Argument('<number>', 'as in +821020000001')],
  options: [
    new Option('--carrier <id>', 'skt, kt or lgu').default('skt'),
    new Option('--link <id>', 'the link that a code was sent for'),
    new Option('--code <digits>', 'the code from the message'),
    new Option('--password <digits>', 'the payment password of the line (sandbox lines: 135790)'),
  ],
  examples: [
    ['jeon line link +821020000001', 'silently, where the network vouches for the line'],
    ['jeon line link +821020000017 --link … --code 123456 --password 135790', 'with proof'],
  ],
  read: (parsed) => ({
    carrier: optionText(parsed, 'carrier') ?? 'skt',
    link: optionText(parsed, 'link'),
    code: optionText(parsed, 'code'),
    password: optionText(parsed, 'password'),
  }),
  async run(context, options, [typed = '']) {
    const number = internationalNumber(typed)
    const answer = await attempt(context, options, number)
    const id = fieldText(answer, 'id') ?? ''
    const reason = fieldText(asFields(answer.reason), 'text')
    switch (fieldText(answer, 'state')) {
      case 'linked': {
        const credit =
          reason === undefined ? 'is linked' : `is linked, but nothing goes on its bill. ${reason}`
        context.print(`${number} ${credit.replace(/\.?$/, '.')}\n\nnext    jeon line show`, answer)
        return 0
      }
      case 'proof_needed': {
        const again = `jeon line link ${number} --link ${id} --code … --password …`
        const needs = needsText(listOf(answer, 'needs'))
        if (options.link !== undefined) {
          throw new CliFailure('proof_refused', reason ?? 'The carrier did not believe that.', {
            next: again,
          })
        }
        context.print(
          `${reason ?? `The network does not vouch for this line. It needs ${needs}.`}\n\nnext    jeon line inbox ${number}\n        ${again}`,
          answer,
        )
        return 0
      }
      default:
        throw new CliFailure('line_refused', reason ?? 'The line cannot be linked.', {
          hint: `It was looked for at ${options.carrier}; --carrier names another: skt, kt or lgu.`,
        })
    }
  },
}

/** Begins to link, or gives the proof that was asked for. */
async function attempt(context: Context, options: LinkOptions, number: string): Promise<Fields> {
  const { carrier, link, code = '', password = '' } = options
  const more = { method: 'POST', makesWallet: true } as const
  if (link !== undefined) {
    if (!isUuid(link)) {
      throw new CliFailure('usage', `--link ${link} is not the id of a link.`, {
        hint: 'Without it the command begins one, and says its id.',
        exitCode: 2,
      })
    }
    const path = `/line/links/${encodeURIComponent(link)}/proof`
    return askLine(context, { ...more, path, body: { sms_code: code, password } })
  }
  const body = { carrier, phone_number: number }
  try {
    return await askLine(context, { ...more, path: '/line/links', body })
  } catch (error) {
    if (!(error instanceof JeonProblem) || error.code !== 'carrier_not_found') throw error
    const carriers = objectsOf(await askLine(context, { path: '/carriers' }), 'carriers')
    const ids = carriers.flatMap((each) => fieldText(each, 'id') ?? [])
    throw new CliFailure(error.code, `${carrier} is no phone company of this platform.`, {
      hint: ids.length === 0 ? 'It has none.' : `There are: ${ids.join(', ')}.`,
      exitCode: 2,
    })
  }
}

export const lineUnlink: CommandSpec<undefined> = {
  name: 'unlink',
  summary: 'collect what is open and let the line go',
  examples: [['jeon line unlink', 'from now on the wallet pays from its own balance']],
  read: () => undefined,
  async run(context) {
    const { collection } = await askLine(context, { path: '/line' })
    const answer = await askLine(context, { method: 'DELETE', path: '/line' })
    const owed = asFields(collection)
    const isOwing = (fieldText(owed, 'owed') ?? '0') !== '0'
    const collected = isOwing ? `${careMoney(owed, 'owed')} went onto the phone bill. ` : ''
    context.print(`${collected}The line is no longer linked.`, answer)
    return 0
  },
}

export const lineCollect: CommandSpec<undefined> = {
  name: 'collect',
  summary: 'put what was bought onto the phone bill now',
  examples: [['jeon line collect', 'instead of waiting for the threshold']],
  read: () => undefined,
  async run(context) {
    const before = asFields((await linked(context)).collection)
    const collection = await askLine(context, { method: 'POST', path: '/line/collect', body: {} })
    const last = asFields(collection.last)
    const why = fieldText(asFields(collection.blocked_reason), 'text')
    if (last === undefined || last.id === asFields(before?.last)?.id) {
      context.print(['There was nothing to collect.', why].join(' ').trim(), collection)
      return 0
    }
    const amount = careMoney({ ...last, currency: collection.currency }, 'amount')
    if (last.status === 'declined') {
      throw new CliFailure('collection_declined', `${amount} was declined. ${why ?? ''}`.trim(), {
        next: 'jeon line show',
      })
    }
    const isDone = last.status === 'settled'
    context.print(`${amount} ${isDone ? 'is on the phone bill' : 'is on its way'}.`, collection)
    return 0
  },
}

export const lineHistory: CommandSpec<undefined> = {
  name: 'history',
  summary: 'what was bought, and what was declined and why',
  examples: [['jeon line history', 'the last purchases on the line, whoever sold them']],
  read: () => undefined,
  async run(context) {
    const [zone, history] = await Promise.all([
      lineZone(context),
      askLine(context, { path: '/line/care/history?limit=20' }),
    ])
    context.print(historyText(history, zone), history)
    return 0
  },
}

export const lineBills: CommandSpec<undefined> = {
  name: 'bills',
  summary: 'the bills of the line',
  examples: [['jeon line bills', 'newest first']],
  read: () => undefined,
  async run(context) {
    const [answer, standing] = await Promise.all([
      askLine(context, { path: '/line/care/bills' }),
      askLine(context, { path: '/line/care/standing' }),
    ])
    const bills = billsText(objectsOf(answer, 'bills'))
    context.print([bills, ...creditLines(standing)].join('\n\n'), answer)
    return 0
  },
}

export const linePay: CommandSpec<{ readonly isEarly: boolean }> = {
  name: 'pay',
  summary: 'pay what is owed to the carrier, or early what is not billed yet',
  args: [new Argument('[amount]', 'oldest, all, or an amount').default('oldest')],
  options: [new Option('--early', 'pay for this month’s use before its bill')],
  examples: [
    ['jeon line pay oldest', 'the oldest bill: enough before a suspension'],
    ['jeon line pay all', 'everything that is billed'],
    ['jeon line pay 5000 --early', 'makes as much available again this month'],
  ],
  read: (parsed) => ({ isEarly: parsed.early === true }),
  async run(context, { isEarly }, [typed = 'oldest']) {
    const amount = typed.replaceAll(',', '')
    if (!/^(oldest|all|\d{1,15}(\.\d{1,3})?)$/.test(amount)) {
      throw new CliFailure('usage', `${typed} is neither oldest nor all nor an amount.`, {
        next: 'jeon line pay --help',
        exitCode: 2,
      })
    }
    const answer = await askLine(context, {
      method: 'POST',
      path: '/line/care/bill-payments',
      body: { amount, ...(isEarly ? { early: true } : {}) },
      idempotencyKey: randomUUID(),
    })
    const { currency } = asFields(answer.standing) ?? {}
    const money = { ...answer, currency }
    const left =
      (fieldText(answer, 'credit') ?? '0') === '0'
        ? ''
        : ` ${careMoney(money, 'credit')} of it was not owed and comes off the next bills.`
    context.print(`${careMoney(money, 'amount')} paid.${left}\n\nnext    jeon line show`, answer)
    return 0
  },
}

export const lineInbox: CommandSpec<undefined> = {
  name: 'inbox',
  summary: 'the messages that the phone got (sandbox)',
  args: [new Argument('[number]', 'another line than the linked one')],
  examples: [['jeon line inbox', 'newest first']],
  read: () => undefined,
  async run(context, _options, [number]) {
    const phone = number === undefined ? undefined : internationalNumber(number)
    const asked = phone ?? fieldText(await linked(context), 'phone_number') ?? ''
    const answer = await askLine(context, {
      path: `/sandbox/inbox?phone_number=${encodeURIComponent(asked)}`,
      makesWallet: true,
    })
    context.print(inboxText(objectsOf(answer, 'messages'), await lineZone(context)), answer)
    return 0
  },
}

/** `010-2000-0001` as carriers write it: `+821020000001`. */
function internationalNumber(typed: string): string {
  const digits = typed.replaceAll(/[\s-]/g, '')
  if (/^\+[1-9]\d{4,14}$/.test(digits)) return digits
  if (/^0\d{8,10}$/.test(digits)) return `+82${digits.slice(1)}`
  throw new CliFailure('usage', `${typed} is not a phone number.`, {
    hint: 'Write it as 010-2000-0001 or +821020000001.',
    exitCode: 2,
  })
}

/** What the platform says about the link; a failure when there is none. */
async function linked(context: Context): Promise<Fields> {
  const link = await askLine(context, { path: '/line', makesWallet: true })
  if (link.linked === true) return link
  throw new CliFailure('line_missing', 'No line is linked to this terminal’s wallet.', {
    next: 'jeon line link +821020000001',
  })
}
