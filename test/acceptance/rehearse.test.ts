import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import t from 'tap'
import type { DemoEvent } from '../../src/demo/demo-event.ts'
import { repositoryWith } from '../support/repository-with.ts'
import { alone, gitIn, home, program, shell, temporaryDirectory } from '../support/run-sower.ts'

const example = readFileSync(
  join(home, 'examples/ztp/clusters/site-a/clusterinstance-seed-sno1.yaml'),
  'utf8',
)
const settings = (seed: string): string => `apiVersion: sower.dev/v1alpha1
kind: Configuration
seeds: [${seed}]
roots: [hub/clusters]
image: registry.internal.example:8443/ran/{cluster}:{version}
`

/** A layout that is not the example's: a directory a cluster, a branch of another name, and no Application in a file. */
const layout = (seed: string): Readonly<Record<string, string>> => ({
  'sower.yaml': settings(seed),
  'hub/clusters/kustomization.yaml': 'resources:\n- sno1\n- sno2\n',
  ...Object.fromEntries(
    ['sno1', 'sno2'].flatMap(name => [
      [`hub/clusters/${name}/kustomization.yaml`, 'resources:\n- ns.yaml\n- ci.yaml\n'],
      [
        `hub/clusters/${name}/ns.yaml`,
        `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`,
      ],
      [`hub/clusters/${name}/ci.yaml`, example.replaceAll('seed-sno1', name)],
    ]),
  ),
})

const rehearse = async (directory: string, keep: string) => {
  const words = ['rehearse', 'sno1', '-C', directory, '--keep', keep, '--json']
  const [file, ...rest] = alone(shell(), process.execPath, program, ...words)
  const { exitCode, stdout, stderr } = await execa(file, rest, { reject: false, timeout: 500_000 })
  const lines = stdout.split('\n').filter(line => line !== '')
  return { exitCode, stderr, events: lines.map(line => JSON.parse(line) as DemoEvent) }
}

t.test('a run is rehearsed with a repository that stays as it is', async t => {
  const { top, git } = await repositoryWith(t, layout('sno1'))
  await git('branch', '--quiet', '-m', 'trunk')
  await git('remote', 'add', 'origin', 'https://192.0.2.1/never-asked.git')
  const seen = async (): Promise<string> =>
    `${await git('show-ref')}${await git('status', '--porcelain')}${await git('reflog')}`
  const before = await seen()
  const keep = join(temporaryDirectory(t), 'kept')
  const { exitCode, stderr, events } = await rehearse(top, keep)
  t.match({ exitCode, stderr }, { exitCode: 0, stderr: '' })
  t.equal(await seen(), before)
  t.match(events.at(-2), {
    event: 'rehearsed',
    blocked: null,
    troubles: [],
    notes: [
      'no Application in the repository renders hub/clusters: one is made up',
      'no Application in the repository renders seed-secret: one is made up',
    ],
  })
  t.match(events.at(-1), { event: 'end', outcome: 'Completed', digest: /^sha256:/ })
  const copy = gitIn(join(keep, 'github', 'example', 'ztp.git'))
  const detach = await copy('log', '--all', '-p', '--format=%s', '--grep=^Detach sno1')
  t.match(detach, /^-- ci\.yaml\n\+#- ci\.yaml$/m, 'the edit is that of the layout')
  t.match(await copy('show', 'main:sower.yaml'), /image: 127\.0\.0\.1:\d+\/ran\/\{cluster\}/)
})

t.test('a request that would be refused is told with its code, and is not waited for', async t => {
  const { top } = await repositoryWith(t, layout('sno2'))
  const { exitCode, stderr, events } = await rehearse(top, join(temporaryDirectory(t), 'kept'))
  t.match(events.at(-2), {
    event: 'rehearsed',
    blocked: { code: 'REQUEST_INVALID', reason: /asks for no seed cluster \(sno2\)/ },
  })
  t.equal(exitCode, 3)
  t.match(
    stderr,
    /^sower: rehearsing sno1: it waits for a person: REQUEST_INVALID \[REHEARSAL_REFUSED\]/,
  )
})
