import { textAt } from '../field.ts'
import { answer } from '../judge.ts'
import { customRow, row, type Row } from '../row.ts'
import { seedQueries } from '../seed/seed-queries.ts'
import { checkBaseWritable } from './check-base-writable.ts'
import { checkNoCredential } from './check-no-credential.ts'
import { checkNoSeedObject } from './check-no-seed-object.ts'
import { checkProof } from './check-proof.ts'

const { clusterVersion } = seedQueries
const rotated = { id: 'git.credential-rotated', level: 'warn' } as const
const writable = { id: 'git.base-writable', level: 'warn' } as const

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
      "the pull request brings no SeedGenerator and no Secret or SealedSecret of the push credential, other than the sealed one at its place in Git, and the base has no SeedGenerator but those of other clusters' runs",
    reads: [],
    source: ['S26', 'sower'],
    check: (_answers, { git }) => checkNoSeedObject(git.seedObjects),
  },
  {
    id: 'git.proof',
    level: 'block',
    passes:
      'exactly this ClusterInstance leaves the render; in an adopted run: no root renders the cluster, and the merge changes no render',
    reads: [],
    source: ['G1', 'G2', 'G3', 'G4', 'A2'],
    check: (_answers, { git, adopt }) => checkProof(git.refusal, adopt),
  },
  row({
    id: 'git.seed-not-spent',
    level: 'block',
    passes:
      'no completed record names this installation of the seed (`spec.clusterID` of its ClusterVersion)',
    reads: [clusterVersion],
    source: ['openshift-docs cnf-image-based-upgrade-seed-image-guide.adoc', 'OCPBUGS-81524'],
    fix: 'provision the seed cluster again: each seed image needs a newly provisioned one',
    test: (found, { git }) => {
      const id = textAt(found(clusterVersion)[0], 'spec', 'clusterID')
      const isSpent = id !== '' && id === git.spentClusterId
      return {
        ok: !isSpent,
        reason: isSpent
          ? `an image was made from this installation already (${id})`
          : 'no image was made from this installation',
      }
    },
  }),
  customRow({
    ...rotated,
    passes: 'the SealedSecret of the push credential is not one with which an image was made',
    reads: [],
    source: ['lifecycle-agent docs/seed-image-generation.md'],
    check: (_answers, { git: { credential, usedCredentials } }) => {
      const isUsed = credential !== null && usedCredentials.includes(credential)
      return answer(rotated.id, rotated.level, {
        ok: !isUsed,
        reason: isUsed
          ? 'not rotated: an image was made with this very SealedSecret'
          : 'no image was made with it',
        fix: 'make a new push credential in the registry, seal it with `sower seal`, and revoke the old one',
      })
    },
  }),
  customRow({
    ...writable,
    passes:
      'by push: the base branch is not protected; by pull request: no ruleset keeps Sower from making and pushing a branch of its own. A protection rule with a pattern for such branches shows only when Sower pushes, and neither says who may bypass it',
    reads: [],
    source: ['sower'],
    check: (_answers, { git }) => checkBaseWritable(writable, git),
  }),
]
