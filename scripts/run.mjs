/**
 * The door of this repository: `npm start`, `npm test` and every `npm run` that starts a program
 * come through here. Plain JavaScript without packages, since it runs on the
 * Node that the machine happens to have, before anything is installed. It installs what is missing
 * (install.mjs) and hands over to a TypeScript program on the pinned Node (launch.mjs).
 */
const NODE_MAJOR_MIN = 20

const PROGRAMS = {
  start: 'apps/server/src/main.ts',
  test: 'scripts/test.ts',
  bench: 'bench/src/main.ts',
  crash: 'tests/crash/main.ts',
  jeon: 'apps/cli/src/main.ts',
  carrier: 'apps/carrier/src/main.ts',
  simulate: 'tests/simulate/main.ts',
}

async function main() {
  if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) {
    throw new Error(
      `Jeon needs Node.js ${NODE_MAJOR_MIN} or newer and this is ${process.version}: install one from https://nodejs.org and run this again.`,
    )
  }
  const [command, ...parameters] = process.argv.slice(2)
  if (command === undefined || !Object.hasOwn(PROGRAMS, command)) {
    const names = Object.keys(PROGRAMS).join('|')
    throw new Error(`Say which program to run: node scripts/run.mjs ${names} [options].`)
  }
  // `npm start --reset` is easily typed for `npm start -- --reset`; npm turns it into a variable.
  if (command === 'start' && process.env.npm_config_reset === 'true') parameters.push('--reset')

  // Not imported above: an old Node could not even read them.
  const { install } = await import('./install.mjs')
  const { launch } = await import('./launch.mjs')
  const node = await install()
  process.exitCode = await launch(node, PROGRAMS[command], parameters)
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
