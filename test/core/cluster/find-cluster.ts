import t from 'tap'
import {
  findCluster,
  searchCluster,
  type FoundCluster,
} from '../../../src/core/cluster/find-cluster.ts'
import {
  clusterInstance,
  listing,
  memoryTree,
  siteConfig,
  type Files,
} from '../../support/memory-tree.ts'

const find = (files: Files, roots: readonly string[] = ['site'], cluster = 'sno1'): FoundCluster =>
  findCluster(memoryTree(files), { cluster, roots })

t.test('finds a cluster by spec.clusterName, whatever the file and the object are called', t => {
  const found = find({
    'site/kustomization.yaml': listing('sno1.yaml', './b/../other.yaml'),
    'site/sno1.yaml': clusterInstance('sno2'),
    'site/other.yaml': clusterInstance('sno1', 'named-otherwise'),
  })
  t.equal(found.source, 'site/other.yaml')
  t.equal(found.entry.line, 3)
  t.strictSame(found.object, {
    kind: 'ClusterInstance',
    name: 'sno1',
    objectName: 'named-otherwise',
    namespace: 'sno1',
    companions: [],
    imageSet: 'img4.18.5-x86-64',
  })
  t.strictSame(found.roots, ['site'])
  t.strictSame(found.warnings, [])
  t.end()
})

t.test('finds it however the entry is written', t => {
  const entries = [
    'ci.yaml',
    './ci.yaml',
    './/x/../ci.yaml',
    '"ci.yaml"',
    "'./ci.yaml'",
    '../site/ci.yaml',
    '"\\x63i.yaml" # the seed',
    '&seed ci.yaml',
    '>-\n    ci.yaml',
  ]
  for (const key of ['resources', 'generators'])
    for (const entry of entries) {
      const { source } = find({
        'site/kustomization.yaml': `${key}:\n  - ${entry}\n`,
        'site/ci.yaml': clusterInstance('sno1'),
      })
      t.equal(source, 'site/ci.yaml', `${key}: ${entry}`)
    }
  const aliased = find({
    'site/kustomization.yaml': 'namePrefix: &ci ci.yaml\nnamespace: a\nresources: [*ci]\n',
    'site/ci.yaml': clusterInstance('sno1'),
  })
  t.equal(aliased.source, 'site/ci.yaml')
  t.end()
})

t.test('follows directories through all four fields and all three names to the leaf', t => {
  for (const [name, key] of [
    ['kustomization.yaml', 'resources'],
    ['kustomization.yml', 'generators'],
    ['Kustomization', 'bases'],
    ['kustomization.yaml', 'components'],
  ] as const) {
    const found = find({
      'site/kustomization.yaml': `namePrefix: p-\nnamespace: n\n${key}:\n- group/\n`,
      [`site/group/${name}`]: listing('../sno1'),
      'site/sno1/kustomization.yaml': listing('namespace.yaml', 'ci.yaml'),
      'site/sno1/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: sno1}\n',
      'site/sno1/ci.yaml': clusterInstance('sno1'),
    })
    t.equal(found.kustomization.path, 'site/sno1/kustomization.yaml', key)
    t.equal(found.entry.value, 'ci.yaml')
  }
  t.end()
})

t.test('finds a SiteConfig with one cluster, as a generator and as a resource', t => {
  for (const key of ['generators', 'resources']) {
    const { object, entry } = find({
      'site/kustomization.yaml': `${key}:\n- site.yaml\n`,
      'site/site.yaml': siteConfig('sno1'),
    })
    t.equal(entry.key, key)
    t.strictSame(object, {
      kind: 'SiteConfig',
      name: 'sno1',
      objectName: 'site-1',
      namespace: 'site-1',
      companions: [],
      imageSet: 'of-the-site',
    })
  }
  const own = siteConfig('sno1').replace(
    'clusterName: sno1',
    'clusterName: sno1, clusterImageSetNameRef: its-own',
  )
  const { object } = find({ 'site/kustomization.yaml': listing('a.yaml'), 'site/a.yaml': own })
  t.equal(object.imageSet, 'its-own')
  t.end()
})

