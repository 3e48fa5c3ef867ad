import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NOON, newLine, openStage, type Stage, won } from '../../test/core-stage.ts'
import { NoSuchLine, NumberTaken, type ServiceStateName } from './model.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

describe('lines', () => {
  test('are opened with their owner, accounts and limits, and found again', async () => {
    const { core, ledger } = stage
    const wanted = newLine({ person: { name: '김하나', birthdate: '1985-02-28' }, language: 'en' })
    const line = await core.lines.open(wanted)
    expect(line).toMatchObject({ password: 'unset', stage: 'active', language: 'en', freed: 0n })
    expect(await core.lines.byId(line.id)).toBe(line)
    expect(await core.lines.byNumber('kt', wanted.phoneNumber)).toBe(line)
    expect(await core.lines.byNumber('skt', wanted.phoneNumber)).toBeUndefined()
    const account = await ledger.account(line.accounts.general)
    expect(account).toMatchObject({ kind: 'wallet', overdraft: null, asset: 'KRW/3' })
    const windows = account?.limits?.windows ?? []
    expect(windows).toContainEqual({
      per: 'month',
      scope: { of: 'all' },
      amountMax: won(1_000_000),
    })
    const other = await core.lines.open(newLine({ person: line.person.id }))
    expect(await core.lines.ofPerson(line.person.id)).toEqual([line, other])
    await expect(core.lines.open({ ...wanted, person: line.person })).rejects.toThrow(NumberTaken)
    await expect(core.lines.setPaused('line_none', true)).rejects.toThrow(NoSuchLine)
    const elsewhere = newLine({ carrier: 'skt', person: line.person.id })
    await expect(core.lines.open(elsewhere)).rejects.toThrow(NoSuchLine)
  })

  test('of a person are not read again for each decision, and a new one is among them', async () => {
    const { core, pool } = stage
    const first = await core.lines.open(newLine())
    const personId = first.person.id
    expect(await core.lines.ofPerson(personId)).toEqual([first])
    const { max } = pool.options
    const sessions = await Promise.all(Array.from({ length: max }, () => pool.connect()))
    // No session is left: what is answered now is answered from memory.
    try {
      expect(await core.lines.ofPerson(personId)).toEqual([first])
    } finally {
      for (const session of sessions) session.release()
    }
    const [, second] = await Promise.all([
      core.lines.ofPerson(personId),
      core.lines.open(newLine({ person: personId })),
    ])
    const changed = await core.lines.setPaused(first.id, true)
    expect(await core.lines.ofPerson(personId)).toEqual([changed, second])
  })

  test('are opened by the thousand and walked through by carrier', async () => {
    const { core } = stage
    const wanted = Array.from({ length: 1_100 }, () => newLine({ carrier: 'lgu' }))
    const opened = await core.lines.openMany(wanted)
    expect(opened.map(({ phoneNumber }) => phoneNumber)).toEqual(
      wanted.map(({ phoneNumber }) => phoneNumber),
    )
    const walked: string[] = []
    for await (const { id } of core.lines.all('lgu')) walked.push(id)
    expect(walked).toEqual(opened.map(({ id }) => id).toSorted())
  })

  test('keep what was changed, in memory as in SQL', async () => {
    const { core, changes } = stage
    const line = await core.lines.open(newLine())
    await Promise.all([
      core.lines.setNetwork(line.id, false),
      core.lines.setPaused(line.id, true),
      core.lines.setSimChanged(line.id, NOON),
      core.lines.setDeviceChanged(line.id, NOON - 1),
      core.lines.setStage(line.id, 'notice'),
      core.lines.setLanguage(line.id, 'en'),
    ])
    const now = await core.lines.byId(line.id)
    expect(now).toMatchObject({
      ...{ onNetwork: false, paused: true, stage: 'notice', language: 'en' },
      ...{ simChangedAtMs: NOON, deviceChangedAtMs: NOON - 1 },
    })
    expect(
      changes.filter(({ lineId, what }) => lineId === line.id && what === 'line'),
    ).toHaveLength(6)
    for await (const read of core.lines.all('kt'))
      if (read.id === line.id) expect(read).toEqual(now)
  })

  test('have a payment password that a thousand tries at once do not find', async () => {
    const { core } = stage
    const line = await core.lines.open(newLine())
    expect(await core.lines.checkPassword(line.id, '135790')).toBe('unset')
    expect((await core.lines.setPassword(line.id, '135790')).password).toBe('set')
    expect(await core.lines.checkPassword(line.id, '000000')).toBe('wrong')
    expect(await core.lines.checkPassword(line.id, '135790')).toBe('ok')
    const tries = await Promise.all(
      Array.from({ length: 9 }, () => core.lines.checkPassword(line.id, '000000')),
    )
    expect(tries).toEqual([...Array(4).fill('wrong'), ...Array(5).fill('locked')])
    expect(await core.lines.checkPassword(line.id, '135790')).toBe('locked')
    expect((await core.lines.byId(line.id))?.password).toBe('locked')
    await core.lines.setPassword(line.id, '246802')
    expect(await core.lines.checkPassword(line.id, '246802')).toBe('ok')
  })

  test('say why payments are not possible', async () => {
    const { core } = stage
    const states: readonly [ServiceStateName, (id: string) => Promise<unknown>][] = [
      ['enabled', async () => undefined],
      ['user_blocked', (id) => core.blocks.set(id, 'payer', 'owner')],
      ['hard_blocked', (id) => core.blocks.set(id, 'permanent', 'owner')],
      ['operator_blocked', (id) => core.blocks.set(id, 'operator', 'after_suspension')],
      ['fraud_hold', (id) => core.blocks.set(id, 'fraud', 'femtocell')],
      ['dormant_blocked', (id) => core.blocks.set(id, 'dormant', 'unused')],
      ['enabled', (id) => core.blocks.set(id, 'voucher', 'owner')],
      ['arrears_blocked', (id) => core.lines.setArrears(id, true)],
      ['not_eligible', (id) => core.lines.setPaused(id, true)],
      ['suspended', (id) => core.lines.setStage(id, 'fully_suspended')],
      ['terminated', (id) => core.lines.setStage(id, 'terminated')],
    ]
    for (const [state, change] of states) {
      const { id } = await core.lines.open(newLine())
      await change(id)
      const line = await core.lines.byId(id)
      if (line === undefined) throw new Error('the line is there')
      expect(await core.service(line)).toMatchObject({ state })
    }
  })
})
