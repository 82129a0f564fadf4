import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { applicationPath } from '../../../src/adapters/files/application-path.ts'
import { directoryTree, linkedTree } from '../../../src/adapters/files/directory-tree.ts'
import { isDirectory } from '../../../src/adapters/files/is-directory.ts'
import { codeOf, readInput } from '../../../src/adapters/files/read-input.ts'
import { repositoryRoot } from '../../../src/adapters/files/repository-root.ts'
import { takeAnother, takeSlot } from '../../../src/adapters/files/take-slot.ts'
import { temporaryDirectory } from '../../../src/adapters/files/temporary-directory.ts'

t.test('a tree follows no link, and does not list what is git’s own', t => {
  const directory = t.testdir({ d: { f: 'text' }, '.git': { config: '' } })
  symlinkSync('d', join(directory, 'link'))
  const tree = directoryTree(directory)
  t.strictSame(tree.list('.'), ['d', 'link'])
  t.strictSame(
    ['d', 'd/f', './d', 'link', 'link/f', 'd/f/x', 'none'].map(path => tree.entry(path)),
    ['directory', 'file', 'directory', 'symlink', 'symlink', undefined, undefined],
  )
  t.equal(Buffer.from(tree.read('d/f')).toString(), 'text')
  t.strictSame(
    ['d/f', 'link/f', './link/', '.', ''].map(path => tree.target?.(path)),
    ['d/f', 'd/f', 'd', '.', '.'],
    'though it says where they lead',
  )
  // No file can have such a name.
  for (const path of ['a\0b', 'd/a\0b', 'x'.repeat(300), 'x/'.repeat(3000), `d/${'x'.repeat(300)}`])
    for (const tree of [directoryTree(directory), linkedTree(directory)])
      t.equal(tree.entry(path), undefined)
  t.end()
})

t.test('what the system does not let us read is a refusal without a path of this machine', t => {
  const tree = directoryTree(t.testdir({ f: '' }))
  for (const read of [() => tree.read('none'), () => tree.size('none'), () => tree.list('none')])
    t.throws(read, {
      name: 'RefusedError',
      code: 'ENTRY_UNREADABLE',
      message: /^reading none: ENOENT: no such file or directory$/,
    })
  t.end()
})

t.test('a linked tree tells where links lead, as long as that is inside of it', t => {
  const directory = t.testdir({ d: { f: 'text' }, e: {} })
  for (const [path, target] of [
    ['link', 'd'],
    ['e/deep', '../d/f'],
    ['root', '.'],
    ['out', '..'],
    ['further', '../../..'],
    ['absolute', '/etc'],
    ['beside', `${directory}-b`],
    ['nowhere', 'none'],
    ['circle', 'circle'],
  ] as const)
    symlinkSync(target, join(directory, path))
  mkdirSync(`${directory}-b`, { recursive: true })
  t.teardown(() => {
    rmSync(`${directory}-b`, { recursive: true })
  })
  const tree = linkedTree(join(directory, 'root'))
  for (const [path, real] of [
    ['d/f', 'd/f'],
    ['link/f', 'd/f'],
    ['e/deep', 'd/f'],
    ['root', '.'],
    ['none', 'none'],
  ] as const)
    t.equal(tree.real?.(path), real, path)
  for (const path of ['out', 'further', 'absolute', 'beside', 'nowhere', 'circle']) {
    t.equal(tree.real?.(path), path)
    t.equal(tree.entry(path), 'symlink', 'it is a link still')
  }
  // What the plain tree says of every path, however it is spelled.
  const plain = directoryTree(directory)
  for (const path of [
    '.',
    '',
    './d',
    'd/',
    'd//f',
    '/d/f',
    'd/f/x',
    'link/f',
    'none/x',
    'circle/x',
  ])
    t.equal(tree.entry(path), plain.entry(path), `entry ${path}`)
  t.equal(tree.size('d/f'), 4)
  t.equal(tree.size('link/f'), 4)
  t.throws(() => tree.size('none'), { code: 'ENTRY_UNREADABLE' })
  t.end()
})

