import t from 'tap'
import { ConflictError, UnavailableError } from '../../src/errors.ts'
import { oneIn } from '../support/one-in.ts'
import { playOnFakes, whole, type Trouble } from '../support/run/play-on-fakes.ts'
import { troubledPorts, type Mishap } from '../support/run/troubled-ports.ts'

/** How often the trouble under test has happened. */
const met = { times: 0 }

const happens = (is: boolean): boolean => {
  if (is) met.times += 1
  return is
}

/** Says yes to one question of so many. */
const each = (number: number): (() => boolean) => {
  const next = oneIn(number, true)
  return () => next() === true
}

/** Of the calls that match, one in so many goes wrong; with `obeyed` only writes do, which are obeyed all the same. */
const troubleOf = (
  of: RegExp,
  number: number,
  mishap: Mishap = 'lost',
  error?: (call: string) => Error,
): Trouble => {
  const isDue = each(number)
  return {
    ports: ports =>
      troubledPorts(
        ports,
        (call, isWrite) =>
          happens(of.test(call) && (mishap === 'lost' || isWrite) && isDue()) ? mishap : null,
        error,
      ),
  }
}

/** A system that is away for so many turns, from one on, again and again. */
const outageOf = (
  of: RegExp,
  [from, length, again]: readonly [number, number, number],
): Trouble => {
  let now = 0
  return {
    ports: ports =>
      troubledPorts(ports, call =>
        happens(of.test(call) && now >= from && (now - from) % again < length) ? 'lost' : null,
      ),
    before: turn => {
      now = turn
    },
  }
}

const full = (): Error =>
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })

/** Files that cannot be written one time in so many. */
const fullDisk = (number: number): Trouble => {
  const isDue = each(number)
  const writing = /^(?:done|postpone|rename|setAside|begin|end|gotFurther)$/
  return {
    files: kept =>
      new Proxy(kept, {
        get: (target, name) => {
          if (happens(writing.test(String(name)) && isDue())) throw full()
          return Reflect.get(target, name) as unknown
        },
      }),
  }
}

const limited = (now: () => Date) => (): Error =>
  new UnavailableError('GITHUB_FAILED', 'GitHub answered 403, a rate limit', {
    retryAt: new Date(now().getTime() + 90_000).toISOString(),
  })

const chaos: Readonly<Record<string, Trouble>> = {
  'each comment is heard of three times': { hearings: 3 },
  'GitHub gives no answer to a third of its calls': troubleOf(/^forge\./, 3),
  'GitHub obeys, and half of its answers are lost': troubleOf(/^forge\./, 2, 'obeyed'),
  'GitHub limits half of the writes': {
    ports: (ports, world) => {
      const isDue = each(2)
      const mishap = (call: string, isWrite: boolean): Mishap | null =>
        happens(call.startsWith('forge.') && isWrite && isDue()) ? 'lost' : null
      return troubledPorts(ports, mishap, limited(world.now))
    },
  },
  'the token has expired for some minutes, again and again': outageOf(/^(?:forge|repository)\./, [
    ...([2, 8, 20] as const),
  ]),
  'git gives no answer to a fifth of its calls': troubleOf(/^repository\./, 5),
  'git obeys, and each answer to a push is lost': troubleOf(/^repository\./, 1, 'obeyed'),
  'the hub gives no answer to a tenth of the calls': troubleOf(/^hub\./, 10),
  'the hub is away for minutes, again and again': outageOf(/^(?:hub|runs)\./, [3, 6, 15]),
  'the hub obeys, and half of its answers are lost': troubleOf(
    ...([/^(?:hub|runs)\./, 2, 'obeyed'] as const),
  ),
  'the seed gives no answer to a tenth of the reads': troubleOf(/^seed\.(?:read|list|may)$/, 10),
  'the seed is away for minutes, again and again': outageOf(/^seed\.(?:read|list|may|ready)$/, [
    ...([3, 6, 15] as const),
  ]),
  'the registry gives no answer to half of the calls': troubleOf(/^registry\./, 2),
  'somebody else has changed the run at a third of the writes': troubleOf(
    ...([/^runs\.replace$/, 3, 'lost'] as const),
    () => new ConflictError('RUN_CHANGED', 'saving the run: it was changed by someone else'),
  ),
  'the clock steps ten minutes back and forth': {
    before: (turn, world) => {
      if (turn % 10 === 4) world.tick(600)
      if (happens(turn % 10 === 9)) world.tick(-600)
    },
  },
  'the clock was a day ahead at the start, and is put right in the middle': {
    before: (turn, world) => {
      if (turn === 0) world.tick(86_400)
      if (happens(turn === 12)) world.tick(-86_400)
    },
  },
  'the disk is full at a fourth of the writes': fullDisk(4),
}

for (const [what, trouble] of Object.entries(chaos))
  t.test(`a run ends as in peace where ${what}`, async t => {
    met.times = 0
    const { left, heard } = await playOnFakes(t, { ...trouble, isShownLate: true })
    t.strictSame(left, whole)
    t.ok(met.times > 0 || heard > 1, 'it happened')
  })
