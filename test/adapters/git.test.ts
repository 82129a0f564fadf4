import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { directoryTree } from '../../src/adapters/files/directory-tree.ts'
import { gitRepository } from '../../src/adapters/git/git-repository.ts'
import { startGitHub } from '../../src/sandbox/github/start-github.ts'
import { gitIn, temporaryDirectory } from '../support/run-sower.ts'
import './git/branch-heads.ts'
import './git/hostile.ts'
import './git/mirror.ts'
import './git/run.ts'
import './git/sparse.ts'
import './git/versions.ts'
import './git/work-tree.ts'
import './git/write-authorities.ts'

const [path, token] = [process.env['PATH'] ?? '', 'token-canary-0123456789']

/** A bare repository, a person's clone of it, and Sower's own. */
const start = async (t: Test) => {
  const directory = temporaryDirectory(t)
  const bare = join(directory, 'bare.git')
  const clone = join(directory, 'clone')
  mkdirSync(clone)
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare])
  const git = gitIn(clone)
  await git('init', '--quiet', '--initial-branch=main')
  await git('remote', 'add', 'origin', bare)
  const commit = async (files: Record<string, string>, branch = 'main'): Promise<string> => {
    for (const [file, content] of Object.entries(files)) writeFileSync(join(clone, file), content)
    await git('add', '--all')
    await git('commit', '--quiet', '--allow-empty', '-m', 'change')
    await git('push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`)
    return (await git('rev-parse', 'HEAD')).trim()
  }
  const own = join(directory, 'own')
  const open = () => gitRepository({ url: bare, directory: own, tokenFile: null, path })
  return { directory, bare, clone, git, commit, own, open, repository: open() }
}

t.test('finds the head of exactly that branch, and follows where it goes', async t => {
  const { repository, commit, git } = await start(t)
  const first = await commit({ a: '1' })
  await commit({ a: '2' }, 'main/x').catch(() => undefined)
  const second = await commit({ a: '2' }, 'mainly')
  const third = await commit({ a: '3' }, 'seed/main')
  await repository.fetch()
  t.equal(await repository.branchHead('main'), first)
  t.equal(await repository.branchHead('mainly'), second)
  t.equal(await repository.branchHead('seed/main'), third)
  for (const none of ['mai', 'seed', 'm*', 'seed/*', '', '--all', '../heads/main', 'origin/main'])
    t.equal(await repository.branchHead(none), undefined, none)
  t.ok(await repository.isAncestor(first, third))
  t.notOk(await repository.isAncestor(third, first))
  await git('push', '--quiet', 'origin', ':mainly', `+${third}:refs/heads/main`)
  await repository.fetch()
  t.equal(await repository.branchHead('mainly'), undefined)
  t.equal(await repository.branchHead('main'), third)
  t.equal(await repository.lastChange(third, 'a'), third)
  t.equal(await repository.lastChange(third, 'b'), undefined)
})

t.test('a checkout is a tree in which links are links', async t => {
  const { repository, commit, clone } = await start(t)
  mkdirSync(join(clone, 'd'))
  writeFileSync(join(clone, 'd', 'f'), 'inside')
  symlinkSync('/etc/passwd', join(clone, 'out'))
  symlinkSync('d', join(clone, 'to-d'))
  const sha = await commit({ 'a.yaml': 'a: ü\r\n' })
  await repository.fetch()
  const checkout = await repository.checkout(sha)
  const { tree } = checkout
  t.equal(tree.entry('a.yaml'), 'file')
  t.equal(tree.entry('d'), 'directory')
  t.equal(tree.entry('./d/f'), 'file')
  t.equal(tree.entry('nowhere'), undefined)
  t.equal(tree.entry('a.yaml/x'), undefined)
  for (const link of ['out', 'to-d', 'to-d/f']) t.equal(tree.entry(link), 'symlink', link)
  t.same(Buffer.from(tree.read('a.yaml')), Buffer.from('a: ü\r\n'))
  t.equal(await repository.checkout(sha), checkout, 'made once')
  t.notOk(existsSync(join(await checkout.onDisk('.'), '.git')))
  await t.rejects(repository.checkout('0'.repeat(40)), {
    name: 'UnavailableError',
    code: 'GIT_FAILED',
  })
})

