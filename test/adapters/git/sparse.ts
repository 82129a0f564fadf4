import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { directoryTree } from '../../../src/adapters/files/directory-tree.ts'
import { blobsIn } from '../../../src/adapters/git/blobs-in.ts'
import { blobReader } from '../../../src/adapters/git/mirror/blob-reader.ts'
import { checkouts } from '../../../src/adapters/git/mirror/checkouts.ts'
import { listTree } from '../../../src/adapters/git/mirror/list-tree.ts'
import { objectTree } from '../../../src/adapters/git/mirror/object-tree.ts'
import type { RepositoryTree } from '../../../src/core/repository-tree.ts'
import { InputError } from '../../../src/errors.ts'
import { everyPath } from '../../../src/core/kustomization/every-path.ts'
import { cloneWith } from '../../support/clone-with.ts'

const list = 'resources: [b.yaml]\n'
const files = {
  'site/kustomization.yaml': list,
  'site/b.yaml': 'kind: A\n',
  'other/kustomization.yaml': 'resources: []\ngenerators: []\n',
  'with space/ü.yaml': 'ü\r\n',
  'unread.yaml': 'kind: B\n',
}

/** A clone, and its git directory as a mirror that counts the questions to git. */
const start = async (
  t: Parameters<typeof cloneWith>[0],
  content: Record<string, string> = files,
) => {
  const clone = await cloneWith(t, content)
  const log = join(clone.directory, 'asked')
  const bin = join(clone.directory, 'bin')
  mkdirSync(bin)
  writeFileSync(log, '')
  const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim()
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$1" >> '${log}'\nexec '${real}' "$@"\n`)
  chmodSync(join(bin, 'git'), 0o755)
  const mirror = {
    directory: join(clone.top, '.git'),
    environment: { ...clone.environment, PATH: `${bin}:${clone.environment['PATH'] ?? ''}` },
  }
  const asked = (word: string): number =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter(line => line === word).length
  const open = async (sha: string) =>
    objectTree(await listTree(mirror, sha, { foldsCase: false }), blobReader(mirror))
  return { ...clone, mirror, asked, open }
}

/** All that a tree says, to be compared. */
const told = (tree: RepositoryTree, more: readonly string[]) => {
  const places = everyPath(tree).map(({ path }) => path)
  return {
    kinds: [...places, ...more].map(path => [path, tree.entry(path), tree.target?.(path)]),
    files: places
      .filter(path => tree.entry(path) === 'file')
      .map(path => [path, tree.size(path), Buffer.from(tree.read(path)).toString('base64')]),
  }
}

t.test('a tree of git’s objects says what a directory with its files says', async t => {
  const { top, open, commit } = await start(t)
  symlinkSync('site', join(top, 'link'))
  chmodSync(join(top, 'unread.yaml'), 0o755)
  appendFileSync(join(top, '.gitattributes'), '* text=auto\n*.md -diff\n')
  const sha = await commit({})
  const tree = await open(sha)
  if (!tree) throw new Error('it is read from a directory')
  const asked = [
    '.',
    './site',
    'site/',
    'link',
    'link/b.yaml',
    'link/x/y',
    'nowhere',
    'unread.yaml/x',
  ]
  t.strictSame(told(tree, asked), told(directoryTree(top), asked))
  t.strictSame(tree.list('site'), directoryTree(top).list('site'))
  for (const wrong of ['site', 'nowhere', 'link'])
    t.throws(() => tree.read(wrong), {
      code: 'ENTRY_UNREADABLE',
      message: `reading ${wrong}: it is not a plain file`,
    })
  t.throws(() => tree.list('unread.yaml'), { code: 'ENTRY_UNREADABLE' })
  t.throws(() => tree.size('site'), { code: 'ENTRY_UNREADABLE' })
})

