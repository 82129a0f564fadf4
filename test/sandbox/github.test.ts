import { createHmac, randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { Octokit } from '@octokit/rest'
import t from 'tap'
import './github/apps.ts'
import { answerProblems, payloadProblems } from '../support/sandbox/conform.ts'
import {
  accounts,
  repo,
  one,
  issue,
  secret,
  octokitOf,
  cloneOf,
  start,
  listen,
  silent,
  playedSoFar,
} from '../support/sandbox/git-hub-scene.ts'

t.test('git pushes and clones through real HTTP, with the permission of the token', async t => {
  const { github, directory, pushes, told, base, head } = await start(t)
  t.match(pushes, [
    { sha: base, branch: 'main', parents: [], subject: 'first', pusher: 'alice' },
    { sha: head, branch: 'change', parents: [base], trailers: { 'Seed-Run': 'sno1' } },
  ])
  t.match(told, ['alice pushed a commit to main', 'alice pushed a commit to change'])

  const reader = await cloneOf(`${directory}/reader`, github, 'rita-token')
  await reader.git('fetch', '--quiet', 'origin', 'main')
  await reader.git('switch', '--quiet', 'main')
  t.equal(await reader.git('rev-parse', 'HEAD'), base)
  await reader.commit('a: 3\n', 'not allowed')
  await t.rejects(reader.git('push', 'origin', 'main'), /403/, 'a reader cannot push')
  const stranger = await cloneOf(`${directory}/stranger`, github, 'nora-token')
  await t.rejects(stranger.git('fetch', 'origin'), /not found/, 'private for who may not read')
  const nobody = await cloneOf(`${directory}/nobody`, github, 'wrong')
  await t.rejects(nobody.git('fetch', 'origin'), /Authentication failed|could not read Username/)
  const refs = await fetch(`${github.gitUrl}/info/refs?service=git-upload-pack`)
  t.equal(refs.status, 401)
  t.match(refs.headers.get('www-authenticate'), /^Basic/)
  t.equal(pushes.length, 2)
  const headers = {
    authorization: `Basic ${Buffer.from('x:rita-token').toString('base64')}`,
    'content-type': 'application/x-git-upload-pack-request',
    'content-encoding': 'gzip',
  }
  const body = gzipSync(`0032want ${base}\n00000009done\n`)
  const uploadPack = `${github.gitUrl}/git-upload-pack`
  const compressed = await fetch(uploadPack, { method: 'POST', headers, body })
  t.match(await compressed.text(), /^0008NAK\nPACK/, 'git compresses long requests')

  const writer = await cloneOf(`${directory}/writer`, github, 'bot-token')
  await writer.git('fetch', '--quiet', 'origin', 'main')
  await writer.git('switch', '--quiet', 'main')
  // Longer than git's buffer: sent chunked, after a probe.
  await writer.commit(randomBytes(1_200_000).toString('base64'), 'big')
  await writer.git('push', '--quiet', 'origin', 'main')
  t.match(pushes[2], { subject: 'big', pusher: 'sower[bot]' })
  t.notMatch(JSON.stringify(github.requests), /token/, 'credentials are not recorded')
  const fetches = github.requests.filter(({ requestBody }) => requestBody === 'fetch')
  t.strictSame(
    fetches.map(({ login }) => login),
    ['rita', 'sower[bot]'],
    'what git asks for is known, and who asks',
  )
})

t.test('webhooks tell how a pull request is opened, labelled and merged', async t => {
  const { github, head, base, alice, bot, open, clone, pushes, told, no } = await start(t)
  const hooks = await listen(t, github)
  t.match((await hooks.wait('ping')).json, { hook: { active: true }, sender: { login: 'alice' } })

  const pull = await open()
  t.match(pull, { number: 1, state: 'open', merged: false, commits: 1, changed_files: 1 })
  t.match(pull, { head: { sha: head, ref: 'change' }, base: { sha: base, ref: 'main' } })
  t.equal(pull.mergeable, null, 'unknown until a test merge is made')
  t.equal((await alice.pulls.get(one)).data.mergeable, null)
  t.match((await alice.pulls.get(one)).data, { mergeable: true, mergeable_state: 'clean' })
  const changed = { filename: 'a.yaml', status: 'modified', patch: '@@ -1 +1 @@\n-a: 1\n+a: 2' }
  t.match((await alice.pulls.listFiles(one)).data, [changed])
  t.match((await alice.pulls.listCommits(one)).data, [{ sha: head, parents: [{ sha: base }] }])

  await alice.issues.addLabels({ ...issue, labels: ['seed'] })
  const labelled = await hooks.wait('pull_request.labeled')
  t.match(labelled.json, {
    label: { name: 'seed' },
    pull_request: { number: 1, labels: [{ name: 'seed' }] },
    sender: { login: 'alice', type: 'User' },
  })
  t.match(labelled.headers, {
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(labelled.body).digest('hex')}`,
    'x-github-delivery': /^[0-9a-f]{8}-[0-9a-f-]{27}$/,
    'user-agent': /^GitHub-Hookshot/,
  })
  const event = { event: 'labeled', actor: { login: 'alice' }, label: { name: 'seed' } }
  t.match((await alice.issues.listEvents(issue)).data, [event])

  const comment = await bot.issues.createComment({ ...issue, body: 'Hello' })
  t.match((await hooks.wait('issue_comment.created')).json, {
    comment: { id: comment.data.id, body: 'Hello', user: { type: 'Bot' } },
    issue: { number: 1, pull_request: { url: pull.url } },
  })
  await clone.commit('a: 3\n', 'third')
  await clone.git('push', '--quiet', 'origin', 'change')
  const synchronize = (await hooks.wait('pull_request.synchronize')).json
  t.equal(synchronize.before, head)
  t.match(synchronize, { pull_request: { head: { sha: synchronize.after } } })
  t.match((await hooks.wait('push')).json, { ref: 'refs/heads/change', before: head })

  await no(409, /Head branch was modified/, alice.pulls.merge({ ...one, sha: head }))
  const merged = await alice.pulls.merge({ ...one, sha: synchronize.after })
  const closed = { merged: true, merged_by: { login: 'alice' }, state: 'closed' }
  t.match((await hooks.wait('pull_request.closed')).json, { pull_request: closed })
  await clone.git('fetch', '--quiet', 'origin', 'main', 'refs/pull/1/head:kept')
  const tips = await clone.git('rev-parse', 'FETCH_HEAD', 'kept')
  t.equal(tips, `${merged.data.sha}\n${synchronize.after}`)
  const made = await clone.git('log', '-1', '--format=%P|%an|%s|%b', merged.data.sha)
  const subject = 'Merge pull request #1 from acme/change'
  t.equal(made, `${base} ${synchronize.after}|alice|${subject}|Change a\n`)
  t.match((await alice.pulls.get(one)).data, { merged: true, merge_commit_sha: merged.data.sha })
  t.same(
    pushes.filter(({ branch }) => branch === 'main').map(({ subject }) => subject),
    ['first', 'second', 'third', 'Merge pull request #1 from acme/change'],
  )
  t.ok(told.includes('alice merged pull request #1'))
  await no(405, /not mergeable/, alice.pulls.merge(one))
})

t.test('it refuses what GitHub refuses', async t => {
  const { github, clone, head, alice, bot, open, no } = await start(t)
  const rita = octokitOf(github, 'rita')
  const pull = { ...repo, title: 'x', head: 'change', base: 'main' }
  await clone.git('push', '--quiet', 'origin', 'main:same')
  await no(422, /No commits between main and same/, alice.pulls.create({ ...pull, head: 'same' }))
  await no(422, /"field":"head"/, alice.pulls.create({ ...pull, head: 'gone' }))
  await no(422, /"field":"base"/, alice.pulls.create({ ...pull, base: 'gone' }))
  await no(403, /not accessible/, rita.pulls.create(pull))
  await open()
  await no(422, /already exists for acme:change/, alice.pulls.create(pull))

  const longest = 'é'.repeat(65_536)
  await no(422, /too long/, bot.issues.createComment({ ...issue, body: `${longest}é` }))
  await no(422, /blank/, bot.issues.createComment({ ...issue, body: ' ' }))
  const { data } = await bot.issues.createComment({ ...issue, body: longest })
  const edit = { ...repo, comment_id: data.id, body: 'x' }
  await no(403, /admin rights/, rita.issues.updateComment(edit))
  await rita.issues.createComment({ ...issue, body: 'who may read may comment' })
  await no(403, /not accessible/, rita.issues.addLabels({ ...issue, labels: ['seed'] }))
  await no(404, /Label does not exist/, bot.issues.removeLabel({ ...issue, name: 'seed' }))

  await no(403, /not accessible/, rita.pulls.merge(one))
  await no(405, /Rebase merges/, alice.pulls.merge({ ...one, merge_method: 'rebase' }))
  await no(404, /Not Found/, alice.pulls.get({ ...repo, pull_number: 2 }))
  await no(422, /does not exist/, bot.git.deleteRef({ ...repo, ref: 'heads/gone' }))

  const status = { ...repo, sha: head, state: 'success' as const }
  const long = { ...status, description: 'x'.repeat(141) }
  const nowhere = { ...status, sha: 'f'.repeat(40) }
  await no(403, /not accessible/, rita.repos.createCommitStatus(status))
  await no(422, /No commit found/, bot.repos.createCommitStatus(nowhere))
  await no(422, /maximum is 140/, bot.repos.createCommitStatus(long))

  await no(404, /Not Found/, octokitOf(github, 'nora').repos.get(repo))
  const wrong = new Octokit({ baseUrl: github.url, auth: 'wrong', log: silent })
  await no(401, /Bad credentials/, wrong.users.getAuthenticated())
  await no(401, /Requires auth/, octokitOf(github, 'nobody').users.getAuthenticated())
  const headers = { authorization: 'Bearer alice-token' }
  const url = `${github.url}/repos/acme/ztp/pulls`
  const broken = await fetch(url, { method: 'POST', headers, body: '{' })
  t.match(await broken.json(), { message: 'Problems parsing JSON', status: '400' })
})

t.test('a conflict or a required status stops a merge; a squash is one commit', async t => {
  const { clone, base, alice, bot, open, no } = await start(t, { requiredStatus: 'sower' })
  await open()
  await no(405, /"sower" is expected/, alice.pulls.merge(one))
  await alice.pulls.get(one)
  t.equal((await alice.pulls.get(one)).data.mergeable_state, 'blocked')
  const { head } = (await alice.pulls.get(one)).data
  const status = { ...repo, sha: head.sha, context: 'sower' }
  await bot.repos.createCommitStatus({ ...status, state: 'failure' })
  await no(405, /is failing/, alice.pulls.merge(one))
  await bot.repos.createCommitStatus({ ...status, state: 'success', description: 'all green' })
  const combined = (await bot.repos.getCombinedStatusForRef({ ...repo, ref: head.sha })).data
  t.match(combined, { state: 'success', statuses: [{ context: 'sower', state: 'success' }] })

  const blob = await clone.git('rev-parse', `${base}:a.yaml`)
  const file = { ...repo, path: 'a.yaml', message: 'in the way', content: 'YTogOQo=', sha: blob }
  const main = await alice.repos.createOrUpdateFileContents(file)
  await alice.pulls.get(one)
  t.match((await alice.pulls.get(one)).data, { mergeable: false, mergeable_state: 'dirty' })
  await no(405, /not mergeable/, alice.pulls.merge(one))

  await clone.git('fetch', '--quiet', 'origin', 'main')
  await clone.git('rebase', '--quiet', '-X', 'theirs', 'FETCH_HEAD')
  await clone.git('push', '--quiet', '--force', 'origin', 'change')
  const sha = await clone.git('rev-parse', 'HEAD')
  await no(405, /is expected/, alice.pulls.merge(one))
  await bot.repos.createCommitStatus({ ...status, sha, state: 'success' })
  const merged = await alice.pulls.merge({ ...one, merge_method: 'squash' })
  await clone.git('fetch', '--quiet', 'origin', 'main')
  const made = await clone.git('log', '-1', '--format=%P|%an|%s', merged.data.sha)
  t.equal(made, `${main.data.commit.sha ?? ''}|alice|second (#1)`)
})

t.test('closing, reopening, deleting a branch and merging by hand are noticed', async t => {
  const { github, clone, base, head, alice, open, no } = await start(t)
  const hooks = await listen(t, github)
  await open()
  await alice.pulls.update({ ...one, title: 'Better', state: 'closed' })
  t.match((await hooks.wait('pull_request.edited')).json, { changes: { title: {} } })
  t.match((await hooks.wait('pull_request.closed')).json, { pull_request: { merged: false } })
  await alice.pulls.update({ ...one, state: 'open' })
  await hooks.wait('pull_request.reopened')

  await alice.git.deleteRef({ ...repo, ref: 'heads/change' })
  t.equal((await alice.pulls.get(one)).data.state, 'closed')
  await no(422, /branch has been deleted/, alice.pulls.update({ ...one, state: 'open' }))
  await no(404, /Not Found/, alice.git.getRef({ ...repo, ref: 'heads/change' }))

  await clone.git('push', '--quiet', 'origin', 'change')
  await alice.pulls.update({ ...one, state: 'open' })
  await clone.git('push', '--quiet', 'origin', 'change:main')
  t.match((await alice.pulls.get(one)).data, { merged: true, merge_commit_sha: head })
  const branch = await alice.repos.getBranch({ ...repo, branch: 'main' })
  t.match(branch.data.commit, { sha: head, parents: [{ sha: base }] })
})

t.test(
  'whoever may read opens a pull request from a fork, and pushes to that fork alone',
  async t => {
    const { github, base, head, no, clone } = await start(t)
    const rita = octokitOf(github, 'rita')
    const asked = { ...repo, title: 'From a fork', head: 'rita:change', base: 'main' }
    await no(422, /Validation Failed/, rita.pulls.create(asked))
    const fork = github.fork('rita')
    await no(422, /Validation Failed/, rita.pulls.create(asked))
    await fork.push('change', head)
    const { data } = await rita.pulls.create(asked)
    t.match(data, {
      ...{ user: { login: 'rita' }, base: { repo: { full_name: 'acme/ztp', fork: false } } },
      head: { label: 'rita:change', ref: 'change', sha: head },
    })
    t.match(data.head.repo, { full_name: 'rita/ztp', fork: true })
    t.not(data.head.repo.id, data.base.repo.id)
    await no(422, /already exists for rita:change/, rita.pulls.create(asked))
    await no(403, /./, rita.pulls.create({ ...asked, head: 'change' }))
    // A branch of the same name here is another one, and a client that asks for branches gets none of a fork.
    await clone.git('push', '--quiet', 'origin', `${base}:refs/heads/change`, '--force')
    t.equal((await rita.pulls.get(one)).data.head.sha, head)
    t.notMatch(await clone.git('ls-remote', '--heads', 'origin'), /forks/)
    const hooks = await listen(t, github)
    await clone.commit('a: 4\n', 'more')
    const more = await clone.git('rev-parse', 'HEAD')
    await clone.git('push', '--quiet', github.bareRepository, `HEAD:refs/forks/rita/other`)
    await fork.push('change', more)
    t.match((await hooks.wait('pull_request.synchronize')).json, {
      ...{ before: head, after: more, sender: { login: 'rita' } },
    })
    const listed = await rita.pulls.list({ ...repo, head: 'rita:change' })
    t.strictSame(
      listed.data.map(({ number, head: { sha } }) => [number, sha]),
      [[1, more]],
    )
  },
)

t.test('comments are listed by time, edited, deleted and reacted to', async t => {
  const { github, alice, bot, open, no } = await start(t)
  const hooks = await listen(t, github)
  await open()
  for (const body of ['one', 'two', 'three']) await alice.issues.createComment({ ...issue, body })
  const [first, second] = (await alice.issues.listComments(issue)).data
  const comment = { ...repo, comment_id: first!.id }
  t.equal((await bot.reactions.createForIssueComment({ ...comment, content: 'eyes' })).status, 201)
  t.equal((await bot.reactions.createForIssueComment({ ...comment, content: 'eyes' })).status, 200)
  t.match((await bot.issues.getComment(comment)).data.reactions, { eyes: 1, total_count: 1 })

  await alice.issues.updateComment({ ...repo, comment_id: second!.id, body: 'second' })
  const edited = { changes: { body: { from: 'two' } }, comment: { body: 'second' } }
  t.match((await hooks.wait('issue_comment.edited')).json, edited)
  await alice.issues.deleteComment(comment)
  t.match((await hooks.wait('issue_comment.deleted')).json, { comment: { body: 'one' } })
  await no(404, /Not Found/, alice.issues.getComment(comment))

  const all = await bot.paginate(bot.rest.issues.listCommentsForRepo, { ...repo, per_page: 1 })
  t.match(all, [{ body: 'second' }, { body: 'three' }], 'two pages by Link headers')
  t.equal(all.length, 2)
  const late = { ...repo, since: new Date(Date.now() + 60_000).toISOString() }
  t.same((await bot.issues.listCommentsForRepo(late)).data, [])
})

t.test('answers carry entity tags, limits, permissions and contents', async t => {
  const { github, base, bot, no } = await start(t)
  const get = await bot.request('GET /repos/{owner}/{repo}', repo)
  t.match(get.headers, { 'x-ratelimit-limit': '5000', 'x-github-request-id': /^[0-9A-F]+$/ })
  const again = { ...repo, headers: { 'if-none-match': get.headers.etag } }
  await no(304, /./, bot.request('GET /repos/{owner}/{repo}', again))
  t.match(github.requests.at(-1), { method: 'GET', path: '/repos/acme/ztp', status: 304 })

  const enterprise = octokitOf(github, 'sower[bot]', `${github.url}/api/v3`)
  t.match((await enterprise.users.getAuthenticated()).data, { login: 'sower[bot]', type: 'Bot' })
  const permissionOf = (username: string) =>
    bot.repos.getCollaboratorPermissionLevel({ ...repo, username })
  for (const { login, permission } of accounts)
    t.match((await permissionOf(login)).data, {
      permission,
      role_name: permission,
      user: { login },
    })
  await no(404, /is not a user/, permissionOf('stranger'))

  const file = { ...repo, path: 'a.yaml', ref: base }
  const { data } = await bot.repos.getContent(file)
  t.ok('content' in data && Buffer.from(data.content, 'base64').toString() === 'a: 1\n')
  t.equal((await bot.repos.getContent({ ...file, mediaType: { format: 'raw' } })).data, 'a: 1\n')
  t.match((await bot.repos.getContent({ ...file, path: '' })).data, [{ name: 'a.yaml' }])
  await no(404, /Not Found/, bot.repos.getContent({ ...file, path: 'b.yaml' }))
  const write = { ...repo, path: 'seeds/b.yaml', message: 'm', content: 'Yg==', branch: 'change' }
  const created = await bot.repos.createOrUpdateFileContents(write)
  t.equal(created.status, 201)
  await no(422, /"sha" wasn't supplied/, bot.repos.createOrUpdateFileContents(write))
  const stale = { ...write, sha: base }
  await no(409, /does not match/, bot.repos.createOrUpdateFileContents(stale))
  const gone = { ...write, sha: created.data.content!.sha! }
  await bot.repos.deleteFile(gone)
  await no(404, /Not Found/, bot.repos.getContent({ ...write, ref: 'change' }))
})

t.test('a failed delivery is logged and never repeated, unless someone asks for it', async t => {
  const { github, alice, open } = await start(t)
  const hooks = await listen(t, github)
  await hooks.wait('ping')
  hooks.answer.status = 500
  await open()
  await alice.issues.createComment({ ...repo, issue_number: 1, body: 'hi' })
  await hooks.wait('issue_comment.created')
  hooks.answer.status = 200
  const again = await github.redeliver('2')
  t.match(again, { event: 'pull_request', action: 'opened', status: 200, isRedelivery: true })
  const log = github.deliveries.map(({ event, status }) => `${event} ${status}`)
  t.same(log, ['ping 202', 'pull_request 500', 'issue_comment 500', 'pull_request 200'])
  const opened = hooks.received.filter(({ name }) => name === 'pull_request.opened')
  t.equal(opened.length, 2)
  t.equal(opened[0]!.body, opened[1]!.body)
  t.equal(opened[0]!.headers['x-github-delivery'], opened[1]!.headers['x-github-delivery'])
  github.setWebhook(null)
  await alice.issues.createComment({ ...repo, issue_number: 1, body: 'nobody hears' })
  await t.rejects(github.redeliver('1'), /no webhook is set/)
  t.equal(github.deliveries.length, 4)
})

t.test('all that was answered and sent is as GitHub describes it', async t => {
  const { answers, payloads } = playedSoFar()
  t.ok(answers.length > 50 && payloads.length > 20)
  t.strictSame([...new Set(answers.flatMap(answerProblems))], [])
  const problems = payloads.flatMap(({ headers, json }) =>
    payloadProblems(String(headers['x-github-event']), json),
  )
  t.strictSame([...new Set(problems)], [])
})

t.test('what GitHub does not describe is noticed', t => {
  const first = playedSoFar().answers.find(
    ({ path, status }) => path.endsWith('/pulls/1') && status === 200,
  )
  if (!first) throw new Error('no pull request was read')
  const changed = (change: object) =>
    answerProblems({
      ...first,
      responseBody: JSON.stringify({ ...(JSON.parse(first.responseBody) as object), ...change }),
    })
  t.strictSame(changed({}), [])
  t.match(changed({ number: '1' }), [/\/number: string, not integer$/])
  t.match(changed({ state: 'ajar' }), [/\/state: "ajar"$/])
  t.match(changed({ html_url: 'here' }), [/\/html_url: "here" is no uri$/])
  t.match(changed({ created_at: 'now' }), [/\/created_at: "now" is no date-time$/])
  t.match(changed({ head: {} }), [/\/head\/label: missing$/])
  t.match(answerProblems({ ...first, path: '/repos/acme/ztp/nothing' }), [/not described$/])
  t.match(payloadProblems('pull_request', { action: 'opened' }), [/missing$/])
  t.match(payloadProblems('pull_request', { action: 'painted' }), [/not described$/])
  t.end()
})
