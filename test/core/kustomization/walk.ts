import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { directoryTree } from '../../../src/adapters/files/directory-tree.ts'
import { defaultRoots } from '../../../src/core/cluster/default-roots.ts'
import { isExplicitlyEmpty } from '../../../src/core/kustomization/is-explicitly-empty.ts'
import { whyEmpty } from '../../../src/core/kustomization/why-empty.ts'
import { findCluster } from '../../../src/core/cluster/find-cluster.ts'
import { kustomizationIn } from '../../../src/core/kustomization/kustomization-in.ts'
import {
  repositoryView,
  type RepositoryView,
} from '../../../src/core/kustomization/repository-view.ts'
import { pathsTo, type Walk } from '../../../src/core/kustomization/walk.ts'
import type { RepositoryTree } from '../../../src/core/repository-tree.ts'
import { clusterInstance, listing, memoryTree, type Files } from '../../support/memory-tree.ts'

const walkSite = (tree: RepositoryTree): Walk => repositoryView(tree).walk('site')

/** A tree that counts how often each path is read. */
const counted = (tree: RepositoryTree): RepositoryView & { reads: Map<string, number> } => {
  const reads = new Map<string, number>()
  const read = (path: string): Uint8Array => {
    reads.set(path, (reads.get(path) ?? 0) + 1)
    return tree.read(path)
  }
  return { ...repositoryView({ ...tree, read }), reads }
}

t.test('reaches each directory of a root once, itself first, and reads each once in all', t => {
  const tree = counted(
    memoryTree({
      'a/kustomization.yaml': listing('../shared', 'a.yaml'),
      'a/a.yaml': '',
      'b/kustomization.yaml': listing('../shared', '../a', '.'),
      'shared/kustomization.yaml': listing('ci.yaml', '../shared/', '../b'),
      'shared/ci.yaml': '',
    }),
  )
  const walks = ['a', './b/'].map(repositoryView(tree).walk)
  t.strictSame(
    walks.map(({ root, reached, troubles }) => ({
      root,
      reached: reached.map(({ directory }) => directory),
      troubles,
    })),
    [
      { root: 'a', reached: ['a', 'shared', 'b'], troubles: [] },
      { root: './b/', reached: ['b', 'shared', 'a'], troubles: [] },
    ],
  )
  t.strictSame(
    walks[0]!.reached[0]!.targets.map(({ entry, path, kind }) => [entry.line, path, kind]),
    [
      [2, 'shared', 'directory'],
      [3, 'a/a.yaml', 'file'],
    ],
  )
  t.ok([...tree.reads.values()].every(times => times === 1))
  t.end()
})

t.test('knows which directories of a root lead to others', t => {
  const walk = walkSite(
    memoryTree({
      'site/kustomization.yaml': listing('g1', 'g2', 'g3', 'gone'),
      'site/g1/kustomization.yaml': listing('../leaf'),
      'site/g2/kustomization.yaml': listing('../leaf', '../bare'),
      'site/g3/kustomization.yaml': listing('x.yaml'),
      'site/g3/x.yaml': '',
      'site/leaf/kustomization.yaml': listing('ci.yaml', '../g1'),
      'site/leaf/ci.yaml': '',
      'site/bare/file.yaml': '',
      'other/kustomization.yaml': 'resources: []\n',
    }),
  )
  const to = (...directories: readonly string[]): readonly string[] =>
    [...pathsTo(walk, directories)].sort()
  t.strictSame(to('site/leaf'), ['site', 'site/g1', 'site/g2', 'site/leaf'])
  t.strictSame(to('site/g3', 'site/g1'), [
    ...['site', 'site/g1', 'site/g2', 'site/g3', 'site/leaf'],
  ])
  t.strictSame(to('site/bare'), ['site', 'site/g2'], 'what cannot be read itself is not reached')
  t.strictSame(to('other'), [])
  t.end()
})

const sno1 = clusterInstance('sno1')
const site = (...entries: readonly string[]): Files => ({
  'site/kustomization.yaml': listing(...entries),
  'site/sno1.yaml': sno1,
})

