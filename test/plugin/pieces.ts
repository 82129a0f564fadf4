import t from 'tap'
import type { Judged } from '../../src/core/guard/judge-render.ts'
import { explainDocument, explainText, refuseRender } from '../../plugin/explain-text.ts'
import { generate } from '../../plugin/generate.ts'
import { runGenerate } from '../../plugin/run-generate.ts'
import { seedGeneratorManifest } from '../../src/core/seedgen/seed-generator-manifest.ts'
import { directoryWith } from '../support/directory-with.ts'
import { clusterInstance, listing, memoryTree, type Files } from '../support/memory-tree.ts'
import { surroundings } from '../support/surroundings.ts'

const finding = (outcome: 'refused' | 'warned'): Judged['findings'][number] => ({
  code: 'GUARD_REFUSED',
  level: outcome === 'refused' ? 'bad' : 'warn',
  object: 'ClusterInstance sno1/sno1',
  file: 'a.yaml',
  reason: 'it is there twice',
  fix: 'take one out',
  outcome,
})
const judged: readonly Judged[] = [
  { rule: 'explicit-empty', verdict: 'pass', findings: [] },
  { rule: 'duplicate-cluster', verdict: 'refused', findings: [finding('refused')] },
  { rule: 'inventory', verdict: 'warned', findings: [finding('warned')] },
]

const whole = { shards: null, reason: 'it has only\nabout 3 objects' }

t.test('explains what each guard says and how it was rendered, for people and for programs', t => {
  t.match(
    explainText(judged, { shards: 24, reason: null }),
    /^pass +explicit-empty\nrefused +duplicate-cluster\n +refused: duplicate-cluster: ClusterInstance sno1\/sno1 in a\.yaml: it is there twice\n +take one out\n[^]*\nrender +in 24 shards\n$/,
  )
  t.match(explainText([], whole), /^render +as a whole: it has only about 3 objects\n$/)
  t.match(explainDocument('site', judged, whole), {
    ...{ apiVersion: 'sower.dev/v1alpha2', kind: 'Guards', path: 'site', verdict: 'refused' },
    render: whole,
    guards: [{}, { findings: [{ code: 'GUARD_REFUSED', level: 'bad', fix: 'take one out' }] }, {}],
  })
  t.match(explainDocument('site', judged.slice(0, 1), whole), { verdict: 'pass' })
  t.end()
})

t.test('refuses with the first refusal, and reports everything else before it', t => {
  const reports: string[] = []
  const report = (text: string): void => void reports.push(text)
  t.throws(
    () => {
      refuseRender(judged, report)
    },
    { code: 'GUARD_REFUSED', message: /^duplicate-cluster: /, fix: 'take one out' },
  )
  t.match(reports, [/^sower: warned: inventory: .*; take one out\n$/])
  t.doesNotThrow(() => {
    refuseRender(judged.slice(2), report)
  })
  t.end()
})

t.test('judges what kustomize printed, and leaves its bytes as they are', async t => {
  const render = clusterInstance('sno1')
  const files = { 'site/kustomization.yaml': listing('a.yaml'), 'site/a.yaml': render }
  const asked: unknown[] = []
  const generating = {
    kustomize: {
      build: async (...words: readonly unknown[]) => {
        asked.push(words)
        return render
      },
      version: async () => 'kustomize v5',
    },
    ...{
      tree: memoryTree(files),
      directory: '/repository/site',
      path: 'site',
      today: '2026-11-29',
    },
  }
  const generated = await generate({ ...generating, environment: {} })
  t.equal(generated.render, render)
  t.match(
    generated.judged.map(({ verdict }) => verdict).join(),
    /^(?:pass|not applicable)(?:,(?:pass|not applicable))+$/,
  )
  t.match(asked, [['/repository/site', { path: 'site', tree: generating.tree }]])
  const environment = { PARAM_INVENTORY: 'perhaps' }
  await t.rejects(generate({ ...generating, environment }), { code: 'ARGUMENT_INVALID' })
})

