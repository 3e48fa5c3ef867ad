import { spawn } from 'node:child_process'
import { access, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Argument, Option } from 'commander'
import { CliFailure, type Io } from '../io.ts'
import { repositoryRoot } from '../repository.ts'
import type { CommandSpec } from './context.ts'

interface BenchOptions {
  readonly isQuick: boolean
}

export const bench: CommandSpec<BenchOptions> = {
  name: 'bench',
  summary: 'measure how fast this machine is',
  args: [new Argument('[arguments...]', 'handed on to the bench, after --')],
  options: [new Option('--quick', 'less exact, in about a minute')],
  examples: [
    ['jeon bench --quick', 'a first idea'],
    ['jeon bench --json', 'the figures as JSON'],
    ['jeon bench -- --help', 'what else it takes'],
  ],
  read: (parsed) => ({ isQuick: parsed.quick === true }),
  async run({ io, isJson }, { isQuick }, args) {
    const entry = join(repositoryRoot, 'bench', 'src', 'main.ts')
    const isThere = await access(entry).then(
      () => true,
      () => false,
    )
    if (!isThere) {
      throw new CliFailure('bench_missing', 'The bench is not part of this installation.', {
        hint: 'It comes with the repository.',
      })
    }
    const all = [entry, ...(isQuick ? ['--quick'] : []), ...args]
    if (!isJson) return (await runNode(io, all, 'inherit')) === 0 ? 0 : 1

    const folder = await mkdtemp(join(tmpdir(), 'jeon-bench-'))
    try {
      const file = join(folder, 'bench.json')
      const exit = await runNode(io, [...all, '--json', file], 2)
      io.out(await readFile(file, 'utf8'))
      return exit === 0 ? 0 : 1
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}

/** @param stdout - where the program's own output goes: along with ours, or to stderr (2) */
function runNode(io: Io, args: readonly string[], stdout: 'inherit' | 2): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: repositoryRoot,
      stdio: ['ignore', stdout, 'inherit'],
    })
    const stop = () => child.kill('SIGINT')
    io.signal.addEventListener('abort', stop)
    child.on('error', reject)
    child.on('exit', (code) => {
      io.signal.removeEventListener('abort', stop)
      resolve(code ?? 1)
    })
  })
}
