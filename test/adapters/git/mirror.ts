import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkouts } from '../../../src/adapters/git/mirror/checkouts.ts'
import { commitChanges, refuseUnlessFree } from '../../../src/adapters/git/commit-changes.ts'
import { keptCommits } from '../../../src/adapters/git/kept-commits.ts'
import { openMirror } from '../../../src/adapters/git/mirror/open-mirror.ts'
import { runGit } from '../../../src/adapters/git/run-git.ts'
import { cloneWith } from '../../support/clone-with.ts'
import { memoryTree } from '../../support/memory-tree.ts'

const path = process.env['PATH'] ?? ''

t.test('a mirror knows where it comes from, and has no hook of anybody', async t => {
  const { directory, top } = await cloneWith(t)
  const own = join(directory, 'own')
  mkdirSync(join(own, 'mirror.git'), { recursive: true })
  writeFileSync(join(own, 'mirror.git', 'config.lock'), '')
  const mirror = await openMirror({ url: top, directory: own, tokenFile: null, path })
  const url = await runGit(mirror, ['config', 'remote.origin.url'])
  t.equal(url.toString(), `${top}\n`)
  t.notOk(existsSync(join(mirror.directory, 'hooks')))
  await t.rejects(openMirror({ url: top, directory: own, tokenFile: null, path: directory }), {
    code: 'GIT_FAILED',
    message: 'git init: git cannot be run: there is no git on the PATH (ENOENT)',
  })
})

t.test('a commit is kept under a name, and no other is known by it', async t => {
  const { directory, top } = await cloneWith(t, { a: 'text' })
  const own = join(directory, 'own')
  const mirror = await openMirror({ url: top, directory: own, tokenFile: null, path })
  await runGit(mirror, ['fetch', '--quiet', 'origin'])
  const sha = (await runGit(mirror, ['rev-parse', 'FETCH_HEAD'])).toString().trim()
  const kept = keptCommits({ directory: own, path })
  t.equal(await kept.find('ab12'), undefined)
  await kept.keep('ab12', sha)
  t.equal(await kept.find('ab12'), sha)
  t.equal(await kept.find('ab'), undefined)
  await t.rejects(kept.keep('ab12', 'nothing'), { code: 'GIT_FAILED' })
})

t.test('a copy of a clone reads the objects where they are, in any format', async t => {
  for (const format of ['sha1', 'sha256']) {
    const { directory, place } = await cloneWith(t)
    const top = join(directory, format)
    const at = { ...place, directory: top }
    mkdirSync(top)
    await runGit(at, ['init', '--quiet', `--object-format=${format}`])
    const id = (await runGit(at, ['hash-object', '-w', '--stdin'], { input: 'x' }))
      .toString()
      .trim()
    const objects = { directory: join(top, '.git', 'objects'), format }
    const own = join(directory, `own-${format}`)
    const mirror = await openMirror({ url: top, directory: own, tokenFile: null, path, objects })
    t.equal((await runGit(mirror, ['cat-file', 'blob', id])).toString(), 'x', format)
    const told = await runGit(mirror, ['rev-parse', '--show-object-format', '--is-bare-repository'])
    t.equal(told.toString(), `${format}\ntrue\n`)
    // git itself finds nothing to say about what was laid out without it.
    const fsck = execFileSync('git', ['fsck', '--strict', '--no-dangling'], {
      cwd: mirror.directory,
      stdio: 'pipe',
    })
    t.match(fsck.toString(), /^(?:notice: .*\n)*$/)
  }
})

t.test('the latest checkouts are kept, those before go', async t => {
  const { directory, place, first } = await cloneWith(t, {
    'd/kustomization.yaml': 'resources: []\n',
  })
  const at = join(directory, 'checkouts')
  mkdirSync(join(at, 'of an earlier process'), { recursive: true })
  const kept = checkouts({ ...place, directory: join(place.directory, '.git') }, at)
  t.strictSame(readdirSync(at), [])
  const checkout = await kept.of(first)
  t.equal(await kept.of(first), checkout)
  const disk = await checkout.onDisk('d')
  t.equal(readFileSync(join(disk, 'kustomization.yaml'), 'utf8'), 'resources: []\n')
  const tree = (await runGit(place, ['rev-parse', `${first}^{tree}`])).toString().trim()
  for (const message of ['2', '3', '4', '5', '6', '7']) {
    const sha = await runGit(place, ['commit-tree', '-m', message, tree])
    await kept.of(sha.toString().trim())
  }
  t.notOk(existsSync(disk))
  t.equal(readdirSync(at).length, 6)
  t.notOk(
    readdirSync(at).some(name => name.endsWith('.index')),
    'no index is left',
  )
  for (const turn of ['once', 'again'])
    await t.rejects(kept.of('0'.repeat(40)), { code: 'GIT_FAILED' }, turn)
})

t.test('a tree is written with the changes and nothing else', async t => {
  const { directory, place, first } = await cloneWith(t, { a: '1', 'd/b': '2', gone: '3' })
  const kept = checkouts(
    { ...place, directory: join(place.directory, '.git') },
    join(directory, 'c'),
  )
  const changes = [
    { path: 'new/file', content: 'n' },
    { path: 'gone', content: null },
    { path: 'never', content: null },
    { path: 'a', content: 'one' },
  ]
  const tree = await kept.within(first, (inside, at) =>
    commitChanges(async (...words) => (await runGit(inside, words)).toString(), {
      ...{ onto: first, at, changes },
    }),
  )
  const listed = await runGit(place, ['ls-tree', '-r', '--name-only', tree])
  t.equal(listed.toString(), 'a\nd/b\nnew/file\n')
  t.equal((await runGit(place, ['cat-file', 'blob', `${tree}:a`])).toString(), 'one')
  t.strictSame(readdirSync(join(directory, 'c')), [])
  t.equal(readFileSync(join(place.directory, 'a'), 'utf8'), '1', 'no work tree is touched')
})

t.test('a write that leads out of the files is refused', t => {
  const tree = memoryTree({ file: '', 'd/f': '' })
  refuseUnlessFree(tree, { path: 'd/new', content: '' })
  refuseUnlessFree(tree, { path: 'file/below', content: null })
  for (const path of ['../x', '/x', 'd/../x', '.git/config', 'd', 'file/below'])
    t.throws(
      () => {
        refuseUnlessFree(tree, { path, content: '' })
      },
      { code: 'ENTRY_SYMLINK' },
      path,
    )
  t.end()
})
