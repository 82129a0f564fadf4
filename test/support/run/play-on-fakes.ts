import { join } from 'node:path'
import type { Test } from 'tap'
import { fileAttempts } from '../../../src/adapters/files/file-attempts.ts'
import { fileInbox } from '../../../src/adapters/files/file-inbox.ts'
import { leaseLeadership } from '../../../src/adapters/kubernetes/lease-leadership.ts'
import { seedRunStore } from '../../../src/adapters/kubernetes/seed-run-store.ts'
import { createTurn } from '../../../src/bot/create-turn.ts'
import { seedRunDefinition } from '../../../src/core/run/seed-run-definition.ts'
import { portsOfLeader } from '../../../src/bot/ports-of-leader.ts'
import { createContext } from '../../../src/operations/context.ts'
import type { Run } from '../../../src/core/run/run.ts'
import type { Ports } from '../../../src/operations/ports/ports.ts'
import { createClock } from '../../../src/sandbox/clock.ts'
import { createObjectStore } from '../../../src/sandbox/kubernetes/object-store.ts'
import { parseObject } from '../../../src/sandbox/kubernetes/requests/parse-object.ts'
import { hubResources } from '../../../src/sandbox/kubernetes/resource.ts'
import { fakeWorld, openPullRequest, type FakeWorld } from '../fake-world.ts'
import { apiWithoutSockets } from '../sandbox/api-without-sockets.ts'
import { mortalPorts, type Fate } from './mortal-ports.ts'

/** The runs and the Lease of a bot, in the API of a simulated hub. */
const startHub = (t: Test) => {
  const clock = createClock(1)
  t.teardown(clock.stop)
  const store = createObjectStore(clock)
  store.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'sower' } })
  store.create(parseObject(seedRunDefinition()))
  const api = { store, clock, resources: hubResources, admins: ['sower'] }
  return apiWithoutSockets(api, 'sower')
}

/** Trouble of a run; without any it is played in peace. */
export type Trouble = Readonly<{
  /** How each process ends, counted from 1. */
  fateOf?: (process: number) => Fate
  /** Spoils answers of the outside. */
  ports?: (ports: Ports, world: FakeWorld) => Ports
  /** Spoils what a process keeps in files. */
  files?: <T extends object>(kept: T) => T
  /** Happens before each turn. */
  before?: (turn: number, world: FakeWorld) => void
  /** The end of the run may be written to GitHub some looks later. */
  isShownLate?: boolean
  /** How often each comment is heard of. */
  hearings?: number
  /** Tells whether a person asks for another try where a delivery is unknown; else they do at once. */
  mayRetry?: () => boolean
  /** Each look is made by a process of its own: the one before is killed. */
  restarts?: boolean
  /** Further lines of sower.yaml. */
  settings?: string
}>

/**
 * A whole run from a comment to its end, whose runs are SeedRuns. A person merges once the check is green, and asks for
 * another try where a delivery is unknown.
 */
export const playOnFakes = async (
  t: Test,
  trouble: Trouble = {},
): Promise<
  Readonly<{ left: object; writes: readonly string[]; ends: readonly string[]; heard: number }>
