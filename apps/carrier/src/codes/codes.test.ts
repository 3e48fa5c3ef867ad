import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLineWorld, type LineWorld, PASSWORD } from '../../test/outside.ts'
import type { Line } from '../model.ts'
import { Proofs } from '../proofs/service.ts'
import { Codes } from './service.ts'

let world: LineWorld
let codes: Codes
let line: Line
let number = 0

beforeAll(async () => {
  world = await createLineWorld()
  const { pool, clock, carriers, inbox } = world
  codes = new Codes({ pool, clock, carriers, outbox: inbox })
})
afterAll(() => world?.close())
beforeEach(async () => {
  number += 1
  line = await world.open(`+82102000${String(1_000 + number)}`, true)
})

function rules() {
  const carrier = world.carriers.get('skt')
  if (carrier === undefined) throw new Error('no skt')
  return carrier.profileAt(world.clock.now()).identity.code
}

async function sent(holder?: string): Promise<{ id: string; code: string }> {
  const made = await codes.send(line, 'otp', holder === undefined ? {} : { holder })
  if (!made.ok) throw new Error(made.code)
  return { id: made.id, code: world.inbox.code(line.phoneNumber) }
}

/** A code of the same length that is not this one. */
function other(code: string): string {
  return String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0')
}

describe('a code', () => {
  test('is right once', async () => {
    const { id, code } = await sent()
    expect(await codes.check(id, other(code))).toBe('wrong')
    expect(await codes.check(id, code)).toBe('ok')
    expect(await codes.check(id, code)).toBe('unknown')
    expect(await codes.check('code_of_nobody', code)).toBe('unknown')
  })

  test('is not kept in clear', async () => {
    const { id, code } = await sent()
    const { rows } = await world.pool.query('select * from carrier.code where id = $1', [id])
    expect(JSON.stringify(rows)).not.toContain(code)
  })

  test('bears so many wrong tries, also when they come at once', async () => {
    const { id, code } = await sent()
    const { attempts } = rules()
    const tries = await Promise.all(
      Array.from({ length: attempts + 5 }, () => codes.check(id, other(code))),
    )
    expect(tries.filter((each) => each === 'wrong')).toHaveLength(attempts - 1)
    expect(await codes.check(id, code)).toBe('used_up')
  })

  test('is right for one only of those who give it at once', async () => {
    const { id, code } = await sent()
    const tries = await Promise.all([1, 2, 3].map(() => codes.check(id, code)))
    expect(tries.filter((each) => each === 'ok')).toHaveLength(1)
  })

  test('is over after its time', async () => {
    const { id, code } = await sent()
    world.clock.ms += rules().ttlSeconds * 1_000
    expect(await codes.check(id, code)).toBe('expired')
  })

  test('is replaced by the next of the same holder, and proved until it expires', async () => {
    const first = await sent('a page')
    world.clock.ms += 1_000
    const second = await sent('a page')
    expect(await codes.prove('a page', first.code === second.code ? '' : first.code)).toBe('wrong')
    expect(await codes.prove('a page', second.code)).toBe('ok')
    expect(await codes.prove('a page', second.code)).toBe('ok')
    expect(await codes.prove('a page', other(second.code))).toBe('wrong')
    expect(await codes.check('a page', second.code)).toBe('unknown')
    world.clock.ms += rules().ttlSeconds * 1_000
    expect(await codes.prove('a page', second.code)).toBe('unknown')
  })

  test('is sent only so often in an hour, also when many are asked for at once', async () => {
    const { perHour } = rules()
    const all = await Promise.all(
      Array.from({ length: perHour + 3 }, () => codes.send(line, 'otp')),
    )
    expect(all.filter(({ ok }) => ok)).toHaveLength(perHour)
    const refused = all.find((each) => !each.ok)
    expect(refused).toMatchObject({ againAtMs: world.clock.ms + 3_600_000 })
    world.clock.ms += 3_600_000
    expect(await codes.send(line, 'otp')).toMatchObject({ ok: true })
  })
})

describe('a proof', () => {
  function proofs(): Proofs {
    const { pool, clock, carriers, lines } = world
    return new Proofs({ pool, clock, carriers, codes, lines })
  }

  test('is given piece by piece and used once, for its purpose and line only', async () => {
    const begun = await proofs().begin(line, 'unblock')
    if (!begun.ok) throw new Error(begun.code)
    const { id, needs } = begun.proof
    expect(await proofs().consume(line.id, id, 'unblock')).toMatchObject({
      code: 'proof_incomplete',
    })
    const smsCode = world.inbox.code(line.phoneNumber)
    const identity = { name: '김 지언', birthdate: '1990-03-01' }
    const partly = await proofs().give(line, id, { smsCode, password: '000000', identity })
    expect(partly).toEqual({ ok: false, code: 'password_wrong' })
    const given = await proofs().give(line, id, { password: PASSWORD })
    expect(given).toMatchObject({ ok: true, proof: { complete: true } })
    const stranger = await world.open(`+82102000${String(5_000 + number)}`, true)
    expect((await proofs().consume(stranger.id, id, 'unblock')).ok).toBe(false)
    expect((await proofs().consume(line.id, id, 'raise')).ok).toBe(false)
    const used = await Promise.all([1, 2].map(() => proofs().consume(line.id, id, 'unblock')))
    expect(used.filter(({ ok }) => ok)).toHaveLength(1)
    const factors = used.flatMap((each) => (each.ok ? each.factors : []))
    expect(new Set(factors)).toEqual(new Set(needs))
  })

  test('of identity needs the owner’s name and birthdate', async () => {
    const begun = await proofs().begin(line, 'password')
    if (!begun.ok) throw new Error(begun.code)
    const wrong = { name: '김지언', birthdate: '1990-03-02' }
    const outcome = await proofs().give(line, begun.proof.id, { identity: wrong })
    expect(outcome).toEqual({ ok: false, code: 'identity_wrong' })
  })

  test('is over after ten minutes', async () => {
    const begun = await proofs().begin(line, 'unblock')
    if (!begun.ok) throw new Error(begun.code)
    world.clock.ms += 600_000
    const given = await proofs().give(line, begun.proof.id, { password: PASSWORD })
    expect(given).toEqual({ ok: false, code: 'proof_expired' })
  })
})
