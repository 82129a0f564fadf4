import { generateKeyPairSync, sign } from 'node:crypto'
import { Octokit } from '@octokit/rest'
import t from 'tap'
import type { Account } from '../../../src/sandbox/github/account.ts'
import { createIdentities } from '../../../src/sandbox/github/create-identities.ts'
import { requireGrant } from '../../../src/sandbox/github/require-grant.ts'
import '../../../src/sandbox/github/routes/app-routes.ts'
import '../../../src/sandbox/github/routes/check-run-routes.ts'
import { requiredResult } from '../../../src/sandbox/github/shapes/combined-state.ts'
import { createGitHubState, type CheckRun } from '../../../src/sandbox/github/github-state.ts'
import { accounts, cloneOf, repo, silent, start } from '../../support/sandbox/git-hub-scene.ts'

const newKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
const { privateKey, publicKey } = newKeys()
const app: Account = {
  ...({ login: 'seeder[bot]', type: 'Bot', token: 'never', permission: 'write' } as const),
  app: { id: '4711', publicKey },
}

const at = Math.floor(Date.now() / 1000)
const tokenOf = (claims: object = {}, { key = privateKey, alg = 'RS256' } = {}): string => {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${encode({ alg, typ: 'JWT' })}.${encode({ iss: '4711', iat: at - 60, exp: at + 500, ...claims })}`
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
}

t.test('a signature is good for its App, and not much longer than now', t => {
  const { of } = createIdentities([app], () => new Date(at * 1000))
  t.match(of(tokenOf()), { login: 'seeder[bot]', grants: { app: 'write' } })
  t.match(of(tokenOf({ iss: 4711 })), { login: 'seeder[bot]' }, 'the number may be one')
  for (const [what, token, says] of [
    ['of another key', tokenOf({}, { key: newKeys().privateKey }), /could not be decoded/],
    ['of another algorithm', tokenOf({}, { alg: 'none' }), /could not be decoded/],
    ['of another App', tokenOf({ iss: '1' }), /Integration not found/],
    ['that is over', tokenOf({ exp: at }), /'exp'/],
    ['for longer than ten minutes', tokenOf({ exp: at + 601 }), /too far in the future/],
    ['made in the future', tokenOf({ iat: at + 120 }), /'iat'/],
    ['that is none', 'a.b.c', /could not be decoded/],
  ] as const)
    t.throws(() => of(token), { status: 401, message: says }, what)
  t.equal(of('never'), undefined, 'an App has no token of its own')
  t.end()
})

t.test("the token of an App's installation ends after an hour", t => {
  const clock = { at: at * 1000 }
  const { of, issue } = createIdentities([app], () => new Date(clock.at))
  const { token, expiresAt } = issue(app, { contents: 'read' })
  t.equal(expiresAt.getTime(), clock.at + 3_600_000)
  t.match(of(token), { login: 'seeder[bot]', grants: { contents: 'read' } })
  clock.at += 3_600_000
  t.equal(of(token), undefined)
  t.end()
})

t.test('an App may do what its installation was granted, and a person no more than a person', t => {
  const no = (
    grants: Readonly<Record<string, 'read' | 'write'>> | undefined,
    method: string,
    path: string,
    says: Readonly<{ status: number; message: RegExp }>,
  ) => {
    t.throws(
      () => {
        requireGrant(grants === undefined ? {} : { grants }, method, path)
      },
      says,
      `${method} ${path}`,
    )
  }
  const integration = { status: 403, message: /^Resource not accessible by integration$/ }
  const all = { checks: 'write', contents: 'write', issues: 'write', metadata: 'read' } as const
  no(all, 'POST', '/repo/statuses/abc', integration)
  no(all, 'GET', '/repo/commits/abc/status', integration)
  no(all, 'GET', '/repo/pulls', integration)
  no(all, 'GET', '/user', integration)
  no(all, 'GET', '/orgs/acme/teams/a/memberships/b', integration)
  no(all, 'GET', '/app', { status: 401, message: /JSON web token/ })
  no({ contents: 'read' }, 'PUT', '/repo/pulls/1/merge', integration)
  no({ app: 'write' }, 'GET', '/repo', integration)
  no(undefined, 'GET', '/repo/installation', { status: 401, message: /JSON web token/ })
  no(undefined, 'POST', '/repo/check-runs', { status: 403, message: /via a GitHub App/ })
  for (const [method, path] of [
    ...[['POST', '/repo/check-runs'] as const, ['GET', '/repo/commits/a/b/check-runs'] as const],
    ...[['PUT', '/repo/pulls/1/merge'] as const, ['POST', '/repo/issues/1/comments'] as const],
    ...[['GET', '/repo'] as const, ['GET', '/repo/rules/branches/main'] as const],
  ])
    t.doesNotThrow(() => {
      requireGrant({ grants: all }, method, path)
    }, `${method} ${path}`)
  t.end()
})

t.test(
  'an App gets a token for this repository, and with it pushes and writes check runs',
  async t => {
    const { github, directory, head, base, bot, alice, open, no } = await start(t, {
      accounts: [...accounts, app],
      requiredStatus: 'sower',
    })
    const client = (auth: string) => new Octokit({ baseUrl: github.url, auth, log: silent })
    const signed = client(tokenOf())
    t.match((await signed.apps.getAuthenticated()).data, { id: 4711, slug: 'seeder' })
    const { id } = (await signed.apps.getRepoInstallation(repo)).data
    const installation = { installation_id: id }
    await no(403, /by integration/, signed.repos.get(repo))
    await no(404, /Not Found/, signed.apps.createInstallationAccessToken({ installation_id: 1 }))
    const ask = (more: object) =>
      signed.apps.createInstallationAccessToken({ ...installation, ...more })
    await no(422, /does not exist or is not accessible/, ask({ repositories: ['other'] }))
    await no(422, /does not exist or is not accessible/, ask({ repository_ids: [1] }))
    await no(422, /are not granted/, ask({ permissions: { administration: 'write' } }))
    await no(422, /are not granted/, ask({ permissions: { metadata: 'write' } }))
    const less = (await ask({ permissions: { contents: 'read' } })).data
    t.match(less, { permissions: { contents: 'read' }, repositories: [{ full_name: 'acme/ztp' }] })
    const reader = await cloneOf(`${directory}/reader`, github, less.token)
    await reader.git('fetch', '--quiet', 'origin', 'main')
    await t.rejects(reader.git('push', 'origin', 'FETCH_HEAD:refs/heads/more'), /403/)
    const blind = (await ask({ permissions: { metadata: 'read' } })).data
    await t.rejects(
      (await cloneOf(`${directory}/blind`, github, blind.token)).git('fetch', 'origin'),
    )

    const { token } = (await ask({})).data
    const seeder = client(token)
    await no(403, /by integration/, seeder.users.getAuthenticated())
    const run = { ...repo, name: 'sower', head_sha: head }
    const output = { title: 'sno1 leaves', summary: 'the proof' }
    const done = { ...run, status: 'completed', conclusion: 'success', output } as const
    await no(403, /via a GitHub App/, bot.checks.create(done))
    await no(422, /No commit found/, seeder.checks.create({ ...done, head_sha: 'f'.repeat(40) }))
    await no(422, /Invalid request/, seeder.checks.create({ ...run, status: 'completed' }))
    const long = { ...output, summary: 'x'.repeat(65_536) }
    await no(422, /summary/, seeder.checks.create({ ...done, output: long }))
    const remark = { path: 'a.yaml', start_line: 1, end_line: 1, message: 'here' }
    const annotations = Array.from({ length: 51 }, () => ({
      ...{ ...remark, annotation_level: 'failure' as const },
    }))
    await no(
      422,
      /annotations/,
      seeder.checks.create({ ...done, output: { ...output, annotations } }),
    )

    await open()
    const merge = { ...repo, pull_number: 1 }
    await no(405, /is expected/, alice.pulls.merge(merge))
    await seeder.checks.create({ ...run, status: 'in_progress', output })
    await no(405, /is pending/, alice.pulls.merge(merge))
    await seeder.checks.create({ ...done, conclusion: 'failure' })
    await no(405, /is failing/, alice.pulls.merge(merge))
    await seeder.checks.create(done)
    t.match((await seeder.checks.listForRef({ ...repo, ref: head })).data, {
      total_count: 1,
      check_runs: [{ name: 'sower', conclusion: 'success', output: { title: 'sno1 leaves' } }],
    })
    await alice.pulls.get(merge)
    t.equal((await alice.pulls.get(merge)).data.mergeable_state, 'clean')
    const writer = await cloneOf(`${directory}/writer`, github, token)
    await writer.git('fetch', '--quiet', 'origin', 'main')
    await writer.git('push', '--quiet', 'origin', `${base}:refs/heads/of-the-app`)
    t.equal((await alice.pulls.merge(merge)).data.merged, true)
    t.notMatch(
      JSON.stringify(github.requests.map(({ path, requestBody }) => [path, requestBody])),
      token,
    )
  },
)

const head = 'a'.repeat(40)

t.test('of a status and a check run of one name, the one that was written last counts', t => {
  const state = createGitHubState()
  const one = { sha: head, context: 'sower', createdAt: '2026-12-01T00:00:00Z' }
  const run: CheckRun = {
    ...one,
    id: 2,
    conclusion: 'neutral',
    title: '',
    summary: '',
    annotations: 0,
  }
  t.equal(requiredResult(state, head, 'sower'), null)
  state.statuses.push({
    ...{ ...one, id: 1, state: 'failure', creator: 'a', description: null, targetUrl: null },
  })
  t.equal(requiredResult(state, head, 'sower'), 'failing')
  state.checkRuns.push(run)
  t.equal(requiredResult(state, head, 'sower'), 'success')
  t.equal(requiredResult(state, head, 'other'), null)
  state.checkRuns.push({ ...run, id: 3, conclusion: null })
  t.equal(requiredResult(state, head, 'sower'), 'pending')
  t.end()
})
