import { describe, expect, test } from 'vitest'
import { limits, line, number, ok, problem, terminalWithLine } from './terminal-with-line.ts'

const { replies, asked, jeon, sent } = terminalWithLine()

const entry = (id: string, kind: string, status: string, more?: object) => ({
  ...{ id, kind, status, at: '2026-11-22T15:10:00Z', amount: '3000', currency: 'KRW' },
  ...{ merchant: { name: 'Daily' }, description: 'coins', refunded: '0', ...more },
})

describe('line show', () => {
  test('names every block and how it ends, and keeps what is reserved apart', async () => {
    const { out, exitCode } = await jeon('line', 'show')
    expect(exitCode).toBe(0)
    expect(out).toContain('unblock granted: it ends at 2026-11-24 00:00 KST')
    expect(out).toContain('to lift it: jeon line unblock voucher')
    expect(out).toContain('only the carrier lifts it')
    expect(out).toContain('₩9,000 used + ₩3,000 reserved of ₩300,000  until 2026-12-01 00:00 KST')
    expect(out).toContain('₩700 written off, still owed')
    expect(out).toContain('the wallet’s own money first')
  })

  test('one proof lifts what is the owner’s to lift, and what stays says why', async () => {
    expect((await jeon('line', 'unblock')).out).toContain('holds from 2026-11-24 00:00 KST on')
    const begun = await jeon('line', 'unblock', 'voucher')
    expect(begun.out).toContain('It needs the code from the message and the payment password.')
    expect(begun.out).toContain('jeon line unblock voucher --proof prf-1')
    expect(JSON.parse((await jeon('line', 'unblock', '--json')).out)).toEqual({
      ...{ id: 'blk-1', lifts_at: '2026-11-23T15:00:00Z' },
    })
    replies['POST /v1/line/care/blocks/blk-1/lift'] = ok({
      line,
      lifted: [
        { id: 'blk-1', kind: 'payer', lifts_at: '2026-11-23T15:00:00Z' },
        { id: 'blk-2', kind: 'voucher', lifts_at: '2026-11-23T15:00:00Z' },
      ],
      remaining: [{ id: 'blk-3', kind: 'fraud', why: 'Ask 114.' }],
    })
    const { out } = await jeon('line', 'unblock', '--proof', 'prf-1', '--code', '123456')
    expect(out).toContain('The block of vouchers is lifted from 2026-11-24 00:00 KST on.')
    expect(out).toContain('The block of a check stays. Ask 114.')
    expect(sent('POST /v1/line/care/blocks/blk-1/lift')).toEqual([{ proof: 'prf-1' }])
  })

  test('a proof that is over, used or unknown is begun anew', async () => {
    const shown = ['--proof', 'prf-1', '--code', '123456'] as const
    const next = { exitCode: 1, err: expect.stringMatching(/next {2}jeon line unblock voucher\n/) }
    for (const what of [
      'POST /v1/line/care/blocks/blk-2/lift',
      'POST /v1/line/care/proofs/prf-1',
    ]) {
      replies[what] = problem(404, 'proof_not_found')
      expect(await jeon('line', 'unblock', 'voucher', ...shown), what).toMatchObject(next)
    }
    const raised = await jeon('line', 'limit', 'month=400000', '--consent', ...shown)
    expect(raised.err).toMatch(/next {2}jeon line limit month=400000 --consent\n/)
  })

  test('history marks what is not decided yet, in the time of the market', async () => {
    replies['GET /v1/line/care/history'] = ok({
      entries: [
        entry('1', 'payment', 'reserved'),
        entry('2', 'payment', 'pending_validation'),
        entry('3', 'payment', 'succeeded'),
        entry('4', 'payment', 'succeeded', { refunded: '3000' }),
        entry('5', 'declined', 'denied', { reason: { text: 'Blocked.' } }),
      ],
    })
    const rows = (await jeon('line', 'history')).out.trim().split('\n').slice(1)
    expect(rows.map((row) => /KST {2}(.*?) {2,}/.exec(row)?.[1])).toEqual([
      'pending: reserved',
      'pending: confirm it',
      'paid',
      'refunded',
      'declined',
    ])
    expect(rows[0]).toContain('2026-11-23 00:10 KST')
  })
})

