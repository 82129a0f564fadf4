import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { composeByGit, reportIn } from '../../../src/bot/alone/compose-by-git.ts'
import { composeWay } from '../../../src/bot/alone/compose-way.ts'
import { readBotOptions } from '../../../src/bot/bot-options.ts'
import { gitRepository } from '../../../src/adapters/git/git-repository.ts'
import { SowerError } from '../../../src/errors.ts'
import { fakeWorld } from '../../support/fake-world.ts'
import { repositoryWith } from '../../support/repository-with.ts'
import { temporaryDirectory } from '../../support/run-sower.ts'

const path = process.env['PATH'] ?? ''
const now = (): Date => new Date('2026-11-22T10:00:00Z')
const { runs } = fakeWorld().ports

const given = (url: string) => ({
  ...{ repository: 'fleet/site', gitUrl: url, data: 'data', branch: 'main' },
  noWebhook: 'true',
})
const reading = (url: string) =>
  readBotOptions(
    {
      ...given(url),
      ...{ listen: '127.0.0.1:0', namespace: 'sower', logLevel: 'warn' },
      ...{ newsInterval: '30', pollInterval: '10', recheckInterval: '600', keepRuns: '90' },
      apiUrl: 'https://api.github.com',
    },
    { isByGit: true },
  )

t.test(
  'the commit that a person is asked to push is in the mirror, and stays the same',
  async t => {
    const { top, git, first } = await repositoryWith(t, { 'a.yaml': 'a: 1\n' })
    const data = join(temporaryDirectory(t), 'my data')
    const said: string[] = []
    const compose = () =>
      composeByGit(
        { head: 'asks', order: null, say: text => void said.push(text) },
        {
          ...{ cluster: 'sno1', pullRequest: 7, runs, branch: 'main', url: top, data, path, now },
          repository: gitRepository({
            url: top,
            directory: join(data, 'git'),
            tokenFile: null,
            path,
          }),
        },
      )
    const changes = [{ path: 'b.yaml', content: 'b: 2\n' }]
    const commit = async (
      way: ReturnType<typeof compose>,
      message = 'Add b\n',
    ): Promise<string> => {
      await way.repository.fetch()
      return way.repository.commit({ onto: first, message, changes })
    }
    const way = compose()
    const sha = await commit(way)
    const mirror = join(data, 'git', 'mirror.git')
    const inMirror = (...words: readonly string[]): string =>
      execFileSync('git', ['-C', mirror, ...words], { encoding: 'utf8' })
    inMirror('-c', 'gc.pruneExpire=now', 'gc', '--quiet', '--prune=now')
    t.equal(await commit(compose()), sha, 'also in another process, and after git has tidied up')
    t.not(await commit(way, 'Another\n'), sha)
    t.equal(
      await way.repository.commit({
        ...{ onto: first, message: 'Nothing\n' },
        changes: [{ path: 'a.yaml', content: 'a: 1\n' }],
      }),
      first,
      'already done is no commit',
    )
    const fixes: string[] = []
    for (const to of ['asks', 'main', 'sower-sno1-record']) {
      const error: unknown = await way.repository.push(sha, to).catch((thrown: unknown) => thrown)
      t.match(error, { code: 'PUSH_AWAITED', exitCode: 3 })
      fixes.push(error instanceof SowerError ? (error.fix ?? '') : '')
    }
    t.equal(await git('ls-remote', '--heads', top, 'asks'), '', 'nothing was pushed')
    t.match(fixes[1], / push it to a branch of its own, open a pull request from there to main/)
    t.match(fixes[2], /, open a pull request from sower-sno1-record to main, and merge it;/)
    const [, show = '', push = ''] =
      /^look at it \(`(.*)`\), then run `(.*)`; the run goes on by itself$/.exec(fixes[0] ?? '') ??
      []
    t.match(execFileSync('sh', ['-c', show], { encoding: 'utf8' }), /^\+b: 2$/m)
    execFileSync('sh', ['-c', push], { stdio: 'ignore' })
    await way.repository.fetch()
    t.equal(await way.repository.branchHead('asks'), sha, 'the printed command does it')
    const odd = "$(touch${IFS}canary);'`touch${IFS}canary`'"
    const error: unknown = await way.repository.push(sha, odd).catch((thrown: unknown) => thrown)
    const [, typed = ''] =
      /^run `(.*)`, open a pull/.exec(error instanceof SowerError ? (error.fix ?? '') : '') ?? []
    const echoed = execFileSync('sh', ['-c', typed.replace(/^git /, 'printf "%s\\n" ')], {
      ...{ cwd: data, encoding: 'utf8' },
    })
    t.equal(echoed.split('\n').at(-2), `${sha}:refs/heads/${odd}`, 'a word stays one in a shell')
    t.notOk(existsSync(join(data, 'canary')))

    await way.forge.upsertComment({
      pullRequest: 7,
      marker: '<!-- sower:run sno1 -->',
      body: 'So.',
    })
    await way.forge.upsertComment({ pullRequest: 7, marker: '<!-- sower:answer -->', body: 'No.' })
    await way.forge.upsertComment({ pullRequest: 7, marker: '<!-- sower:ended -->', body: 'Over.' })
    t.equal(readFileSync(reportIn(data), 'utf8'), 'So.')
    t.equal(statSync(reportIn(data)).mode & 0o777, 0o600)
    t.strictSame(said, ['No.\n'])
  },
)

