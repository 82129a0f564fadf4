import './intake/binding.ts'
import './intake/answer-compare.ts'
import './intake/answer-preflight.ts'
import './intake/identify-label.ts'
import './intake/outsiders.ts'
import './intake/take-in.ts'
import './intake/answer-plan.ts'
import './intake/verb-role-input.ts'
import t from 'tap'
import { newRun } from '../../src/core/run/run.ts'
import { present, unknown } from '../../src/core/seen.ts'
import { FailedError, UnavailableError } from '../../src/errors.ts'
import { roles, type Permission } from '../../src/core/settings/roles.ts'
import { readConfiguration } from '../../src/core/settings/configuration.ts'
import { authorise } from '../../src/operations/intake/authorise.ts'
import { createGate, isEnough, isOutsider } from '../../src/operations/intake/create-gate.ts'
import { openPullRequest } from '../../src/operations/intake/open-pull-request.ts'
import { placeOrder } from '../../src/operations/intake/place-order.ts'
import { refuseSharedBranch } from '../../src/operations/intake/refuse-shared-branch.ts'
import { refuseDraft, refuseUnlessOurs } from '../../src/operations/intake/refuse-unless-ours.ts'
import { requestByCommand, requestByLabel } from '../../src/operations/intake/request-by-label.ts'
import {
  askInSeven,
  configuration,
  fakeWorld,
  openPullRequest as opened,
  requestFile,
} from '../support/fake-world.ts'

const from = {
  ...{ key: '#7/comment/1/0', pullRequest: 7, sender: 'alice' },
  permission: 'write',
} as const

t.test(
  'authorise lets pass from the configured permission up, and says what is missing',
  async t => {
    const verbs = ['detach', 'retry', 'abort'] as const
    for (const wanted of ['write', 'maintain', 'admin'] as const) {
      const permissions = `permissions: {${verbs.map(verb => `${verb}: ${wanted}`).join(', ')}}`
      const content = configuration.replace(/permissions.*/, permissions)
      for (const permission of roles)
        for (const verb of verbs) {
          const world = fakeWorld()
          world.repository.write('main', 'Configure', [{ path: 'sower.yaml', content }])
          let fetches = 0
          world.faults.set('repository.fetch', () => void (fetches += 1))
          const asked = authorise(world.start(), { ...from, permission }, verb)
          const what = `${verb} with ${permission} where ${wanted} is wanted`
          if (roles.indexOf(permission) >= roles.indexOf(wanted))
            t.match(await asked, { config: { permissions: { [verb]: { role: wanted } } } }, what)
          else {
            const least = isOutsider(permission) ? 'write' : wanted
            await t.rejects(asked, {
              ...{ name: 'RefusedError', code: 'PERMISSION_DENIED' },
              message: `${verb} was asked for by alice, who ${permission === 'none' ? 'is not a collaborator of this repository' : `has the permission ${permission}`}`,
              fix: `ask someone with the permission ${least} on this repository`,
            })
          }
          t.equal(fetches, isOutsider(permission) ? 0 : 1, `${what}: what was fetched`)
        }
    }
  },
)

t.test('a command that is kept to some is for those alone, whoever else may write', async t => {
  const kept = 'permissions: { detach: { users: [Ada], teams: [platform, sre] } }'
  const content = configuration.replace(/permissions.*/, kept)
  const world = fakeWorld()
  world.repository.write('main', 'Configure', [{ path: 'sower.yaml', content }])
  world.teams.add('sre/bob')
  const asking = (sender: string, permission: Permission = 'write') =>
    authorise(world.start(), { ...from, sender, permission }, 'detach')
  for (const sender of ['ada', 'ADA', 'bob'])
    t.match(await asking(sender), { config: { seeds: ['sno1', 'sno2'] } }, sender)
  for (const permission of ['write', 'admin'] as const)
    await t.rejects(asking('alice', permission), {
      ...{ name: 'RefusedError', code: 'PERMISSION_DENIED' },
      message:
        'detach was asked for by alice, whom `permissions.detach` in sower.yaml does not name',
      fix: 'ask one of Ada, the team platform, the team sre',
    })
  await t.rejects(asking('ada', 'read'), { code: 'PERMISSION_DENIED' }, 'the role counts as well')
  for (const error of [
    new UnavailableError('GITHUB_FAILED', 'reading the team: no answer'),
    new FailedError('GITHUB_FAILED', 'reading the team: the token may not'),
  ]) {
    world.faults.set('forge.isTeamMember', () => Promise.reject(error))
    await t.rejects(asking('bob'), error, 'without an answer nobody is let in')
    t.match(await asking('ada'), { config: {} }, 'who is named needs none')
  }
  t.match(await authorise(world.start(), from, 'retry'), { config: {} })
})

t.test('the gate keeps few of those that it met', async t => {
  const asked: string[] = []
  const world = fakeWorld()
  world.faults.set('forge.permission', login => void asked.push(String(login)))
  const gate = createGate(world.ports.forge, world.now)
  for (let person = 0; person < 1001; person += 1) await gate.permission(`p${person}`)
  await gate.permission('p1000')
  await gate.permission('p0')
  t.strictSame(asked.slice(1000), ['p1000', 'p0'], 'the oldest is asked for again')
  t.equal(isEnough('read', 'none'), true)
})

