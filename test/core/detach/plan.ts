import fc from 'fast-check'
import t from 'tap'
import { editedFiles } from '../../../src/core/edit/remove-items.ts'
import { readRecord, type SeedRecord } from '../../../src/core/detach/seed-record.ts'
import { recordOfDetach } from '../../../src/core/detach/record-of-detach.ts'
import { recordedEdit, recordWithEdits } from '../../../src/core/detach/record-of-detach.ts'
import { editsOf } from '../../../src/core/detach/plan-detach.ts'
import {
  planCompanions,
  planDetach,
  planRepair,
  rootsReaching,
} from '../../../src/core/detach/plan-detach.ts'
import type { Change } from '../../../src/core/change.ts'
import { planRestore } from '../../../src/core/detach/plan-restore.ts'
import { patchOf, site, siteWith } from '../../support/edit/dependent-layouts.ts'
import { clusterInstance, listing, memoryTree, siteConfig } from '../../support/memory-tree.ts'
import { propertyRuns } from '../../support/property-runs.ts'

type Files = Readonly<Record<string, string>>
const request = { cluster: 'sno1', roots: ['site'], mode: 'comment' } as const
const withChanges = (files: Files, changes: readonly Change[]): Files => ({
  ...files,
  ...Object.fromEntries(changes.map(({ path, content }) => [path, content ?? ''])),
})
const proof = { roots: [], refusal: null, isStatic: false, kustomize: '' }
const byHand = { cluster: 'sno1', image: null, key: null, pullRequest: null }

t.test('plans the entry, what depends on it, and says what stays', t => {
  const files = siteWith(
    `patches:
  - path: p.yaml
  - target: {kind: ClusterInstance, name: sno1}
    path: p.yaml
configMapGenerator:
  - {name: extra, namespace: sno1}
`,
    { 'site/p.yaml': patchOf('sno1'), 'bad/kustomization.yaml': listing('gone') },
  )
  const plan = planDetach(memoryTree(files), { ...request, roots: ['site', 'bad'], mode: 'delete' })
  t.match(plan.found, { source: 'site/sno1.yaml', roots: ['site'], entry: { line: 2 } })
  t.match(plan.edit, { path: site, key: 'resources', line: 2, style: 'deleted', emptied: false })
  t.match(plan.dependents, [{ path: site, key: 'patches', line: 5, emptied: false }])
  t.match(plan.deadPatches, [{ key: 'patches', line: 6, index: 1 }])
  t.match(plan.companions, [{ object: '/ConfigMap/sno1/extra', line: 9, isAlone: true }])
  t.match(plan.warnings, [/gone is not there/])
  t.match(editedFiles(editsOf(plan)), [
    {
      path: site,
      content: `resources:
  - sno2.yaml
patches:
  - target: {kind: ClusterInstance, name: sno1}
    path: p.yaml
configMapGenerator:
  - {name: extra, namespace: sno1}
`,
    },
  ])
  t.end()
})

t.test('what merges into the file of a cluster cannot be there: such a file is refused', t => {
  const others = {
    'a ConfigMap, for generators that merge':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
    'a Deployment, for replicas': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n',
    'a list': `apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Secret, metadata: {name: a}}]\n`,
  }
  for (const [what, other] of Object.entries(others))
    t.throws(
      () =>
        planDetach(
          memoryTree({
            [site]: `${listing('sno1.yaml')}configMapGenerator: [{name: a, behavior: merge}]\nreplicas: [{name: a, count: 2}]\n`,
            'site/sno1.yaml': `${other}---\n${clusterInstance('sno1')}`,
          }),
          request,
        ),
      { name: 'RefusedError', code: 'SHARED_FILE' },
      what,
    )
  t.end()
})