t.test('git asks by ssh with the keys of the person, and not where nobody said so', async t => {
  const { top, first } = await repositoryWith(t, { a: 'text' })
  const bin = temporaryDirectory(t)
  const asked = join(bin, 'asked')
  // As a server does: the last word is the command.
  const ssh = `#!/bin/sh\necho "$SSH_AUTH_SOCK $*" >>${asked}\nfor last; do :; done\nexec sh -c "$last"\n`
  writeFileSync(join(bin, 'ssh'), ssh, { mode: 0o755 })
  const open = (agent?: string | null) =>
    gitRepository({
      ...{ url: `ssh://git@git.example${top}`, directory: join(temporaryDirectory(t), 'git') },
      ...{ tokenFile: null, path: `${bin}:${path}`, ...(agent === undefined ? {} : { agent }) },
    })
  await t.rejects(open().fetch(), { code: 'GIT_FAILED', message: /'ssh' not allowed/ })
  const repository = open('/run/agent')
  await repository.fetch()
  t.equal(await repository.branchHead('main'), first)
  t.match(readFileSync(asked, 'utf8'), /^\/run\/agent .*git@git\.example/m)
  await open(null).fetch()
})

t.test('git alone wants a number, and its token only to read', async t => {
  const data = temporaryDirectory(t)
  const read: string[] = []
  const around = {
    ...{ agent: null, authority: null, data, path, now, stopping: new AbortController().signal },
    secret: (file: string) => {
      read.push(file)
      return 'word'
    },
    at: (file: string) => join(data, file),
    conceal: () => undefined,
    renamed: () => undefined,
  }
  const alone = {
    ...{ cluster: 'sno1', pullRequest: 7 },
    byGit: { head: 'asks', order: null, say: () => undefined },
  }
  const options = reading('https://git.example/fleet/site.git')
  t.throws(() => composeWay(options, { ...around, alone: { ...alone, pullRequest: null } }), {
    ...{ code: 'ARGUMENT_INVALID', message: /--pull-request/ },
  })
  /** Answers once the mirror is open: nothing is written any more when the test has ended. */
  const changesOf = async (open: ReturnType<typeof composeWay>) => {
    const { changes, repository } = open(runs)
    t.equal(await repository.branchHead('main'), undefined)
    return changes
  }
  t.equal(await changesOf(composeWay(options, { ...around, alone })), null)
  t.strictSame(read, [])
  composeWay({ ...options, tokenFile: 'token' }, { ...around, alone })
  t.strictSame(read, ['token'])
  const onGitHub = { ...options, tokenFile: 'token' }
  t.ok(await changesOf(composeWay(onGitHub, { ...around, alone: null })), 'with GitHub')
  t.notOk(existsSync(join(data, 'git-token')))
  t.equal(reading('/srv/git/site.git').gitUrl, '/srv/git/site.git')
  const ssh = 'ssh://git@git.example:2222/~fleet/site.git'
  t.equal(reading(ssh).gitUrl, ssh)
  for (const url of [
    ...['ftp://git.example/site.git', 'site.git', 'https://me:word@git.example/x'],
    ...['ssh://git.example/x', 'ssh://-o@git.example/x', 'ssh://git@-o/x', 'git@git.example:x'],
  ])
    t.throws(() => reading(url), { message: /^reading --git-url: must be an address/ }, url)
})
