import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os'
import pg from 'pg'

/** What the figures were measured on. */
export interface Machine {
  readonly cores: number
  readonly cpu: string
  readonly memoryGB: number
  readonly system: string
  readonly node: string
  readonly postgres: string
  /** Of the last minute, before anything was measured: above 0.3 somebody else is at work too. */
  readonly loadBefore: number
}

export interface Setting {
  readonly name: string
  readonly value: string
}

/** What is running where. */
export async function describeMachine(databaseUrl: string, loadBefore: number): Promise<Machine> {
  const [version] = await rows<{ version: string }>(databaseUrl, 'SHOW server_version', (row) => ({
    version: String(row.server_version),
  }))
  return {
    cores: availableParallelism(),
    cpu: cpuName(),
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
    postgres: version?.version ?? 'unknown',
    loadBefore,
  }
}

/** How many processes wanted a core, on average over the last minute. */
export function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100
}

function cpuName(): string {
  const name = cpus()[0]?.model.trim() ?? ''
  if (name !== '' && name !== 'unknown') return name
  try {
    return execFileSync('uname', ['-p'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

/** Every setting of the running server that is not PostgreSQL's own default, and the three that make a commit durable. */
export function readSettings(databaseUrl: string): Promise<Setting[]> {
  return rows(
    databaseUrl,
    `SELECT name, current_setting(name) AS value FROM pg_settings
     WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')
        OR (source = 'command line' AND setting IS DISTINCT FROM boot_val AND name NOT LIKE 'jeon.%'
            AND name NOT IN ('port', 'listen_addresses', 'unix_socket_directories', 'data_directory'))
     ORDER BY name`,
    (row) => ({ name: String(row.name), value: String(row.value) }),
  )
}

/** One query on a session of its own. */
export async function rows<Row>(
  databaseUrl: string,
  text: string,
  read: (row: Readonly<Record<string, unknown>>) => Row,
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const result = await client.query<Record<string, unknown>>(text)
    return result.rows.map(read)
  } finally {
    await client.end()
  }
}

/** Options of this process that shape its heap: what it starts must be measured under the same. */
export function heapOptions(): string[] {
  return process.execArgv.filter((option) => option.startsWith('--max-semi-space-size'))
}
