import { moneyFromJson } from '@jeon/money'
import { type Jeon, newPaymentId, type Payment, type PendingPayment } from '@jeon/sdk'
import { Argument, Option } from 'commander'
import { CliFailure } from '../io.ts'
import { askLine } from '../line/request.ts'
import { withProgress } from '../progress.ts'
import { openPurse, type PurseEntry, savePurse } from '../purse.ts'
import { asFields, clientFor, fieldText, parseFields, readKeys } from '../sandbox.ts'
import { moneyText } from '../text.ts'
import { type CommandSpec, type Context, optionText } from './context.ts'

interface PayOptions {
  readonly offer: string | undefined
  readonly merchant: string | undefined
  readonly max: string | undefined
  readonly code: string | undefined
}

/** What is to be paid: by whom it is offered, and for how much where that is known. */
interface Wanted {
  readonly offer: string
  readonly merchant: string | undefined
  /** Confirms a payment that was begun before. */
  readonly code?: string | undefined
}

export const pay: CommandSpec<PayOptions> = {
  name: 'pay',
  summary: 'pay for an offer, or for what an address asks 402 for, and print it',
  args: [new Argument('[url]', 'an address that answers 402 Payment Required')],
  options: [
    new Option('--offer <id>', 'pay for this offer instead'),
    new Option('--merchant <id>', 'whose offer it is (default: the sandbox’s merchant)'),
    new Option(
      '--code <digits>',
      'the code that the carrier sent, for a payment that waits for it',
    ),
    new Option('--max <amount>', 'refuse to pay more than this, in the offer’s currency'),
  ],
  examples: [
    [
      'jeon pay http://localhost:4300/articles/moss-library/content',
      'pay, fetch again, print the article',
    ],
    ['jeon pay --offer article-1', 'pay for an offer of the sandbox’s merchant'],
    ['jeon pay --offer article-1 --max 100', 'but not more than 100'],
  ],
  read: (parsed) => ({
    offer: optionText(parsed, 'offer'),
    merchant: optionText(parsed, 'merchant'),
    max: optionText(parsed, 'max'),
    code: optionText(parsed, 'code'),
  }),
  async run(context, options, [url]) {
    if ((url === undefined) === (options.offer === undefined)) {
      throw new CliFailure('usage', 'Give either an address or --offer.', {
        next: 'jeon pay --help',
        exitCode: 2,
      })
    }
    if (url === undefined) await payOffer(context, options)
    else await payAddress(context, options, url)
    return 0
  },
}

async function payOffer(context: Context, options: PayOptions): Promise<void> {
  const merchant = options.merchant ?? (await readKeys(context.io))?.merchantId
  const wanted = { offer: options.offer ?? '', merchant, code: options.code }
  const paid = await obtain(context, wanted, options.max)
  // Its id follows alone, for whoever reads our output.
  tellPaid(context, { ...paid, payment: undefined })
  context.print(paid.payment ?? paid.receipt, { status: 'accepted', ...paid })
}

async function payAddress(context: Context, options: PayOptions, url: string): Promise<void> {
  if (!URL.canParse(url) || !/^https?:\/\//.test(url)) {
    throw new CliFailure('usage', `${url} is not an http(s) address.`, { exitCode: 2 })
  }
  const first = await visit(url, {})
  const text = await first.text()
  if (first.status !== 402) {
    if (first.ok) {
      printContent(context, text, { status: 'free', url: first.url })
      return
    }
    throw new CliFailure('address_failed', `${url} answered ${first.status}.`, {
      hint: fieldText(parseFields(text), 'title'),
    })
  }
  const paid = await obtain(context, wantedIn(context, text, url), options.max)
  tellPaid(context, paid)
  // The receipt opens what was paid for, so it goes to the address that asked and nowhere a redirect might point.
  const second = await visit(first.url, { 'jeon-receipt': paid.receipt })
  const content = await second.text()
  if (!second.ok) {
    throw new CliFailure('paid_not_opened', `It is paid, but ${url} answered ${second.status}.`, {
      hint: 'Its receipt is good for an hour, without paying again.',
      next: `curl -H "Jeon-Receipt: ${paid.receipt}" ${first.url}`,
    })
  }
  printContent(context, content, { status: 'accepted', ...paid, url: first.url })
}

