import '../../../src/cli/commands/compare/compare-command.ts'
import '../../../src/cli/commands/compare/compare-options.ts'
import '../../../src/cli/commands/compare/compose-readers.ts'
import '../../../src/cli/commands/compare/register-compare-command.ts'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { describeComparison } from '../../../src/cli/commands/compare/describe-comparison.ts'
import { namedPaths } from '../../../src/cli/commands/compare/named-paths.ts'
import { gathered } from '../../support/compare/must-gather.ts'
import { listing } from '../../support/memory-tree.ts'
import { repositoryWith } from '../../support/repository-with.ts'
import { runInProcess } from '../../support/run-in-process.ts'
import { home, temporaryDirectory } from '../../support/run-sower.ts'

const instance = (
  cluster: string,
  more = '',
): string => `apiVersion: siteconfig.open-cluster-management.io/v1alpha1
kind: ClusterInstance
metadata: {name: ${cluster}, namespace: ${cluster}}
spec: {clusterName: ${cluster}, clusterImageSetNameRef: img4.18.5${more}}
`
const settings =
  'apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [seed-sno1]\nroots: [site]\n'
const site = {
  'sower.yaml': settings,
  'site/kustomization.yaml': listing('seed.yaml', 'good.yaml', 'fips.yaml'),
  'site/seed.yaml': instance('seed-sno1'),
  'site/good.yaml': instance('target-sno2'),
  'site/fips.yaml': instance('target-sno3', `, installConfigOverrides: '{"fips": true}'`),
}
const gatherInto = (t: Test): string => {
  const top = temporaryDirectory(t)
  for (const [path, content] of Object.entries(gathered)) {
    mkdirSync(dirname(join(top, path)), { recursive: true })
    writeFileSync(join(top, path), content)
  }
  return top
}

t.test('a target that would fail is refused with the words of the Lifecycle Agent', async t => {
  const { top } = await repositoryWith(t, site)
  const { exitCode, stdout, stderr } = await runInProcess(['compare', 'seed-sno1', '-C', top])
  t.equal(exitCode, 3)
  t.match(stderr, /it does not fit: target-sno3 \[COMPARE_FAILED\]/)
  t.match(
    stdout,
    'the Lifecycle Agent will say: seed image does not have FIPS enabled but the cluster being upgraded does',
  )
  t.match(stdout, /^target-sno3 +fails +1 /m)
  t.match(
    stdout,
    /^an image of seed-sno1 does not fit 1 of 2 targets; of 1 more not all is known$/m,
  )
  const one = await runInProcess(['compare', 'seed-sno1', 'target-sno2', '-C', top])
  t.equal(one.exitCode, 75, 'only answers are missing')
  t.match(one.stderr, /answers are missing: .* \[COMPARE_FAILED\]/)
})

t.test('the same as JSON, as Markdown, and as a page', async t => {
  const { top } = await repositoryWith(t, site)
  const html = join(top, 'page.html')
  const words = ['compare', 'seed-sno1', '-C', top, '-o', 'json', '--html', html]
  const { exitCode, stdout } = await runInProcess(words)
  t.equal(exitCode, 3)
  t.match(JSON.parse(stdout), {
    apiVersion: 'sower.dev/v1alpha1',
    kind: 'Comparison',
    ...{ cluster: 'seed-sno1', minor: '4.18', from: 'git' },
    seed: [{ id: 'seed.no-persistent-volume', status: 'unknown' }],
    targets: [
      {
        ...{ cluster: 'target-sno3', standing: 'fails', from: 'git' },
        checks: [
          {},
          {},
          { id: 'equal.fips', status: 'fail', seed: ['off'], target: ['on'], agent: /FIPS/ },
        ],
      },
      { cluster: 'target-sno2', standing: 'unknown' },
    ],
    notes: [/oc cluster-compare -r/],
  })
  t.match(readFileSync(html, 'utf8'), /^<!doctype html>[^]*target-sno3/)
  const conformance = join(top, 'conformance.json')
  writeFileSync(conformance, '{"Summary":{"NumMissing":1,"NumDiffCRs":0,"TotalCRs":3}}')
  const profile = await runInProcess([
    ...words.slice(0, 4),
    '--conformance',
    `target-sno2=${conformance}`,
  ])
  t.match(profile.stdout, 'profile.conformance: oc cluster-compare: 1 missing')
  const image = join(top, 'image.json')
  const label = 'com.openshift.lifecycle-agent.seed_'
  const info = JSON.stringify({ seed_cluster_ocp_version: '4.18.5', has_fips: true })
  const Labels = { [`${label}format_version`]: '4', [`${label}cluster_info`]: info }
  writeFileSync(image, JSON.stringify({ architecture: 'amd64', config: { Labels } }))
  const made = await runInProcess([...words.slice(0, 6), '--image-config', image])
  t.match(made.stdout, /"id": "image.format",\s+"level": "block",\s+"status": "pass"/)
  t.match(made.stdout, /seed image has FIPS enabled but/, 'though the seed in Git has not')
  const markdown = await runInProcess([...words.slice(0, 4), '-o', 'markdown'])
  t.match(markdown.stdout, /^\*\*`seed-sno1` against 2 targets[^]*<details>/)
})

