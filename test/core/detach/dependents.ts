import { join } from 'node:path'
import t, { type Test } from 'tap'
import { kustomizeCli } from '../../../src/adapters/kustomize/kustomize-cli.ts'
import { clustersInText } from '../../../src/core/cluster/clusters-in.ts'
import { findDeadPatches, findDependents } from '../../../src/core/detach/find-dependents.ts'
import { findCluster } from '../../../src/core/cluster/find-cluster.ts'
import { compareRenders } from '../../../src/core/proof/compare-renders.ts'
import { editedFiles } from '../../../src/core/edit/remove-items.ts'
import { kustomizationsSeeing, subjectOf, type Subject } from '../../../src/core/detach/subject.ts'
import { recordOfDetach } from '../../../src/core/detach/record-of-detach.ts'
import { editsOf } from '../../../src/core/detach/plan-detach.ts'
import { planDetach } from '../../../src/core/detach/plan-detach.ts'
import type { Change } from '../../../src/core/change.ts'
import { planRestore } from '../../../src/core/detach/plan-restore.ts'
import {
  indented,
  layouts,
  patchOf,
  replacementOf,
  site,
  siteWith,
  unbroken,
  type Layout,
} from '../../support/edit/dependent-layouts.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { clusterInstance, listing, memoryTree, type Files } from '../../support/memory-tree.ts'
import { kustomizePlaces } from '../../support/run-sower.ts'

/** What the kustomizations around sno1 say of it: `file:line list`. */
const around = (files: Files, ...roots: readonly string[]) => {
  const tree = memoryTree(files)
  const found = findCluster(tree, { cluster: 'sno1', roots })
  const { walks, kustomization, source, object } = found
  const seeing = kustomizationsSeeing(walks, kustomization)
  const subject = subjectOf(object, { source, seeing })
  const shown = (those: ReturnType<typeof findDependents>): readonly string[] =>
    those.map(({ kustomization: { path }, key, line }) => `${path}:${line} ${key}`)
  return {
    seeing: seeing.map(({ directory }) => directory),
    dependents: () => shown(findDependents(tree, { subject, seeing, walks })),
    dead: shown(findDeadPatches(subject, seeing)),
  }
}
const [one, two] = ['{kind: ClusterInstance, name: sno1}', '{kind: ClusterInstance, name: sno2}']
const image = 'fieldPath: spec.clusterImageSetNameRef'
const from = `{kind: ClusterInstance, name: sno1, ${image}}`
const item = (text: string): string => `  - ${text.trim().replaceAll('\n', '\n    ')}\n`
const variable = `vars:
  - name: IMAGE
    objref: {apiVersion: siteconfig.open-cluster-management.io/v1alpha1, kind: ClusterInstance, name: sno1}
`

