import t from 'tap'
import { pullRequests } from '../../../src/adapters/github/pull-requests.ts'
import { startGitHub } from '../../../src/sandbox/github/start-github.ts'
import { repositoryWith } from '../../support/repository-with.ts'
import { temporaryDirectory } from '../../support/run-sower.ts'

t.test('opens, labels and lists the pull requests of a repository', async t => {
  const server = await startGitHub({
    directory: temporaryDirectory(t),
    repository: 'acme/ztp',
    accounts: [{ login: 'ada', type: 'User', token: 'ada-token', permission: 'write' }],
    tell: () => undefined,
  })
  t.teardown(server.close)
  const { git, write } = await repositoryWith(t, { 'a.yaml': 'a: 1\n' })
  await git('push', '--quiet', '--force', server.bareRepository, 'main')
  await git('checkout', '--quiet', '-b', 'seed-sno1')
  await write({ 'a.yaml': 'a: 2\n' }, 'change')
  await git('push', '--quiet', server.bareRepository, 'seed-sno1')
  const of = (token: string) =>
    pullRequests({
      ...{ apiUrl: server.url, repository: 'acme/ztp', writeGap: 0 },
      ...{ token: () => token, now: () => new Date(), stopping: new AbortController().signal },
    })
  const pulls = of('ada-token')
  t.strictSame(await pulls.open('main'), [])
  const asked = { title: 'x', body: 'y', branch: 'seed-sno1', base: 'main' }
  const { number, url, branch } = await pulls.create(asked)
  t.match({ url, branch }, { url: /\/pull\/1$/, branch: 'seed-sno1' })
  await pulls.label(number, 'seed')
  await pulls.label(number, 'seed')
  t.strictSame(await pulls.open('main'), [{ number, url, branch, labels: ['seed'] }])
  t.strictSame(await pulls.open('release'), [])
  await t.rejects(pulls.create(asked), { name: 'FailedError', code: 'GITHUB_FAILED' })
  await t.rejects(pulls.label(99, 'seed'), { code: 'GITHUB_FAILED' })
  await t.rejects(of('other').open('main'), { name: 'UnavailableError', code: 'GITHUB_FAILED' })
})
