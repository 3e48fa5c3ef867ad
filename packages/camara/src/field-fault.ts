import { z } from 'zod'

/** The parts of a failed reading that {@link fieldFault} needs; zod's own issues have them. */
export type FieldIssue = z.core.$ZodIssue

/**
 * What is wrong with a field, as a sentence for people: what came, what it should be, an example where the schema has
 * one (`meta({examples})`). Never a pattern. Only fields with an example repeat what came, so that no secret is said back.
 *
 * @param schema - what the whole input was read with
 * @param input - all that was read
 */
export function fieldFault(
  issue: FieldIssue,
  schema: z.core.$ZodType,
  input: unknown,
  language: 'ko' | 'en',
): string {
  const got = valueAt(input, issue.path)
  const isMissing = got === undefined && issue.code !== 'custom'
  const says = isMissing ? missing : sentenceOf(issue)
  const example = exampleAt(schema, issue.path) ?? formatExamples[formatOf(issue)]
  const texts = { ko: [says.ko], en: [says.en] }
  if (example !== undefined && (typeof got === 'string' || typeof got === 'number')) {
    texts.ko.unshift(`“${quoted(got)}”이라고 왔습니다.`)
    texts.en.unshift(`“${quoted(got)}” came.`)
  }
  if (example !== undefined && issue.code !== 'custom') {
    texts.ko.push(`예: ${example}`)
    texts.en.push(`Write it as in ${example}`)
  }
  return texts[language].join(' ')
}

interface Sentence {
  readonly ko: string
  readonly en: string
}

const missing: Sentence = { ko: '값이 없습니다.', en: 'It is missing.' }
const misformed: Sentence = { ko: '형식이 맞지 않습니다.', en: 'It is not in the right form.' }

function sentenceOf(issue: FieldIssue): Sentence {
  switch (issue.code) {
    case 'invalid_type': {
      const kind = kinds[issue.expected] ?? { ko: issue.expected, en: `a ${issue.expected}` }
      return { ko: `${kind.ko}이어야 합니다.`, en: `It must be ${kind.en}.` }
    }
    case 'invalid_value': {
      const choices = issue.values.map(String).join(', ')
      return { ko: `다음 중 하나여야 합니다: ${choices}.`, en: `It must be one of: ${choices}.` }
    }
    case 'too_small': {
      const least = `${issue.minimum}`
      return isLength(issue.origin)
        ? {
            ko: `너무 짧습니다. ${least} 이상의 길이여야 합니다.`,
            en: `It is too short: at least ${least}.`,
          }
        : { ko: `${least}보다 작을 수 없습니다.`, en: `It must not be less than ${least}.` }
    }
    case 'too_big': {
      const most = `${issue.maximum}`
      return isLength(issue.origin)
        ? { ko: `너무 깁니다. 길이는 ${most}까지입니다.`, en: `It is too long: at most ${most}.` }
        : { ko: `${most}보다 클 수 없습니다.`, en: `It must not be more than ${most}.` }
    }
    case 'custom':
      return { ko: issue.message, en: issue.message }
    default:
      return misformed
  }
}

const kinds: Readonly<Record<string, Sentence>> = {
  string: { ko: '문자열', en: 'a text' },
  number: { ko: '숫자', en: 'a number' },
  int: { ko: '정수', en: 'a whole number' },
  boolean: { ko: 'true나 false', en: 'true or false' },
  object: { ko: '객체', en: 'an object' },
  array: { ko: '목록', en: 'a list' },
}

function isLength(origin: string): boolean {
  return origin === 'string' || origin === 'array' || origin === 'set'
}

/** Forms that are the same wherever they are asked for. */
const formatExamples: Readonly<Record<string, string>> = {
  date: '2026-11-23',
  datetime: '2026-11-23T00:10:00Z',
  uuid: '0193b3a4-5c6d-7e8f-9a0b-1c2d3e4f5a6b',
  email: 'somebody@example.org',
}

function formatOf(issue: FieldIssue): string {
  return issue.code === 'invalid_format' ? issue.format : ''
}

const quotedMax = 60

/** What came, short and without what makes a page or a log lie. */
function quoted(got: string | number): string {
  const plain = `${got}`.replaceAll(/\p{C}/gu, '\u{fffd}')
  return plain.length <= quotedMax ? plain : `${plain.slice(0, quotedMax)}…`
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let found = input
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Object.entries(found).find(([name]) => name === String(step))?.[1]
  }
  return found
}

/** The first example of what stands at a path; of a union, that of the first kind that has one. */
function exampleAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string | undefined {
  const inner = innerOf(schema)
  const [step, ...rest] = path
  if (step === undefined) {
    const example = z.globalRegistry.get(schema)?.examples
    const first: unknown = Array.isArray(example) ? example[0] : undefined
    if (typeof first === 'string' || typeof first === 'number') return `${first}`
  } else if (schema instanceof z.core.$ZodObject) {
    const field = schema._zod.def.shape[String(step)]
    return field === undefined ? undefined : exampleAt(field, rest)
  } else if (schema instanceof z.core.$ZodArray) {
    return exampleAt(schema._zod.def.element, rest)
  }
  return inner.map((each) => exampleAt(each, path)).find((each) => each !== undefined)
}

/** What a schema is only a wrapping of. */
function innerOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.core.$ZodUnion) return schema._zod.def.options
  const isWrapping =
    schema instanceof z.core.$ZodOptional ||
    schema instanceof z.core.$ZodNullable ||
    schema instanceof z.core.$ZodDefault ||
    schema instanceof z.core.$ZodReadonly
  if (isWrapping) return [schema._zod.def.innerType]
  return schema instanceof z.core.$ZodPipe ? [schema._zod.def.in] : []
}
