import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Test } from 'tap'
import { fileRunStore } from '../../src/adapters/files/file-run-store.ts'
import { aRun } from './run/run-scene.ts'
import { home, temporaryDirectory } from './run-sower.ts'

/** Takes the version that it is told of, and tells whether it won. */
const racer = `
import { fileRunStore } from './src/adapters/files/file-run-store.ts'
const store = fileRunStore(process.argv[2])
process.on('message', run => {
  store.replace({ ...run, attempt: process.pid }).then(
    () => process.send(true),
    error => process.send(error.code === 'RUN_CHANGED' ? false : String(error)),
  )
})
process.send('ready')
`

/**
 * Lets processes race for each version of a run, with the locks of dead ones in their way, and returns how many won
 * each round.
 */
export const raceForVersions = async (
  t: Pick<Test, 'teardown'>,
  { processes, rounds }: Readonly<{ processes: number; rounds: number }>,
): Promise<readonly number[]> => {
  const directory = temporaryDirectory(t)
  const file = join(directory, 'racer.mjs')
  await build({
    stdin: { contents: racer, resolveDir: home },
    ...{ outfile: file, bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' },
  })
  const runs = join(directory, 'runs')
  const store = fileRunStore(runs)
  await store.create(aRun('Requested'))
  const racers = Array.from({ length: processes }, () => fork(file, [runs], { execArgv: [] }))
  t.teardown(() => {
    for (const child of racers) child.kill('SIGKILL')
  })
  const answers = () =>
    Promise.all(racers.map(async child => ((await once(child, 'message')) as [unknown])[0]))
  await answers()
  const won: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const stale = new Date(Date.now() - 61_000)
    for (const name of ['.sno1.lock', `.sno1.lock.99999999+1+2+elsewhere+${round}`]) {
      writeFileSync(join(runs, name), '')
      utimesSync(join(runs, name), stale, stale)
    }
    const told = answers()
    const run = await store.get('sno1')
    for (const child of racers) child.send(run as object)
    const said = await told
    const wrong = said.find(answer => typeof answer !== 'boolean')
    if (wrong !== undefined) throw new Error(`a racer failed: ${JSON.stringify(wrong)}`)
    won.push(said.filter(Boolean).length)
  }
  const left = readdirSync(runs).filter(name => name !== 'sno1.json')
  if (left.length > 0) throw new Error(`left over: ${left.join(', ')}`)
  return won
}
