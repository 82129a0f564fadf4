import t from 'tap'
import { readRun } from '../../../src/core/run/read-run.ts'
import type { Run } from '../../../src/core/run/run.ts'
import {
  runOfSeedRun,
  seedRunFields,
  specOf,
  statusOf,
} from '../../../src/core/run/seed-run-fields.ts'
import { storedRuns } from '../../support/run/goes-on.ts'

const stored = Object.entries(storedRuns)

/** The parts of a value that it has in common with another one, which may have more. */
const within = (value: unknown, known: unknown): unknown =>
  typeof value === 'object' &&
  value !== null &&
  typeof known === 'object' &&
  known !== null &&
  !Array.isArray(known)
    ? Object.fromEntries(
        Object.entries(known).map(([field, part]) => [
          field,
          within(Reflect.get(value, field), part),
        ]),
      )
    : value
/** Version 0.1.0 said `next` for `fix`. */
const renamed = (run: object): unknown =>
  JSON.parse(JSON.stringify(run).replace('"next":', '"fix":'))

/** Stores a run as this version does, and reads that. */
const again = (run: Run): Run => {
  const metadata = { name: run.name, resourceVersion: run.version }
  const object = { metadata, spec: specOf(run), status: statusOf(run) }
  seedRunFields.parse(object)
  return runOfSeedRun(JSON.parse(JSON.stringify(object)), 'x')
}

t.test('what an earlier version has stored is read whole, and stored again without a loss', t => {
  for (const [file, value] of stored) {
    const isObject = 'kind' in value
    const run = isObject ? runOfSeedRun(value, file) : readRun(value, file)
    if (isObject) {
      const status: unknown = Reflect.get(value, 'status')
      if (status === undefined) t.equal(run.phase, 'Requested', file)
      else t.strictSame(within({ ...run, requestKey: run.request.key }, status), status, file)
      t.strictSame(within(specOf(run), Reflect.get(value, 'spec')), {
        ...Object(Reflect.get(value, 'spec')),
        requestedAt: run.since,
      })
    } else t.strictSame(within(run, renamed(value)), renamed(value), file)
    t.strictSame(again(run), run, file)
    t.strictSame(readRun(JSON.parse(JSON.stringify(run)), file), run, file)
  }
  t.ok(stored.length > 10)
  t.end()
})

t.test('a run of a later version is refused with the way out, and its cluster stays locked', t => {
  for (const [file, value] of stored) {
    const later = JSON.parse(
      JSON.stringify(value).replace(/"phase":"[A-Za-z]+"/, '"phase":"Shipping"'),
    ) as object
    if (JSON.stringify(later) === JSON.stringify(value)) continue
    t.throws(() => ('kind' in later ? runOfSeedRun(later, file) : readRun(later, file)), {
      code: 'RUN_UNREADABLE',
      message: new RegExp(`^reading the run in ${file}: phase: `),
      fix: /let the version of Sower that wrote it end the run; .* delete /,
    })
  }
  t.end()
})
