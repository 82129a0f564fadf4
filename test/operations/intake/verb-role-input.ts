import t from 'tap'
import { eventOf } from '../../../src/bot/poll/event-of.ts'
import { readEvent } from '../../../src/bot/webhook/read-event.ts'
import { isVerb, namesCluster, rowOf, verbs } from '../../../src/core/command/verbs.ts'
import { takeIn } from '../../../src/operations/intake/take-in.ts'
import { roles, type Permission } from '../../../src/core/settings/roles.ts'
import type { Happening, Incoming } from '../../../src/operations/ports/inbox.ts'
import {
  askInSeven,
  configuration,
  fakeWorld,
  openPullRequest,
  requestFile,
  type FakeWorld,
} from '../../support/fake-world.ts'

/** Who may, by the configuration of this test: the least role, and the people to whom it is kept. */
const rights = {
  detach: { role: 'maintain', users: [] },
  retry: { role: 'write', users: [] },
  abort: { role: 'admin', users: [] },
  promote: { role: 'write', users: ['someone-else'] },
} as const
const configured = configuration.replace(/permissions.*/, `permissions: ${JSON.stringify(rights)}`)

const at = '2026-11-22T10:00:00Z'
const by = { login: 'alice', type: 'User' }
const repository = { full_name: 'example/site' }

type Way = (body: string, headSha: string) => Incoming | undefined
const delivered = (name: string, payload: object): Incoming | undefined =>
  readEvent(name, { repository, sender: by, ...payload })?.incoming
const found = (happening: Happening): Incoming | undefined =>
  eventOf(happening, repository)?.incoming
const issue = { number: 7, pull_request: {} }

/** Every way in on which a person gives a command, as a webhook brings it and as a look finds it. */
const inputs: Readonly<Record<string, Way>> = {
  'a comment, by webhook': body =>
    delivered('issue_comment', {
      ...{ action: 'created', issue, comment: { id: 1, body, created_at: at } },
    }),
  'a comment, by polling': body =>
    found({
      ...{ what: 'comment', id: 1, by, body, editedAt: null, isAnswered: false },
      ...{ pullRequest: 7, at },
    }),
  'a review, by webhook': (body, commit_id) =>
    delivered('pull_request_review', {
      ...{ action: 'submitted', pull_request: { number: 7 } },
      review: { id: 2, body, commit_id, submitted_at: at },
    }),
  'a review, by polling': (body, headSha) =>
    found({ what: 'review', id: 2, by, body, state: 'COMMENTED', headSha, pullRequest: 7, at }),
  'a description, by webhook': (body, sha) =>
    delivered('pull_request', {
      action: 'opened',
      pull_request: { number: 7, body, head: { sha }, created_at: at },
    }),
  'a description, by polling': (body, headSha) =>
    found({ what: 'opened', by, body, headSha, pullRequest: 7, at }),
}
const labels: Readonly<Record<string, Way>> = {
  'a label, by webhook': (_, sha) =>
    delivered('pull_request', {
      ...{ action: 'labeled', label: { name: 'seed' } },
      pull_request: { number: 7, head: { sha }, updated_at: at, body: '' },
    }),
  'a label, by polling': (_, headSha) => {
    const incoming = found({ what: 'label', id: 3, by, label: 'Seed', pullRequest: 7, at })
    return incoming?.kind === 'label' ? { ...incoming, headSha } : undefined
  },
}

/** A world in which every command has something to work on. */
const worldFor = async (verb: string, permission: Permission): Promise<FakeWorld> => {
  const world = fakeWorld()
  world.repository.write('main', 'Configure', [{ path: 'sower.yaml', content: configured }])
  world.permissions.set('alice', permission)
  if (verb === 'retry' || verb === 'abort') await askInSeven(world)
  else openPullRequest(world, 7, { files: { 'seeds/sno1/request.yaml': requestFile('sno1') } })
  return world
}

const anyone: Readonly<{ role: Permission; users: readonly string[] }> = {
  role: 'write',
  users: [],
}
const mayRun = (verb: string, permission: Permission): boolean => {
  const needs = isVerb(verb) ? rowOf(verb).needs : null
  const { role, users } = needs === null ? anyone : rights[needs]
  return roles.indexOf(permission) >= roles.indexOf(role) && users.length === 0
}

for (const verb of [...Object.keys(verbs), 'label'])
  t.test(`hole 19: ${verb} is for those who may, whatever way it comes in`, async t => {
    for (const permission of roles)
      for (const [input, way] of Object.entries(verb === 'label' ? labels : inputs)) {
        const world = await worldFor(verb, permission)
        const headSha = world.repository.branches.get('seed-7') ?? ''
        const row = isVerb(verb) ? rowOf(verb) : null
        const words = isVerb(verb) && namesCluster(verb) ? [verb, 'sno1'] : [verb]
        const body = ['/seed', ...words, ...(row?.flag === undefined ? [] : [row.flag])].join(' ')
        const incoming = way(body, headSha)
        if (!incoming) throw new Error(`${input} says nothing`)
        const before = JSON.stringify([...world.runs])
        const answers = await takeIn(world.start(), incoming)
        const isDenied = answers.some(answer => answer?.code === 'PERMISSION_DENIED')
        // Everybody may ask for help, and to be shown what everybody sees.
        const isOpen = verb === 'help' || verb === 'status'
        const may = isOpen || mayRun(verb === 'label' ? 'detach' : verb, permission)
        t.equal(isDenied, !may, `${input}, with ${permission}`)
        if (may) continue
        t.equal(answers.length, 1)
        t.strictSame(world.acts, [])
        t.equal(JSON.stringify([...world.runs]), before)
      }
  })

t.test('what was edited or stands on code is answered, and obeyed for nobody', async t => {
  const comment = { id: 1, body: '/seed detach sno1', created_at: at, updated_at: at }
  const edited = delivered('issue_comment', {
    ...{ action: 'edited', issue, comment, changes: { body: { from: 'x' } } },
  })
  const onCode = delivered('pull_request_review_comment', {
    ...{ action: 'created', pull_request: { number: 7 }, comment },
  })
  for (const incoming of [edited, onCode])
    for (const permission of roles) {
      const world = await worldFor('detach', permission)
      if (!incoming) throw new Error('nothing came in')
      t.match(await takeIn(world.start(), incoming), [{ code: 'ARGUMENT_INVALID' }])
      t.equal(world.runs.size, 0)
    }
})
