import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import t from 'tap'
import { gitRepository } from '../../../src/adapters/git/git-repository.ts'
import { writeAuthorities } from '../../../src/adapters/git/write-authorities.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { committerTo, gitHubWith } from '../../support/sandbox/git-hub-with.ts'
import { tlsFront } from '../../support/sandbox/tls-front.ts'
import { temporaryDirectory } from '../../support/run-sower.ts'

t.test('git believes a server behind a private authority with it, and not without', async t => {
  const server = await gitHubWith(t)
  const front = await tlsFront(t, server.url)
  const commit = await committerTo(t, server)
  const head = await commit('main', 'first')
  const directory = directoryWith(t, { token: 'bot-token\n' })
  const open = (name: string, authority: string | null) =>
    gitRepository({
      ...{ url: `${front.url}/acme/ztp.git`, directory: join(directory, name), authority },
      ...{ tokenFile: join(directory, 'token'), path: process.env['PATH'] ?? '' },
    })
  const trusting = open('own', front.authority)
  await trusting.fetch()
  t.equal(await trusting.branchHead('main'), head)
  const sha = await trusting.commit({ onto: head, message: 'ours', changes: [] })
  await trusting.push(sha, 'main')
  t.equal(await trusting.branchHead('main'), sha)
  await t.rejects(open('other', null).fetch(), {
    ...{ code: 'GIT_FAILED', message: /certificate/ },
    fix: "name the authority of the server's certificate with --ca-file",
  })
  await t.rejects(open('own', null).fetch(), { code: 'GIT_FAILED' }, 'a restart forgets it')
})

t.test('the authorities that git had count as before', t => {
  const content = readFileSync(writeAuthorities(temporaryDirectory(t), 'ours'), 'utf8')
  t.ok(content.startsWith(`${rootCertificates[0]}\n`))
  t.match(content, /\nours\n$/)
  t.end()
})
