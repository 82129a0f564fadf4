import t from 'tap'
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
      limits: { time: 60, memory: 2 ** 32, output: 1000, ...limits },
      path: process.env['PATH'] ?? '',
    })
  t.match(await run('printf "%s" "$WORD"; echo no >&2; exit 3'), {
    ...{ stdout: 'given', stderr: 'no\n', exitCode: 3, limit: null },
  })
  t.match(await run('while :; do echo aaaaaaaaaaaaaaaa; done'), { exitCode: null, limit: 'output' })
  t.match(await run('while :; do sleep 1; done', { time: 0.2 }), { exitCode: null, limit: 'time' })
})
