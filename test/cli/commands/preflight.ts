import '../../../src/cli/commands/preflight/compose-preflight.ts'
import '../../../src/cli/commands/preflight/preflight-command.ts'
import '../../../src/cli/commands/preflight/register-preflight-command.ts'
import t from 'tap'
import { describeChecks } from '../../../src/cli/commands/preflight/describe-checks.ts'
import { nobody, readOnly, standInHub } from '../../../src/cli/commands/preflight/stand-in-hub.ts'
import type { Check } from '../../../src/core/preflight/check.ts'
import type { Answers } from '../../../src/core/preflight/query.ts'
import { judgeRows, tables } from '../../../src/core/preflight/tables.ts'
import { checksSection } from '../../../src/core/report/checks-section.ts'
import { codeCell, plain } from '../../../src/core/report/plain.ts'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import type { Cluster } from '../../../src/operations/ports/cluster.ts'
import { faults } from '../../support/preflight/faults.ts'
import { answersOf, healthyObjects } from '../../support/preflight/healthy.ts'
import { knownFacts } from '../../support/preflight/known-facts.ts'
import { repositoryWith } from '../../support/repository-with.ts'
import { runInProcess } from '../../support/run-in-process.ts'

const check = (id: string, more: Partial<Check> = {}): Check => ({
  ...{ id, level: 'block', status: 'pass', reason: 'well', fix: '' },
  ...more,
})

t.test('a terminal and the pull request say the same words of each check', t => {
  const silent: Answers = query =>
    query.on === 'seed' ? unknown('timeout') : answersOf(healthyObjects)(query)
  const judged = faults.flatMap(({ objects, facts }) =>
    judgeRows(
      tables,
      answersOf(objects?.(healthyObjects) ?? healthyObjects),
      facts?.(knownFacts) ?? knownFacts,
    ).filter(({ status }) => status === 'fail'),
  )
  for (const checks of [judged, judgeRows(tables, silent, knownFacts)]) {
    const terminal = describeChecks('sno1', checks)
    const pullRequest = checksSection(checks)
    for (const { id, status, reason, fix } of checks) {
      if (status === 'pass') {
        t.ok(pullRequest.includes(`| ${codeCell(id)} | ✓ |`), id)
        t.ok(terminal.includes(id.slice(id.indexOf('.') + 1)), id)
        continue
      }
      t.ok(terminal.includes(`  ${id}: ${reason.replace(/\s+/g, ' ')}\n`), `${id}: ${reason}`)
      t.ok(terminal.includes(`      ${fix.replace(/\s+/g, ' ')}\n`), `${id}: ${fix}`)
      t.ok(pullRequest.includes(`| ${plain(reason)} | ${plain(fix)} |`), `${id}: ${reason}`)
    }
  }
  t.end()
})

t.test('a terminal shows what blocks first, and the rest by name', t => {
  const bad = { status: 'fail', reason: 'it is\n  bad', fix: 'repair it' } as const
  const checks = [
    check('git.proof'),
    check('seed.csv', bad),
    check('hub.a', { status: 'unknown', reason: 'no answer: timeout', fix: 'wait' }),
    check('registry.tag-free', { ...bad, level: 'warn' }),
    check('seed.b', { status: 'not-asked', reason: 'not asked' }),
    check('seed.c', { status: 'not-asked', reason: 'not asked', level: 'warn' }),
  ]
  t.equal(
    describeChecks('sno1', checks),
    `blocks:
  seed.csv: it is bad
      repair it
  hub.a: no answer: timeout
      wait

warns:
  registry.tag-free: it is bad
      repair it

not asked, since nothing was named to ask:
  seed  b, c

passed:
  git  proof

sno1 is not ready for a seed generation: 1 blocking, 2 without an answer, 1 of 6 passed
`,
  )
  t.match(
    describeChecks('sno1', checks, 'wide'),
    /^not asked, .*:\n {2}seed\.b: not asked\n[^]*^passed:\n {2}git\.proof: /m,
  )
  t.match(
    describeChecks('sno1', [checks[0]!, checks[4]!]),
    /^nothing is known to block .* of sno1: 0 blocking, 1 without an answer, 1 of 2 passed$/m,
  )
  t.match(describeChecks('sno1', [checks[0]!]), /^sno1 is ready for a seed generation: /m)
  t.end()
})

