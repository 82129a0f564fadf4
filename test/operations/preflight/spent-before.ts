import t from 'tap'
import { writeRecord, type SeedRecord } from '../../../src/core/detach/seed-record.ts'
import {
  digestOf,
  sealedSecretManifest,
} from '../../../src/core/secret/sealed/sealed-secret-manifest.ts'
import { readBase } from '../../../src/operations/read-base.ts'
import { credentialInGit, spentBefore } from '../../../src/operations/preflight/spent-before.ts'
import { fakeWorld, image } from '../../support/fake-world.ts'

const record: SeedRecord = {
  ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRecord', cluster: 'sno1', image },
  ...{ status: 'completed', request: 'k', pullRequest: 1, mergedAs: null, detached: null },
  ...{ digest: 'sha256:a', finishedAt: '2026-01-01', clusterID: 'x', sealedSecretDigest: 'd' },
}
const baseWith = async (files: Readonly<Record<string, string>>) => {
  const world = fakeWorld()
  const changes = Object.entries(files).map(([path, content]) => ({ path, content }))
  world.repository.write('main', 'Write', changes)
  return readBase(world.start())
}

t.test('only a record with an image says what was used up', async t => {
  const path = 'seeds/sno1/record.yaml'
  const none = { spentClusterId: null, usedCredentials: [] }
  const cases = [
    [writeRecord(record), { spentClusterId: 'x', usedCredentials: ['d'] }],
    [writeRecord({ ...record, status: 'failed', digest: null }), none],
    // One of a version that did not keep it.
    [writeRecord(record).replace(/^(?:clusterID|sealedSecretDigest): .*\n/gm, ''), none],
    ['status: [\n', none],
  ] as const
  for (const [content, spent] of cases)
    t.strictSame(spentBefore(await baseWith({ [path]: content }), 'sno1'), spent, content)
  const base = await baseWith({ [path]: writeRecord(record) })
  t.strictSame(spentBefore(base, 'sno2'), { spentClusterId: null, usedCredentials: ['d'] })
})

t.test('the sealed credential of Git has a digest, where there is one', async t => {
  const notes = {
    ...{ keyFingerprint: 'f', certificateNotAfter: null, sealedAt: '2026-01-01' },
    ...{ registryKey: 'registry.example.com', expiresAt: null },
  }
  const target = { scope: 'strict', namespace: 'sower-seeds', name: 'seedgen' } as const
  const { config } = await baseWith({})
  const { file } = config.secret
  const sealed = sealedSecretManifest('AgA=', target, notes)
  t.equal(credentialInGit(await baseWith({ [file]: sealed })), digestOf('AgA='))
  t.equal(credentialInGit(await baseWith({ [file]: 'kind: [\n' })), null)
  t.equal(credentialInGit(await baseWith({})), null)
})