t.test('names every root that reaches the entry', t => {
  const files = {
    'a/kustomization.yaml': listing('../shared'),
    'b/kustomization.yaml': listing('../shared', '../a'),
    'c/kustomization.yaml': listing('other.yaml'),
    'c/other.yaml': clusterInstance('sno2'),
    'shared/kustomization.yaml': listing('ci.yaml', '../shared'),
    'shared/ci.yaml': clusterInstance('sno1'),
  }
  t.strictSame(find(files, ['a', './b/', 'c', 'a']).roots, ['a', './b/'])
  t.end()
})

t.test('takes the root of the repository for a root', t => {
  const files = {
    'kustomization.yaml': listing('sub', 'sno1.yaml'),
    'sno1.yaml': clusterInstance('sno1'),
    'sub/kustomization.yaml': 'resources: []\n',
  }
  const found = find(files, ['.'])
  t.equal(found.kustomization.path, 'kustomization.yaml')
  t.equal(found.source, 'sno1.yaml')
  t.end()
})

t.test('says where a cluster is commented out already, as a file or as a directory', t => {
  const files = {
    'site/kustomization.yaml': `${listing('other.yaml')}  #- sno1.yaml\n  # - ../sno1.yaml\n  #- ../../x.yaml\n  #- gone.yaml\n  #- link.yaml\n  #- sno1/ # the seed\n  #- sno2\n  #- broken\n`,
    'site/other.yaml': clusterInstance('sno2'),
    'site/sno1.yaml': clusterInstance('sno1'),
    'site/link.yaml': { link: 'sno1.yaml' },
    'sno1.yaml': clusterInstance('sno1'),
    'site/sno1/kustomization.yaml': listing('leaf', 'https://example.com/x', 'gone.yaml'),
    'site/sno1/leaf/kustomization.yaml': listing('ci.yaml', '../../broken', '..'),
    'site/sno1/leaf/ci.yaml': clusterInstance('sno1'),
    'site/sno2/kustomization.yaml': listing('ci.yaml'),
    'site/sno2/ci.yaml': clusterInstance('sno2'),
    'site/broken/kustomization.yaml': '{{ sno1 }}\n',
  }
  const { found, commentedOut } = searchCluster(memoryTree(files), {
    cluster: 'sno1',
    roots: ['site'],
  })
  t.strictSame(found, [])
  t.strictSame(
    commentedOut.map(({ kustomization, ...rest }) => ({ file: kustomization.path, ...rest })),
    [
      { file: 'site/kustomization.yaml', line: 3, value: 'sno1.yaml', path: 'site/sno1.yaml' },
      { file: 'site/kustomization.yaml', line: 4, value: '../sno1.yaml', path: 'sno1.yaml' },
      { file: 'site/kustomization.yaml', line: 8, value: 'sno1/', path: 'site/sno1' },
    ],
  )
  t.throws(() => find(files), {
    name: 'RefusedError',
    code: 'ALREADY_DETACHED',
    message: /: its entry is commented out already at site\/kustomization\.yaml:3, site\/kust/,
    fix: 'nothing to do',
  })
  t.end()
})

t.test('refuses what cannot be followed only in a root that has to do with the cluster', t => {
  const files = {
    'a/kustomization.yaml': listing('../shared'),
    'b/kustomization.yaml': listing('https://example.com/x', 'gone.yaml'),
    'shared/kustomization.yaml': listing('ci.yaml'),
    'shared/ci.yaml': clusterInstance('sno1'),
  }
  const remote = { code: 'ENTRY_REMOTE' }
  const { warnings } = find(files, ['b', 'a'])
  t.match(warnings, [remote, { message: /b\/kustomization\.yaml:3: gone\.yaml is not there/ }])

  const detached = { ...files, 'shared/kustomization.yaml': 'resources: []\n#- ci.yaml\n' }
  t.throws(() => find(detached, ['a', 'b']), { code: 'ALREADY_DETACHED' })
  const search = searchCluster(memoryTree(detached), { cluster: 'sno1', roots: ['a', 'b'] })
  t.match(search, { found: [], commentedOut: [{ line: 2 }], warnings: [remote, {}] })

  for (const shared of [files, detached]) {
    const reaching = {
      ...shared,
      'b/kustomization.yaml': listing('../shared', 'https://example.com/x'),
    }
    const expected = { ...remote, message: /^reading b\/kustomization\.yaml:3: https/ }
    t.throws(() => find(reaching, ['a', 'b']), expected)
    t.throws(() => searchCluster(memoryTree(reaching), { cluster: 'sno1', roots: ['b'] }), expected)
  }
  t.end()
})

