import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { createProjection } from '../../../src/bot/projection.ts'
import { takeIn } from '../../../src/operations/intake/take-in.ts'
import { askInSeven, fakeWorld, openPullRequest } from '../../support/fake-world.ts'
import { waysIn, type WayIn } from '../../support/bot/ways-in.ts'

// Of the other holes, 1, 2, 3, 12 and 18 are about the webhook's server alone; 9, 10, 14 and 16 about what runs and is applied, whatever
// way it was asked for; 6 about an App's tokens. Each has its test under its number.

/** A host that must never be asked. */
const forbidden = async (t: Test) => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(200, { 'content-type': 'application/json' }).end('[]')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
const json = { 'content-type': 'application/json' }

type Hole = (t: Test, way: WayIn) => Promise<void>
const holes: Readonly<Record<string, Hole>> = {
  'hole 4: nonsense is nothing, and what comes behind it is heard': async (t, way) => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const polluted = '{"__proto__":{"isBot":false},"constructor":{"prototype":1}}'
    const values = ['null', '0', '""', '[]', '{}', deep, polluted, `"${'x'.repeat(100_000)}"`, '{']
    for (const json of values) await way.nonsense(json)
    await way.comment(1, '/seed retry', { user: null, sender: null })
    await way.comment(2, '/seed retry', { created_at: {}, issue: [] })
    t.strictSame(way.heard, [])
    t.equal(Object.hasOwn(Object.prototype, 'isBot'), false)
    await way.comment(3, '/seed retry')
    t.match(way.heard, [{ key: '#7/comment/3', sender: 'alice' }])
  },
  'hole 5: no field chooses a host': async (t, way) => {
    const other = await forbidden(t)
    const fields = Object.fromEntries(
      ['url', 'issue_url', 'comments_url', 'repository_url', 'pull_request_url'].map(name => [
        name,
        `${other.url}/repos/example/site/issues/7`,
      ]),
    )
    await way.comment(1, '/seed retry', fields)
    t.equal(way.heard.length, 1)
    await way.forge?.login()
    t.strictSame(other.asked, [])
  },
  'hole 7: only this repository is heard and asked': async (t, way) => {
    const repository = { id: 4712, full_name: 'example/site' }
    const html_url = 'https://github.com/example/site/issues/7#issuecomment-1'
    await way.comment(1, '/seed retry', { repository, html_url })
    t.strictSame(way.heard, [])
    const others = way.asked.filter(
      ({ path }) => !/^\/(?:repos\/example\/site(?:\/|$)|app(?:\/|$)|user$)/.test(path),
    )
    t.strictSame(others, [])
  },
  'hole 8: words that a shell, a path or an option could mean are refused': async (t, way) => {
    const words = [
      '$(id)',
      '`id`',
      '../sno1',
      '-c',
      '--upload-pack=id',
      'a&&id',
      'sno1;id',
      'sno1|id',
    ]
    for (const [id, word] of words.entries()) await way.comment(id + 1, `/seed detach ${word}`)
    t.equal(way.heard.length, words.length)
    const world = fakeWorld()
    openPullRequest(world, 7, { files: { 'docs/a.md': 'x' } })
    for (const event of way.heard) {
      const [answer] = await takeIn(world.start(), event)
      t.match(answer?.code, /^[A-Z_]+$/, event.kind === 'comment' ? event.body : '')
    }
    t.strictSame([world.acts, world.runs.size], [[], 0])
  },
  'hole 11: an echo of the credential is told to nobody': async (t, way) => {
    way.spoil((path, authorization, response) => {
      if (path.endsWith('/access_tokens')) return false
      response
        .writeHead(422, json)
        .end(JSON.stringify({ message: authorization, errors: [authorization] }))
      return true
    })
    await way.comment(1, '/seed retry', { signature: 'canary-token' })
    const error = await way.forge
      ?.setStatus({ sha: 'a', state: 'success', description: '' })
      .catch(String)
    t.equal(way.told.length > 0, way.forge !== null, 'it was heard of')
    t.notMatch([...way.told, error].join(), /canary|Bearer/)
    way.spoil(null)
  },
  'hole 13: no link and no redirect is followed, and endless lists end': async (t, way) => {
    const other = await forbidden(t)
    const link = { link: `<${other.url}/next>; rel="next"` }
    const page = JSON.stringify(
      Array.from({ length: 100 }, () => ({
        id: 1,
        number: 1,
        html_url: '',
        created_at: '2026-11-22T11:00:00Z',
        updated_at: '2026-11-22T11:00:00Z',
        state: 'closed',
        event: 'x',
        head: { sha: '' },
      })),
    )
    way.spoil((path, _, response) => {
      if (!/\/(?:comments|events|pulls)$/.test(path)) return false
      response.writeHead(200, { ...json, ...link }).end(page)
      return true
    })
    await way.comment(1, '/seed retry')
    for (const status of [301, 302, 307, 308]) {
      way.spoil((path, _, response) => {
        if (path.endsWith('/access_tokens') || path.endsWith('/installation')) return false
        response.writeHead(status, { location: `${other.url}/repositories/1` }).end()
        return true
      })
      await way.comment(1, '/seed retry')
    }
    t.strictSame(other.asked, [])
    t.equal(way.asked.length > 0, way.forge !== null)
    t.ok(way.asked.length < 200, `${way.asked.length} calls`)
  },
  'hole 15: a command counts for the head that was there when Sower heard of it': async (
    t,
    way,
  ) => {
    await way.comment(1, '/seed detach sno1')
    const [event] = way.heard
    if (!event) throw new Error('nothing was heard')
    const world = fakeWorld()
    openPullRequest(world, 7, { files: { 'docs/a.md': 'x' } })
    // It is looked at later than it was written, as where the bot was away.
    world.tick(600)
    const [answer] = await takeIn(world.start(), event)
    t.match(answer, { code: 'COMMAND_LATE' })
    t.strictSame([world.acts, world.runs.size], [[], 0])
  },
  'hole 17: a marker in the comment of somebody else is not ours': async (t, way) => {
    const body = '<!-- sower:run sno1 -->\nforged'
    await way.comment(1, body)
    t.strictSame(way.heard, [])
    if (!way.forge) return
    way.spoil((path, _, response) => {
      if (!/\/comments(?:\/\d+)?$/.test(path)) return false
      const user = { login: 'mallory', type: 'User' }
      const isList = way.asked.at(-1)?.method === 'GET'
      response
        .writeHead(200, json)
        .end(JSON.stringify(isList ? [{ id: 666, user, body }] : { id: 667 }))
      return true
    })
    const comment = { pullRequest: 7, marker: '<!-- sower:run sno1 -->', body: 'ours' }
    t.equal(await way.forge.upsertComment(comment), 'made')
    t.notOk(way.asked.some(({ path }) => path.endsWith('/666')))
  },
  'hole 19: a command is for those who may, whatever way it comes in': async (t, way) => {
    await way.comment(1, '/seed abort')
    const [event] = way.heard
    if (!event) throw new Error('nothing was heard')
    const world = fakeWorld()
    await askInSeven(world)
    for (const permission of ['none', 'read', 'triage'] as const) {
      world.permissions.set('alice', permission)
      t.match(await takeIn(world.start(), event), [{ code: 'PERMISSION_DENIED' }], permission)
    }
    t.strictSame(world.runs.get('sno1')?.orders, [])
  },
  'hole 20: text of a person makes no mention and no link in the answer': async (t, way) => {
    await way.comment(1, '/seed detach <img src=https://x.example> @everyone')
    const world = fakeWorld()
    openPullRequest(world, 7, { files: { 'docs/a.md': 'x' } })
    const projection = createProjection(world.ports.forge, () => undefined)
    for (const event of way.heard) await projection.answer(7, await takeIn(world.start(), event))
    const said = world.comments.get('#7 <!-- sower:answer -->') ?? ''
    t.match(said, /Refused/)
    t.notMatch(said, /<img|@everyone|:\/\/x/)
    t.equal(way.heard.length, 1)
  },
}

for (const [hole, check] of Object.entries(holes))
  for (const [name, start] of Object.entries(waysIn))
    t.test(`${hole}, ${name}`, async t => check(t, await start(t)))