t.test('refuses by name what the cluster needs and others need too', t => {
  const twoPatches = `${patchOf('sno1')}---\n${patchOf('sno2')}`
  const cases: readonly (readonly [string, Files, string])[] = [
    [
      'a patch file with two patches',
      siteWith('patches:\n  - path: p.yaml\n', { 'site/p.yaml': twoPatches }),
      `${site}:5: item 1 of patches`,
    ],
    [
      'a patch file that is a list of two',
      siteWith('patches:\n  - path: p.yaml\n', {
        'site/p.yaml': `kind: List\nitems:\n${item(patchOf('sno1'))}${item(patchOf('sno2'))}`,
      }),
      `${site}:5: item 1 of patches`,
    ],
    [
      'a patch that holds another document, which nobody can read',
      siteWith('patches:\n  - path: p.yaml\n', { 'site/p.yaml': `${patchOf('sno1')}---\na: "\n` }),
      `${site}:5: item 1 of patches`,
    ],
    [
      'a strategic merge patch with two',
      siteWith(`patchesStrategicMerge:\n  - other.yaml\n  - |-\n${indented(twoPatches)}`, {
        'site/other.yaml': patchOf('sno2'),
      }),
      `${site}:6: item 2 of patchesStrategicMerge`,
    ],
    [
      'a replacement into another cluster',
      siteWith(`replacements:\n${item(replacementOf(from, two))}`),
      `${site}:5: item 1 of replacements`,
    ],
    [
      'a replacement into every cluster',
      siteWith(`replacements:\n${item(replacementOf(from, '{kind: ClusterInstance}'))}`),
      `${site}:5: item 1 of replacements`,
    ],
    [
      'a replacement into whatever has its name',
      siteWith(`replacements:\n${item(replacementOf(from, '{name: sno1}'))}`),
      `${site}:5: item 1 of replacements`,
    ],
    [
      'a file of replacements',
      siteWith('replacements: [{path: r.yaml}]\n', {
        'site/r.yaml': `${item(replacementOf(from, one))}${item(replacementOf(from, two))}`,
      }),
      `${site}:4: item 1 of replacements`,
    ],
    [
      'a var that another file uses',
      siteWith(variable, { 'site/sno2.yaml': `${clusterInstance('sno2')}  note: $(IMAGE)\n` }),
      `${site}:5: item 1 of vars`,
    ],
    [
      'a var that a kustomization uses',
      siteWith(`${variable}configMapGenerator: [{name: a, literals: ["image=$(IMAGE)"]}]\n`),
      `${site}:5: item 1 of vars`,
    ],
    [
      'a file with two transformers',
      siteWith('transformers: [t.yaml]\n', {
        'site/t.yaml': `kind: PatchTransformer\npath: p.yaml\n---\nkind: PatchTransformer\npath: q.yaml\n`,
        'site/p.yaml': patchOf('sno1'),
        'site/q.yaml': patchOf('sno2'),
      }),
      `${site}:4: item 1 of transformers`,
    ],
    [
      'a transformer with two patches',
      siteWith('transformers: [t.yaml]\n', {
        'site/t.yaml': `kind: PatchStrategicMergeTransformer\npaths: [p.yaml, q.yaml]\n`,
        'site/p.yaml': patchOf('sno1'),
        'site/q.yaml': patchOf('sno2'),
      }),
      `${site}:4: item 1 of transformers`,
    ],
    [
      'a transformer with two replacements',
      siteWith('transformers: [t.yaml]\n', {
        'site/t.yaml': `kind: ReplacementTransformer\nreplacements:\n${item(replacementOf(from, one))}${item(replacementOf(from, two))}`,
      }),
      `${site}:4: item 1 of transformers`,
    ],
  ]
  for (const [what, files, place] of cases)
    t.throws(
      () => around(files, 'site').dependents(),
      {
        name: 'RefusedError',
        code: 'DEPENDENT_SHARED',
        message: `reading ${place} needs ClusterInstance/sno1 and is about other objects too`,
        fix: /an item of its own/,
      },
      what,
    )
  t.end()
})

t.test('a patch that deletes the cluster leaves with it, too', t => {
  const deletes = `$patch: delete\n${patchOf('sno1')}`
  const files = siteWith('patches:\n  - path: p.yaml\n', { 'site/p.yaml': deletes })
  t.strictSame(around(files, 'site').dependents(), [`${site}:5 patches`])
  t.end()
})

t.test('a var is used where its name stands in dollar and brackets, in any file but its own', t => {
  const [own, plain] = ['$(IMAGE)', 'IMAGE and $(IMAGES)']
  const files = siteWith(variable, {
    'site/sno1.yaml': `${clusterInstance('sno1')}  note: ${own}\n`,
    'site/sno2.yaml': `${clusterInstance('sno2')}  note: ${plain}\n`,
  })
  t.strictSame(around(files, 'site').dependents(), [`${site}:5 vars`])
  t.end()
})

t.test('what is no patch, replacement, var or transformer of it is left to kustomize', t => {
  const odd = siteWith(
    `patches: [a, {path: gone.yaml}, {path: 7}, {patch: "a: ["}, {target: {name: [sno1]}}]
patchesStrategicMerge: [gone.yaml, 7, {a: b}]
patchesJson6902: [a]
replacements: [a, {}, {source: ~}, {path: gone.yaml}, {path: self.yaml}, {path: [x]}, {source: ${from}, targets: x}]
vars: [a, {name: IMAGE}, {name: 7, objref: ${one}}]
transformers: [gone.yaml, odd.yaml, directory]
`,
    {
      'site/self.yaml': '- {path: self.yaml}\n',
      'site/odd.yaml': 'a: b\n---\nkind: Odd\n---\nkind: PatchTransformer\n---\nkind: [x]\n',
      'site/directory/kustomization.yaml': listing('t.yaml'),
    },
  )
  t.strictSame(around(odd, 'site').dependents(), [])
  t.strictSame(around(odd, 'site').dead, [])
  t.end()
})

