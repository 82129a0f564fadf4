import type { Row } from '../row.ts'
import { checkNoCredential } from './check-no-credential.ts'
import { checkNoSeedObject } from './check-no-seed-object.ts'
import { checkProof } from './check-proof.ts'

/** The checks of the pull request and the repository. */
export const gitRows: readonly Row[] = [
  {
    id: 'git.no-credential',
    level: 'block',
    passes: 'no commit of the pull request brings a credential, removed ones too: [scan](scan.md)',
    reads: [],
    source: ['sower'],
    check: (_answers, { git }) => checkNoCredential(git.leaks),
  },
  {
    id: 'git.no-seed-object',
    level: 'block',
    passes:
      "the pull request brings no SeedGenerator and no Secret or SealedSecret of the push credential, and the base has no SeedGenerator but those of other clusters' runs",
    reads: [],
    source: ['S26', 'sower'],
    check: (_answers, { git }) => checkNoSeedObject(git.seedObjects),
  },
  {
    id: 'git.proof',
    level: 'block',
    passes: 'exactly this ClusterInstance leaves the render',
    reads: [],
    source: ['G1', 'G2', 'G3', 'G4', 'A2'],
    check: (_answers, { git }) => checkProof(git.refusal),
  },
]