t.test('merges without pushing, and says when two commits conflict', async t => {
  const { repository, commit, git, bare, clone } = await start(t)
  const base = await commit({ a: '1\n', b: '1\n' })
  const left = await commit({ a: '2\n' })
  await git('checkout', '--quiet', base)
  const right = await commit({ b: '2\n' }, 'right')
  await git('checkout', '--quiet', base)
  const against = await commit({ a: '3\n' }, 'against')
  await repository.fetch()
  const merged = await repository.merge(left, right)
  t.match(merged?.tree.read('a').toString(), '2\n')
  t.equal(Buffer.from(merged?.tree.read('b') ?? []).toString(), '2\n')
  t.equal(await repository.merge(left, against), undefined)
  t.strictSame(await repository.mergedPaths(left, right), ['b'])
  t.strictSame(await repository.mergedPaths(left, left), [])
  t.equal(await repository.mergedPaths(left, against), undefined)
  await t.rejects(repository.merge(left, '0'.repeat(40)), { code: 'GIT_FAILED' })
  // One side splits a directory, the other adds to it: git names no file for that.
  mkdirSync(join(clone, 'd'))
  const whole = await commit({ 'd/1': '1', 'd/2': '2', 'd/3': '3', 'd/4': '4' }, 'whole')
  mkdirSync(join(clone, 'x'))
  mkdirSync(join(clone, 'y'))
  await git('mv', 'd/1', 'd/2', 'x')
  await git('mv', 'd/3', 'd/4', 'y')
  const split = await commit({}, 'split')
  await git('checkout', '--quiet', whole)
  const added = await commit({ 'd/5': '5' }, 'added')
  await repository.fetch()
  t.equal(await repository.merge(split, added), undefined)
  const known = execFileSync('git', ['cat-file', '--batch-all-objects', '--batch-check'], {
    cwd: bare,
  })
  t.notMatch(known.toString(), merged?.sha)
})

t.test('a git that cannot merge so is named', async t => {
  const { commit, directory, own, bare } = await start(t)
  const sha = await commit({ a: '1' })
  const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim()
  const script = `#!/bin/sh
case $1 in merge-tree) echo 'usage: git merge-tree <base-tree> <branch1> <branch2>' >&2; exit 129;; esac
exec '${real}' "$@"
`
  mkdirSync(join(directory, 'old'))
  writeFileSync(join(directory, 'old', 'git'), script, { mode: 0o755 })
  const old = gitRepository({
    url: bare,
    directory: own,
    tokenFile: null,
    path: join(directory, 'old'),
  })
  await old.fetch()
  await t.rejects(old.merge(sha, sha), {
    code: 'GIT_FAILED',
    exitCode: 1,
    fix: 'install git 2.38 or newer',
  })
})

t.test('a commit changes what it names, and keeps every other byte and mode', async t => {
  const { repository, commit, clone, git, bare } = await start(t)
  writeFileSync(join(clone, 'run.sh'), '#!/bin/sh\n')
  chmodSync(join(clone, 'run.sh'), 0o755)
  symlinkSync('run.sh', join(clone, 'link'))
  const onto = await commit({
    '.gitattributes': '* text=auto eol=crlf\n*.raw -text\n',
    '.gitignore': '*.yaml\n',
    'windows.raw': 'a\r\nb',
    'gone.raw': '',
    'normal.txt': 'a\nb\n',
  })
  await repository.fetch()
  const sha = await repository.commit({
    onto,
    message: 'Detach sno1\n\n#1 is no comment\n\nSower-Run: x\n',
    changes: [
      { path: 'seeds/sno1/record.yaml', content: 'new: "ü"' },
      { path: 'windows.raw', content: 'a\r\nb\r\nc' },
      { path: 'run.sh', content: '#!/bin/sh\necho\n' },
      { path: 'gone.raw', content: null },
      { path: 'never/there', content: null },
      { path: '-dash', content: 'x' },
      // As an editor leaves it in a checkout: the repository's own attributes make it one line of difference.
      { path: 'normal.txt', content: 'a\r\nb\r\nc\r\n' },
    ],
  })
  t.equal(await repository.branchHead('main'), onto, 'nothing is pushed yet')
  await repository.push(sha, 'main')
  t.equal(await repository.branchHead('main'), sha)
  const inBare = gitIn(bare)
  t.same(
    (await inBare('diff', '--raw', '--no-abbrev', '--no-renames', onto, sha))
      .trim()
      .split('\n')
      .map(line => line.replace(/ [0-9a-f]{40}/g, '')),
    [
      ':000000 100644 A\t-dash',
      ':100644 000000 D\tgone.raw',
      ':100644 100644 M\tnormal.txt',
      ':100755 100755 M\trun.sh',
      ':000000 100644 A\tseeds/sno1/record.yaml',
      ':100644 100644 M\twindows.raw',
    ],
  )
  t.equal(await inBare('show', `${sha}:normal.txt`), 'a\nb\nc\n')
  t.equal(await inBare('show', `${sha}:windows.raw`), 'a\r\nb\r\nc')
  t.equal(await inBare('show', `${sha}:seeds/sno1/record.yaml`), 'new: "ü"')
  t.match(
    await inBare('log', '-1', '--format=%an <%ae>|%cn|%P|%B', sha),
    `Sower <sower@sower.dev>|Sower|${onto}|Detach sno1\n\n#1 is no comment\n\nSower-Run: x\n`,
  )
  t.match(await repository.diff(onto, sha), /^diff --git a\/-dash b\/-dash$/m)
  t.equal(await repository.lastChange(sha, 'seeds/sno1/record.yaml'), sha)

  const same = { path: 'windows.raw', content: 'a\r\nb\r\nc' }
  t.equal(await repository.commit({ onto: sha, message: 'again', changes: [same] }), sha)

  const edited = 'key: []\r\n# é\r\n  #- a.yaml'
  await git('checkout', '--quiet', '-B', 'crlf')
  const plain = await commit(
    { '.gitattributes': '', 'list.yaml': 'key:\r\n# é\r\n  - a.yaml' },
    'crlf',
  )
  await repository.fetch()
  const next = await repository.commit({
    onto: plain,
    message: 'x',
    changes: [{ path: 'list.yaml', content: edited }],
  })
  await repository.push(next, 'crlf')
  t.equal(await inBare('show', 'crlf:list.yaml'), edited)
})

