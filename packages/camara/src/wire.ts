/**
 * The small shapes that every CAMARA API of the Fall25 release shares: phone numbers, times, correlators, sinks and
 * the one error body. Unknown members are allowed and dropped, as the definitions allow them.
 */
import { z } from 'zod'

/** E.164 with its plus sign, such as `+821012345678`. */
export const phoneNumber = z.string().regex(/^\+[1-9][0-9]{4,14}$/)

/** The grammar of `x-correlator`; the empty text is allowed. */
export const CORRELATOR_PATTERN = /^[a-zA-Z0-9-_:;./<>{}]{0,256}$/

/** The `x-correlator` of a request, which its response has to echo. */
export const correlator = z.string().regex(CORRELATOR_PATTERN)

/** A date of the calendar, `2026-02-28` (RFC 3339 full-date). */
export const fullDate = z.string().refine(isFullDate, 'a date of the calendar, YYYY-MM-DD')

/** A time with its zone (RFC 3339 date-time). The leap second :60 is refused: no clock here can hold it. */
export const dateTime = z.string().refine(isDateTime, 'an RFC 3339 time with its zone')

/** Where events go: https alone, which leaves no plain http even on this machine. */
export const sink = z
  .string()
  .regex(/^https:\/\/.+$/)
  .refine(isUri, 'a URI (RFC 3986)')

/** A URI of any scheme. */
export const uri = z.string().refine(isUri, 'a URI (RFC 3986)')

const accessTokenMembers = {
  accessToken: z.string(),
  accessTokenExpiresUtc: dateTime,
  accessTokenType: z.literal('bearer'),
}

/** How the carrier proves itself at the sink. */
export const sinkCredential = z.discriminatedUnion('credentialType', [
  z.object({ credentialType: z.literal('PLAIN'), identifier: z.string(), secret: z.string() }),
  z.object({ credentialType: z.literal('ACCESSTOKEN'), ...accessTokenMembers }),
  z.object({
    credentialType: z.literal('REFRESHTOKEN'),
    ...accessTokenMembers,
    refreshToken: z.string(),
    refreshTokenEndpoint: uri,
  }),
])
export type SinkCredential = z.infer<typeof sinkCredential>

/** The body of every refusal. */
export const errorInfo = z.object({ status: z.int(), code: z.string(), message: z.string() })
export type ErrorInfo = z.infer<typeof errorInfo>

/**
 * Text of at most so many characters. JSON Schema counts code points where JavaScript counts UTF-16 units, so an
 * emoji is one.
 */
export function textUpTo(characters: number) {
  return z
    .string()
    .refine((text) => [...text].length <= characters, `at most ${characters} characters`)
}

function isFullDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []
  if (year === undefined || month === undefined || day === undefined) return false
  if (month < '01' || month > '12' || day < '01') return false
  return Number(day) <= daysOf(Number(year), Number(month))
}

function daysOf(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

function isDateTime(text: string): boolean {
  const [, day] = DATE_TIME.exec(text) ?? []
  return day !== undefined && isFullDate(day)
}

const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)t(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i

function isUri(text: string): boolean {
  return URI_CHARACTERS.test(text) && URL.canParse(text)
}

const URI_CHARACTERS = /^[a-z][a-z0-9+.-]*:(?:[a-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})+$/i