t.test('repairs a list that a person left null, and only where the cluster is commented out', t => {
  const files = {
    [site]: listing('one', 'two'),
    'site/one/kustomization.yaml': 'resources:\n# - sno1.yaml\ngenerators:\n',
    'site/two/kustomization.yaml': 'resources:\n# - ../one/sno1.yaml\n- a.yaml\ncomponents: ~\n',
    'site/two/a.yaml': '',
    'site/one/sno1.yaml': clusterInstance('sno1'),
  }
  const repair = planRepair(memoryTree(files), request)
  t.match(repair, { file: 'site/one/kustomization.yaml', line: 2, entry: 'sno1.yaml' })
  // Beside a live entry kustomize takes a null for an empty list.
  t.strictSame(editedFiles(repair?.edits ?? []), [
    {
      path: 'site/one/kustomization.yaml',
      content: 'resources: []\n# - sno1.yaml\ngenerators: []\n',
    },
  ])
  t.strictSame(
    repair?.edits.map(({ key, line, style, emptied }) => [key, line, style, emptied]),
    [
      ['resources', 1, 'repaired', true],
      ['generators', 3, 'repaired', true],
    ],
  )
  t.strictSame(repair?.edits.flatMap(recordedEdit), [], 'nothing that a reattach would undo')
  t.strictSame(recordWithEdits(undefined, [], 'seeds'), [], 'there is no record to add to')
  const whole = withChanges(files, editedFiles(repair?.edits ?? []))
  t.strictSame(planRepair(memoryTree(whole), request)?.edits, [], 'nothing is left to repair')
  t.equal(planRepair(memoryTree(siteWith('components:\n')), request), null, 'it is listed')
  t.equal(planRepair(memoryTree({ [site]: 'resources:\n' }), request), null, 'it is nowhere')
  t.end()
})

const object = (kind: string, name: string, namespace: string): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: ${namespace}}\n`
const namespaceOf = (name: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`
const shown = (files: Files, roots: readonly string[] = ['site']): readonly string[] =>
  planCompanions(memoryTree(files), { ...request, roots }).companions.map(
    ({ object, kustomization, line, key, source, isAlone }) =>
      `${object} ${kustomization.path}:${line} ${key} ${source ?? '-'}${isAlone ? '' : ' shared'}`,
  )

