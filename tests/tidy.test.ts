/**
 * The conventions of this repository, as a test: who may import whom, who may look at the clock,
 * how long a file may be, which words may not be left behind. Every rule is a function from a file
 * to complaints, tried on a bad sample first.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const LINES_MAX = 450
const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.git', '.jeon'])
const TEXT = /\.(ts|tsx|mjs|js|sql|md|json|html|css|svg|yml|yaml)$|^\.ci\//
const CODE = /\.(ts|tsx|mjs|js)$/

interface File {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** The arrows of ARCHITECTURE.md: what each workspace may import from the others. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'packages/money': [],
  'packages/ledger': ['@jeon/money'],
  'packages/sdk': ['@jeon/money'],
  'packages/elements': ['@jeon/money'],
  'packages/postgres': [],
  'packages/clock': [],
  'packages/billing': ['@jeon/money', '@jeon/ledger'],
  'packages/camara': ['@jeon/money'],
  // A phone company: reached by the others over HTTP alone, and started by the sandbox.
  'apps/carrier': [
    '@jeon/money',
    '@jeon/ledger',
    '@jeon/billing',
    '@jeon/camara',
    '@jeon/clock',
    '@jeon/postgres',
  ],
  // Its sandbox start also brings up the pages and the example shop.
  'apps/server': [
    '@jeon/money',
    '@jeon/ledger',
    '@jeon/billing',
    '@jeon/camara',
    '@jeon/clock',
    '@jeon/postgres',
    '@jeon/carrier',
    '@jeon/elements',
    '@jeon/web',
    '@jeon/example-newspaper',
  ],
  'apps/cli': ['@jeon/money', '@jeon/sdk', '@jeon/ledger', '@jeon/postgres'],
  'apps/web': ['@jeon/money', '@jeon/sdk', '@jeon/camara', '@jeon/elements'],
  // Examples are outsiders: only what a merchant can install.
  'examples/newspaper': ['@jeon/money', '@jeon/sdk', '@jeon/elements'],
}

/** A test may bring up a database beside what its package imports. */
const ARROWS_OF_TESTS = ['@jeon/postgres']

/** These decide and compute; clock, chance, environment, files and sockets are given to them. */
const PURE = [
  'packages/money',
  'packages/ledger',
  'packages/clock',
  'packages/billing',
  'packages/camara',
  'packages/sdk',
  'packages/elements',
]

const IMPURE: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'Date.now', pattern: /\bDate\.now\b/ },
  { name: 'new Date()', pattern: /\bnew Date\(\)/ },
  { name: 'Math.random', pattern: /\bMath\.random\b/ },
  { name: 'process.env', pattern: /\bprocess\.env\b/ },
  { name: 'sockets', pattern: /from 'node:(net|tls|dgram|http|https|http2|child_process)'/ },
  { name: 'files', pattern: /from 'node:fs(\/promises)?'/ },
]

/** What is allowed all the same, and why. */
const EXCEPTIONS: readonly {
  readonly path: RegExp
  readonly names: readonly string[]
  readonly reason: string
}[] = [
  {
    path: /^packages\/elements\/src\/(controller|payment-id)\.ts$/,
    names: ['Date.now'],
    reason: 'the page makes the payment id, a UUIDv7, before it sends anything',
  },
  {
    path: /^packages\/elements\/src\/build\.ts$/,
    names: ['files'],
    reason: 'runs at build time and writes the script that pages embed',
  },
  {
    path: /^packages\/sdk\/src\/(client|receipts|ids)\.ts$/,
    names: ['Date.now'],
    reason: 'the default of an option: a merchant’s server judges receipts by real time',
  },
  {
    path: /^packages\/sdk\/src\/testing\//,
    names: ['Date.now', 'new Date()', 'sockets', 'files'],
    reason: 'a platform to test against, never part of a merchant’s server',
  },
  {
    path: /^packages\/ledger\/src\/(postgres\/)?migrat\w*\.ts$/,
    names: ['files'],
    reason: 'reads the numbered SQL files that it applies',
  },
]