const config = readConfiguration(configuration, () => [])
t.test('a pull request is worked on only where it can be pushed to and counts', async t => {
  const world = fakeWorld()
  const headSha = opened(world, 7)
  t.match(await openPullRequest(world.start(), config, 7), { number: 7, headSha, branch: 'seed-7' })
  const refused = [
    [{ state: 'closed' }, 'it is not an open pull request'],
    [{ state: 'merged' }, 'it is not an open pull request'],
    [{ isFork: true }, 'its branch is in a fork, where Sower cannot write'],
    [{ isFork: true, isHeadGone: true }, 'the repository of its branch is deleted'],
    [{ base: 'release' }, 'its base is release'],
    [{ base: 'main ' }, 'its base is main '],
  ] as const
  for (const [change, reason] of refused) {
    opened(world, 8, change)
    await t.rejects(openPullRequest(world.start(), config, 8), {
      ...{ name: 'RefusedError', code: 'REQUEST_INVALID', message: `reading #8: ${reason}` },
      fix: 'open a pull request against main from a branch of this repository',
    })
  }
  await t.rejects(openPullRequest(world.start(), config, 9), {
    code: 'REQUEST_INVALID',
    message: 'reading #9: it is not an open pull request',
  })
  // An answer that does not come is no answer "closed".
  world.faults.set('forge.pullRequest', async () => unknown('timeout'))
  await t.rejects(openPullRequest(world.start(), config, 7), {
    ...{ name: 'UnavailableError', code: 'GITHUB_FAILED' },
    message: 'reading #7: GitHub gave no answer (timeout)',
  })
  const retryAt = '2026-11-22T10:00:00Z'
  world.faults.set('forge.pullRequest', async () => unknown('forbidden', retryAt))
  await t.rejects(openPullRequest(world.start(), config, 7), {
    ...{ name: 'UnavailableError', code: 'GITHUB_FAILED', retryAt },
    message: `reading #7: GitHub does not let the bot's token read it; next try at ${retryAt}`,
  })
  world.faults.set('forge.pullRequest', async () => unknown('forbidden'))
  await t.rejects(openPullRequest(world.start(), config, 7), {
    ...{ name: 'FailedError', code: 'GITHUB_FAILED', fix: /configuration\.md/ },
    message: "reading #7: GitHub does not let the bot's token read it",
  })
})

t.test('a branch that is more than the head of its pull request is refused', async t => {
  const uses = [
    [{ isDefault: true }, 'it is the default branch'],
    [{ isProtected: true }, 'it is protected'],
    [{ baseOf: [9] }, 'it is the base of #9'],
    [{}, 'Argo CD renders it for prod'],
  ] as const
  for (const [change, problem] of uses) {
    const world = fakeWorld()
    opened(world, 7)
    const use = { isDefault: false, isProtected: false, baseOf: [], ...change }
    world.faults.set('forge.branchUse', async () => present(use))
    const source = { repoURL: 'git@github.com:example/site', targetRevision: 'seed-7' }
    const metadata = { name: 'prod', uid: '' }
    world.hub.add({ kind: 'Application', metadata, spec: { source } }, 'openshift-gitops')
    await t.rejects(openPullRequest(world.start(), config, 7), {
      ...{ name: 'RefusedError', code: 'BRANCH_SHARED', fix: /a branch of its own/ },
      message: `looking at the branch seed-7: ${problem}`,
    })
    await t.rejects(requestByCommand(world.start(), from, { cluster: 'sno1' }), {
      code: 'BRANCH_SHARED',
    })
    t.strictSame([...world.runs.keys()], [])
  }
  const fine = fakeWorld()
  t.strictSame(await refuseSharedBranch(fine.start(), config, 'seed-7'), present(true))
  // Who gives no answer is asked again before the push.
  const silent = fakeWorld()
  opened(silent, 7)
  silent.faults.set('hub.list', async () => unknown('timeout'))
  silent.faults.set('forge.branchUse', async () => unknown('timeout'))
  t.match(await openPullRequest(silent.start(), config, 7), { number: 7 })
  t.doesNotThrow(() => {
    refuseDraft({ number: 7 })
  })
  const { settings } = fine.start()
  const ours = { number: 7, base: 'main', branch: 'seed-7', isFork: false }
  t.doesNotThrow(() => {
    refuseUnlessOurs({ settings }, {}, ours)
  })
  const own = readConfiguration(`${configuration}branchPrefix: seed/\n`, () => [])
  await t.rejects(openPullRequest(silent.start(), own, 7), {
    code: 'REQUEST_INVALID',
    message: 'reading #7: its branch seed-7 does not begin with seed/',
    fix: 'open a pull request against main from a branch of this repository that begins with seed/',
  })
})