async function visit(url: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  const isFirst = Object.keys(headers).length === 0
  try {
    return await fetch(url, {
      headers,
      redirect: isFirst ? 'follow' : 'manual',
      signal: AbortSignal.timeout(15_000),
    })
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new CliFailure('address_unreachable', `${url} cannot be reached.`, {
      hint: cause instanceof Error ? cause.message : undefined,
      next: 'jeon doctor',
    })
  }
}

/** What a 402 answer asks for; only of the platform whose wallet this is. */
function wantedIn(context: Context, text: string, url: string): Wanted {
  const problem = parseFields(text)
  const info = asFields(problem?.offer)
  const offer = fieldText(info, 'id') ?? fieldText(problem, 'offer')
  const merchant = fieldText(info, 'merchant') ?? fieldText(problem, 'merchant')
  if (offer === undefined || merchant === undefined) {
    throw new CliFailure('offer_missing', `${url} wants to be paid, but does not say for what.`, {
      hint: 'Its 402 answer has no offer in the form of this platform.',
    })
  }
  const server = fieldText(info, 'server')?.replace(/\/+$/, '')
  if (server !== undefined && server !== context.server) {
    throw new CliFailure('other_platform', `${url} is paid through ${server}.`, {
      hint: `The wallet in use is one of ${context.server}.`,
      next: `jeon pay ${url} --server ${server}`,
    })
  }
  return { offer, merchant }
}

interface Paid {
  readonly payment: string | undefined
  readonly receipt: string
  /** Undefined when it had been paid for before. */
  readonly amount: Payment['amount'] | undefined
}

/** A receipt for what is wanted: the one already owned, or one that is paid for now. */
async function obtain(context: Context, wanted: Wanted, max: string | undefined): Promise<Paid> {
  const { io, server } = context
  const key = `${wanted.merchant ?? ''} ${wanted.offer}`
  const opened = await withProgress(io, 'opening the wallet', () => openPurse(io, server))
  const purse = await withoutOtherLine(context, opened, key)
  const jeon = clientFor(server, purse.token)
  if (purse.pending[key] === undefined) {
    const owned = await jeon.entitlements.check(definedOf(wanted))
    if (owned.entitled && owned.receipt !== undefined) {
      return { payment: owned.payment, receipt: owned.receipt, amount: undefined }
    }
  }
  await checkPrice(jeon, wanted, max)

  const id = purse.pending[key] ?? newPaymentId()
  const pending = { ...purse.pending, [key]: id }
  await savePurse(io, server, { ...purse, pending })
  const payment = await send(context, jeon, wanted, id, { ...purse, pending }, key)
  // Offers that unlock nothing are paid without a receipt; who pays from a terminal wants one all the same.
  const receipt = payment.receipt ?? (await jeon.payments.receipt(payment.id))
  return { payment: payment.id, receipt, amount: payment.amount }
}

/**
 * The purse without a payment that waits to be confirmed on a line that is not this wallet's any more: it lapses. One that
 * was paid, or whose outcome is unknown, stays, whatever the line.
 */
async function withoutOtherLine(
  context: Context,
  purse: PurseEntry,
  key: string,
): Promise<PurseEntry> {
  const [asked, id] = [purse.waiting[key], purse.pending[key]]
  if (asked === undefined || id === undefined) return purse
  if (asked === (await linkedNumber(context))) return purse
  const outcome = await clientFor(context.server, purse.token).payments.resolve(id)
  // It may have been confirmed in the meantime: then it is paid, and the same command says so.
  if (outcome.status === 'accepted' || outcome.status === 'unknown') return purse
  const kept = settled(purse, key)
  await savePurse(context.io, context.server, kept)
  return kept
}

