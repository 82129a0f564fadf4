/** When a schedule fires: the values of minute, hour, day of the month, month and day of the week. */
export type CronSchedule = Readonly<{
  minutes: ReadonlySet<number>
  hours: ReadonlySet<number>
  days: ReadonlySet<number>
  months: ReadonlySet<number>
  weekdays: ReadonlySet<number>
  /** Either day field is `*`: both must fit then, else one of them is enough. */
  needsBothDays: boolean
}>

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const weekdays = 'sun mon tue wed thu fri sat'.split(' ')

type Bounds = Readonly<{ from: number; to: number; names: readonly string[] }>
type Field = Readonly<{ values: ReadonlySet<number>; isStar: boolean }>

const valueOf = (text: string, { from, to, names }: Bounds): number | undefined => {
  const name = names.indexOf(text.toLowerCase())
  const value = name >= 0 ? name + from : /^\d+$/.test(text) ? Number(text) : -1
  return value >= from && value <= to ? value : undefined
}

/** One part of a field: `*`, `a`, `a-b`, each with `/step`; `a/step` goes to the end. */
const readRange = (part: string, bounds: Bounds): Field | undefined => {
  const [, range = '', step = ''] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? []
  const every = step === '' ? 1 : Number(step)
  const isStar = range === '*' || range === '?'
  const [low = '', high = '', more] = range.split('-')
  const first = isStar ? bounds.from : valueOf(low, bounds)
  const isOpen = isStar || (high === '' && step !== '')
  const last = isOpen ? bounds.to : high === '' ? first : valueOf(high, bounds)
  if (first === undefined || last === undefined || more !== undefined || every < 1 || last < first)
    return undefined
  const values = new Set<number>()
  for (let value = first; value <= last; value += every) values.add(value)
  return { values, isStar: isStar && every === 1 }
}

const readField = (text: string, bounds: Bounds): Field | undefined => {
  const parts = text.split(',').map(part => readRange(part, bounds))
  const read = parts.filter(part => part !== undefined)
  return read.length < parts.length
    ? undefined
    : {
        values: new Set(read.flatMap(({ values }) => [...values])),
        isStar: read.some(({ isStar }) => isStar),
      }
}

/**
 * Reads the five fields of a schedule as robfig/cron does for Argo CD, without descriptors (pkg/apis/application/
 * v1alpha1/types.go, SyncWindows.active). Undefined where it is none.
 */
export const readCron = (text: string): CronSchedule | undefined => {
  const fields = text.trim().split(/\s+/)
  const [minute, hour, day, month, weekday] = [
    readField(String(fields[0]), { from: 0, to: 59, names: [] }),
    readField(String(fields[1]), { from: 0, to: 23, names: [] }),
    readField(String(fields[2]), { from: 1, to: 31, names: [] }),
    readField(String(fields[3]), { from: 1, to: 12, names: months }),
    readField(String(fields[4]), { from: 0, to: 6, names: weekdays }),
  ]
  return minute && hour && day && month && weekday && fields.length === 5
    ? {
        minutes: minute.values,
        hours: hour.values,
        days: day.values,
        months: month.values,
        weekdays: weekday.values,
        needsBothDays: day.isStar || weekday.isStar,
      }
    : undefined
}

const day = 24 * 3_600_000

const isDay = ({ days, weekdays, months, needsBothDays }: CronSchedule, at: number): boolean => {
  const date = new Date(at)
  const [isDayOfMonth, isWeekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())]
  return (
    months.has(date.getUTCMonth() + 1) &&
    (needsBothDays ? isDayOfMonth && isWeekday : isDayOfMonth || isWeekday)
  )
}

/** The last time that it fires before `before` and after `after` (epoch milliseconds, read as UTC); undefined if none. */
export const lastFire = (
  schedule: CronSchedule,
  { before, after }: Readonly<{ before: number; after: number }>,
): number | undefined => {
  const times = [...schedule.hours]
    .flatMap(hour => [...schedule.minutes].map(minute => (hour * 60 + minute) * 60_000))
    .sort((a, b) => b - a)
  for (let from = Math.floor(before / day) * day; from + day > after; from -= day) {
    if (!isDay(schedule, from)) continue
    const found = times.find(time => from + time < before)
    if (found !== undefined) return from + found > after ? from + found : undefined
  }
  return undefined
}