t.test('looks into the directory itself, those above and their components, and no others', t => {
  const component = (...entries: readonly string[]): string =>
    `kind: Component\ncomponents:\n${entries.map(entry => `  - ${entry}\n`).join('')}`
  const files = {
    'top/kustomization.yaml': `${listing('../group', '../beside')}components: [../comp]\n`,
    'comp/kustomization.yaml': component('../deep'),
    'deep/kustomization.yaml': component('../comp'),
    'group/kustomization.yaml': listing('../leaf'),
    'leaf/kustomization.yaml': `${listing('sno1.yaml', 'below')}namePrefix: ~\n`,
    'leaf/sno1.yaml': clusterInstance('sno1'),
    'leaf/below/kustomization.yaml': 'resources: []\n',
    'beside/kustomization.yaml': 'resources: []\ncomponents: [../comp-beside]\n',
    'comp-beside/kustomization.yaml': 'kind: Component\n',
    'other/kustomization.yaml': `${listing('../leaf')}components: [../comp]\n`,
    'away/kustomization.yaml': 'resources: []\n',
  }
  const seen = ['comp', 'deep', 'group', 'leaf', 'top']
  t.strictSame([...around(files, 'top').seeing].sort(), seen)
  t.strictSame([...around(files, 'top', 'other', 'away').seeing].sort(), [
    ...seen.slice(0, 4),
    'other',
    'top',
  ])
  t.end()
})

const subjectIn = (source: string, ...fields: readonly string[]): Subject => {
  const directories = fields.map((_, index) => `d${index}`)
  const files = {
    'd0/sno1.yaml': source,
    ...Object.fromEntries(
      fields.map((text, index) => [
        `d${index}/kustomization.yaml`,
        `${listing(index === 0 ? 'sno1.yaml' : `../d${index - 1}`)}${text}`,
      ]),
    ),
  }
  const root = directories.at(-1)!
  const { walks, kustomization } = findCluster(memoryTree(files), {
    cluster: 'sno1',
    roots: [root],
  })
  const [object] = clustersInText(source, 'sno1')
  return subjectOf(object!, { source: '', seeing: kustomizationsSeeing(walks, kustomization) })
}
const document = (name: string, namespace?: string): unknown => ({
  kind: 'ClusterInstance',
  metadata: namespace === undefined ? { name } : { name, namespace },
})

t.test('a patch finds the object by each name and namespace that it has had', t => {
  const bare = clusterInstance('sno1').replace('  namespace: sno1\n', '')
  const renamed = subjectIn(
    clusterInstance('sno1'),
    'namePrefix: a-\n',
    'namePrefix: b-\nnamespace: all\n',
    'nameSuffix: -c\n',
  )
  const cases: readonly (readonly [string, Subject, unknown, boolean])[] = [
    ['its name', renamed, document('sno1', 'sno1'), true],
    ['with one prefix', renamed, document('a-sno1', 'sno1'), true],
    ['with both', renamed, document('b-a-sno1', 'all'), true],
    ['with all', renamed, document('b-a-sno1-c', 'all'), true],
    ['with another prefix', renamed, document('c-sno1', 'sno1'), false],
    ['with a part of a prefix', renamed, document('-sno1', 'sno1'), false],
    ['with something behind it', renamed, document('sno1-d', 'sno1'), false],
    ['in another namespace', renamed, document('sno1', 'b'), false],
    ['in no namespace', renamed, document('sno1'), false],
    [
      'in a namespace that is not text',
      renamed,
      { ...Object(document('sno1', 'sno1')), kind: 1 },
      false,
    ],
    ['without a name', renamed, { kind: 'ClusterInstance', metadata: {} }, false],
    ['nothing', renamed, null, false],
    ['no namespace, for one without', subjectIn(bare, ''), document('sno1'), true],
    ['the default one, for one without', subjectIn(bare, ''), document('sno1', 'default'), true],
    ['another one, for one without', subjectIn(bare, ''), document('sno1', 'sno1'), false],
    ['that which it is given', subjectIn(bare, 'namespace: x\n'), document('sno1', 'x'), true],
  ]
  for (const [what, subject, named, wanted] of cases)
    t.equal(subject.isNamedBy(named), wanted, what)
  t.end()
})

t.test('many renamings are no work, whatever the name', t => {
  const fields = Array.from({ length: 40 }, (_, index) => `namePrefix: ${'a'.repeat(index + 1)}\n`)
  const subject = subjectIn(clusterInstance('sno1'), ...fields)
  t.equal(subject.isNamedBy(document(`${'a'.repeat(240)}sno1`, 'sno1')), true)
  t.equal(subject.isNamedBy(document(`${'a'.repeat(240)}sno2`, 'sno1')), false)
  t.end()
})

