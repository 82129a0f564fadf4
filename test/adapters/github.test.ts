import './github/app-tokens.ts'
import './github/fetch-trusting.ts'
import './github/find-pull-request.ts'
import './github/git-hub-feed.ts'
import './github/git-hub-client.ts'
import './github/merge-groups.ts'
import './github/merge-pull-request.ts'
import './github/open-changes.ts'
import './github/people.ts'
import './github/settings.ts'
import './github/pull-requests.ts'
import './github/read-answer.ts'
import './github/write-check-run.ts'
import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Octokit } from '@octokit/rest'
import t, { type Test } from 'tap'
import { branchUse } from '../../src/adapters/github/branch-use.ts'
import { gitHub } from '../../src/adapters/github/git-hub.ts'
import { present, unknown } from '../../src/core/seen.ts'
import { committerTo, gitHubWith } from '../support/sandbox/git-hub-with.ts'

const repo = { owner: 'acme', repo: 'ztp' }
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
t.test('GitHub, as it is', async t => {
  const server = await gitHubWith(t, { rita: 'read', nora: 'none' })
  const commit = await committerTo(t, server)
  const base = await commit('main', 'a: 1')
  const head = await commit('seed/sno1', 'a: 2')
  const ada = new Octokit({ baseUrl: server.url, auth: 'ada-token', log: silent })
  const { data } = await ada.pulls.create({
    ...repo,
    title: 'Seed',
    head: 'seed/sno1',
    base: 'main',
  })
  const pullRequest = data.number
  await ada.issues.addLabels({ ...repo, issue_number: pullRequest, labels: ['seed'] })

  const forgeOf = (token = 'bot-token', apiUrl = server.url) =>
    gitHub({
      ...{ apiUrl, repository: 'acme/ztp', writeGap: 0, stopping: new AbortController().signal },
      token: () => token,
      now: () => new Date(),
    })
  const forge = forgeOf()
  const comments = async () =>
    (await ada.issues.listComments({ ...repo, issue_number: pullRequest })).data.map(
      ({ user, body }) => `${user?.login ?? ''}: ${body ?? ''}`,
    )
  const nobody = createServer()
  await once(nobody.listen(0, '127.0.0.1'), 'listening')
  const nowhere = `http://127.0.0.1:${(nobody.address() as AddressInfo).port}`
  await new Promise(resolve => nobody.close(resolve))

  t.test(
    'hole 17: there is one comment a marker, found again by a new process, and nobody forges it',
    async t => {
      const marker = '<!-- sower:run sno1 -->'
      await ada.issues.createComment({
        ...repo,
        issue_number: pullRequest,
        body: `${marker}\nforged`,
      })
      await forge.upsertComment({ pullRequest, marker, body: 'first' })
      await forge.upsertComment({ pullRequest, marker: '<!-- sower:answer -->', body: 'no' })
      await forge.upsertComment({ pullRequest, marker, body: 'second' })
      t.same(await comments(), [
        `ada: ${marker}\nforged`,
        `sower[bot]: ${marker}\nsecond`,
        'sower[bot]: <!-- sower:answer -->\nno',
      ])
      await forgeOf('bot-token', `${server.url}/`).upsertComment({
        pullRequest,
        marker,
        body: 'third',
      })
      t.match(await comments(), [/forged/, `sower[bot]: ${marker}\nthird`, /no$/])
      t.equal((await comments()).length, 3)
    },
  )

  t.test('a comment that somebody deleted is made again', async t => {
    const { data } = await ada.issues.listComments({ ...repo, issue_number: pullRequest })
    const report = data.find(({ body }) => body?.endsWith('third'))
    await ada.issues.deleteComment({ ...repo, comment_id: report?.id ?? 0 })
    await forge.upsertComment({ pullRequest, marker: '<!-- sower:run sno1 -->', body: 'again' })
    t.equal((await comments()).filter(text => /sower:run sno1 -->\nagain$/.test(text)).length, 1)
  })

  t.test('a comment whose answer is lost is not made twice', async t => {
    let lost = 0
    const proxy = createHttpServer((request, response) => {
      void (async () => {
        const { method = 'GET', url = '', headers } = request
        const body = method === 'GET' ? null : await text(request)
        const authorization = headers.authorization ?? ''
        const answer = await fetch(server.url + url, { method, headers: { authorization }, body })
        if (method === 'POST' && (lost += 1) === 1) response.writeHead(502).end()
        else
          response
            .writeHead(answer.status, { 'content-type': 'application/json' })
            .end(await answer.text())
      })()
    }).listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    t.teardown(() => proxy.close())
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const comment = { pullRequest, marker: '<!-- sower:run sno2 -->', body: 'one' }
    const behind = forgeOf('bot-token', url)
    await t.rejects(behind.upsertComment(comment), {
      name: 'UnavailableError',
      message: /502; next try at /,
    })
    await forgeOf('bot-token', url).upsertComment(comment)
    t.equal((await comments()).filter(text => text.includes('sno2')).length, 1)
  })

  t.test('a status belongs to a commit, and says no more than GitHub takes', async t => {
    await forge.setStatus({ sha: head, state: 'failure', description: 'x'.repeat(200) })
    await forge.setStatus({ sha: head, state: 'failure', description: '😀'.repeat(200) })
    const cut = (await ada.repos.getCombinedStatusForRef({ ...repo, ref: head })).data.statuses[0]
    t.equal(cut?.description, '😀'.repeat(140), 'code points count, and none is halved')
    await forge.setStatus({ sha: head, state: 'success', description: 'proven' })
    const { statuses, state } = (await ada.repos.getCombinedStatusForRef({ ...repo, ref: head }))
      .data
    t.match(statuses, [{ context: 'sower', state: 'success', description: 'proven' }])
    t.equal(state, 'success')
  })

  t.test('reads who may do what', async t => {
    t.equal(await forge.permission('ada'), 'admin')
    t.equal(await forge.permission('sower[bot]'), 'write')
    t.equal(await forge.permission('rita'), 'read')
    t.equal(await forge.permission('nora'), 'none')
    t.equal(await forge.login(), 'sower[bot]')
    t.equal(await forge.repositoryId(), (await ada.repos.get(repo)).data.id)
  })

  t.test('reads a pull request in each of its states', async t => {
    const state = async () => {
      const seen = await forge.pullRequest(pullRequest)
      return seen.seen === 'present' ? seen.value : seen
    }
    t.match(await state(), {
      state: 'open',
      number: pullRequest,
      headSha: head,
      mergedAs: null,
      branch: 'seed/sno1',
      base: 'main',
      baseSha: base,
      isFork: false,
      labels: ['seed'],
      url: data.html_url,
    })
    t.same(await forge.pullRequest(4711), { seen: 'absent' })
    await ada.pulls.update({ ...repo, pull_number: pullRequest, state: 'closed' })
    t.match(await state(), { state: 'closed', mergedAs: null })
    await ada.pulls.update({ ...repo, pull_number: pullRequest, state: 'open' })
    const merged = (await ada.pulls.merge({ ...repo, pull_number: pullRequest })).data.sha
    t.match(await state(), { state: 'merged', mergedAs: merged })
  })

  t.test('reads what a branch is used for beside its pull request', async t => {
    await commit('stacked', 'a: 3')
    const stacked = { ...repo, title: 'On top', head: 'stacked', base: 'seed/sno1' }
    const above = (await ada.pulls.create(stacked)).data.number
    const unused = { isDefault: false, isProtected: false, baseOf: [] }
    const cases = [
      ['main', { ...unused, isDefault: true }],
      ['seed/sno1', { ...unused, baseOf: [above] }],
      ['stacked', unused],
    ] as const
    for (const [branch, value] of cases)
      t.same(await forge.branchUse(branch), { seen: 'present', value }, branch)
    t.same(await forge.branchUse('nowhere'), { seen: 'absent' })
    t.match(await forgeOf('wrong').branchUse('main'), { seen: 'unknown', why: 'forbidden' })
    await ada.pulls.update({ ...repo, pull_number: above, state: 'closed' })
    t.same(await forge.branchUse('seed/sno1'), { seen: 'present', value: unused })
    const answers: Record<string, object> = {
      'GET /branches/{branch}': { protected: true },
      'GET ': { default_branch: 'main' },
      'GET /pulls': [],
    }
    const played = (missing: string) =>
      branchUse(
        {
          see: async ({ route }, shape) =>
            route === missing ? unknown('timeout') : present(shape.parse(answers[route])),
        },
        'prod',
      )
    t.same(await played('none'), { seen: 'present', value: { ...unused, isProtected: true } })
    for (const route of Object.keys(answers))
      t.same(await played(route), { seen: 'unknown', why: 'timeout' }, 'no part is guessed')
  })

  t.test('no answer is not the answer no', async t => {
    t.match(await forgeOf('wrong').pullRequest(pullRequest), { seen: 'unknown', why: 'forbidden' })
    const refused = forgeOf('wrong').permission('ada')
    await t.rejects(refused, { name: 'UnavailableError', message: /of ada: GitHub answered 401: / })
    await t.rejects(forge.upsertComment({ pullRequest: 4711, marker: 'm', body: 'b' }), {
      name: 'FailedError',
      message: 'looking for the report: GitHub answered 404',
    })
    await forge.react({ id: 4711, content: 'eyes' })
    t.notMatch(await refused.catch(String), /wrong/)

    const answers = createHttpServer((_, response) => response.writeHead(503).end('down')).listen(
      0,
      '127.0.0.1',
    )
    await once(answers, 'listening')
    t.teardown(() => answers.close())
    t.match(await forgeOf('bot-token', nowhere).pullRequest(1), {
      seen: 'unknown',
      why: 'unreachable',
    })
    const down = `http://127.0.0.1:${(answers.address() as AddressInfo).port}`
    await t.rejects(forgeOf('bot-token', down).login(), {
      name: 'UnavailableError',
      message: /^reading our own account: GitHub answered 503; next try at /,
    })
  })

  /** Starts a server that answers as told, and remembers which paths it was asked with which credential. */
  const playedBy = async (t: Test, answer: RequestListener) => {
    const asked: string[] = []
    const played = createHttpServer((request, response) => {
      asked.push(`${request.url ?? ''} ${request.headers.authorization ?? 'without credential'}`)
      answer(request, response)
    }).listen(0, '127.0.0.1')
    await once(played, 'listening')
    t.teardown(() => played.close())
    return { asked, url: `http://127.0.0.1:${(played.address() as AddressInfo).port}` }
  }
  const json = { 'content-type': 'application/json' }

  t.test(
    'a redirect to another host neither gets the token nor decides who may do what',
    async t => {
      const other = await playedBy(t, (_, response) =>
        response.writeHead(200, json).end('{"permission":"admin","login":"evil"}'),
      )
      for (const status of [301, 302, 307, 308]) {
        const api = await playedBy(t, (_, response) =>
          response.writeHead(status, { location: `${other.url}/here` }).end(),
        )
        const sent = forgeOf('bot-token', api.url)
        const refusal = {
          ...{ name: 'UnavailableError', code: 'GITHUB_FAILED', fix: /--repository/ },
          message: new RegExp(
            `: GitHub answered ${status}: the repository or its API is somewhere`,
          ),
        }
        await t.rejects(sent.permission('mallory'), refusal)
        await t.rejects(sent.login(), refusal)
        await t.rejects(sent.pullRequest(7), {
          ...refusal,
          message: /^reading pull request 7: GitHub/,
        })
        if (status === 307)
          await t.rejects(sent.setStatus({ sha: 'a', state: 'success', description: '' }), refusal)
        t.equal(api.asked.length, status === 307 ? 4 : 3, 'nothing is tried again')
      }
      t.strictSame(other.asked, [])
    },
  )

  t.test('hole 13: no Link header is followed, and pages that never end are left', async t => {
    const other = await playedBy(t, (_, response) => response.writeHead(200, json).end('[]'))
    const page = JSON.stringify(Array.from({ length: 100 }, (_, id) => ({ id, body: 'b' })))
    const api = await playedBy(t, (request, response) => {
      if (request.url === '/user') response.writeHead(200, json).end('{"login":"sower[bot]"}')
      else response.writeHead(200, { ...json, link: `<${other.url}/2>; rel="next"` }).end(page)
    })
    const comment = { pullRequest: 7, marker: '<!-- m -->', body: 'b' }
    await t.rejects(forgeOf('bot-token', api.url).upsertComment(comment), {
      ...{ name: 'UnavailableError', fix: /--api-url/ },
      message: 'looking for the report: GitHub gave more than 100 pages of one list',
    })
    t.strictSame(other.asked, [])
    t.equal(api.asked.filter(path => path.startsWith('/repos')).length, 100)
  })
})