t.test(
  'renders other directories only for a SeedGenerator whose cluster files do not name',
  async t => {
    const files = {
      'seeds/sno1/kustomization.yaml': 'resources: []\n',
      'clusters/kustomization.yaml': `${listing('a.yaml')}patches: [{patch: "value: sno1"}]\n`,
      'clusters/a.yaml': clusterInstance('placeholder'),
    }
    const built: string[] = []
    const judge = async (render: string): Promise<string | undefined> => {
      built.length = 0
      const build = async (directory: string): Promise<string> => {
        built.push(directory)
        return directory === '/repository/clusters' ? clusterInstance('sno1') : render
      }
      const { judged } = await generate({
        ...{ kustomize: { build, version: async () => '' }, tree: memoryTree(files) },
        ...{ directory: '/repository/seeds/sno1', path: 'seeds/sno1' },
        ...{ environment: {}, today: '2026-11-29' },
      })
      return judged.find(({ rule }) => rule === 'seed-exclusive')?.verdict
    }
    const generator = seedGeneratorManifest({ cluster: 'sno1', image: 'quay.io/org/seed:4.18' })
    t.equal(await judge(generator), 'refused')
    t.strictSame(built, ['/repository/seeds/sno1', '/repository/clusters'])
    t.equal(await judge(clusterInstance('sno2')), 'pass')
    t.strictSame(built, ['/repository/seeds/sno1'])
  },
)

t.test('starts nothing where kustomize would load what the bot refuses', async t => {
  const refused: readonly (readonly [string, string, Files?])[] = [
    ['ENTRY_REMOTE', 'resources: ["http://127.0.0.1:8080/x"]\n'],
    ['ENTRY_REMOTE', 'configMapGenerator: [{name: a, files: ["http://localhost/x"]}]\n'],
    ['ENTRY_REMOTE', 'helmCharts: [{name: a, repo: "http://127.0.0.1/charts"}]\n'],
    ['ENTRY_OUTSIDE', 'resources: [../../other]\n'],
    ['ENTRY_OUTSIDE', 'openapi: {path: /etc/passwd}\n'],
    ['ENTRY_SYMLINK', 'secretGenerator: [{name: a, envs: [e]}]\n', { 'site/e': { link: '/etc' } }],
    ['ENTRY_REMOTE', 'resources: [base]\n', { 'site/base/kustomization.yaml': 'crds: ["a:b"]\n' }],
    ['ENTRY_MISSING', 'resources: [pipe]\n'],
    ['KUSTOMIZATION_UNREADABLE', '<<: {resources: ["http://127.0.0.1/x"]}\n'],
  ]
  const started: unknown[] = []
  for (const [code, kustomization, files] of refused)
    await t.rejects(
      generate({
        kustomize: {
          build: async directory => {
            started.push(directory)
            return ''
          },
          version: async () => '',
        },
        tree: memoryTree({ 'site/kustomization.yaml': kustomization, ...files }),
        ...{ directory: '/repository/site', path: 'site', environment: {}, today: '2026-11-29' },
      }),
      { name: 'RefusedError', code },
      kustomization,
    )
  t.same(started, [])
})

t.test('says what is wrong with a directory before anything is rendered', async t => {
  const directory = directoryWith(t, { 'site/kustomization.yaml': listing() })
  const { given, said } = surroundings({ directory })
  await t.rejects(runGenerate(given, { directory: 'gone', explain: null }), {
    code: 'FILE_UNREADABLE',
    message: /^rendering gone: it is not a directory/,
  })
  const elsewhere = {
    ...given,
    environment: { ...given.environment, ARGOCD_APP_SOURCE_PATH: 'other' },
  }
  await t.rejects(runGenerate(elsewhere, { directory: 'site', explain: null }), {
    code: 'CHECKOUT_PARTIAL',
  })
  t.equal(said.stdout, '')
})