t.test('keeps what cannot be followed as troubles, with a code and a way out', t => {
  const troubles: readonly (readonly [string, string, Files, RegExp])[] = [
    ['no kustomization', 'KUSTOMIZATION_MISSING', { 'site/a.yaml': '' }, /site: it has no kustom/],
    ['no such root', 'KUSTOMIZATION_MISSING', {}, /^reading site: there is no such directory$/],
    [
      'a listed directory without one',
      'KUSTOMIZATION_MISSING',
      { ...site('sub'), 'site/sub/a.yaml': '' },
      /^reading site\/sub: it has no kustomization file$/,
    ],
    [
      'two kustomizations',
      'KUSTOMIZATION_MISSING',
      { ...site('sno1.yaml'), 'site/kustomization.yml': 'resources: []\n' },
      /several kustomization files: site\/kustomization\.yaml, site\/kustomization\.yml$/,
    ],
    [
      'a kustomization that is a link',
      'ENTRY_SYMLINK',
      { 'site/kustomization.yaml': { link: '../../etc/passwd' } },
      /^reading site\/kustomization\.yaml: it is a symbolic link$/,
    ],
    [
      'a root that is a link',
      'ENTRY_SYMLINK',
      { site: { link: 'other' }, 'other/kustomization.yaml': 'resources: []\n' },
      /^reading site: it is a symbolic link$/,
    ],
    [
      'a kustomization that is no UTF-8',
      'KUSTOMIZATION_UNREADABLE',
      { ...site('sno1.yaml'), 'site/kustomization.yaml': Buffer.from('# \xe9\n', 'latin1') },
      /^reading site\/kustomization\.yaml: it is not UTF-8$/,
    ],
    [
      'a kustomization in UTF-16',
      'KUSTOMIZATION_UNREADABLE',
      { 'site/kustomization.yaml': Buffer.from('\uFEFFresources: []\n', 'utf16le') },
      /reading site\/kustomization\.yaml/,
    ],
    ['inline YAML', 'ENTRY_INLINE', site('|-\n    kind: A\n    x: y'), /:2: the entry is inline/],
    ['inline YAML in flow style', 'ENTRY_INLINE', site("'{kind: A}'"), /:2: the entry is inline/],
    ['a URL', 'ENTRY_REMOTE', site('https://example.com/x.yaml'), /:2: https.* is fetched from/],
    ['a git URL', 'ENTRY_REMOTE', site('git@example.com:x/y'), /is fetched from elsewhere/],
    ['a git host', 'ENTRY_REMOTE', site('host:x/y'), /is fetched from elsewhere/],
    ['a reference', 'ENTRY_REMOTE', site('example.com/x/y?ref=v1'), /is fetched from elsewhere/],
    ['GitHub', 'ENTRY_REMOTE', site('GitHub.com/x/y'), /is fetched from elsewhere/],
    ['an absolute path', 'ENTRY_OUTSIDE', site('/site/sno1.yaml'), /leads out of the repository/],
    ['a path above', 'ENTRY_OUTSIDE', site('../../sno1.yaml'), /:2: \S+ leads out of the repo/],
    ['the directory above', 'ENTRY_OUTSIDE', site('../..'), /leads out of the repository/],
    ['a missing file', 'ENTRY_MISSING', site('sno1.yaml', 'gone.yaml'), /:3: gone\.yaml is not/],
    ['an empty entry', 'ENTRY_MISSING', site('""'), /:2: the empty entry is not there/],
    [
      'a symbolic link',
      'ENTRY_SYMLINK',
      { ...site('link.yaml'), 'site/link.yaml': { link: 'sno1.yaml' } },
      /link\.yaml is a symbolic link/,
    ],
    [
      'a path through a symbolic link',
      'ENTRY_SYMLINK',
      { ...site('link/sno1.yaml'), 'site/link': { link: '.' } },
      /link\/sno1\.yaml is a symbolic link, or lies behind one/,
    ],
  ]
  for (const [what, code, files, message] of troubles)
    t.match(walkSite(memoryTree(files)).troubles, [{ code, message, fix: /\w/ }], what)
  t.match(memoryTree({}).walk('../x'), {
    reached: [],
    troubles: [{ code: 'ENTRY_OUTSIDE', message: /root \.\.\/x: it leads out/, fix: /\w/ }],
  })
  t.end()
})

t.test('takes a file for a file even if its name looks remote', t => {
  const { targets } = walkSite(
    memoryTree({ ...site('a@b.yaml'), 'site/a@b.yaml': '', 'site/http:/x.yaml': '' }),
  ).reached[0]!
  t.match(targets, [{ path: 'site/a@b.yaml' }])
  const files = { ...site('http://x.yaml'), 'site/http:/x.yaml': '' }
  t.match(walkSite(memoryTree(files)).troubles, [{ code: 'ENTRY_REMOTE' }])
  t.end()
})