t.test('does not call a cluster gone while it may stand behind something', t => {
  const tree = memoryTree({ 'site/kustomization.yaml': listing('gone.yaml') })
  t.throws(() => searchCluster(tree, { cluster: 'sno1', roots: ['site'] }), {
    name: 'RefusedError',
    code: 'ENTRY_MISSING',
    message:
      /^looking for cluster sno1: it was not found elsewhere, and this cannot be followed: reading site\/kustomization\.yaml:2: gone/,
    fix: 'correct the path, or remove the entry',
  })
  const empty = memoryTree({ 'site/kustomization.yaml': 'resources: []\n' })
  const { found, commentedOut, warnings } = searchCluster(empty, {
    cluster: 'sno1',
    roots: ['site'],
  })
  t.strictSame({ found, commentedOut, warnings }, { found: [], commentedOut: [], warnings: [] })
  t.end()
})

t.test('finds the cluster beside documents that are not readable', t => {
  const source = `${clusterInstance('sno1')}---\nspec: *nowhere\n---\n- a list\n---\nkind: [A]\n`
  const found = find({ 'site/kustomization.yaml': listing('a.yaml'), 'site/a.yaml': source })
  t.strictSame(found.object.companions, [])
  t.end()
})

t.test('reads defaults where the object does not say them', t => {
  const bare =
    'apiVersion: siteconfig.open-cluster-management.io/v1alpha1\nkind: ClusterInstance\nmetadata: {}\nspec: {clusterName: sno1}\n'
  const { object } = find({ 'site/kustomization.yaml': listing('a.yaml'), 'site/a.yaml': bare })
  t.match(object, { name: 'sno1', objectName: '', namespace: '', imageSet: '' })
  t.end()
})

const sno1 = clusterInstance('sno1')
const indented = (text: string): string => text.trimEnd().replace(/\n/g, '\n    ')
const inList = (...objects: readonly string[]): string =>
  `apiVersion: v1\nkind: List\nmetadata: {}\nitems:\n${objects.map(text => `  - ${indented(text)}\n`).join('')}`

t.test('takes the objects out of a list of objects', t => {
  const { object } = find({
    'site/kustomization.yaml': listing('a.yaml'),
    'site/a.yaml': inList(sno1),
  })
  t.strictSame(object.companions, [])
  t.end()
})

