import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { gitHub } from '../../../src/adapters/github/git-hub.ts'
import { createGitHubClient } from '../../../src/adapters/github/git-hub-client.ts'
import { isTeamMember } from '../../../src/adapters/github/people/is-team-member.ts'
import { readPermission } from '../../../src/adapters/github/people/read-permission.ts'
import { createRepositoryApi } from '../../../src/adapters/github/repository-api.ts'
import { committerTo, gitHubWith } from '../../support/sandbox/git-hub-with.ts'

const optionsOf = (apiUrl: string, token = 'bot-token') => ({
  ...{ apiUrl, repository: 'acme/ztp', writeGap: 0, stopping: new AbortController().signal },
  token: () => token,
  now: () => new Date(),
})

t.test('a role is what GitHub calls it, and a custom one what it is based on', async t => {
  const person = { type: 'User', token: 'x' } as const
  const server = await gitHubWith(
    t,
    { mia: 'maintain', wim: 'write', tom: 'triage', rita: 'read', nora: 'none' },
    {
      accounts: [
        { ...person, login: 'carl', permission: 'write', role: 'deployer' },
        { ...person, login: 'max', permission: 'maintain', role: 'release-manager' },
        { ...person, login: 'tina', permission: 'triage', role: 'labeller' },
        { ...person, login: 'eve', permission: 'read', role: 'admin' },
      ],
    },
  )
  const api = createRepositoryApi(optionsOf(server.url))
  const expected = {
    ...{ ada: 'admin', mia: 'maintain', wim: 'write', tom: 'triage', rita: 'read', nora: 'none' },
    // GitHub shows of the base of a custom role no more than the three old steps.
    ...{ carl: 'write', max: 'write', tina: 'read' },
    // A role that does not fit its permission is not believed.
    ...{ eve: 'read', stranger: 'none' },
  }
  for (const [login, permission] of Object.entries(expected))
    t.equal(await readPermission(api, login), permission, login)
})

t.test('who is in a team is said by GitHub alone', async t => {
  const member = { type: 'User', token: 'y', permission: 'write' } as const
  const server = await gitHubWith(
    t,
    {},
    {
      accounts: [{ ...member, login: 'bob', teams: ['platform'] }],
    },
  )
  const forge = gitHub(optionsOf(server.url))
  t.equal(await forge.isTeamMember({ team: 'platform', login: 'bob' }), true)
  for (const [team, login] of [
    ['platform', 'ada'],
    ['sre', 'bob'],
    ['platform', 'stranger'],
  ] as const)
    t.equal(await forge.isTeamMember({ team, login }), false, `${login} in ${team}`)
  for (const [trouble, error] of [
    ['not-accessible', 'FailedError'],
    ['secondary-limit', 'UnavailableError'],
    ['moved', 'UnavailableError'],
    ['bad-gateway', 'UnavailableError'],
    ['page', 'UnavailableError'],
  ] as const) {
    server.setTrouble(() => trouble)
    const asking = gitHub(optionsOf(server.url)).isTeamMember({ team: 'platform', login: 'bob' })
    await t.rejects(asking, { name: error }, trouble)
    const permission = gitHub(optionsOf(server.url)).permission('bob')
    await t.rejects(permission, { code: 'GITHUB_FAILED' }, `${trouble}: the permission`)
  }
})

t.test(
  'whoever was only asked to join a team is not in it, and an App asks as its members',
  async t => {
    const asked: string[] = []
    const state = { now: 'pending' }
    const server = createServer((request, response) => {
      asked.push(`${request.headers.authorization ?? ''} ${request.url ?? ''}`)
      const body = JSON.stringify({ state: state.now, role: 'member', url: 'x' })
      response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => server.close())
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const asMember = createGitHubClient(optionsOf(apiUrl, 'of-members'))
    const of = { organization: 'acme', team: 'platform', login: 'bob' }
    t.equal(await isTeamMember(asMember, of), false)
    state.now = 'active'
    const forge = gitHub({
      ...optionsOf(apiUrl),
      app: { login: async () => 'sower[bot]', asMember },
    })
    t.equal(await forge.isTeamMember(of), true)
    const path = '/orgs/acme/teams/platform/memberships/bob'
    t.strictSame(asked, [`Bearer of-members ${path}`, `Bearer of-members ${path}`])
  },
)

t.test('a locked conversation, a draft and an archived repository are what they are', async t => {
  const server = await gitHubWith(t, { rita: 'read' })
  const commit = await committerTo(t, server)
  await commit('main', 'a: 1')
  await commit('seed', 'a: 2')
  const ask = (method: string, path: string, body: object, token = 'ada-token') =>
    fetch(`${server.url}/repos/acme/ztp${path}`, {
      ...{ method, body: JSON.stringify(body) },
      headers: { authorization: `Bearer ${token}` },
    })
  const draft = { title: 'x', head: 'seed', base: 'main', draft: true }
  t.equal((await ask('POST', '/pulls', draft)).status, 201)
  const comment = { pullRequest: 1, marker: '<!-- m -->', body: 'text' }
  const forge = gitHub(optionsOf(server.url))
  t.match(await forge.pullRequest(1), { value: { isDraft: true, isFork: false } })
  server.lock(1)
  await forge.upsertComment(comment)
  t.pass('who may write still comments')
  await t.rejects(gitHub(optionsOf(server.url, 'rita-token')).upsertComment(comment), {
    ...{ name: 'FailedError', message: /the conversation is locked/, fix: /^unlock/ },
  })
  server.lock(1, false)
  server.archive()
  await t.rejects(forge.upsertComment({ ...comment, body: 'more' }), {
    ...{ name: 'FailedError', message: /the repository is archived/ },
  })
  t.equal((await ask('PUT', '/pulls/1/merge', {})).status, 403)
  t.match(await forge.pullRequest(1), { seen: 'present' }, 'it is still read')
  await t.rejects(commit('other', 'a: 3'), /archived/)
  server.archive(false)
  await forge.upsertComment({ ...comment, body: 'more' })
})
