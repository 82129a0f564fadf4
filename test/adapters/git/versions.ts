import { join } from 'node:path'
import t from 'tap'
import { fileVersions } from '../../../src/adapters/git/file-versions.ts'
import { listVersions } from '../../../src/adapters/git/list-versions.ts'
import { openHistory } from '../../../src/adapters/git/open-history.ts'
import { readVersions } from '../../../src/adapters/git/read-versions.ts'
import type { FileVersion } from '../../../src/operations/ports/repository.ts'
import { cloneWith } from '../../support/clone-with.ts'
import { gitIn } from '../../support/run-sower.ts'

const all = async (versions: AsyncIterable<FileVersion>): Promise<readonly string[]> => {
  const told: string[] = []
  for await (const { path, bytes, isRemoved } of versions)
    told.push(
      `${path}: ${bytes ? Buffer.from(bytes).toString() : 'too large'}${isRemoved ? ', removed' : ''}`,
    )
  return told.sort()
}

t.test('each version of a range comes once, with the commit that brought it', async t => {
  const { place, first, commit, git } = await cloneWith(t, { a: '1', old: 'before' })
  const second = await commit({ a: '2', 'ü\n': 'odd' })
  await git('rm', '--quiet', 'old')
  const third = await commit({ a: '1', b: '2' })
  const range = { of: 'range', base: first, head: third } as const
  const listed = await listVersions(place, range)
  t.strictSame(
    listed.map(({ commit, path, isRemoved }) => [commit, path, isRemoved ?? false]),
    [
      [second, 'a', false],
      [second, 'ü\n', false],
      [third, 'a', false],
      [third, 'b', false],
      [third, 'old', true],
    ],
  )
  const told = ['a: 1', 'a: 2', 'b: 2', 'old: before, removed', 'ü\n: odd']
  t.strictSame(await all(readVersions(place, listed)), told)
  t.strictSame(await all((await fileVersions(place, range)).versions), told)
})

t.test('the index is compared with a commit, or with nothing at all', async t => {
  const { place, first, write, git } = await cloneWith(t, { a: '1' })
  await write({ a: '2', sealed: 'kind: SealedSecret', later: '3' })
  await git('add', 'a', 'sealed')
  const { versions, sealedPaths } = await fileVersions(place, { of: 'index', head: first })
  t.strictSame(await all(versions), ['a: 1, removed', 'a: 2', 'sealed: kind: SealedSecret'])
  t.strictSame(sealedPaths, ['sealed'])
  const anew = await fileVersions(place, { of: 'index', head: null })
  t.strictSame(await all(anew.versions), ['a: 2', 'sealed: kind: SealedSecret'])
  t.strictSame(anew.sealedPaths, [])
})

t.test(
  'a file that is too large is told of, and an object that is not there is an error',
  async t => {
    const { place, commit } = await cloneWith(t)
    const head = await commit({ large: 'x'.repeat(5 * 1024 * 1024 + 1), 'd/s': 'SealedSecret' })
    const { versions, sealedPaths } = await fileVersions(place, { of: 'tree', head })
    t.strictSame(await all(versions), ['a: 1', 'd/s: SealedSecret', 'large: too large'])
    t.strictSame(sealedPaths, ['d/s'])
    const missing = [{ commit: head, path: 'a', id: '0'.repeat(40) }]
    await t.rejects(all(readVersions(place, missing)), { code: 'GIT_FAILED' })
  },
)

t.test('a clone tells of its commits from any directory in it', async t => {
  const { directory, place, top, first, commit } = await cloneWith(t, { 'd/e/f': 'x', 'd/g': 'y' })
  const second = await commit({ a: '1' })
  const history = await openHistory({ ...place, directory: join(top, 'd', 'e') }, '.')
  t.equal(history.prefix, 'd/e/')
  t.equal(await history.commitOf('HEAD'), second)
  t.equal(await history.commitOf('HEAD~1'), first)
  for (const none of ['nowhere', '--all', 'HEAD:d'])
    t.equal(await history.commitOf(none), null, none)
  t.strictSame(await history.firstFile(first, ['d/x', 'd/g', 'a']), { path: 'd/g', text: 'y' })
  t.equal(await history.firstFile(first, ['a', '*']), null)
  t.notOk(await history.isShallow())
  t.strictSame(await history.cutOff({ base: first, head: second }), [])
  t.strictSame(await all((await history.versions({ of: 'tree', head: first })).versions), [
    'd/e/f: x',
    'd/g: y',
  ])
  await t.rejects(openHistory({ ...place, directory }, 'here'), {
    name: 'InputError',
    message: 'reading the repository at here: it is not a clone',
  })
  const none = { ...place, environment: { PATH: directory } }
  await t.rejects(openHistory(none, '.'), { message: /no git on the PATH$/ })
})

t.test('a shallow clone says which commits it cannot see behind', async t => {
  const { directory, place, top, commit } = await cloneWith(t, { a: '1' })
  const second = await commit({ a: '2' })
  await commit({ a: '3' })
  const third = await commit({ a: '4' })
  const at = join(directory, 'shallow')
  await gitIn(directory)('clone', '--quiet', '--depth=2', `file://${top}`, at)
  const history = await openHistory({ ...place, directory: at }, '.')
  t.ok(await history.isShallow())
  t.equal(await history.commitOf(second), null)
  const cut = (await history.commitOf('HEAD~1')) ?? ''
  t.strictSame(await history.cutOff({ base: third, head: third }), [])
  await gitIn(at)('fetch', '--quiet', '--depth=1', 'origin', second)
  t.strictSame(await history.cutOff({ base: second, head: third }), [cut])
})
