import './guard/pieces.ts'
import t from 'tap'
import { isExplicitlyEmpty } from '../../src/core/kustomization/is-explicitly-empty.ts'
import { writeInventory } from '../../src/core/detach/inventory.ts'
import { guards } from '../../src/core/guard/guards.ts'
import {
  describeFinding,
  judgeRender,
  type Judged,
  type Judging,
} from '../../src/core/guard/judge-render.ts'
import { guardCases } from './guard/cases.ts'
import { guardInventoryCases } from './guard/inventory-cases.ts'
import { guardSecretCases } from './guard/secret-cases.ts'
import { clusterInstance, listing, memoryTree, type Files } from '../support/memory-tree.ts'

const judge = (
  render: readonly string[],
  files: Files = {},
  more: Partial<Omit<Judging, 'render' | 'tree'>> = {},
): Promise<readonly Judged[]> =>
  judgeRender({
    tree: memoryTree(files),
    path: 'clusters/site-a',
    render: render.join('---\n'),
    renderOf: () => Promise.reject(new Error('nothing else is to be rendered')),
    warnOnly: new Set(),
    today: '2026-11-29',
    ...more,
  })
const of = async (rule: string, judging: Promise<readonly Judged[]>): Promise<Judged> => {
  const found = (await judging).find(guard => guard.rule === rule)
  if (!found) throw new Error(`there is no guard ${rule}`)
  return found
}
const sentences = ({ rule, findings }: Judged): readonly string[] =>
  findings.map(finding => `${describeFinding(rule, finding)}; ${finding.fix}`)

for (const [rule, cases] of Object.entries({
  ...guardCases,
  ...guardSecretCases,
  ...guardInventoryCases,
}))
  t.test(`the guard ${rule} fires where it must, and only there`, async t => {
    for (const { what, path = 'clusters/site-a', files = {}, render, says } of cases) {
      const judged = await of(rule, judge(render, files, { path }))
      if (says instanceof RegExp) {
        t.equal(judged.verdict, 'refused', what)
        const [first = ''] = sentences(judged)
        t.ok(first.startsWith(`${rule}: `), what)
        t.match(first.slice(rule.length + 2), says, what)
      } else {
        t.equal(judged.verdict, says ?? 'pass', what)
        t.same(judged.findings, [], what)
      }
    }
  })

const saysNothing: readonly (readonly [string, boolean, Files])[] = [
  ['an explicit empty list', true, { 'site/kustomization.yaml': 'resources: []\n' }],
  [
    'an explicit empty list with comments',
    true,
    { 'site/kustomization.yaml': 'resources: []\n  #- a.yaml\n' },
  ],
  ['empty generators', true, { 'site/kustomization.yaml': 'generators: []\n' }],
  ['a null list', false, { 'site/kustomization.yaml': 'resources:\n  #- a.yaml\n' }],
  [
    'a null list beside an empty one',
    true,
    { 'site/kustomization.yaml': 'resources:\ncomponents: []\n' },
  ],
  ['no list', false, { 'site/kustomization.yaml': 'namespace: a\n' }],
  [
    'a Component that only changes what others bring',
    true,
    {
      'site/kustomization.yaml': 'resources: []\ncomponents: [c]\n',
      'site/c/kustomization.yaml': 'kind: Component\nnamePrefix: a-\n',
    },
  ],
  [
    'a Component with a null list',
    false,
    {
      'site/kustomization.yaml': 'resources: []\ncomponents: [c]\n',
      'site/c/kustomization.yaml': 'kind: Component\nresources:\n',
    },
  ],
  [
    'directories that say so',
    true,
    {
      'site/kustomization.yaml': 'resources: [a]\n',
      'site/a/kustomization.yaml': 'resources: []\n',
    },
  ],
  [
    'a directory with a null list',
    false,
    {
      'site/kustomization.yaml': 'resources: [a, b]\n',
      'site/a/kustomization.yaml': 'resources: []\n',
      'site/b/kustomization.yaml': 'resources:\n',
    },
  ],
  [
    'a file that holds no object any more',
    false,
    { 'site/kustomization.yaml': 'resources: [a.yaml]\n', 'site/a.yaml': '# nothing\n' },
  ],
  [
    'such a file beside an empty list of another field',
    false,
    { 'site/kustomization.yaml': 'resources: [a.yaml]\ncomponents: []\n', 'site/a.yaml': '' },
  ],
  [
    'such a file in a directory beside one that says so',
    false,
    {
      'site/kustomization.yaml': 'resources: [a, b]\n',
      'site/a/kustomization.yaml': 'resources: []\n',
      'site/b/kustomization.yaml': 'resources: [x.yaml]\n',
      'site/b/x.yaml': '',
    },
  ],
]