function isTest(path: string): boolean {
  return /\.(test|fixture)\.tsx?$|\/tests?\//.test(path)
}

function workspaceOf(path: string): string | undefined {
  return /^(packages|apps|examples)\/[^/]+/.exec(path)?.[0]
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1')
}

function importsOf(text: string): readonly string[] {
  const pattern = /(?:\bfrom\s+|\bimport\s+|\bimport\()'([^']+)'/g
  return [...withoutComments(text).matchAll(pattern)].map((match) => match[1] ?? '')
}

/** Imports go along the arrows, and never into another workspace's files. */
function checkArrows({ path, text }: File): readonly string[] {
  const workspace = workspaceOf(path)
  if (workspace === undefined || !CODE.test(path)) return []
  const allowed = ARROWS[workspace]
  if (allowed === undefined) return [`${path}: ${workspace} has no arrows in tests/tidy.test.ts`]
  const own = `@jeon/${workspace.split('/')[1]}`
  return importsOf(text).flatMap((name) => {
    if (name.startsWith('.')) {
      const goal = relative(ROOT, join(ROOT, dirname(path), name)).replaceAll('\\', '/')
      return goal.startsWith(`${workspace}/`) ? [] : [`${path}: ${name} leaves ${workspace}`]
    }
    const target = /^@jeon\/[^/]+/.exec(name)?.[0]
    if (target === undefined || target === own || allowed.includes(target)) return []
    if (isTest(path) && ARROWS_OF_TESTS.includes(target)) return []
    return [`${path}: ${workspace} may not import ${target}`]
  })
}

/** Pure packages take the outside world as parameters. */
function checkPurity({ path, text }: File): readonly string[] {
  const workspace = workspaceOf(path)
  if (workspace === undefined || !PURE.includes(workspace)) return []
  if (!CODE.test(path) || isTest(path)) return []
  const code = withoutComments(text)
  const excused = EXCEPTIONS.filter((exception) => exception.path.test(path))
  return IMPURE.filter(({ pattern }) => pattern.test(code))
    .filter(({ name }) => !excused.some(({ names }) => names.includes(name)))
    .map(({ name }) => `${path}: ${name} belongs to apps; take it as a parameter`)
}

function checkSize({ path, text }: File): readonly string[] {
  if (!CODE.test(path)) return []
  const lines = text.split('\n').length - 1
  return lines >= LINES_MAX ? [`${path}: ${lines} lines, split it below ${LINES_MAX}`] : []
}

function checkWords({ path, text }: File): readonly string[] {
  return BANNED.filter(({ pattern, files }) => files.test(path) && pattern.test(text))
    .map(({ name }) => `${path}: ${name}`)
    .concat(
      LOOSE.test(withoutComments(text)) && CODE.test(path) ? [`${path}: the loosest of types`] : [],
    )
}

