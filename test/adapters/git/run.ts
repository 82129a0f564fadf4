import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { gitClient } from '../../../src/adapters/git/git-client.ts'
import { conflictOf, gitReason, pushError, adviceOn } from '../../../src/adapters/git/git-reason.ts'
import { gitRepository } from '../../../src/adapters/git/git-repository.ts'
import { askpassEnvironment, ownEnvironment } from '../../../src/adapters/git/own-environment.ts'
import { runGit } from '../../../src/adapters/git/run-git.ts'
import { placeOf, withUser, writeAskpass } from '../../../src/adapters/git/write-askpass.ts'
import { FailedError } from '../../../src/errors.ts'
import { cloneWith } from '../../support/clone-with.ts'
import { temporaryDirectory } from '../../support/run-sower.ts'

t.test(
  'hole 10: git gets its words as they are, its input as bytes, and nothing of our environment',
  async t => {
    const { directory, place } = await cloneWith(t, { 'a b': 'ä\r\n', '*': 'star' })
    t.same(await runGit(place, ['cat-file', 'blob', 'HEAD:a b']), Buffer.from('ä\r\n'))
    const listed = await runGit(place, ['ls-files', '--', '*'])
    t.equal(listed.toString(), '*\n', 'a path is no pattern')
    const ids = await runGit(place, ['hash-object', '--stdin'], { input: '' })
    t.equal(ids.toString(), 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391\n')
    process.env['SOWER_CANARY'] = 'leaked'
    t.teardown(() => delete process.env['SOWER_CANARY'])
    writeFileSync(join(directory, 'git'), '#!/bin/sh\n/usr/bin/env\n', { mode: 0o755 })
    const told = await runGit({ directory, environment: { PATH: directory } }, ['anything'])
    t.match(told.toString(), /^LC_ALL=C$/m)
    t.notMatch(told.toString(), /^(?:HOME|SOWER_CANARY)=/m)
  },
)

t.test('finding nothing is no failure where the caller says so', async t => {
  const { place } = await cloneWith(t, { a: 'text' })
  const words = ['grep', '-l', '-e', 'none', 'HEAD', '--']
  t.equal((await runGit(place, words, { nothing: 1 })).length, 0)
  await t.rejects(runGit(place, words), { name: 'UnavailableError', code: 'GIT_FAILED' })
})

t.test('a failure says what git said, or what the caller makes of it', async t => {
  const { directory, place } = await cloneWith(t)
  const words = ['rev-parse', '--verify', 'nowhere']
  await t.rejects(runGit(place, words), {
    name: 'UnavailableError',
    message: 'git rev-parse: fatal: Needed a single revision',
    cause: { message: /^fatal: Needed a single revision/ },
  })
  const failed = ({ reason, isStarted }: { reason: string; isStarted: boolean }) =>
    new FailedError('GIT_FAILED', `${String(isStarted)} ${reason}`)
  await t.rejects(runGit(place, words, { failed }), {
    name: 'FailedError',
    message: 'true fatal: Needed a single revision',
  })
  const none = { directory, environment: { PATH: join(directory, 'none') } }
  await t.rejects(runGit(none, words, { failed }), { message: /^false .*ENOENT/ })
  writeFileSync(join(directory, 'git'), '#!/bin/sh\nexec /bin/sleep 60\n', { mode: 0o755 })
  const slow = { directory, environment: { PATH: directory }, timeLimit: 200 }
  await t.rejects(runGit(slow, words, { failed }), { message: 'true it did not end in time' })
})

t.test('what git says is one line, and tells a conflict and a moved branch from a failure', t => {
  t.equal(gitReason(new Error('hint: x\nfatal: no such ref\n')), 'fatal: no such ref')
  t.equal(gitReason(new Error('\n  not on Fridays\n')), 'not on Fridays')
  t.equal(gitReason(new Error('')), 'no reason given')
  t.strictSame(adviceOn('fatal: no such ref'), {})
  const failed = (text: string): Error => new Error('merging', { cause: new Error(text) })
  conflictOf(failed(`\n${'a'.repeat(40)}\n`))
  const unknown = failed('merge-tree: x - not something we can merge')
  t.throws(() => {
    conflictOf(unknown)
  }, unknown)
  t.throws(
    () => {
      conflictOf(failed('usage: git merge-tree a b c'))
    },
    { name: 'FailedError' },
  )
  t.match(pushError('main', new Error('! [rejected] (fetch first)')), { code: 'GIT_CONFLICT' })
  t.match(pushError('main', new Error('! [remote rejected] (hook)')), { name: 'FailedError' })
  const archived = 'remote: This repository was archived so it is read-only.\nerror: 403'
  t.match(pushError('main', new Error(archived)), {
    ...{ code: 'PUSH_REFUSED', message: 'pushing to main: the repository is archived' },
    fix: /unarchive/,
  })
  t.equal(pushError('main', unknown), unknown)
  t.end()
})

t.test('our own git asks a program for the token, and names only its file', async t => {
  const home = temporaryDirectory(t)
  const tokenFile = join(home, 'token')
  writeFileSync(tokenFile, 'canary-0123456789\n')
  const askpass = writeAskpass(join(home, 'new'))
  t.equal(statSync(askpass).mode & 0o777, 0o700)
  const environment = {
    ...ownEnvironment({ home, path: '' }),
    ...askpassEnvironment({ askpass, tokenFile, place: placeOf('https://host/x.git') }),
  }
  t.notMatch(JSON.stringify(environment), /canary/)
  t.notMatch(readFileSync(askpass, 'utf8'), /canary/)
  t.match(environment, { HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' })
  const ask = (question: string): string =>
    execFileSync(askpass, [question], { env: environment, encoding: 'utf8', stdio: 'pipe' })
  t.equal(ask("Password for 'https://x-access-token@host': "), 'canary-0123456789\n')
  for (const other of [
    'Password:',
    "Username for 'https://host': ",
    "Password for 'http://x-access-token@host': ",
    "Password for 'https://x-access-token@host.example.com': ",
    "Password for 'https://x-access-token@host:8443': ",
    "Password for 'http://user@proxy:3128': ",
  ])
    t.throws(() => ask(other), { message: /^Command failed/ }, other)
  t.equal(withUser('https://a@host/x.git', true), 'https://x-access-token@host/x.git')
  t.equal(withUser('HTTPS://Host:443/x.git', true), 'https://x-access-token@host/x.git')
  t.equal(placeOf('http://a:b@host:8443/x.git'), 'http://x-access-token@host:8443')
  t.equal(placeOf('/a/path'), '')
  t.equal(withUser('/a/path', true), '/a/path')
  t.equal(withUser('https://host/x.git', false), 'https://host/x.git')
})

t.test(
  'hole 16: simple-git fails with all that git said, and speaks no protocol that runs programs',
  async t => {
    const { directory, top, first } = await cloneWith(t, { a: '1' })
    const path = process.env['PATH'] ?? ''
    const git = gitClient({ at: top, home: directory, path, credential: null, trusted: null })
    t.equal((await git.raw(['log', '-1', '--format=%H'])).trim(), first)
    await t.rejects(async () => git.raw(['log', 'nowhere']), { message: /fatal: .*nowhere/ })
    await t.rejects(async () => git.raw(['fetch', 'ssh://localhost/x']), {
      message: /ssh.*not allowed/,
    })
  },
)

t.test('git follows no redirect: the other host gets no token and gives no branch', async t => {
  const directory = temporaryDirectory(t)
  const tokenFile = join(directory, 'token')
  writeFileSync(tokenFile, 'canary-0123456789')
  const asked: string[] = []
  const serve = async (answer: RequestListener): Promise<string> => {
    const server = createServer((request, response) => {
      asked.push(`${request.headers.host ?? ''} ${request.headers.authorization ?? 'no token'}`)
      answer(request, response)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => server.close())
    return `127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const other = await serve((_, response) =>
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(),
  )
  const moved = await serve((request, response) =>
    response.writeHead(301, { location: `http://${other}${request.url ?? ''}` }).end(),
  )
  const url = `http://${moved}/acme/ztp.git`
  const repository = gitRepository({
    url,
    directory: join(directory, 'own'),
    tokenFile,
    path: process.env['PATH'] ?? '',
  })
  await t.rejects(repository.fetch(), {
    ...{ name: 'UnavailableError', code: 'GIT_FAILED', fix: /--repository/ },
    message: /^fetching the repository: fatal: .*301/,
  })
  t.strictSame(asked, [`${moved} no token`])
})