describe('what is refused ends with 1, and with the reason', () => {
  const link = ['line', 'link', '+821020000017'] as const

  test('a wrong code at linking; that one is needed is none', async () => {
    const id = '5a8e8a4e-0c0f-4f0e-8d5e-2f6c1a7b9d10'
    const state = { id, state: 'proof_needed', needs: ['sms_code', 'password'] }
    replies['POST /v1/line/links'] = ok({ ...state, reason: null })
    const asks = await jeon(...link)
    expect([asks.exitCode, asks.out]).toEqual([
      0,
      expect.stringContaining('It needs the code from the message and the payment password.'),
    ])
    const reason = { code: 'code_wrong', text: 'That is not the code.' }
    replies[`POST /v1/line/links/${id}/proof`] = ok({ ...state, reason })
    const wrong = await jeon(...link, '--link', id, '--code', '1', '--password', '2')
    expect(wrong).toMatchObject({ exitCode: 1, out: '' })
    expect(wrong.err).toMatch(
      /That is not the code\.\n {2}next {2}jeon line link .* --link 5a8e8a4e/,
    )
  })

  test('a line that is linked without credit says why', async () => {
    const reason = { code: 'kind_not_allowed', text: 'It is prepaid.' }
    replies['POST /v1/line/links'] = ok({ id: 'lnk-1', state: 'linked', needs: [], reason })
    expect((await jeon(...link)).out).toContain('nothing goes on its bill. It is prepaid.')
  })

  test('a collection', async () => {
    const [first, last] = [
      { id: 'c1', status: 'settled', amount: '100' },
      { id: 'c2', status: 'declined', amount: '1650' },
    ]
    const blocked_reason = { code: 'line_suspended', text: 'The line is suspended.' }
    const collection = { currency: 'KRW', owed: '1650', last: first, blocked_reason: null }
    replies['GET /v1/line'] = ok({ linked: true, collection })
    replies['POST /v1/line/collect'] = ok(collection)
    expect((await jeon('line', 'collect')).out).toContain('nothing to collect')
    replies['POST /v1/line/collect'] = ok({ ...collection, last, blocked_reason })
    const { exitCode, err } = await jeon('line', 'collect')
    expect([exitCode, err]).toEqual([
      1,
      expect.stringContaining('₩1,650 was declined. The line is suspended.'),
    ])
    replies['POST /v1/line/collect'] = ok({ ...collection, last: { ...first, id: 'c3' } })
    expect((await jeon('line', 'collect')).out).toContain('₩100 is on the phone bill.')
  })

  test('a credit is named by the payment that makes it, by the state and beside the bills', async () => {
    replies['POST /v1/line/care/bill-payments'] = ok({
      ...{ amount: '36000', credit: '35000', standing: { currency: 'KRW' } },
    })
    const { out } = await jeon('line', 'pay', '36,000')
    expect(out).toContain('₩36,000 paid. ₩35,000 of it was not owed and comes off the next bills.')
    expect(sent('POST /v1/line/care/bill-payments')).toEqual([{ amount: '36000' }])
    replies['GET /v1/line/care/bills'] = ok({ bills: [] })
    expect((await jeon('line', 'bills')).out).not.toContain('credit')
    replies['GET /v1/line/care/standing'] = ok({ currency: 'KRW', owed: '0', credit: '35000' })
    for (const name of ['show', 'bills'])
      expect((await jeon('line', name)).out, name).toContain('₩35,000 comes off the next bills')
  })

  test('bills say in words how they stand', async () => {
    const bill = { cycle: '2026-10', due_on: '2026-11-25', currency: 'KRW', total: '1', owed: '1' }
    replies['GET /v1/line/care/bills'] = ok({ bills: [{ ...bill, id: 'b', state: 'overdue_2' }] })
    expect((await jeon('line', 'bills')).out).toMatch(/ overdue twice +₩1 /)
  })
})

describe('how a command is written', () => {
  test.each([
    ['pay', 'abc'],
    ['unblock', 'bogus'],
    ['block', 'bogus'],
    ['unblock', '--proof', 'prf-1', '--name', 'Kim', '--birthdate', '1990-02-30'],
    ['unblock', '--birthdate', '19900501'],
    ['limit', 'month=1', '--bucket', 'bogus'],
    ['dispute', 'bogus'],
    ['link', 'abc'],
    ['link', number, '--link', 'bogus', '--code', '1'],
    ['inbox', '12'],
  ])('line %s %s is wrong before anybody is asked', async (...args) => {
    expect((await jeon('line', ...args)).exitCode).toBe(2)
    expect(asked).toEqual([])
  })

  test('a phone company that the platform does not have', async () => {
    replies['POST /v1/line/links'] = problem(404, 'carrier_not_found')
    replies['GET /v1/carriers'] = ok({ carriers: [{ id: 'skt' }, { id: 'kt' }] })
    const { exitCode, err } = await jeon('line', 'link', number, '--carrier', 'bogus')
    expect([exitCode, err]).toEqual([2, expect.stringContaining('There are: skt, kt.')])
  })

  test('what the carrier finds malformed', async () => {
    const hint = 'See the schema in /docs.'
    replies['POST /v1/line/care/proofs/prf-1'] = problem(400, 'field_invalid', { hint })
    const { exitCode, err } = await jeon('line', 'unblock', '--proof', 'prf-1', '--code', '1')
    expect([exitCode, err]).toEqual([2, expect.stringContaining('with --help')])
    expect(err).not.toContain('/docs')
  })
})