// Written in pieces, since this file obeys its own rules.
const BANNED: readonly { name: string; pattern: RegExp; files: RegExp }[] = [
  {
    name: 'an unfinished note',
    pattern: new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`),
    files: TEXT,
  },
  {
    name: 'a path of one machine',
    pattern: new RegExp(
      `(^|[\\s'"\`(=])/(${['wo' + 'rk', 'ho' + 'me', 'Us' + 'ers'].join('|')})/\\w`,
      'm',
    ),
    files: TEXT,
  },
  { name: 'a path in /tmp', pattern: new RegExp(`/${'tm'}p/\\w`), files: CODE },
]
const LOOSE = new RegExp(`(:|\\bas|<|,) ?${'an'}${'y'}\\b(?=[\\s,;)>\\[\\]=]|$)`, 'm')

/** Brought by the root, for programs that only run in this checkout. */
const BUILD_TOOLS = ['esbuild', 'vite']

const LIBRARY_NAME = /^(@[^/]+\/[^/]+|[^@./][^/]*)/

/** What a package imports it must declare, so that it also works outside this checkout. */
function checkDeclared({ path, text }: File, manifest: unknown): readonly string[] {
  if (!/\/src\/.*\.tsx?$/.test(path) || isTest(path)) return []
  const declared = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']
    .flatMap((kind) => Object.keys(record(record(manifest)[kind])))
    .concat(String(record(manifest).name))
    .concat(/\/build\.ts$/.test(path) ? BUILD_TOOLS : [])
  return importsOf(text)
    .filter((name) => !name.startsWith('node:'))
    .flatMap((name) => LIBRARY_NAME.exec(name)?.[0] ?? [])
    .filter((name) => !declared.includes(name))
    .map((name) => `${path}: ${name} is not in the package's package.json`)
}

function checkManifest(path: string, manifest: unknown): readonly string[] {
  const { description, license } = record(manifest)
  return [
    ...(typeof description === 'string' && description.length > 9 ? [] : ['no description']),
    ...(license === 'Apache-2.0' ? [] : ['its license is not Apache-2.0']),
  ].map((complaint) => `${path}: ${complaint}`)
}

/** npm sometimes leaves packages for other platforms out of the lock file, and refuses it then. */
function checkLock(lock: unknown): readonly string[] {
  const packages = record(record(lock).packages)
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(record(record(entry).optionalDependencies))
      .filter((name) => !foldersAbove(path).some((folder) => `${folder}${name}` in packages))
      .map((name) => `package-lock.json: ${path} wants ${name}, which is not locked`),
  )
}

/** Where Node looks for a package that `path` imports: `a/node_modules/`, …, `node_modules/`. */
function foldersAbove(path: string): readonly string[] {
  const parts = path === '' ? [] : path.split('/')
  return [...parts.keys(), parts.length]
    .map((count) => [...parts.slice(0, count), 'node_modules', ''].join('/'))
    .reverse()
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function readAll(directory = ROOT): readonly File[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const full = join(directory, entry.name)
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : readAll(full)
    const path = relative(ROOT, full).replaceAll('\\', '/')
    if (!TEXT.test(path) || path === 'package-lock.json') return []
    return [{ path, text: readFileSync(full, 'utf8') }]
  })
}

