/** Which written statements were asked for in this browser, for each line: carriers give no list of them. */

const keptMax = 10

const nameOf = (phoneNumber: string) => `jeon.statements.${phoneNumber}`

/** Ids, newest first. */
export function keptStatements(phoneNumber: string): readonly string[] {
  try {
    const json: unknown = JSON.parse(localStorage.getItem(nameOf(phoneNumber)) ?? '[]')
    return Array.isArray(json) ? json.filter((id) => typeof id === 'string') : []
  } catch {
    return []
  }
}

export function keepStatement(phoneNumber: string, id: string): void {
  const ids = [id, ...keptStatements(phoneNumber).filter((other) => other !== id)]
  try {
    localStorage.setItem(nameOf(phoneNumber), JSON.stringify(ids.slice(0, keptMax)))
  } catch {
    // Some browsers forbid storage; the carrier tells by text message when it is ready, too.
  }
}