t.test('passes on what is no refusal', t => {
  const entry = (): never => {
    throw new Error('the disk is gone')
  }
  t.throws(() => walkSite({ ...memoryTree({}), entry }), /the disk is gone/)
  t.end()
})

t.test('does not call empty what cannot be followed', t => {
  const files = {
    'site/kustomization.yaml': 'resources: []\nbases: [gone]\n',
  }
  t.throws(() => isExplicitlyEmpty(memoryTree(files), 'site'), { code: 'ENTRY_MISSING' })
  t.end()
})

t.test('keeps a byte order mark, so that it is written back', t => {
  const tree = memoryTree({ 'site/kustomization.yaml': '\uFEFFresources: []\n' })
  t.equal(kustomizationIn(tree, 'site').text, '\uFEFFresources: []\n')
  t.end()
})

t.test('reads each of 3,500 clusters once, in one list or in directories', t => {
  const names = Array.from({ length: 3500 }, (_, index) => `sno${index}`)
  const flat = memoryTree({
    'site/kustomization.yaml': listing(...names.map(name => `${name}.yaml`)),
    ...Object.fromEntries(names.map(name => [`site/${name}.yaml`, clusterInstance(name)])),
  })
  const nested = memoryTree({
    'site/kustomization.yaml': listing(...names),
    ...Object.fromEntries(
      names.flatMap(name => [
        [`site/${name}/kustomization.yaml`, listing('ci.yaml')],
        [`site/${name}/ci.yaml`, clusterInstance(name)],
      ]),
    ),
  })
  t.strictSame(defaultRoots(nested), { roots: ['site'], warnings: [] })
  for (const [tree, most] of [
    [counted(flat), 3501],
    [counted(nested), 7001],
  ] as const) {
    const { object } = findCluster(tree, { cluster: 'sno12', roots: ['site', './/site'] })
    t.equal(object.name, 'sno12')
    t.equal(tree.reads.size, most)
    t.ok([...tree.reads.values()].every(times => times === 1))
  }
  t.end()
})

t.test('says why a render without objects is not meant', t => {
  const why = (file: string) =>
    whyEmpty(memoryTree({ 'site/kustomization.yaml': file, 'site/a.yaml': '' }), 'site')
  t.equal(why('resources: []\n'), null)
  t.match(why(listing('a.yaml')), { file: 'site/kustomization.yaml', reason: /: site\/a\.yaml$/ })
  t.match(why('namespace: a\n'), { reason: /no list says/, fix: /^write `resources: \[\]`/ })
  t.end()
})

t.test('holds on a real directory against links, pipes and files that nothing lists', t => {
  const root = t.testdir()
  const write = (path: string, text: string | Uint8Array): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  write('.git/kustomization.yaml', 'resources: []\n')
  write('site/kustomization.yaml', listing('sub', 'big.yaml', 'ci.yaml'))
  write('site/ci.yaml', sno1)
  write('site/sub/kustomization.yaml', 'resources: []\n  #- pipe\n  #- loop\n  #- ../bad.yaml\n')
  write('site/big.yaml', Buffer.alloc(1 << 20, '# big\n'))
  write('site/unlisted.yaml', Buffer.alloc(1 << 20, '# big\n'))
  write('site/bad.yaml', Buffer.from(`# \xff\n${sno1}`, 'latin1'))
  symlinkSync('..', join(root, 'site/sub/loop'))
  symlinkSync('site', join(root, 'link'))
  execFileSync('mkfifo', [join(root, 'site/sub/pipe')])
  mkdirSync(join(root, 'pipe'))
  execFileSync('mkfifo', [join(root, 'pipe/kustomization.yaml')])

  const tree = counted(directoryTree(root))
  t.strictSame(tree.list('.'), ['link', 'pipe', 'site'])
  t.strictSame(tree.list('site/sub'), ['kustomization.yaml', 'loop', 'pipe'])
  const found = findCluster(tree, { cluster: 'sno1', roots: ['site', 'link', 'pipe'] })
  t.equal(found.source, 'site/ci.yaml')
  t.match(found.warnings, [{ code: 'ENTRY_SYMLINK' }, { code: 'KUSTOMIZATION_MISSING' }])
  t.notOk(tree.reads.has('site/unlisted.yaml'))
  t.strictSame(defaultRoots(tree), { roots: ['site'], warnings: [] })
  t.end()
})