t.test('hole 8: writes through no link and out of no checkout', async t => {
  const { repository, commit, clone, directory } = await start(t)
  const outside = join(directory, 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'f'), 'untouched')
  symlinkSync(outside, join(clone, 'seeds'))
  symlinkSync(join(outside, 'f'), join(clone, 'file'))
  const onto = await commit({ plain: 'untouched' })
  await repository.fetch()
  const outwards = [
    'seeds/f',
    'seeds/new',
    'file',
    'plain/a/b',
    '../outside/f',
    '../../outside/new',
    '/f',
  ]
  for (const path of [...outwards, '.git/config', 'a/.GIT/b', 'a/../b', './a', ''])
    await t.rejects(
      repository.commit({ onto, message: 'x', changes: [{ path, content: 'touched' }] }),
      { code: 'ENTRY_SYMLINK', message: `writing ${path}: a ` },
      path,
    )
  t.equal(readFileSync(join(outside, 'f'), 'utf8'), 'untouched')
  t.notOk(existsSync(join(outside, 'new')))
})

t.test('a push never overwrites what came first', async t => {
  const { repository, commit, bare } = await start(t)
  const onto = await commit({ a: '1' })
  await repository.fetch()
  const ours = await repository.commit({
    onto,
    message: 'ours',
    changes: [{ path: 'b', content: '' }],
  })
  const theirs = await commit({ a: '2' })
  const conflict = {
    name: 'ConflictError',
    code: 'GIT_CONFLICT',
    message: /main: the branch moved/,
  }
  await t.rejects(repository.push(ours, 'main'), conflict)
  await repository.fetch()
  await t.rejects(repository.push(ours, 'main'), conflict, 'also when it is known')
  t.equal((await gitIn(bare)('rev-parse', 'main')).trim(), theirs)
})

t.test('hole 8: a branch name is a name, whatever it says', async t => {
  const { repository, commit, git, bare, directory } = await start(t)
  const onto = await commit({ a: '1' })
  const hostile = [
    'a;id',
    '$(id)',
    '`id`',
    '--upload-pack=id',
    '+main',
    'x|y',
    "a'b",
    'ü',
    'a b'.replace(' ', '\u00a0'),
  ]
  for (const name of hostile) await git('push', '--quiet', 'origin', `HEAD:refs/heads/${name}`)
  await repository.fetch()
  const sha = await repository.commit({ onto, message: 'x', changes: [{ path: 'b', content: '' }] })
  for (const name of hostile) {
    t.equal(await repository.branchHead(name), onto, name)
    await repository.push(sha, name)
    t.equal((await gitIn(bare)('rev-parse', `refs/heads/${name}`)).trim(), sha, name)
  }
  for (const name of ['main:refs/heads/other', 'a..b', 'a\nb', '', 'x y', 'a~1', 'main.lock'])
    await t.rejects(repository.push(sha, name), { name: 'UnavailableError' }, JSON.stringify(name))
  t.equal((await gitIn(bare)('rev-parse', 'main')).trim(), onto)
  t.notOk(existsSync(join(directory, 'own', 'id')))
})

