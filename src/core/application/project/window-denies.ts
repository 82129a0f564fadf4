import { lastFire, readCron } from './cron-schedule.ts'
import { globMatch } from './glob-match.ts'
import type { Application } from '../read-application.ts'
import type { Project, SyncWindow } from './read-project.ts'

const minute = 60_000
/** The longest window: one that begins once a year and lasts longer is taken to be always on. */
const longest = 366 * 24 * 60 * minute

type Placed = Pick<Application, 'name' | 'destination'>
type At = Readonly<{ at: string; isManual: boolean }>

const units: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: minute,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
}

/** Reads a duration as Go does, such as `1h30m`, in milliseconds; undefined where it is none. */
export const readDuration = (text: string): number | undefined => {
  if (text === '0') return 0
  if (!/^(?:\d+(?:\.\d*)?(?:h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined
  return [...text.matchAll(/([\d.]+)(h|ms|m|s|us|µs|ns)/g)].reduce(
    (sum, [, number = '', unit = '']) => sum + Number(number) * Number(units[unit]),
    0,
  )
}

/** How far a time zone is from UTC then, in milliseconds; 0 where it is none, as Argo CD takes it. */
const offsetOf = (timeZone: string, at: number): number => {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: timeZone || 'UTC', hourCycle: 'h23', year: 'numeric', month: 'numeric' },
      ...{ day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    }).formatToParts(at)
    const [year = 0, month = 0, ...rest] = (
      ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
    ).map(type => Number(parts.find(part => part.type === type)?.value))
    const [day, hour, minutes, seconds] = rest
    return Date.UTC(year, month - 1, day, hour, minutes, seconds) - Math.floor(at / 1000) * 1000
  } catch {
    return 0
  }
}

/**
 * Tells whether a window is open at a time: it began less than its duration before, read in its time zone with the
 * offset of that time (types.go, SyncWindows.active and scheduleOffsetByTimeZone). Undefined where it cannot be read.
 */
export const isOpen = (window: SyncWindow, at: string): boolean | undefined => {
  const schedule = readCron(window.schedule)
  const duration = readDuration(window.duration)
  if (!schedule || duration === undefined) return undefined
  const utc = Date.parse(at)
  const now = utc + offsetOf(window.timeZone, utc)
  const after = now - Math.min(duration, longest)
  return lastFire(schedule, { before: now, after }) !== undefined
}

/** Tells whether a window is for this Application (types.go, SyncWindows.Matches). */
export const concerns = (window: SyncWindow, { name, destination }: Placed): boolean => {
  const { applications, clusters, namespaces, andOperator } = window
  const asked = [
    [applications ?? [], [name]],
    [clusters ?? [], [destination.name, destination.server].filter(Boolean)],
    [namespaces ?? [], [destination.namespace]],
  ] as const
  const answers = asked
    .filter(([patterns]) => patterns.length)
    .map(([patterns, values]) =>
      patterns.some(pattern => values.some(value => globMatch(pattern, value))),
    )
  return andOperator ? answers.length > 0 && answers.every(Boolean) : answers.some(Boolean)
}

/** Names a window as a person finds it again. */
const named = ({ kind, schedule, duration, timeZone }: SyncWindow): string =>
  `the ${kind} window "${schedule}" of ${duration}${timeZone === '' ? '' : ` (${timeZone})`}`

/**
 * Why the windows of its project keep an Application from being synced at a time; null when nothing does. An open deny
 * window wins; without an open allow window, any allow window that is closed denies (types.go, SyncWindows.CanSync).
 */
export const windowDenies = (
  { name, spec: { syncWindows } }: Project,
  application: Placed,
  { at, isManual }: At,
): string | null => {
  const windows = (syncWindows ?? []).filter(window => concerns(window, application))
  const known = windows.map(window => ({ window, isOpen: isOpen(window, at) }))
  const unread = known.find(each => each.isOpen === undefined)
  const of = `of project ${name}`
  if (unread) return `${named(unread.window)} ${of} cannot be read, and Argo CD syncs nothing then`
  const denying = known.filter(({ window, isOpen }) => isOpen && window.kind === 'deny')
  const [deny] = denying
  if (deny)
    return isManual && denying.every(({ window }) => window.manualSync)
      ? null
      : `${named(deny.window)} ${of} is open`
  const allowing = known.filter(({ window }) => window.kind === 'allow')
  const [allow] = allowing
  if (!allow || allowing.some(({ isOpen }) => isOpen)) return null
  return isManual && allowing.every(({ window }) => window.manualSync)
    ? null
    : `${named(allow.window)} ${of} is closed`
}

const stepMinutes = 5
const lookAheadMinutes = 8 * 24 * 60

/** The first time after `at`, in steps of five minutes and within eight days, at which automated sync may go on again. */
export const allowedAgain = (project: Project, application: Placed, at: string): string | null => {
  const start = Math.ceil(Date.parse(at) / (stepMinutes * minute)) * stepMinutes * minute
  for (let ahead = 0; ahead <= lookAheadMinutes; ahead += stepMinutes) {
    const time = new Date(start + ahead * minute).toISOString()
    if (windowDenies(project, application, { at: time, isManual: false }) === null) return time
  }
  return null
}