t.test(
  'the guard explicit-empty lets an empty render pass only where the kustomization says so',
  async t => {
    for (const [what, isEmpty, files] of saysNothing) {
      t.equal(isExplicitlyEmpty(memoryTree(files), 'site'), isEmpty, what)
      for (const render of ['', '\n', '---\n', '---\n\n---\n']) {
        const judged = await of('explicit-empty', judge([render], files, { path: 'site' }))
        t.equal(judged.verdict, isEmpty ? 'pass' : 'refused', what)
        if (!isEmpty)
          t.match(
            sentences(judged)[0],
            /such a file|a file that/.test(what)
              ? /^explicit-empty: site\/kustomization\.yaml: the render of site holds no object, and these files are listed: site\/(?:a|b\/x)\.yaml; put/
              : /^explicit-empty: site\/kustomization\.yaml: the render of site holds no object, .*; write `resources: \[\]`/,
            what,
          )
      }
    }
    const remote = { 'site/kustomization.yaml': 'resources: []\ncomponents: [https://a.b/c]\n' }
    t.match(
      sentences(await of('explicit-empty', judge([], remote, { path: 'site' })))[0],
      /fetched from/,
    )
    t.equal((await of('explicit-empty', judge([clusterInstance('sno1')]))).verdict, 'pass')
  },
)

const twice = (waiver: string): readonly string[] => [
  clusterInstance('sno1', 'a'),
  clusterInstance('sno1', 'b').replace(
    'metadata:\n',
    `metadata:\n  annotations:\n    waiver.sower.dev/duplicate-cluster: ${waiver}\n`,
  ),
]

t.test(
  'a waiver on one of the objects holds through its day, with a reason, for its rule alone',
  async t => {
    const waived = await of(
      'duplicate-cluster',
      judge(twice('"until 2026-11-29: it moves to a new name"')),
    )
    t.equal(waived.verdict, 'waived')
    t.match(sentences(waived)[0], /\(waived until 2026-11-29: it moves to a new name\)/)
    for (const [waiver, why] of [
      ['"until 2026-11-28: it moves"', /its waiver ended on 2026-11-28/],
      ['"until 2026-12-31:"', /its waiver is not `until/],
      ['"until 2026-02-31: it moves"', /its waiver is not `until/],
      ['"until 2026-13-01: it moves"', /its waiver is not `until/],
      ['"2026-12-31 it moves"', /its waiver is not `until/],
      ['"true"', /its waiver is not `until/],
      ['5', /its waiver is not `until/],
    ] as const) {
      const judged = await of('duplicate-cluster', judge(twice(waiver)))
      t.equal(judged.verdict, 'refused', waiver)
      t.match(sentences(judged)[0], why, waiver)
    }
    const other = twice('"until 2026-12-31: it moves"').map(text =>
      text.replace('sower.dev/duplicate', 'sower.dev/seed'),
    )
    t.equal((await of('duplicate-cluster', judge(other))).verdict, 'refused')
  },
)

t.test(
  'a rule may be turned into a warning, unless what it refuses cannot be made good',
  async t => {
    const all = { warnOnly: new Set(guards.map(({ rule }) => rule)) }
    t.equal((await of('duplicate-cluster', judge(twice('x'), {}, all))).verdict, 'warned')
    const plain = [
      'apiVersion: v1\nkind: Secret\nmetadata:\n  annotations:\n    waiver.sower.dev/no-plain-secret: "until 2026-12-31: x"\n  name: seedgen\n',
    ]
    t.match(await of('no-plain-secret', judge(plain, {}, all)), {
      verdict: 'refused',
      findings: [{ reason: /\(this rule knows no waiver\)$/ }],
    })
    const empty = { 'clusters/site-a/kustomization.yaml': 'resources:\n' }
    t.equal((await of('explicit-empty', judge([], empty, all))).verdict, 'refused')
  },
)

t.test('tells where an object comes from, as far as files can tell', async t => {
  const files = {
    'clusters/site-a/kustomization.yaml': `namePrefix: p-\n${listing('leaf', 'other.yaml')}`,
    'clusters/site-a/other.yaml': clusterInstance('other'),
    'clusters/site-a/leaf/kustomization.yaml': listing('list.yaml'),
    'clusters/site-a/leaf/list.yaml': `apiVersion: v1\nkind: List\nitems:\n- ${clusterInstance('sno1').trimEnd().replaceAll('\n', '\n  ')}\n`,
  }
  const fileOf = async (name: string, repository: Files = files): Promise<string | undefined> => {
    const two = [clusterInstance('sno1', name), clusterInstance('sno1', 'z')]
    return (await of('duplicate-cluster', judge(two, repository))).findings[0]?.file
  }
  const leaf = 'clusters/site-a/leaf/list.yaml'
  t.equal(await fileOf('sno1'), leaf)
  t.equal(await fileOf('p-sno1'), leaf, 'renamed')
  t.equal(await fileOf('unlike'), 'clusters/site-a/kustomization.yaml', 'a generator, it may be')
  t.equal(await fileOf('a', {}), 'clusters/site-a', 'without any file')
})

