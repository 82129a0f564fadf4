import t from 'tap'
import { alreadyDetached } from '../../../src/core/detach/already-detached.ts'
import { lastUse } from '../../../src/core/detach/last-use.ts'
import { readRecordAt, readRecordIfValid } from '../../../src/core/detach/read-record-at.ts'
import { recordOfRun } from '../../../src/core/detach/record-of-run.ts'
import { writeRecord, type SeedRecord } from '../../../src/core/detach/seed-record.ts'
import { newRun } from '../../../src/core/run/run.ts'
import { RefusedError } from '../../../src/errors.ts'
import { clusterInstance, memoryTree } from '../../support/memory-tree.ts'

const at = '2026-11-29T10:00:00.000Z'
const run = newRun(
  {
    ...{ key: '#7/label/1', cluster: 'sno1', image: 'quay.io/ibu/sno1:1', headSha: '1'.repeat(40) },
    ...{ repository: 'example/site', pullRequest: 7, by: 'ada' },
  },
  at,
)
const detached: NonNullable<SeedRecord['detached']> = {
  edits: [
    {
      ...{ file: 'site/kustomization.yaml', key: 'resources', line: 2 },
      ...{ before: '  - a.yaml\n', after: '  #- a.yaml\n', follows: 'resources:\n' },
    },
  ],
  source: 'site/a.yaml',
  clusterInstance: { namespace: 'sno1', name: 'sno1' },
  roots: ['site'],
}
const record = (change: Partial<SeedRecord> = {}): SeedRecord => ({
  ...recordOfRun(run, undefined, { status: 'completed', digest: null, finishedAt: at }),
  ...change,
})
const sno1 = { directory: 'seeds', cluster: 'sno1' }

t.test('the record of a run keeps what the detach changed, whoever wrote it down', t => {
  const now = { status: 'failed', digest: null, finishedAt: at } as const
  const merged = { ...run, facts: { ...run.facts, mergedAs: '2'.repeat(40) } }
  t.match(recordOfRun(merged, undefined, now), {
    ...{ cluster: 'sno1', image: 'quay.io/ibu/sno1:1', request: '#7/label/1', pullRequest: 7 },
    ...{ mergedAs: '2'.repeat(40), status: 'failed', detached: null, finishedAt: at },
  })
  const used = { clusterID: 'id-1', sealedSecretDigest: 'sha256:s' }
  const delivered = { ...run, facts: { ...run.facts, ...used } }
  t.match(recordOfRun(delivered, undefined, now), used, 'what the image was made with')
  const before = record({ detached, digest: 'sha256:old' })
  t.match(recordOfRun(run, before, now), { detached, digest: null, mergedAs: null })
  const underWay = { status: 'detached', digest: null, finishedAt: null } as const
  const begun = recordOfRun(run, before, underWay)
  t.notOk('times' in begun || 'seedImageRef' in begun, 'only an ended run has these')
  t.end()
})

t.test(
  'the record of a proven image hands on its digest and version, and what it was made from',
  t => {
    const versions = {
      openshift: '4.18.5',
      operators: [{ name: 'lifecycle-agent', version: '4.18' }],
    }
    const times = { Verifying: '2026-11-29T11:00:00.000Z', Requested: at }
    const [pushedAs, generatorAs] = ['3'.repeat(40), '4'.repeat(40)]
    const facts = { ...run.facts, imageVersion: '4.18.5', versions, times, pushedAs, generatorAs }
    const cleaning = {
      ...run,
      phase: 'CleaningUp',
      since: '2026-11-29T12:00:00.000Z',
      facts,
    } as const
    const now = { status: 'completed', digest: 'sha256:new', finishedAt: at } as const
    const made = recordOfRun(cleaning, undefined, now)
    t.match(made, {
      seedImageRef: { image: 'quay.io/ibu/sno1@sha256:new', version: '4.18.5' },
      ...{ versions, commits: { pushedAs, generatorAs } },
    })
    t.strictSame(Object.entries(made.times ?? {}), [
      ['Requested', at],
      ['Verifying', times.Verifying],
      ['CleaningUp', cleaning.since],
    ])
    t.equal(recordOfRun(cleaning, undefined, { ...now, digest: null }).seedImageRef, null)
    const unnamed = { ...cleaning, facts: { ...facts, imageVersion: null } }
    t.equal(
      recordOfRun(unnamed, undefined, now).seedImageRef,
      null,
      'no version, nothing to hand on',
    )
    t.notOk('CleaningUp' in (recordOfRun({ ...run, phase: 'Failed' }, made, now).times ?? {}))
    t.end()
  },
)