function readManifest(workspace: string): unknown {
  const path = join(ROOT, workspace, 'package.json')
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

const files = readAll()
const workspaces = [...new Set(files.flatMap(({ path }) => workspaceOf(path) ?? []))]

describe('the rules catch', () => {
  const bad = (path: string, text: string): File => ({ path, text })

  test('an arrow against the direction, and a way around it', () => {
    const ledger = "import { Ledger } from '@jeon/ledger'"
    expect(checkArrows(bad('packages/sdk/src/x.ts', ledger))).toHaveLength(1)
    expect(checkArrows(bad('packages/elements/src/x.ts', ledger))).toHaveLength(1)
    expect(checkArrows(bad('examples/newspaper/src/x.ts', ledger))).toHaveLength(1)
    expect(checkArrows(bad('apps/server/src/x.ts', ledger))).toEqual([])
    const around = "export * from '../../ledger/src/model.ts'"
    expect(checkArrows(bad('packages/sdk/src/x.ts', around))).toHaveLength(1)
    expect(checkArrows(bad('packages/sdk/src/a/x.ts', "import '../y.ts'"))).toEqual([])
    const database = "await import('@jeon/postgres')"
    expect(checkArrows(bad('packages/ledger/src/x.ts', database))).toHaveLength(1)
    expect(checkArrows(bad('packages/ledger/src/x.test.ts', database))).toEqual([])
    expect(checkArrows(bad('packages/unheard-of/src/x.ts', ''))).toHaveLength(1)
  })

  test('a pure package that looks outside, but not one that only speaks of it', () => {
    for (const text of [
      'Date.now()',
      'new Date()',
      'Math.random()',
      "import 'x' // \nprocess.env.X",
    ]) {
      expect(checkPurity(bad('packages/ledger/src/x.ts', text))).toHaveLength(1)
      expect(checkPurity(bad('packages/ledger/src/x.test.ts', text))).toEqual([])
      expect(checkPurity(bad('apps/server/src/x.ts', text))).toEqual([])
    }
    const socket = "import { connect } from 'node:net'"
    expect(checkPurity(bad('packages/money/src/x.ts', socket))).toHaveLength(1)
    expect(
      checkPurity(bad('packages/money/src/x.ts', '// not Date.now()\n/* Date.now */')),
    ).toEqual([])
    expect(checkPurity(bad('packages/elements/src/payment-id.ts', 'Date.now()'))).toEqual([])
    expect(checkPurity(bad('packages/elements/src/payment-id.ts', 'Math.random()'))).toHaveLength(1)
  })

  test('long files, loose types, notes to oneself and paths of one machine', () => {
    expect(checkSize(bad('apps/x/src/x.ts', 'x\n'.repeat(LINES_MAX)))).toHaveLength(1)
    expect(checkSize(bad('apps/x/src/x.ts', 'x\n'.repeat(LINES_MAX - 1)))).toEqual([])
    const words = [
      'let x: an' + 'y = 1',
      'x as an' + 'y',
      'Map<string, an' + 'y>',
      '// TO' + 'DO later',
    ]
    for (const text of [...words, "'/wo" + "rk/main'", "'/tm" + "p/x'"]) {
      expect(checkWords(bad('apps/x/src/x.ts', text))).toHaveLength(1)
    }
    expect(
      checkWords(bad('apps/x/src/x.ts', '// (Default: an' + 'y one) // https://a.b/work/x')),
    ).toEqual([])
  })

  test('an undeclared library, a package without a description, a lock with holes', () => {
    const file = bad(
      'packages/sdk/src/x.ts',
      "import { SignJWT } from 'jose/jwt'\nimport 'node:fs'",
    )
    expect(checkDeclared(file, { name: '@jeon/sdk' })).toHaveLength(1)
    expect(checkDeclared(file, { dependencies: { jose: '1.0.0' } })).toEqual([])
    expect(checkManifest('x', { license: 'MIT' })).toHaveLength(2)
    const wants = { optionalDependencies: { b: '1.0.0' } }
    expect(checkLock({ packages: { 'node_modules/a': wants } })).toHaveLength(1)
    expect(checkLock({ packages: { 'node_modules/a': wants, 'node_modules/b': {} } })).toEqual([])
  })
})

describe('the repository', () => {
  test('was found', () => {
    expect(files.length).toBeGreaterThan(40)
    expect(workspaces).toEqual(expect.arrayContaining(Object.keys(ARROWS)))
  })

  test.each([
    ['imports along the arrows', checkArrows],
    ['keeps the outside world out of its pure packages', checkPurity],
    ['has short files', checkSize],
    ['leaves no banned words behind', checkWords],
  ])('%s', (_rule, check) => {
    expect(files.flatMap(check)).toEqual([])
  })

  test('declares what it imports', () => {
    const complaints = workspaces.flatMap((workspace) =>
      files
        .filter(({ path }) => path.startsWith(`${workspace}/`))
        .flatMap((file) => checkDeclared(file, readManifest(workspace))),
    )
    expect(complaints).toEqual([])
  })

  test('describes and licenses every package', () => {
    const complaints = workspaces.flatMap((workspace) =>
      checkManifest(workspace, readManifest(workspace)),
    )
    expect(complaints).toEqual([])
    expect(readFileSync(join(ROOT, 'LICENSE'), 'utf8')).toContain('Apache License')
  })

  test('has a complete lock file', () => {
    const lock: unknown = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
    expect(checkLock(lock)).toEqual([])
  })

  test('has a reason for every exception', () => {
    for (const { reason } of EXCEPTIONS) expect(reason.length).toBeGreaterThan(20)
  })
})