describe('line limit', () => {
  test('shows them, what is coming, and how high they may be', async () => {
    const { out } = await jeon('line', 'limit')
    expect(out).toMatch(/general +payment +none {2}\(at most ₩1,000,000\)/)
    expect(out).toContain(
      'from 2026-11-24 00:00 KST on: payment none, day ₩100,000, month ₩400,000',
    )
  })

  test('down at once', async () => {
    replies['PUT /v1/line/care/limits'] = ok({ raises: false, effective_at: '', limits })
    const { out } = await jeon('line', 'limit', 'month=100,000', 'payment=none')
    expect(out).toContain('It holds now.')
    expect(sent('PUT /v1/line/care/limits')).toEqual([
      { bucket: 'general', month: '100000', transaction: null },
    ])
  })

  test('up with consent, then a proof, then it is said from when', async () => {
    replies['PUT /v1/line/care/limits'] = problem(403, 'consent_missing')
    const bare = await jeon('line', 'limit', 'month=400000')
    expect(bare.exitCode).toBe(1)
    expect(bare.err).toContain('I agree to a higher limit.')
    expect(bare.err).toContain('jeon line limit month=400000 --consent')
    replies['PUT /v1/line/care/limits'] = problem(403, 'proof_missing')
    const begun = await jeon('line', 'limit', 'month=400000', '--consent')
    expect(begun.out).toContain(
      'jeon line limit month=400000 --consent --proof prf-1 --code … --password …',
    )
    const effective_at = '2026-11-23T15:00:00Z'
    replies['PUT /v1/line/care/limits'] = ok({ raises: true, effective_at, limits })
    const shown = ['--proof', 'prf-1', '--code', '123456', '--password', '135790']
    const raised = await jeon('line', 'limit', 'month=400000', '--consent', ...shown)
    expect(raised.out).toContain('It holds from 2026-11-24 00:00 KST on.')
    expect(sent('PUT /v1/line/care/limits').at(-1)).toEqual({
      ...{ bucket: 'general', month: '400000', consent: true, proof: 'prf-1' },
    })
  })

  test('a refusal leads back to the limits', async () => {
    replies['PUT /v1/line/care/limits'] = problem(409, 'changes_too_many')
    const { exitCode, err } = await jeon('line', 'limit', 'month=100000')
    expect(exitCode).toBe(1)
    expect(err).toMatch(/next {2}jeon line limit/)
  })

  test('what is no limit is wrong usage', async () => {
    for (const wish of ['month', 'week=1', 'day=1e3', 'day=-1'])
      expect((await jeon('line', 'limit', wish)).exitCode, wish).toBe(2)
    expect(asked).toEqual([])
  })
})

describe('line dispute', () => {
  const payment = '0193b3a4-5c6d-7e8f-9a0b-1c2d3e4f5a6b'
  const open = {
    ...{ id: 'dis-1', payment_id: payment, reason: 'not me', state: 'open', answer: null },
    ...{ opened_at: '2026-11-22T03:00:00Z', answer_by: '2026-12-06T03:00:00Z', payout_held: true },
  }

  test('opens one, lists it, and withdraws it by its payment', async () => {
    replies['POST /v1/line/care/disputes'] = ok(open)
    const opened = await jeon('line', 'dispute', payment, '--reason', 'not me', '--block')
    expect(opened.out).toContain('answers by 2026-12-06 12:00 KST')
    expect(sent('POST /v1/line/care/disputes')).toEqual([
      { payment_id: payment, reason: 'not me', block: true },
    ])
    replies['GET /v1/line/care/disputes'] = ok({ disputes: [open] })
    expect((await jeon('line', 'dispute')).out).toMatch(/open +by 2026-12-06 12:00 KST +not me/)
    replies['POST /v1/line/care/disputes/dis-1/withdraw'] = ok({ ...open, state: 'withdrawn' })
    expect((await jeon('line', 'dispute', payment, '--withdraw')).out).toContain('withdrawn')
    const none = await jeon('line', 'dispute', 'pay-2', '--withdraw')
    expect(none.err).toContain('no open dispute about pay-2')
  })
})