t.test('refuses entries that one edit cannot detach', t => {
  const refusals: readonly (readonly [string, string, Files, RegExp, RegExp])[] = [
    [
      'two entries in one list',
      'CLUSTER_AMBIGUOUS',
      {
        'site/kustomization.yaml': listing('sno1.yaml', 'again.yaml'),
        'site/sno1.yaml': sno1,
        'site/again.yaml': siteConfig('sno1'),
      },
      /^looking for cluster sno1: it is listed 2 times: site\/kustomization\.yaml:2 \(site\/sno1\.yaml\), site\/kustomization\.yaml:3 \(site\/again\.yaml\)$/,
      /leave one of the entries/,
    ],
    [
      'the same file twice in one list, and something that cannot be followed',
      'CLUSTER_AMBIGUOUS',
      {
        'site/kustomization.yaml': listing('sno1.yaml', './sno1.yaml', 'gone.yaml'),
        'site/sno1.yaml': sno1,
      },
      /listed 2 times/,
      /leave one/,
    ],
    [
      'ten times',
      'CLUSTER_AMBIGUOUS',
      {
        'site/kustomization.yaml': listing(...Array.from({ length: 10 }, () => 'sno1.yaml')),
        'site/sno1.yaml': sno1,
      },
      /listed 10 times: .*yaml:9 \(site\/sno1\.yaml\) and 2 more$/,
      /leave one/,
    ],
    [
      'the same file from two roots by entries of their own',
      'ROOTS_DIFFER',
      {
        'site/kustomization.yaml': listing('../sno1.yaml'),
        'other/kustomization.yaml': listing('a.yaml', '../sno1.yaml'),
        'other/a.yaml': clusterInstance('sno2'),
        'sno1.yaml': sno1,
      },
      /: the roots site, other list it by entries of their own: site\/kustomization\.yaml:2 \(sno1\.yaml\), other\/kustomization\.yaml:3 \(sno1\.yaml\)$/,
      /in one kustomization that these roots share, or comment it out by hand in all roots but one/,
    ],
    [
      'the same file twice, where one root reaches both',
      'CLUSTER_AMBIGUOUS',
      {
        'site/kustomization.yaml': listing('../sno1.yaml', '../other'),
        'other/kustomization.yaml': listing('../sno1.yaml'),
        'sno1.yaml': sno1,
      },
      /listed 2 times/,
      /leave one/,
    ],
    [
      'a copy in another root',
      'CLUSTER_AMBIGUOUS',
      {
        'site/kustomization.yaml': listing('sno1.yaml'),
        'site/sno1.yaml': sno1,
        'other/kustomization.yaml': listing('sno1.yaml'),
        'other/sno1.yaml': sno1,
      },
      /listed 2 times: site\/.* \(site\/sno1\.yaml\), other\/.* \(other\/sno1\.yaml\)$/,
      /leave one/,
    ],
    ...(
      [
        ['another cluster', `${sno1}---\n${clusterInstance('sno2')}`, 'ClusterInstance/sno2'],
        ['the same cluster again', `${sno1}---\n${sno1}`, 'ClusterInstance/sno1'],
        ['an odd object', `${sno1}---\nkind: A\nmetadata: {name: 1, namespace: }\n`, 'A/'],
        ['an object without metadata', `${sno1}---\nkind: A\n`, 'A/'],
        ['a list', inList(sno1, clusterInstance('sno3')), 'ClusterInstance/sno3'],
        [
          'lists in lists',
          inList(inList(inList(clusterInstance('sno3'), sno1))),
          'ClusterInstance/sno3',
        ],
        [
          'a Secret',
          `apiVersion: v1\nkind: Secret\nmetadata: {name: bmc}\n---\n${sno1}`,
          'Secret/bmc',
        ],
        ['a site', siteConfig('sno0', 'sno1', 'sno2'), 'cluster sno0, cluster sno2'],
        [
          'a site beside an object',
          `${siteConfig('sno2', 'sno1')}---\n${clusterInstance('sno3')}`,
          'ClusterInstance/sno3, cluster sno2',
        ],
      ] as const
    ).map(
      ([what, text, others]) =>
        [
          `a file that is shared: ${what}`,
          'SHARED_FILE',
          {
            'site/kustomization.yaml': listing('a.yaml'),
            'site/a.yaml': text,
            'other/kustomization.yaml': 'resources: []\n',
          },
          new RegExp(`: site/a\\.yaml also holds ${others}, which would leave with it$`),
          /^move the (ClusterInstance|SiteConfig) of sno1 into a file of its own first$/,
        ] as const,
    ),
  ]
  for (const [what, code, files, message, fix] of refusals)
    t.throws(
      () => find(files, 'other/kustomization.yaml' in files ? ['site', 'other'] : ['site']),
      { name: 'RefusedError', code, message, fix },
      what,
    )
  t.end()
})

t.test('follows an entry whose name looks like YAML, where such a file is there', t => {
  for (const name of ['a\nb.yaml', '{a}', '[a]'])
    for (const key of ['resources', 'generators']) {
      const files = {
        'site/kustomization.yaml': `${key}: [${JSON.stringify(name)}]\n`,
        [`site/${name}`]: clusterInstance('sno1'),
      }
      t.equal(find(files).source, `site/${name}`)
    }
  t.end()
})
