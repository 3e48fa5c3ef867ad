import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const directory = new URL('..', import.meta.url)

test('the example in the README prints what its comments say', () => {
  const readme = readFileSync(new URL('README.md', directory), 'utf8')
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? ''
  const promised = [...example.matchAll(/^console\.log\(.*\) \/\/ (.*)$/gm)].map(([, text]) => text)
  expect(promised).toHaveLength(5)
  const printed = execFileSync(
    process.execPath,
    ['--input-type=module-typescript', '--eval', example],
    { cwd: directory, encoding: 'utf8' },
  )
  expect(printed.trimEnd().split('\n')).toEqual(promised)
})
