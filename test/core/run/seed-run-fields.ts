import fc from 'fast-check'
import t from 'tap'
import {
  runOfSeedRun,
  seedRunFields,
  specOf,
  statusOf,
} from '../../../src/core/run/seed-run-fields.ts'
import { seedRunDefinition } from '../../../src/core/run/seed-run-definition.ts'
import { activePhases, type Run } from '../../../src/core/run/run.ts'
import { arbitraryRun } from '../../support/run/run-arbitraries.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { aRun, at, blockedBy, order } from '../../support/run/run-scene.ts'

const objectOf = (run: Run) => ({
  metadata: { name: run.name, resourceVersion: '7' },
  spec: specOf(run),
  status: statusOf(run),
})

t.test('a SeedRun holds every run, whatever is in it', async t => {
  fc.assert(
    fc.property(fc.constantFrom(...activePhases).chain(arbitraryRun), run => {
      const object = objectOf(run)
      seedRunFields.parse(object)
      t.strictSame(runOfSeedRun(JSON.parse(JSON.stringify(object)), 'x'), { ...run, version: '7' })
    }),
    { numRuns: propertyRuns(1000) },
  )
})

t.test('texts of others are cut to what the schema takes, and old orders dropped', async t => {
  const long = 'x'.repeat(5000)
  const orders = Array.from({ length: 120 }, (_, index) => order('retry', `key-${index}`))
  const run = aRun('Detaching', {
    blocked: blockedBy('DETACH_SLOW', long),
    orders,
    facts: { lastMessage: long },
  })
  const object = objectOf(run)
  seedRunFields.parse(object)
  const read = runOfSeedRun(object, 'x')
  t.match([read.blocked?.reason, read.facts.lastMessage], [/^x{4095}…$/, /^x{4095}…$/])
  t.strictSame(read.orders, orders.slice(20))
})

t.test('the generation of a run is kept, with and without a time away', async t => {
  for (const awaySince of [at(5), null]) {
    const generation = { awaySince, waited: 30, ended: false }
    const run = aRun('Generating', { facts: { generation } })
    seedRunFields.parse(objectOf(run))
    t.match(runOfSeedRun(JSON.parse(JSON.stringify(objectOf(run))), 'x').facts, { generation })
  }
})

t.test("Sower's own pull requests are kept, with and without a try", async t => {
  for (const tried of [
    { triedAt: at(5), refusal: 'a review is required' },
    { triedAt: null, refusal: null },
  ]) {
    const own = { heads: { 'record-merge': 'a', record: 'b' }, ...tried }
    const run = aRun('Detached', { facts: { own } })
    seedRunFields.parse(objectOf(run))
    t.match(runOfSeedRun(JSON.parse(JSON.stringify(objectOf(run))), 'x').facts, { own })
  }
})

t.test('a status that another request has left says nothing of this one', async t => {
  const ended = aRun('Completed')
  const next = {
    ...aRun('Requested', { since: at(60), facts: { managedClusterUid: null } }),
    request: { ...ended.request, key: '#8/label/2' },
  }
  const stale = { ...objectOf(next), status: statusOf(ended) }
  t.strictSame(runOfSeedRun(stale, 'x'), { ...next, version: '7' })
  const bare = { metadata: stale.metadata, spec: stale.spec }
  t.strictSame(runOfSeedRun(bare, 'x'), { ...next, version: '7' }, 'nor does a missing one')
})

t.test('a SeedRun that is not ours is refused with its place', async t => {
  const object = objectOf(aRun('Detaching'))
  const refused = (wrong: unknown, message: RegExp) =>
    t.throws(() => runOfSeedRun(wrong, 'SeedRun sower/sno1'), { code: 'RUN_UNREADABLE', message })
  refused(null, /SeedRun sower\/sno1/)
  refused({ ...object, spec: { ...object.spec, headSha: 1 } }, /spec\.headSha/)
  const { request } = aRun('Detaching')
  refused({ ...object, status: { requestKey: request.key, facts: 'none' } }, /phase|outcome/)
})

type Schema = Readonly<Record<string, unknown> & { properties?: Record<string, Schema> }>
const walk = (schema: Schema): readonly Schema[] => [
  schema,
  ...[...Object.values(schema.properties ?? {}), schema['items']].flatMap(below =>
    below ? walk(below as Schema) : [],
  ),
]

t.test('the definition is structural, bounded and prints what people ask for', async t => {
  const definition = seedRunDefinition() as {
    spec: {
      versions: [
        { schema: { openAPIV3Schema: Schema }; additionalPrinterColumns: { name: string }[] },
      ]
    }
  }
  const [version] = definition.spec.versions
  t.strictSame(
    version.additionalPrinterColumns.map(({ name }) => name),
    ['Cluster', 'Phase', 'Blocked', 'Image', 'PR', 'Age'],
  )
  const schema = version.schema.openAPIV3Schema
  for (const part of walk(schema)) {
    t.match(part['type'], /^(object|string|integer|boolean|array)$/)
    t.notMatch(Object.keys(part), /additionalProperties|anyOf|oneOf|\$/)
    if (part['type'] === 'string') t.ok(part['enum'] ?? part['maxLength'], 'a text has an end')
    if (part['type'] === 'array') t.ok(part['maxItems'], 'a list has an end')
  }
  t.match(schema['x-kubernetes-validations'], [{ rule: /metadata\.name/ }, { rule: /oldSelf/ }])
})