t.test('what a selector leaves out fits anything, and then it is not meant alone', t => {
  const subject = subjectIn(clusterInstance('sno1'), '')
  const cases: readonly (readonly [unknown, boolean, boolean])[] = [
    [{ kind: 'ClusterInstance', name: 'sno1' }, true, true],
    [{ kind: 'ClusterInstance', name: 'sno1', namespace: 'sno1' }, true, true],
    [{ kind: 'ClusterInstance', name: 'sno1', namespace: null }, true, true],
    [{ kind: 'ClusterInstance', name: 'sno1', namespace: 'b' }, false, false],
    [{ kind: 'ClusterInstance' }, true, false],
    [{ name: 'sno1' }, true, false],
    [{}, true, false],
    [{ kind: 'ClusterInstance', name: 'sno' }, false, false],
    [{ kind: 'SiteConfig', name: 'sno1' }, false, false],
    [undefined, false, false],
    ['sno1', false, false],
  ]
  for (const [selector, isSelected, isMeant] of cases) {
    t.equal(subject.isSelectedBy(selector), isSelected, `${JSON.stringify(selector)} fits`)
    t.equal(subject.isMeantBy(selector), isMeant, `${JSON.stringify(selector)} means it`)
  }
  t.end()
})

const kustomize = kustomizeCli(kustomizePlaces, { timeLimit: 60 })
const build = (t: Test, files: Layout['files'], root: string): Promise<string> =>
  kustomize.build(join(directoryWith(t, files), root))
const withChanges = (files: Layout['files'], changes: readonly Change[]): Layout['files'] => ({
  ...files,
  ...Object.fromEntries(changes.map(({ path, content }) => [path, content ?? ''])),
})

for (const { name, files, root, edited } of layouts)
  t.test(`${name}: breaks alone, leaves with its cluster, comes back`, async t => {
    const before = await build(t, files, root)
    for (const mode of ['comment', 'delete'] as const) {
      const plan = planDetach(memoryTree(files), { cluster: 'sno1', roots: [root], mode })
      t.strictSame(
        plan.dependents.map(({ path, line, key }) => `${path}:${line} ${key}`),
        edited,
      )
      if (mode === 'comment')
        await t.rejects(
          build(t, withChanges(files, editedFiles([plan.edit])), root),
          { code: 'RENDER_FAILED' },
          'the entry alone cannot leave',
        )
      const detached = withChanges(files, editedFiles(editsOf(plan)))
      const difference = compareRenders(before, await build(t, detached, root))
      const { removed, ...others } = difference
      t.match(removed, [
        /^siteconfig.open-cluster-management.io\/ClusterInstance\/\w+\/(a-)?sno1(-b)?$/,
      ])
      t.strictSame(others, {
        removedClusters: ['sno1'],
        ...{ owned: [], prunedTooEarly: [] },
        ...{ added: [], changed: [], orderKept: true, left: 1 },
      })

      const request = { cluster: 'sno1', image: null, key: null, pullRequest: null }
      const proof = {
        roots: [{ path: root, isStatic: false, ...difference }],
        ...{ refusal: null, isStatic: false, kustomize: '' },
      }
      const record = recordOfDetach({ plan, proof, request })
      const restored = withChanges(detached, planRestore(memoryTree(detached), record, 'sno1'))
      t.strictSame(restored, files, 'the same bytes')
    }
  })

for (const { name, files, dead } of unbroken)
  t.test(`${name}: stays, and the cluster leaves alone`, async t => {
    const request = { cluster: 'sno1', roots: ['site'], mode: 'comment' } as const
    const { edit, dependents, deadPatches } = planDetach(memoryTree(files), request)
    t.strictSame(dependents, [])
    t.strictSame(
      deadPatches.map(({ line, key }) => `${line} ${key}`),
      dead,
    )
    const [before, after] = await Promise.all([
      build(t, files, 'site'),
      build(t, withChanges(files, editedFiles([edit])), 'site'),
    ])
    const { removedClusters, removed, added, changed, orderKept } = compareRenders(before, after)
    t.strictSame(
      { removedClusters, removed: removed.length, added, changed, orderKept },
      { removedClusters: ['sno1'], removed: 1, added: [], changed: [], orderKept: true },
    )
  })