t.test(
  'reads a record where one is, and nothing of a damaged one where that must not matter',
  t => {
    const good = memoryTree({ 'seeds/sno1/record.yaml': writeRecord(record()) })
    t.strictSame(readRecordAt(good, sno1), record())
    t.strictSame(readRecordIfValid(good, sno1), record())
    t.equal(readRecordAt(memoryTree({}), sno1), undefined)
    const bad = memoryTree({ 'seeds/sno1/record.yaml': 'kind: SeedRecord\n' })
    t.throws(() => readRecordAt(bad, sno1), { code: 'RECORD_INVALID' })
    t.equal(readRecordIfValid(bad, sno1), undefined)
    const unread = {
      ...good,
      read: () => {
        throw new Error('the disk is gone')
      },
    }
    t.throws(() => readRecordIfValid(unread, sno1), { message: 'the disk is gone' })
    const linked = memoryTree({ 'seeds/sno1/record.yaml': { link: '/etc/passwd' } })
    t.equal(readRecordAt(linked, sno1), undefined, 'a link is no record')
    t.end()
  },
)

t.test('the last use of the push credential is the latest end of all seeds', t => {
  const of = (times: Readonly<Record<string, string | null>>): string | null =>
    lastUse(
      memoryTree(
        Object.fromEntries(
          Object.entries(times).map(([cluster, finishedAt]) => [
            `seeds/${cluster}/record.yaml`,
            finishedAt === 'damaged' ? '{' : writeRecord(record({ cluster, finishedAt })),
          ]),
        ),
      ),
      { directory: 'seeds', seeds: ['sno1', 'sno2', 'sno3'] },
    )
  t.equal(of({}), null)
  t.equal(of({ sno1: null }), null)
  t.equal(
    of({ sno1: at, sno2: '2026-11-30T00:00:00.000Z', sno3: 'damaged' }),
    '2026-11-30T00:00:00.000Z',
  )
  t.equal(of({ other: at }), null, 'of a cluster that is no seed')
  t.end()
})

t.test('says how a cluster came to be detached already, or throws what planning threw', t => {
  const error = new RefusedError('ALREADY_DETACHED', 'commented out')
  const request = { ...sno1, roots: ['site'] }
  const files = {
    'site/a.yaml': clusterInstance('sno1'),
    'site/kustomization.yaml': 'resources:\n  #- a.yaml\n',
  }
  const found = alreadyDetached(memoryTree(files), request, error)
  t.match(found, { file: 'site/kustomization.yaml', line: 2, entry: 'a.yaml' })
  t.match(found.edits, [{ style: 'repaired', text: 'resources: []\n  #- a.yaml\n' }])
  // Of several commented-out lines the record knows the one that was live.
  for (const [kustomization, line] of [
    ['resources:\n  #- a.yaml\n  #- ./a.yaml\n', 2],
    ['resources:\n  # nothing\n  #- ./a.yaml\n', 3],
  ] as const) {
    const recorded = {
      ...files,
      'site/kustomization.yaml': kustomization,
      'seeds/sno1/record.yaml': writeRecord(record({ detached })),
    }
    t.match(alreadyDetached(memoryTree(recorded), request, error), { line })
  }
  const deleted = memoryTree({
    'site/kustomization.yaml': 'resources: []\n',
    'seeds/sno1/record.yaml': writeRecord(record({ detached })),
  })
  const gone = new RefusedError('CLUSTER_NOT_FOUND', 'no root lists it')
  t.strictSame(alreadyDetached(deleted, request, gone), {
    ...{ file: 'site/kustomization.yaml', line: null, entry: 'a.yaml', edits: [] },
  })
  for (const other of [new RefusedError('SHARED_FILE', 'shared'), new Error('a bug'), gone])
    t.throws(
      () =>
        alreadyDetached(
          memoryTree({ 'site/kustomization.yaml': 'resources: []\n' }),
          request,
          other,
        ),
      other,
    )
  t.end()
})