t.test('a must-gather answers what Git does not, of the seed as of a target', async t => {
  const { top } = await repositoryWith(t, site)
  const directory = gatherInto(t)
  const { stdout } = await runInProcess([
    ...['compare', 'seed-sno1', 'target-sno2', '-C', top, '-o', 'json'],
    ...['--must-gather', `seed-sno1=${directory}`, '--must-gather', `target-sno2=${directory}`],
  ])
  t.match(JSON.parse(stdout), {
    ...{ minor: '4.17', from: 'cluster' },
    targets: [
      {
        checks: [
          { id: 'equal.version', status: 'fail', agent: /4\.17\.9/ },
          { id: 'equal.proxy', status: 'pass', seed: ['on'] },
        ],
      },
    ],
  })
})

t.test('sower.yaml may say what every target has', async t => {
  const { top } = await repositoryWith(t, {
    ...site,
    'sower.yaml': `${settings}expect: {fips: true}\n`,
  })
  const expected = await runInProcess(['compare', 'seed-sno1', '-C', top])
  t.equal(expected.exitCode, 3)
  t.match(expected.stdout, /as sower\.yaml|^every target +fails/m)
  const all = await runInProcess(['compare', 'seed-sno1', '-C', top, '--all'])
  t.match(all.stdout, /against 2 targets/)
  const { top: wrong } = await repositoryWith(t, {
    ...site,
    'sower.yaml': `${settings}expect: {fisp: true}\n`,
  })
  const refused = await runInProcess(['compare', 'seed-sno1', '-C', wrong])
  t.equal(refused.exitCode, 2)
  t.match(refused.stderr, /expect\.fisp: no row has this name/)
})

t.test('what cannot be asked is said, and what is named wrongly refused', async t => {
  const { top } = await repositoryWith(t, site)
  const kubeconfig = join(temporaryDirectory(t), 'kubeconfig')
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'a' },
      clusters: [{ name: 'a', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'a', user: { token: 'not-a-real-token' } }],
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    }),
  )
  const compare = (...words: readonly string[]) =>
    runInProcess(['compare', 'seed-sno1', 'target-sno2', '-C', top, ...words])
  const live = await compare(
    '--seed-kubeconfig',
    kubeconfig,
    '--target-kubeconfig',
    `target-sno2=${kubeconfig}`,
  )
  t.equal(live.exitCode, 75)
  t.match(live.stdout, /no answer of the seed for .*: unreachable/)
  const hub = await compare('--kubeconfig', kubeconfig)
  t.equal(hub.exitCode, 75)
  t.match(hub.stderr, /kubeconfig of seed-sno1 on the hub: unreachable \[ACCESS_MISSING\]/)
  const twice = await compare(
    '--seed-kubeconfig',
    kubeconfig,
    '--target-kubeconfig',
    `seed-sno1=${kubeconfig}`,
  )
  t.match([twice.exitCode, twice.stderr], [2, /seed-sno1 is named twice/])
  const name = await runInProcess(['compare', 'Seed', '-C', top])
  t.match([name.exitCode, name.stderr], [2, /Seed is not a valid cluster name/])
  const unknown = await runInProcess(['compare', 'seed-sno7', '-C', top])
  t.match([unknown.exitCode, unknown.stderr], [3, /CLUSTER_NOT_FOUND/])
  t.throws(() => namedPaths('--x', ['a']), { code: 'ARGUMENT_INVALID' })
  t.throws(() => namedPaths('--x', ['a=']), { message: /must be NAME=PATH/ })
  t.throws(() => namedPaths('--x', ['a=b', 'a=c']), { message: /a is named twice/ })
})

t.test('the documentation shows what the example prints', async t => {
  const example = join(home, 'examples', 'ztp')
  const files = readdirSync(example, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(example.length + 1))
  const { top } = await repositoryWith(
    t,
    Object.fromEntries(files.map(file => [file, readFileSync(join(example, file), 'utf8')])),
  )
  const { exitCode, stdout } = await runInProcess(['compare', 'seed-sno1', '-C', top])
  t.equal(exitCode, 75)
  const documentation = readFileSync(join(home, 'docs', 'compare.md'), 'utf8')
  const [, shown = ''] = /```\n(seed-sno1, OpenShift[^]*?)```/.exec(documentation) ?? []
  t.equal(shown, stdout)
})

t.test('a terminal shows the first of many targets', t => {
  const target = { from: 'git', standing: 'fits', checks: [] } as const
  const targets = Array.from({ length: 32 }, (_, at) => ({ ...target, cluster: `t${at}` }))
  const comparison = { cluster: 'a', from: 'cluster', minor: null, seed: [], targets } as const
  t.match(describeComparison(comparison, ['a note']), /^a \(asked itself\) against 32 targets$/m)
  t.match(describeComparison(comparison, []), /^and 2 more: -o wide shows all of them$/m)
  const wide = describeComparison(comparison, [], 'wide')
  t.match(wide, /^t31 /m)
  t.notMatch(wide, /more/)
  t.match(
    describeComparison(comparison, ['a note']),
    /^note: a note\nan image of a fits 32 targets\n$/m,
  )
  t.end()
})