> => {
  const fateOf = trouble.fateOf ?? ((): Fate => ({}))
  const spoil = trouble.ports ?? ((ports: Ports): Ports => ports)
  const files = trouble.files ?? (<T extends object>(kept: T): T => kept)
  const world = fakeWorld(trouble.settings)
  const configuration = startHub(t)
  const directory = t.testdir()
  const runs = seedRunStore(configuration, { namespace: 'sower' })
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined }
  openPullRequest(world, 7, { files: { 'notes.md': 'A seed image, please.\n' } })
  // Who is started again has its files; another pod has its own, and GitHub tells both.
  const isOfTwo = fateOf(1).freezesAt !== undefined
  const inboxes = (isOfTwo ? ['one', 'other'] : ['one']).map(name =>
    fileInbox(join(directory, name)),
  )
  const say = (commentId: number, body: string): void => {
    const key = `#7/comment/${commentId}`
    const event = {
      kind: 'comment',
      key,
      pullRequest: 7,
      commentId,
      sender: 'alice',
      body,
    } as const
    for (const each of inboxes)
      for (let heard = 0; heard < (trouble.hearings ?? 1); heard += 1) each.put(event)
  }
  const ends: string[] = []
  const statuses = new Map<string, string>()
  world.faults.set('forge.setStatus', given => {
    const { sha, state } = given as { sha: string; state: string }
    statuses.set(sha, state)
    return undefined
  })
  let number = 0
  const start = (isEnding = false) => {
    number += 1
    const leadership = leaseLeadership(configuration, {
      ...{ namespace: 'sower', identity: `bot-${number}`, now: world.now },
      monotonic: () => world.now().getTime(),
    })
    const ports = portsOfLeader(spoil({ ...world.ports, runs, leadership }, world))
    const mortal = mortalPorts(ports, isEnding ? {} : fateOf(number))
    const context = createContext({
      ports: mortal.ports,
      settings: { repository: 'example/site', branch: 'main', namespace: 'sower' },
      now: world.now,
    })
    const inbox = files(mortal.files(inboxes[isOfTwo && number > 1 ? 1 : 0]!))
    // A new pod has counted no attempts; what happens to one that has is tried in create-turn.ts.
    const attempts = files(mortal.files(fileAttempts(join(directory, `attempts-${number}`))))
    const turn = createTurn({ context, inbox, attempts, log })
    const take = async (): Promise<'looked' | 'stood by'> => {
      await leadership.renew()
      if (!leadership.holds()) return 'stood by'
      await turn.take()
      await turn.settled()
      return 'looked'
    }
    return { ...mortal, take }
  }
  say(1, '/seed detach sno1')
  let process = start()
  const all = [process]
  let later = async (): Promise<void> => undefined
  const isShown = ({ facts }: Run): boolean =>
    statuses.get(facts.mergedAs ?? '') === 'success' &&
    [...world.comments.values()].some(body => body.includes(': Completed')) &&
    [...world.comments.keys()].some(key => key.includes('sower:ended'))
  const asked: string[] = []
  let isOver = false
  for (let turns = 0; !isOver; turns += 1) {
    if (turns === 600) throw new Error(`stuck: ${JSON.stringify(await runs.get('sno1'))}`)
    trouble.before?.(turns, world)
    const taking = process.take()
    const end = await Promise.race([process.ended, taking])
    const run = await runs.get('sno1')
    // A look that somebody lived through: what is shown of the end is written.
    isOver =
      run?.phase === 'Completed' &&
      end === 'looked' &&
      (trouble.isShownLate !== true || isShown(run))
    if (trouble.restarts && end === 'looked' && !isOver)
      all.push((process = start(run?.phase === 'Completed')))
    if (end !== 'looked' && end !== 'stood by') {
      ends.push(end)
      const before = process
      if (isOfTwo)
        later = async () => {
          before.thaw()
          await taking
          await before.take()
        }
      all.push((process = start(run?.phase === 'Completed')))
    }
    // A person who merges what Sower opened once it says that it waits for that.
    const waits = /#(\d+) brings/.exec(run?.blocked?.reason ?? '')
    if (run?.blocked?.code === 'MERGE_AWAITED' && waits) mergeOwn(world, Number(waits[1]))
    if (run?.phase === 'Proposed' && !run.blocked && world.pullRequests.get(7)?.state === 'open')
      world.merge(7)
    const mayRetry = trouble.mayRetry?.() ?? true
    if (
      mayRetry &&
      run?.blocked?.code === 'DELIVERY_UNKNOWN' &&
      !asked.includes(run.blocked.since)
    ) {
      asked.push(run.blocked.since)
      say(1 + asked.length, '/seed retry')
    }
    world.turn()
    world.tick(16)
  }
  await later()
  const writes = all.flatMap(each => each.writes)
  const run = await runs.get('sno1')
  const mergedAs = run?.facts.mergedAs ?? ''
  const left = {
    run: { phase: run?.phase, blocked: run?.blocked, intent: run?.intent },
    main: world.repository.log('main'),
    branch: world.repository.log('seed-7'),
    onSeed: world.seed.created,
    delivered: writes.filter(write => write === 'seed.create').length,
    onHub: [...new Set(world.hub.created)],
    // A call for a person belongs to the trouble; the one for the end is there once.
    comments: [...world.comments.keys()]
      .filter(key => !key.includes('sower:waits'))
      .map(key => key.replace(/ [0-9a-f]{12} /, ' ')),
    report: /: Completed/.exec([...world.comments.values()].join())?.[0],
    check: statuses.get(mergedAs),
    remains: [world.seed.find('SeedGenerator'), world.hub.objects.get('Secret/sower/sno1-access')],
    opened: [...world.pullRequests.values()]
      .slice(1)
      .map(({ branch, state }) => `${state} ${branch.replace(/-[0-9a-f]{8}$/, '')}`),
  }
  return { left, writes, ends, heard: trouble.hearings ?? 1 }
}

/** The record of the merge first, which is not waited for: both change the same file. */
const mergeOwn = (world: FakeWorld, number: number): void => {
  for (const one of [...world.pullRequests.values()])
    if (one.number !== 7 && one.number <= number && one.state === 'open') world.merge(one.number)
}

/** What every whole run leaves behind: each thing was made once. */
export const whole = {
  run: { phase: 'Completed', blocked: null, intent: null },
  main: [
    'Record the seed image of sno1: completed',
    'Generate the seed image of sno1',
    'Record the merge of sno1',
    'Merge',
    'Begin',
  ],
  branch: ['Detach sno1', 'Ask in #7', 'Begin'],
  onSeed: ['Secret', 'SeedGenerator'],
  delivered: 2,
  onHub: ['Secret sno1-access'],
  comments: ['#7 <!-- sower:run sno1 -->', '#7 <!-- sower:ended sno1 -->'],
  report: ': Completed',
  check: 'success',
  remains: [undefined, undefined],
  opened: [],
}

/** The same where all that Sower commits after the merge comes by pull requests of its own. */
export const wholeByPullRequest = {
  ...whole,
  main: ['Merge', 'Merge', 'Merge', 'Merge', 'Begin'],
  opened: [
    'merged sower-sno1-record-merge',
    'merged sower-sno1-seed-generator',
    'merged sower-sno1-record',
  ],
}

/** The same with a record of the merge that nobody has merged. */
export const withOpenRecord = {
  ...wholeByPullRequest,
  main: wholeByPullRequest.main.slice(1),
  opened: ['open sower-sno1-record-merge', ...wholeByPullRequest.opened.slice(1)],
}