t.test('finds what else is of the cluster: by its namespace, wherever it is listed', t => {
  const leaf = 'site/sno1/kustomization.yaml'
  const cases: readonly (readonly [string, Files, readonly string[], (readonly string[])?])[] = [
    [
      'in a directory of its own',
      {
        [site]: listing('sno1', 'sno2'),
        [leaf]: `${listing('ns.yaml', 'secrets.yaml', 'sno1.yaml')}namespace: sno1\nconfigMapGenerator:\n  - name: extra\nsecretGenerator:\n  - {name: s, namespace: sno2}\n`,
        'site/sno1/ns.yaml': namespaceOf('sno1'),
        'site/sno1/secrets.yaml': `# two\n---\n${object('Secret', 'bmc', '""')}---\n${object('Secret', 'pull', 'other')}`,
        'site/sno1/sno1.yaml': clusterInstance('sno1'),
        'site/sno2/kustomization.yaml': listing('ns.yaml', 'bmc.yaml'),
        'site/sno2/ns.yaml': namespaceOf('sno2'),
        'site/sno2/bmc.yaml': object('Secret', 'sno1', 'sno2'),
      },
      [
        `/Namespace//sno1 ${leaf}:2 resources site/sno1/ns.yaml`,
        `/Secret/sno1/bmc ${leaf}:3 resources site/sno1/secrets.yaml`,
        `/Secret/sno1/pull ${leaf}:3 resources site/sno1/secrets.yaml`,
        `/ConfigMap/sno1/extra ${leaf}:7 configMapGenerator -`,
        `/Secret/sno1/s ${leaf}:9 secretGenerator -`,
      ],
    ],
    [
      'in the directory above, which lists files of directories',
      {
        [site]: `${listing('sno1/all.yaml', 'sno1/sno1.yaml', 'sno10/all.yaml')}configMapGenerator:\n  - {name: a, namespace: sno10}\n  - {name: b, namespace: sno1}\n  - {name: c}\n  - 7\n`,
        'site/sno1/all.yaml': `${namespaceOf('sno1')}---\n${object('Secret', 'pull', 'sno1')}`,
        'site/sno1/sno1.yaml': clusterInstance('sno1'),
        'site/sno10/all.yaml': `${namespaceOf('sno10')}---\n${object('Secret', 'sno1', 'sno10')}`,
      },
      [
        `/Namespace//sno1 ${site}:2 resources site/sno1/all.yaml`,
        `/Secret/sno1/pull ${site}:2 resources site/sno1/all.yaml`,
        `/ConfigMap/sno1/b ${site}:7 configMapGenerator -`,
      ],
    ],
    [
      'in files that hold something of others, a cluster, or something else',
      {
        [site]: listing('both.yaml', 'cluster.yaml', 'site.yaml', 'odd.yaml', 'list.yaml'),
        'site/both.yaml': `${object('Secret', 'a', 'sno1')}---\n${object('Secret', 'b', 'sno2')}`,
        'site/cluster.yaml': `${clusterInstance('sno2', 'x').replace('namespace: sno2', 'namespace: sno1')}---\n${object('Secret', 'c', 'sno1')}`,
        'site/site.yaml': siteConfig('sno1').replaceAll('site-1', 'sno1'),
        'site/odd.yaml': `${object('Secret', 'd', 'sno1')}---\nwhat: is this\n`,
        'site/list.yaml': `apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: Secret, metadata: {name: e, namespace: sno1}}\n`,
      },
      [
        `/Secret/sno1/a ${site}:2 resources site/both.yaml shared`,
        `/Secret/sno1/c ${site}:3 resources site/cluster.yaml shared`,
        `/Secret/sno1/d ${site}:5 resources site/odd.yaml shared`,
        `/Secret/sno1/e ${site}:6 resources site/list.yaml`,
      ],
    ],
    [
      'below a kustomization that moves everything into one namespace',
      {
        [site]: `${listing('below', 's.yaml')}namespace: sno1\n`,
        'site/s.yaml': `${object('Secret', 'a', 'any')}---\n${namespaceOf('any')}`,
        'site/below/kustomization.yaml': `${listing('s.yaml')}namespace: other\n`,
        'site/below/s.yaml': object('Secret', 'b', 'any'),
        'else/kustomization.yaml': `${listing('../apart')}namespace: other\n`,
        'apart/kustomization.yaml': listing('s.yaml'),
        'apart/s.yaml': `${object('Secret', 'c', 'sno1')}---\n${namespaceOf('sno1')}`,
      },
      [
        `/Secret/sno1/a ${site}:3 resources site/s.yaml`,
        `/Namespace//sno1 ${site}:3 resources site/s.yaml`,
        `/Secret/sno1/b site/below/kustomization.yaml:2 resources site/below/s.yaml`,
      ],
      ['site', 'else'],
    ],
    [
      'in another root, and once though two roots reach it',
      {
        [site]: listing('../shared'),
        'pre/kustomization.yaml': listing('../shared', 'twice.yaml'),
        'pre/twice.yaml': object('Secret', 'a', 'sno1'),
        'shared/kustomization.yaml': listing('s.yaml'),
        'shared/s.yaml': object('Secret', 'a', 'sno1'),
      },
      [
        `/Secret/sno1/a shared/kustomization.yaml:2 resources shared/s.yaml`,
        `/Secret/sno1/a pre/kustomization.yaml:3 resources pre/twice.yaml`,
      ],
      ['site', 'pre'],
    ],
  ]
  for (const [what, files, wanted, roots] of cases) t.strictSame(shown(files, roots), wanted, what)
  t.end()
})

