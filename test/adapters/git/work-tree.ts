import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openWorkTree } from '../../../src/adapters/git/work-tree/open-work-tree.ts'
import { notAClone, runGit } from '../../../src/adapters/git/run-git.ts'
import { failedHook } from '../../../src/adapters/git/work-tree/failed-hook.ts'
import {
  contentAt,
  isAlike,
  writeEdits,
  type EditedTree,
} from '../../../src/adapters/git/work-tree/write-edits.ts'
import { cloneWith } from '../../support/clone-with.ts'
import { memoryTree } from '../../support/memory-tree.ts'
import { temporaryDirectory } from '../../support/run-sower.ts'

t.test('a work tree is found from a directory in it, whatever GIT_DIR says', async t => {
  const { directory, environment, top, first } = await cloneWith(t, { 'd/e/f': 'x' })
  const given = { ...environment, GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere' }
  const tree = await openWorkTree({ directory: top, environment: given, asked: 'd/e' })
  t.match(tree, { top, head: first, directory: 'd/e' })
  t.strictSame(tree.objects, { directory: join(top, '.git', 'objects'), format: 'sha1' })
  t.equal(tree.tree.entry('d/e/f'), 'file')
  for (const [asked, path, says] of [
    ['none', environment['PATH'], 'there is no such directory'],
    ['..', environment['PATH'], 'it is not a git repository with a commit'],
    ['.', directory, 'git cannot be run: there is no git on the PATH'],
  ] as const)
    await t.rejects(
      openWorkTree({ directory: top, environment: { ...environment, PATH: path }, asked }),
      { name: 'InputError', message: `reading the repository at ${asked}: ${says}` },
    )
})

t.test(
  'what differs from the commit is seen, in the index and beside it; line ends are not',
  async t => {
    const { environment, top, write, git } = await cloneWith(t, {
      a: '1\n',
      b: '2\n',
      '[c]': '3\n',
    })
    const tree = await openWorkTree({ directory: top, environment, asked: '.' })
    const committed = memoryTree({ a: '1\n', b: '2\n' })
    await write({ a: '1\r\n', b: 'other\n', new: '' })
    t.strictSame(
      ['a', 'b', 'new', 'none'].map(path => tree.differs(path, committed)),
      [false, true, true, false],
    )
    t.ok(
      tree.holds([
        { path: 'a', content: '1\n' },
        { path: 'none', content: null },
      ]),
    )
    t.notOk(tree.holds([{ path: 'a', content: null }]))
    t.equal(await tree.changed(['[c]']), undefined)
    t.equal(await tree.changed(['[c]', 'b']), 'b')
    await write({ '[c]': 'staged\n' })
    await git('add', '[c]')
    await write({ '[c]': '3\n' })
    t.equal(await tree.changed(['[c]']), '[c]')
  },
)

t.test('git tells its own cure for a clone of another user', t => {
  const cause = new Error(
    "fatal: detected dubious ownership in repository at '/a b'\nTo add an exception for this directory, call:\n\n\tgit config --global --add safe.directory '/a b'\n",
  )
  const refused = notAClone(
    '.',
    { reason: '', cause, isStarted: true, isSilent: false },
    'it is not a clone',
  )
  t.match(refused, {
    message: /at \.: dubious ownership in repository at '\/a b': it belongs to another user$/,
    fix: "where you trust it: git config --global --add safe.directory '/a b'",
  })
  const silent = new Error('fatal: dubious ownership')
  t.match(notAClone('.', { reason: '', cause: silent, isStarted: true, isSilent: false }, ''), {
    fix: /safe\.directory in `git help config`/,
  })
  t.end()
})

t.test('a commit takes just its files, and says whether a branch holds it', async t => {
  const { environment, top, write, git, first } = await cloneWith(t, {
    a: '1',
    b: '2',
    'run.sh': '',
  })
  const tree = await openWorkTree({ directory: top, environment: environment, asked: '.' })
  chmodSync(join(top, 'run.sh'), 0o755)
  await write({ other: 'not asked for' })
  await git('add', 'other')
  const changes = [
    { path: 'a', content: 'one\n' },
    { path: 'b', content: null },
    { path: 'new/file', content: 'n' },
    { path: 'run.sh', content: 'echo\n' },
  ]
  const { commit, isOnBranch } = await tree.write({ changes, message: 'Edit\n' })
  t.ok(isOnBranch)
  t.equal(await git('rev-parse', `${commit ?? ''}~1`), `${first}\n`)
  t.equal(await git('diff', '--name-only', first, 'HEAD'), 'a\nb\nnew/file\nrun.sh\n')
  t.equal(statSync(join(top, 'run.sh')).mode & 0o777, 0o755, 'the mode is kept')
  await git('switch', '--quiet', '--detach')
  t.match(await tree.write({ changes: [{ path: 'c', content: '3' }], message: 'Add\n' }), {
    isOnBranch: false,
  })
})

t.test('a commit that a hook has changed is taken back', async t => {
  const { environment, top, write, git, first } = await cloneWith(t, { a: '1', b: '2' })
  const tree = await openWorkTree({ directory: top, environment, asked: '.' })
  await write({ '.git/hooks/pre-commit': '#!/bin/sh\necho more >>a\ngit add a\n' })
  chmodSync(join(top, '.git', 'hooks', 'pre-commit'), 0o755)
  const changes = [
    { path: 'a', content: 'one\n' },
    { path: 'b', content: null },
    { path: 'new/file', content: 'n' },
  ]
  await t.rejects(tree.write({ changes, message: 'Edit\n' }), {
    name: 'RefusedError',
    code: 'COMMIT_DIFFERS',
    message: /a hook has changed a, so/,
  })
  t.equal(await git('rev-parse', 'HEAD'), `${first}\n`)
  t.equal(await git('status', '--porcelain', '--untracked-files=all'), '')
  t.equal(readFileSync(join(top, 'a'), 'utf8'), '1')

  for (const [hook, file] of [
    ['echo x >extra\ngit add extra', 'extra'],
    ['git reset --quiet -- new/file', 'new/file'],
    ['git reset --quiet -- b', 'b'],
  ] as const) {
    await write({ '.git/hooks/pre-commit': `#!/bin/sh\n${hook}\n` })
    await t.rejects(
      tree.write({ changes, message: 'Edit\n' }),
      { code: 'COMMIT_DIFFERS', message: new RegExp(`a hook has changed ${file}, so`) },
      hook,
    )
    t.equal(await git('rev-parse', 'HEAD'), `${first}\n`, hook)
    t.equal(readFileSync(join(top, 'a'), 'utf8'), '1', hook)
    t.equal(readFileSync(join(top, 'b'), 'utf8'), '2', hook)
    t.equal(
      await git('diff', '--cached', '--name-only'),
      '',
      `${hook}: nothing waits to be committed`,
    )
  }
  await write({
    '.git/hooks/pre-commit': '#!/bin/sh\n',
    '.git/hooks/post-commit':
      '#!/bin/sh\n[ -n "$AGAIN" ] && exit\necho x >extra\ngit add extra\nAGAIN=1 git commit --quiet --amend --no-edit\n',
  })
  chmodSync(join(top, '.git', 'hooks', 'post-commit'), 0o755)
  await t.rejects(tree.write({ changes, message: 'Edit\n' }), { code: 'COMMIT_DIFFERS' })
  t.equal(await git('rev-parse', 'HEAD'), `${first}\n`)
  t.equal(await git('diff', '--cached', '--name-only'), '')
  t.equal(await git('status', '--porcelain'), '?? extra\n', 'the file of the hook is not lost')
})

t.test('no hook is named without events that say so', t => {
  const directory = temporaryDirectory(t)
  t.equal(failedHook(join(directory, 'none')), null)
  const events = join(directory, 'events')
  const [start, exit] = [
    { event: 'child_start', sid: '1', child_id: 0, child_class: 'hook', hook_name: 'pre-commit' },
    { event: 'child_exit', sid: '1', child_id: 0, code: 1 },
  ]
  const told = (...given: readonly object[]) => {
    writeFileSync(events, given.map(event => `${JSON.stringify(event)}\n`).join(''))
    return failedHook(events)
  }
  t.strictSame(told({ event: 'version' }, start, exit), { name: 'pre-commit', exitCode: 1 })
  t.equal(told(start, { ...exit, code: 0 }), null)
  t.equal(told({ ...start, sid: '1/2' }, { ...exit, sid: '1/2' }), null, 'a git below the hook')
  t.equal(told({ ...start, hook_name: undefined }, exit), null, 'no hook')
  writeFileSync(events, '{')
  t.equal(failedHook(events), null)
  t.end()
})

t.test('a hook that ends the commit is named, with its exit code and what it printed', async t => {
  const { environment, top, write, git, first } = await cloneWith(t, { a: '1' })
  const tree = await openWorkTree({ directory: top, environment, asked: '.' })
  const writing = { changes: [{ path: 'a', content: 'one\n' }], message: 'Edit\n' }
  for (const [hook, script, says] of [
    ['commit-msg', 'exit 7', 'the hook commit-msg ended with exit code 7 and printed nothing'],
    [
      'pre-commit',
      'git -c core.hooksPath=/dev/null status >/dev/null\necho no YAML\nexit 3',
      'the hook pre-commit ended with exit code 3: no YAML',
    ],
  ] as const) {
    const file = `.git/hooks/${hook}`
    await write({ [file]: `#!/bin/sh\n${script}\n` })
    chmodSync(join(top, file), 0o755)
    await t.rejects(tree.write(writing), {
      code: 'GIT_FAILED',
      message: `git commit in ${top}: ${says}`,
      fix: /--git-path hooks` for what it checks/,
    })
    t.equal(await git('rev-parse', 'HEAD'), `${first}\n`)
    t.equal(await git('status', '--porcelain'), '')
  }
})

t.test('files that a hook changes after the commit are named', async t => {
  const { environment, top, write, git, first } = await cloneWith(t, { a: '1' })
  const tree = await openWorkTree({ directory: top, environment, asked: '.' })
  const writing = { changes: [{ path: 'a', content: 'one\n' }], message: 'Edit\n' }
  const hook = async (...lines: readonly string[]): Promise<void> => {
    const script = ['#!/bin/sh', '[ -z "$AGAIN" ] || exit 0', 'export AGAIN=1', ...lines, '']
    await write({ '.git/hooks/post-commit': script.join('\n') })
    chmodSync(join(top, '.git', 'hooks', 'post-commit'), 0o755)
  }
  await hook('echo x >extra; git add extra', 'git commit --quiet --amend --no-edit')
  await t.rejects(tree.write(writing), {
    code: 'COMMIT_DIFFERS',
    message: /a hook has changed extra, /,
  })
  t.equal(await git('rev-parse', 'HEAD'), `${first}\n`)
  t.equal(await git('diff', '--cached', '--name-only'), '')
  await write({ extra: 'staged by a person' })
  await git('add', 'extra')
  await write({ extra: 'edited since' })
  await hook('git commit --quiet --amend --no-edit --all')
  await t.rejects(tree.write(writing), { code: 'COMMIT_DIFFERS', message: /changed extra, / })
  t.equal(await git('diff', '--cached', '--name-only'), 'extra\n', 'still staged by the person')
  await git('rm', '--quiet', '--force', 'extra')
  await hook('git commit --quiet --amend --message Signed')
  t.strictSame((await tree.write(writing)).unlike, [])
  t.equal(await git('log', '-1', '--format=%s'), 'Signed\n')
  await hook('git commit --quiet --amend --message Signed', 'echo more >>a; git add a')
  const next = { ...writing, changes: [{ path: 'a', content: 'two\n' }] }
  t.strictSame((await tree.write(next)).unlike, ['a'])
  t.equal(await git('show', 'HEAD:a'), 'two\n')
})

t.test('all files come back when one cannot be written or the commit fails', async t => {
  const { environment, top, git, write } = await cloneWith(t, { a: '1', b: '2' })
  const edited: EditedTree = {
    top,
    git: (...words: readonly string[]) =>
      runGit({ directory: top, environment: environment }, words),
    traced: () => edited.git,
  }
  const changes = [
    { path: 'new/deep/file', content: 'x' },
    { path: 'b', content: null },
    { path: 'a', content: 'one' },
  ]
  const isAsBefore = async (): Promise<void> => {
    t.equal(await git('status', '--porcelain'), '')
    t.strictSame(readdirSync(top).sort(), ['.git', 'a', 'b'])
  }
  const inTheWay = { path: 'a/below', content: 'x' }
  await t.rejects(writeEdits(edited, { changes: [...changes, inTheWay], message: null }), {
    name: 'InputError',
    code: 'FILE_UNREADABLE',
    fix: /all files are as they were/,
  })
  await isAsBefore()
  await write({ '.git/hooks/pre-commit': '#!/bin/sh\nexit 1\n' })
  chmodSync(join(top, '.git', 'hooks', 'pre-commit'), 0o755)
  await t.rejects(writeEdits(edited, { changes, message: 'x' }), { code: 'GIT_FAILED' })
  await isAsBefore()
  t.match(await writeEdits(edited, { changes, message: null }), { commit: null })
  t.equal(readFileSync(join(top, 'new', 'deep', 'file'), 'utf8'), 'x')
  t.notOk(existsSync(join(top, 'b')))
})

t.test('only a plain file has content, and no file is like no file', async t => {
  const { top } = await cloneWith(t, { a: '1' })
  symlinkSync('/dev/zero', join(top, 'endless'))
  t.same(contentAt(join(top, 'a')), Buffer.from('1'))
  for (const none of ['.', 'none', 'endless']) t.equal(contentAt(join(top, none)), null, none)
  t.ok(isAlike(null, null))
  t.notOk(isAlike(null, Buffer.alloc(0)))
  t.ok(isAlike(Buffer.from('a\r\nb'), Buffer.from('a\nb')))
  t.notOk(isAlike(Buffer.from('a\rb'), Buffer.from('a\nb')))
})