t.test('what a person has at hand stands in for what the hub will have', async t => {
  const asked: string[] = []
  const hub: Cluster = {
    ...nobody,
    read: async ({ kind, name }) => {
      asked.push(`${kind} ${name}`)
      return absent
    },
  }
  const at = {
    cluster: 'sno1',
    namespace: 'sower',
    secret: { namespace: 'sower-seeds', name: 'seedgen', allowLiteralAnnotation: false },
  }
  const atHand = { ...at, kubeconfig: 'a kubeconfig', authfile: Buffer.from('{}') }
  const held = standInHub(hub, atHand as unknown as Parameters<typeof standInHub>[1])
  const secret = { apiVersion: 'v1', kind: 'Secret' }
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  t.match(
    await held.read({ ...secret, namespace: 'sno1', name: 'sno1-admin-kubeconfig' }),
    present({ data: { kubeconfig: base64('a kubeconfig') } }),
  )
  t.match(
    await held.read({ ...secret, namespace: 'sower-seeds', name: 'seedgen' }),
    present({ data: { seedAuth: base64('{}') } }),
  )
  t.match(
    await held.read({ ...secret, namespace: 'sower', name: 'sno1-access' }),
    present({ data: { kubeconfig: base64('a kubeconfig') } }),
    'before what Sower has saved',
  )
  t.strictSame(asked, [])
  t.strictSame(await held.read({ ...secret, namespace: 'sno2', name: 'x' }), absent)
  const without = standInHub(hub, {
    ...at,
    ...{ kubeconfig: null, authfile: null },
  } as unknown as Parameters<typeof standInHub>[1])
  await without.read({ ...secret, namespace: 'sno1', name: 'sno1-admin-kubeconfig' })
  t.strictSame(asked, ['Secret x', 'Secret sno1-admin-kubeconfig'])
  for (const cluster of [held, readOnly(hub), nobody]) {
    await t.rejects(cluster.putSecret({ ...secret, metadata: { name: 'x' } }), /writes nothing/)
    await t.rejects(cluster.remove({ ...secret, name: 'x' }), /writes nothing/)
  }
  t.strictSame(await nobody.read({ ...secret, name: 'x' }), unknown('not-asked'))
})

const files = {
  'sower.yaml':
    'apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [sno1]\nimage: registry.example.com/ibu/{cluster}:{version}\n',
  'site/kustomization.yaml': 'resources:\n  - sno1.yaml\n  - sno2.yaml\n',
  ...Object.fromEntries(
    ['sno1', 'sno2'].map(name => [
      `site/${name}.yaml`,
      `apiVersion: siteconfig.open-cluster-management.io/v1alpha1
kind: ClusterInstance
metadata: { name: ${name}, namespace: ${name} }
spec: { clusterName: ${name} }
`,
    ]),
  ),
}

t.test('without a hub only Git is asked, and the answers are said to be missing', async t => {
  const { top: cwd } = await repositoryWith(t, files)
  const said = await runInProcess(['preflight', 'sno1', '--json'], { cwd })
  t.match(said, {
    exitCode: 75,
    stderr: /checks have no answer \[PREFLIGHT_FAILED\]\n.*--kubeconfig/,
  })
  const { image, checks, ...head } = JSON.parse(said.stdout) as {
    image: string
    checks: readonly Check[]
  }
  t.strictSame(head, { apiVersion: 'sower.dev/v1alpha1', kind: 'Preflight', cluster: 'sno1' })
  t.equal(image, 'registry.example.com/ibu/sno1:unknown')
  t.match(
    checks.find(({ id }) => id === 'git.proof'),
    { status: 'pass' },
  )
  t.strictSame(
    checks.filter(({ status }) => status === 'fail' || status === 'unknown'),
    [],
    'what nobody was asked is neither failed nor unanswered',
  )
  t.notMatch(said.stdout, /\{cluster\}/)
  const text = await runInProcess(['preflight', 'sno1', '--image', 'r.example.com/a:1'], { cwd })
  t.match(text, { exitCode: 75, stdout: /^nothing is known to block the seed generation of sno1/m })
})

t.test('what cannot be checked at all is refused with its reason', async t => {
  const { top: cwd } = await repositoryWith(t, files)
  const refused = async (words: readonly string[], exitCode: number, stderr: RegExp) =>
    t.match(await runInProcess(['preflight', ...words], { cwd }), { exitCode, stdout: '', stderr })
  await refused(['sno2'], 3, /NOT_A_SEED/)
  await refused(['Sno1'], 2, /not a valid cluster name/)
  await refused(['sno1', '--image', 'x y'], 2, /IMAGE_INVALID/)
  await refused(['sno1', '--kubeconfig', 'none'], 2, /reading none: .*ENOENT/)
  await refused(['sno1', '--authfile', 'none'], 2, /reading none: .*ENOENT/)
})