t.test('takes out the companions that stand alone, and each item once', t => {
  const files: Files = {
    [site]: `${listing('all.yaml', 'both.yaml', 'rest.yaml')}configMapGenerator:\n  - {name: a, namespace: sno1}\n`,
    'site/all.yaml': `${namespaceOf('sno1')}---\n${object('Secret', 'pull', 'sno1')}`,
    'site/both.yaml': `${object('Secret', 'a', 'sno1')}---\n${object('Secret', 'b', 'sno2')}`,
    'site/rest.yaml': '',
  }
  const plan = planCompanions(memoryTree(files), { ...request, mode: 'delete' })
  t.strictSame(
    plan.edits.map(({ key, line, emptied }) => [key, line, emptied]),
    [
      ['resources', 2, false],
      ['configMapGenerator', 6, true],
    ],
  )
  t.strictSame(editedFiles(plan.edits), [
    {
      path: site,
      content: `${listing('both.yaml', 'rest.yaml')}configMapGenerator: []\n`,
    },
  ])
  t.strictSame(planCompanions(memoryTree(siteWith('')), request).edits, [])
  t.end()
})

t.test('tells which roots reach a file', t => {
  const tree = memoryTree({
    'a/kustomization.yaml': listing('../c'),
    'b/kustomization.yaml': 'resources: []\n',
    'c/kustomization.yaml': 'resources: []\n',
  })
  const paths = ['c/kustomization.yaml', 'none/kustomization.yaml']
  t.strictSame(rootsReaching(tree, { roots: ['a', 'b', 'c', '..'], paths }), ['a', 'c'])
  t.end()
})

/** Detaches sno1, then its companions; the record that this leaves has gone through its file. */
const detachAll = (
  files: Files,
  mode: 'comment' | 'delete',
): Readonly<{ detached: Files; record: SeedRecord }> => {
  const plan = planDetach(memoryTree(files), { ...request, mode })
  const without = withChanges(files, editedFiles(editsOf(plan)))
  const { edits } = planCompanions(memoryTree(without), { ...request, mode })
  const record = recordOfDetach({ plan, proof, request: byHand })
  const [{ path, content } = { path: '', content: '' }] = recordWithEdits(record, edits, 'seeds')
  return {
    detached: withChanges(without, editedFiles(edits)),
    record: readRecord(path, content ?? ''),
  }
}

const names = ['sno1', 'sno10', 'sno2']
const ofCluster = fc.constantFrom(...names)
const aRepository = fc
  .record({
    entries: fc.shuffledSubarray(
      ['sno1.yaml', 'sno10.yaml', 'sno2.yaml', 'sno1-ns.yaml', 'sno2-ns.yaml'],
      { minLength: 1 },
    ),
    patches: fc.array(fc.tuple(ofCluster, fc.constantFrom('path', 'patch', 'target')), {
      maxLength: 4,
    }),
    merges: fc.array(ofCluster, { maxLength: 3 }),
    generators: fc.array(ofCluster, { maxLength: 3 }),
    isFlow: fc.boolean(),
    indent: fc.constantFrom('', '  ', '    '),
    between: fc.constantFrom('', '\n', '# a comment\n', '  # - old.yaml\n'),
    newline: fc.constantFrom('\n', '\r\n'),
    end: fc.constantFrom('', '\n', '\n# end\n\n'),
    prefix: fc.constantFrom('', 'namePrefix: x-\n'),
    isDeep: fc.boolean(),
  })
  .map(({ entries, patches, merges, generators, isFlow, indent, ...repository }): Files => {
    const { between, newline, end, prefix, isDeep } = repository
    const listed = [...new Set([...entries, 'sno1.yaml'])]
    const list = (key: string, items: readonly string[]): string =>
      items.length === 0
        ? ''
        : `${key}:\n${items.map(item => `${indent}- ${item}\n`).join(between)}`
    const text = [
      prefix,
      isFlow ? `resources: [${listed.join(', ')}]\n` : list('resources', listed),
      list(
        'patches',
        patches.map(([cluster, kind]) => {
          if (kind === 'path') return `path: ${cluster}-patch.yaml # ${cluster}`
          if (kind === 'target')
            return `{target: {kind: ClusterInstance, name: ${cluster}}, patch: x}`
          const lines = patchOf(cluster).trimEnd().replaceAll('\n', `\n${indent}    `)
          return `patch: |\n${indent}    ${lines}`
        }),
      ),
      list(
        'patchesStrategicMerge',
        merges.map(cluster => `"${cluster}-patch.yaml"`),
      ),
      list(
        'configMapGenerator',
        generators.map((cluster, index) => `name: m${index}\n${indent}  namespace: ${cluster}`),
      ),
    ].join(between)
    const leaf = isDeep ? 'site/leaf' : 'site'
    return {
      ...(isDeep ? { [site]: `${listing('leaf')}patches:\n- path: leaf/sno1-patch.yaml\n` } : {}),
      [`${leaf}/kustomization.yaml`]: `${text.trimEnd()}${end}`.replaceAll('\n', newline),
      ...Object.fromEntries(
        names.flatMap(name => [
          [`${leaf}/${name}.yaml`, clusterInstance(name)],
          [`${leaf}/${name}-patch.yaml`, patchOf(name)],
          [`${leaf}/${name}-ns.yaml`, namespaceOf(name)],
        ]),
      ),
    }
  })