/** The phone number behind the wallet; empty when there is none. */
async function linkedNumber(context: Context): Promise<string> {
  return fieldText(await askLine(context, { path: '/line' }), 'phone_number') ?? ''
}

function settled(purse: PurseEntry, key: string): PurseEntry {
  const { [key]: _settled, ...pending } = purse.pending
  const { [key]: _confirmed, ...waiting } = purse.waiting
  return { ...purse, pending, waiting }
}

async function send(
  context: Context,
  jeon: Jeon,
  wanted: Wanted,
  id: string,
  purse: PurseEntry,
  key: string,
): Promise<Payment> {
  const { io, server } = context
  const outcome = await withProgress(io, 'paying', () =>
    wanted.code === undefined
      ? jeon.payments.create({ id, ...definedOf(wanted) })
      : jeon.payments.validate(id, wanted.code),
  )
  if (outcome.status === 'unknown') {
    throw new CliFailure('unknown', 'It is not known whether the payment was made.', {
      hint: `Its id ${id} is kept; the same command asks about it and does not pay twice.`,
      next: 'the same command again',
      exitCode: 3,
    })
  }
  if (outcome.status === 'pending') {
    if (outcome.validation !== undefined) {
      const waiting = { ...purse.waiting, [key]: await linkedNumber(context) }
      await savePurse(io, server, { ...purse, waiting })
    }
    throw confirmationNeeded(outcome, wanted.offer)
  }
  // A mistyped code ends nothing: the payment still waits for the right one.
  if (outcome.status === 'refused' && /code/.test(outcome.problem.code)) throw outcome.problem
  await savePurse(io, server, settled(purse, key))
  if (outcome.status === 'refused') throw outcome.problem
  return outcome.value
}

/** The payment waits for its payer; its id is kept, so that the same command goes on with it. */
function confirmationNeeded({ validation }: PendingPayment, offer: string): CliFailure {
  if (validation === undefined) {
    return new CliFailure('carrier_works', 'The carrier is still at work.', {
      next: 'the same command again',
      exitCode: 3,
    })
  }
  const isCode = validation.by === 'code'
  return new CliFailure('confirmation_needed', 'The carrier asks the payer to confirm this.', {
    hint: isCode
      ? 'A code was sent to the phone: jeon line inbox.'
      : `Confirm it at ${validation.url}`,
    next: isCode ? `jeon pay --offer ${offer} --code …` : 'the same command again, afterwards',
    exitCode: 3,
  })
}

async function checkPrice(jeon: Jeon, wanted: Wanted, max: string | undefined): Promise<void> {
  if (max === undefined) return
  const { price } = await jeon.offers.get(wanted.offer, wanted.merchant)
  const limit = moneyFromJson({ amount: max, currency: price.currency })
  const asked = moneyFromJson(price)
  if (!limit.ok || !asked.ok) {
    throw new CliFailure('usage', `--max ${max} is not an amount in ${price.currency}.`, {
      exitCode: 2,
    })
  }
  if (asked.money.amount <= limit.money.amount) return
  throw new CliFailure('above_max', `It costs ${moneyText(price)}, more than --max allows.`)
}

function definedOf(wanted: Wanted): { readonly offer: string; readonly merchant?: string } {
  const { offer, merchant } = wanted
  return merchant === undefined ? { offer } : { offer, merchant }
}

function tellPaid(context: Context, paid: Paid): void {
  if (context.isJson) return
  const sum = paid.amount === undefined ? 'paid for before' : `paid ${moneyText(paid.amount)}`
  const mark = context.paints.good('✓')
  context.io.err(`${mark} ${sum} ${paid.payment ?? ''}`.trimEnd())
  const { receipt } = paid
  context.io.err(
    `\n  receipt  ${receipt.slice(0, 24)}… (${receipt.length} characters, whole with --json)\n`,
  )
}

function printContent(
  context: Context,
  content: string,
  json: Readonly<Record<string, unknown>>,
): void {
  context.print(content.trimEnd(), { ...json, content })
}
