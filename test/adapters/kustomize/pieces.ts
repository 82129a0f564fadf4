import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { killTree } from '../../../src/adapters/kustomize/kill-tree.ts'
import { renderError } from '../../../src/adapters/kustomize/render-error.ts'
import { runLimited } from '../../../src/adapters/kustomize/run-limited.ts'
import { temporaryDirectory } from '../../support/run-sower.ts'

const rendered = { name: 'site', directory: '/r/site', root: '/r', time: 50 }
const ended = (stderr: string, change: object = {}) => ({
  ...{ stdout: '', stderr, exitCode: 1, limit: null },
  ...change,
})

t.test('a render that gave nothing is one short line with a code and what to do', t => {
  for (const [what, code, says] of [
    [ended('', { exitCode: null, limit: 'time' }), 'RENDER_TIMEOUT', /no result within 50 seconds/],
    [ended('', { exitCode: null, limit: 'output' }), 'RENDER_TOO_LARGE', /more output/],
    [ended('fatal error: runtime: out of memory\n'), 'RENDER_TOO_LARGE', /more memory/],
    [ended('', { exitCode: null }), 'RENDER_TOO_LARGE', /it was killed/],
    [
      ended('Error: kustomization.yaml is empty\n'),
      'RENDER_EMPTY_LIST',
      /kustomization\.yaml is empty/,
    ],
    [ended('Error: Get "x": proxyconnect tcp: dial\n'), 'ENTRY_REMOTE', /no network/],
    [ended('Error: must specify --enable-helm\n'), 'RENDER_NEEDS_PLUGIN', /needs Helm/],
    [
      ended(
        'Error: loading generator plugins: failed to load generator: plugin HelmChartInflationGenerator.builtin.[noGrp]/g.[noNs] fails configuration: must specify --enable-helm\n',
      ),
      ...(['RENDER_NEEDS_PLUGIN', /needs Helm/] as const),
    ],
    [
      ended(
        "Error: accumulating resources: accumulation err='accumulating resources from 'a.yaml': /r/site/a.yaml: no such file': must build at directory: x\n",
      ),
      'RENDER_FAILED',
      /^rendering site: a\.yaml: /,
    ],
  ] as const)
    t.match(
      renderError(what, rendered),
      { name: 'RefusedError', code, message: says, fix: /\w/ },
      code,
    )
  t.end()
})

t.test('a program ends with what it said, or at a limit', async t => {
  const run = (script: string, limits: object = {}) =>
    runLimited({
      ...{ file: '/bin/sh', arguments: ['-c', script], directory: temporaryDirectory(t) },
      environment: { WORD: 'given' },
      mark: 'WORD=given',
      limits: { time: 60, memory: 2 ** 32, output: 1000, ...limits },
      path: process.env['PATH'] ?? '',
    })
  t.match(await run('printf "%s" "$WORD"; echo no >&2; exit 3'), {
    ...{ stdout: 'given', stderr: 'no\n', exitCode: 3, limit: null },
  })
  t.match(await run('while :; do echo aaaaaaaaaaaaaaaa; done'), { exitCode: null, limit: 'output' })
  t.match(await run('while :; do sleep 1; done', { time: 0.2 }), { exitCode: null, limit: 'time' })
})

t.test(
  'what a program started dies at the deadline and at its end, in whatever session it is',
  { skip: !existsSync('/proc/self/environ') && 'there is no /proc' },
  async t => {
    const directory = temporaryDirectory(t)
    const run = (script: string, time: number) =>
      runLimited({
        ...{ file: '/bin/sh', arguments: ['-c', script], directory },
        ...{
          environment: { PATH: process.env['PATH'] ?? '', A: directory },
          path: process.env['PATH'] ?? '',
        },
        mark: `A=${directory}`,
        limits: { time, memory: 2 ** 32, output: 1000 },
      })
    const living = () =>
      readdirSync(directory).filter(pid => {
        try {
          return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
        } catch {
          return false
        }
      })
    // A session of its own; one that nobody waits for; one below it that has emptied its environment.
    const sleeper = 'touch $$; exec sleep 1000'
    const start = [
      `setsid sh -c '${sleeper}' &`,
      `setsid sh -c 'setsid sh -c "touch \\$\\$; exec sleep 1000" & exit' &`,
      `setsid sh -c 'env -i PATH="$PATH" sh -c "touch \\$\\$; exec sleep 1000"; :' &`,
      'while [ $(ls | wc -l) -lt 3 ]; do sleep 0.05; done',
    ].join('\n')
    t.match(await run(`${start}; sleep 1000`, 5), { exitCode: null, limit: 'time' })
    t.equal(readdirSync(directory).length, 3)
    t.strictSame(living(), [])
    for (const pid of readdirSync(directory)) rmSync(join(directory, pid))
    t.match(await run(`exec >/dev/null 2>&1; ${start}`, 60), { exitCode: 0, limit: null })
    t.equal(readdirSync(directory).length, 3)
    t.strictSame(living(), [])
    killTree({ leader: null, mark: 'nobody has it' })
  },
)