t.test('a retry that takes a new head needs the permission to detach', async t => {
  const world = fakeWorld()
  const content = configuration.replace(/permissions.*/, 'permissions: { detach: admin }')
  world.repository.write('main', 'Configure', [{ path: 'sower.yaml', content }])
  const run = await askInSeven(world)
  const blockedBy = (code: 'HEAD_MOVED' | 'PREFLIGHT_FAILED'): void => {
    const blocked = { code, reason: 'r', fix: 'f', since: run.since }
    world.runs.set('sno1', { ...world.runs.get('sno1')!, blocked })
  }
  const root = { ...from, sender: 'root', permission: 'admin' } as const
  blockedBy('HEAD_MOVED')
  await t.rejects(placeOrder(world.start(), from, { verb: 'retry' }), {
    ...{ name: 'RefusedError', code: 'PERMISSION_DENIED' },
    message: 'detach was asked for by alice, who has the permission write',
  })
  t.strictSame(world.runs.get('sno1')?.orders, [])
  t.equal(await placeOrder(world.start(), root, { verb: 'retry' }), null)
  blockedBy('PREFLIGHT_FAILED')
  t.equal(await placeOrder(world.start(), { ...from, key: 'another' }, { verb: 'retry' }), null)
  t.strictSame(
    world.runs.get('sno1')?.orders.map(({ by }) => by),
    ['root', 'alice'],
  )
})

t.test('an order is kept on the run of its pull request, once', async t => {
  const world = fakeWorld()
  const run = await askInSeven(world)
  const elsewhere = { ...run.request, cluster: 'sno2', pullRequest: 8, key: 'other' }
  await world.ports.runs.create(newRun(elsewhere, run.since))
  const context = world.start()
  for (const verb of ['retry', 'retry'] as const)
    t.equal(await placeOrder(context, from, { verb }), null)
  const order = { key: from.key, verb: 'retry', by: 'alice', at: world.now().toISOString() }
  t.strictSame(world.runs.get('sno1')?.orders, [order])
  t.strictSame(world.runs.get('sno2')?.orders, [])
})

t.test('an order without the permission or without a run leaves all as it was', async t => {
  const world = fakeWorld()
  const run = await askInSeven(world)
  await t.rejects(placeOrder(world.start(), from, { verb: 'abort' }), { code: 'PERMISSION_DENIED' })
  // The permission comes first: who has none learns nothing of the runs.
  const stranger = { ...from, sender: 'mallory', permission: 'none', pullRequest: 9 } as const
  await t.rejects(placeOrder(world.start(), stranger, { verb: 'retry' }), {
    code: 'PERMISSION_DENIED',
  })
  await t.rejects(placeOrder(world.start(), { ...from, pullRequest: 9 }, { verb: 'retry' }), {
    code: 'REQUEST_INVALID',
    message: 'retry was asked for on #9, which has no run under way',
  })
  t.equal(world.runs.get('sno1'), run)
})

t.test('a label counts for the one request that its head brings', async t => {
  const path = (cluster: string): string => `seeds/${cluster}/request.yaml`
  const both = { [path('sno1')]: requestFile('sno1'), [path('sno2')]: requestFile('sno2') }
  const cases = [
    [{ [path('sno2')]: requestFile('sno2') }, 'sno2'],
    [both, 'reading #7: it asks for several clusters: sno1, sno2'],
    [
      { 'notes.md': 'x' },
      'reading #7: it asks for no seed cluster (sno1, sno2): it adds no request, takes none of them out, and its description holds no command',
    ],
  ] as const
  for (const [files, expected] of cases) {
    const world = fakeWorld()
    const headSha = opened(world, 7, { files })
    const asked = requestByLabel(world.start(), { ...from, headSha })
    if (expected === 'sno2') {
      await asked
      t.match([...world.runs.values()], [{ name: 'sno2', request: { headSha, key: from.key } }])
    } else await t.rejects(asked, { code: 'REQUEST_INVALID', message: expected })
  }
})

t.test('a command takes the image of the template only where the branch names none', async t => {
  const named = requestFile('sno1').replace(/image: .*/, 'image: registry.example.com/own:1')
  const cases = [
    [{}, configuration, 'registry.example.com/ibu/sno1:4.18.5'],
    [{ 'seeds/sno1/request.yaml': named }, configuration, 'registry.example.com/own:1'],
    // A request of another cluster says nothing of this one.
    [
      { 'seeds/sno2/request.yaml': requestFile('sno2') },
      configuration,
      'registry.example.com/ibu/sno1:4.18.5',
    ],
    [{}, configuration.replace(/^image: .*\n/m, ''), null],
  ] as const
  for (const [files, content, image] of cases) {
    const world = fakeWorld()
    world.repository.write('main', 'Configure', [{ path: 'sower.yaml', content }])
    opened(world, 7, { files })
    const asked = requestByCommand(world.start(), from, { cluster: 'sno1' })
    if (image === null) await t.rejects(asked, { code: 'IMAGE_INVALID' })
    else t.equal(await asked, null)
    t.strictSame(
      [...world.runs.values()].map(({ request }) => request.image),
      image === null ? [] : [image],
    )
  }
})