t.test('detaching a cluster and its companions, then restoring, gives the same bytes', t => {
  let least = Infinity
  fc.assert(
    fc.property(aRepository, fc.constantFrom('comment', 'delete'), (files, mode) => {
      const { detached, record } = detachAll(files, mode)
      const left = Object.entries(detached).filter(([path]) => path.endsWith('kustomization.yaml'))
      for (const [path, text] of left) {
        const live = text.replace(/#.*/g, '')
        if (/sno1(\.yaml|-ns|-patch\.|\s*$)/m.test(live)) throw new Error(`${path}: ${live}`)
      }
      least = Math.min(least, record.detached!.edits.length)
      const restored = withChanges(detached, planRestore(memoryTree(detached), record, 'sno1'))
      return JSON.stringify(restored) === JSON.stringify(files)
    }),
    { numRuns: propertyRuns(400) },
  )
  t.equal(least, 1, 'some had nothing but the entry')
  t.end()
})

t.test('restores into a file that has another name by now, and beside other edits', t => {
  const files = siteWith('patches:\n  - path: p.yaml\n', { 'site/p.yaml': patchOf('sno1') })
  const { detached, record } = detachAll(files, 'comment')
  const { [site]: text, ...others } = detached
  const moved = { ...others, 'site/kustomization.yml': `# new\n${text ?? ''}labels: []\n` }
  t.strictSame(planRestore(memoryTree(moved), record, 'sno1'), [
    { path: 'site/kustomization.yml', content: `# new\n${files[site] ?? ''}labels: []\n` },
  ])
  t.end()
})

t.test('refuses to restore what is not recorded, or is not there any more', t => {
  const { detached, record } = detachAll(siteWith(''), 'comment')
  const refuses = (
    files: Files,
    of: SeedRecord | undefined,
    code: string,
    message: RegExp,
  ): void => {
    t.throws(() => planRestore(memoryTree(files), of, 'sno1'), {
      name: 'RefusedError',
      ...{ code, message },
    })
  }
  const nothing = { ...record.detached!, edits: [] }
  refuses(detached, undefined, 'RECORD_MISSING', /^reattaching sno1: no record says/)
  refuses(detached, { ...record, detached: null }, 'RECORD_MISSING', /no record/)
  refuses(detached, { ...record, detached: nothing }, 'RECORD_MISSING', /no record/)
  refuses({}, record, 'KUSTOMIZATION_MISSING', /^reading site: there is no such directory/)
  refuses(
    { ...detached, [site]: listing('sno2.yaml') },
    record,
    'EDIT_MOVED',
    /kustomization.yaml:2/,
  )
  t.end()
})