t.test('a checkout is found by the application path, else by its .git', t => {
  const directory = t.testdir({ '.git': {}, a: { b: {} } })
  const at = join(directory, 'a', 'b')
  for (const path of [undefined, '', '.', 'a/b', './a/b/'])
    t.equal(repositoryRoot(at, path), directory, path ?? 'none')
  t.equal(repositoryRoot(at, 'b'), join(directory, 'a'))
  t.equal(repositoryRoot('/', undefined), '/', 'without any')
  symlinkSync('b', join(directory, 'a', 'c'))
  t.throws(() => repositoryRoot(at, 'a/c'), { name: 'RefusedError', code: 'ENTRY_SYMLINK' })
  // What Argo CD sends where all paths of the annotation lie in `b`, or in `a`.
  for (const path of ['x/a/b', 'x/y/a', 'a/b/x'])
    t.throws(() => repositoryRoot(at, path), {
      ...{ name: 'RefusedError', code: 'CHECKOUT_PARTIAL', fix: /^name \/sower\.yaml and \/seeds/ },
      message: new RegExp(
        `^rendering ${path}: .*manifest-generate-paths of the Application narrows`,
      ),
    })
  t.end()
})

t.test('a directory may be behind a link, and nothing else is one', t => {
  const directory = t.testdir({ file: '' })
  symlinkSync('.', join(directory, 'link'))
  const paths = ['.', 'link', 'file', 'none', 'file/below', 'a\0b', 'x'.repeat(5000)]
  t.strictSame(
    paths.map(path => isDirectory(join(directory, path))),
    [true, true, false, false, false, false, false],
  )
  t.end()
})

t.test('an application path is a directory, named from where the person is', t => {
  const directory = t.testdir({ site: { 'kustomization.yaml': '' } })
  t.equal(applicationPath(directory, 'site'), join(directory, 'site'))
  for (const none of ['none', 'site/kustomization.yaml'])
    t.throws(() => applicationPath(directory, none), {
      name: 'InputError',
      message: `rendering ${none}: it is not a directory`,
    })
  t.end()
})

t.test(
  'an input is read up to a mebibyte, and a name that may be a credential is not shown',
  async t => {
    const directory = t.testdir({ file: 'content', folder: {} })
    t.equal((await readInput(directory, 'file')).toString(), 'content')
    writeFileSync(join(directory, 'large'), Buffer.alloc(1024 * 1024 + 1))
    t.equal((await readInput(directory, 'large')).length, 1024 * 1024)
    await t.rejects(readInput(directory, 'none'), {
      code: 'FILE_UNREADABLE',
      message: 'reading none: there is no such file (ENOENT)',
    })
    await t.rejects(readInput(directory, 'folder'), {
      message: 'reading folder: it is a directory (EISDIR)',
    })
    const pasted = '{"auths":{"registry":{"auth":"Y2FuYXJ5OmNhbmFyeQ=="}}}'
    const refused: unknown = await readInput(directory, pasted).catch((error: unknown) => error)
    t.match(refused, { code: 'FILE_UNREADABLE' })
    t.notMatch(String(refused), /Y2FuYXJ5/)
    t.equal(codeOf('no error'), 'unreadable')
  },
)

t.test('a temporary directory goes with all that is in it', t => {
  const { directory, remove } = temporaryDirectory('sower-test-')
  writeFileSync(join(directory, 'file'), '')
  t.not(temporaryDirectory('sower-test-').directory, directory)
  remove()
  t.notOk(existsSync(directory))
  remove()
  t.end()
})

// Slots are those of the machine: who takes one here takes it from the programs that other tests run.
t.test('who gets no slot is told so when its time is over', async t => {
  const start = performance.now()
  t.equal((await takeSlot({ slots: 0, time: 0.1 })) === null, platform() === 'linux')
  t.ok(platform() !== 'linux' || performance.now() - start >= 90)
})

t.test('a slot is given back, and another one is taken only while nobody waits', async t => {
  const slots = 64
  const ours = await takeSlot({ slots, time: 60 })
  if (ours === null) throw new Error('no slot became free')
  const another = await takeAnother(ours, slots)
  t.ok(another)
  another?.giveBack()
  const again = await takeAnother({ ...ours, waiting: () => 0 }, slots)
  t.ok(again)
  again?.giveBack()
  const isWanted = { ...ours, waiting: () => 1 }
  t.equal((await takeAnother(isWanted, slots)) === null, platform() === 'linux')
  ours.giveBack()
})
