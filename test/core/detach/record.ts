import fc from 'fast-check'
import t from 'tap'
import {
  readRecord,
  recordVersion,
  seedPaths,
  writeRecord,
  type SeedRecord,
} from '../../../src/core/detach/seed-record.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const record: SeedRecord = {
  apiVersion: 'sower.dev/v1alpha1',
  kind: 'SeedRecord',
  cluster: 'sno1',
  image: 'quay.io/ibu/sno1:4.18.5',
  status: 'completed',
  request: 'pull-request:7',
  pullRequest: 7,
  mergedAs: '3'.repeat(40),
  detached: {
    edits: [
      {
        file: 'site/kustomization.yaml',
        key: 'resources',
        line: 4,
        before: '  - sno1.yaml # the seed: "one"\r\n',
        after: '  #- sno1.yaml # the seed: "one"\r\n',
        follows: 'resources:\r\n',
      },
      {
        file: 'site/kustomization.yaml',
        key: 'patches',
        line: 6,
        before: '  - patch: |-\n      a: |\n\n        b\n',
        after: '  #- patch: |-\n  #    a: |\n\n  #      b\n',
        follows: 'patches:\n',
      },
    ],
    source: 'site/sno1.yaml',
    clusterInstance: { namespace: 'sno1', name: 'sno1' },
    roots: ['site'],
  },
  digest: 'sha256:a',
  finishedAt: '2026-11-22T10:00:00.000Z',
}

t.test('a record that says nothing of its merge is one that was not recorded again', t => {
  const text = writeRecord(record).replace(/^mergedAs.*\n/m, '')
  t.same(readRecord('record.yaml', text), { ...record, mergedAs: null })
  t.end()
})

t.test('reads the schemas that older versions wrote, and names one that it does not know', t => {
  const full: SeedRecord = {
    ...record,
    apiVersion: recordVersion,
    seedImageRef: { image: 'quay.io/ibu/sno1@sha256:a', version: '4.18.5' },
    versions: { openshift: '4.18.5', operators: [{ name: 'lifecycle-agent', version: '4.18.1' }] },
    times: { Requested: '2026-11-22T09:00:00.000Z' },
    commits: { pushedAs: '1'.repeat(40), generatorAs: null },
  }
  t.strictSame(readRecord('record.yaml', writeRecord(full)), full)
  t.strictSame(readRecord('record.yaml', writeRecord(record)), record)
  const newer = writeRecord(full).replace('v1alpha2', 'v1beta1')
  t.throws(() => readRecord('record.yaml', newer), {
    ...{ code: 'RECORD_INVALID', message: /schema sower\.dev\/v1beta1/, fix: /a newer one/ },
  })
  for (const [wrong, expected] of [
    [newer.replace('sower.dev/', 'other.dev/'), /apiVersion/],
    [writeRecord(full).replace('Requested:', 'Invented:'), /times/],
  ] as const)
    t.throws(() => readRecord('record.yaml', wrong), { code: 'RECORD_INVALID', message: expected })
  t.end()
})

t.test('a record reads as it was written, down to the bytes of its lines', t => {
  const text = fc.string({ unit: 'binary-ascii' })
  fc.assert(
    fc.property(
      fc.array(text),
      text,
      fc.option(text),
      fc.boolean(),
      (lines, image, digest, isKept) => {
        const [edit] = record.detached!.edits
        const edits = lines.map((line, at) => ({
          ...edit!,
          before: line,
          after: `#${line}`,
          line: at,
        }))
        const detached = isKept ? { ...record.detached!, edits } : null
        const written = { ...record, image, digest, detached }
        const again = readRecord('record.yaml', writeRecord(written))
        return (
          JSON.stringify(again) === JSON.stringify(written) &&
          writeRecord(again) === writeRecord(written)
        )
      },
    ),
    { numRuns: propertyRuns(300), examples: [[[' \n', '\n \n', '\t\n'], '', null, true]] },
  )
  t.matchSnapshot(writeRecord(record))
  t.end()
})

t.test('refuses a record that Sower did not write so', t => {
  const text = writeRecord(record)
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['nothing', '', /reading seeds\/sno1\/record\.yaml: /],
    ['no YAML', 'a: "', /it is not one correct YAML document/],
    ['the same field twice', `${text}cluster: sno2\n`, /it is not one correct YAML document/],
    ['an unknown alias', `${text}x: *nowhere\n`, /it is not one correct YAML document/],
    ['a conflict that git left', text.replace('cluster:', '<<<<<<< HEAD\ncluster:'), /reading/],
    ['another field', `${text}more: 1\n`, /"more"/],
    ['a missing field', text.replace(/^digest.*\n/m, ''), /: digest /],
    ['another status', text.replace('completed', 'done'), /: status /],
    ['another API', text.replace('sower.dev/v1alpha1', 'v2'), /: apiVersion /],
    ['a wrong field inside', text.replace('line: 4', 'line: four'), /detached\.edits\.0\.line/],
  ]
  for (const [what, content, message] of cases)
    t.throws(
      () => readRecord('seeds/sno1/record.yaml', content),
      { name: 'RefusedError', code: 'RECORD_INVALID', message, fix: /from the history/ },
      what,
    )
  t.end()
})

t.test("a cluster's files lie in a directory of its own", t => {
  t.strictSame(seedPaths('seeds', 'sno1'), {
    request: 'seeds/sno1/request.yaml',
    kustomization: 'seeds/sno1/kustomization.yaml',
    seedGenerator: 'seeds/sno1/seedgenerator.yaml',
    record: 'seeds/sno1/record.yaml',
  })
  t.end()
})
