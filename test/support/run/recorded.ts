import { writeRecord, type SeedRecord } from '../../../src/core/detach/seed-record.ts'
import { image } from '../fake-world.ts'
import { merge } from './run-scene.ts'

/** What a record keeps of a detach that left no line. */
export const detached = {
  ...{ edits: [], source: 'clusters/sno1.yaml', roots: ['clusters'] },
  clusterInstance: { namespace: 'sno1', name: 'sno1' },
}
/** The record of the run of `aRun`, on its base branch. */
export const recorded = (change: Partial<SeedRecord> = {}): string =>
  writeRecord({
    ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRecord', cluster: 'sno1', image, detached },
    ...{ status: 'detached', request: '#7/label/1', pullRequest: 7, mergedAs: merge },
    ...{ digest: null, finishedAt: null },
    ...change,
  })
