import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import t from 'tap'
import { execa } from 'execa'
import { alone } from './run-sower.ts'
import { whileWeLive } from './while-we-live.ts'

const isGone = (pid: string): boolean =>
  !existsSync(`/proc/${pid}`) || /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 10))
}

// What stands for a test: it starts a helper, and then hangs.
const hangingTest = `
  const { spawn } = require('node:child_process')
  const [file, ...rest] = process.argv.slice(1)
  spawn(file, rest, { detached: true, stdio: ['pipe', 'inherit', 'inherit'] })
  setInterval(() => undefined, 1000)
`

t.test('a helper and what it has started die with a test that is killed', async t => {
  // A process that ignores whatever can be ignored, with a child of its own.
  const helper = `trap '' TERM HUP INT PIPE; sleep 900 & echo "$$ $!"; wait`
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const [file, ...rest] = alone(
      { PATH: process.env['PATH'] ?? '' },
      ...[process.execPath, '-e', hangingTest, '--', ...whileWeLive('sh', '-c', helper)],
    )
    const test = spawn(file, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(createInterface({ input: test.stdout }), 'line')) as [string]
    const pids = line.split(' ')
    t.equal(pids.length, 2)
    t.strictSame(pids.filter(isGone), [], 'both run')
    test.kill(signal)
    await until(() => pids.every(isGone))
    t.pass(`both are gone after ${signal}`)
  }
})

t.test('a helper that ends by itself ends as it would alone', async t => {
  const [file, ...rest] = whileWeLive('sh', '-c', 'cat; echo out; echo err >&2; exit 7')
  const result = await execa(file, rest, { detached: true, reject: false })
  t.match(result, { exitCode: 7, stdout: 'out', stderr: 'err' })
})
