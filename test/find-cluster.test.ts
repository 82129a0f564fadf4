import t from 'tap'
import { findCluster, searchCluster, type Found } from '../src/core/kustomization/find-cluster.ts'
import { kustomizationIn } from '../src/core/kustomization/kustomization-in.ts'
import { walkRoots } from '../src/core/kustomization/walk.ts'
import { clusterInstance, memoryTree } from './memory-tree.ts'

type Files = Parameters<typeof memoryTree>[0]

const list = (...entries: readonly string[]): string =>
  `resources:\n${entries.map(entry => `  - ${entry}\n`).join('')}`
const find = (files: Files, roots: readonly string[] = ['site'], cluster = 'sno1'): Found =>
  findCluster(memoryTree(files), { cluster, roots })

t.test('finds a cluster by spec.clusterName, whatever the file and the object are called', t => {
  const found = find({
    'site/kustomization.yaml': list('sno1.yaml', './b/../other.yaml'),
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
  t.end()
})

t.test(
  'follows directories through all four fields, whatever the kustomization file is named',
  t => {
    for (const [name, key] of [
      ['kustomization.yaml', 'resources'],
      ['kustomization.yml', 'generators'],
      ['Kustomization', 'bases'],
      ['kustomization.yaml', 'components'],
    ] as const) {
      const found = find({
        'site/kustomization.yaml': `${key}:\n- sub/\n`,
        [`site/sub/${name}`]: list('../deep'),
        'site/deep/kustomization.yaml': list('ci.yaml'),
        'site/deep/ci.yaml': clusterInstance('sno1'),
      })
      t.equal(found.kustomization.path, 'site/deep/kustomization.yaml', key)
    }
    t.end()
  },
)

t.test('names every root that reaches the entry, and visits a circle once', t => {
  const files = {
    'a/kustomization.yaml': list('../shared'),
    'b/kustomization.yaml': list('../shared', '../a'),
    'c/kustomization.yaml': list('other.yaml'),
    'c/other.yaml': clusterInstance('sno2'),
    'shared/kustomization.yaml': list('ci.yaml', '../shared'),
    'shared/ci.yaml': clusterInstance('sno1'),
  }
  t.strictSame(find(files, ['a', './b/', 'c']).roots, ['a', './b/'])
  t.strictSame(
    walkRoots(memoryTree(files), ['./b/'])[0]!.reached.map(
      ({ kustomization }) => kustomization.path,
    ),
    ['b/kustomization.yaml', 'shared/kustomization.yaml', 'a/kustomization.yaml'],
  )
  t.end()
})

t.test('takes the root of the repository for a root', t => {
  const found = find(
    {
      'kustomization.yaml': list('sub', 'sno1.yaml'),
      'sno1.yaml': clusterInstance('sno1'),
      'sub/kustomization.yaml': 'resources: []\n',
    },
    ['.'],
  )
  t.equal(found.kustomization.path, 'kustomization.yaml')
  t.equal(found.source, 'sno1.yaml')
  t.end()
})

t.test('says where a cluster is commented out already', t => {
  const files = {
    'site/kustomization.yaml': `${list('other.yaml')}  #- sno1.yaml\n  # - ../sno1.yaml\n  #- ../../x.yaml\n  #- gone.yaml\n`,
    'site/other.yaml': clusterInstance('sno2'),
    'site/sno1.yaml': clusterInstance('sno1'),
    'sno1.yaml': clusterInstance('sno1'),
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
    ],
  )
  t.throws(() => find(files), {
    name: 'RefusedError',
    code: 'ALREADY_DETACHED',
    message: /at site\/kustomization\.yaml:3, site\/kustomization\.yaml:4$/,
  })
  t.end()
})

t.test('takes unreadable and foreign YAML for files without the cluster', t => {
  const contents: readonly (readonly [string, string])[] = [
    ['broken YAML', 'sno1: "\n'],
    ['nothing', ''],
    ['a list with the name in it', '- sno1\n'],
    ['an unknown alias', 'kind: sno1\nspec: *nowhere\n'],
    [
      'too many aliases',
      `n: sno1\na: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(20)}]\nc: [${'*b,'.repeat(20)}]\n`,
    ],
    ['another group', clusterInstance('sno1').replace('siteconfig.open', 'example.open')],
    ['another kind', clusterInstance('sno1').replace('kind: ClusterInstance', 'kind: Cluster')],
    ['a name that contains it', clusterInstance('sno11')],
    [
      'a number as the name',
      clusterInstance('sno1').replace('clusterName: sno1', 'clusterName: 1'),
    ],
  ]
  for (const [what, content] of contents)
    t.throws(
      () => find({ 'site/kustomization.yaml': list('a.yaml'), 'site/a.yaml': content }),
      { name: 'RefusedError', code: 'CLUSTER_NOT_FOUND', message: /sno1 is listed below site$/ },
      what,
    )
  t.end()
})

t.test('finds the cluster beside documents that are not readable', t => {
  const source = `${clusterInstance('sno1')}---\nspec: *nowhere\n---\n- a list\n`
  const found = find({ 'site/kustomization.yaml': list('a.yaml'), 'site/a.yaml': source })
  t.strictSame(found.object.companions, [])
  t.end()
})

t.test('reads defaults where the object does not say them', t => {
  const bare =
    'apiVersion: siteconfig.open-cluster-management.io/v1alpha1\nkind: ClusterInstance\nmetadata: {}\nspec: {clusterName: sno1}\n'
  const { object } = find({ 'site/kustomization.yaml': list('a.yaml'), 'site/a.yaml': bare })
  t.strictSame(object, {
    kind: 'ClusterInstance',
    name: 'sno1',
    objectName: '',
    namespace: '',
    companions: [],
    imageSet: '',
  })
  t.end()
})

t.test('refuses by code what cannot be found or followed safely', t => {
  const sno1 = clusterInstance('sno1')
  const site = (...entries: readonly string[]): Files => ({
    'site/kustomization.yaml': list(...entries),
    'site/sno1.yaml': sno1,
  })
  const refusals: readonly (readonly [string, string, Files, RegExp])[] = [
    [
      'two entries in one list',
      'CLUSTER_AMBIGUOUS',
      { ...site('sno1.yaml', 'again.yaml'), 'site/again.yaml': sno1 },
      /listed 2 times: site\/kustomization\.yaml:2 \(site\/sno1\.yaml\), .*:3 \(site\/again/,
    ],
    [
      'the same file twice',
      'CLUSTER_AMBIGUOUS',
      site('sno1.yaml', './sno1.yaml'),
      /listed 2 times/,
    ],
    [
      'another object in the file',
      'SHARED_FILE',
      { ...site('sno1.yaml'), 'site/sno1.yaml': `${sno1}---\n${clusterInstance('sno2')}` },
      /site\/sno1\.yaml also holds ClusterInstance\/sno2,/,
    ],
    ['no kustomization', 'KUSTOMIZATION_MISSING', { 'site/a.yaml': sno1 }, /has no kustomization/],
    ['no such root', 'KUSTOMIZATION_MISSING', {}, /reading site: there is no such directory/],
    [
      'two kustomizations',
      'KUSTOMIZATION_MISSING',
      { ...site('sno1.yaml'), 'site/kustomization.yml': 'resources: []\n' },
      /several kustomization files: site\/kustomization\.yaml, site\/kustomization\.yml/,
    ],
    [
      'a kustomization that is a link',
      'ENTRY_SYMLINK',
      { 'site/kustomization.yaml': { link: '../../etc/passwd' } },
      /site\/kustomization\.yaml: it is a symbolic link/,
    ],
    [
      'a kustomization that is no UTF-8',
      'KUSTOMIZATION_UNREADABLE',
      { ...site('sno1.yaml'), 'site/kustomization.yaml': Buffer.from('# \xe9\n', 'latin1') },
      /reading site\/kustomization\.yaml: it is not UTF-8/,
    ],
    [
      'a kustomization in UTF-16',
      'KUSTOMIZATION_UNREADABLE',
      { 'site/kustomization.yaml': Buffer.from('\uFEFFresources: []\n', 'utf16le') },
      /reading site\/kustomization\.yaml/,
    ],
    ['inline YAML', 'ENTRY_INLINE', site('|-\n    kind: A\n    x: y'), /:2: the entry is inline/],
    ['a URL', 'ENTRY_REMOTE', site('https://example.com/x.yaml'), /is fetched from elsewhere/],
    ['a git URL', 'ENTRY_REMOTE', site('git@example.com:x/y'), /is fetched from elsewhere/],
    ['a git host', 'ENTRY_REMOTE', site('host:x/y'), /is fetched from elsewhere/],
    ['a reference', 'ENTRY_REMOTE', site('github.com/x/y?ref=v1'), /is fetched from elsewhere/],
    ['an absolute path', 'ENTRY_OUTSIDE', site('/site/sno1.yaml'), /leads out of the repository/],
    ['a path above', 'ENTRY_OUTSIDE', site('../../sno1.yaml'), /:2: \S+ leads out of the repo/],
    ['the directory above', 'ENTRY_OUTSIDE', site('../..'), /leads out of the repository/],
    ['a missing file', 'ENTRY_MISSING', site('sno1.yaml', 'gone.yaml'), /:3: gone\.yaml is not/],
    [
      'a symbolic link',
      'ENTRY_SYMLINK',
      { ...site('link.yaml'), 'site/link.yaml': { link: 'sno1.yaml' } },
      /link\.yaml is a symbolic link/,
    ],
  ]
  for (const [what, code, files, message] of refusals)
    t.throws(() => find(files), { name: 'RefusedError', code, message, fix: /\w/ }, what)
  t.end()
})

t.test('keeps a byte order mark, so that it is written back', t => {
  const tree = memoryTree({ 'site/kustomization.yaml': '\uFEFFresources: []\n' })
  t.equal(kustomizationIn(tree, 'site').text, '\uFEFFresources: []\n')
  t.end()
})