t.test('goes on after a process that was killed in the middle', async t => {
  const { commit, own, open, repository } = await start(t)
  const sha = await commit({ a: '1' })
  await repository.fetch()
  await repository.checkout(sha)
  const mirror = join(own, 'mirror.git')
  for (const lock of ['config.lock', 'packed-refs.lock', 'refs/remotes/origin/main.lock'])
    writeFileSync(join(mirror, lock), '')
  execFileSync('git', ['config', '--file', join(own, 'broken'), 'a.b', 'c'])
  const next = await commit({ a: '2' })
  const again = open()
  await again.fetch()
  t.equal(await again.branchHead('main'), next)
  t.equal(Buffer.from((await again.checkout(sha)).tree.read('a')).toString(), '1')
})

t.test('a mirror that a killed process has begun is completed', async t => {
  const { commit, directory, bare } = await start(t)
  const sha = await commit({ a: '1' })
  for (const begun of ['head', 'empty', 'without-remote']) {
    const mirror = join(directory, begun, 'mirror.git')
    mkdirSync(mirror, { recursive: true })
    if (begun === 'head') writeFileSync(join(mirror, 'HEAD'), 'ref: refs/heads/main\n')
    if (begun === 'without-remote') execFileSync('git', ['init', '--quiet', '--bare', mirror])
    const own = { url: bare, directory: join(directory, begun), tokenFile: null, path }
    const repository = gitRepository(own)
    await repository.fetch()
    t.equal(await repository.branchHead('main'), sha, begun)
    t.equal((await repository.checkout(sha)).tree.entry('a'), 'file')
  }
})

t.test('the token of a file opens the door over HTTP, and is nowhere else', async t => {
  const directory = temporaryDirectory(t)
  const server = await startGitHub({
    directory: join(directory, 'github'),
    repository: 'acme/ztp',
    accounts: [
      { login: 'sower[bot]', type: 'Bot', token, permission: 'write' },
      { login: 'rita', type: 'User', token: 'reader-canary-0123456789', permission: 'read' },
    ],
    tell: () => undefined,
  })
  t.teardown(server.close)
  const calls = join(directory, 'calls')
  const shims = join(directory, 'shims')
  mkdirSync(shims)
  const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim()
  writeFileSync(
    join(shims, 'git'),
    `#!/bin/sh\nprintf '%s\\n' "$*" >>'${calls}'\n/usr/bin/env >>'${calls}'\nexec '${real}' "$@"\n`,
    { mode: 0o755 },
  )
  const tokenFile = join(directory, 'token')
  writeFileSync(tokenFile, `${token}\n`)
  const own = join(directory, 'own')
  const options = { url: server.gitUrl, directory: own, tokenFile, path: shims }
  const repository = gitRepository(options)
  const person = gitIn(directory)
  await person('init', '--quiet', '--initial-branch=main', 'clone')
  const clone = gitIn(join(directory, 'clone'))
  await clone('commit', '--quiet', '--allow-empty', '-m', 'first')
  await clone('push', '--quiet', server.gitUrl.replace('://', `://x:${token}@`), 'main')

  await repository.fetch()
  const onto = (await repository.branchHead('main')) ?? ''
  t.equal(onto, (await clone('rev-parse', 'HEAD')).trim())
  const sha = await repository.commit({
    onto,
    message: 'ours',
    changes: [{ path: 'a', content: 'b' }],
  })
  await repository.push(sha, 'main')
  t.equal((await gitIn(server.bareRepository)('rev-parse', 'main')).trim(), sha)

  // A rotated token is read anew, without a new process.
  writeFileSync(tokenFile, 'wrong-canary-0123456789')
  const refused = await repository.fetch().catch((error: unknown) => error)
  t.match(refused, {
    name: 'UnavailableError',
    code: 'GIT_FAILED',
    message: /^fetching the repository: /,
  })
  writeFileSync(tokenFile, 'reader-canary-0123456789')
  const denied = await repository.push(onto, 'other').catch((error: unknown) => error)
  t.match(denied, { code: 'PUSH_REFUSED', message: /the server refused it/, exitCode: 1 })
  writeFileSync(tokenFile, token)
  await repository.fetch()

  const tree = directoryTree(own)
  for (const file of ['mirror.git/config', 'askpass'])
    t.notMatch(Buffer.from(tree.read(file)).toString(), /canary/, file)
  const called = readFileSync(calls, 'utf8')
  t.match(called, /^push --quiet/m)
  t.match(called, /^GIT_TERMINAL_PROMPT=0$/m)
  t.notMatch(called, /canary/, 'argv and environment')
  for (const error of [refused, denied])
    t.notMatch(
      `${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`,
      /canary/,
    )
})