t.test(
  'where git would write other bytes than those of an object, the directory counts',
  async t => {
    const { open, commit, mirror, directory } = await start(t)
    for (const line of [
      '*.yaml eol=crlf',
      '* ident',
      '* filter=lfs',
      'a working-tree-encoding=UTF-16',
      '[attr]x text',
    ])
      t.equal(await open(await commit({ 'site/.gitattributes': `${line}\n` })), null, line)
    const sha = await commit({ 'site/.gitattributes': '*.yaml text eol=crlf\n' })
    const { tree, onDisk } = await checkouts(mirror, join(directory, 'c')).of(sha)
    t.equal(Buffer.from(tree.read('site/b.yaml')).toString(), 'kind: A\r\n')
    t.equal(readFileSync(join(await onDisk('site'), 'b.yaml'), 'utf8'), 'kind: A\r\n')
    const many = Array.from({ length: 50_001 }, (_, at) => ({
      mode: '100644',
      id: 'a',
      size: 0,
      path: `${at}`,
    }))
    t.equal(
      objectTree(many, () => new Uint8Array()),
      null,
      'too many for a list of them',
    )
    const [odd] = many
    t.equal(odd && objectTree([{ ...odd, path: '\xff' }], () => new Uint8Array()), null, 'no UTF-8')
  },
)

t.test('a submodule is an empty directory', async t => {
  const { git, first, open, mirror, directory } = await start(t)
  await git('update-index', '--add', '--cacheinfo', `160000,${first},site/sub`)
  await git('commit', '--quiet', '-m', 'submodule')
  const sha = (await git('rev-parse', 'HEAD')).trim()
  const tree = await open(sha)
  t.equal(tree?.entry('site/sub'), 'directory')
  t.strictSame(tree?.list('site/sub'), [])
  const { onDisk } = await checkouts(mirror, join(directory, 'c')).of(sha)
  t.ok(existsSync(join(await onDisk('site'), 'b.yaml')))
})

t.test('only what a root reads is put on disk, and all of it where nobody knows', async t => {
  const { first, mirror, directory, asked } = await start(t)
  const { onDisk, tree } = await checkouts(mirror, join(directory, 'c')).of(first)
  t.equal(asked('checkout-index'), 0, 'nothing before a root is asked for')
  const [site, again] = await Promise.all([onDisk('site'), onDisk('site')])
  t.equal(site, again)
  t.equal(asked('checkout-index'), 1)
  const at = join(site, '..')
  t.strictSame(
    everyPath(directoryTree(at))
      .map(({ path }) => path)
      .sort(),
    ['site/b.yaml', 'site/kustomization.yaml'],
  )
  await Promise.all([onDisk('other'), onDisk('with space')])
  t.strictSame(told(directoryTree(at), []), told(tree, []), 'a plugin may read anything')
})

t.test('many files are read with few questions to git, and each once', async t => {
  const many = Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`d${at}/f`, `${at}`]))
  const { first, asked, open } = await start(t, { ...many, large: 'x'.repeat(300_000) })
  const tree = await open(first)
  for (let turn = 0; turn < 2; turn += 1)
    for (const path of Object.keys(many))
      t.equal(Buffer.from(tree?.read(path) ?? []).toString(), many[path])
  t.ok(asked('cat-file') < 10, `${asked('cat-file')} questions`)
  t.equal(tree?.read('large').length, 300_000, 'what is large comes alone')
})

t.test('an object that is not there is an error, and so is a git that fails', async t => {
  const { mirror } = await start(t)
  const id = '1'.repeat(40)
  t.throws(() => blobReader(mirror)(id, () => []), {
    ...{ name: 'InputError', code: 'GIT_FAILED' },
    message: `git cat-file: the object ${id} is not in this clone`,
    fix: /sparse-checkout disable/,
  })
  t.throws(() => blobReader({ ...mirror, directory: '/' })(id, () => []), {
    code: 'GIT_FAILED',
    message: /^git cat-file: fatal: not a git repository/,
  })
  t.throws(() => blobReader({ directory: '/', environment: { PATH: '/nowhere' } })(id, () => []), {
    code: 'GIT_FAILED',
    message: /^git cat-file: .*ENOENT/,
  })
  const missing = (reason: string): InputError => new InputError('GIT_FAILED', reason)
  const blobs = blobsIn(Buffer.from('a blob 1\nx\nb blob 0\n\n'), ['a', 'b'], missing)
  t.strictSame([...blobs].map(String), ['x', ''])
})