t.test(
  'refuses a sower.yaml that would lead the guards astray, and nothing else in it',
  async t => {
    const judgeWith = (sower: string): Promise<readonly Judged[]> =>
      judge([clusterInstance('sno1')], { 'sower.yaml': sower })
    for (const sower of [
      'seeds: [',
      'directory: []\n',
      'directory: ../elsewhere\n',
      'roots: [/]\n',
    ])
      await t.rejects(
        judgeWith(sower),
        { name: 'RefusedError', code: 'CONFIGURATION_INVALID' },
        sower,
      )
    const linked = { 'sower.yaml': { link: 'other' } }
    await t.rejects(judge([], linked), {
      code: 'CONFIGURATION_INVALID',
      message: /not a plain file/,
    })
    t.equal((await of('seed-exclusive', judgeWith('delivry: direct\nseeds: 5\n'))).verdict, 'pass')
  },
)

t.test('what stands in a list is judged as if it stood alone', async t => {
  const listOf = (...objects: readonly string[]): string =>
    `apiVersion: v1\nitems:\n${objects.map(text => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}kind: List\n`
  const [one, other] = [clusterInstance('sno1'), clusterInstance('sno1', 'again')]
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: seedgen\n'
  const generator =
    'apiVersion: lca.openshift.io/v1\nkind: SeedGenerator\nmetadata:\n  name: seedimage\n'
  const listed = { 'clusters/site-a/kustomization.yaml': listing('list.yaml') }
  const gone = { 'seeds/sno1/record.yaml': 'status: detached\n' }
  const inventory = {
    'clusters/site-a/sower-inventory.yaml': writeInventory({ clusters: ['sno1'], detached: [] }),
  }
  for (const [rule, render, files] of [
    ['explicit-empty', [listOf().replace('items:\n', 'items: []\n')], listed],
    ['explicit-empty', [listOf()], listed],
    ['duplicate-cluster', [listOf(one, other)], {}],
    ['duplicate-cluster', [one, listOf(other).replace('List', 'ClusterInstanceList')], {}],
    ['seed-exclusive', [listOf(one)], gone],
    ['seed-generator', [listOf(generator)], {}],
    ['seed-generator', [generator, listOf(secret)], {}],
    ['no-plain-secret', [listOf(secret)], {}],
    ['inventory', [listOf(clusterInstance('sno2'))], inventory],
  ] as const)
    t.equal((await of(rule, judge(render, files))).verdict, 'refused', `${rule} ${render.join()}`)
  t.equal((await of('inventory', judge([listOf(one)], inventory))).verdict, 'pass')
  for (const render of [`${one}items: []\n`, listOf(listOf(secret))])
    await t.rejects(judge([render]), { name: 'RefusedError', code: 'RENDER_LIST' })
})

t.test('a nearer sower.yaml turns no guard off', async t => {
  const nearer = { 'clusters/site-a/sower.yaml': 'directory: nowhere\nroots: [nothing]\n' }
  const record = { 'seeds/sno1/record.yaml': 'status: detached\n' }
  for (const root of [{}, { 'sower.yaml': 'seeds: [sno1]\n' }]) {
    const files = { ...nearer, ...record, ...root }
    const judged = await of('seed-exclusive', judge([clusterInstance('sno1')], files))
    t.match(sentences(judged)[0], /is detached, as seeds\/sno1\/record\.yaml says/)
  }
  const own = { ...nearer, 'clusters/site-a/nowhere/sno1/record.yaml': 'status: detached\n' }
  const judged = await of('seed-exclusive', judge([clusterInstance('sno1')], own))
  t.equal(judged.verdict, 'refused', 'and what it says counts, too')
})

t.test('refuses to read what nests deeper than a parser survives', async t => {
  const deep = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: seedgen\ndata: ${'['.repeat(300)}${']'.repeat(300)}\n`
  t.match(await of('no-plain-secret', judge([deep])), {
    verdict: 'refused',
    findings: [{ reason: /nests deeper/ }],
  })
})

t.test('hides no mistake of its own behind a refusal', async t => {
  const tree = memoryTree({ 'clusters/site-a/sower-inventory.yaml': 'a: b\n' })
  const broken = {
    ...tree,
    read: (): never => {
      throw new TypeError('a mistake')
    },
  }
  const judging = {
    ...{ path: 'clusters/site-a', render: '', warnOnly: new Set<string>(), today: '' },
    renderOf: async () => '',
  }
  await t.rejects(judgeRender({ ...judging, tree: broken }), { name: 'TypeError' })
})

t.test('names every guard once, with what it refuses and why', t => {
  t.same(
    guards.map(({ rule }) => rule),
    [
      'explicit-empty',
      'duplicate-cluster',
      'seed-generator',
      'seed-exclusive',
      'no-plain-secret',
      'sealed-secret',
      'inventory',
    ],
  )
  for (const { refuses, because } of guards)
    for (const text of [refuses, because]) t.match(text, /^\S.*[^.]$/)
  t.end()
})
